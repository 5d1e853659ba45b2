"""Limits of a matter on its page: one sentence on how each stands, a bar where it has one, its basis."""

import dataclasses
import datetime as dt

import pytest
from django.template.loader import render_to_string

from zhengtong.kernel.ui.clock_bar import limits_shown

TODAY = dt.date(2026, 11, 10)


@dataclasses.dataclass(frozen=True)
class Day:
    day: dt.date
    counted: bool = True
    ordinal: int | None = 1
    reason: str = "工作日"
    paused: bool = False


@dataclasses.dataclass(frozen=True)
class Limit:
    kind: str = "answer"
    label: str = "答复期限"
    limit_label: str = "20 个工作日"
    basis: str = "条例第三十三条"
    confirmed: bool = True
    lamp: str = "green"
    sentence: str = "从 11 月 9 日起算。"
    started_on: dt.date = dt.date(2026, 11, 9)
    due_on: dt.date | None = dt.date(2026, 11, 12)
    ended_on: dt.date | None = None
    kept: bool | None = None
    paused: bool = False
    days: tuple[Day, ...] = (Day(TODAY),)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Limit(), "截至2026年11月12日。"),
        (Limit(due_on=dt.date(2026, 11, 8)), "截至2026年11月8日，已经超过 2 天。"),
        (Limit(due_on=None, paused=True), "现在中止计算，恢复后重新推算截止日。"),
        (Limit(ended_on=TODAY, kept=True), "2026年11月10日完成，按期完成。"),
        (Limit(ended_on=TODAY, kept=False), "2026年11月10日完成，超过了期限。"),
        (Limit(ended_on=TODAY), "2026年11月10日结束。"),
    ],
)
def test_how_a_limit_stands_is_said_in_one_sentence(limit: Limit, said: str) -> None:
    assert [one["said"] for one in limits_shown([limit], today=TODAY)] == [said]


def test_the_word_for_an_end_is_the_callers_and_some_kinds_have_no_bar() -> None:
    ended = Limit(ended_on=TODAY, kept=True)

    (one,) = limits_shown([ended], today=TODAY, done="办结", barless=("answer",))

    assert one["said"] == "2026年11月10日办结，按期完成。"
    assert one["days"] == []
    assert limits_shown([ended], today=TODAY)[0]["days"]


def test_a_basis_nobody_has_checked_says_so() -> None:
    def page(limit: Limit) -> str:
        return render_to_string("ui/limits.html", {"clocks": limits_shown([limit], today=TODAY)})

    assert "条例第三十三条" in page(Limit())
    assert "待核实" not in page(Limit())
    assert "待核实" in page(Limit(confirmed=False))
    assert "依据" not in page(Limit(basis=""))
