"""Rules as data, in versions."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.constants import Level, Scope


class InForce(Func):
    """The time in which a version was in force, its end not included."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class RuleVersion(Row):
    """A rule of supervision as it was in force for a time; a change is a new version, an old one is never edited.

    ``confirmed`` False: number or wording were not seen in a source (待核实). ``clears``: a card of this rule is
    only a warning and goes away by itself when the limit is met or passes. ``window_days`` is how far back facts that
    count over a time look (their own default without it), ``once_per_case`` that a case has one card of the rule at
    most, ``expires_on`` the last day on which it judges, ``expected_precision`` the share of its cards, in per cent,
    that its owner expects to stand.

    Personal data: name of the official who put it in force or out of force, kept with the rule.
    """

    PERSONAL_DATA = personal(of_official("enabled_by", "retired_by"))

    key = models.CharField(_("规则编号"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    name = models.CharField(_("规则名称"), max_length=80)
    event = models.CharField(_("触发事件"), max_length=80)
    condition = models.JSONField(_("触发条件"))
    level = models.CharField(_("等级"), max_length=8, choices=Level)
    scope = models.CharField(_("责任对象"), max_length=8, choices=Scope)
    clears = models.BooleanField(_("办结自动销号"), default=False)
    basis = models.CharField(_("法律依据"), max_length=200, blank=True)
    source = models.CharField(_("规则来源"), max_length=200)
    confirmed = models.BooleanField(_("已核实"))
    explanation = models.TextField(_("说明文字"))
    points = models.DecimalField(_("扣分"), max_digits=5, decimal_places=1, default=0)
    valid_from = models.DateTimeField(_("生效时间"))
    valid_until = models.DateTimeField(_("失效时间"), null=True)
    active = models.BooleanField(_("启用"), default=True)
    window_days = models.PositiveSmallIntegerField(_("统计天数"), null=True)
    once_per_case = models.BooleanField(_("每个办件只亮一次"), default=False, db_default=False)
    owner = models.CharField(_("规则负责单位"), max_length=120, blank=True, default="", db_default="")
    expected_precision = models.DecimalField(_("预期准确率"), max_digits=4, decimal_places=1, null=True)
    expires_on = models.DateField(_("有效期至"), null=True)
    enabled_by = models.CharField(_("批准启用人"), max_length=60, blank=True, default="", db_default="")
    retired_by = models.CharField(_("停用人"), max_length=60, blank=True, default="", db_default="")
    retired_why = models.TextField(_("停用理由"), blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("监察规则")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "version"], name="supervision_rule_version_once"),
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(active=True), name="supervision_rule_one_active"
            ),
            models.CheckConstraint(
                condition=Q(active=True, valid_until__isnull=True) | Q(active=False, valid_until__isnull=False),
                name="supervision_rule_active_is_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="supervision_rule_period",
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="supervision_rule_points"),
            ExclusionConstraint(
                name="supervision_rule_no_overlap",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (InForce("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["tenant", "event"], name="supervision_rule_event")]
