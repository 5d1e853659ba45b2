"""What was done with a complaint: the time line, drafts of the answer, files, answers published for everybody."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import Category, of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.complaints.constants import COMPLAINT, ActKind, DraftState, Finding, Kind
from zhengtong.systems.complaints.models.complaints import Complaint


class ComplaintAct(Row):
    """One line of the time line; appended, never changed (a trigger refuses it).

    ``told``: the person who wrote sees it; ``shared``: the handling unit sees it, with names taken out.

    Personal data: name of the official (none of who wrote); the words (encrypted); kept with the complaint.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"), of_citizen("text", activity=COMPLAINT))

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="acts", verbose_name=_("咨询投诉"))
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("操作"), max_length=12, choices=ActKind)
    text = EncryptedTextField(_("内容"), blank=True, default="")
    told = models.BooleanField(_("提出人可见"), default=False)
    shared = models.BooleanField(_("承办单位可见"), default=False)
    person_id = models.UUIDField(_("操作人标识"), null=True)
    person_name = models.CharField(_("操作人"), max_length=60, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("咨询投诉办理记录")
        constraints = [models.UniqueConstraint(fields=["complaint", "no"], name="complaints_act_no_once")]


class ComplaintDraft(Row):
    """A draft of the answer: written by the unit, decided on by the supervisor; each a row of its own.

    Personal data: name of the official; the words (encrypted); kept with the complaint.
    """

    PERSONAL_DATA = personal(
        of_official("by_name", "by_id", "by_for_id", "decided_by_id"),
        of_citizen("text", "facts", "note", activity=COMPLAINT),
    )

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="drafts", verbose_name=_("咨询投诉")
    )
    no = models.PositiveSmallIntegerField(_("稿次"))
    text = EncryptedTextField(_("答复稿"))
    finding = models.CharField(_("结论"), max_length=12, choices=Finding)
    measures = models.JSONField(_("处理措施"), default=list)
    facts = EncryptedTextField(_("调查情况"), blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=DraftState, default=DraftState.SUBMITTED)
    note = EncryptedTextField(_("审定意见"), blank=True, default="")
    by_name = models.CharField(_("起草人"), max_length=60)
    by_id = models.UUIDField(_("起草人标识"))
    by_for_id = models.UUIDField(_("所代的人标识"), null=True)
    org_name = models.CharField(_("起草单位"), max_length=120)
    decided_by_id = models.UUIDField(_("审定人标识"), null=True)

    class Meta:
        verbose_name = _("咨询投诉答复稿")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "no"], name="complaints_draft_no_once"),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(state="submitted"), name="complaints_draft_one_open"
            ),
        ]


class ComplaintFile(Row):
    """A file that came with a complaint; the handling unit sees it only after the supervisor looked through it.

    Personal data: the file may hold any, its name too (encrypted); kept with the complaint.
    """

    PERSONAL_DATA = personal(of_citizen("file_id", "name", activity=COMPLAINT, category=Category.SENSITIVE))

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="files", verbose_name=_("咨询投诉"))
    no = models.PositiveSmallIntegerField(_("序号"))
    file_id = models.UUIDField(_("文件标识"))
    name = EncryptedTextField(_("原文件名"))
    label = models.CharField(_("名称"), max_length=40)
    content_type = models.CharField(_("类型"), max_length=60)
    released = models.BooleanField(_("已向承办单位开放"), default=False)

    class Meta:
        verbose_name = _("咨询投诉附件")
        constraints = [models.UniqueConstraint(fields=["complaint", "no"], name="complaints_file_no_once")]


class PublicAnswer(Row):
    """A question and its answer as everybody may read them: written anew without persons, approved by the supervisor.

    One that was taken back stays, beside the one that follows it.

    Personal data: name of the official who approved, kept with the complaint.
    """

    PERSONAL_DATA = personal(of_official("approved_by"))

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="published", verbose_name=_("咨询投诉")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    org_name = models.CharField(_("答复单位"), max_length=120)
    title = models.CharField(_("标题"), max_length=60)
    question = models.TextField(_("来件摘要"))
    answer = models.TextField(_("公开的答复"))
    answered_on = models.DateField(_("答复日期"))
    approved_by = models.CharField(_("批准人"), max_length=60)
    ended_at = models.DateTimeField(_("停止公开时间"), null=True)

    class Meta:
        verbose_name = _("公开答复")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="complaints_shown_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-created_at"], name="complaints_public_newest", condition=Q(ended_at__isnull=True)
            )
        ]
