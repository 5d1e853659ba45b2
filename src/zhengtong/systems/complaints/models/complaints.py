"""Complaints as they came in, and where they stand."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import Category, of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.complaints.constants import (
    COMPLAINT,
    About,
    Channel,
    Ending,
    Finding,
    Kind,
    Protection,
    ReviewResult,
    Satisfaction,
    State,
)


class Complaint(Row):
    """One question, complaint, report or suggestion.

    The words of the person, and who he is, stand encrypted; ``brief_title`` and ``brief`` are what the handling unit
    reads, with everything taken out that would name a person who wants to stay unknown. ``accused_people`` are the
    holders of the post it is about: they never see it.

    Personal data: name, telephone, citizen number, address of who wrote and his words (encrypted; nothing of an
    anonymous one), names of officials; kept five years after the end.
    """

    PERSONAL_DATA = personal(
        of_citizen(
            "person_id",
            "name",
            "phone",
            "phone_index",
            "address",
            "represents",
            "title",
            "content",
            "wish",
            "brief_title",
            "brief",
            "satisfaction_text",
            "review_reason",
            activity=COMPLAINT,
        ),
        of_citizen("citizen_number", activity=COMPLAINT, category=Category.SENSITIVE),
        of_official("taken_by", "taken_by_id", "answered_by_id", "answered_for_id", "accused_people"),
        of_third("reason", "answer", activity=COMPLAINT),
    )

    number = models.CharField(_("编号"), max_length=24)
    code_digest = models.CharField(_("查询码摘要"), max_length=64)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    protection = models.CharField(_("身份保护"), max_length=14, choices=Protection)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel)
    about = models.CharField(_("对象"), max_length=12, choices=About)
    subject_kind = models.CharField(_("业务对象类型"), max_length=40, blank=True)
    subject_id = models.CharField(_("业务对象标识"), max_length=64, blank=True)
    subject_number = models.CharField(_("办件编号"), max_length=80, blank=True)
    subject_title = models.CharField(_("所涉事项"), max_length=200, blank=True)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    case_id = models.UUIDField(_("办件标识"), null=True)
    accused_org_id = models.UUIDField(_("所涉单位标识"), null=True)
    accused_org_name = models.CharField(_("所涉单位"), max_length=120, blank=True)
    accused_org_path = models.CharField(_("所涉单位路径"), max_length=255, blank=True)
    accused_post_id = models.UUIDField(_("所涉岗位标识"), null=True)
    accused_post_name = models.CharField(_("所涉岗位"), max_length=80, blank=True)
    accused_leads = models.BooleanField(_("所涉岗位是单位负责人"), default=False)
    accused_people = models.JSONField(_("所涉岗位人员标识"), default=list)
    title = EncryptedTextField(_("标题"))
    content = EncryptedTextField(_("内容"))
    wish = EncryptedTextField(_("诉求"), blank=True, default="")
    happened_on = models.DateField(_("发生日期"), null=True)
    brief_title = EncryptedTextField(_("交办标题"), blank=True, default="")
    brief = EncryptedTextField(_("交办内容"), blank=True, default="")
    person_id = models.UUIDField(_("提出人标识"), null=True)
    name = EncryptedTextField(_("姓名"), blank=True, default="")
    phone = EncryptedTextField(_("电话"), blank=True, default="")
    phone_index = models.CharField(_("电话摘要"), max_length=64, blank=True, default="")
    citizen_number = EncryptedTextField(_("身份证号码"), blank=True, default="")
    address = EncryptedTextField(_("联系地址"), blank=True, default="")
    represents = EncryptedTextField(_("代表的单位"), blank=True, default="")
    may_publish = models.BooleanField(_("同意隐去身份后公开"), default=False)
    received_at = models.DateTimeField(_("收到时间"))
    received_note = models.CharField(_("收到经过"), max_length=200, blank=True)
    taken_by = models.CharField(_("登记人"), max_length=60, blank=True)
    taken_by_id = models.UUIDField(_("登记人标识"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECEIVED)
    ending = models.CharField(_("办结方式"), max_length=14, choices=Ending, blank=True, default="")
    reason = EncryptedTextField(_("理由"), blank=True, default="")
    transferred_to = models.CharField(_("转送机关"), max_length=120, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged", null=True, verbose_name=_("并入的主件")
    )
    handler_org_id = models.UUIDField(_("承办单位标识"), null=True)
    handler_org_name = models.CharField(_("承办单位"), max_length=120, blank=True, default="")
    by_office = models.BooleanField(_("监察机构直接办理"), default=False)
    turn = models.PositiveSmallIntegerField(_("办理次数"), default=1)
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    in_time = models.BooleanField(_("按期答复"), null=True)
    finding = models.CharField(_("结论"), max_length=12, choices=Finding, blank=True, default="")
    measures = models.JSONField(_("处理措施"), default=list)
    answer = EncryptedTextField(_("答复"), blank=True, default="")
    answered_by_id = models.UUIDField(_("审定人标识"), null=True)
    answered_for_id = models.UUIDField(_("审定人所代的人标识"), null=True)
    satisfaction = models.CharField(_("满意度"), max_length=12, choices=Satisfaction, blank=True, default="")
    satisfaction_text = EncryptedTextField(_("评价意见"), blank=True, default="")
    review_reason = EncryptedTextField(_("申请复核的理由"), blank=True, default="")
    review_asked_at = models.DateTimeField(_("申请复核时间"), null=True)
    review_result = models.CharField(_("复核结果"), max_length=8, choices=ReviewResult, blank=True, default="")
    erased_at = models.DateTimeField(_("个人信息删除时间"), null=True)

    class Meta:
        verbose_name = _("咨询投诉")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="complaints_number_once"),
            models.CheckConstraint(
                condition=~Q(protection=Protection.ANONYMOUS)
                | Q(person_id__isnull=True, name="", phone="", phone_index="")
                & Q(citizen_number="", address="", represents=""),
                name="complaints_anonymous_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(ending="")
                | ~Q(state=State.CLOSED) & Q(closed_at__isnull=True, ending=""),
                name="complaints_closed_with_ending",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="complaints_merged_into_other"
            ),
            models.CheckConstraint(
                condition=Q(by_office=False) | Q(handler_org_id__isnull=False), name="complaints_office_named"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "received_at"], name="complaints_queue"),
            models.Index(fields=["tenant", "handler_org_id", "state"], name="complaints_unit"),
            models.Index(fields=["person_id"], name="complaints_person", condition=Q(person_id__isnull=False)),
            models.Index(fields=["tenant", "phone_index"], name="complaints_phone", condition=~Q(phone_index="")),
        ]

    @property
    def hidden(self) -> bool:
        """Whether the handling unit must not learn who wrote."""
        return self.protection != Protection.SIGNED


class ComplaintCounter(models.Model):
    """The last number given out on a day.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    day = models.DateField(_("日期"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("咨询投诉编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="complaints_counter_once")]
