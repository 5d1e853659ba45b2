"""Disclosure as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class DisclosureConfig(SystemConfig):
    """Requests for government information, the catalogue of what is open, the yearly report."""

    name = "zhengtong.systems.disclosure"
    label = "disclosure"
    verbose_name = "政务信息公开"
    aliases = ("政府信息公开", "依申请公开", "信息公开目录", "信息公开年度报告", "信息公开指南")
    plan_refs = ("P-45", "S-09", "S-13", "N-07")
    home_url = "/disclosure/"

    def ready(self) -> None:
        """Name the acts, work in time, answer for papers and fees, stand on the sites and the portal."""
        from zhengtong.capabilities.documents.registry import subject_policies
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.payments.registry import fee_subjects
        from zhengtong.capabilities.search.registry import SearchSource, search_sources
        from zhengtong.kernel.letters import letter_boxes
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import Entrance, counter_places, public_entrances
        from zhengtong.systems.disclosure import api, handlers
        from zhengtong.systems.disclosure.constants import (
            ACT_LABELS,
            ENTRY,
            LETTER,
            OBJECT_KIND,
            OBJECT_LABELS,
            EntryKind,
        )
        from zhengtong.systems.disclosure.permissions import DisclosurePapers
        from zhengtong.systems.disclosure.plugins.fees import FeesOfRequests
        from zhengtong.systems.disclosure.selectors.catalogue import found_entries
        from zhengtong.systems.disclosure.selectors.letters import LETTERS
        from zhengtong.systems.disclosure.web.blocks import counter_place

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        self._answer_for_people()
        subject_policies.register(LETTER, DisclosurePapers())
        fee_subjects.register(OBJECT_KIND, FeesOfRequests())
        counter_places.register("disclosure", counter_place)
        letter_boxes.register("disclosure", LETTERS)
        search_sources.register(
            ENTRY,
            SearchSource(
                kind=ENTRY,
                label="政府信息公开",
                entries=found_entries,
                browse_url="/disclosure/catalogue/",
                parts=dict(EntryKind.choices),
            ),
        )
        public_entrances.register(
            "disclosure", Entrance("disclosure:home", "政府信息公开", "查目录和指南、申请公开信息")
        )
        handlers.subscribe_all()
        register_loop("disclosure.limits", api.tick, interval=5.0, timed=True)
        register_loop("disclosure.letters", api.make_letters, interval=1.0)

    @staticmethod
    def _answer_for_people() -> None:
        """Hand over the work of an organisation, show a person what is held of him, erase it."""
        from zhengtong.capabilities.identity.registry import OrganisationWork, organisation_work
        from zhengtong.kernel import erasure
        from zhengtong.kernel.personal_data import holdings, readables
        from zhengtong.systems.disclosure.plugins.my_data import holdings_of_applicant, readables_of_applicant
        from zhengtong.systems.disclosure.services import erasing, handing_over

        organisation_work.register(
            "disclosure",
            OrganisationWork(
                label="信息公开申请",
                count=handing_over.count_organisation_work,
                hand_over=handing_over.hand_over_organisation_work,
            ),
        )
        holdings.register("disclosure", holdings_of_applicant)
        readables.register("disclosure", readables_of_applicant)
        erasure.erasers.register("disclosure", erasing.request_eraser())
        erasing.register_sweeps()
