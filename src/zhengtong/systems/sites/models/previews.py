"""Links by which somebody without an account reads one version."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import WEB_PAGES


class PreviewLink(Row):
    """预览链接：不登录也能看到一个网页的一版，到期失效。

    Personal data: who made it.
    """

    PERSONAL_DATA = personal(of_official("made_by_id", "made_by", activity=WEB_PAGES))

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="preview_links"
    )
    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("网页"), on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("一版"), on_delete=models.CASCADE, related_name="+"
    )
    purpose = models.CharField(_("给谁看"), max_length=100)
    made_by_id = models.UUIDField(_("开出人标识"))
    made_by = models.CharField(_("开出人"), max_length=60)
    expires_at = models.DateTimeField(_("到期时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    reads = models.PositiveIntegerField(_("阅读次数"), default=0)

    class Meta:
        verbose_name = _("预览链接")
        indexes: ClassVar = [models.Index(fields=["page", "-created_at"], name="sites_preview_of_page")]
