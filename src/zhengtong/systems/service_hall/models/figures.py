"""What statistics read: one row a case, and the monthly reports that were made of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import Channel
from zhengtong.systems.service_hall.models.applications import Application


class CaseFigure(Row):
    """A case with the days and marks that figures are made of; thrown away and built again at will.

    ``days`` are working days from acceptance to decision without stops of the clock; ``trips`` how often somebody had
    to come, ``trips_before`` how often without the hall online (a parameter); ``notices`` one-time notices, ``reused``
    papers that did not have to be given again, of ``papers`` in all; ``late_on`` the last day of a promised limit that
    has passed.

    Personal data: none (numbers, items and units only); rebuilt from applications and cases.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="figure", verbose_name=_("申请")
    )
    case_id = models.UUIDField(_("办件标识"))
    number = models.CharField(_("办件编号"), max_length=50)
    item_code = models.CharField(_("事项编码"), max_length=50)
    item_name = models.CharField(_("事项名称"), max_length=200)
    org_id = models.UUIDField(_("主办单位标识"))
    org_name = models.CharField(_("主办单位"), max_length=120)
    channel = models.CharField(_("受理渠道"), max_length=10, choices=Channel)
    applied_on = models.DateField(_("收件日期"))
    accepted_on = models.DateField(_("受理日期"), null=True)
    closed_on = models.DateField(_("办结日期"), null=True)
    outcome = models.CharField(_("结果"), max_length=16, blank=True)
    days = models.PositiveSmallIntegerField(_("办理用时（工作日）"), null=True)
    promised_days = models.PositiveSmallIntegerField(_("承诺时限（工作日）"), null=True)
    statutory_days = models.PositiveSmallIntegerField(_("法定时限（工作日）"), null=True)
    late_on = models.DateField(_("已超过的承诺时限截止日"), null=True)
    statutory_late = models.BooleanField(_("超过法定时限"), default=False)
    notices = models.PositiveSmallIntegerField(_("一次性告知次数"), default=0)
    papers = models.PositiveSmallIntegerField(_("材料份数"), default=0)
    reused = models.PositiveSmallIntegerField(_("免提交材料份数"), default=0)
    trips = models.PositiveSmallIntegerField(_("到现场次数"), default=0)
    trips_before = models.PositiveSmallIntegerField(_("网办以前的到现场次数"), default=0)

    class Meta:
        verbose_name = _("办件统计行")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="service_hall_figure_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "applied_on"], name="service_hall_figure_applied"),
            models.Index(fields=["tenant", "accepted_on"], name="service_hall_figure_accepted"),
            models.Index(fields=["tenant", "closed_on"], name="service_hall_figure_closed"),
            models.Index(fields=["tenant", "org_id", "item_code"], name="service_hall_figure_item"),
        ]


class MonthlyReport(Row):
    """办件月报: the figures of a month as they stood when it was made; a new one never changes the old one.

    ``figures`` holds all that page, workbook and paper show; ``sentences`` what was computed from them in words.

    Personal data: name of the official who had it made anew; kept for good.
    """

    PERSONAL_DATA = personal(of_official("made_by", "made_by_id"))

    month = models.DateField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版本"))
    figures = models.JSONField(_("指标"))
    sentences = models.JSONField(_("文字说明"))
    reason = models.CharField(_("重新生成的理由"), max_length=200, blank=True, default="")
    made_by = models.CharField(_("生成人"), max_length=60)
    made_by_id = models.UUIDField(_("生成人标识"), null=True)
    document_id = models.UUIDField(_("文书标识"), null=True)

    class Meta:
        verbose_name = _("办件月报")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month", "version"], name="service_hall_report_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1, month__day=1), name="service_hall_report_month"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="service_hall_report_why_again"),
        ]
