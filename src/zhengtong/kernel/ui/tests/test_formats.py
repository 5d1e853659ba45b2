"""Formats of dates, money, numbers and masked personal data."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.ui import formats


def test_dates_and_times_are_written_in_shanghai_time() -> None:
    late_evening = dt.datetime(2026, 11, 20, 18, 5, tzinfo=dt.UTC)

    assert formats.cn_date(late_evening) == "2026年11月21日"
    assert formats.cn_datetime(late_evening) == "2026年11月21日 02:05"
    assert formats.cn_day(late_evening) == "11月21日"
    assert formats.cn_date(dt.date(2026, 1, 2)) == "2026年1月2日"
    assert formats.cn_datetime(dt.date(2026, 1, 2)) == "2026年1月2日"


@pytest.mark.parametrize("nothing", [None, "", "2026-11-21", 7])
def test_what_is_no_date_prints_nothing(nothing: object) -> None:
    assert formats.cn_date(nothing) == ""
    assert formats.cn_datetime(nothing) == ""
    assert formats.cn_day(nothing) == ""


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (1250, "1,250.00 元"),
        ("0.005", "0.01 元"),
        (-3.1, "-3.10 元"),
        (None, ""),
        ("x", ""),
        ("NaN", ""),
        ("Infinity", ""),
    ],
)
def test_money(value: object, printed: str) -> None:
    assert formats.money(value) == printed


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_can_be_read_back(amount: Decimal) -> None:
    assert Decimal(formats.money(amount).removesuffix(" 元").replace(",", "")) == amount


@given(st.text(alphabet=st.characters(exclude_categories=["Z", "C"])))
def test_grouping_keeps_every_character(text: str) -> None:
    grouped = formats.group4(text)

    assert grouped.replace(" ", "") == text
    assert all(0 < len(part) <= 4 for part in grouped.split())


def test_masks_as_people_know_them() -> None:
    assert formats.mask_name("张一") == "张*"
    assert formats.mask_phone("13800005678") == "138****5678"
    assert formats.mask_id("980723199003070013") == "980***********0013"


@given(st.text(alphabet="0123456789X", min_size=1, max_size=24))
def test_masks_hide_at_least_four_characters_or_all_but_the_first(text: str) -> None:
    for mask in (formats.mask_id, formats.mask_phone):
        masked = mask(text)

        assert len(masked) == len(text)
        assert masked.count("*") >= min(4, len(text) - 1)


@given(st.text(alphabet="张王李欧阳一二三", min_size=1, max_size=6))
def test_a_masked_name_keeps_only_its_first_character(name: str) -> None:
    assert formats.mask_name(name) == name[0] + "*" * (len(name) - 1)
