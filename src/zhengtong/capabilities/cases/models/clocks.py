"""The legal clock: deadlines, pauses, the calendar."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import DeadlineKind, DeadlineState, ExtensionState, MoveCause
from zhengtong.kernel.inventory import CASE_FILE, of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row


class Deadline(Row):
    """One running limit of a case or of one of its tasks; ``next_at`` is when its lamp next changes.

    ``hint_at`` is when, while it runs, its handlers are told that it ends soon; empty when they were told, or a lamp
    comes first.

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
    hint_at = models.DateTimeField(_("提示时刻"), null=True)
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
            models.Index(
                fields=["hint_at"], name="cases_deadline_hint", condition=Q(state="running", hint_at__isnull=False)
            ),
            models.Index(fields=["case"], name="cases_deadline_case"),
        ]


class ClockPause(Row):
    """A time during which the legal clock of a case stood still, with its reason of law.

    Personal data: name of the official who stopped it, kept with the case.
    """

    PERSONAL_DATA = personal(of_official("stopped_by"), of_third("note", activity=CASE_FILE))

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses", verbose_name=_("办件"))
    reason_code = models.CharField(_("事由"), max_length=40)
    basis = models.CharField(_("依据"), max_length=200)
    note = models.TextField(_("说明"), blank=True)
    cap_amount = models.PositiveIntegerField(_("最长时限"), null=True)
    cap_unit = models.CharField(_("最长时限单位"), max_length=6, blank=True)
    start_day = models.DateField(_("停止日"))
    end_day = models.DateField(_("恢复前一日"), null=True)
    stopped_by = models.CharField(_("经办人"), max_length=60)
    cap_day = models.DateField(_("最迟停止到"), null=True)
    next_at = models.DateTimeField(_("下次提醒或恢复时刻"), null=True)
    warned_at = models.DateTimeField(_("提醒时间"), null=True)
    ended_by_cap = models.BooleanField(_("到期自动恢复"), default=False, db_default=False)

    class Meta:
        verbose_name = _("停止计时")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(end_day__isnull=True), name="cases_pause_one_open"),
            models.CheckConstraint(
                condition=Q(end_day__isnull=True) | Q(end_day__gte=models.F("start_day")), name="cases_pause_order"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="cases_pause_next", condition=Q(end_day__isnull=True)),
        ]


class ClockExtension(Row):
    """A longer statutory limit, asked for by the unit and decided on by the head the law names; granted once a case.

    Personal data: names of the officials who asked and decided, kept with the case.
    """

    PERSONAL_DATA = personal(of_official("asked_by", "asked_by_id", "asked_for_id", "decided_by", "decided_by_id"))

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="extensions", verbose_name=_("办件"))
    rule = models.CharField(_("延长规则"), max_length=10)
    amount = models.PositiveIntegerField(_("延长天数"))
    unit = models.CharField(_("单位"), max_length=6)
    basis = models.CharField(_("依据"), max_length=200)
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=10, choices=ExtensionState, default=ExtensionState.ASKED)
    approver_org_id = models.UUIDField(_("批准单位标识"))
    approver_org_name = models.CharField(_("批准单位"), max_length=120)
    asked_by = models.CharField(_("申请人"), max_length=60)
    asked_by_id = models.UUIDField(_("申请人标识"))
    asked_for_id = models.UUIDField(_("所代的人标识"), null=True)
    decided_by = models.CharField(_("批准人"), max_length=60, blank=True)
    decided_by_id = models.UUIDField(_("批准人标识"), null=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    note = models.TextField(_("批准意见"), blank=True)

    class Meta:
        verbose_name = _("延长期限")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="granted"), name="cases_extension_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="asked"), name="cases_extension_one_asked"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cases_extension_adds"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by_id__isnull=True, decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_by_id__isnull=False, decided_at__isnull=False)),
                name="cases_extension_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=models.F("asked_by_id")),
                name="cases_extension_two_persons",
            ),
        ]
        indexes = [
            models.Index(fields=["approver_org_id"], name="cases_extension_asked", condition=Q(state="asked")),
        ]


class DeadlineMove(Row):
    """A deadline that was computed anew, with the date before and after and why; never changed.

    Personal data: none.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", verbose_name=_("办件"))
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="moves", verbose_name=_("时限"))
    cause = models.CharField(_("原因类别"), max_length=10, choices=MoveCause)
    reason = models.CharField(_("原因"), max_length=200)
    old_due_on = models.DateField(_("原截止日"), null=True)
    new_due_on = models.DateField(_("新截止日"), null=True)

    class Meta:
        verbose_name = _("时限变动")
        indexes = [models.Index(fields=["case", "created_at"], name="cases_move_case")]


class Hearing(Row):
    """A case's only hearing: told, asked for or waived, announced, held or declined (行政许可法 第四十七条).

    ``notices`` counts the notices of day and place that went out, each a paper of its own.

    Personal data: what the applicant wrote, names of who asked, presides and keeps the minutes, kept with the case.
    """

    PERSONAL_DATA = personal(
        of_citizen("requested_by", "request_text", "decline_reason", "minutes", activity=CASE_FILE),
        of_official("host", "host_id", "recorded_by"),
    )

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="hearing", verbose_name=_("办件"))
    told_on = models.DateField(_("告知听证权利日"))
    requested_on = models.DateField(_("申请听证日"), null=True)
    requested_by = models.CharField(_("听证申请人"), max_length=60, blank=True, default="", db_default="")
    request_text = models.TextField(_("听证请求"), blank=True, default="", db_default="")
    waived_on = models.DateField(_("放弃听证日"), null=True)
    notices = models.PositiveSmallIntegerField(_("听证通知次数"), default=0, db_default=0)
    notified_on = models.DateField(_("听证通知日"), null=True)
    day = models.DateField(_("听证日"), null=True)
    place = models.CharField(_("听证地点"), max_length=120, blank=True)
    host = models.CharField(_("听证主持人"), max_length=60, blank=True)
    host_id = models.UUIDField(_("听证主持人标识"), null=True)
    held_on = models.DateField(_("举行日"), null=True)
    minutes = models.TextField(_("听证笔录"), blank=True, default="", db_default="")
    declined_on = models.DateField(_("不组织听证日"), null=True)
    decline_reason = models.TextField(_("不组织听证的理由"), blank=True, default="", db_default="")
    recorded_by = models.CharField(_("记录人"), max_length=60, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("听证")
        constraints = [
            models.CheckConstraint(
                condition=Q(declined_on__isnull=True, decline_reason="")
                | (
                    Q(declined_on__isnull=False, requested_on__isnull=False, held_on__isnull=True)
                    & ~Q(decline_reason="")
                ),
                name="cases_hearing_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(requested_on__isnull=False, notified_on__isnull=False),
                name="cases_hearing_day_after_request",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(day__isnull=False), name="cases_hearing_held_as_announced"
            ),
        ]
