"""Grades in two directions, replies, moves of a follow-up, figures and their masking, links and signatures."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.ratings.constants import Grade
from zhengtong.capabilities.ratings.rules import figures, follow_up, grades, signing
from zhengtong.kernel.calendar import DayRow, WorkCalendar

KEY = b"k" * 32


def test_the_grades_are_the_words_of_the_standard_in_its_order() -> None:
    assert list(Grade.values) == list(grades.GRADES)
    assert [str(grade.label) for grade in Grade] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]


@pytest.mark.parametrize(
    ("grade", "code", "stars", "bad"),
    [
        ("very_satisfied", "1", 5, False),
        ("satisfied", "2", 4, False),
        ("fairly_satisfied", "3", 3, False),
        ("dissatisfied", "4", 2, True),
        ("very_dissatisfied", "5", 1, True),
    ],
)
def test_codes_and_stars_run_in_opposite_directions(grade: str, code: str, stars: int, bad: bool) -> None:
    assert (grades.gb_code(grade), grades.stars(grade), grades.is_bad(grade)) == (code, stars, bad)
    assert grades.from_gb_code(code) == grades.from_stars(stars) == grade


@pytest.mark.parametrize("code", ["0", "6", "", "１", "12"])
def test_a_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no grade"):
        grades.from_gb_code(code)


@pytest.mark.parametrize("number", [0, 6, -1])
def test_stars_beyond_five_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no grade"):
        grades.from_stars(number)


@pytest.mark.parametrize(
    ("text", "grade", "words"),
    [
        ("1", "very_satisfied", ""),
        (" 2 ", "satisfied", ""),
        ("５", "very_dissatisfied", ""),
        ("4 态度不好", "dissatisfied", "态度不好"),
        ("4，等了两小时", "dissatisfied", "等了两小时"),
        ("5.没人", "very_dissatisfied", "没人"),
        ("3分", "fairly_satisfied", ""),
        ("非常不满意！来回跑", "very_dissatisfied", "来回跑"),
        ("不满意", "dissatisfied", ""),
        ("非常满意", "very_satisfied", ""),
        ("满意，谢谢", "satisfied", "谢谢"),
    ],
)
def test_a_reply_is_understood(text: str, grade: str, words: str) -> None:
    assert grades.grade_of_reply(text) == (grade, words)


@pytest.mark.parametrize("text", ["", "12", "0", "6", "好", "TD", "我很满意", "10分"])
def test_a_doubtful_reply_is_not_guessed(text: str) -> None:
    assert grades.grade_of_reply(text) is None


def test_phrases_of_another_grade_are_dropped() -> None:
    assert grades.known_tags("satisfied", ["rude", "quick", "friendly", "x"]) == ["friendly", "quick"]
    assert grades.tag_words(["rude", "quick"]) == ["态度不好", "办得快"]


def test_a_follow_up_goes_its_way() -> None:
    state = "to_contact"
    for act, then in (("not_reached", "to_contact"), ("contact", "contacted"), ("rectify", "rectified")):
        state = follow_up.next_state(state, act)
        assert state == then

    assert follow_up.next_state("rectified", "again") == follow_up.next_state("rectified", "close") == "closed"


@pytest.mark.parametrize(
    ("state", "act", "asked", "words"),
    [
        ("to_contact", "rectify", False, "请先联系"),
        ("rectified", "contact", False, "再次评价"),
        ("closed", "contact", False, "已经办结"),
        ("excluded", "rectify", False, "不计入"),
        ("contacted", "exclude", False, "没有等候认定"),
        ("contacted", "keep", False, "没有等候认定"),
        ("contacted", "ask", True, "已经申请过"),
        ("contacted", "again", False, "报告整改"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(state: str, act: str, asked: bool, words: str) -> None:
    with pytest.raises(follow_up.NotAllowed, match=words):
        follow_up.next_state(state, act, asked=asked)


@pytest.mark.parametrize("state", ["to_contact", "contacted", "rectified", "closed", "excluded"])
@pytest.mark.parametrize("asked", [True, False])
def test_every_offered_act_is_allowed(state: str, asked: bool) -> None:
    for act in follow_up.acts_of(state, asked=asked):
        assert follow_up.next_state(state, act, asked=asked)


def test_limits_are_counted_in_working_days_from_the_day_after() -> None:
    rest = DayRow(dt.date(2026, 11, 10), is_workday=False, name="本地", source="通知", local=True)
    calendar = WorkCalendar([rest], first_year=2026, last_year=2026)
    limits = follow_up.Limits(contact=1, simple=5, complex=15)

    contact, simple = follow_up.due_dates(dt.date(2026, 11, 9), limits, calendar, is_complex=False)
    whole = follow_up.due_dates(dt.date(2026, 11, 9), limits, calendar, is_complex=True)[1]

    assert [moment.date() for moment in (contact, simple, whole)] == [
        dt.date(2026, 11, 12),  # 24:00 of the 11th
        dt.date(2026, 11, 18),
        dt.date(2026, 12, 2),
    ]


def row(*counts: int, key: str = "x") -> figures.Figures:
    return figures.Figures(key=key, label=key, grades=dict(zip(grades.GRADES, counts, strict=True)))


def test_the_mean_is_in_stars_and_bad_ones_lower_the_share() -> None:
    found = row(5, 3, 0, 1, 1)

    assert (found.rated, found.good, found.bad) == (10, 8, 2)
    assert (str(found.mean), str(found.share_good)) == ("4.00", "80.0")
    assert figures.Figures().mean is figures.Figures().share_good is figures.Figures().response_rate is None


counts = st.tuples(*[st.integers(0, 4)] * 5)


@settings(max_examples=150)
@given(st.lists(counts, max_size=7), st.integers(1, 8))
def test_what_is_published_never_lets_a_small_number_be_worked_out(rows: list[tuple[int, ...]], least: int) -> None:
    given_rows = [row(*each, key=str(number)) for number, each in enumerate(rows)]

    shown, total = figures.published(given_rows, least)

    assert [one.key for one in shown] == [one.key for one in given_rows]
    assert all(one.masked or one.rated == 0 or one.rated >= least for one in shown)
    assert all(one.rated == 0 for one in shown if one.masked)
    rest = total.rated - sum(one.rated for one in shown)
    hidden = [one for one in shown if one.masked]
    if hidden and not total.masked:
        assert len(hidden) >= 2
        assert rest >= least
    assert total.masked or total.rated == sum(one.rated for one in given_rows)


def test_nothing_is_masked_where_all_are_large() -> None:
    shown, total = figures.published([row(9, 0, 0, 0, 0), row(0, 0, 0, 5, 0), row(0, 0, 0, 0, 0)], 5)

    assert not any(one.masked for one in shown)
    assert total.rated == 14


names = st.text(st.characters(codec="utf-8", exclude_characters="\x00:"), min_size=1, max_size=20)


@settings(max_examples=100)
@given(names, st.one_of(st.uuids().map(str), names), names)
def test_a_link_says_what_it_is_about(kind: str, key: str, event: str) -> None:
    link = signing.Link(kind, key, event)

    assert signing.read_token(KEY, signing.make_token(KEY, link)) == link


@settings(max_examples=100)
@given(st.integers(0, 200), st.sampled_from("ABCab01-_"))
def test_a_changed_link_is_none(place: int, sign: str) -> None:
    token = signing.make_token(KEY, signing.Link("application", str(uuid.UUID(int=7)), "close"))
    place %= len(token)
    changed = token[:place] + sign + token[place + 1 :]

    assert signing.read_token(KEY, changed) is None or changed == token
    assert signing.read_token(b"other" * 8, token) is None


@pytest.mark.parametrize("token", ["", "x", "AAAA", "。。。", "A" * 300, "=" * 8])
def test_nonsense_is_no_link(token: str) -> None:
    assert signing.read_token(KEY, token) is None


def test_every_part_of_a_request_is_signed() -> None:
    request = {"method": "POST", "path": "/p/", "at": "1", "nonce": "abcdefgh", "body": b"{}"}
    signature = signing.sign_request("00" * 32, **request)

    assert len(signature) == 64
    for name, value in (("path", "/q/"), ("at", "2"), ("nonce", "abcdefgi"), ("body", b"{ }"), ("method", "PUT")):
        assert signing.sign_request("00" * 32, **{**request, name: value}) != signature
    assert signing.sign_request("01" * 32, **request) != signature


def test_the_documented_example_is_what_we_compute() -> None:
    made = signing.sign_request(
        "0" * 64,
        method="POST",
        path="/ratings/devices/rate/",
        at="1790000000",
        nonce="0123456789abcdef",
        body=b'{"call":"0","grade":"1"}',
    )

    assert made in (Path(__file__).parents[5] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_time_of_a_request_must_fit() -> None:
    assert signing.time_problem("1000", present=1000.0 + 300, skew=300) == ""
    assert "校准" in signing.time_problem("1000", present=1301.0, skew=300)
    assert "校准" in signing.time_problem("2000", present=1000.0, skew=300)
    assert "秒数" in signing.time_problem("昨天", present=1000.0, skew=300)
