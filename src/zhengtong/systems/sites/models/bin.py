"""Pages in the bin."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import WEB_PAGES


class DeletedPage(Row):
    """回收站：删除的网页，期满以前可以恢复到原来的栏目。

    Personal data: who deleted it.
    """

    PERSONAL_DATA = personal(of_official("deleted_by_id", "deleted_by", activity=WEB_PAGES))

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="deleted_pages"
    )
    page = models.OneToOneField("wagtailcore.Page", verbose_name=_("网页"), on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("原来的栏目"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    slug = models.CharField(_("原来的网址名"), max_length=255)
    reason = models.CharField(_("理由"), max_length=500)
    deleted_by_id = models.UUIDField(_("删除人标识"))
    deleted_by = models.CharField(_("删除人"), max_length=60)
    kept_until = models.DateTimeField(_("保留到"))

    class Meta:
        verbose_name = _("回收站的网页")
        indexes: ClassVar = [models.Index(fields=["kept_until"], name="sites_bin_until")]
