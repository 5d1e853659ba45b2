"""The clock of a request: limits, stops, more time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.disclosure.constants import REQUEST, ClockKind, ExtensionKind, ExtensionState, PauseReason
from zhengtong.systems.disclosure.models.requests import DisclosureRequest


class RequestClock(Row):
    """One limit; the instants are projected anew every day from the working calendar, ``next_at`` is the next lamp.

    Personal data: none.
    """

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="clocks", verbose_name=_("信息公开申请")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=ClockKind)
    amount = models.PositiveIntegerField(_("期限"))
    unit = models.CharField(_("单位"), max_length=6)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("依据已核对"), default=False)
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
        verbose_name = _("信息公开时限")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"], condition=Q(ended_at__isnull=True), name="disclosure_clock_one_running"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="disclosure_clock_next", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["projected_on"], name="disclosure_clock_project", condition=Q(ended_at__isnull=True)),
        ]


class RequestPause(Row):
    """A stretch that does not count in the limit to answer, from its first to its last day.

    Personal data: none.
    """

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="pauses", verbose_name=_("信息公开申请")
    )
    reason = models.CharField(_("事由"), max_length=10, choices=PauseReason)
    start_day = models.DateField(_("开始日"))
    end_day = models.DateField(_("结束日"), null=True)

    class Meta:
        verbose_name = _("信息公开中止计时")
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(end_day__isnull=True), name="disclosure_pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(end_day__isnull=True) | Q(end_day__gte=F("start_day")), name="disclosure_pause_order"
            ),
        ]


class RequestExtension(Row):
    """More working days: asked for by the unit, granted by its head, once of each kind.

    Personal data: names of the officials; the reason may name people (encrypted); kept with the request.
    """

    PERSONAL_DATA = personal(
        of_official("asked_by", "asked_by_id", "stood_for_id", "decided_by", "decided_by_id"),
        of_citizen("reason", "note", activity=REQUEST),
    )

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("信息公开申请")
    )
    kind = models.CharField(_("类别"), max_length=10, choices=ExtensionKind)
    days = models.PositiveSmallIntegerField(_("天数"))
    reason = EncryptedTextField(_("理由"))
    state = models.CharField(_("状态"), max_length=8, choices=ExtensionState, default=ExtensionState.ASKED)
    asked_by = models.CharField(_("申请人"), max_length=60)
    asked_by_id = models.UUIDField(_("申请人标识"))
    stood_for_id = models.UUIDField(_("申请人所代的人"), null=True)
    note = EncryptedTextField(_("意见"), blank=True, default="")
    decided_by = models.CharField(_("批准人"), max_length=60, blank=True, default="")
    decided_by_id = models.UUIDField(_("批准人标识"), null=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)

    class Meta:
        verbose_name = _("信息公开延期")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"],
                condition=Q(state__in=["asked", "granted"]),
                name="disclosure_extension_once",
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="disclosure_extension_adds"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by_id__isnull=True)
                | (~Q(state="asked") & Q(decided_by_id__isnull=False) & ~Q(decided_by_id=F("asked_by_id"))),
                name="disclosure_extension_second_person",
            ),
        ]
