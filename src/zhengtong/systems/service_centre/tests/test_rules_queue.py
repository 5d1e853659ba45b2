"""The rule of the queue: order, bounds, and a day of it played at random."""

import datetime as dt
import uuid

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from zhengtong.systems.service_centre.rules import (
    MOVES,
    Serving,
    Waiting,
    callable_in_order,
    in_order,
    may_call,
    minutes_to_wait,
    next_state,
    place_in_time,
)

MORNING = dt.datetime(2026, 11, 9, 0, 30, tzinfo=dt.UTC)
STARTS = {"appointment": 30, "elderly": 15, "disabled": 15, "military": 15, "pregnant": 15}
SLOT = dt.timedelta(minutes=30)
standings = st.sampled_from(["usual", "elderly", "military"])
ITEMS = ("licence", "food", "")


def ticket(no, minute, standing="usual", slot=None, item="", wanted=None):
    start = MORNING + dt.timedelta(minutes=slot) if slot is not None else None
    return Waiting(
        id=uuid.UUID(int=no),
        no=no,
        since=MORNING + dt.timedelta(minutes=minute),
        standing=standing,
        slot_start=start,
        slot_end=start + SLOT if start else None,
        item_code=item,
        wanted=wanted,
    )


tickets = st.lists(
    st.builds(
        ticket,
        st.integers(min_value=1, max_value=9999),
        st.integers(min_value=0, max_value=480),
        standings,
        st.one_of(st.none(), st.sampled_from(range(0, 480, 30))),
    ),
    unique_by=lambda one: one.no,
    max_size=12,
)


def names(line):
    return [one.no for one in line]


def test_first_come_first_served():
    assert names(in_order([ticket(2, 5), ticket(1, 3), ticket(3, 9)], STARTS)) == [1, 2, 3]


def test_an_elderly_person_counts_as_come_a_quarter_earlier_and_no_more():
    line = [ticket(1, 0), ticket(2, 10), ticket(3, 20, "elderly")]

    assert names(in_order(line, STARTS)) == [1, 3, 2]


def test_an_appointment_counts_from_its_slot_however_early_its_holder_comes():
    early = ticket(9, 0, slot=60)

    assert place_in_time(early, STARTS) == MORNING + dt.timedelta(minutes=30)
    assert names(in_order([early, ticket(1, 20), ticket(2, 40)], STARTS)) == [1, 9, 2]


def test_who_comes_after_the_slot_waits_as_anybody():
    late = ticket(9, 95, slot=60)

    assert place_in_time(late, STARTS) == late.since


@settings(max_examples=80, deadline=None)
@given(tickets)
def test_nobody_is_overtaken_by_people_who_come_much_later(line):
    bound = dt.timedelta(minutes=max(STARTS.values())) + SLOT
    # before its slot an appointment does not wait yet: the bound counts from where its time begins
    order = in_order(line, STARTS)

    assert sorted(names(order)) == sorted(one.no for one in line)
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            waits_since = max(second.since, second.slot_start or second.since)
            assert first.since - waits_since <= bound


def test_a_ticket_for_an_item_goes_to_the_window_named_for_it_while_that_is_open():
    named, general = Serving(id=uuid.uuid4(), items=frozenset({"food"})), Serving(id=uuid.uuid4())
    other = Serving(id=uuid.uuid4(), items=frozenset({"licence"}))
    food = ticket(1, 0, item="food")

    assert may_call(named, food, [named, other])
    assert not may_call(other, food, [named, other])
    assert may_call(general, food, [named, other, general])
    assert may_call(other, food, [other]), "nobody named for it sits there: it is not forgotten"


def test_a_transferred_ticket_waits_for_its_window_while_that_is_open():
    here, there = Serving(id=uuid.uuid4()), Serving(id=uuid.uuid4())
    moved = ticket(1, 0, wanted=there.id)

    assert names(callable_in_order(here, [moved], [here, there], STARTS)) == []
    assert names(callable_in_order(there, [moved], [here, there], STARTS)) == [1]
    assert names(callable_in_order(here, [moved], [here], STARTS)) == [1]


