"""Surveys as pages show them: questions, figures, excerpts; never a ballot."""

import dataclasses
import datetime as dt
from collections import defaultdict

from django.db import connection
from django.db.models import Count as Counted

from zhengtong.kernel import parameters
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.opinions.constants import FEWEST_TEXTS, Phase, QuestionKind, ResultsShown
from zhengtong.systems.opinions.models import BallotText, Excerpt, Poll, PollQuestion
from zhengtong.systems.opinions.rules.polls import Count, Question, average_of, counts_of
from zhengtong.systems.opinions.selectors.finding import phase

_CHOSEN = """
select q.key, c.value, count(*) from opinions_ballot b
cross join lateral jsonb_each(b.answers) q cross join lateral jsonb_array_elements_text(q.value) c
where b.poll_id = %s group by 1, 2
"""
_ANSWERED = """
select q.key, count(*) from opinions_ballot b cross join lateral jsonb_object_keys(b.answers) q(key)
where b.poll_id = %s group by 1
"""


@dataclasses.dataclass(frozen=True)
class Result:
    """The figures of one question; of a written one the number of answers and the excerpts."""

    question: Question
    answered: int
    counts: tuple[Count, ...]
    average: str
    excerpts: tuple[Excerpt, ...]


@dataclasses.dataclass(frozen=True)
class Results:
    """The figures of a survey."""

    ballots: int
    questions: tuple[Result, ...]
    last_on: dt.date | None


def questions_of(poll: Poll) -> list[Question]:
    """The questions in their order."""
    return [_question(one) for one in poll.questions.order_by("no")]


def results(poll: Poll, *, public: bool = False) -> Results:
    """The figures, with five statements at most; the public sees excerpts only of enough written answers."""
    chosen, answered = _counted(poll)
    rows = list(poll.questions.order_by("no"))
    texts = dict(BallotText.objects.filter(question__poll=poll).values_list("question_id").annotate(n=Counted("pk")))
    excerpts = defaultdict(list)
    for one in Excerpt.objects.filter(question__poll=poll).order_by("created_at"):
        excerpts[one.question_id].append(one)
    fewest = int(parameters.value(FEWEST_TEXTS, tenant=poll.tenant)) if public else 0
    found = []
    for row in rows:
        question = _question(row)
        written = question.kind == QuestionKind.TEXT
        number = texts.get(row.pk, 0) if written else answered.get(str(row.no), 0)
        counts = () if written else tuple(counts_of(question, chosen[str(row.no)], number))
        average = average_of(chosen[str(row.no)]) if question.kind == QuestionKind.SCALE else ""
        picked = tuple(excerpts[row.pk]) if written and number >= fewest else ()
        found.append(Result(question, number, counts, average, picked))
    last = poll.ballots.order_by("-answered_on").values_list("answered_on", flat=True).first()
    return Results(ballots=poll.ballots.count(), questions=tuple(found), last_on=last)


def may_see_results(poll: Poll, *, voted: bool) -> bool:
    """Whether the public sees the results now."""
    stands = phase(poll)
    if stands in (Phase.CLOSED, Phase.ANSWERED):
        return True
    if stands != Phase.OPEN:
        return False
    return poll.shown == ResultsShown.ALWAYS or (poll.shown == ResultsShown.VOTED and voted)


def texts(poll: Poll, no: int, page: object) -> "Page[BallotText]":
    """A leaf of the written answers to one question, for the officers."""
    return page_of(BallotText.objects.filter(question__poll=poll, question__no=no).order_by("answered_on", "pk"), page)


def _question(one: PollQuestion) -> Question:
    return Question(
        no=one.no, kind=one.kind, words=one.words, choices=tuple(one.choices), most=one.most, required=one.required
    )


def _counted(poll: Poll) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    chosen: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN, [poll.pk])
        for key, value, number in cursor.fetchall():
            chosen[key][value] = number
        cursor.execute(_ANSWERED, [poll.pk])
        return chosen, dict(cursor.fetchall())
