"""Sites on their way to be closed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import WEB_PAGES, ClosingState


class Closing(Row):
    """网站关停：申请、审核、公告、归档、关停，内容保留。

    Personal data: who asked for it, who decided.
    """

    PERSONAL_DATA = personal(
        of_official("asked_by_id", "asked_for_id", "asked_by", "decided_by_id", "decided_by", activity=WEB_PAGES)
    )

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="closings"
    )
    state = models.CharField(_("状态"), max_length=10, choices=ClosingState.choices, default=ClosingState.ASKED)
    reason = models.CharField(_("理由"), max_length=500)
    moved_to = models.CharField(_("内容去向"), max_length=200)
    moved_url = models.CharField(_("新网址"), max_length=500, blank=True, default="")
    asked_by_id = models.UUIDField(_("申请人标识"))
    asked_for_id = models.UUIDField(_("申请人所代的人标识"), null=True)
    asked_by = models.CharField(_("申请人"), max_length=60)
    decided_by_id = models.UUIDField(_("审核人标识"), null=True)
    decided_by = models.CharField(_("审核人"), max_length=60, blank=True, default="")
    opinion = models.CharField(_("审核意见"), max_length=500, blank=True, default="")
    notice_until = models.DateField(_("公告到"), null=True)
    archived_pages = models.PositiveIntegerField(_("归档网页数"), null=True)
    archive_digest = models.CharField(_("归档摘要"), max_length=64, blank=True, default="")
    closed_at = models.DateTimeField(_("关停时间"), null=True)

    class Meta:
        verbose_name = _("网站关停")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(state__in=[ClosingState.ASKED, ClosingState.NOTICE, ClosingState.CLOSED]),
                name="sites_one_closing_a_site",
            ),
            models.CheckConstraint(condition=Q(state__in=ClosingState.values), name="sites_closing_state"),
            models.CheckConstraint(
                condition=~Q(state=ClosingState.CLOSED) | Q(closed_at__isnull=False), name="sites_closing_closed"
            ),
        ]
