"""意见征集: the consultation, its files, what came in, and what became of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.opinions.constants import (
    BASIS_MAX,
    CONTACT_MAX,
    GIST_MAX,
    OPINION,
    REASON_MAX,
    State,
    Verdict,
    Voice,
)
from zhengtong.systems.opinions.models.announced import Announced, announced_constraints


class Topic(Announced):
    """A consultation: what is to be decided, on what basis, what is asked, and the feedback when it was answered.

    From ``closed`` on the limit to publish the feedback runs: ``due_on``, ``due_at``, ``yellow_at``; ``level`` is the
    lamp that was told. ``figures`` are frozen when the feedback is published.

    Personal data: names of the officials who wrote and signed it and its feedback; the official named for questions.
    """

    PERSONAL_DATA = personal(
        of_official("contact", "feedback_by", "feedback_by_id", "feedback_for_id", "answered_by", "answered_by_id")
    )

    background = models.TextField(_("征集内容和背景"))
    basis = models.CharField(_("依据"), max_length=BASIS_MAX)
    contact = models.CharField(_("联系方式"), max_length=CONTACT_MAX)
    questions = models.JSONField(_("想听取的问题"), default=list)
    due_on = models.DateField(_("最迟公布日"), null=True)
    due_at = models.DateTimeField(_("公布截止时刻"), null=True)
    yellow_at = models.DateTimeField(_("预警时刻"), null=True)
    level = models.CharField(_("已亮灯"), max_length=8, blank=True, default="")
    projected_on = models.DateField(_("推算日"), null=True)
    feedback = models.TextField(_("采纳情况说明"), blank=True, default="")
    feedback_by = models.CharField(_("公告起草人"), max_length=60, blank=True, default="")
    feedback_by_id = models.UUIDField(_("公告起草人标识"), null=True)
    feedback_for_id = models.UUIDField(_("公告起草人所代的人"), null=True)
    figures = models.JSONField(_("采纳情况的数"), null=True)
    answered_at = models.DateTimeField(_("公布时间"), null=True)
    answered_by = models.CharField(_("公布人"), max_length=60, blank=True, default="")
    answered_by_id = models.UUIDField(_("公布人标识"), null=True)
    in_time = models.BooleanField(_("按期公布"), null=True)

    class Meta:
        verbose_name = _("意见征集")
        constraints = [
            *announced_constraints("opinions_topic"),
            models.CheckConstraint(
                condition=~Q(state=State.ANSWERED)
                | Q(answered_at__isnull=False, figures__isnull=False, in_time__isnull=False)
                & Q(answered_by_id__isnull=False)
                & ~Q(answered_by_id=F("feedback_by_id"))
                & ~Q(feedback=""),
                name="opinions_topic_answered_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "closes_on"], name="opinions_topic_state"),
            models.Index(fields=["tenant", "org_id", "state"], name="opinions_topic_unit"),
            models.Index(fields=["next_at"], name="opinions_topic_next", condition=Q(next_at__isnull=False)),
        ]


class TopicFile(Row):
    """The draft that is put up for opinions, or a paper that explains it.

    Personal data: name of the official who added it; the file itself is for everybody.
    """

    PERSONAL_DATA = personal(of_official("added_by"))

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="files", verbose_name=_("意见征集"))
    no = models.PositiveSmallIntegerField(_("次序"))
    file_id = models.UUIDField(_("文件标识"))
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    added_by = models.CharField(_("添加人"), max_length=60)

    class Meta:
        verbose_name = _("意见征集附件")
        constraints = [models.UniqueConstraint(fields=["topic", "no"], name="opinions_file_once")]


class Reply(Row):
    """What the unit says to one opinion or to several alike: the gist in its own words, the verdict, the reason.

    Personal data: name of the official who wrote it.
    """

    PERSONAL_DATA = personal(of_official("written_by", "written_by_id"))

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="replies", verbose_name=_("意见征集"))
    no = models.PositiveIntegerField(_("次序"))
    gist = models.CharField(_("意见归纳"), max_length=GIST_MAX)
    verdict = models.CharField(_("采纳情况"), max_length=12, choices=Verdict)
    reason = models.CharField(_("理由"), max_length=REASON_MAX, blank=True, default="")
    written_by = models.CharField(_("记录人"), max_length=60)
    written_by_id = models.UUIDField(_("记录人标识"))

    class Meta:
        verbose_name = _("意见采纳情况")
        constraints = [
            models.UniqueConstraint(fields=["topic", "no"], name="opinions_reply_once"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ADOPTED) | ~Q(reason=""), name="opinions_reply_refused_with_reason"
            ),
        ]


class Comment(Row):
    """An opinion as it came in. Who gave it unsigned is not known; what he wrote of himself stands encrypted.

    Personal data: name, telephone and words of who gave it (encrypted), his account where he was signed in; kept three
    years after the feedback.
    """

    PERSONAL_DATA = personal(
        of_citizen("person_id", "name", "phone", activity=OPINION), of_third("content", "answers", activity=OPINION)
    )

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="comments", verbose_name=_("意见征集"))
    no = models.PositiveIntegerField(_("序号"))
    receipt_digest = models.CharField(_("回执号摘要"), max_length=64)
    person_id = models.UUIDField(_("提出人标识"), null=True)
    voice = models.CharField(_("以谁的名义"), max_length=12, choices=Voice)
    name = EncryptedTextField(_("姓名或者名称"), blank=True, default="")
    phone = EncryptedTextField(_("联系电话"), blank=True, default="")
    content = EncryptedTextField(_("意见"))
    answers = EncryptedTextField(_("对问题的回答"), blank=True, default="")
    received_at = models.DateTimeField(_("收到时间"))
    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, related_name="comments", null=True, verbose_name=_("意见采纳情况")
    )
    erased_at = models.DateTimeField(_("个人信息删除时间"), null=True)

    class Meta:
        verbose_name = _("公众意见")
        constraints = [
            models.UniqueConstraint(fields=["topic", "no"], name="opinions_comment_once"),
            models.UniqueConstraint(fields=["tenant", "receipt_digest"], name="opinions_comment_receipt"),
        ]
        indexes = [
            models.Index(fields=["topic", "reply"], name="opinions_comment_reply"),
            models.Index(fields=["person_id"], name="opinions_comment_person", condition=Q(person_id__isnull=False)),
        ]


class OpinionCounter(models.Model):
    """The last number given out in a series: of consultations or surveys in a year.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    series = models.CharField(_("号段"), max_length=60)
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("征集编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "series"], name="opinions_counter_once")]
