"""信息公开年度报告: figures the platform knows, figures it does not, words; frozen when published."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.disclosure.constants import ReportState


class YearlyReport(Row):
    """The report of a unit, or of the county's government (``org_code`` empty), for a year.

    ``frozen`` holds the tables as they were published; a trigger keeps a published report as it is.

    Personal data: names of the officials who prepared and published it.
    """

    PERSONAL_DATA = personal(
        of_official("prepared_by", "prepared_by_id", "stood_for_id", "published_by", "published_by_id")
    )

    year = models.PositiveSmallIntegerField(_("年度"))
    org_id = models.UUIDField(_("编制单位标识"))
    org_code = models.CharField(_("单位代码"), max_length=20, blank=True)
    org_name = models.CharField(_("单位"), max_length=120)
    due_on = models.DateField(_("最迟公布日"))
    manual = models.JSONField(_("人工填报的数"), default=dict)
    overview = models.TextField(_("总体情况"), blank=True)
    problems = models.TextField(_("存在的问题及改进情况"), blank=True)
    other = models.TextField(_("其他需要报告的事项"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    frozen = models.JSONField(_("公布的各表"), null=True)
    prepared_by = models.CharField(_("编制人"), max_length=60)
    prepared_by_id = models.UUIDField(_("编制人标识"))
    stood_for_id = models.UUIDField(_("编制人所代的人"), null=True)
    published_by = models.CharField(_("公布人"), max_length=60, blank=True, default="")
    published_by_id = models.UUIDField(_("公布人标识"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)

    class Meta:
        verbose_name = _("信息公开年度报告")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year", "org_code"], name="disclosure_report_once"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, frozen__isnull=True)
                | Q(state="published", published_at__isnull=False, frozen__isnull=False)
                & Q(published_by_id__isnull=False)
                & ~Q(published_by_id=F("prepared_by_id")),
                name="disclosure_report_second_person",
            ),
        ]
