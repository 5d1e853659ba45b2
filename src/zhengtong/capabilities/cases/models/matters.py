"""Cases, and the commands that were given to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import CaseOutcome, CaseStatus
from zhengtong.kernel.clock import now
from zhengtong.kernel.inventory import of_official, personal
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


class HandOver(Row):
    """The open cases of a unit that was merged or abolished on their way to its heir, in batches; kept as a record.

    ``after`` is the last case of the current pass, ``moved`` how many cases went over.
    Personal data: name of the official who decreed it, kept with the cases.
    """

    PERSONAL_DATA = personal(of_official("asked_by"))

    from_org_id = models.UUIDField(_("移出单位标识"))
    from_org_name = models.CharField(_("移出单位"), max_length=120)
    to_org_id = models.UUIDField(_("承继单位标识"))
    to_org_name = models.CharField(_("承继单位"), max_length=120)
    reason = models.CharField(_("依据"), max_length=200)
    asked_by = models.CharField(_("决定人"), max_length=60)
    total = models.PositiveIntegerField(_("应移交办件数"))
    moved = models.PositiveIntegerField(_("已移交办件数"), default=0)
    after = models.UUIDField(_("本轮进度"), null=True)
    finished_at = models.DateTimeField(_("移交完成时间"), null=True)

    class Meta:
        verbose_name = _("机构移交")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "from_org_id"],
                condition=Q(finished_at__isnull=True),
                name="cases_hand_over_one_running",
            ),
            models.CheckConstraint(condition=~Q(from_org_id=models.F("to_org_id")), name="cases_hand_over_two_units"),
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="cases_hand_over_newest")]
