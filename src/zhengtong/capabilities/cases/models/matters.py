"""Cases, and the commands that were given to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import CaseOutcome, CaseStatus
from zhengtong.kernel.clock import now
from zhengtong.kernel.models import Row


class Case(Row):
    """One matter on its way through a process; knows no item and no document type.

    Personal data: none (the subject keeps it); ``title`` names the matter, not the person.
    """

    number = models.CharField(_("办件编号"), max_length=50)
    title = models.CharField(_("事项"), max_length=200)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    process = models.ForeignKey(
        "cases.ProcessVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("流程版本")
    )
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


class CommandKey(models.Model):
    """Remembers each command of a case, so that a second press of the same button does nothing.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("办件"))
    key = models.CharField(_("指令标识"), max_length=64)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        verbose_name = _("指令")
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="cases_command_once")]
