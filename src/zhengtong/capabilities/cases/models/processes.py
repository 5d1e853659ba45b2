"""Drawn processes, their drafts and trials, and the timers they arm."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import DraftState
from zhengtong.kernel.clock import now
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class ProcessVersion(Row):
    """A drawn process, checked and frozen; cases stay on the version they began with.

    Personal data: names of the officials who deployed and approved it, kept with the process.
    """

    PERSONAL_DATA = personal(of_official("deployed_by", "deployed_by_id", "approved_by", "approved_by_id"))

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


class ProcessDraft(Row):
    """A drawing on its way to the next version of a process; one at a time, ``rev`` counts its saves.

    Personal data: names of the officials who drew, submitted and decided, kept with the process.
    """

    PERSONAL_DATA = personal(
        of_official("changed_by", "changed_by_id", "submitted_by", "submitted_by_id", "decided_by", "decided_by_id"),
        of_official("submitted_for_id"),
    )

    key = models.CharField(_("流程"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    bpmn_xml = models.TextField(_("图纸"))
    rev = models.PositiveIntegerField(_("修订号"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=DraftState, default=DraftState.EDITING)
    base = models.ForeignKey(
        ProcessVersion, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("所依据的版本")
    )
    version = models.ForeignKey(
        ProcessVersion, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("启用的版本")
    )
    changed_at = models.DateTimeField(_("修改时间"), default=now)
    changed_by = models.CharField(_("修改人"), max_length=60)
    changed_by_id = models.UUIDField(_("修改人标识"))
    submitted_at = models.DateTimeField(_("报批时间"), null=True)
    submitted_by = models.CharField(_("报批人"), max_length=60, blank=True)
    submitted_by_id = models.UUIDField(_("报批人标识"), null=True)
    submitted_for_id = models.UUIDField(_("所代的人标识"), null=True)
    submitted_org_id = models.UUIDField(_("报批单位标识"), null=True)
    decided_at = models.DateTimeField(_("批复时间"), null=True)
    decided_by = models.CharField(_("批复人"), max_length=60, blank=True)
    decided_by_id = models.UUIDField(_("批复人标识"), null=True)
    note = models.TextField(_("批复意见"), blank=True)

    class Meta:
        verbose_name = _("流程草稿")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"],
                condition=Q(state__in=["editing", "submitted"]),
                name="cases_draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["editing", "discarded"])
                | Q(submitted_by_id__isnull=False, submitted_at__isnull=False),
                name="cases_draft_submitted_by",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    Q(version__isnull=False, decided_by_id__isnull=False)
                    & ~Q(submitted_by_id=models.F("decided_by_id"))
                ),
                name="cases_draft_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "-changed_at"], name="cases_draft_state")]


class ProcessTrial(Row):
    """A recorded trial run of a draft: what was done, one move after the other; played again whenever it is redrawn.

    Personal data: name of the official who recorded it, kept with the draft; the values played are invented.
    """

    PERSONAL_DATA = personal(of_official("recorded_by", "recorded_by_id"))

    draft = models.ForeignKey(ProcessDraft, on_delete=models.CASCADE, related_name="trials", verbose_name=_("流程草稿"))
    title = models.CharField(_("名称"), max_length=120)
    moves = models.JSONField(_("步骤"))
    ending = models.CharField(_("结果"), max_length=120, blank=True)
    recorded_by = models.CharField(_("记录人"), max_length=60)
    recorded_by_id = models.UUIDField(_("记录人标识"))

    class Meta:
        verbose_name = _("试运行记录")
        constraints = [models.UniqueConstraint(fields=["draft", "title"], name="cases_trial_title_once")]


class ProcessTimer(Row):
    """A timer drawn in a process, armed on a token.

    Personal data: none.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", verbose_name=_("办件"))
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
