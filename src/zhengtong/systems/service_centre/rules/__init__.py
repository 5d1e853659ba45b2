"""Pure rules: opening hours, the queue, booking, duty, figures."""

from zhengtong.systems.service_centre.rules.booking import best_zones, blocked_until, may_still_book
from zhengtong.systems.service_centre.rules.duty import Gap, gaps, half_at, halves_of
from zhengtong.systems.service_centre.rules.figures import mean, minutes, quantile
from zhengtong.systems.service_centre.rules.opening import (
    DayKind,
    Span,
    day_kind,
    hours_on,
    next_span,
    slots_of,
    span_at,
    spans_of,
    without,
)
from zhengtong.systems.service_centre.rules.queueing import (
    APPOINTED,
    MOVES,
    Serving,
    Waiting,
    callable_in_order,
    in_order,
    may_call,
    minutes_to_wait,
    next_state,
    place_in_time,
)

__all__ = [
    "APPOINTED",
    "MOVES",
    "DayKind",
    "Gap",
    "Serving",
    "Span",
    "Waiting",
    "best_zones",
    "blocked_until",
    "callable_in_order",
    "day_kind",
    "gaps",
    "half_at",
    "halves_of",
    "hours_on",
    "in_order",
    "may_call",
    "may_still_book",
    "mean",
    "minutes",
    "minutes_to_wait",
    "next_span",
    "next_state",
    "place_in_time",
    "quantile",
    "slots_of",
    "span_at",
    "spans_of",
    "without",
]
