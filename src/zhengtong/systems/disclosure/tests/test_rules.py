"""The pure rules: day of receipt, tiers of fees, outcomes and their rows, acts by state."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.disclosure.constants import Channel, State
from zhengtong.systems.disclosure.rules import fees, handling, outcomes
from zhengtong.systems.disclosure.rules.receipt import confirmed_late, receipt_day

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@given(st.sampled_from(Channel.values), DAYS, st.none() | st.integers(0, 60))
def test_receipt_is_never_before_arrival_nor_after_confirmation(channel: str, day: dt.date, later: int | None) -> None:
    confirmed = None if later is None else day + dt.timedelta(later)
    found = receipt_day(channel, day, confirmed)
    if channel in ("ordinary_post", "fax"):
        assert found == confirmed
    else:
        assert found == day


def test_a_confirmation_before_the_arrival_is_none() -> None:
    with pytest.raises(ValueError, match="before"):
        receipt_day("fax", dt.date(2026, 11, 9), dt.date(2026, 11, 8))
    with pytest.raises(ValueError, match="pigeon"):
        receipt_day("pigeon", dt.date(2026, 11, 9))


def test_a_letter_is_to_be_confirmed_on_the_day_it_comes() -> None:
    monday, tuesday = dt.date(2026, 11, 9), dt.date(2026, 11, 10)
    assert not confirmed_late("ordinary_post", monday, None, monday)
    assert confirmed_late("ordinary_post", monday, None, tuesday)
    assert not confirmed_late("fax", monday, None, tuesday)


@pytest.mark.parametrize(
    ("items", "yuan"), [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (40, 4000), (41, 4300), (45, 5500)]
)
def test_fees_by_item(items: int, yuan: int) -> None:
    assert fees.fee(fees.BY_ITEM, items) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"), [(0, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (250, 4700)]
)
def test_fees_by_page(pages: int, yuan: int) -> None:
    assert fees.fee(fees.BY_PAGE, pages) == yuan


@given(st.sampled_from([fees.BY_ITEM, fees.BY_PAGE]), st.integers(0, 300), st.integers(0, 300))
def test_tiers_only_rise_and_add_up(table: fees.Table, before: int, more: int) -> None:
    prices = [fees.price_of(table, unit) for unit in range(1, before + more + 1)]
    assert prices == sorted(prices)
    assert fees.fee(table, before) + fees.fee_of_next(table, before, more) == sum(prices)


@pytest.mark.parametrize(
    "table", [[[10, 0], [5, 1], ["rest", 2]], [[10, -1], ["rest", 2]], [[10, 0]], [[10, 0], ["each", 0, 1]], []]
)
def test_a_table_that_says_nothing_is_refused(table: list[list[object]]) -> None:
    with pytest.raises((ValueError, LookupError)):
        fees.check(table)


def test_every_outcome_stands_in_a_row_of_the_report_and_every_row_is_used() -> None:
    rows = dict(outcomes.ROWS)
    assert {one.row for one in outcomes.OUTCOMES.values()} == set(rows)
    assert [outcomes.row_of(key) for key in (*outcomes.DATA_OUTCOMES, outcomes.SPLIT)] == [""] * 4


@given(st.sampled_from([key for key, one in outcomes.OUTCOMES.items() if not one.by_clock]))
def test_an_answer_needs_what_its_kind_needs_and_no_more(outcome: str) -> None:
    assert outcomes.missing_of(outcome, reason="说明了理由。", access="网站", agency="住建局") == {}
    bare = outcomes.missing_of(outcome, reason="", access="", agency="")
    assert bare, outcome


@given(st.sampled_from(State.values), *[st.booleans()] * 5)
def test_nothing_is_done_twice(
    state: str, corrected: bool, extended: bool, delayed: bool, fee_set: bool, own_data: bool
) -> None:
    found = handling.unit_acts(
        state, corrected=corrected, extended=extended, delayed=delayed, fee_set=fee_set, own_data=own_data
    )
    assert not (corrected and "correct" in found)
    assert not (extended and "ask_time" in found)
    assert not (fee_set and "fee" in found)
    assert ("draft" in found) == (state == State.HANDLING)
    assert handling.applicant_acts(state, reasons_asked=True) or state == State.CLOSED
