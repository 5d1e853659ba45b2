"""The log as rules read it: entries with their cases and the values of facts, for one event or for thousands."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, DateTimeField, ExpressionWrapper, OuterRef, Q, Subquery

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import Fact, FactValue, LogEntry, Moment, Window

_WORDS = ("text_digest", "applicant", "item_code")
_COLUMNS = (
    "position",
    "tenant",
    "event_id",
    "name",
    "occurred_at",
    "case_id",
    "number",
    "step_id",
    "org_id",
    "org_name",
    "step_org_id",
    "step_org_name",
    "item_code",
    "post_name",
    "person_id",
    "phase",
    "outcome",
    "applicant",
    "text_digest",
    "device_id",
)
#: instants travel as microseconds since 1970: a fifth of the work of reading them as text
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_AS_READ = {"occurred_at": "(extract(epoch from occurred_at) * 1000000)::bigint"}
_ROWS = f"select {', '.join(_AS_READ.get(name, name) for name in _COLUMNS)}, fields::text from supervision_watchedevent"  # noqa: S608  (our own columns)
_AT = _COLUMNS.index("occurred_at")


class Told(Mapping[str, Any]):
    """The fields of an event, read from their JSON when one of them is asked for: of most events none is."""

    __slots__ = ("_found", "_text")

    def __init__(self, text: str) -> None:
        self._text, self._found = text, None

    def _all(self) -> dict[str, Any]:
        found: dict[str, Any] | None = self._found
        if found is None:
            found = self._found = json.loads(self._text)
        return found

    def get(self, key: str, default: Any = None) -> Any:
        """The field of that name."""
        return self._all().get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class LogRow(NamedTuple):
    """An entry of the log with the columns that judging needs, as it is read by the thousand."""

    position: int
    tenant: str
    event_id: uuid.UUID
    name: str
    occurred_at: dt.datetime
    case_id: uuid.UUID | None
    number: str
    step_id: uuid.UUID | None
    org_id: uuid.UUID | None
    org_name: str
    step_org_id: uuid.UUID | None
    step_org_name: str
    item_code: str
    post_name: str
    person_id: uuid.UUID | None
    phase: str
    outcome: str
    applicant: str
    text_digest: str
    device_id: uuid.UUID | None
    fields: Mapping[str, Any]


Logged = LogRow | WatchedEvent


def rows_of_cases(tenant: str, case_ids: Sequence[uuid.UUID], *, until: dt.datetime) -> list[LogRow]:
    """All entries of cases from before an instant, case by case in the order of recording."""
    return _rows(
        "tenant = %s and case_id = any(%s) and occurred_at < %s order by case_id, position",
        [tenant, list(case_ids), until],
    )


def rows_at(positions: Sequence[int]) -> list[LogRow]:
    """The entries at these places, in the order of recording."""
    return _rows("position = any(%s) order by position", [list(positions)])


def _rows(condition: str, values: Sequence[Any]) -> list[LogRow]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROWS} where {condition}", values)
        return [
            LogRow._make((*row[:_AT], _EPOCH + dt.timedelta(microseconds=row[_AT]), *row[_AT + 1 : -1], Told(row[-1])))
            for row in cursor.fetchall()
        ]


def entry_of(row: Logged) -> LogEntry:
    """A row as facts read it."""
    return LogEntry(
        position=row.position,
        name=row.name,
        at=row.occurred_at,
        case_id=row.case_id,
        step_id=row.step_id,
        org_id=row.org_id,
        step_org_id=row.step_org_id,
        item_code=row.item_code,
        post_name=row.post_name,
        person_id=row.person_id,
        phase=row.phase,
        outcome=row.outcome,
        fields=row.fields,
    )


class Histories:
    """The entries of cases, oldest first: read when a fact asks for them, or known already."""

    def __init__(self, rows: Sequence[Logged] = (), *, whole: bool = False) -> None:
        """Of the cases of ``rows``; ``whole``: these are all there is of them."""
        self._rows, self._whole = rows, whole
        self._raw: dict[uuid.UUID, list[LogRow]] | None = None
        self._entries: dict[uuid.UUID, list[LogEntry]] = {}

    def of(self, case_id: uuid.UUID) -> list[LogEntry]:
        """All entries of a case up to the last of the rows."""
        found = self._entries.get(case_id)
        if found is None:
            found = self._entries[case_id] = [entry_of(row) for row in self._stored().get(case_id, ())]
        return found

    def _stored(self) -> "dict[uuid.UUID, list[LogRow]]":
        if self._raw is None:
            rows = self._rows
            if not self._whole:
                cases = list({row.case_id for row in rows if row.case_id is not None})
                last = max(row.position for row in rows)
                rows = _rows("case_id = any(%s) and position <= %s order by position", [cases, last])
            self._raw = defaultdict(list)
            for row in rows:
                if row.case_id is not None:
                    self._raw[row.case_id].append(row)  # type: ignore[arg-type]  # either kind of row gives its entry
        return self._raw


class Known:
    """The fields of an event and the facts about it as a condition asks for them: a fact is worked out when wanted."""

    __slots__ = ("_calendar", "_facts", "_found", "_histories", "_moment", "row")

    def __init__(self, row: Logged, wanted: Mapping[str, Fact], histories: Histories, calendar: WorkCalendar) -> None:
        self.row, self._facts, self._histories, self._calendar = row, wanted, histories, calendar
        self._found: dict[str, FactValue] = {}
        self._moment: Moment | None = None

    def get(self, key: str, /) -> Any:
        """The field or fact of that name, None where there is none."""
        if key not in self._facts:
            return self.row.fields.get(key)
        if key not in self._found:
            fact = self._facts[key]
            self._found[key] = fact.compute(self._looked_at(fact)) if fact.compute is not None else None
        return self._found[key]

    def learn(self, key: str, value: FactValue) -> None:
        """Take a fact that was counted for many events at once."""
        self._found[key] = value

    def facts(self) -> dict[str, FactValue]:
        """All facts that are wanted, by their names."""
        return {key: self.get(key) for key in sorted(self._facts)}

    def _looked_at(self, fact: Fact) -> Moment:
        if self._moment is None or (fact.needs_case and len(self._moment.history) == 1):
            row = self.row
            known = self._histories.of(row.case_id) if fact.needs_case and row.case_id else ()
            history = [one for one in known if one.position <= row.position] or [entry_of(row)]
            own = history[-1] if history[-1].position == row.position else entry_of(row)
            self._moment = Moment(entry=own, history=history, calendar=self._calendar)
        return self._moment


def counted(rows: Sequence[Logged], fact: Fact, days: int | None) -> dict[int, FactValue]:
    """A fact that is counted in the log, for rows of one tenant by position: one statement for all of them."""
    return _counted(rows, fact.window, days) if fact.window is not None and rows else {}


def histories_of(case_ids: Collection[uuid.UUID], names: Collection[str]) -> dict[uuid.UUID, list[LogEntry]]:
    """Entries of these kinds of each case, oldest first."""
    found: dict[uuid.UUID, list[LogEntry]] = defaultdict(list)
    for row in _rows("case_id = any(%s) and name = any(%s) order by position", [list(case_ids), list(names)]):
        if row.case_id is not None:
            found[row.case_id].append(entry_of(row))
    return found


def _counted(rows: Sequence[Logged], window: Window, days: int | None) -> dict[int, FactValue]:
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
    outer = WatchedEvent.objects.filter(position__among=[row.position for row in able])
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
        return found | {position: n or 0 for position, n in outer.values_list("position", "n")}
    whole = outer.annotate(whole=Subquery(grouped.annotate(n=Count("position")).values("n")))
    for position, n, all_of_them in whole.values_list("position", "n", "whole"):
        found[position] = _share(n, all_of_them, window.fewest)
    return found


def _share(part: int, whole: int, fewest: int) -> int | None:
    return None if whole < fewest else part * 100 // whole
