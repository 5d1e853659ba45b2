"""What waits to be reported, how far each data set is, and how the two sides compare."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.models import Row


class ReportStream(Row):
    """上报数据流：one data set of a county; its packages are numbered without gaps under a lock on this row.

    ``failures`` and ``failing_since`` count tries in a row that did not go well; ``last_digest`` is that of the newest
    manifest, which the next one names.

    Personal data: none.
    """

    dataset = models.CharField(_("数据集"), max_length=40)
    last_sequence = models.PositiveIntegerField(_("最后序号"), default=0)
    last_digest = models.CharField(_("最后一包摘要"), max_length=64, blank=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    failing_since = models.DateTimeField(_("从何时起失败"), null=True)
    next_try_at = models.DateTimeField(_("下次发送时间"), null=True)
    last_error = models.CharField(_("最近错误"), max_length=300, blank=True)
    swept_on = models.DateField(_("最近查漏日期"), null=True)

    class Meta:
        verbose_name = _("上报数据流")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "dataset"], name="exchange_stream_once"),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True) | Q(failures__gt=0, failing_since__isnull=False),
                name="exchange_stream_failing",
            ),
            models.CheckConstraint(
                condition=Q(last_sequence=0, last_digest="") | (Q(last_sequence__gt=0) & ~Q(last_digest="")),
                name="exchange_stream_chain",
            ),
        ]


class ChangedRow(Row):
    """待报变动：a row that changed and is to go into the next package; gone once it is in one.

    ``problems`` say why it cannot be reported as it is (pairs of code and element); then it is held until it changes
    again or somebody has it tried again. ``forced``: to be sent even where the content is the same as before.

    Personal data: none (keys of rows; the title names the matter, not the person).
    """

    dataset = models.CharField(_("数据集"), max_length=40)
    row_key = models.CharField(_("记录标识"), max_length=80)
    marked_at = models.DateTimeField(_("变动时间"))
    forced = models.BooleanField(_("人工重报"), default=False)
    problems = models.JSONField(_("不能上报的原因"), default=list)
    held_at = models.DateTimeField(_("暂停上报时间"), null=True)
    title = models.CharField(_("记录名称"), max_length=200, blank=True)
    org_id = models.UUIDField(_("责任单位标识"), null=True)
    org_name = models.CharField(_("责任单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("待报变动")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "dataset", "row_key"], name="exchange_changed_once"),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, problems=[]) | (Q(held_at__isnull=False) & ~Q(problems=[])),
                name="exchange_changed_held_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "dataset", "marked_at"],
                name="exchange_changed_waiting",
                condition=Q(held_at__isnull=True),
            )
        ]


class ReportReconciliation(Row):
    """上报对账：what both sides have of a data set and a day; ``differences`` name packages that do not agree.

    Personal data: none.
    """

    dataset = models.CharField(_("数据集"), max_length=40)
    day = models.DateField(_("上报日期"))
    our_rows = models.PositiveIntegerField(_("我方行数"))
    their_rows = models.PositiveIntegerField(_("上级行数"))
    our_accepted = models.PositiveIntegerField(_("我方记载的采纳行数"))
    their_accepted = models.PositiveIntegerField(_("上级采纳行数"))
    our_digest = models.CharField(_("我方摘要"), max_length=64)
    their_digest = models.CharField(_("上级摘要"), max_length=64)
    differences = models.JSONField(_("差异"), default=list)
    checked_at = models.DateTimeField(_("核对时间"))

    class Meta:
        verbose_name = _("上报对账")
        constraints = [models.UniqueConstraint(fields=["tenant", "dataset", "day"], name="exchange_reconciled_once")]
        indexes = [models.Index(fields=["tenant", "-day"], name="exchange_reconciled_days")]
