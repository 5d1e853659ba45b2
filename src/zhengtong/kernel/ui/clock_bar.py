"""Prepares the bar of days of a time limit for printing: which box, which mark, which spoken words."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.ui.formats import cn_date, cn_day

WORDS: dict[str, str | Promise] = {
    "counted": _("已计入"),
    "paused": _("暂停，不计入"),
    "holiday": _("休息日，不计入"),
    "remaining": _("剩余"),
    "overdue": _("超过期限"),
}
_SHORT = {"paused": _("停"), "holiday": _("休"), "overdue": _("超")}


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
