"""Texts of short messages: cut into parts and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.notify.engine import texts

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@given(TEXT, st.integers(0, 2**64))
def test_parts_come_together_again(text: str, reference: int) -> None:
    parts = texts.parts_of(text, reference)
    several = len(parts) > 1
    headers = [texts.header_of(part) for part in parts] if several else []

    assert len(parts) == texts.count_parts(text)
    assert all(len(part) <= 140 for part in parts)
    assert headers == ([(reference % 256, len(parts), place) for place in range(1, len(parts) + 1)] if several else [])
    assert texts.joined(dict(enumerate(parts)), header=several, charset=8) == text


@pytest.mark.parametrize(("length", "parts"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3)])
def test_seventy_in_one_part_and_sixty_seven_in_each_of_several(length: int, parts: int) -> None:
    assert texts.count_parts("字" * length) == parts


@given(TEXT, st.integers(1, 4))
def test_a_text_is_shortened_to_what_is_paid_for(text: str, most: int) -> None:
    found = texts.shortened(text, most)

    assert texts.count_parts(found) <= most
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))
    assert found == text or texts.count_parts(text) > most


def test_a_character_of_two_units_stays_whole() -> None:
    parts = texts.parts_of("字" * 66 + "𠮷" * 5, 1)

    assert [part[6:].decode("utf-16-be") for part in parts] == ["字" * 66, "𠮷" * 5]


def test_the_signature_stands_in_front() -> None:
    assert texts.signed("您的申请\n\n已收到 。", "青禾县政务服务") == "【青禾县政务服务】您的申请 已收到 。"
    assert texts.signed("已收到", "") == "已收到"


@given(st.binary(max_size=20))
def test_no_bytes_make_reading_a_header_fail(content: bytes) -> None:
    texts.header_of(content)
    texts.joined({1: content}, header=False, charset=8)
