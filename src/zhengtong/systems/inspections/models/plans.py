"""Plans: what is inspected, why, by which checklist; the draw; what speaks against units; the time line."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.inspections.constants import ActKind, PlanKind, PlanState, TargetKind


class Plan(Row):
    """A plan of inspections of the supervisor's office, approved by a second person before anything is drawn.

    ``pool`` are codes of further units whose supervisors and clerks may be drawn as inspectors.

    Personal data: names of the officials who made and approved it; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("made_by_id", "made_by", "made_for_id", "approved_by_id", "approved_by"))

    number = models.CharField(_("编号"), max_length=24)
    kind = models.CharField(_("类别"), max_length=8, choices=PlanKind)
    subject = models.CharField(_("督查事项"), max_length=80)
    basis = models.CharField(_("督查依据"), max_length=500)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    target_kind = models.CharField(_("抽取的对象"), max_length=8, choices=TargetKind)
    sample = models.PositiveSmallIntegerField(_("抽取数量"))
    pool = models.JSONField(_("抽调检查人员的单位"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    org_id = models.UUIDField(_("督查机构标识"))
    org_name = models.CharField(_("督查机构"), max_length=120)
    made_by_id = models.UUIDField(_("起草人标识"))
    made_by = models.CharField(_("起草人"), max_length=60)
    made_for_id = models.UUIDField(_("所代的人标识"), null=True)
    approved_by_id = models.UUIDField(_("批准人标识"), null=True)
    approved_by = models.CharField(_("批准人"), max_length=60, blank=True, default="")
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    returned = models.CharField(_("退回理由"), max_length=1000, blank=True, default="")
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("督查计划")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="inspections_plan_number_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="inspections_plan_period"),
            models.CheckConstraint(condition=Q(sample__gt=0), name="inspections_plan_sample"),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("made_by_id")),
                name="inspections_plan_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted"), approved_by_id__isnull=True)
                | Q(state__in=("approved", "drawn", "closed"), approved_by_id__isnull=False, approved_at__isnull=False),
                name="inspections_plan_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="inspections_plan_closed",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "starts_on"], name="inspections_plan_queue")]


class Target(Row):
    """What a plan may draw: a unit, a window of a unit, a case of a unit.

    Personal data: none.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets", verbose_name=_("督查计划"))
    no = models.PositiveIntegerField(_("序号"))
    key = models.CharField(_("对象代号"), max_length=120)
    name = models.CharField(_("对象"), max_length=120)
    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)

    class Meta:
        verbose_name = _("督查对象")
        constraints = [
            models.UniqueConstraint(fields=["plan", "no"], name="inspections_target_no_once"),
            models.UniqueConstraint(fields=["plan", "key"], name="inspections_target_once"),
        ]


class CheckPoint(Row):
    """One point of the checklist: what to look at, and which evidence to take.

    Personal data: none.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="points", verbose_name=_("督查计划"))
    no = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("检查要点"), max_length=80)
    look_at = models.CharField(_("看什么"), max_length=500, blank=True)
    evidence = models.CharField(_("取什么证据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("检查要点")
        constraints = [models.UniqueConstraint(fields=["plan", "no"], name="inspections_point_no_once")]


class Draw(Row):
    """The draw of a plan: seed, method, all candidates with their weights, who was taken; never changed (a trigger).

    Personal data: names of the officials who could be drawn as inspectors and of who drew; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("candidates", "people", "taken", "drawn_by_id", "drawn_by"))

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="draw", verbose_name=_("督查计划"))
    method = models.CharField(_("抽取方法"), max_length=40)
    seed = models.CharField(_("随机种子"), max_length=64)
    candidates = models.JSONField(_("候选对象"))
    people = models.JSONField(_("候选检查人员"))
    taken = models.JSONField(_("抽中的对象"))
    drawn_by_id = models.UUIDField(_("抽取人标识"))
    drawn_by = models.CharField(_("抽取人"), max_length=60)

    class Meta:
        verbose_name = _("随机抽取记录")


class RiskSignal(Row):
    """Something an event told against a unit, counted as weight in later draws.

    Personal data: none.
    """

    kind = models.CharField(_("类别"), max_length=20)
    key = models.CharField(_("来源标识"), max_length=80)
    org_id = models.UUIDField(_("单位标识"))
    case_number = models.CharField(_("办件编号"), max_length=80, blank=True)
    at = models.DateTimeField(_("发生时间"))
    withdrawn = models.BooleanField(_("已撤销"), default=False)

    class Meta:
        verbose_name = _("抽取权重来源")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "key"], name="inspections_signal_once")]
        indexes = [models.Index(fields=["tenant", "at"], name="inspections_signal_at")]


class InspectionCounter(models.Model):
    """The last number of a plan in a year.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("督查计划编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "year"], name="inspections_counter_once")]


class Act(Row):
    """One line of a time line: what was done, by whom, in which words.

    Personal data: name of the official; kept with what the line is about.
    """

    kind = models.CharField(_("操作"), max_length=12, choices=ActKind)
    text = models.TextField(_("内容"), blank=True, default="")
    person_id = models.UUIDField(_("操作人标识"), null=True)
    person_name = models.CharField(_("操作人"), max_length=60, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        abstract = True


class InspectionAct(Act):
    """One line of the time line of a plan or a visit; appended, never changed (a trigger refuses it).

    Personal data: name of the official; kept with the plan.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"))

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="acts", verbose_name=_("督查计划"))
    visit = models.ForeignKey(
        "inspections.Visit", on_delete=models.PROTECT, related_name="acts", null=True, verbose_name=_("督查检查")
    )

    class Meta:
        verbose_name = _("督查办理记录")
        indexes = [models.Index(fields=["visit", "created_at"], name="inspections_act_visit")]
