"""政府网站工作年度报表: figures the platform knows, figures people fill in; frozen when published."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import ReportState


class SiteWorkReport(Row):
    """一个网站一年的工作报表；公布时定下各数，另一人公布，公布后不改（数据库触发器）。

    Personal data: names of the officials who prepared and published it.
    """

    PERSONAL_DATA = personal(
        of_official("prepared_by", "prepared_by_id", "stood_for_id", "published_by", "published_by_id")
    )

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="work_reports"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    due_on = models.DateField(_("最迟公布日"))
    manual = models.JSONField(_("人工填报的数"), default=dict)
    frozen = models.JSONField(_("公布的各数"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    prepared_by = models.CharField(_("编制人"), max_length=60)
    prepared_by_id = models.UUIDField(_("编制人标识"))
    stood_for_id = models.UUIDField(_("编制人所代的人"), null=True)
    published_by = models.CharField(_("公布人"), max_length=60, blank=True, default="")
    published_by_id = models.UUIDField(_("公布人标识"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)

    class Meta:
        verbose_name = _("网站工作年度报表")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "year"], name="sites_work_report_once"),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT, published_at=None, frozen=None)
                | Q(state=ReportState.PUBLISHED, published_at__isnull=False, frozen__isnull=False)
                & Q(published_by_id__isnull=False)
                & ~Q(published_by_id=F("prepared_by_id")),
                name="sites_work_report_second_person",
            ),
        ]
