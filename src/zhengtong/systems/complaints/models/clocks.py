"""The clock of a complaint: limits, stops, more time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.complaints.constants import ClockKind, ExtensionState
from zhengtong.systems.complaints.models.complaints import Complaint


class ComplaintClock(Row):
    """One limit; the instants are projected anew every day from the working calendar, ``next_at`` is the next lamp.

    Personal data: none.
    """

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="clocks", verbose_name=_("咨询投诉")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=ClockKind)
    amount = models.PositiveIntegerField(_("期限"))
    unit = models.CharField(_("单位"), max_length=6)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    started_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("截止日"), null=True)
    due_at = models.DateTimeField(_("截止时刻"), null=True)
    yellow_at = models.DateTimeField(_("预警时刻"), null=True)
    next_at = models.DateTimeField(_("下次变灯时刻"), null=True)
    projected_on = models.DateField(_("推算日"))
    level = models.CharField(_("已亮灯"), max_length=8, blank=True, default="")
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    kept = models.BooleanField(_("按期"), null=True)

    class Meta:
        verbose_name = _("咨询投诉时限")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"], condition=Q(ended_at__isnull=True), name="complaints_clock_one_running"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="complaints_clock_next", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["projected_on"], name="complaints_clock_project", condition=Q(ended_at__isnull=True)),
        ]


class ComplaintPause(Row):
    """A time in which the limit to answer stands still, with its reason and the longest it may last.

    Personal data: name of the official who stopped it, kept with the complaint.
    """

    PERSONAL_DATA = personal(of_official("stopped_by"))

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="pauses", verbose_name=_("咨询投诉")
    )
    reason = models.CharField(_("事由"), max_length=200)
    start_day = models.DateField(_("中止日"))
    end_day = models.DateField(_("恢复前一日"), null=True)
    cap_amount = models.PositiveIntegerField(_("最长时限"))
    cap_unit = models.CharField(_("最长时限单位"), max_length=6)
    cap_day = models.DateField(_("最迟中止到"))
    stopped_by = models.CharField(_("经办人"), max_length=60)

    class Meta:
        verbose_name = _("咨询投诉中止计时")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(end_day__isnull=True), name="complaints_pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(end_day__isnull=True) | Q(end_day__gte=models.F("start_day")), name="complaints_pause_order"
            ),
        ]


class ComplaintExtension(Row):
    """More time to answer, asked for by the handling unit and decided by the supervisor; granted once.

    Personal data: names of the officials who asked and decided, kept with the complaint.
    """

    PERSONAL_DATA = personal(of_official("asked_by", "asked_by_id", "asked_for_id", "decided_by", "decided_by_id"))

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("咨询投诉")
    )
    days = models.PositiveSmallIntegerField(_("延长工作日"))
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=8, choices=ExtensionState, default=ExtensionState.ASKED)
    asked_by = models.CharField(_("申请人"), max_length=60)
    asked_by_id = models.UUIDField(_("申请人标识"))
    asked_for_id = models.UUIDField(_("所代的人标识"), null=True)
    decided_by = models.CharField(_("批准人"), max_length=60, blank=True, default="")
    decided_by_id = models.UUIDField(_("批准人标识"), null=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    note = models.TextField(_("批准意见"), blank=True, default="")

    class Meta:
        verbose_name = _("咨询投诉延期")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(state__in=["asked", "granted"]), name="complaints_extension_once"
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="complaints_extension_adds"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by_id__isnull=True)
                | (~Q(state="asked") & Q(decided_by_id__isnull=False)),
                name="complaints_extension_decided",
            ),
        ]
