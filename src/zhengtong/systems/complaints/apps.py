"""Complaints as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class ComplaintsConfig(SystemConfig):
    """Questions, complaints, reports and suggestions: taken in, handled, answered, counted."""

    name = "zhengtong.systems.complaints"
    label = "complaints"
    verbose_name = "咨询投诉"
    aliases = ("效能投诉", "投诉处理", "投诉举报", "网上咨询", "举报")
    plan_refs = ("P-48", "P-67")
    home_url = "/complaints/"

    def ready(self) -> None:
        """Name the acts, work in time, stand on guides, applicants' pages and the portal's start."""
        from zhengtong.capabilities.identity.registry import OrganisationWork, organisation_work
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.kernel import erasure
        from zhengtong.kernel.letters import letter_boxes
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import (
            Entrance,
            applicant_acts,
            counter_places,
            guide_acts,
            home_blocks,
            public_entrances,
            rating_acts,
        )
        from zhengtong.kernel.personal_data import holdings, readables
        from zhengtong.systems.complaints import api
        from zhengtong.systems.complaints.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.systems.complaints.plugins.my_data import holdings_of_writer, readables_of_writer
        from zhengtong.systems.complaints.selectors.letters import LETTERS
        from zhengtong.systems.complaints.services import erasing, handing_over
        from zhengtong.systems.complaints.web.blocks import (
            applicant_act,
            counter_place,
            guide_act,
            home_block,
            rating_act,
        )

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        organisation_work.register(
            "complaints",
            OrganisationWork(
                label="咨询投诉",
                count=handing_over.count_organisation_work,
                hand_over=handing_over.hand_over_organisation_work,
            ),
        )
        holdings.register("complaints", holdings_of_writer)
        readables.register("complaints", readables_of_writer)
        erasure.erasers.register("complaints", erasing.complaint_eraser())
        erasing.register_sweeps()
        applicant_acts.register("complaints", applicant_act)
        guide_acts.register("complaints", guide_act)
        rating_acts.register("complaints", rating_act)
        counter_places.register("complaints", counter_place)
        letter_boxes.register("complaints", LETTERS)
        public_entrances.register("complaints", Entrance("complaints:home", "咨询投诉", "提问题、提意见、投诉举报"))
        home_blocks.register("complaints", home_block)
        register_loop("complaints.limits", api.tick, interval=5.0, timed=True)
