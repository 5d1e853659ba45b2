"""统一检索 as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class SearchConfig(SystemConfig):
    """The index: low among the capabilities, it knows no other app's objects."""

    name = "zhengtong.capabilities.search"
    label = "search"
    verbose_name = "统一检索"
    aliases = ("全文检索", "站内搜索", "检索与定位", "信息综合查询")
    plan_refs = ("S-22", "P-22", "J-47")
    home_url = "/search/"

    def ready(self) -> None:
        """Take entries about things that are gone out of the index, let counts of words go, name the acts."""
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.search.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.capabilities.search.services import register_sweeps, remove_traces
        from zhengtong.kernel import traces

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        traces.removers.register("search", remove_traces)
        register_sweeps()
