"""When a hall is open: hours per weekday, the statutory calendar with make-up working days, closures.

Hours are seven texts from Monday to Sunday, ``08:30-12:00 14:00-17:30``; an empty text is a closed day.
"""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Literal

DayKind = Literal["workday", "weekend", "holiday", "makeup"]
_DAYS = 7


@dataclasses.dataclass(frozen=True, order=True)
class Span:
    """A stretch of one day, from ``start`` up to but not including ``end``."""

    start: dt.time
    end: dt.time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def spans_of(text: str) -> tuple[Span, ...]:
    """The spans a text names, in order; ValueError with a sentence when it cannot be read or spans overlap."""
    found = []
    for part in text.replace("，", " ").replace("、", " ").replace("：", ":").replace("—", "-").split():
        start, _dash, end = part.partition("-")
        try:
            span = Span(dt.time.fromisoformat(start), dt.time.fromisoformat(end))
        except ValueError:
            raise ValueError(f"“{part}”不是一段时间，请写成 08:30-12:00。") from None
        if span.start >= span.end:
            raise ValueError(f"“{part}”的结束时间要晚于开始时间。")
        found.append(span)
    for earlier, later in itertools.pairwise(found):
        if later.start < earlier.end:
            raise ValueError(f"“{earlier}”和“{later}”重叠了。")
    return tuple(found)


def day_kind(*, weekday: int, counted: bool, ordinary: bool) -> DayKind:
    """What a day is: ``counted`` as a working day or not, ``ordinary`` when it only follows Monday to Friday."""
    if counted:
        return "workday" if weekday < _DAYS - 2 else "makeup"
    return "weekend" if weekday >= _DAYS - 2 and ordinary else "holiday"


def hours_on(hours: Sequence[str], *, weekday: int, kind: DayKind) -> tuple[Span, ...]:
    """The spans of a day before closures: none on statutory holidays, Monday's on a make-up day without own hours."""
    if kind == "holiday" or not hours:
        return ()
    own = spans_of(hours[weekday])
    return own or spans_of(hours[0]) if kind == "makeup" else own


def without(spans: Iterable[Span], closed: Iterable[Span]) -> tuple[Span, ...]:
    """The spans that are left when stretches of the day are closed."""
    left = list(spans)
    for gap in closed:
        parts = []
        for span in left:
            if gap.end <= span.start or gap.start >= span.end:
                parts.append(span)
                continue
            if span.start < gap.start:
                parts.append(Span(span.start, gap.start))
            if gap.end < span.end:
                parts.append(Span(gap.end, span.end))
        left = parts
    return tuple(left)


def slots_of(spans: Iterable[Span], minutes: int) -> tuple[Span, ...]:
    """Whole slots of ``minutes`` within the spans; a rest that is shorter gives none."""
    found = []
    for span in spans:
        start, end = _minute(span.start), _minute(span.end)
        found += [Span(_time(at), _time(at + minutes)) for at in range(start, end - minutes + 1, minutes)]
    return tuple(found)


def span_at(spans: Iterable[Span], moment: dt.time) -> Span | None:
    """The span that holds the moment, None when the hall is closed then."""
    return next((span for span in spans if span.start <= moment < span.end), None)


def next_span(spans: Iterable[Span], moment: dt.time) -> Span | None:
    """The first span that begins after the moment, None when there is none any more that day."""
    return min((span for span in spans if span.start > moment), default=None)


def _minute(moment: dt.time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)
