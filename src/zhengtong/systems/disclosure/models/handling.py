"""What was done with a request: time line, opinions asked for, drafts, fee, letters, files, remedies."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import Category, of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.disclosure.constants import (
    REQUEST,
    ActKind,
    AnswerState,
    FeeMode,
    FeeState,
    LetterKind,
    Opinion,
    PartyKind,
    RemedyKind,
    RemedyResult,
)
from zhengtong.systems.disclosure.models.requests import DisclosureRequest
from zhengtong.systems.disclosure.rules.outcomes import CHOICES


class RequestAct(Row):
    """One line of the time line; appended, never changed (a trigger refuses it). ``told``: who asked sees it.

    Personal data: name of the official; the words (encrypted); kept with the request.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"), of_citizen("text", activity=REQUEST))

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="acts", verbose_name=_("信息公开申请")
    )
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("操作"), max_length=12, choices=ActKind)
    text = EncryptedTextField(_("内容"), blank=True, default="")
    told = models.BooleanField(_("申请人可见"), default=False)
    person_id = models.UUIDField(_("操作人标识"), null=True)
    person_name = models.CharField(_("操作人"), max_length=60, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("信息公开办理记录")
        constraints = [models.UniqueConstraint(fields=["request", "no"], name="disclosure_act_no_once")]


class Consultation(Row):
    """征求意见: a third party or an agency is asked whether the information may be opened.

    They read ``about``, written by the officer without naming who asked. ``overriding``: opened although they object.

    Personal data: name, contact and words of the third party (encrypted), name of the official; kept with the request.
    """

    PERSONAL_DATA = personal(
        of_third("party", "contact", "words", "about", activity=REQUEST),
        of_official("asked_by", "asked_by_id", "taken_by"),
    )

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("信息公开申请")
    )
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("类别"), max_length=8, choices=PartyKind)
    party = EncryptedTextField(_("征求谁的意见"))
    contact = EncryptedTextField(_("联系方式"), blank=True, default="")
    org_id = models.UUIDField(_("机关标识"), null=True)
    about = EncryptedTextField(_("所涉信息"))
    asked_by = models.CharField(_("征求人"), max_length=60)
    asked_by_id = models.UUIDField(_("征求人标识"))
    asked_on = models.DateField(_("征求日期"))
    due_on = models.DateField(_("最迟答复日"))
    opinion = models.CharField(_("意见"), max_length=8, choices=Opinion, blank=True, default="")
    words = EncryptedTextField(_("理由"), blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    taken_by = models.CharField(_("代为登记的人"), max_length=60, blank=True, default="")
    overridden = models.BooleanField(_("不同意而仍然公开"), default=False)

    class Meta:
        verbose_name = _("信息公开征求意见")
        constraints = [
            models.UniqueConstraint(fields=["request", "no"], name="disclosure_consultation_no_once"),
            models.CheckConstraint(
                condition=Q(opinion="", answered_at__isnull=True) | ~Q(opinion="") & Q(answered_at__isnull=False),
                name="disclosure_consultation_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="disclosure_consult_due", condition=Q(opinion="")),
            models.Index(fields=["org_id"], name="disclosure_consult_org", condition=Q(org_id__isnull=False)),
        ]


class AnswerDraft(Row):
    """A draft of the answer: written by an officer, decided on by the head of the unit.

    Personal data: names of the officials; the words (encrypted); kept with the request.
    """

    PERSONAL_DATA = personal(
        of_official("by_name", "by_id", "stood_for_id", "decided_by", "decided_by_id"),
        of_citizen("text", "reason", "note", activity=REQUEST),
    )

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="drafts", verbose_name=_("信息公开申请")
    )
    no = models.PositiveSmallIntegerField(_("稿次"))
    outcome = models.CharField(_("答复类型"), max_length=20, choices=CHOICES)
    reason = EncryptedTextField(_("理由"), blank=True, default="")
    text = EncryptedTextField(_("答复内容"), blank=True, default="")
    access = models.CharField(_("获取方式和途径"), max_length=500, blank=True)
    agency = models.CharField(_("负责公开的机关"), max_length=200, blank=True)
    overrides = models.BooleanField(_("第三方不同意而仍然公开"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=AnswerState, default=AnswerState.SUBMITTED)
    note = EncryptedTextField(_("审定意见"), blank=True, default="")
    by_name = models.CharField(_("起草人"), max_length=60)
    by_id = models.UUIDField(_("起草人标识"))
    stood_for_id = models.UUIDField(_("起草人所代的人"), null=True)
    decided_by = models.CharField(_("审定人"), max_length=60, blank=True, default="")
    decided_by_id = models.UUIDField(_("审定人标识"), null=True)

    class Meta:
        verbose_name = _("信息公开答复稿")
        constraints = [
            models.UniqueConstraint(fields=["request", "no"], name="disclosure_draft_no_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="submitted"), name="disclosure_draft_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("by_id")) | Q(state="returned"),
                name="disclosure_draft_second_person",
            ),
        ]


class HandlingFee(Row):
    """信息处理费 of one request: counted one way, told once, paid or not.

    Personal data: name of the official who recorded a payment at the counter; kept with the request.
    """

    PERSONAL_DATA = personal(of_official("recorded_by"))

    request = models.OneToOneField(
        DisclosureRequest, on_delete=models.PROTECT, related_name="fee", verbose_name=_("信息公开申请")
    )
    mode = models.CharField(_("计收方式"), max_length=8, choices=FeeMode)
    before = models.PositiveIntegerField(_("本月此前的件数"), default=0)
    units = models.PositiveIntegerField(_("数量"))
    amount_fen = models.PositiveBigIntegerField(_("金额（分）"))
    table = models.JSONField(_("收费档次"))
    state = models.CharField(_("状态"), max_length=10, choices=FeeState, default=FeeState.ASKED)
    order_id = models.UUIDField(_("缴费单标识"), null=True)
    paid_at = models.DateTimeField(_("缴费时间"), null=True)
    receipt_note = models.CharField(_("缴费凭证"), max_length=120, blank=True, default="")
    recorded_by = models.CharField(_("登记缴费的人"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("信息处理费")
        constraints = [
            models.CheckConstraint(
                condition=Q(units__gt=0) & Q(amount_fen__gt=0), name="disclosure_fee_amounts_to_something"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False), name="disclosure_fee_paid_when"
            ),
        ]


class DisclosureLetter(Row):
    """A letter of a request: its words, and the paper it became.

    Personal data: the words may name people (encrypted), name of the official; kept with the request.
    """

    PERSONAL_DATA = personal(of_citizen("words", activity=REQUEST), of_official("made_by"))

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="letters", verbose_name=_("信息公开申请")
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="letters", null=True, verbose_name=_("征求意见")
    )
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=12, choices=LetterKind)
    to_applicant = models.BooleanField(_("给申请人"), default=True)
    words = EncryptedTextField(_("内容"))
    made_by = models.CharField(_("拟制人"), max_length=60, blank=True)
    document_id = models.UUIDField(_("文书标识"), null=True)
    document_number = models.CharField(_("文书字号"), max_length=80, blank=True, default="")
    failed = models.CharField(_("没有排版的原因"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("信息公开文书")
        constraints = [models.UniqueConstraint(fields=["request", "no"], name="disclosure_letter_no_once")]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="disclosure_letter_waiting",
                condition=Q(document_id__isnull=True, failed=""),
            )
        ]


