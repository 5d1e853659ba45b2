"""Consultations and surveys in the demonstration: every phase, in their own time."""

from zhengtong.entry.demo.opinions import load_opinions
from zhengtong.kernel.actors import system
from zhengtong.systems.opinions.constants import State
from zhengtong.systems.opinions.models import Ballot, Poll, Topic

TENANT = "980723"


def test_every_state_and_a_second_load_adds_nothing(demonstration: None) -> None:
    topics = list(Topic.objects.all())

    assert load_opinions(system(TENANT)) == 0

    assert {row.state for row in topics} == set(State.values) - {State.WITHDRAWN}
    assert {(row.opened, row.closed) for row in topics if row.state == State.PUBLISHED} == {(True, False), (True, True)}
    answered = next(row for row in topics if row.state == State.ANSWERED)
    assert (answered.in_time, answered.figures["adopted"], answered.figures["open"]) == (True, 2, 0)
    assert {row.closed for row in Poll.objects.exclude(state=State.DRAFT)} == {False, True}
    assert Ballot.objects.count() == 18
