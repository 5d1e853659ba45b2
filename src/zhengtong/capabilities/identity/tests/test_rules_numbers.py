"""Identifiers: the vectors of GB 11643 and GB 32100, and properties around them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity.rules import (
    NumberProblem,
    citizen_number_problem,
    name_is_valid,
    normal_number,
    phone_is_valid,
    uscc_is_valid,
    username_is_valid,
)

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        "350900198001010012",
        "341300200002290032",
        "360300199912310044",
        "431024194910010057",
        "350922199003077774",
        "36030019880808007X",
        "36030019880808007x",
        " 360300 19880808 007X ",
    ],
)
def test_existing_numbers_are_accepted(number: str) -> None:
    assert citizen_number_problem(number, today=TODAY) is None


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("341723197902290021", NumberProblem.DATE),
        ("350900198001010013", NumberProblem.CHECK_DIGIT),
        ("35090019800101001", NumberProblem.FORM),
        ("3509001980010100122", NumberProblem.FORM),
        ("350900198001O10012", NumberProblem.FORM),
        ("３５０９００１９８００１０１００１２", NumberProblem.FORM),
        ("", NumberProblem.FORM),
        ("980723199003070019", NumberProblem.PROVINCE),
    ],
)
def test_impossible_numbers_are_refused(number: str, problem: NumberProblem) -> None:
    assert citizen_number_problem(number, today=TODAY) is problem


def test_a_county_that_was_abolished_is_no_reason_to_refuse() -> None:
    assert citizen_number_problem("350922199003077774", today=TODAY) is None


def test_nobody_is_born_tomorrow() -> None:
    number = "350900198001010012"

    assert citizen_number_problem(number, today=dt.date(1979, 12, 31)) is NumberProblem.DATE
    assert citizen_number_problem(number, today=dt.date(1980, 1, 1)) is None


def test_the_province_of_a_demonstration_is_accepted_only_when_named() -> None:
    from zhengtong.capabilities.identity.tests.factories import citizen_number

    number = citizen_number(1)

    assert citizen_number_problem(number, today=TODAY) is NumberProblem.PROVINCE
    assert citizen_number_problem(number, today=TODAY, further_provinces={"98"}) is None


@given(place=st.integers(0, 16), digit=st.integers(0, 9))
def test_one_miscopied_digit_is_always_found(place: int, digit: int) -> None:
    right = "11010519491231002X"
    wrong = right[:place] + str(digit) + right[place + 1 :]

    found = citizen_number_problem(wrong, today=TODAY)

    assert (found is None) == (wrong == right)


@given(st.text(max_size=25))
def test_any_text_gets_a_verdict(text: str) -> None:
    assert citizen_number_problem(text, today=TODAY) is None or normal_number(text) != "11010519491231002X"
    assert uscc_is_valid(text) in (True, False)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "91110000600037341L",
        "12441500196720244T",
        "11350900003990011N",
        "12341723123456788F",
        "91360300MA0000015K",
        "51431024MJ000123X7",
        "92341300MA2ABCDEX8",
        "92341300ma2abcdex8",
    ],
)
def test_existing_credit_codes_are_accepted(code: str) -> None:
    assert uscc_is_valid(code)


@pytest.mark.parametrize(
    "code", ["91350211M000100Y43", "911100007178241024", "91350100M000100Y4", "91350100I000100Y43", ""]
)
def test_impossible_credit_codes_are_refused(code: str) -> None:
    assert not uscc_is_valid(code)


@pytest.mark.parametrize("phone", ["13800000000", " 199 0000 1234 "])
def test_mobile_numbers(phone: str) -> None:
    assert phone_is_valid(phone)


@pytest.mark.parametrize("phone", ["12800000000", "1380000000", "138000000001", "0591-1234567", "+8613800000000"])
def test_other_numbers_are_not_mobile(phone: str) -> None:
    assert not phone_is_valid(phone)


@pytest.mark.parametrize("name", ["张一", "欧阳二三", "阿卜杜拉·买买提", "Anna Lee", "𠮷田"])
def test_names_of_people(name: str) -> None:
    assert name_is_valid(name)


@pytest.mark.parametrize("name", ["", "张", "张1", "<b>张一</b>", "张_一", "·张一", "张" * 51])
def test_what_no_person_is_called(name: str) -> None:
    assert not name_is_valid(name)


def test_user_names_are_small_letters() -> None:
    assert username_is_valid("clerk.g22")
    assert not username_is_valid("Clerk")
    assert not username_is_valid("1clerk")
    assert not username_is_valid("ab")
