"""The site group as a Django app, and Wagtail's app of people without its screens."""

from types import ModuleType

from django.conf import settings
from wagtail.users.apps import WagtailUsersAppConfig

from zhengtong.kernel.systems import SystemConfig


class ProfilesConfig(WagtailUsersAppConfig):
    """Wagtail's app of people, for its table of editors' preferences only: people, groups and rights are identity's."""

    default = False

    def ready(self) -> None:
        """Leave Wagtail no module to look for hooks in: what is not there needs no closing."""
        super().ready()
        self.module = ModuleType(self.name)


class SitesConfig(SystemConfig):
    """The county's portal and the sites of its units: built, kept, published, found."""

    name = "zhengtong.systems.sites"
    label = "sites"
    verbose_name = "网站群"
    aliases = ("政府网站", "门户网站", "部门网站", "乡镇网站", "自主建站", "站群")
    plan_refs = ("N-05", "N-06", "N-27", "N-31", "N-32", "Q-06", "Q-17", "Q-18", "S-22", "P-69", "J-32")
    home_url = "/gov/"

    def ready(self) -> None:
        """Name the acts, let articles be found, take over the rights on Wagtail's screens."""
        from wagtail.models import AbstractPage, Collection
        from wagtail.permissions import register_permission_policy

        from zhengtong.capabilities.cases.registry import matter_pages
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.search.registry import SearchSource, search_sites, search_sources
        from zhengtong.contracts.cases import CaseClosed, StepOpened
        from zhengtong.contracts.catalogue import ItemPublished, ItemRetired
        from zhengtong.contracts.opinions import PollMoved, TopicMoved
        from zhengtong.contracts.sites import SiteOpened
        from zhengtong.kernel.outbox import subscribe, subscribe_group
        from zhengtong.kernel.pages import home_blocks
        from zhengtong.systems.sites import permissions
        from zhengtong.systems.sites.constants import ACT_LABELS, OBJECT_LABELS, PAGE_KIND, REVIEW_KIND, ColumnKind
        from zhengtong.systems.sites.handlers import review_moved
        from zhengtong.systems.sites.models import SiteDocument, SitePicture
        from zhengtong.systems.sites.selectors.found import entries, search_sites_of
        from zhengtong.systems.sites.services import editions
        from zhengtong.systems.sites.web.reviewing import matter_page, review_process_block

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        search_sources.register(
            PAGE_KIND,
            SearchSource(
                kind=PAGE_KIND,
                label="网站文章",
                entries=entries,
                browse_url="/gov/",
                parts=dict(ColumnKind.choices),
            ),
        )
        search_sites.register("sites", search_sites_of)
        register_permission_policy(AbstractPage, permissions.SitePagePolicy())
        register_permission_policy(Collection, permissions.SiteFolderPolicy(Collection))
        for model in (SitePicture, SiteDocument):
            register_permission_policy(model, permissions.FilePolicy(model))
        for event in (ItemPublished, ItemRetired, SiteOpened, TopicMoved, PollMoved):
            subscribe_group(event.NAME, editions.county_changed, key="sites.editions")
        matter_pages.register(REVIEW_KIND, matter_page)
        home_blocks.register("sites_review_process", review_process_block)
        subscribe(CaseClosed.NAME, review_moved, key="sites.review_closed")
        subscribe(StepOpened.NAME, review_moved, key="sites.review_moved")
        _register_loops()


def _register_loops() -> None:
    """What the worker does for the sites, over and over."""
    from zhengtong.kernel.loops import register_loop
    from zhengtong.systems.sites.services import (
        banners,
        binning,
        editions,
        inspecting,
        outside,
        probing,
        scheduling,
        visits,
    )

    register_loop("sites_editions", editions.follow, interval=0.4)
    register_loop("sites_renewal", editions.renew_in_time, interval=60.0 * settings.ZHENGTONG_SITES_RENEW_MINUTES)
    register_loop("sites_banners", banners.turn_banners, interval=0.5)
    register_loop("sites_sweep", editions.sweep, interval=60)
    register_loop("sites_moments", scheduling.run_due, interval=2.0, timed=True)
    register_loop("sites_bin", binning.empty_bins, interval=60.0, timed=True)
    register_loop("sites_probe", probing.probe_due, interval=30.0, timed=True)
    register_loop("sites_inspection", inspecting.nightly, interval=30.0, timed=True)
    register_loop("sites_outside", outside.ask_due, interval=60.0, timed=True)
    visits.register_sweeps()
