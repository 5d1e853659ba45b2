"""Addresses under which old sites answered, and what answers now."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.models.files import SiteDocument, SitePicture
from zhengtong.systems.sites.rules import addresses


class OldHost(Row):
    """旧域名：网站迁移前的域名，旧网址在它上面仍然有效。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="old_hosts"
    )
    host = models.CharField(_("旧域名"), max_length=253)

    objects: ClassVar[models.Manager["OldHost"]] = models.Manager()

    class Meta:
        verbose_name = _("旧域名")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host"], name="sites_old_host_once"),
            models.CheckConstraint(
                condition=~Q(host="") & Q(host__regex=r"^[a-z0-9.-]+$"), name="sites_old_host_words"
            ),
        ]

    def __str__(self) -> str:
        return self.host


class OldAddress(Row):
    """旧网址：旧网站的一个网址和它现在的网页、附件或图片；三者都没有的，是后来删掉了。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="old_addresses"
    )
    address = models.CharField(_("旧网址"), max_length=addresses.OLD_LONGEST)
    key = models.CharField(_("旧网址摘要"), max_length=64)
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("网页"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    document = models.ForeignKey(
        SiteDocument, verbose_name=_("附件"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    picture = models.ForeignKey(
        SitePicture, verbose_name=_("图片"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    #: of the old page as it was last taken over; empty for files and for addresses that led to another
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True, default="")

    wagtail_reference_index_ignore = True
    objects: ClassVar[models.Manager["OldAddress"]] = models.Manager()

    class Meta:
        verbose_name = _("旧网址")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], name="sites_old_address_once"),
            models.CheckConstraint(
                condition=Q(page=None, document=None) | Q(page=None, picture=None) | Q(document=None, picture=None),
                name="sites_old_address_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.address
