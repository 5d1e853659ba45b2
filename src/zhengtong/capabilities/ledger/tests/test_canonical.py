"""One value, one text."""

import datetime as dt
import decimal
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.exceptions import NotCanonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(VALUES)
def test_text_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2, max_size=6))
def test_order_of_insertion_does_not_matter(mapping: dict[str, int]) -> None:
    turned = dict(reversed(list(mapping.items())))

    assert canonical(turned) == canonical(mapping)


def test_keys_are_sorted_by_utf16_as_rfc_8785_3_2_3_shows() -> None:
    mapping = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}

    keys = list(json.loads(canonical(mapping)))

    assert keys == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_text_is_escaped_as_little_as_rfc_8785_3_2_2_2_demands() -> None:
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"

    assert canonical({"string": text}) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()


def test_identifiers_dates_and_decimals_become_text() -> None:
    key = uuid.UUID(int=7)
    values = {"id": key, "day": dt.date(2026, 12, 3), "fee": decimal.Decimal("12.50"), "codes": ("a", "b")}

    assert json.loads(canonical(values)) == {"id": str(key), "day": "2026-12-03", "fee": "12.50", "codes": ["a", "b"]}


@pytest.mark.parametrize("value", [1.5, float("nan"), {1: "a"}, {"a"}, b"bytes", 2**53, "\ud800", object()])
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical({"value": value})
