"""Formulas of scores, runs of a month with their rows, appeals, yearly deductions and targets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.constants import AppealState, FormulaState, ReportState, ScoreState, SubjectKind
from zhengtong.systems.supervision.models.judging import Proposed

_OPEN = ["draft", "submitted"]


class ScoreFormula(Row):
    """A formula of scores in one version: drafted by one, enabled by another, then never edited (a trigger refuses).

    ``content`` is data (``rules.score_formulas``); ``confirmed`` False: numbers were not seen in a source (待核实).

    Personal data: names of the officials who drafted and who decided, kept with the formula.
    """

    PERSONAL_DATA = personal(of_official("drafted_by_id", "drafted_by", "drafted_for_id", "decided_by"))

    key = models.CharField(_("办法编号"), max_length=20)
    version = models.PositiveIntegerField(_("版本"))
    name = models.CharField(_("办法名称"), max_length=80)
    content = models.JSONField(_("内容"))
    source = models.CharField(_("依据"), max_length=200)
    confirmed = models.BooleanField(_("已核实"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=FormulaState, default=FormulaState.DRAFT)
    drafted_by_id = models.UUIDField(_("起草人标识"), null=True)
    drafted_by = models.CharField(_("起草人"), max_length=60)
    drafted_for_id = models.UUIDField(_("所代的人标识"), null=True)
    decided_by = models.CharField(_("批准人"), max_length=60, blank=True)
    reason = models.TextField(_("意见"), blank=True)
    changed_at = models.DateTimeField(_("最近修改时间"))
    valid_from = models.DateTimeField(_("启用时间"), null=True)
    valid_until = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("评分办法")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "version"], name="supervision_formula_version_once"),
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(state="enabled"), name="supervision_formula_one_enabled"
            ),
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(state__in=_OPEN), name="supervision_formula_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["enabled", "retired"]) | Q(valid_from__isnull=False),
                name="supervision_formula_enabled_since",
            ),
        ]


class ScoreRun(Proposed):
    """The scores of a month under one formula: version 0 is worked out anew, later ones are frozen for good.

    ``inputs_digest`` is over every row that was counted. ``reason`` says why there is a further version.

    Personal data: names and posts of the officials who froze and published, kept with the run.
    """

    state = models.CharField(_("状态"), max_length=10, choices=ScoreState, default=ScoreState.COMPUTED)
    proposed_by_id = models.UUIDField(_("提出人标识"), null=True)  # type: ignore[assignment]  # a run worked out has none
    proposed_by = models.CharField(_("提出人"), max_length=60, blank=True)
    reason = models.TextField(_("更正理由"), blank=True)
    month = models.DateField(_("月份"))
    formula = models.ForeignKey(ScoreFormula, on_delete=models.PROTECT, related_name="+", verbose_name=_("评分办法"))
    formula_key = models.CharField(_("办法编号"), max_length=20)
    version = models.PositiveIntegerField(_("版本"))
    inputs_digest = models.CharField(_("数据摘要"), max_length=64)
    inputs_count = models.PositiveIntegerField(_("数据行数"))
    appeal_until = models.DateField(_("申诉截止日"), null=True)

    class Meta:
        verbose_name = _("月度得分")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "month", "formula_key", "version"], name="supervision_score_version_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "month", "formula_key"],
                condition=Q(state="published"),
                name="supervision_score_one_published",
            ),
            models.UniqueConstraint(
                fields=["tenant", "month", "formula_key"],
                condition=Q(state="proposed"),
                name="supervision_score_one_proposed",
            ),
            models.CheckConstraint(
                condition=Q(state="computed", version=0) | (~Q(state="computed") & Q(version__gt=0)),
                name="supervision_score_frozen_has_version",
            ),
            models.CheckConstraint(
                condition=Q(state="computed") | Q(proposed_by_id__isnull=False), name="supervision_score_frozen_by"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "superseded"])
                | (Q(decided_by_id__isnull=False) & ~Q(decided_by_id=models.F("proposed_by_id"))),
                name="supervision_score_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(version__lte=1) | ~Q(reason=""), name="supervision_score_correction_has_reason"
            ),
        ]


class ScoreRow(Row):
    """One subject's score in a run, with its arithmetic; rows of a frozen run never change (a trigger refuses).

    Personal data: none (units, posts and items).
    """

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="rows", verbose_name=_("月度得分"))
    kind = models.CharField(_("对象"), max_length=8, choices=SubjectKind)
    key = models.CharField(_("对象标识"), max_length=130)
    name = models.CharField(_("名称"), max_length=200)
    org_id = models.UUIDField(_("单位标识"), null=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)
    total = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True)
    place = models.PositiveIntegerField(_("名次"))
    sentence = models.TextField(_("计算过程"))
    detail = models.JSONField(_("明细"))

    class Meta:
        verbose_name = _("得分明细")
        constraints = [models.UniqueConstraint(fields=["run", "kind", "key"], name="supervision_score_row_once")]
        indexes = [models.Index(fields=["tenant", "org_id"], name="supervision_score_unit")]


class ScoreAppeal(Row):
    """A unit's appeal against its published score, answered by a supervisor of another unit.

    Personal data: names of the officials who appealed and answered, kept with the score.
    """

    PERSONAL_DATA = personal(of_official("filed_by", "answered_by"))

    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("月度得分"))
    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)
    text = models.TextField(_("申诉内容"))
    filed_by = models.CharField(_("申诉人"), max_length=60)
    state = models.CharField(_("状态"), max_length=8, choices=AppealState, default=AppealState.FILED)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.CharField(_("答复人"), max_length=60, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("得分申诉")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "org_id"], condition=Q(state="filed"), name="supervision_score_appeal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="filed", answer="") | (~Q(state="filed") & ~Q(answer="")),
                name="supervision_score_appeal_answered",
            ),
        ]


class YearDeduction(Proposed):
    """Points taken from a unit's year for discipline against its people, by number of persons; two supervisors.

    Personal data: names and posts of the supervisors; the persons disciplined are not named.
    """

    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)
    decided_on = models.DateField(_("处分决定日期"))
    kind = models.CharField(_("处分种类"), max_length=20)
    persons = models.PositiveSmallIntegerField(_("人数"))
    document = models.CharField(_("处分决定文号"), max_length=80)

    class Meta(Proposed.Meta):
        verbose_name = _("年度扣分")
        constraints = [
            *Proposed.Meta.constraints,
            models.CheckConstraint(condition=Q(persons__gte=1), name="supervision_deduction_persons"),
            models.UniqueConstraint(
                fields=["tenant", "document", "kind", "org_id"],
                condition=~Q(state="refused"),
                name="supervision_deduction_once",
            ),
        ]


class Target(Row):
    """年度目标: what a unit is to reach in a year; ``measure`` is a declared figure, or ``reported`` by the unit.

    Personal data: name of the supervisor who set it, kept with the target.
    """

    PERSONAL_DATA = personal(of_official("set_by"))

    year = models.PositiveSmallIntegerField(_("年度"))
    period = models.CharField(_("考核期"), max_length=4, default="year")
    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)
    name = models.CharField(_("目标名称"), max_length=80)
    measure = models.CharField(_("指标"), max_length=40)
    goal = models.DecimalField(_("目标值"), max_digits=12, decimal_places=2)
    at_most = models.BooleanField(_("不超过"), default=False)
    weight = models.DecimalField(_("权重"), max_digits=5, decimal_places=2)
    unit = models.CharField(_("计量单位"), max_length=12, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    set_by = models.CharField(_("下达人"), max_length=60)

    class Meta:
        verbose_name = _("年度目标")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "period", "org_id", "name"], name="supervision_target_once"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0, goal__gte=0), name="supervision_target_numbers"),
        ]


class TargetReport(Row):
    """What a unit reports of a target, with its evidence; a supervisor of another unit accepts or returns it.

    Personal data: names of the officials who reported and reviewed, kept with the target.
    """

    PERSONAL_DATA = personal(of_official("reported_by", "reviewed_by", "file_id", "file_name"))

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="reports", verbose_name=_("年度目标"))
    value = models.DecimalField(_("完成值"), max_digits=12, decimal_places=2)
    text = models.TextField(_("说明"))
    file_id = models.UUIDField(_("佐证材料标识"), null=True)
    file_name = models.CharField(_("佐证材料"), max_length=200, blank=True)
    reported_by = models.CharField(_("填报人"), max_length=60)
    state = models.CharField(_("状态"), max_length=8, choices=ReportState, default=ReportState.REPORTED)
    review = models.TextField(_("审核意见"), blank=True)
    reviewed_by = models.CharField(_("审核人"), max_length=60, blank=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)

    class Meta:
        verbose_name = _("目标进展")
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(state="reported"), name="supervision_target_one_open_report"
            ),
        ]
        indexes = [models.Index(fields=["target", "-created_at"], name="supervision_target_report")]
