"""A survey is written: its words, its questions one by one; excerpts of written answers are chosen afterwards."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.systems.opinions import permissions
from zhengtong.systems.opinions.constants import (
    EXCERPT_MAX,
    POLL_QUESTIONS_MAX,
    QUESTION_MAX,
    TEXT_MAX,
    TITLE_MAX,
    ActKind,
    Phase,
    QuestionKind,
    ResultsShown,
)
from zhengtong.systems.opinions.models import Excerpt, Poll, PollQuestion
from zhengtong.systems.opinions.rules.feedback import names_somebody
from zhengtong.systems.opinions.rules.polls import wrong_with_question
from zhengtong.systems.opinions.services.drafting import (
    begun,
    just_begun,
    period,
    refuse,
    too_short_or_long,
    written_by,
)
from zhengtong.systems.opinions.services.taking import clean, unit_takes, words_in
from zhengtong.systems.opinions.services.telling import note


@dataclasses.dataclass(frozen=True, kw_only=True)
class PollWords:
    """What an officer writes of a survey."""

    title: str
    introduction: str
    opens_on: dt.date
    closes_on: dt.date | None = None
    shown: str = ResultsShown.CLOSED
    signed_in_only: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class QuestionWords:
    """A question as an officer writes it."""

    kind: str
    words: str
    choices: Sequence[str] = ()
    most: int | None = None
    required: bool = True


@transaction.atomic
def write_poll(*, actor: Actor, words: PollWords, poll_id: uuid.UUID | None = None) -> Poll:
    """Begin a survey, or change one that is not signed yet; what is sent twice is begun once.

    Raises Invalid, Conflict, NotPermitted.
    """
    permissions.check_officer(actor)
    given = dataclasses.asdict(words)
    errors: dict[str, str] = {}
    too_short_or_long(given, {"title": (4, TITLE_MAX), "introduction": (5, TEXT_MAX)}, errors)
    if words.shown not in ResultsShown.values:
        errors["shown"] = _("请选择什么时候公布结果。")
    given["opens_on"], given["closes_on"] = period(actor.tenant, words.opens_on, words.closes_on, errors)
    refuse(errors)
    if poll_id is None and (there := just_begun(Poll, actor, given)) is not None:
        return there
    row = unit_takes(Poll, actor, poll_id, Phase.DRAFT) if poll_id else begun(Poll, actor, "DC")
    for name, value in given.items():
        setattr(row, name, value)
    written_by(row, actor)
    row.save()
    note(actor, row, "opinions.write_poll", ActKind.DRAFT, title=row.title)
    return row


@transaction.atomic
def write_question(*, actor: Actor, poll_id: uuid.UUID, words: QuestionWords, no: int | None = None) -> PollQuestion:
    """Add a question at the end, or change the one at a place. Raises Invalid, Conflict, NotFound."""
    row = unit_takes(Poll, actor, poll_id, Phase.DRAFT)
    chosen = words.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    choices = [text for text in map(clean, words.choices) if text] if chosen else []
    most = words.most if words.kind == QuestionKind.MULTIPLE else None
    errors = wrong_with_question(words.kind, choices, most)
    said = clean(words.words)
    if not 2 <= len(said) <= QUESTION_MAX:
        errors["words"] = _("请写题目，2 到 %(n)d 个字。") % {"n": QUESTION_MAX}
    if no is None and row.questions.count() >= POLL_QUESTIONS_MAX:
        errors["words"] = _("一份调查最多 %(n)d 题。题目少，答的人才多。") % {"n": POLL_QUESTIONS_MAX}
    refuse(errors)
    one = _question(row, no) if no is not None else PollQuestion(tenant=row.tenant, poll=row, no=_after(row))
    one.kind, one.words, one.choices, one.most, one.required = words.kind, said, choices, most, words.required
    one.save()
    _written_by(row, actor)
    note(actor, row, "opinions.write_question", ActKind.DRAFT, _("第 %(n)d 题") % {"n": one.no}, no=one.no)
    return one


@transaction.atomic
def remove_question(*, actor: Actor, poll_id: uuid.UUID, no: int) -> Poll:
    """Take a question out; those after it move up."""
    row = unit_takes(Poll, actor, poll_id, Phase.DRAFT)
    _question(row, no).delete()
    for place, one in enumerate(row.questions.order_by("no"), start=1):
        if one.no != place:
            one.no = place
            one.save(update_fields=["no"])
    _written_by(row, actor)
    note(actor, row, "opinions.remove_question", ActKind.DRAFT, _("删除第 %(n)d 题") % {"n": no}, no=no)
    return row


@transaction.atomic
def raise_question(*, actor: Actor, poll_id: uuid.UUID, no: int) -> Poll:
    """Let a question and the one before it change places."""
    row = unit_takes(Poll, actor, poll_id, Phase.DRAFT)
    one = _question(row, no)
    before = row.questions.filter(no__lt=no).order_by("-no").first()
    if before is not None:
        one.no, before.no = before.no, one.no
        # the constraint is held at the end of the transaction
        before.save(update_fields=["no"])
        one.save(update_fields=["no"])
        note(actor, row, "opinions.write_question", ActKind.DRAFT, _("第 %(n)d 题上移") % {"n": no}, no=no)
    return row


@transaction.atomic
def choose_excerpt(*, actor: Actor, poll_id: uuid.UUID, no: int, text: str) -> Excerpt:
    """Put words of a written answer before the public, as the officer writes them down. Raises Invalid."""
    row = unit_takes(Poll, actor, poll_id, Phase.OPEN, Phase.CLOSED)
    question = _question(row, no)
    if question.kind != QuestionKind.TEXT:
        raise Invalid(_("只有文字题可以摘登。"), field="text")
    said = words_in(text, field="text", least=2, most=EXCERPT_MAX)
    if names_somebody(said, []):
        raise Invalid(_("这里会公开，不能有电话和证件号码，请改写。"), field="text")
    made = Excerpt.objects.create(tenant=row.tenant, question=question, text=said, chosen_by=actor.name)
    note(actor, row, "opinions.excerpt", ActKind.EXCERPT, _("第 %(n)d 题") % {"n": no}, no=no)
    return made


@transaction.atomic
def drop_excerpt(*, actor: Actor, poll_id: uuid.UUID, excerpt_id: uuid.UUID) -> Poll:
    """Take an excerpt back."""
    row = unit_takes(Poll, actor, poll_id, Phase.OPEN, Phase.CLOSED)
    made = Excerpt.objects.filter(question__poll=row, pk=excerpt_id).first()
    if made is None:
        raise NotFound(_("没有这条摘登。"))
    made.delete()
    note(actor, row, "opinions.drop_excerpt", ActKind.DROP)
    return row


def _written_by(row: Poll, actor: Actor) -> None:
    """Who wrote last: somebody else signs."""
    written_by(row, actor)
    row.save(update_fields=["written_by", "written_by_id", "stood_for_id"])


def _question(row: Poll, no: int) -> PollQuestion:
    found = row.questions.select_for_update().filter(no=no).first()
    if found is None:
        raise NotFound(_("没有这一题。"))
    return found


def _after(row: Poll) -> int:
    return (row.questions.aggregate(last=Max("no"))["last"] or 0) + 1
