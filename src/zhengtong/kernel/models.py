"""Tables of the ground floor: events to deliver, parameters' values, stored files."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.clock import now
from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.inventory import ATTEMPTS, FILES, Category, of_citizen, personal


class Row(models.Model):
    """Base of business rows: time-ordered key, tenant, time of creation."""

    id = models.UUIDField(_("标识"), primary_key=True, default=new_id, editable=False)
    tenant = TenantField(db_index=False)
    created_at = models.DateTimeField(_("创建时间"), default=now, editable=False)

    class Meta:
        abstract = True


class OutboxEvent(models.Model):
    """An event written in the transaction of its act and delivered after it.

    Personal data: none (events carry pseudonyms only).
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(_("事件标识"), unique=True)
    tenant = TenantField()
    name = models.CharField(_("事件名称"), max_length=80)
    object_kind = models.CharField(_("对象类型"), max_length=40)
    object_id = models.CharField(_("对象标识"), max_length=64)
    at = models.DateTimeField(_("发生时间"))
    data = models.JSONField(_("内容"), default=dict)
    attempts = models.PositiveIntegerField(_("投递次数"), default=0)
    next_try_at = models.DateTimeField(_("下次投递时间"), null=True)
    last_error = models.TextField(_("最近错误"), blank=True)
    delivered_at = models.DateTimeField(_("投递时间"), null=True)

    class Meta:
        verbose_name = _("待投递事件")
        indexes = [
            models.Index(fields=["id"], name="kernel_outbox_waiting", condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["object_kind", "object_id"], name="kernel_outbox_object"),
        ]


class InboxKey(models.Model):
    """Remembers which subscriber has already handled which event.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    subscriber = models.CharField(_("订阅方"), max_length=80)
    event_id = models.UUIDField(_("事件标识"))
    handled_at = models.DateTimeField(_("处理时间"), default=now)

    class Meta:
        verbose_name = _("已处理事件")
        constraints = [models.UniqueConstraint(fields=["subscriber", "event_id"], name="kernel_inbox_once")]


class ParameterValue(Row):
    """A tenant's own value of a declared parameter, valid for a time.

    Personal data: none.
    """

    key = models.CharField(_("参数"), max_length=80)
    value = models.JSONField(_("取值"))
    source = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("生效日期"))
    valid_until = models.DateField(_("失效日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("参数取值")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "valid_from"], name="kernel_parameter_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="kernel_parameter_period",
            ),
        ]


class StoredFile(Row):
    """A file that passed the door of ``kernel.storage``; its content lies under its SHA-256 digest.

    Personal data: the content may hold any; it follows the retention of the object it belongs to.
    """

    PERSONAL_DATA = personal(of_citizen("name", "digest", activity=FILES, category=Category.MINOR))

    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("文件")
        indexes = [models.Index(fields=["digest"], name="kernel_file_digest")]


class Simulation(Row):
    """A stretch of invented past that the demonstration's simulator lives through: how far it is.

    Personal data: none.
    """

    from_at = models.DateTimeField(_("模拟起点"))
    until_at = models.DateTimeField(_("模拟终点"))
    position = models.DateTimeField(_("模拟到的时间"))
    made = models.PositiveIntegerField(_("已生成数量"), default=0)
    wanted = models.PositiveIntegerField(_("计划生成数量"))
    seed = models.BigIntegerField(_("随机种子"))
    beat_at = models.DateTimeField(_("最近进展时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("模拟运行")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(ended_at__isnull=True), name="kernel_simulation_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(from_at__lt=models.F("until_at")), name="kernel_simulation_span"),
        ]


class Attempt(Row):
    """Something done without signing in, counted against guessing and bulk use from one address or session.

    Personal data: network address or session as a keyed digest that changes every day, kept for a day.
    """

    PERSONAL_DATA = personal(of_citizen("address", activity=ATTEMPTS))

    scope = models.CharField(_("用途"), max_length=80)
    address = models.CharField(_("网络地址摘要"), max_length=64)

    class Meta:
        verbose_name = _("访问计数")
        indexes = [
            models.Index(fields=["tenant", "scope", "address", "created_at"], name="kernel_attempt_address"),
            models.Index(fields=["tenant", "created_at"], name="kernel_attempt_at"),
        ]
