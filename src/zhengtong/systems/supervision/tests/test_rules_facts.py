"""Facts are worked out from an event and its case up to it: nothing later counts, nothing unknown is guessed."""

import datetime as dt
import uuid

import pytest

from zhengtong.contracts import cases, documents, ratings, service_hall, supervision
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.registry import LogEntry, Moment
from zhengtong.systems.supervision.rules import facts

CALENDAR = WorkCalendar([], first_year=2026, last_year=2027)
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
CASE, CLERK, LEADER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def told(name, after=dt.timedelta(0), *, person=None, post="", phase="", outcome="", **fields):
    """An event so long after Monday morning; its place in the log is its time."""
    at = MONDAY + after
    return LogEntry(
        position=int(at.timestamp()),
        name=name,
        at=at,
        case_id=CASE,
        person_id=person,
        post_name=post,
        phase=phase,
        outcome=outcome,
        fields={"outcome": outcome, **fields},
    )


def days(number):
    return dt.timedelta(days=number)


def moment(*history):
    return Moment(entry=history[-1], history=history, calendar=CALENDAR)


SUBMITTED = told(facts.SUBMITTED, online=True)
ACCEPTED = told(facts.ACCEPTED, days(1), promised_due_at=(MONDAY + days(5)).isoformat())


def done(after, person, post, phase, outcome="agree", **fields):
    return told(facts.STEP_DONE, after, person=person, post=post, phase=phase, outcome=outcome, **fields)


def test_names_are_those_of_the_contracts():
    assert {facts.SUBMITTED, facts.SUPPLEMENT} == {
        service_hall.ApplicationSubmitted.NAME,
        service_hall.SupplementTold.NAME,
    }
    of_cases = {
        facts.OPENED: cases.CaseOpened,
        facts.ACCEPTED: cases.CaseAccepted,
        facts.STEP_OPENED: cases.StepOpened,
        facts.STEP_DONE: cases.StepDone,
        facts.DEADLINE_MOVED: cases.DeadlineMoved,
        facts.PAUSED: cases.ClockPaused,
        facts.RESUMED: cases.ClockResumed,
        facts.EXTENDED: cases.ExtensionDecided,
        facts.INTERVENED: cases.CaseIntervened,
        facts.URGED: cases.StepUrged,
        facts.CLOSED: cases.CaseClosed,
        facts.HEARING: cases.HearingMoved,
        facts.ISSUED: documents.DocumentIssued,
        facts.RATED: ratings.RatingGiven,
        facts.RATING_DUE: ratings.BadRatingDue,
        facts.RATING_ANSWERED: ratings.BadRatingAnswered,
        facts.CARD_MOVED: supervision.CardMoved,
    }
    assert {name: event.NAME for name, event in of_cases.items()} == {name: name for name in of_cases}


@pytest.mark.parametrize(
    ("after", "hour", "workday"),
    [(dt.timedelta(0), 10, True), (dt.timedelta(hours=16), 2, True), (days(5), 10, False)],
)
def test_hour_and_working_day_are_those_of_shanghai(after, hour, workday):
    at = moment(told("x", after))

    assert (facts.hour(at), facts.on_workday(at)) == (hour, workday)


def test_times_since():
    act = done(days(2), CLERK, "经办岗", "review", opened_at=(MONDAY + days(2) - dt.timedelta(seconds=40)).isoformat())
    at = moment(SUBMITTED, ACCEPTED, act)

    assert facts.step_seconds(at) == 40
    assert facts.seconds_since_submission(at) == 2 * 86_400
    assert facts.seconds_since_acceptance(at) == 86_400
    assert facts.limit_used(at) == 25
    assert facts.workdays_left(at) == 2  # Thursday and Friday: the limit ends on Saturday


def test_without_the_beginning_nothing_is_guessed():
    at = moment(done(days(2), CLERK, "经办岗", "review"))

    assert facts.step_seconds(at) is None
    assert facts.seconds_since_submission(at) is None
    assert facts.seconds_since_acceptance(at) is None
    assert facts.limit_used(at) is None
    assert facts.workdays_left(at) is None
    assert facts.submitted_online(at) is None
    assert facts.decided_before(at) is None
    assert facts.rating_days_unanswered(at) is None
    assert facts.workdays_unanswered(at) is None
    assert facts.days_recorded_late(at) is None


