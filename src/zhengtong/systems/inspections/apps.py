"""Inspections as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class InspectionsConfig(SystemConfig):
    """Plans, draws, visits on the spot, rectification and review."""

    name = "zhengtong.systems.inspections"
    label = "inspections"
    verbose_name = "定期督查"
    aliases = ("督查检查", "监督检查", "双随机抽查", "督查整改")
    plan_refs = ("Q-45", "P-82")
    home_url = "/inspections/"

    def ready(self) -> None:
        """Name the acts, listen to what speaks against units, work in time, say who reads notices."""
        from zhengtong.capabilities.documents.registry import subject_policies
        from zhengtong.capabilities.identity.registry import OrganisationWork, organisation_work
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.kernel.loops import register_loop
        from zhengtong.systems.inspections import handlers
        from zhengtong.systems.inspections.constants import ACT_LABELS, NOTICE, OBJECT_LABELS
        from zhengtong.systems.inspections.permissions import NoticePapers
        from zhengtong.systems.inspections.plugins import risk_events
        from zhengtong.systems.inspections.services import handing_over, watching

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        risk_events.register()
        handlers.subscribe_all()
        subject_policies.register(NOTICE, NoticePapers())
        organisation_work.register(
            "inspections",
            OrganisationWork(
                label="督查整改",
                count=handing_over.count_organisation_work,
                hand_over=handing_over.hand_over_organisation_work,
            ),
        )
        register_loop("inspections.limits", watching.tick, interval=5.0, timed=True)
