"""The read model: cases and steps as their events told of them. It can be thrown away and built again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.models import Row


class WatchedCase(Row):
    """A case as supervision sees it, from events only; never the source of anything.

    Personal data: none (numbers, items and units only); rebuilt from the stored events.
    """

    case_id = models.UUIDField(_("办件标识"))
    number = models.CharField(_("办件编号"), max_length=50)
    title = models.CharField(_("事项"), max_length=200, blank=True)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    org_id = models.UUIDField(_("主办单位标识"))
    org_name = models.CharField(_("主办单位"), max_length=120)
    opened_at = models.DateTimeField(_("收到时间"), null=True)
    accepted_on = models.DateField(_("受理日期"), null=True)
    deemed_accepted = models.BooleanField(_("视为受理"), default=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=16, blank=True)
    in_time = models.BooleanField(_("按期办结"), null=True)
    paused = models.BooleanField(_("停止计时"), default=False)
    open_steps = models.PositiveIntegerField(_("在办环节数"), default=0)
    supplements = models.PositiveIntegerField(_("补正告知次数"), default=0)
    promised_due = models.DateTimeField(_("承诺时限截止"), null=True)
    statutory_due = models.DateTimeField(_("法定时限截止"), null=True)
    level = models.CharField(_("时限状态"), max_length=8, blank=True)
    last_event_id = models.UUIDField(_("最近事件标识"), null=True)
    last_event_at = models.DateTimeField(_("最近事件时间"), null=True)

    class Meta:
        verbose_name = _("监察办件")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "case_id"], name="supervision_case_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="supervision_case_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant"], name="supervision_case_open", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["tenant", "closed_at"], name="supervision_case_closed"),
            models.Index(fields=["tenant", "opened_at"], name="supervision_case_opened"),
        ]


class WatchedStep(Row):
    """One task of a case as supervision sees it; ``late_at`` is when its limit passed while it was open.

    Personal data: none (unit and post only); rebuilt from the stored events.
    """

    case = models.ForeignKey(WatchedCase, on_delete=models.CASCADE, related_name="steps", verbose_name=_("办件"))
    step_id = models.UUIDField(_("环节标识"))
    node = models.CharField(_("图纸位置"), max_length=80, blank=True)
    step = models.CharField(_("环节"), max_length=120)
    phase = models.CharField(_("阶段"), max_length=12, blank=True)
    org_id = models.UUIDField(_("办理单位标识"), null=True)
    org_name = models.CharField(_("办理单位"), max_length=120, blank=True)
    post_name = models.CharField(_("办理岗位"), max_length=80, blank=True)
    opened_at = models.DateTimeField(_("到达时间"))
    due_at = models.DateTimeField(_("截止时间"), null=True)
    late_at = models.DateTimeField(_("超期起"), null=True)
    done_at = models.DateTimeField(_("办理时间"), null=True)
    outcome = models.CharField(_("结论"), max_length=24, blank=True)
    dropped = models.BooleanField(_("未办即终止"), default=False)

    class Meta:
        verbose_name = _("监察环节")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "step_id"], name="supervision_step_once"),
            models.CheckConstraint(
                condition=Q(dropped=False) | Q(done_at__isnull=True), name="supervision_step_done_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "org_id"],
                name="supervision_step_open",
                condition=Q(done_at__isnull=True, dropped=False),
            ),
            models.Index(fields=["tenant", "done_at"], name="supervision_step_done"),
            models.Index(fields=["case", "opened_at"], name="supervision_step_case"),
        ]


class Board(models.Model):
    """One row a tenant: the version that live pages ask for, and the last number given to a card.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField(unique=True)
    version = models.PositiveBigIntegerField(_("版本"), default=0)
    changed_at = models.DateTimeField(_("最近变化时间"), null=True)
    year = models.PositiveIntegerField(_("编号年份"), default=0)
    last_number = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("监察看板")
