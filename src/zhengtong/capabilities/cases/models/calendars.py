"""The working calendar of a tenant, and the changes to it that two persons make."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import CalendarChangeKind, ChangeState
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


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


class CalendarChange(Row):
    """A change of the calendar: proposed by one person, decided by another, then all running limits are projected anew.

    ``days`` are ``{day, is_workday, name}``; ``checked`` and ``moved`` count cases and deadlines of the new projection.
    Personal data: names of the officials who proposed and decided, kept with the calendar.
    """

    PERSONAL_DATA = personal(of_official("asked_by", "asked_by_id", "asked_for_id", "decided_by", "decided_by_id"))

    kind = models.CharField(_("类别"), max_length=12, choices=CalendarChangeKind)
    year = models.PositiveSmallIntegerField(_("年份"))
    title = models.CharField(_("名称"), max_length=120)
    source = models.CharField(_("依据"), max_length=120)
    days = models.JSONField(_("日期安排"))
    state = models.CharField(_("状态"), max_length=10, choices=ChangeState, default=ChangeState.ASKED)
    asked_by = models.CharField(_("提出人"), max_length=60)
    asked_by_id = models.UUIDField(_("提出人标识"))
    asked_for_id = models.UUIDField(_("所代的人标识"), null=True)
    asked_org_id = models.UUIDField(_("提出单位标识"), null=True)
    decided_by = models.CharField(_("批准人"), max_length=60, blank=True)
    decided_by_id = models.UUIDField(_("批准人标识"), null=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    note = models.TextField(_("批准意见"), blank=True)
    checked = models.PositiveIntegerField(_("已重算办件数"), default=0)
    moved = models.PositiveIntegerField(_("变动时限数"), default=0)
    finished_at = models.DateTimeField(_("重算完成时间"), null=True)

    class Meta:
        verbose_name = _("日历变更")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_by_id__isnull=True, decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_by_id__isnull=False, decided_at__isnull=False)),
                name="cases_calendar_change_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=models.F("asked_by_id")),
                name="cases_calendar_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="cases_calendar_changes")]
