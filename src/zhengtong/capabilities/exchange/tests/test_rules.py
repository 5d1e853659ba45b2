"""When to try again, what receipts make of packages, where two sides differ; rows as they are written and judged."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.exchange import rules
from zhengtong.capabilities.exchange.engine import packages
from zhengtong.capabilities.exchange.engine.judging import problems_of
from zhengtong.capabilities.exchange.registry import Column
from zhengtong.capabilities.exchange.tests.upper import COLUMNS

NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)
values = st.dictionaries(
    st.text(min_size=1, max_size=8), st.text(max_size=20) | st.integers(-(2**53), 2**53), max_size=5
)


def test_a_late_receipt_takes_nothing_back() -> None:
    assert rules.after_receipt("built", "received") == "received"
    assert rules.after_receipt("received", "verified") == "settled"
    assert rules.after_receipt("settled", "received") == "settled"
    assert rules.after_receipt("settled", "rejected") == "settled"
    assert rules.after_receipt("received", "received") == "received"


def test_the_wait_doubles_up_to_the_longest() -> None:
    waits = [rules.wait_after(n, first=30, longest=1800).total_seconds() for n in (1, 2, 3, 7, 500)]

    assert waits == [30, 60, 120, 1800, 1800]


def test_what_waits_is_due_when_it_fills_a_package_or_is_old_enough() -> None:
    old, young = NOON - dt.timedelta(minutes=3), NOON - dt.timedelta(seconds=1)

    assert not rules.is_due(waiting=0, oldest=None, at=NOON, most=500, minutes=2)
    assert not rules.is_due(waiting=499, oldest=young, at=NOON, most=500, minutes=2)
    assert rules.is_due(waiting=500, oldest=young, at=NOON, most=500, minutes=2)
    assert rules.is_due(waiting=1, oldest=old, at=NOON, most=500, minutes=2)


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ({1: ("a", 2, 2)}, {1: ("a", 2, 2)}, []),
        ({1: ("a", 2, 2), 2: ("b", 1, 1)}, {1: ("a", 2, 2)}, [(2, "missing_there")]),
        ({}, {1: ("a", 2, 2)}, [(1, "missing_here")]),
        ({1: ("a", 2, 2)}, {1: ("x", 2, 2)}, [(1, "content")]),
        ({1: ("a", 2, 2)}, {1: ("a", 2, 1)}, [(1, "verdicts")]),
    ],
)
def test_differences_name_the_package(ours: dict, theirs: dict, found: list) -> None:
    def book(kept: dict) -> rules.DayBook:
        return rules.DayBook(0, 0, str(sorted(kept.items())), kept)

    assert [(one.sequence, one.kind) for one in rules.differences_of(book(ours), book(theirs))] == found


def test_other_rows_under_the_same_counts_show_by_the_digest() -> None:
    kept = {1: ("a", 2, 1)}

    found = rules.differences_of(rules.DayBook(2, 1, "one", kept), rules.DayBook(2, 1, "other", kept))

    assert [(one.sequence, one.kind) for one in found] == [(1, "verdicts")]


@given(st.lists(values, max_size=6))
def test_rows_come_back_as_they_were_written(rows: list) -> None:
    lines = [packages.Line(number=n, key=f"k{n}", operation="I", values=row) for n, row in enumerate(rows, start=1)]

    text = packages.rows_text(lines)

    assert packages.read_rows(text) == lines
    assert [line.digest for line in packages.read_rows(text)] == [line.digest for line in lines]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_rubbish_is_unreadable_and_breaks_nothing(body: bytes) -> None:
    with pytest.raises(packages.Unreadable):
        packages.read_manifest(packages.read_envelope(body).content)


def test_a_file_that_is_cut_off_is_no_package() -> None:
    text = packages.rows_text([packages.Line(number=1, key="k", operation="I", values={"name": "一"})])

    with pytest.raises(packages.Unreadable):
        packages.read_rows(text[:-1])


def test_a_row_is_judged_element_by_element() -> None:
    good = {"name": "一", "kind": "2", "day": "20261122", "count": 3}

    assert problems_of(COLUMNS, good) == []
    assert problems_of(COLUMNS, {"name": "一"}) == []
    assert [tuple(one) for one in problems_of(COLUMNS, {**good, "name": ""})] == [("REQUIRED", "name")]
    assert [tuple(one) for one in problems_of(COLUMNS, {**good, "kind": "3"})] == [("DICTIONARY", "kind")]
    assert [tuple(one) for one in problems_of(COLUMNS, {**good, "day": "20260231"})] == [("TYPE", "day")]
    assert [tuple(one) for one in problems_of(COLUMNS, {**good, "count": "3"})] == [("TYPE", "count")]
    assert [tuple(one) for one in problems_of(COLUMNS, {**good, "name": "长" * 21})] == [("LENGTH", "name")]
    assert [tuple(one) for one in problems_of(COLUMNS, {**good, "more": "1"})] == [("UNKNOWN", "more")]


def test_times_have_the_written_form_of_the_standard() -> None:
    column = [Column(element="at", label="时间", type="datetime")]

    assert problems_of(column, {"at": "20261122T093000"}) == []
    assert problems_of(column, {"at": "2026-11-22 09:30:00"})
    assert problems_of(column, {"at": "20261122T253000"})
