"""Drawn processes and the timers they arm."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
