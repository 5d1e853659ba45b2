"""The log as rules read it: entries with their cases and the values of facts, for one event or for thousands."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, DateTimeField, ExpressionWrapper, OuterRef, Q, Subquery

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import Fact, FactValue, LogEntry, Moment, Window, facts

_WORDS = ("text_digest", "applicant", "item_code")
_COLUMNS = (
    "position",
    "name",
    "occurred_at",
    "case_id",
    "step_id",
    "org_id",
    "step_org_id",
    "item_code",
    "post_name",
    "person_id",
    "phase",
    "outcome",
    "fields",
)


def entry_of(row: WatchedEvent) -> LogEntry:
    """A row as facts read it."""
    return _entry(tuple(getattr(row, name) for name in _COLUMNS))


def _entry(values: tuple[Any, ...]) -> LogEntry:
    named = dict(zip(_COLUMNS, values, strict=True))
    return LogEntry(at=named.pop("occurred_at"), **named)


def fact_values(
    rows: Sequence[WatchedEvent], keys: Collection[str], *, window_days: int | None, calendar: WorkCalendar
) -> dict[int, dict[str, FactValue]]:
    """The facts ``keys`` of every row, by position: one statement for the cases and one for each counted fact."""
    found: dict[int, dict[str, FactValue]] = {row.position: {} for row in rows}
    wanted = [facts.get(key) for key in sorted(keys) if key in facts]
    computed = [fact for fact in wanted if fact.compute is not None]
    if computed and rows:
        of_case = _histories(rows) if any(fact.needs_case for fact in computed) else {}
        for row in rows:
            found[row.position] |= _computed(row, computed, of_case, calendar)
    for fact in wanted:
        if fact.window is not None and rows:
            for position, value in _counted(rows, fact.window, window_days).items():
                found[position][fact.key] = value
    return found


def _computed(
    row: WatchedEvent,
    wanted: Iterable[Fact],
    of_case: Mapping[uuid.UUID, Sequence[LogEntry]],
    calendar: WorkCalendar,
) -> dict[str, FactValue]:
    entry = entry_of(row)
    known = of_case.get(row.case_id, ()) if row.case_id else ()
    history = [one for one in known if one.position <= row.position] or [entry]
    moment = Moment(entry=entry, history=history, calendar=calendar)
    return {fact.key: fact.compute(moment) for fact in wanted if fact.compute is not None}


def _histories(rows: Sequence[WatchedEvent]) -> dict[uuid.UUID, list[LogEntry]]:
    """All entries of the rows' cases up to the last of them, oldest first."""
    cases = {row.case_id for row in rows if row.case_id is not None}
    last = max(row.position for row in rows)
    stored = WatchedEvent.objects.filter(case_id__in=cases, position__lte=last).order_by("position")
    found: dict[uuid.UUID, list[LogEntry]] = defaultdict(list)
    for values in stored.values_list(*_COLUMNS):
        entry = _entry(values)
        if entry.case_id is not None:
            found[entry.case_id].append(entry)
    return found


def _counted(rows: Sequence[WatchedEvent], window: Window, days: int | None) -> dict[int, FactValue]:
    """A counted fact of rows of one tenant; None where the row has no value to compare by."""
    found: dict[int, FactValue] = {row.position: None for row in rows}
    able = [row for row in rows if all(getattr(row, column) not in (None, "") for column in window.same)]
    if not able:
        return found
    same = {column: OuterRef(column) for column in (*window.same, "tenant")}
    counted = WatchedEvent.objects.filter(name__in=window.names, position__lte=OuterRef("position"), **same)
    for column in window.same:
        if column in _WORDS:  # said aloud, the partial index of the column can be used
            counted = counted.exclude(**{column: ""})
    span = dt.timedelta(days=days) if days and window.adjustable else window.span
    if span is not None:
        begin = ExpressionWrapper(OuterRef("occurred_at") - span, output_field=DateTimeField())
        counted = counted.filter(occurred_at__gt=begin)
    outer = WatchedEvent.objects.filter(position__in=[row.position for row in able])
    if window.latest:
        newest = counted.order_by("-position").values("name")[:1]
        for position, name in outer.annotate(newest=Subquery(newest)).values_list("position", "newest"):
            found[position] = None if name is None else name == window.latest
        return found
    only = Q(**{f"fields__{name}": value for name, value in window.only})
    number = Count("case_id", distinct=True, filter=only) if window.of == "cases" else Count("position", filter=only)
    grouped = counted.order_by().values("tenant")
    outer = outer.annotate(n=Subquery(grouped.annotate(n=number).values("n")))
    if not window.share:
        return found | dict(outer.values_list("position", "n"))
    whole = outer.annotate(whole=Subquery(grouped.annotate(n=Count("position")).values("n")))
    for position, n, all_of_them in whole.values_list("position", "n", "whole"):
        found[position] = _share(n, all_of_them, window.fewest)
    return found


def _share(part: int, whole: int, fewest: int) -> int | None:
    return None if whole < fewest else part * 100 // whole
