"""Paths: the ways cases took over their drawings, worked out from the log of events. They can be built again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.models.watched import WatchedCase


class PathVariant(Row):
    """One way over one version of a process, however many cases took it; parallel steps in any order are one way.

    ``legs``: steps as [place, legs before, times side by side]; ``flows``: arrow → passages; ``deviations``: [kind,
    place]. ``fit`` of ``whole`` steps fit the drawing.

    Personal data: none.
    """

    process_id = models.UUIDField(_("流程版本标识"))
    digest = models.CharField(_("摘要"), max_length=32)
    legs = models.JSONField(_("经过的环节"))
    flows = models.JSONField(_("经过的连线"))
    deviations = models.JSONField(_("偏离"))
    deviating = models.PositiveIntegerField(_("偏离处数"), default=0)
    loops = models.PositiveIntegerField(_("重复环节数"), default=0)
    fit = models.PositiveIntegerField(_("符合图纸的环节数"), default=0)
    whole = models.PositiveIntegerField(_("应有环节数"), default=0)

    class Meta:
        verbose_name = _("办理路径")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "process_id", "digest"], name="supervision_variant_once"),
            models.CheckConstraint(condition=Q(fit__lte=models.F("whole")), name="supervision_variant_fits"),
        ]


class CasePath(Row):
    """The way one case took, with when and by which post it left the drawing.

    ``seconds`` from receipt to the end on working days, legal stops left out; None while it runs.

    Personal data: none (unit and post only); rebuilt from the stored events.
    """

    case = models.OneToOneField(WatchedCase, on_delete=models.CASCADE, related_name="path", verbose_name=_("办件"))
    variant = models.ForeignKey(PathVariant, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理路径"))
    process_id = models.UUIDField(_("流程版本标识"))
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    title = models.CharField(_("事项"), max_length=200, blank=True)
    org_id = models.UUIDField(_("主办单位标识"))
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    seconds = models.PositiveBigIntegerField(_("办理时长（秒）"), null=True)
    faults = models.JSONField(_("偏离明细"))

    class Meta:
        verbose_name = _("办件路径")
        indexes = [
            models.Index(
                fields=["tenant", "process_id", "closed_at"],
                name="supervision_path_closed",
                include=["variant", "org_id", "item_code", "seconds"],
            ),
            models.Index(fields=["variant", "closed_at"], name="supervision_path_variant"),
        ]


class StepTime(models.Model):
    """How long one step of a case took: a row a step done, so that it is summed without a join.

    ``waited`` seconds until it was taken (签收), ``worked`` from then until it was done, ``total`` both: on working
    days, legal stops left out, each rounded as it is shown. What nobody took before he did it only waited.

    Personal data: none (unit only); rebuilt from the stored events.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField()
    path = models.ForeignKey(CasePath, on_delete=models.CASCADE, related_name="times", verbose_name=_("办件路径"))
    process_id = models.UUIDField(_("流程版本标识"))
    node = models.CharField(_("图纸位置"), max_length=80)
    step_id = models.UUIDField(_("环节标识"))
    org_id = models.UUIDField(_("办理单位标识"), null=True)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    done_at = models.DateTimeField(_("办理时间"))
    waited = models.PositiveBigIntegerField(_("等待时长（秒）"))
    worked = models.PositiveBigIntegerField(_("办理时长（秒）"))
    total = models.PositiveBigIntegerField(_("合计时长（秒）"))
    late = models.BooleanField(_("超期"), default=False)

    class Meta:
        verbose_name = _("环节用时")
        indexes = [
            models.Index(
                fields=["tenant", "process_id", "done_at"],
                name="supervision_time_process",
                include=["node", "org_id", "waited", "worked", "total", "late"],
            ),
            models.Index(fields=["tenant", "process_id", "item_code", "done_at"], name="supervision_time_item"),
        ]


class StepTally(models.Model):
    """The steps of a whole month that is over, counted by how long they took; ``kind`` is a key of ``rules.times``.

    Personal data: none (counts only); counted again from the times of steps whenever one of its month changes.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField()
    process_id = models.UUIDField(_("流程版本标识"))
    month = models.DateField(_("月份"))
    node = models.CharField(_("图纸位置"), max_length=80)
    org_id = models.UUIDField(_("办理单位标识"), null=True)
    kind = models.PositiveSmallIntegerField(_("用时类别"))
    seconds = models.PositiveBigIntegerField(_("时长（秒）"))
    number = models.PositiveIntegerField(_("环节数"))

    class Meta:
        verbose_name = _("环节用时合计")
        indexes = [
            models.Index(
                fields=["tenant", "process_id", "month"],
                name="supervision_tally_month",
                include=["node", "org_id", "kind", "seconds", "number"],
            ),
        ]


class TalliedMonth(models.Model):
    """A month of a process version that is counted in ``StepTally``; any other is summed from the steps themselves.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField()
    process_id = models.UUIDField(_("流程版本标识"))
    month = models.DateField(_("月份"))

    class Meta:
        verbose_name = _("已合计月份")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "process_id", "month"], name="supervision_tallied_once"),
        ]


class PathDue(models.Model):
    """A case about which something new was told: its path is to be held against the drawing again.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField()
    case = models.ForeignKey(WatchedCase, on_delete=models.CASCADE, related_name="+", verbose_name=_("办件"))

    class Meta:
        verbose_name = _("待核对路径")
