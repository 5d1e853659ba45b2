"""Rectification: the notice with its running limit, the unit's reports, measures, evidence."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.inspections.constants import Verdict
from zhengtong.systems.inspections.models.limits import Limited
from zhengtong.systems.inspections.models.visits import Finding, Visit


class Rectification(Limited):
    """The notice to the unit, and the limit that runs now: the unit's to rectify, or the inspectors' to review.

    ``kept``: whether the unit kept all its limits so far.

    Personal data: names of the officials who issued and acknowledged it; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("issued_by", "acknowledged_by"))

    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, related_name="rectification", verbose_name=_("督查检查")
    )
    number = models.CharField(_("文号"), max_length=80)
    document_id = models.UUIDField(_("文书标识"))
    demand = models.TextField(_("整改要求"))
    issued_at = models.DateTimeField(_("发出时间"))
    issued_by = models.CharField(_("发出人"), max_length=60)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=60, blank=True, default="")
    turn = models.PositiveSmallIntegerField(_("整改次数"), default=1)
    stage = models.CharField(_("计时环节"), max_length=8)
    kept = models.BooleanField(_("按期"), default=True)

    class Meta:
        verbose_name = _("督查整改通知")
        constraints = [
            models.CheckConstraint(condition=Q(turn__gt=0), name="inspections_rectification_turn"),
            models.CheckConstraint(condition=Q(due_on__gte=F("started_on")), name="inspections_rectification_due"),
            models.CheckConstraint(
                condition=Q(stage__in=("rectify", "review")), name="inspections_rectification_stage"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="inspections_next", condition=Q(running=True)),
            models.Index(fields=["projected_on"], name="inspections_project", condition=Q(running=True)),
        ]


class RectificationReport(Row):
    """What the unit says it has done, once per turn, and the review of it by somebody else.

    Personal data: names of the officials who reported and reviewed; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("by_id", "by_name", "reviewed_by_id", "reviewed_by"))

    rectification = models.ForeignKey(
        Rectification, on_delete=models.PROTECT, related_name="reports", verbose_name=_("督查整改通知")
    )
    turn = models.PositiveSmallIntegerField(_("整改次数"))
    text = models.TextField(_("总体情况"), blank=True, default="")
    by_id = models.UUIDField(_("报送人标识"))
    by_name = models.CharField(_("报送人"), max_length=60)
    in_time = models.BooleanField(_("按期"))
    verdict = models.CharField(_("复查结论"), max_length=10, choices=Verdict, blank=True, default="")
    opinion = models.TextField(_("复查意见"), blank=True, default="")
    reviewed_by_id = models.UUIDField(_("复查人标识"), null=True)
    reviewed_by = models.CharField(_("复查人"), max_length=60, blank=True, default="")
    reviewed_at = models.DateTimeField(_("复查时间"), null=True)

    class Meta:
        verbose_name = _("督查整改报告")
        constraints = [
            models.UniqueConstraint(fields=["rectification", "turn"], name="inspections_report_once_a_turn"),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by_id__isnull=True)
                | ~Q(verdict="") & Q(reviewed_by_id__isnull=False) & ~Q(reviewed_by_id=F("by_id")),
                name="inspections_report_reviewed_by_another",
            ),
        ]


class Measure(Row):
    """What was done about one finding in one turn, and the review of it.

    Personal data: none expected (words about work); kept with the plan.
    """

    report = models.ForeignKey(
        RectificationReport, on_delete=models.PROTECT, related_name="measures", verbose_name=_("督查整改报告")
    )
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures", verbose_name=_("问题"))
    text = models.TextField(_("整改措施和结果"))
    verdict = models.CharField(_("复查结论"), max_length=10, choices=Verdict, blank=True, default="")

    class Meta:
        verbose_name = _("督查整改措施")
        constraints = [models.UniqueConstraint(fields=["report", "finding"], name="inspections_measure_once")]


class Evidence(Row):
    """A file that shows what was done about a finding.

    Personal data: the file may hold some; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("file_id", "name"))

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("整改措施"))
    file_id = models.UUIDField(_("文件标识"))
    name = models.CharField(_("名称"), max_length=120)

    class Meta:
        verbose_name = _("督查整改证明材料")