def test_an_estimate_is_rounded_up_and_silent_without_windows():
    assert minutes_to_wait(0, 2, 8) == 0
    assert minutes_to_wait(3, 2, 8) == 15
    assert minutes_to_wait(3, 0, 8) is None


def test_every_state_a_move_leads_to_is_known_and_ended_ones_are_left_by_none():
    assert not {state for state, _act in MOVES} & {"finished", "cancelled", "lapsed"}
    assert next_state("finished", "call") is None


class Hall(RuleBasedStateMachine):
    """Windows, tickets and operators of a day; every act goes through the rule and the table of moves."""

    @initialize()
    def open_the_hall(self):
        self.minute = 0
        self.windows = [
            Serving(id=uuid.UUID(int=10_001)),
            Serving(id=uuid.UUID(int=10_002), items=frozenset({"food"})),
            Serving(id=uuid.UUID(int=10_003), items=frozenset({"licence"})),
        ]
        self.open = {self.windows[0].id}
        self.tickets = {}
        self.state = {}
        self.at = {}

    def move(self, no, act):
        after = next_state(self.state[no], act)
        assert after is not None, (self.state[no], act)
        self.state[no] = after

    def waiting(self):
        return [one for no, one in self.tickets.items() if self.state[no] == "waiting"]

    def open_windows(self):
        return [one for one in self.windows if one.id in self.open]

    @rule(standing=standings, item=st.sampled_from(ITEMS), minutes=st.integers(min_value=0, max_value=20))
    def take(self, standing, item, minutes):
        self.minute += minutes
        no = len(self.tickets) + 1
        self.tickets[no] = ticket(no, self.minute, standing, item=item)
        self.state[no] = "waiting"

    @rule(which=st.integers(min_value=0, max_value=2))
    def open_or_shut(self, which):
        key = self.windows[which].id
        if key in self.open and key not in self.at.values():
            self.open.discard(key)
        else:
            self.open.add(key)

    @rule(which=st.integers(min_value=0, max_value=2))
    def call(self, which):
        window = self.windows[which]
        if window.id not in self.open or window.id in self.at.values():
            return
        line = callable_in_order(window, self.waiting(), self.open_windows(), STARTS)
        if line:
            self.move(line[0].no, "call")
            self.at[line[0].no] = window.id

    @precondition(lambda self: self.at)
    @rule(data=st.data(), act=st.sampled_from(["finish", "skip", "recall", "transfer"]))
    def deal(self, data, act):
        no = data.draw(st.sampled_from(sorted(self.at)))
        self.move(no, act)
        if act == "recall":
            return
        del self.at[no]
        if act == "transfer":
            to = data.draw(st.sampled_from(self.windows))
            self.tickets[no] = ticket(no, 0, item=self.tickets[no].item_code, wanted=to.id)

    @precondition(lambda self: "skipped" in self.state.values())
    @rule(data=st.data())
    def come_back(self, data):
        no = data.draw(st.sampled_from(sorted(n for n, state in self.state.items() if state == "skipped")))
        self.move(no, "return")

    @invariant()
    def nobody_is_at_two_windows_and_no_window_has_two(self):
        if not hasattr(self, "at"):
            return
        assert len(set(self.at.values())) == len(self.at)
        assert {no for no, state in self.state.items() if state == "called"} == set(self.at)

    @invariant()
    def nobody_is_forgotten(self):
        if not hasattr(self, "at") or not self.open:
            return
        served = {
            one.no
            for window in self.open_windows()
            for one in callable_in_order(window, self.waiting(), self.open_windows(), STARTS)
        }
        assert served == {one.no for one in self.waiting()}


Hall.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestHall = Hall.TestCase