def test_an_answer_ends_the_time_without_one():
    notice = told(facts.SUPPLEMENT, days(8))

    assert facts.workdays_unanswered(moment(SUBMITTED, notice)) == 6
    again = told(facts.SUPPLEMENT, days(9))
    assert facts.workdays_unanswered(moment(SUBMITTED, notice, again)) == 0
    assert facts.notices(moment(SUBMITTED, notice, again)) == 2


def test_pauses_count_with_their_days_and_how_near_the_end_they_began():
    first, end = (
        told(facts.PAUSED, days(2)),
        told(facts.RESUMED, days(4), promised_due_at=(MONDAY + days(9)).isoformat()),
    )
    last = told(facts.PAUSED, days(8))
    at = moment(SUBMITTED, ACCEPTED, first, end, last)

    assert (facts.pauses(at), facts.paused_days(at)) == (2, 2)
    assert facts.workdays_left(at) == 1  # Tuesday the 17th; the limit moved to Wednesday the 18th
    assert facts.workdays_left(moment(SUBMITTED, ACCEPTED, first)) == 2
    assert facts.paused_days(moment(first, told("x", days(5)))) == 3


def test_a_limit_that_was_moved_counts_as_moved():
    moved = told(facts.DEADLINE_MOVED, days(2), kind="promised", due_at=(MONDAY + days(12)).isoformat())
    other = told(facts.DEADLINE_MOVED, days(2), kind="step", due_at=(MONDAY + days(30)).isoformat())

    assert facts.promised_due(moment(ACCEPTED, moved, other)) == MONDAY + days(12)


def test_extensions_interventions_and_urgings_are_counted():
    history = [
        told(facts.EXTENDED, days(1), granted=True),
        told(facts.EXTENDED, days(2), granted=False),
        told(facts.INTERVENED, days(3)),
        told(facts.URGED, days(4)),
        told(facts.URGED, days(5)),
    ]
    at = moment(*history)

    assert (facts.extensions(at), facts.interventions(at), facts.urgings(at)) == (1, 1, 2)


def test_who_decides_his_own_work():
    accept = done(days(1), LEADER, "受理岗", "accept", "accept")
    review = done(days(2), CLERK, "审查岗", "review")
    decide = done(days(3), LEADER, "分管局领导", "decide", "approve")

    at = moment(accept, review, decide)
    assert (facts.posts_of_person(at), facts.decides_own_work(at), facts.steps_done(at)) == (2, True, 3)
    assert facts.decides_own_work(moment(review, decide)) is False
    assert facts.decides_own_work(moment(accept, review)) is None
    again = done(days(2), LEADER, "分管局领导", "decide", "return")
    assert facts.decides_own_work(moment(again, decide)) is False


def test_a_paper_before_the_decision():
    opened, paper = told(facts.OPENED), told(facts.ISSUED, days(4), kind="licence")
    decision = done(days(3), LEADER, "分管局领导", "decide", "approve")

    assert facts.decided_before(moment(opened, paper)) is False
    assert facts.decided_before(moment(opened, decision, paper)) is True
    assert facts.decided_before(moment(opened, decision)) is False


def test_ratings_and_cards_that_nobody_answers():
    due, answer = told(facts.RATING_DUE, days(1)), told(facts.RATING_ANSWERED, days(2))
    late = told("ratings.bad_rating_overdue.v1", days(6))

    assert facts.rating_days_unanswered(moment(due, late)) == 5
    assert facts.rating_days_unanswered(moment(due, answer, late)) == 0
    spoken = told(facts.CARD_MOVED, days(1), card_id="a", act="explain")
    other = told(facts.CARD_MOVED, days(1), card_id="b", act="appeal")
    assert facts.card_explained(moment(spoken, told(facts.CARD_MOVED, days(2), card_id="a", act="confirm"))) == 1
    assert facts.card_explained(moment(other, told(facts.CARD_MOVED, days(2), card_id="a", act="confirm"))) == 0
    assert facts.card_explained(moment(SUBMITTED)) is None


def test_a_hearing_entered_afterwards():
    assert facts.days_recorded_late(moment(told(facts.HEARING, days(6), step="held", day="2026-11-10"))) == 5