class RequestFile(Row):
    """A file: proof of identity or supplement that came with the request, or what the answer provides.

    Personal data: the file may hold any, its name too (encrypted); kept with the request.
    """

    PERSONAL_DATA = personal(of_citizen("file_id", "name", activity=REQUEST, category=Category.SENSITIVE))

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="files", verbose_name=_("信息公开申请")
    )
    no = models.PositiveSmallIntegerField(_("序号"))
    provided = models.BooleanField(_("答复提供的信息"), default=False)
    file_id = models.UUIDField(_("文件标识"))
    name = EncryptedTextField(_("原文件名"))
    content_type = models.CharField(_("类型"), max_length=60)

    class Meta:
        verbose_name = _("信息公开申请附件")
        constraints = [models.UniqueConstraint(fields=["request", "no"], name="disclosure_file_no_once")]


class Remedy(Row):
    """复议、诉讼: how an answer was contested and what came of it.

    Personal data: name of the official who entered it; kept with the request.
    """

    PERSONAL_DATA = personal(of_official("entered_by"))

    request = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="remedies", verbose_name=_("信息公开申请")
    )
    kind = models.CharField(_("途径"), max_length=12, choices=RemedyKind)
    body = models.CharField(_("复议机关、法院"), max_length=120)
    lodged_on = models.DateField(_("受理日期"))
    case_number = models.CharField(_("案号"), max_length=80, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=RemedyResult, default=RemedyResult.PENDING)
    decided_on = models.DateField(_("审结日期"), null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    entered_by = models.CharField(_("登记人"), max_length=60)

    class Meta:
        verbose_name = _("信息公开复议诉讼")
        constraints = [
            models.CheckConstraint(
                condition=Q(result="pending", decided_on__isnull=True)
                | (~Q(result="pending") & Q(decided_on__gte=F("lodged_on"))),
                name="disclosure_remedy_decided",
            )
        ]
        indexes = [models.Index(fields=["tenant", "lodged_on"], name="disclosure_remedy_lodged")]
