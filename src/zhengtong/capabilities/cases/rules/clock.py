"""法定时钟：届满日、已用日数、灯色和逐日说明。Pure arithmetic over a ``WorkCalendar``; nothing is read or stored.

Day zero (the day of the event) is never counted (民法典 第二百零一条, FROM MEMORY, 待核实). Limits of the
行政许可法 are working days (第八十二条). Days of a pause are not counted, its first and last day included.
A limit by natural days, months or years that ends on a day of rest ends on the next working day
(民法典 第二百零三条, FROM MEMORY, 待核实: ``roll_natural_days=False`` leaves it where it falls); a month ends on
the day of the same number, or on the last day of a shorter month (第二百零二条, FROM MEMORY, 待核实).
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from zhengtong.capabilities.cases.rules.statute import NOTICE_LIMIT, stop_label
from zhengtong.capabilities.cases.rules.terms import (
    Acceptance,
    ClockState,
    DayLine,
    Due,
    Extension,
    Lamp,
    Limit,
    Pause,
    Unit,
)
from zhengtong.kernel.calendar import WorkCalendar, end_of_day, local_day, start_of_day

_ONE_DAY = dt.timedelta(days=1)
_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Projection:
    """The instants of one clock that are worth storing: nothing but time changes the lamp between two projections."""

    promised: Due
    statutory: Due
    yellow_at: dt.datetime | None

    def lamp(self, now: dt.datetime) -> Lamp:
        """The lamp at ``now``."""
        return lamp_at(now, yellow_at=self.yellow_at, red_at=self.promised.due_at, breach_at=self.statutory.due_at)


@dataclass(frozen=True)
class _Span:
    """The days a pause really takes, its cap applied; ``last`` None while it is open."""

    first: dt.date
    last: dt.date | None
    reason: str

    def holds(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def deadline_of(
    start: dt.date | dt.datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    calendar: WorkCalendar,
    *,
    roll_natural_days: bool = True,
) -> Due:
    """When ``limit``, begun on ``start``, ends; zero days end the same day.

    OutOfCalendar beyond the built years. ValueError when hours meet days, or hours a start without an instant.
    """
    if not limit.is_set:
        return Due(None, None)
    parts, spans = _parts(limit, extensions), _spans(pauses, calendar)
    if limit.unit.is_clock_time:
        due_at = _run_clock(_instant(start), _duration(parts), spans)
        return Due(local_day(due_at - _INSTANT), due_at) if due_at else Due(None, None, stopped=True)
    day_zero = _day(start)
    counted_to = _stage_ends(day_zero, parts, spans, calendar)[-1]
    rolls = roll_natural_days and parts[-1].unit is not Unit.WD and any(part.amount for part in parts)
    due = _roll(counted_to, spans, calendar) if rolls and counted_to else counted_to
    if counted_to is None or due is None:
        return Due(None, None, stopped=True)
    caps = [pause.cap for pause in pauses if pause.cap.is_set]
    if any(part.unit is Unit.WD for part in (*parts, *caps)):
        provisional = due > day_zero and calendar.touches_provisional(day_zero + _ONE_DAY, due)
    else:
        provisional = rolls and calendar.touches_provisional(counted_to, due)
    return Due(due, end_of_day(due), provisional)


def used_days(start: dt.date, until: dt.date, unit: Unit, pauses: Sequence[Pause], calendar: WorkCalendar) -> int:
    """Days used after ``start`` up to and including ``until``: working days for WD, natural days otherwise."""
    if unit.is_clock_time:
        raise ValueError("a limit by hours has no used days")
    used, cursor = 0, start
    for span in _spans(pauses, calendar):
        if span.first > until:
            break
        if span.first > cursor:
            used += _count(cursor, span.first - _ONE_DAY, unit, calendar)
        cursor = max(cursor, span.last or until)
    return used + (_count(cursor, until, unit, calendar) if until > cursor else 0)


def warning_at(
    start: dt.date | dt.datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    calendar: WorkCalendar,
    yellow_ratio: Decimal,
) -> dt.datetime | None:
    """The first instant of yellow: 00:00 of the first day whose ordinal reaches ``yellow_ratio`` of the limit.

    8 WD at 0.9 turns yellow with the 8th day, 20 WD with the 18th. Hours: the share of the time itself. None
    without a limit, while a pause keeps the clock short of it, and for a limit of zero: what must be done the
    same day would otherwise be yellow from its first minute.
    """
    if not 0 < yellow_ratio <= 1:
        raise ValueError("yellow_ratio is a share of the limit, above 0 and at most 1")
    if not limit.is_set:
        return None
    parts, spans = _parts(limit, extensions), _spans(pauses, calendar)
    if not any(part.amount for part in parts):
        return None
    if limit.unit.is_clock_time:
        share = _ceiling(yellow_ratio * (_duration(parts) // _INSTANT))
        return _run_clock(_instant(start), share * _INSTANT, spans)
    day_zero = _day(start)
    total = sum(_lengths(day_zero, parts, calendar))
    day = _stage_ends(day_zero, parts, spans, calendar, at_most=_ceiling(yellow_ratio * total))[-1]
    return start_of_day(day) if day else None


def hint_at(
    due: Due, calendar: WorkCalendar, *, before: int, yellow_at: dt.datetime | None, at: dt.datetime
) -> dt.datetime | None:
    """提示: 00:00 of the day ``before`` working days ahead of the last one; OutOfCalendar as ``deadline_of``.

    None where yellow comes no later, where that moment is over, and for 0: then there is no hint.
    """
    if due.due_date is None or due.stopped or before <= 0:
        return None
    moment = start_of_day(calendar.add_workdays(due.due_date, -before))
    if moment <= at or (yellow_at is not None and yellow_at <= moment):
        return None
    return moment


def project(state: ClockState, calendar: WorkCalendar, yellow_ratio: Decimal) -> Projection:
    """Both due dates and the first instant of yellow; compute again when pauses, extensions or calendar change."""
    moved = state.extensions if state.extensions_move_promise else ()
    promise, promise_extensions = (
        (state.promised, moved) if state.promised.is_set else (state.statutory, state.extensions)
    )
    roll = state.roll_natural_days
    return Projection(
        promised=deadline_of(state.start, promise, state.pauses, promise_extensions, calendar, roll_natural_days=roll),
        statutory=deadline_of(
            state.start, state.statutory, state.pauses, state.extensions, calendar, roll_natural_days=roll
        ),
        yellow_at=warning_at(state.start, promise, state.pauses, promise_extensions, calendar, yellow_ratio),
    )


def lamp_of(now: dt.datetime, state: ClockState, calendar: WorkCalendar, yellow_ratio: Decimal) -> Lamp:
    """The lamp of a clock at ``now``: yellow by ratio, red past the promise, breach past the statutory limit."""
    return project(state, calendar, yellow_ratio).lamp(now)


def lamp_at(
    now: dt.datetime, *, yellow_at: dt.datetime | None, red_at: dt.datetime | None, breach_at: dt.datetime | None
) -> Lamp:
    """The lamp from stored instants; None never comes."""
    for lamp, since in ((Lamp.BREACH, breach_at), (Lamp.RED, red_at), (Lamp.YELLOW, yellow_at)):
        if since is not None and now >= since:
            return lamp
    return Lamp.GREEN


def explain(
    start: dt.date | dt.datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    calendar: WorkCalendar,
    *,
    roll_natural_days: bool = True,
    until: dt.date | None = None,
) -> list[DayLine]:
    """Every day from day zero to the due date, counted or not, and why; as many lines count as the limit has days.

    While an open pause stops the clock the list ends with ``until``, or with the first day of that pause.
    Without a limit there is nothing to explain: an empty list.
    """
    due = deadline_of(start, limit, pauses, extensions, calendar, roll_natural_days=roll_natural_days)
    if not limit.is_set:
        return []
    spans = _spans(pauses, calendar)
    day_zero = _day(start)
    stopped_on = max(day_zero, min((span.first for span in spans if span.last is None), default=day_zero))
    last = due.due_date or max(stopped_on, until or stopped_on)
    if limit.unit.is_clock_time:
        return list(_clock_lines(_instant(start), due.due_at, last, spans))
    parts = _parts(limit, extensions)
    ends = _stage_ends(day_zero, parts, spans, calendar)
    lines = [DayLine(day_zero, False, None, "起算当日，不计入" if any(part.amount for part in parts) else "当日办结")]
    own, ordinal, cursor = _length(day_zero, limit), 0, day_zero
    for part, end in zip(parts, ends, strict=False):
        for day in _days(cursor, end or last):
            line = _line(day, ordinal + 1, part.unit, spans, calendar, extended=ordinal >= own)
            ordinal += line.counted
            lines.append(line)
        cursor = end or last
    lines += [_rolled_line(day, due.due_date, spans, calendar) for day in _days(cursor, last)]
    return lines


def last_day_of(pause: Pause, calendar: WorkCalendar) -> dt.date | None:
    """The last day a pause takes, its cap applied; None for one that is open and has no cap."""
    return _spans([pause], calendar)[0].last


def cap_warning_on(pause: Pause, calendar: WorkCalendar) -> dt.date | None:
    """The day from which the unit is warned that the cap is nearly used: the last working day of the pause.

    None without a cap; the first day of the pause where it holds no other working day.
    """
    if not pause.cap.is_set:
        return None
    last = _add(pause.start, _length(pause.start, pause.cap), pause.cap.unit, calendar)
    return max(pause.start, calendar.add_workdays(last + _ONE_DAY, -1))


def acceptance_deadline(received: dt.date, calendar: WorkCalendar, limit: Limit = NOTICE_LIMIT) -> Acceptance:
    """Until when the one-time notice of missing material must go out (5 WD from receipt, 行政许可法 第三十二条)."""
    return Acceptance(received, deadline_of(received, limit, (), (), calendar))


def _parts(limit: Limit, extensions: Sequence[Extension]) -> list[Limit]:
    """Limit and extensions in order, neighbours of one unit added up (1 month + 1 month = 2 months)."""
    parts = [limit]
    for extension in extensions:
        if extension.unit.is_clock_time != limit.unit.is_clock_time:
            raise ValueError(f"cannot extend {limit} by {extension.amount} {extension.unit}")
        last = parts[-1]
        if extension.unit is last.unit:
            parts[-1] = Limit(_amount(last) + extension.amount, last.unit)
        else:
            parts.append(Limit(extension.amount, extension.unit))
    return parts


def _spans(pauses: Sequence[Pause], calendar: WorkCalendar) -> list[_Span]:
    spans = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        ends = [pause.end] if pause.end else []
        if pause.cap.is_set:
            ends.append(_add(pause.start, _length(pause.start, pause.cap), pause.cap.unit, calendar))
        reason = f"停止计时：{stop_label(pause.reason_code)}" + (
            f"（{pause.legal_basis}）" if pause.legal_basis else ""
        )
        spans.append(_Span(pause.start, min(ends, default=None), reason))
    return spans


def _stage_ends(
    day_zero: dt.date, parts: list[Limit], spans: list[_Span], calendar: WorkCalendar, at_most: int | None = None
) -> list[dt.date | None]:
    """The day on which each part is used up, at most ``at_most`` days in all; ends with None where the clock stops."""
    ends: list[dt.date | None] = []
    cursor: dt.date | None = day_zero
    for part in parts:
        if cursor is None:
            break
        n = _length(cursor, part)
        if at_most is not None:
            n = min(n, at_most)
            at_most -= n
        cursor = _run(cursor, n, part.unit, spans, calendar)
        ends.append(cursor)
    return ends


def _run(cursor: dt.date, n: int, unit: Unit, spans: list[_Span], calendar: WorkCalendar) -> dt.date | None:
    """The day on which ``n`` days after ``cursor`` are used, pauses left out; None where an open pause comes first."""
    for span in spans:
        if span.first > cursor:
            free = _count(cursor, span.first - _ONE_DAY, unit, calendar)
            if n <= free:
                break
            n -= free
        if span.last is None:
            return None
        cursor = max(cursor, span.last)
    return _add(cursor, n, unit, calendar)


def _run_clock(cursor: dt.datetime, left: dt.timedelta, spans: list[_Span]) -> dt.datetime | None:
    """The same for hours and minutes: a pause takes its whole days out."""
    for span in spans:
        begins = start_of_day(span.first)
        if begins > cursor:
            if left <= begins - cursor:
                break
            left -= begins - cursor
        if span.last is None:
            return None
        cursor = max(cursor, end_of_day(span.last))
    return cursor + left


def _roll(day: dt.date, spans: list[_Span], calendar: WorkCalendar) -> dt.date | None:
    """The first working day from ``day`` on that no pause takes; None when an open pause takes them all."""
    while not calendar.is_workday(day) or any(span.holds(day) for span in spans):
        if any(span.holds(day) and span.last is None for span in spans):
            return None
        day += _ONE_DAY
    return day


def _lengths(day_zero: dt.date, parts: list[Limit], calendar: WorkCalendar) -> Iterator[int]:
    cursor = day_zero
    for part in parts:
        n = _length(cursor, part)
        cursor = _add(cursor, n, part.unit, calendar)
        yield n


def _length(start: dt.date, limit: Limit) -> int:
    """The days of a limit begun on ``start``: working days for WD, natural days for the rest."""
    amount = _amount(limit)
    if limit.unit in (Unit.WD, Unit.D):
        return amount
    months = start.year * 12 + start.month - 1 + amount * (12 if limit.unit is Unit.YEAR else 1)
    year, month = months // 12, months % 12 + 1
    return (dt.date(year, month, min(start.day, monthrange(year, month)[1])) - start).days


def _count(a: dt.date, b: dt.date, unit: Unit, calendar: WorkCalendar) -> int:
    return calendar.workdays_between(a, b) if unit is Unit.WD else (b - a).days


def _add(start: dt.date, n: int, unit: Unit, calendar: WorkCalendar) -> dt.date:
    return calendar.add_workdays(start, n) if unit is Unit.WD else start + dt.timedelta(days=n)


def _line(
    day: dt.date, ordinal: int, unit: Unit, spans: list[_Span], calendar: WorkCalendar, *, extended: bool
) -> DayLine:
    paused = _stop_of(day, spans)
    if paused is not None:
        return DayLine(day, False, None, paused, paused=True)
    note = calendar.describe(day)
    counted, provisional = (note.counted, note.provisional) if unit is Unit.WD else (True, False)
    reason = note.reason if unit is Unit.WD else "自然日"
    if not counted:
        return DayLine(day, False, None, reason, provisional)
    return DayLine(day, True, ordinal, f"{reason}（延长期）" if extended else reason, provisional, extended=extended)


def _rolled_line(day: dt.date, due: dt.date | None, spans: list[_Span], calendar: WorkCalendar) -> DayLine:
    paused = _stop_of(day, spans)
    note = calendar.describe(day)
    reason = "届满日逢休息日，顺延至本日" if day == due else f"顺延：{paused or note.reason}"
    return DayLine(day, False, None, reason, note.provisional, paused=paused is not None)


def _clock_lines(
    start: dt.datetime, due_at: dt.datetime | None, last: dt.date, spans: list[_Span]
) -> Iterator[DayLine]:
    for day in _days(local_day(start) - _ONE_DAY, last):
        paused = _stop_of(day, spans)
        if paused is not None:
            yield DayLine(day, False, None, paused, paused=True)
            continue
        begins, ends = max(start, start_of_day(day)), min(due_at or end_of_day(day), end_of_day(day))
        yield DayLine(day, True, None, f"按时刻连续计时，不分工作日，本日计入{_spell(ends - begins)}")


def _spell(length: dt.timedelta) -> str:
    """14 小时, 2 小时 30 分钟, 20 分钟."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    words = [f" {hours} 小时"] * bool(hours) + [f" {minutes} 分钟"] * bool(minutes or not hours)
    return "".join(words)


def _stop_of(day: dt.date, spans: list[_Span]) -> str | None:
    """Why the clock stands still on a day, None when it runs."""
    return next((span.reason for span in spans if span.holds(day)), None)


def _days(after: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (after + dt.timedelta(days=i) for i in range(1, (last - after).days + 1))


def _duration(parts: list[Limit]) -> dt.timedelta:
    minutes = sum(_amount(part) * (60 if part.unit is Unit.H else 1) for part in parts)
    return dt.timedelta(minutes=minutes)


def _amount(limit: Limit) -> int:
    if limit.amount is None:
        raise ValueError("no limit is set")
    return limit.amount


def _day(start: dt.date | dt.datetime) -> dt.date:
    return local_day(start) if isinstance(start, dt.datetime) else start


def _instant(start: dt.date | dt.datetime) -> dt.datetime:
    if not isinstance(start, dt.datetime) or start.tzinfo is None:
        raise ValueError("a limit by hours or minutes needs an aware instant to start from")
    return start


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(rounding=ROUND_CEILING))
