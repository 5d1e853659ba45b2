"""Ratings as they were given."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.ratings.constants import RATING, TEXT_MAX, Channel, Grade, ServiceEvent, Turn
from zhengtong.capabilities.ratings.models.devices import Device
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, personal
from zhengtong.kernel.models import Row


class Rating(Row):
    """A rating of one service event of a matter; never changed (a trigger refuses it), whoever judges it.

    ``own_device``: given on an evaluator of the very unit that was rated. ``anonymous`` hides the person from the
    unit; ``person_id`` is empty for who rated by a link, an evaluator or a short message.

    Personal data: who rated (pseudonym), the text, a telephone number for the call-back (encrypted); kept three years.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", "phone", "text", activity=RATING))

    subject_kind = models.CharField(_("评价对象类型"), max_length=40)
    subject_id = models.CharField(_("评价对象标识"), max_length=64)
    service = models.CharField(_("服务事件"), max_length=12, choices=ServiceEvent)
    turn = models.CharField(_("评价次别"), max_length=8, choices=Turn)
    grade = models.CharField(_("满意度"), max_length=20, choices=Grade)
    tags = models.JSONField(_("评价短语"), default=list)
    text = models.CharField(_("文字评价"), max_length=TEXT_MAX, blank=True)
    anonymous = models.BooleanField(_("对单位匿名"), default=False)
    channel = models.CharField(_("评价渠道"), max_length=8, choices=Channel)
    person_id = models.UUIDField(_("评价人标识"), null=True)
    phone = EncryptedTextField(_("回访电话"), blank=True, default="")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("评价器"))
    own_device = models.BooleanField(_("来自被评价单位的设备"), default=False)
    number = models.CharField(_("办件编号"), max_length=80, blank=True)
    title = models.CharField(_("评价事项"), max_length=200)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    org_id = models.UUIDField(_("被评价单位标识"))
    org_name = models.CharField(_("被评价单位"), max_length=120)
    handlers = models.CharField(_("办理岗位"), max_length=200, blank=True)
    window = models.CharField(_("窗口"), max_length=40, blank=True)
    case_id = models.UUIDField(_("办件标识"), null=True)
    happened_at = models.DateTimeField(_("服务时间"))

    class Meta:
        verbose_name = _("服务评价")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "service", "turn"], name="ratings_rating_once"
            ),
            models.CheckConstraint(
                condition=Q(own_device=False) | Q(device__isnull=False), name="ratings_own_device_named"
            ),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="ratings_grade_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "created_at"], name="ratings_rating_at"),
            models.Index(fields=["tenant", "org_id", "created_at"], name="ratings_rating_org"),
        ]


class ReplyInvitation(Row):
    """A short message that asked for a rating: which matter a reply from that number is about.

    Personal data: the number as a keyed digest; kept as long as the matter may be rated.
    """

    PERSONAL_DATA = personal(of_citizen("phone_index", activity=RATING))

    phone_index = models.CharField(_("号码摘要"), max_length=64)
    subject_kind = models.CharField(_("评价对象类型"), max_length=40)
    subject_id = models.CharField(_("评价对象标识"), max_length=64)
    service = models.CharField(_("服务事件"), max_length=12, choices=ServiceEvent)
    answered_at = models.DateTimeField(_("回复时间"), null=True)

    class Meta:
        verbose_name = _("短信评价邀请")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "phone_index", "subject_kind", "subject_id", "service"],
                name="ratings_invitation_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "phone_index", "-created_at"],
                name="ratings_invitation_open",
                condition=Q(answered_at__isnull=True),
            )
        ]
