"""Prepares the bar of days of a time limit for printing: which box, which mark, which spoken words.

``days_of`` turns the explanation of a limit into days, ``cells_of`` turns days into boxes.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.ui.formats import cn_date, cn_day

WORDS: dict[str, str | Promise] = {
    "counted": _("已计入"),
    "paused": _("暂停，不计入"),
    "holiday": _("休息日，不计入"),
    "remaining": _("剩余"),
    "overdue": _("超过期限"),
}
_LATE_DAYS_SHOWN = 31
_ONE_DAY = dt.timedelta(days=1)
_SHORT = {"paused": _("停"), "holiday": _("休"), "overdue": _("超")}


class Line(Protocol):
    """One day of an explanation, as the rules of a limit give it."""

    @property
    def day(self) -> dt.date:
        """The day."""

    @property
    def counted(self) -> bool:
        """Whether it uses up the limit."""

    @property
    def ordinal(self) -> int | None:
        """The how-manieth counted day it is."""

    @property
    def reason(self) -> str:
        """Why it counts or not."""

    @property
    def paused(self) -> bool:
        """Whether a stop of the clock takes it out."""


def days_of(
    lines: Iterable[Line],
    *,
    started_on: dt.date,
    due_on: dt.date | None,
    ended_on: dt.date | None,
    today: dt.date,
) -> list[dict[str, Any]]:
    """Days for the clock component from the explanation of a limit, the same for whoever looks at it.

    ``ended_on`` is None while the limit runs; one that ran out meanwhile goes on to today, at most a month.
    """
    running = ended_on is None
    until = today if ended_on is None else min(today, ended_on)
    days = [
        _day(line, due=line.day == due_on, until=until, today=running and line.day == today)
        for line in lines
        if line.counted or line.day != started_on or line.day == due_on
    ]
    if running and due_on and today > due_on:
        late = min((today - due_on).days, _LATE_DAYS_SHOWN)
        days += [
            {"day": day, "state": "overdue", "today": day == today}
            for day in (today - back * _ONE_DAY for back in range(late - 1, -1, -1))
        ]
    return days


class Shown(Protocol):
    """A limit as it is explained: its days, and how it stands."""

    @property
    def kind(self) -> str:
        """What it limits."""

    @property
    def days(self) -> Iterable[Line]:
        """Its days one by one."""

    @property
    def started_on(self) -> dt.date:
        """Its first day."""

    @property
    def due_on(self) -> dt.date | None:
        """Its last day; None while a stop has no end."""

    @property
    def ended_on(self) -> dt.date | None:
        """When it ended."""

    @property
    def kept(self) -> bool | None:
        """Whether it ended in time; None where that says nothing."""

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""


def limits_shown(
    limits: Iterable[Shown], *, today: dt.date, done: str = "", barless: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Limits as ``ui/limits.html`` prints them; ``done`` is another word for 完成, kinds in ``barless`` have no bar."""
    return [
        {
            "view": one,
            "days": []
            if one.kind in barless
            else days_of(one.days, started_on=one.started_on, due_on=one.due_on, ended_on=one.ended_on, today=today),
            "said": _said(one, today, done or gettext("完成")),
        }
        for one in limits
    ]


def _said(one: Shown, today: dt.date, done: str) -> str:
    if one.ended_on:
        if one.kept is None:
            return gettext("%(day)s结束。") % {"day": cn_date(one.ended_on)}
        kept = gettext("按期完成") if one.kept else gettext("超过了期限")
        return gettext("%(day)s%(done)s，%(kept)s。") % {"day": cn_date(one.ended_on), "done": done, "kept": kept}
    if one.due_on is None:
        return gettext("现在中止计算，恢复后重新推算截止日。") if one.paused else gettext("没有期限。")
    left = (one.due_on - today).days
    if left < 0:
        return gettext("截至%(due)s，已经超过 %(n)d 天。") % {"due": cn_date(one.due_on), "n": -left}
    return gettext("截至%(due)s。") % {"due": cn_date(one.due_on)}


def _day(line: Line, *, due: bool, until: dt.date, today: bool) -> dict[str, Any]:
    if line.counted or due:
        state = "counted" if line.day <= until else "remaining"
    else:
        state = "paused" if line.paused else "holiday"
    label = line.reason
    if line.ordinal:
        label = gettext("%(reason)s，第 %(no)d 天") % {"reason": line.reason, "no": line.ordinal}
    return {"day": line.day, "state": state, "label": label, "due": due, "today": today}


@dataclasses.dataclass(frozen=True)
class Cell:
    """One day: ``month`` above, ``mark`` in the box, ``under`` below, ``spoken`` for readers of the page aloud."""

    state: str
    today: bool
    due: bool
    month: str
    mark: str
    under: str
    spoken: str


@dataclasses.dataclass(frozen=True)
class LegendItem:
    """One state that occurs in the bar, with its word."""

    state: str
    mark: str
    word: str


def cells_of(days: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """Cells for ``{day, state, label?, today?, due?}``; ValueError for a state that is not in ``WORDS``."""
    found: list[Cell] = []
    for number, entry in enumerate(days):
        day: dt.date = entry["day"]
        state = str(entry["state"])
        if state not in WORDS:
            raise ValueError(f"unknown state of a day: {state!r}")
        today, due, label = bool(entry.get("today")), bool(entry.get("due")), str(entry.get("label") or "")
        marks = [str(_("今天"))] * today + [str(_("截止"))] * due
        found.append(
            Cell(
                state=state,
                today=today,
                due=due,
                month=f"{day.month}月" if number == 0 or day.day == 1 else "",
                mark=str(day.day),
                under="".join(marks) or str(_SHORT.get(state, "")),
                spoken="，".join([cn_date(day) if number == 0 else cn_day(day), *marks, label or str(WORDS[state])]),
            )
        )
    return found


def legend_of(cells: Iterable[Cell]) -> list[LegendItem]:
    """The states that occur, in the order of ``WORDS``."""
    present = {cell.state for cell in cells}
    return [
        LegendItem(state, str(_SHORT.get(state, "")), str(word)) for state, word in WORDS.items() if state in present
    ]
