"""期限的用语：时限、停止计时、延长、届满日、灯色。Plain values; the arithmetic is in ``clock``."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Unit(StrEnum):
    """Unit of a limit; WD and D are kept apart, as the law of the item says (工作日 or 日)."""

    WD = "WD"
    D = "D"
    H = "H"
    MIN = "MIN"
    MONTH = "MONTH"
    YEAR = "YEAR"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _UNIT_LABELS[self]

    @property
    def is_clock_time(self) -> bool:
        """Whether the limit runs from instant to instant instead of by days."""
        return self in (Unit.H, Unit.MIN)


_UNIT_LABELS: Mapping[Unit, str] = {
    Unit.WD: "个工作日",
    Unit.D: "日",
    Unit.H: "小时",
    Unit.MIN: "分钟",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}


@dataclass(frozen=True)
class Limit:
    """A length of time allowed; ``amount`` None means that no limit is set (``NO_LIMIT``)."""

    amount: int | None
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount is not None and self.amount < 0:
            raise ValueError(f"a limit cannot be negative: {self.amount}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``8 WD``, ``30 D``, ``2 H``, ``3 MONTH`` or ``NONE``; ValueError for anything else."""
        if text.strip() == "NONE":
            return cls(None, Unit.WD)
        amount, _, unit = text.strip().partition(" ")
        if not (amount.isascii() and amount.isdigit()):
            raise ValueError(f"not a limit: {text!r}")
        return cls(int(amount), Unit(unit.strip()))

    @property
    def is_set(self) -> bool:
        """Whether there is a limit at all; 0 is one (the same day)."""
        return self.amount is not None

    @property
    def label(self) -> str:
        """8 个工作日, 7 日, 3 个月; 当日 for zero days, 未规定时限 for none."""
        if self.amount is None:
            return "未规定时限"
        if self.amount == 0:
            return "即时" if self.unit.is_clock_time else "当日"
        return f"{self.amount} {self.unit.label}"

    def __str__(self) -> str:
        return "NONE" if self.amount is None else f"{self.amount} {self.unit}"


NO_LIMIT = Limit.parse("NONE")


@dataclass(frozen=True)
class Pause:
    """停止计时: the days ``start`` to ``end``, both included, are not counted; ``end`` None while it lasts.

    ``cap`` is the longest the pause may last, counted from ``start`` as day zero; after it the clock runs again
    by itself. ``reason_code`` is a key of ``STOP_REASONS`` or a local reason in Chinese words.
    """

    start: dt.date
    end: dt.date | None
    reason_code: str
    legal_basis: str
    cap: Limit = NO_LIMIT

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause cannot end before it begins: {self.start} to {self.end}")
        if self.cap.unit.is_clock_time:
            raise ValueError("the cap of a pause is counted in days, months or years")


@dataclass(frozen=True)
class Extension:
    """延长: ``amount`` of ``unit`` added at the end of the limit by a decision on ``basis``."""

    amount: int
    unit: Unit
    basis: str

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("an extension adds time")


@dataclass(frozen=True)
class Due:
    """When a limit ends.

    ``due_date`` is the last day on which the act is in time, ``due_at`` the aware instant at which the limit has
    passed (24:00 Asia/Shanghai of the due date for limits by days). Both are None when no limit is set, and while
    an open pause without a cap keeps the clock stopped (``stopped``). ``provisional``: the date leans on a year
    whose holidays are not decreed (待国务院办公厅公布放假安排后重算).
    """

    due_date: dt.date | None
    due_at: dt.datetime | None
    provisional: bool = False
    stopped: bool = False


class Lamp(StrEnum):
    """灯色: the promised limit makes yellow and red, the statutory limit makes the breach."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BREACH = "breach"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"green": "绿灯", "yellow": "黄灯", "red": "红灯", "breach": "超法定时限"}[self.value]

    @property
    def severity(self) -> int:
        """0 for green to 3 for a breach; a lamp never goes back while nothing but time changes."""
        return list(Lamp).index(self)


@dataclass(frozen=True)
class ClockState:
    """Everything the two clocks of one case (or one step) depend on.

    ``start`` is day zero; limits in hours or minutes need an aware instant. Where no promise is set the statutory
    limit is the promise. ``extensions_move_promise``: a granted extension moves the promised limit too; FROM
    MEMORY (practice, M-M), 待核实.
    """

    start: dt.date | dt.datetime
    promised: Limit
    statutory: Limit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    extensions_move_promise: bool = True
    roll_natural_days: bool = True


@dataclass(frozen=True)
class DayLine:
    """One line of the explanation: the day, whether it counts, the how-manieth it is, and why, in Chinese.

    ``paused``: a stop of the clock takes the day out; ``extended``: it counts towards a granted extension;
    ``provisional``: its year has no notice yet. A limit by hours has no ordinals, its reason says how much counts.
    """

    day: dt.date
    counted: bool
    ordinal: int | None
    reason: str
    provisional: bool = False
    paused: bool = False
    extended: bool = False


@dataclass(frozen=True)
class Acceptance:
    """The limit for the one-time notice after material was received, and what silence means.

    行政许可法 第三十二条第一款第（四）项：逾期不告知的，自收到申请材料之日起即为受理。
    """

    received_on: dt.date
    notice_due: Due

    def deemed_accepted_on(self, now: dt.datetime) -> dt.date | None:
        """The day of receipt (back-dated) once the limit has passed without a notice, else None."""
        due_at = self.notice_due.due_at
        return self.received_on if due_at is not None and now >= due_at else None
