"""The follow-up of a bad rating (差评整改): which act leads from which state to which."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from zhengtong.kernel.calendar import WorkCalendar, end_of_day, local_day

_TABLE: Final[dict[str, dict[str, str]]] = {
    "to_contact": {"contact": "contacted", "not_reached": "to_contact", "ask": "to_contact", "exclude": "excluded"},
    "contacted": {
        "contact": "contacted",
        "not_reached": "contacted",
        "rectify": "rectified",
        "ask": "contacted",
        "exclude": "excluded",
    },
    "rectified": {"again": "closed", "close": "closed"},
    "closed": {},
    "excluded": {},
}
_WHY: Final = {
    "to_contact": "还没有联系评价人：请先联系并记下经过，再报告整改。",
    "contacted": "已经联系过评价人，现在等本单位报告整改。",
    "rectified": "已经报告整改，现在等评价人再次评价。",
    "closed": "这个差评的整改已经办结，不能再处理。",
    "excluded": "这个差评已经认定不计入，不能再处理。",
}


class NotAllowed(ValueError):
    """The act does not fit the state; the text is a Chinese sentence."""


@dataclass(frozen=True)
class Limits:
    """Limits in working days as they were when the follow-up began; they do not change with the parameters."""

    contact: int
    simple: int
    complex: int


def next_state(state: str, act: str, *, asked: bool = False) -> str:
    """The state after an act; NotAllowed with a sentence. ``asked``: a request not to count it waits."""
    if act in ("keep", "exclude") and not asked:
        raise NotAllowed("没有等候认定的申请，可能已经由他人处理。")
    if act == "ask" and asked:
        raise NotAllowed("已经申请过认定，正在等另一个人核定。")
    if act == "keep":
        return state
    found = _TABLE[state].get(act)
    if found is None:
        raise NotAllowed(_WHY[state])
    return found


def acts_of(state: str, *, asked: bool) -> frozenset[str]:
    """Acts of the unit that fit a state; ``keep`` and ``exclude`` are the second person's."""
    fits = {act for act in _TABLE[state] if act in ("contact", "not_reached", "rectify", "ask", "exclude")}
    fits |= {"keep"} if fits else set()
    return frozenset(fits - ({"ask"} if asked else {"keep", "exclude"}))


def due_after(day: dt.date, workdays: int, calendar: WorkCalendar) -> dt.datetime:
    """The instant a limit of working days has passed; the first day is not counted."""
    return end_of_day(calendar.add_workdays(day, workdays))


def last_day(due_at: dt.datetime) -> dt.date:
    """The last day on which the act is in time, of an instant at which the limit has passed."""
    return local_day(due_at - dt.timedelta(seconds=1))


def due_dates(
    opened: dt.date, limits: Limits, calendar: WorkCalendar, *, is_complex: bool
) -> tuple[dt.datetime, dt.datetime]:
    """Until when the person must be contacted, and the matter put right; both from the day of the rating."""
    whole = limits.complex if is_complex else limits.simple
    return due_after(opened, limits.contact, calendar), due_after(opened, whole, calendar)
