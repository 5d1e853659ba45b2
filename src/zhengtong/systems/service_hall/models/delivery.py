"""Tables of delivery: how the applicant wants the paper licence, where it is, who took it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import DeliveryState, DeliveryWay, IdentityProof
from zhengtong.systems.service_hall.constants.processing import DELIVERY
from zhengtong.systems.service_hall.models.applications import Application


class Delivery(Row):
    """送达：the paper licence of one application on its way to the applicant; without a row he wants none.

    Personal data: recipient, telephone, address, code and the name of who collected (all encrypted), a signature; kept
    with the application, the address until a year after delivery.
    """

    PERSONAL_DATA = personal(
        of_citizen("recipient", "phone", "address", "collect_code", "collected_by", "signature", activity=DELIVERY),
    )

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="delivery", verbose_name=_("申请")
    )
    way = models.CharField(_("领取方式"), max_length=12, choices=DeliveryWay)
    state = models.CharField(_("送达状态"), max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    place_org_id = models.UUIDField(_("领取点标识"), null=True)
    place_name = models.CharField(_("领取点"), max_length=120, blank=True, default="")
    recipient = EncryptedTextField(_("收件人"), blank=True, default="")
    phone = EncryptedTextField(_("收件电话"), blank=True, default="")
    address = EncryptedTextField(_("收件地址"), blank=True, default="")
    collect_code = EncryptedTextField(_("领取码"), blank=True, default="")
    carrier = models.CharField(_("寄递企业"), max_length=40, blank=True, default="")
    tracking_no = models.CharField(_("寄递单号"), max_length=60, blank=True, default="")
    collected_by = EncryptedTextField(_("领取人"), blank=True, default="")
    proof = models.CharField(_("核对的证件"), max_length=12, choices=IdentityProof, blank=True, default="")
    signature = models.ForeignKey(
        "kernel.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("领取签名")
    )
    moved_at = models.DateTimeField(_("最近进展时间"))
    asked_at = models.DateTimeField(_("最近查询进展时间"), null=True)
    reminders = models.PositiveSmallIntegerField(_("提醒次数"), default=0)
    reminded_at = models.DateTimeField(_("最近提醒时间"), null=True)
    done_at = models.DateTimeField(_("送达时间"), null=True)
    erased_at = models.DateTimeField(_("收件信息删除时间"), null=True)

    class Meta:
        verbose_name = _("证照送达")
        constraints = [
            models.CheckConstraint(
                condition=~Q(way="post") | (~Q(recipient="") & ~Q(phone="") & ~Q(address="")),
                name="service_hall_post_has_address",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["window", "township"]) | Q(place_org_id__isnull=False),
                name="service_hall_pick_up_has_place",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | Q(~Q(state="done"), done_at__isnull=True),
                name="service_hall_delivery_done",
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | (~Q(carrier="") & ~Q(tracking_no="")),
                name="service_hall_posted_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "moved_at"], name="service_hall_deliveries"),
            models.Index(fields=["tenant", "place_org_id"], name="service_hall_delivery_place"),
            models.Index(
                fields=["tenant", "tracking_no"], condition=~Q(tracking_no=""), name="service_hall_delivery_number"
            ),
        ]


class DeliveryEvent(Row):
    """送达进展：one step of a delivery, by whom it was told; a carrier's event is kept once.

    Personal data: none; words of officials and carriers without names of recipients.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events", verbose_name=_("证照送达"))
    at = models.DateTimeField(_("时间"))
    words = models.CharField(_("进展"), max_length=200)
    source = models.CharField(_("来源"), max_length=120)
    key = models.CharField(_("来源编号"), max_length=80, blank=True, default="")

    class Meta:
        verbose_name = _("送达进展")
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "key"], condition=~Q(key=""), name="service_hall_carrier_event_once"
            )
        ]
        indexes = [models.Index(fields=["delivery", "at"], name="service_hall_delivery_events")]


class CarrierCall(Row):
    """寄递回报：a signed report of a courier's system; one nonce is taken once.

    Personal data: none (numbers and words of the courier).
    """

    carrier = models.CharField(_("寄递企业"), max_length=40)
    nonce = models.CharField(_("随机串"), max_length=64)
    tracking_no = models.CharField(_("寄递单号"), max_length=60)
    key = models.CharField(_("来源编号"), max_length=80)
    outcome = models.CharField(_("处理结果"), max_length=12)

    class Meta:
        verbose_name = _("寄递回报")
        constraints = [models.UniqueConstraint(fields=["carrier", "nonce"], name="service_hall_carrier_call_once")]
        indexes = [models.Index(fields=["tenant", "tracking_no"], name="service_hall_carrier_calls")]
