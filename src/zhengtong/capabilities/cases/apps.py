"""The case engine as a Django app."""

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig


class CasesConfig(SystemConfig):
    """One engine and one clock for approvals, documents, letters, petitions and tenders."""

    name = "zhengtong.capabilities.cases"
    label = "cases"
    verbose_name = "工作流引擎"
    aliases = ("流程与时限", "办件", "并联审批引擎")
    plan_refs = ("Q-21", "J-42")

    def ready(self) -> None:
        """Have the worker light lamps and fire timers; name the acts for the ledger."""
        from zhengtong.capabilities.cases import api, tasks  # noqa: F401  (declares the job)
        from zhengtong.capabilities.cases.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels

        register_loop("cases_clock", api.tick, interval=0.5)
        register_loop("cases_timers", api.fire_timers, interval=1.0)
        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
