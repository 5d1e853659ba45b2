"""Ratings as a Django app."""

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig


class RatingsConfig(SystemConfig):
    """Ratings of service events and the follow-up of bad ones."""

    name = "zhengtong.capabilities.ratings"
    label = "ratings"
    verbose_name = "政务服务评价"
    aliases = ("好差评", "政务服务好差评", "满意度评价", "窗口评价器")
    plan_refs = ("J-34",)
    home_url = "/ratings/"

    def ready(self) -> None:
        """Name the acts, show blocks on the pages of matters, have the worker watch the limits."""
        from zhengtong.capabilities.identity.registry import OrganisationWork, organisation_work
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.ratings import api
        from zhengtong.capabilities.ratings.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.capabilities.ratings.services import erasing, handing_over
        from zhengtong.capabilities.ratings.web import blocks
        from zhengtong.kernel import erasure
        from zhengtong.kernel.pages import applicant_acts, applicant_blocks, desk_blocks, guide_blocks

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        organisation_work.register(
            "ratings",
            OrganisationWork(
                label="差评整改",
                count=handing_over.count_organisation_work,
                hand_over=handing_over.hand_over_organisation_work,
            ),
        )
        erasure.erasers.register("ratings", erasing.rating_eraser())
        erasing.register_sweeps()
        applicant_acts.register("ratings", blocks.rate_act)
        applicant_blocks.register("ratings", blocks.ratings_block)
        desk_blocks.register("ratings", blocks.desk_block)
        guide_blocks.register("ratings", blocks.guide_block)
        register_loop("ratings_follow_ups", api.tick, interval=5.0, timed=True)
