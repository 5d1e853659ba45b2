"""Evaluators at windows, what they are asked to show, and the requests they have made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.ratings.constants import DeviceKind, ServiceEvent
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class Device(Row):
    """An evaluator of a unit at a window; its key signs its requests (HMAC-SM3) and was shown once.

    Personal data: name of the official who registered it, kept with the device.
    """

    PERSONAL_DATA = personal(of_official("registered_by"))

    code = models.CharField(_("设备编号"), max_length=16)
    kind = models.CharField(_("设备类型"), max_length=8, choices=DeviceKind)
    name = models.CharField(_("设备名称"), max_length=60)
    window = models.CharField(_("窗口"), max_length=40, blank=True)
    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)
    key = EncryptedTextField(_("设备密钥"))
    key_no = models.PositiveIntegerField(_("密钥版次"), default=1)
    registered_by = models.CharField(_("登记人"), max_length=60)
    last_seen_at = models.DateTimeField(_("最近联系时间"), null=True)
    ended_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("评价器")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="ratings_device_code_once")]
        indexes = [models.Index(fields=["tenant", "org_id"], name="ratings_device_org")]


class DeviceCall(Row):
    """An invitation on an evaluator: the matter the person at the window is asked to rate; one open a device.

    Personal data: name of the official who asked, kept with the call.
    """

    PERSONAL_DATA = personal(of_official("asked_by"))

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="calls", verbose_name=_("评价器"))
    subject_kind = models.CharField(_("评价对象类型"), max_length=40)
    subject_id = models.CharField(_("评价对象标识"), max_length=64)
    service = models.CharField(_("服务事件"), max_length=12, choices=ServiceEvent)
    title = models.CharField(_("评价事项"), max_length=200)
    asked_by = models.CharField(_("邀请人"), max_length=60)
    expires_at = models.DateTimeField(_("失效时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    rated = models.BooleanField(_("已评价"), default=False)

    class Meta:
        verbose_name = _("评价器邀请")
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=Q(ended_at__isnull=True), name="ratings_call_one_open")
        ]


class DeviceNonce(Row):
    """A number an evaluator used once: the same request a second time is refused.

    Personal data: none; swept when the time in the request alone would refuse it.
    """

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+", verbose_name=_("评价器"))
    nonce = models.CharField(_("随机数"), max_length=64)

    class Meta:
        verbose_name = _("评价器请求随机数")
        constraints = [models.UniqueConstraint(fields=["device", "nonce"], name="ratings_nonce_once")]
        indexes = [models.Index(fields=["created_at"], name="ratings_nonce_at")]
