"""Tables of the case engine: processes, cases, work items, opinions, the legal clock, the calendar."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import (
    CaseOutcome,
    CaseStatus,
    DeadlineKind,
    DeadlineState,
    Phase,
    WorkItemStatus,
)
from zhengtong.kernel.clock import now
from zhengtong.kernel.models import Row


class ProcessVersion(Row):
    """A drawn process, checked and frozen; cases stay on the version they began with.

    Personal data: names of the officials who deployed and approved it, kept with the process.
    """

    key = models.CharField(_("流程"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    bpmn_xml = models.TextField(_("图纸"))
    compiled = models.JSONField(_("编译结果"))
    digest = models.CharField(_("摘要"), max_length=64)
    active = models.BooleanField(_("启用"), default=True)
    deployed_by = models.CharField(_("部署人"), max_length=60)
    deployed_by_id = models.UUIDField(_("部署人标识"))
    approved_by = models.CharField(_("批准人"), max_length=60)
    approved_by_id = models.UUIDField(_("批准人标识"))

    class Meta:
        verbose_name = _("流程版本")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "version"], name="cases_process_version_once"),
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(active=True), name="cases_process_one_active"
            ),
            models.CheckConstraint(
                condition=~Q(deployed_by_id=models.F("approved_by_id")), name="cases_process_two_persons"
            ),
        ]


class Case(Row):
    """One matter on its way through a process; knows no item and no document type.

    Personal data: none (the subject keeps it); ``title`` names the matter, not the person.
    """

    number = models.CharField(_("办件编号"), max_length=50)
    title = models.CharField(_("事项"), max_length=200)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    process = models.ForeignKey(ProcessVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("流程版本"))
    marking = models.JSONField(_("进度"))
    variables = models.JSONField(_("流程变量"))
    rev = models.PositiveIntegerField(_("修订号"), default=0)
    status = models.CharField(_("状态"), max_length=10, choices=CaseStatus, default=CaseStatus.OPEN)
    outcome = models.CharField(_("结果"), max_length=16, choices=CaseOutcome, blank=True, default="")
    org_id = models.UUIDField(_("主办单位标识"))
    org_name = models.CharField(_("主办单位"), max_length=120)
    subject_kind = models.CharField(_("业务对象类型"), max_length=40)
    subject_id = models.CharField(_("业务对象标识"), max_length=64)
    clock_plan = models.JSONField(_("时限方案"))
    accepted_on = models.DateField(_("受理日期"), null=True)
    deemed_accepted = models.BooleanField(_("视为受理"), default=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("办件")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="cases_case_number_once"),
            models.UniqueConstraint(fields=["tenant", "subject_kind", "subject_id"], name="cases_case_subject_once"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True, outcome="")
                | (Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")),
                name="cases_case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(deemed_accepted=False) | Q(accepted_on__isnull=False), name="cases_case_deemed_has_day"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "org_id", "status"], name="cases_case_unit")]


class WorkItem(Row):
    """A task of one unit (or of the applicant) in a case: a token that people see.

    Personal data: id and name of the official who did it, kept with the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items", verbose_name=_("办件"))
    token = models.PositiveIntegerField(_("令牌"))
    node = models.CharField(_("环节标识"), max_length=80)
    step = models.CharField(_("环节"), max_length=120)
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase)
    role = models.CharField(_("办理角色"), max_length=24)
    org_id = models.UUIDField(_("办理单位标识"), null=True)
    org_name = models.CharField(_("办理单位"), max_length=120, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=WorkItemStatus, default=WorkItemStatus.OPEN)
    outcome = models.CharField(_("结论"), max_length=24, blank=True)
    opened_at = models.DateTimeField(_("到达时间"), default=now)
    due_at = models.DateTimeField(_("截止时间"), null=True)
    done_at = models.DateTimeField(_("办理时间"), null=True)
    done_by_id = models.UUIDField(_("办理人标识"), null=True)
    done_by = models.CharField(_("办理人"), max_length=60, blank=True)
    done_post = models.CharField(_("办理岗位"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("待办事项")
        constraints = [
            models.UniqueConstraint(fields=["case", "token"], name="cases_work_item_token_once"),
            models.CheckConstraint(
                condition=Q(status="done", done_at__isnull=False) | (~Q(status="done") & Q(done_at__isnull=True)),
                name="cases_work_item_done_at",
            ),
            models.CheckConstraint(
                condition=Q(role="applicant", org_id__isnull=True) | (~Q(role="applicant") & Q(org_id__isnull=False)),
                name="cases_work_item_has_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "role", "due_at"], name="cases_work_item_todo", condition=Q(status="open")),
            models.Index(fields=["org_id", "-done_at"], name="cases_work_item_done", condition=Q(status="done")),
        ]


class Opinion(Row):
    """What somebody wrote when completing a task; never changed, never overwritten.

    Personal data: name of the official, kept with the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("办件"))
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("待办事项"))
    outcome = models.CharField(_("结论"), max_length=24)
    outcome_label = models.CharField(_("结论名称"), max_length=40)
    text = models.TextField(_("意见"), blank=True)
    author = models.CharField(_("签署人"), max_length=60)
    author_id = models.UUIDField(_("签署人标识"), null=True)
    post_name = models.CharField(_("岗位"), max_length=80, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("办理意见")
        indexes = [models.Index(fields=["case", "created_at"], name="cases_opinion_case")]


class Deadline(Row):
    """One running limit of a case or of one of its tasks; ``next_at`` is when its lamp next changes.

    Personal data: none.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines", verbose_name=_("办件"))
    work_item = models.ForeignKey(
        WorkItem, on_delete=models.PROTECT, related_name="deadlines", null=True, verbose_name=_("待办事项")
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

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses", verbose_name=_("办件"))
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


class ProcessTimer(Row):
    """A timer drawn in a process, armed on a token.

    Personal data: none.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name=_("办件"))
    token = models.PositiveIntegerField(_("令牌"))
    node = models.CharField(_("环节标识"), max_length=80)
    due_at = models.DateTimeField(_("触发时刻"))
    fired_at = models.DateTimeField(_("已触发"), null=True)
    off = models.BooleanField(_("已解除"), default=False)

    class Meta:
        verbose_name = _("流程定时器")
        indexes = [
            models.Index(fields=["due_at"], name="cases_timer_due", condition=Q(fired_at__isnull=True, off=False)),
            models.Index(fields=["case"], name="cases_timer_case"),
        ]


class CommandKey(models.Model):
    """Remembers each command of a case, so that a second press of the same button does nothing.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name=_("办件"))
    key = models.CharField(_("指令标识"), max_length=64)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        verbose_name = _("指令")
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="cases_command_once")]


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
