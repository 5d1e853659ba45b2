"""Visits: who inspects whom, what was found at each point, photographs, findings."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.inspections.constants import Ending, FindingState, Result, TargetKind, VisitState
from zhengtong.systems.inspections.models.plans import CheckPoint, Plan


class Visit(Row):
    """One drawn target and what becomes of it; the unit learns of it when it is done.

    Personal data: none of its own.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="visits", verbose_name=_("督查计划"))
    no = models.PositiveSmallIntegerField(_("序号"))
    number = models.CharField(_("编号"), max_length=30)
    target_kind = models.CharField(_("对象类别"), max_length=8, choices=TargetKind)
    target_key = models.CharField(_("对象代号"), max_length=120)
    target_name = models.CharField(_("检查对象"), max_length=120)
    org_id = models.UUIDField(_("被检查单位标识"))
    org_name = models.CharField(_("被检查单位"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    ending = models.CharField(_("办结方式"), max_length=10, choices=Ending, blank=True, default="")
    place = models.CharField(_("检查地点"), max_length=200, blank=True, default="")
    started_at = models.DateTimeField(_("开始时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("督查检查")
        constraints = [
            models.UniqueConstraint(fields=["plan", "no"], name="inspections_visit_no_once"),
            models.UniqueConstraint(fields=["plan", "target_key"], name="inspections_visit_target_once"),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(state="cancelled") | Q(started_at__isnull=False),
                name="inspections_visit_started",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "going", "cancelled"), done_at__isnull=True)
                | Q(state__in=("done", "rectify", "review", "closed"), done_at__isnull=False),
                name="inspections_visit_done",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(ending="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, ending=""),
                name="inspections_visit_ending",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state"], name="inspections_visit_queue"),
            models.Index(fields=["tenant", "org_id", "state"], name="inspections_visit_unit"),
            models.Index(fields=["tenant", "done_at"], name="inspections_visit_done_at"),
        ]


class Inspector(Row):
    """Who inspects at a visit, as drawn; nobody of the unit inspected (a constraint). Whoever recuses stays listed.

    Personal data: name, unit and post of the official; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("person_id", "name"))

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="inspectors", verbose_name=_("督查检查"))
    person_id = models.UUIDField(_("检查人员标识"))
    name = models.CharField(_("检查人员"), max_length=60)
    org_id = models.UUIDField(_("所在单位标识"))
    org_name = models.CharField(_("所在单位"), max_length=120)
    target_org_id = models.UUIDField(_("被检查单位标识"))
    signed_at = models.DateTimeField(_("签字时间"), null=True)
    recused_at = models.DateTimeField(_("回避时间"), null=True)
    recused_reason = models.CharField(_("回避理由"), max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = _("检查人员")
        constraints = [
            models.UniqueConstraint(fields=["visit", "person_id"], name="inspections_inspector_once"),
            models.CheckConstraint(condition=~Q(org_id=F("target_org_id")), name="inspections_inspector_not_own_unit"),
            models.CheckConstraint(
                condition=Q(recused_at__isnull=True) | Q(signed_at__isnull=True), name="inspections_inspector_recused"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "person_id"], name="inspections_inspector_person")]


class PointResult(Row):
    """What was found at one point, saved at once; ``version`` grows with every change, so that nobody overwrites
    unseen what a colleague wrote.

    Personal data: name of the inspector; remarks may name people; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"))

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="results", verbose_name=_("督查检查"))
    point = models.ForeignKey(CheckPoint, on_delete=models.PROTECT, related_name="+", verbose_name=_("检查要点"))
    result = models.CharField(_("结果"), max_length=4, choices=Result)
    serious = models.BooleanField(_("问题严重"), default=False)
    remark = models.TextField(_("情况说明"), blank=True, default="")
    place = models.CharField(_("具体位置"), max_length=200, blank=True, default="")
    noted_at = models.DateTimeField(_("记录时间"))
    saved_at = models.DateTimeField(_("送达时间"))
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    person_id = models.UUIDField(_("记录人标识"))
    person_name = models.CharField(_("记录人"), max_length=60)

    class Meta:
        verbose_name = _("检查结果")
        constraints = [
            models.UniqueConstraint(fields=["visit", "point"], name="inspections_result_once"),
            models.CheckConstraint(condition=Q(result="bad") | Q(serious=False), name="inspections_result_serious"),
            models.CheckConstraint(condition=~Q(result="bad", remark=""), name="inspections_result_bad_says_what"),
        ]


class PointPhoto(Row):
    """A photograph taken at a point; the same picture sent twice is kept once.

    Personal data: people may be in the picture; name of the inspector; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("file_id", "taken_by"))

    result = models.ForeignKey(PointResult, on_delete=models.PROTECT, related_name="photos", verbose_name=_("检查结果"))
    file_id = models.UUIDField(_("文件标识"))
    digest = models.CharField(_("摘要"), max_length=64)
    name = models.CharField(_("名称"), max_length=120)
    taken_by = models.CharField(_("拍摄人"), max_length=60)

    class Meta:
        verbose_name = _("检查照片")
        constraints = [models.UniqueConstraint(fields=["result", "digest"], name="inspections_photo_once")]


class Finding(Row):
    """A point that was not in order when the inspectors signed, and what became of it.

    Personal data: none (the remark stands with the result).
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings", verbose_name=_("督查检查"))
    result = models.OneToOneField(PointResult, on_delete=models.PROTECT, related_name="finding", verbose_name=_("结果"))
    no = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("检查要点"), max_length=80)
    text = models.TextField(_("发现的问题"))
    serious = models.BooleanField(_("问题严重"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=FindingState, default=FindingState.OPEN)

    class Meta:
        verbose_name = _("督查发现的问题")
        constraints = [models.UniqueConstraint(fields=["visit", "no"], name="inspections_finding_no_once")]
