"""The document on security says of every requirement what proves it, and every proof is there."""

import pytest

from tests.security.requirements import REQUIREMENTS
from tests.security.table import ASVS, CHINESE_STANDARD, NOT_APPLICABLE, Row, exists, rows

_SHORTEST_REASON = 20
_TESTED = [*rows(ASVS), *rows(CHINESE_STANDARD)]


def test_the_standard_has_as_many_requirements_as_it_says() -> None:
    assert {chapter: len(numbers) for chapter, numbers in REQUIREMENTS.items()} == {
        "V1": 27, "V2": 11, "V3": 19, "V4": 10, "V5": 9, "V6": 35, "V7": 18, "V8": 7, "V9": 7, "V10": 29, "V11": 14,
        "V12": 9, "V13": 13, "V14": 9, "V15": 13, "V16": 16, "V17": 7,
    }  # fmt: skip
    assert sum(map(len, REQUIREMENTS.values())) == 253


@pytest.mark.parametrize("chapter", REQUIREMENTS)
def test_every_requirement_stands_there_once_and_in_order(chapter: str) -> None:
    found = [row.number for row in rows(ASVS) if row.number.startswith(f"{chapter}.")]

    assert found == REQUIREMENTS[chapter]


def test_no_row_is_of_another_standard() -> None:
    known = {number for numbers in REQUIREMENTS.values() for number in numbers}

    assert {row.number for row in rows(ASVS)} <= known


def test_the_chinese_standard_has_its_table() -> None:
    assert rows(CHINESE_STANDARD)


@pytest.mark.parametrize("row", _TESTED, ids=[row.number for row in _TESTED])
def test_a_row_says_how_it_is_held_and_its_proof_exists(row: Row) -> None:
    assert all([row.number, row.asked, row.held, row.proof])
    if row.proof.startswith(NOT_APPLICABLE):
        assert len(row.not_applicable) >= _SHORTEST_REASON
        assert not row.nodes
    else:
        assert row.nodes
        assert row.proof == "<br>".join(f"`{node}`" for node in row.nodes)
        assert [node for node in row.nodes if not exists(node)] == []
