"""行政权力公开透明运行系统 as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class CatalogueConfig(SystemConfig):
    """Items of power and service, their versions and guides."""

    name = "zhengtong.capabilities.catalogue"
    label = "catalogue"
    verbose_name = "行政权力公开透明运行系统"
    aliases = ("政务服务与权力事项目录", "权力事项", "办事指南", "权力清单", "政务服务事项")
    plan_refs = ("P-66", "P-67", "P-76", "J-29")
    home_url = "/items/"

    def ready(self) -> None:
        """Let items be found, count how often they are applied for, and name the acts for readers of the ledger."""
        from zhengtong.capabilities.catalogue.constants import ITEM_KIND
        from zhengtong.capabilities.catalogue.handlers import case_opened
        from zhengtong.capabilities.catalogue.selectors import entries
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.search.registry import SearchSource, search_sources
        from zhengtong.contracts.cases import CaseOpened
        from zhengtong.kernel.outbox import subscribe

        search_sources.register(
            ITEM_KIND, SearchSource(kind=ITEM_KIND, label="办事事项", entries=entries, browse_url="/items/")
        )
        subscribe(CaseOpened.NAME, case_opened, key="catalogue.uses")
        object_labels.register(ITEM_KIND, "事项")
        act_labels.register("catalogue.item_drafted", "编制事项")
        act_labels.register("catalogue.item_published", "发布事项")
        act_labels.register("catalogue.item_retired", "停用事项")
