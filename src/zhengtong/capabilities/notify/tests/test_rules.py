"""Pauses, quiet hours, words with variables."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.notify import rules
from zhengtong.kernel.calendar import SHANGHAI

LONGEST = dt.timedelta(minutes=30)
MOMENTS = st.datetimes(
    dt.datetime.fromisoformat("2026-01-01"), dt.datetime.fromisoformat("2027-01-01"), timezones=st.just(dt.UTC)
)
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def test_pauses_grow_up_to_the_longest() -> None:
    pauses = [rules.pause_after(attempts, longest=LONGEST) for attempts in range(1, 200)]

    assert pauses[:3] == [dt.timedelta(seconds=30), dt.timedelta(seconds=60), dt.timedelta(seconds=120)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-23 21:59", "2026-11-23 21:59"),
        ("2026-11-23 22:00", "2026-11-24 07:00"),
        ("2026-11-24 00:30", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "2026-11-24 07:00"),
        ("2026-11-24 07:00", "2026-11-24 07:00"),
    ],
)
def test_the_night_ends_in_the_morning(at: str, until: str) -> None:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)

    assert rules.QuietHours.parse("22:00-07:00").over_at(moment) == dt.datetime.fromisoformat(until).replace(
        tzinfo=SHANGHAI
    )


@given(TIMES, TIMES, MOMENTS)
def test_what_may_go_out_then_may_go_out(begin: dt.time, end: dt.time, moment: dt.datetime) -> None:
    quiet = rules.QuietHours(begin, end)

    start = quiet.over_at(moment)

    assert moment <= start <= moment + dt.timedelta(days=1)
    assert quiet.over_at(start) == start


@pytest.mark.parametrize("text", ["22-7", "25:00-07:00", "abends", "22:00–07:00"])
def test_hours_nobody_understands_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|hour must"):
        rules.QuietHours.parse(text)


def test_no_hours_are_no_quiet() -> None:
    moment = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)

    assert rules.QuietHours.parse("").over_at(moment) == moment


def test_words_are_filled_and_unknown_variables_named() -> None:
    assert rules.filled("“{item}”已收到，{item}", {"item": "许可{x}"}) == "“许可{x}”已收到，许可{x}"
    assert rules.faults_of("{item}已收到", ["item"]) == []
    assert "{itme}" in rules.faults_of("{itme}已收到", ["item"])[0]
    assert rules.faults_of("{item 已收到", ["item"])
    assert rules.faults_of("｛item｝", ["item"])
    with pytest.raises(ValueError, match="item"):
        rules.filled("{item}", {})


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(["item", "day"]), st.text(max_size=10)))
def test_words_without_faults_can_be_filled(text: str, values: dict[str, str]) -> None:
    if not rules.faults_of(text, list(values)):
        rules.filled(text, values)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (["delivered", "delivered"], "delivered"),
        (["delivered", "accepted"], "sent"),
        (["accepted", "submitted"], "flying"),
        (["failed", "accepted"], "failed"),
        (["waiting"], "failed"),
        ([], "failed"),
    ],
)
def test_the_parts_say_how_the_message_fares(states: list[str], outcome: str) -> None:
    assert rules.outcome_of_parts(states) == outcome
