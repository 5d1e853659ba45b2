"""Hours, closures, slots: pure rules."""

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.systems.service_centre.rules import (
    Span,
    best_zones,
    blocked_until,
    day_kind,
    hours_on,
    next_span,
    quantile,
    slots_of,
    span_at,
    spans_of,
    without,
)

DAY = "08:30-12:00 14:00-17:30"
HOURS = [DAY] * 5 + ["09:00-12:00", ""]
minutes_of_day = st.integers(min_value=0, max_value=24 * 60 - 1)


def at(minute):
    return dt.time(minute // 60, minute % 60)


@st.composite
def spans(draw):
    cuts = sorted(draw(st.sets(minutes_of_day, max_size=8)))
    return tuple(Span(at(a), at(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False))


def test_hours_are_read_as_people_write_them():
    assert spans_of("8:30-12:00".zfill(11)) == (Span(dt.time(8, 30), dt.time(12)),)
    assert spans_of("08:30-12:00，14:00—17:30") == spans_of(DAY)
    assert spans_of("") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("上午", "不是一段时间"), ("12:00-08:30", "晚于开始"), ("08:30-12:00 11:00-13:00", "重叠")],
)
def test_what_cannot_be_read_is_said(text, words):
    with pytest.raises(ValueError, match=words):
        spans_of(text)


@pytest.mark.parametrize(
    ("weekday", "counted", "ordinary", "kind"),
    [
        (0, True, True, "workday"),
        (5, True, False, "makeup"),
        (6, False, True, "weekend"),
        (3, False, False, "holiday"),
        (5, False, False, "holiday"),
    ],
)
def test_what_a_day_is(weekday, counted, ordinary, kind):
    assert day_kind(weekday=weekday, counted=counted, ordinary=ordinary) == kind


def test_a_hall_that_opens_on_saturdays_rests_on_holidays_and_works_on_makeup_days():
    assert hours_on(HOURS, weekday=5, kind="weekend") == spans_of("09:00-12:00")
    assert hours_on(HOURS, weekday=5, kind="holiday") == ()
    assert hours_on(HOURS, weekday=5, kind="makeup") == spans_of("09:00-12:00")
    assert hours_on(HOURS, weekday=6, kind="makeup") == spans_of(DAY)
    assert hours_on(HOURS, weekday=6, kind="weekend") == ()


@settings(max_examples=60, deadline=None)
@given(spans(), spans(), minutes_of_day)
def test_closing_takes_away_exactly_the_closed_minutes(open_then, closed, minute):
    moment = at(minute)

    left = without(open_then, closed)

    inside = span_at(open_then, moment) is not None and span_at(closed, moment) is None
    assert (span_at(left, moment) is not None) == inside


@settings(max_examples=60, deadline=None)
@given(spans(), st.integers(min_value=5, max_value=240))
def test_slots_lie_within_the_hours_and_do_not_overlap(open_then, length):
    slots = slots_of(open_then, length)

    assert all(any(span.start <= slot.start and slot.end <= span.end for span in open_then) for slot in slots)
    assert all(a.end <= b.start for a, b in itertools.pairwise(slots))


def test_the_next_opening_of_a_day():
    day = spans_of(DAY)

    assert next_span(day, dt.time(12, 30)) == Span(dt.time(14), dt.time(17, 30))
    assert next_span(day, dt.time(17, 40)) is None
    assert len(slots_of(day, 30)) == 14


def test_who_stayed_away_too_often_rests_and_may_book_again():
    day = dt.date(2026, 11, 9)
    missed = [day - dt.timedelta(days=n) for n in (1, 10, 80)]
    rule = {"limit": 3, "within": dt.timedelta(days=90), "rest": dt.timedelta(days=30)}

    assert blocked_until(missed[:2], today=day, **rule) is None
    assert blocked_until(missed, today=day, **rule) == dt.date(2026, 12, 8)
    assert blocked_until(missed, today=dt.date(2026, 12, 9), **rule) is None


def test_the_zone_named_for_an_item_comes_before_that_of_its_unit_and_that_for_everything():
    zones = [
        ("all", frozenset(), frozenset()),
        ("unit", frozenset({"x"}), frozenset({"u"})),
        ("item", frozenset({"i"}), frozenset()),
    ]

    assert best_zones("i", "u", zones) == ["item"]
    assert best_zones("k", "u", zones) == ["unit"]
    assert best_zones("k", "other", zones) == ["all"]
    assert best_zones("k", "", zones[1:]) == []


def test_quantiles_are_values_that_occurred():
    assert quantile([], 0.9) is None
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile(range(1, 11), 0.9) == 9
