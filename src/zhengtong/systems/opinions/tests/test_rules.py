"""Phases, figures of feedback, names in public words, answers of surveys: without a database."""

import datetime as dt

import pytest

from zhengtong.systems.opinions.constants import Phase, QuestionKind, State, Verdict
from zhengtong.systems.opinions.rules.feedback import figures_of, names_somebody
from zhengtong.systems.opinions.rules.phases import days_when_published, last_day, phase_of
from zhengtong.systems.opinions.rules.polls import (
    Question,
    average_of,
    check_answers,
    counts_of,
    wrong_with_question,
)

OPENS, CLOSES = dt.datetime(2026, 11, 9, tzinfo=dt.UTC), dt.datetime(2026, 12, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
CHOICE = Question(no=1, kind=QuestionKind.SINGLE, words="多久", choices=("每天", "很少"))
SEVERAL = Question(no=2, kind=QuestionKind.MULTIPLE, words="哪些", choices=("甲", "乙", "丙"), most=2, required=False)
POINTS = Question(no=3, kind=QuestionKind.SCALE, words="满意吗", required=False)
TEXT = Question(no=4, kind=QuestionKind.TEXT, words="建议", required=False)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - SECOND, Phase.WAITING),
        (OPENS, Phase.OPEN),
        (CLOSES - SECOND, Phase.OPEN),
        (CLOSES, Phase.CLOSED),
    ],
)
def test_open_from_the_first_moment_to_the_last(at: dt.datetime, phase: Phase) -> None:
    assert phase_of(State.PUBLISHED, OPENS, CLOSES, at) == phase
    assert phase_of(State.ANSWERED, OPENS, CLOSES, at) == Phase.ANSWERED
    assert phase_of(State.DRAFT, None, None, at) == Phase.DRAFT


def test_signed_late_it_stays_open_as_long() -> None:
    first, last = dt.date(2026, 11, 9), dt.date(2026, 12, 8)

    assert last_day(first, 30) == last
    assert days_when_published(first, last, dt.date(2026, 11, 12)) == (dt.date(2026, 11, 12), dt.date(2026, 12, 11))
    assert days_when_published(first, last, dt.date(2026, 11, 1)) == (first, last)


def test_figures_leave_out_what_is_not_about_the_matter() -> None:
    found = figures_of({Verdict.ADOPTED: 1, Verdict.PARTLY: 1, Verdict.NOT_ADOPTED: 1, Verdict.UNRELATED: 4, "": 2})

    assert (found.received, found.judged, found.open, found.share) == (9, 3, 2, "66.7")
    assert figures_of({Verdict.UNRELATED: 1}).share == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("采纳欧阳秋实的意见", True),
        ("采纳欧 阳 秋 实的意见", True),
        ("请打 139-7700-1234", True),
        ("请打 １３９７７００１２３４", True),
        ("证件 980723196512037113", True),
        ("延长到 22 时，依据《城市道路管理条例》第三十条", False),
        ("编号 20261109000113977001234", False),
    ],
)
def test_words_for_the_public_name_nobody(text: str, named: bool) -> None:
    assert names_somebody(text, ["欧阳秋实", ""]) is named


def test_answers_are_read_and_blank_optional_ones_left_out() -> None:
    given = {"q1": ["2"], "q2": ["3", "1"], "q3": [""], "q4": [" 多开一班 "]}

    checked = check_answers([CHOICE, SEVERAL, POINTS, TEXT], given)

    assert checked.errors == {}
    assert checked.chosen == {"1": ["2"], "2": ["1", "3"]}
    assert checked.written == {4: "多开一班"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "q1"),
        ({"q1": ["3"]}, "q1"),
        ({"q1": ["1", "2"]}, "q1"),
        ({"q1": ["1"], "q2": ["1", "2", "3"]}, "q2"),
        ({"q1": ["1"], "q3": ["6"]}, "q3"),
        ({"q1": ["1"], "q4": ["长" * 501]}, "q4"),
    ],
)
def test_answers_that_do_not_count_say_which(given: dict[str, list[str]], field: str) -> None:
    assert list(check_answers([CHOICE, SEVERAL, POINTS, TEXT], given).errors) == [field]


def test_an_empty_ballot_of_optional_questions_is_none() -> None:
    assert check_answers([SEVERAL, TEXT], {}).errors == {"q2": "还没有回答任何题目。"}


def test_counts_follow_the_order_of_the_choices() -> None:
    counts = counts_of(SEVERAL, {"3": 2, "1": 1}, 3)

    assert [(one.label, one.count, one.share) for one in counts] == [
        ("甲", 1, "33.3"),
        ("乙", 0, "0.0"),
        ("丙", 2, "66.7"),
    ]
    assert [one.share for one in counts_of(CHOICE, {}, 0)] == ["—", "—"]
    assert average_of({"5": 1, "2": 2}) == "3.0"
    assert average_of({}) == ""


@pytest.mark.parametrize(
    ("kind", "choices", "most", "field"),
    [
        ("single", ["一"], None, "choices"),
        ("single", ["一", "一"], None, "choices"),
        ("multiple", ["一", "二"], 3, "most"),
        ("single", ["一", "二"], 2, "most"),
        ("multiple", [str(n) for n in range(13)], None, "choices"),
        ("none", [], None, "kind"),
    ],
)
def test_questions_that_cannot_be_asked(kind: str, choices: list[str], most: int | None, field: str) -> None:
    assert list(wrong_with_question(kind, choices, most)) == [field]


def test_questions_that_can() -> None:
    assert wrong_with_question("multiple", ["一", "二", "三"], 2) == {}
    assert wrong_with_question("scale", [], None) == {}
