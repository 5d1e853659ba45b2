"""Requests for information as they came in, and where they stand."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import Category, of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.disclosure.constants import (
    REQUEST,
    ApplicantKind,
    AskKind,
    Channel,
    Delivery,
    Form,
    State,
)
from zhengtong.systems.disclosure.rules.outcomes import CHOICES


class DisclosureRequest(Row):
    """依申请公开：one request to one unit.

    ``received_on`` is the day the limit counts from (第三十一条), none while a letter or a fax is to be confirmed.
    What the person wrote, and who he is, stand encrypted; ``applicant_index`` finds the others of the same applicant.

    Personal data: name, number of identity, telephone, address and words of who asked (encrypted), names of officials;
    kept ten years after the end.
    """

    PERSONAL_DATA = personal(
        of_citizen(
            "person_id",
            "legal_person_id",
            "name",
            "contact_name",
            "phone",
            "email",
            "address",
            "postcode",
            "title",
            "content",
            "use",
            "reasons",
            "applicant_index",
            activity=REQUEST,
        ),
        of_citizen("identity_number", activity=REQUEST, category=Category.SENSITIVE),
        of_official("taken_by", "taken_by_id", "closed_by_id"),
        of_third("answer", "reason", activity=REQUEST),
    )

    number = models.CharField(_("编号"), max_length=24)
    code_digest = models.CharField(_("查询码摘要"), max_length=64)
    kind = models.CharField(_("申请事项"), max_length=12, choices=AskKind)
    org_id = models.UUIDField(_("受理单位标识"))
    org_code = models.CharField(_("受理单位代码"), max_length=20)
    org_name = models.CharField(_("受理单位"), max_length=120)
    org_path = models.CharField(_("受理单位路径"), max_length=255)
    applicant_kind = models.CharField(_("申请人类别"), max_length=10, choices=ApplicantKind)
    person_id = models.UUIDField(_("申请人标识"), null=True)
    legal_person_id = models.UUIDField(_("申请法人标识"), null=True)
    name = EncryptedTextField(_("姓名或者名称"))
    contact_name = EncryptedTextField(_("联系人"), blank=True, default="")
    identity_kind = models.CharField(_("证件名称"), max_length=40)
    identity_number = EncryptedTextField(_("证件号码"))
    applicant_index = models.CharField(_("申请人摘要"), max_length=64)
    phone = EncryptedTextField(_("联系电话"))
    email = EncryptedTextField(_("电子邮箱"), blank=True, default="")
    address = EncryptedTextField(_("通信地址"), blank=True, default="")
    postcode = EncryptedTextField(_("邮政编码"), blank=True, default="")
    title = EncryptedTextField(_("所需信息的名称"))
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    content = EncryptedTextField(_("所需信息的特征描述"))
    use = EncryptedTextField(_("所需信息的用途"), blank=True, default="")
    form = models.CharField(_("提供信息的形式"), max_length=12, choices=Form)
    delivery = models.CharField(_("获取信息的方式"), max_length=10, choices=Delivery)
    reasons = EncryptedTextField(_("申请理由的说明"), blank=True, default="")
    reasons_asked_at = models.DateTimeField(_("要求说明理由的时间"), null=True)
    channel = models.CharField(_("渠道"), max_length=14, choices=Channel)
    arrived_on = models.DateField(_("送达日期"))
    received_on = models.DateField(_("收到申请之日"), null=True)
    corrected_on = models.DateField(_("收到补正之日"), null=True)
    received_at = models.DateTimeField(_("登记时间"))
    received_note = models.CharField(_("收到经过"), max_length=200, blank=True)
    taken_by = models.CharField(_("登记人"), max_length=60, blank=True)
    taken_by_id = models.UUIDField(_("登记人标识"), null=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="parts", null=True, verbose_name=_("拆分前的申请")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.HANDLING)
    outcome = models.CharField(_("处理结果"), max_length=20, choices=CHOICES, blank=True, default="")
    reason = EncryptedTextField(_("理由"), blank=True, default="")
    answer = EncryptedTextField(_("答复内容"), blank=True, default="")
    access = models.CharField(_("获取方式和途径"), max_length=500, blank=True, default="")
    agency = models.CharField(_("负责公开的机关"), max_length=200, blank=True, default="")
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    closed_by_id = models.UUIDField(_("审定人标识"), null=True)
    in_time = models.BooleanField(_("按期答复"), null=True)
    erased_at = models.DateTimeField(_("个人信息删除时间"), null=True)

    class Meta:
        verbose_name = _("信息公开申请")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="disclosure_number_once"),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state=State.CLOSED) & Q(closed_at__isnull=True, outcome=""),
                name="disclosure_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.AWAITING, State.CLOSED]) | Q(received_on__isnull=False),
                name="disclosure_handled_when_received",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("arrived_on")),
                name="disclosure_received_after_arrival",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="disclosure_part_of_other"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "received_at"], name="disclosure_queue"),
            models.Index(fields=["tenant", "org_id", "state"], name="disclosure_unit"),
            models.Index(fields=["tenant", "org_id", "applicant_index"], name="disclosure_applicant"),
            models.Index(fields=["person_id"], name="disclosure_person", condition=Q(person_id__isnull=False)),
        ]


class DisclosureCounter(models.Model):
    """The last number given out in a series: of requests on a day, of entries of a unit in a year.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    series = models.CharField(_("号段"), max_length=60)
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("信息公开编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "series"], name="disclosure_counter_once")]
