"""网上调查: the survey, its questions, ballots without a name, written answers apart from them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField, TenantField
from zhengtong.kernel.inventory import of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.opinions.constants import (
    EXCERPT_MAX,
    MARKS,
    QUESTION_MAX,
    TEXTS,
    QuestionKind,
    ResultsShown,
    State,
)
from zhengtong.systems.opinions.models.announced import Announced, announced_constraints


class Poll(Announced):
    """A survey; with ``signed_in_only`` each account answers once, else each browser.

    Personal data: names of the officials who wrote and signed it.
    """

    introduction = models.TextField(_("调查说明"))
    shown = models.CharField(_("什么时候公布结果"), max_length=8, choices=ResultsShown, default=ResultsShown.CLOSED)

    class Meta:
        verbose_name = _("网上调查")
        constraints = [
            *announced_constraints("opinions_poll"),
            models.CheckConstraint(condition=~Q(state=State.ANSWERED), name="opinions_poll_has_no_feedback"),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "closes_on"], name="opinions_poll_state"),
            models.Index(fields=["tenant", "org_id", "state"], name="opinions_poll_unit"),
            models.Index(fields=["next_at"], name="opinions_poll_next", condition=Q(next_at__isnull=False)),
        ]


class PollQuestion(Row):
    """A question; ``choices`` are the words of its choices, an answer names them by their place.

    Personal data: none.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="questions", verbose_name=_("网上调查"))
    no = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("题型"), max_length=8, choices=QuestionKind)
    words = models.CharField(_("题目"), max_length=QUESTION_MAX)
    choices = models.JSONField(_("选项"), default=list)
    most = models.PositiveSmallIntegerField(_("最多选几项"), null=True)
    required = models.BooleanField(_("必答"), default=True)

    class Meta:
        verbose_name = _("调查题目")
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "no"], name="opinions_question_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.MULTIPLE) | Q(most__isnull=True), name="opinions_question_most"
            ),
        ]


class Ballot(models.Model):
    """One filled-in survey: question → places of the choices. No name, no account, no address, no time of day.

    Its key is random, so that its order tells nothing.

    Personal data: none.
    """

    id = models.UUIDField(_("标识"), primary_key=True, default=uuid.uuid4, editable=False)
    tenant = TenantField(db_index=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("网上调查"))
    answers = models.JSONField(_("选择的答案"))
    answered_on = models.DateField(_("答卷日期"))

    class Meta:
        verbose_name = _("调查答卷")
        indexes = [models.Index(fields=["poll", "answered_on"], name="opinions_ballot_poll")]


class BallotText(models.Model):
    """A written answer, apart from the ballot it came with; the public never reads it as it is.

    Personal data: the words may name people (encrypted); kept as long as opinions are.
    """

    PERSONAL_DATA = personal(of_third("text", activity=TEXTS))

    id = models.UUIDField(_("标识"), primary_key=True, default=uuid.uuid4, editable=False)
    tenant = TenantField(db_index=False)
    question = models.ForeignKey(
        PollQuestion, on_delete=models.PROTECT, related_name="texts", verbose_name=_("调查题目")
    )
    text = EncryptedTextField(_("文字答案"))
    answered_on = models.DateField(_("答卷日期"))

    class Meta:
        verbose_name = _("调查文字答案")
        indexes = [models.Index(fields=["question", "answered_on"], name="opinions_text_question")]


class Excerpt(Row):
    """What an officer wrote down of the written answers for everybody to read.

    Personal data: name of the official who chose it.
    """

    PERSONAL_DATA = personal(of_official("chosen_by"))

    question = models.ForeignKey(
        PollQuestion, on_delete=models.PROTECT, related_name="excerpts", verbose_name=_("调查题目")
    )
    text = models.CharField(_("摘登内容"), max_length=EXCERPT_MAX)
    chosen_by = models.CharField(_("摘登人"), max_length=60)

    class Meta:
        verbose_name = _("调查摘登")


class VoterMark(models.Model):
    """Somebody has answered a survey for which one signs in: a keyed digest of survey and account, nothing more.

    Its key is random and it bears no time, so that no ballot can be found beside it.

    Personal data: a keyed digest of the account, gone a month after the survey closed.
    """

    PERSONAL_DATA = personal(of_citizen("digest", activity=MARKS))

    id = models.UUIDField(_("标识"), primary_key=True, default=uuid.uuid4, editable=False)
    tenant = TenantField(db_index=False)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="marks", verbose_name=_("网上调查"))
    digest = models.CharField(_("已答摘要"), max_length=64)

    class Meta:
        verbose_name = _("调查已答标记")
        constraints = [models.UniqueConstraint(fields=["poll", "digest"], name="opinions_mark_once")]
