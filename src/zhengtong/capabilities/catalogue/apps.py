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
        from zhengtong.capabilities.cases.registry import matter_pages
        from zhengtong.capabilities.catalogue.constants import ACT_LABELS, ITEM_KIND, LIST_KIND, REVIEW_KIND
        from zhengtong.capabilities.catalogue.handlers import (
            case_opened,
            item_published,
            item_retired,
            organisation_changed,
            review_moved,
        )
        from zhengtong.capabilities.catalogue.selectors import entries, everyday_names, items_of_form
        from zhengtong.capabilities.catalogue.services import erasing, switch_scheduled
        from zhengtong.capabilities.catalogue.web.authoring_review import matter_page
        from zhengtong.capabilities.catalogue.web.review_process import review_process_block
        from zhengtong.capabilities.forms.registry import form_users
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.search.registry import SearchSource, everyday_words, search_sources
        from zhengtong.contracts.cases import CaseClosed, CaseOpened, StepOpened
        from zhengtong.contracts.catalogue import ItemPublished, ItemRetired
        from zhengtong.contracts.identity import OrganisationChanged
        from zhengtong.kernel import erasure, loose_files
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.outbox import subscribe
        from zhengtong.kernel.pages import home_blocks

        erasure.erasers.register("catalogue", erasing.watch_eraser())
        loose_files.named_elsewhere.register("catalogue", erasing.files_of_items)
        search_sources.register(
            ITEM_KIND, SearchSource(kind=ITEM_KIND, label="办事事项", entries=entries, browse_url="/items/")
        )
        everyday_words.register("catalogue", everyday_names)
        subscribe(CaseOpened.NAME, case_opened, key="catalogue.uses")
        subscribe(ItemPublished.NAME, item_published, key="catalogue.watchers")
        subscribe(ItemRetired.NAME, item_retired, key="catalogue.watchers_retired")
        subscribe(CaseClosed.NAME, review_moved, key="catalogue.review_closed")
        subscribe(StepOpened.NAME, review_moved, key="catalogue.review_moved")
        subscribe(OrganisationChanged.NAME, organisation_changed, key="catalogue.organisations")
        home_blocks.register("catalogue_review_process", review_process_block)
        register_loop("catalogue_scheduled", switch_scheduled, interval=5.0, timed=True)
        form_users.register(ITEM_KIND, items_of_form)
        object_labels.register(ITEM_KIND, "事项")
        object_labels.register(REVIEW_KIND, "事项审核")
        matter_pages.register(REVIEW_KIND, matter_page)
        object_labels.register(LIST_KIND, "事项导入")
        for act, label in ACT_LABELS.items():
            act_labels.register(act, str(label))
