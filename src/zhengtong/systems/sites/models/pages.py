"""Pages: the home of a site, its columns, their articles."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PagePermissionTester

from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.systems.sites.blocks import ArticleBlock, ModulesBlock
from zhengtong.systems.sites.blocks.streams import BlocksField
from zhengtong.systems.sites.constants import WEB_PAGES, ColumnKind, Takes
from zhengtong.systems.sites.models.files import strange_files
from zhengtong.systems.sites.rules import addresses


class SitePageForm(WagtailAdminPageForm):
    """A new page belongs to the site of the page above it; a name in addresses is found for it where none is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and self.parent_page is not None:
            above = self.parent_page.specific  # never what was sent
            self.instance.site_id, self.instance.tenant = above.site_id, above.tenant
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The name as typed; else the day and a code, for a Chinese title gives no name."""
        given: str = self.cleaned_data.get("slug") or self.instance.slug
        return given or f"{today():%Y%m%d}-{query_code(6).lower()}"

    def _post_clean(self) -> None:
        """After Wagtail has filled in the page: a sent form may name any file, the chooser only offers one's own."""
        super()._post_clean()
        site = self.instance.site
        if getattr(self.instance, "origin_id", None):
            self.add_error(None, _("这是别的网站推送来的文章，随原文更新，请到原网站修改。"))
        if site is not None and strange_files(self.instance, site.collection_id):
            self.add_error(None, _("文中有别的网站的图片或附件，请换成本网站的，或者先上传到本网站。"))


class _Permissions(PagePermissionTester):
    """Wagtail's, but that nobody deletes in its screens: pages go into the bin of the house.

    Wagtail would look for published pages below each row of a list to find that out.
    """

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001  (as Wagtail calls it)
        """Never."""
        return False


class SitePage(Page):
    """What all pages have: the site they belong to, and its county."""

    #: root, county, home
    HOME_DEPTH: ClassVar[int] = 3

    tenant = TenantField()
    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("所属网站"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    base_form_class = SitePageForm
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], _("检索"))
    ]
    settings_panels: ClassVar[list[Any]] = []
    show_in_menus_default = True

    class Meta:
        abstract = True

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Where it answers; Wagtail's own record of sites plays no part. None for a page without a site yet."""
        if self.site is None:
            return None
        return 0, str(settings.ZHENGTONG_BASE_URL).rstrip("/"), self.relative_address()

    def get_full_url(self, request: Any = None) -> str | None:
        """Where it answers, in full; None for a page without a site."""
        return None if self.site is None else self.site.in_full(self.relative_address())

    full_url = property(get_full_url)

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """The address by path, without a look into Wagtail's record of sites for each row of a list."""
        return self.relative_address() or None

    url = property(get_url)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """What the account may do here, as its posts say."""
        return _Permissions(user, self)

    def relative_address(self) -> str:
        """Where it answers by path; empty for a page without a site."""
        if self.site is None:
            return ""
        home = "/".join(self.url_path.split("/")[: self.HOME_DEPTH]) + "/"
        return addresses.page_path(self.site.code, home, self.url_path)

    @property
    def canonical_url(self) -> str:
        """Where it answers first of all."""
        return str(self.full_url)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What its template reads: the page, its site, whether this is a preview."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "site": self.site, "preview": getattr(request, "is_preview", False)}


class CountyPage(Page):
    """县域：一个县（市、区）的全部网站都在它下面，自己没有页面。

    Personal data: the accounts Wagtail keeps of every page; nobody makes or locks this one.
    """

    PERSONAL_DATA = personal(of_official("owner", "locked_by", activity=WEB_PAGES))

    tenant = TenantField(unique=True)

    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("县域")


class HomePage(SitePage):
    """网站主页：由模块拼成。

    Personal data: the accounts that made and locked the page (Wagtail keeps them).
    """

    PERSONAL_DATA = personal(of_official("owner", "locked_by", activity=WEB_PAGES))

    modules: Any = BlocksField(ModulesBlock(), verbose_name=_("模块"), blank=True)

    template = "sites/home.html"
    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = ["sites.ColumnPage"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("modules")]

    class Meta:
        verbose_name = _("网站主页")


class ColumnPage(SitePage):
    """栏目：列出它的文章，也可以在列表前放模块。

    Personal data: the accounts that made and locked the page (Wagtail keeps them).
    """

    PERSONAL_DATA = personal(of_official("owner", "locked_by", activity=WEB_PAGES))

    kind = models.CharField(_("栏目类别"), max_length=12, choices=ColumnKind.choices, default=ColumnKind.NEWS)
    intro = models.CharField(_("栏目说明"), max_length=200, blank=True)
    takes = models.CharField(_("接收推送"), max_length=4, choices=Takes.choices, default=Takes.NONE)
    modules: Any = BlocksField(ModulesBlock(), verbose_name=_("模块"), blank=True)

    template = "sites/column.html"
    parent_page_types: ClassVar[list[str]] = ["sites.HomePage", "sites.ColumnPage"]
    subpage_types: ClassVar[list[str]] = ["sites.ColumnPage", "sites.ArticlePage"]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("intro"),
        FieldPanel("takes"),
        FieldPanel("modules"),
    ]

    class Meta:
        verbose_name = _("栏目")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ColumnKind.values), name="sites_column_kind"),
            models.CheckConstraint(condition=Q(takes__in=Takes.values), name="sites_column_takes"),
        ]


def today() -> Any:
    """The day in the county."""
    return local_date(now())


class ArticlePage(SitePage):
    """文章：标题、来源、日期和正文。

    Personal data: names that stand in the text or as author; the accounts that made and locked the page.
    """

    PERSONAL_DATA = personal(of_official("author", "owner", "locked_by", activity=WEB_PAGES))

    published_on = models.DateField(_("发布日期"), default=today)
    source = models.CharField(_("来源"), max_length=100)
    author = models.CharField(_("作者"), max_length=40, blank=True)
    summary = models.CharField(_("摘要"), max_length=200, blank=True)
    keywords = models.CharField(_("关键词"), max_length=100, blank=True)
    body: Any = BlocksField(ArticleBlock(), verbose_name=_("正文"))

    origin = models.ForeignKey(
        "self", verbose_name=_("原文"), on_delete=models.PROTECT, null=True, editable=False, related_name="copies"
    )
    quoted = models.BooleanField(_("只引用链接"), default=False, editable=False)

    template = "sites/article.html"
    parent_page_types: ClassVar[list[str]] = ["sites.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("source"), FieldPanel("published_on"), FieldPanel("author")], _("来源和日期")),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    promote_panels: ClassVar[list[Any]] = [*SitePage.promote_panels, FieldPanel("keywords")]

    class Meta:
        verbose_name = _("文章")
        indexes: ClassVar = [models.Index(fields=["site", "-published_on"], name="sites_article_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quoted=False) | Q(origin__isnull=False), name="sites_quote_of_something")
        ]

    @property
    def canonical_url(self) -> str:
        """Where the original answers."""
        return str((self.origin or self).full_url)
