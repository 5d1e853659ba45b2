"""Sites: whose they are, where they answer, how they look."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import ONE_A_UNIT, SiteKind, SiteState, Theme
from zhengtong.systems.sites.rules import addresses, hosted, hosts


class GovernmentSite(Row):
    """网站：一个单位一个，另可主办专题网站；主页是网页树上的一个节点，图片和附件在自己的文件夹里。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    code = models.CharField(_("网站标识"), max_length=40)
    name = models.CharField(_("网站名称"), max_length=100)
    kind = models.CharField(_("类别"), max_length=12, choices=SiteKind.choices)
    state = models.CharField(_("状态"), max_length=8, choices=SiteState.choices, default=SiteState.OPEN)
    org_id = models.UUIDField(_("主办单位标识"))
    org_code = models.CharField(_("主办单位代码"), max_length=20)
    org_name = models.CharField(_("主办单位"), max_length=100)
    host = models.CharField(_("域名"), max_length=253, blank=True, default="")
    theme = models.CharField(_("主题"), max_length=8, choices=Theme.choices, default=Theme.RED)
    identity_code = models.CharField(_("政府网站标识码"), max_length=10, blank=True, default="")
    icp = models.CharField(_("ICP 备案号"), max_length=60, blank=True, default="")
    police_filing = models.CharField(_("公安备案号"), max_length=60, blank=True, default="")
    phone = models.CharField(_("联系电话"), max_length=60, blank=True, default="")
    address = models.CharField(_("地址"), max_length=120, blank=True, default="")
    #: grows whenever something changes that its pages show; pages of an earlier edition are not shown any more
    edition = models.BigIntegerField(_("版次"), default=1, editable=False)
    home = models.OneToOneField("wagtailcore.Page", verbose_name=_("主页"), on_delete=models.PROTECT, related_name="+")
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        verbose_name=_("文件夹"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects: ClassVar[models.Manager["GovernmentSite"]] = models.Manager()

    class Meta:
        verbose_name = _("网站")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "code"], name="sites_code_once"),
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="sites_host_once"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(kind=SiteKind.PORTAL), name="sites_one_portal_a_county"
            ),
            models.UniqueConstraint(
                fields=["tenant", "org_id"],
                condition=Q(kind__in=ONE_A_UNIT) & Q(state=SiteState.OPEN),
                name="sites_own_site_once",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"), name="sites_code_words"
            ),
            models.CheckConstraint(condition=Q(host="") | Q(host__regex=addresses.HOST), name="sites_host_words"),
            models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="sites_kind_words"),
            models.CheckConstraint(condition=Q(state__in=SiteState.values), name="sites_state_words"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="sites_theme_words"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "kind", "code"], name="sites_by_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address of its home by path."""
        return addresses.home_path(self.code)

    @property
    def base_address(self) -> str:
        """Scheme and host under which it answers, without a slash at the end."""
        main = str(settings.ZHENGTONG_BASE_URL).rstrip("/")
        return addresses.under_host(main, self.host) if self.host else main

    @property
    def shown_host(self) -> str:
        """Its host as people read it."""
        return hosts.shown_host(self.host)

    def in_full(self, path: str) -> str:
        """An address of the site, given by path, as it is written in full: below its host where it has one."""
        return self.base_address + ((self.host and hosted.below(self.code, path)) or path)

    @property
    def narrows_search(self) -> bool:
        """Whether its search box looks through this site first; the portal's looks through the whole group."""
        return self.kind != SiteKind.PORTAL
