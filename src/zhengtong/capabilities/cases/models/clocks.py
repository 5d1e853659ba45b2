"""The legal clock: deadlines, pauses, the calendar."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import DeadlineKind, DeadlineState
from zhengtong.kernel.models import Row


class Deadline(Row):
    """One running limit of a case or of one of its tasks; ``next_at`` is when its lamp next changes.

    Personal data: none.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deadlines", verbose_name=_("办件"))
    work_item = models.ForeignKey(
        "cases.WorkItem", on_delete=models.PROTECT, related_name="deadlines", null=True, verbose_name=_("待办事项")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=DeadlineKind)
    amount = models.PositiveIntegerField(_("时限"))
    unit = models.CharField(_("单位"), max_length=6)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("起算时间"))
    start_day = models.DateField(_("起算日"))
    due_on = models.DateField(_("截止日"), null=True)
    due_at = models.DateTimeField(_("截止时刻"), null=True)
    yellow_at = models.DateTimeField(_("预警时刻"), null=True)
    next_at = models.DateTimeField(_("下次变灯时刻"), null=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    level = models.CharField(_("已亮灯"), max_length=8, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=DeadlineState, default=DeadlineState.RUNNING)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("时限")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(work_item__isnull=True, state__in=["running", "paused"]),
                name="cases_deadline_one_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], ended_at__isnull=True)
                | Q(state__in=["met", "missed", "cancelled"], ended_at__isnull=False),
                name="cases_deadline_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="cases_deadline_next", condition=Q(state="running")),
            models.Index(fields=["case"], name="cases_deadline_case"),
        ]


class ClockPause(Row):
    """A time during which the legal clock of a case stood still, with its reason of law.

    Personal data: name of the official who stopped it, kept with the case.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses", verbose_name=_("办件"))
    reason_code = models.CharField(_("事由"), max_length=40)
    basis = models.CharField(_("依据"), max_length=200)
    note = models.TextField(_("说明"), blank=True)
    cap_amount = models.PositiveIntegerField(_("最长时限"), null=True)
    cap_unit = models.CharField(_("最长时限单位"), max_length=6, blank=True)
    start_day = models.DateField(_("停止日"))
    end_day = models.DateField(_("恢复前一日"), null=True)
    stopped_by = models.CharField(_("经办人"), max_length=60)

    class Meta:
        verbose_name = _("停止计时")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(end_day__isnull=True), name="cases_pause_one_open"),
            models.CheckConstraint(
                condition=Q(end_day__isnull=True) | Q(end_day__gte=models.F("start_day")), name="cases_pause_order"
            ),
        ]


class CalendarDay(Row):
    """A day on which the calendar of a tenant departs from Monday to Friday, with the notice that says so.

    Personal data: none.
    """

    day = models.DateField(_("日期"))
    is_workday = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("依据"), max_length=120)
    local = models.BooleanField(_("本地安排"), default=False)

    class Meta:
        verbose_name = _("工作日历")
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "local"], name="cases_calendar_day_once")]
