"""A survey from draft to results: its questions, one ballot each, nobody in it, figures, excerpts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.models import Ballot, BallotText, Poll, VoterMark
from zhengtong.systems.opinions.selectors.polls import may_see_results, results
from zhengtong.systems.opinions.tests import town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = dt.timedelta(days=1)


def vote(row, actor=None, **changes):
    api.vote(actor=actor or town.stranger(), poll_id=row.pk, answers=town.ballot(**changes))


def test_questions_are_written_moved_and_removed_while_it_is_a_draft(clerk, head):
    row = town.surveyed(clerk)
    api.raise_question(actor=clerk, poll_id=row.pk, no=3)
    api.remove_question(actor=clerk, poll_id=row.pk, no=1)
    assert list(row.questions.order_by("no").values_list("no", "kind")) == [(1, "scale"), (2, "multiple"), (3, "text")]
    api.submit(actor=clerk, kind=Poll, key=row.pk)

    with pytest.raises(Conflict):
        api.write_question(actor=clerk, poll_id=row.pk, words=api.QuestionWords(kind="scale", words="再问一个"))
    assert row.questions.count() == 3


def test_a_survey_without_questions_is_not_submitted(clerk):
    words = api.PollWords(title="空的调查", introduction="没有题目的调查", opens_on=town.MONDAY.date())
    row = api.write_poll(actor=clerk, words=words)

    with pytest.raises(Conflict, match="题目"):
        api.submit(actor=clerk, kind=Poll, key=row.pk)


def test_who_wrote_the_last_question_cannot_sign(clerk, head):
    row = town.surveyed(clerk)
    api.write_question(actor=head, poll_id=row.pk, words=api.QuestionWords(kind="scale", words="再问一个"))
    api.submit(actor=clerk, kind=Poll, key=row.pk)

    with pytest.raises(NotPermitted):
        api.publish(actor=head, kind=Poll, key=row.pk)


def test_a_ballot_holds_nobody_and_leaves_no_entry(clerk, head):
    row = town.asking(clerk, head)
    person = town.citizen()
    before = Entry.objects.count()
    vote(row, person, q4=["多开一班车"])

    one, text = Ballot.objects.get(), BallotText.objects.get()
    assert one.answers == {"1": ["1"], "2": ["1", "3"], "3": ["4"]}
    assert text.text == "多开一班车"
    assert {field.name for field in Ballot._meta.fields} == {"id", "tenant", "poll", "answers", "answered_on"}
    assert not VoterMark.objects.exists()
    assert Entry.objects.count() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.all().delete()


def test_one_account_answers_once_and_the_mark_is_no_name(clerk, head):
    row = town.asking(clerk, head, signed_in_only=True)
    person = town.citizen()
    with pytest.raises(NotPermitted):
        vote(row)
    with pytest.raises(Invalid):
        vote(row, person, q1=[])
    vote(row, person)
    with pytest.raises(Conflict):
        vote(row, person)

    assert (Ballot.objects.count(), VoterMark.objects.count()) == (1, 1)
    assert str(person.person_id) not in VoterMark.objects.get().digest
    assert api.has_voted(actor=person, poll=row)


def test_outside_its_days_nothing_is_taken(clerk, head, clock):
    row = town.asking(clerk, head, opens_on=dt.date(2026, 11, 10), closes_on=dt.date(2026, 11, 10))
    with pytest.raises(Conflict):
        vote(row)
    clock.shift(DAY)
    vote(row)
    clock.shift(DAY)
    with pytest.raises(Conflict):
        vote(row)
    assert api.tick() == 1
    assert api.tick() == 1
    row.refresh_from_db()
    assert (row.opened, row.closed) == (True, True)


def test_figures_are_counted_and_written_answers_are_not_shown(clerk, head):
    row = town.asking(clerk, head)
    vote(row, q4=["一"])
    vote(row, q1=["2"], q2=["3"], q3=["5"])
    vote(row, q2=["3"], q3=["3"])

    found = results(row, public=True)

    assert found.ballots == 3
    single, several, points, text = found.questions
    assert [one.count for one in single.counts] == [2, 1, 0]
    assert [(one.count, one.share) for one in several.counts] == [(1, "33.3"), (0, "0.0"), (3, "100.0")]
    assert points.average == "4.0"
    assert (text.answered, text.counts, text.excerpts) == (1, (), ())


def test_excerpts_are_the_officers_words_and_shown_of_enough_answers_only(clerk, head):
    row = town.asking(clerk, head)
    vote(row, q4=["多开一班，我的电话 13977001234"])
    with pytest.raises(Invalid):
        api.choose_excerpt(actor=clerk, poll_id=row.pk, no=4, text="多开一班，电话 13977001234")
    made = api.choose_excerpt(actor=clerk, poll_id=row.pk, no=4, text="建议早高峰多开一班")
    assert results(row, public=True).questions[3].excerpts == ()
    for _n in range(4):
        vote(row, q4=["多开一班"])
    assert [one.text for one in results(row, public=True).questions[3].excerpts] == ["建议早高峰多开一班"]
    api.drop_excerpt(actor=clerk, poll_id=row.pk, excerpt_id=made.pk)
    assert results(row, public=True).questions[3].excerpts == ()


@pytest.mark.parametrize(
    ("shown", "before", "voted", "after"),
    [("always", True, True, True), ("voted", False, True, True), ("closed", False, False, True)],
)
def test_results_are_shown_when_the_setting_says(clerk, head, clock, shown, before, voted, after):
    row = town.asking(clerk, head, shown=shown)

    assert may_see_results(row, voted=False) is before
    assert may_see_results(row, voted=True) is voted
    clock.shift(40 * DAY)
    assert may_see_results(row, voted=False) is after
