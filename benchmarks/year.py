"""A year of supervision's log: made by a seeded generator, loaded by COPY, alike to what the services make.

Some hundred stories of whole cases (``generator``) are told once and read as supervision reads them; each case is one
of them with its own keys, number, officers and opinions. A few come late, a few are done in seconds, a few opinions
are copied.
"""

import dataclasses
import datetime as dt
import json
import random
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.generator import KEY, NUMBER, Generator
from benchmarks.hand_rows import Row
from zhengtong.contracts.cases import DeadlineReached, StepDone
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event, event_class
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services.noting import row_of

TABLE = "supervision_watchedevent"
_COLUMNS = [(field.attname, str(field.column)) for field in WatchedEvent._meta.concrete_fields]
_PLACE, _PERSON, _TEXT = "@place{:02}@", "@person{:02}@", "@text{:02}@"
_MOST = 32  # places that are left for the events of one case
_OFFICERS = 8  # of each post
_CHUNK = 2_000
_LATE, _HASTY, _COPIED = 0.03, 0.01, 0.02
_SECONDS = dt.timedelta(seconds=6)


class Year:
    """Whole cases as their events in the log; the same seed and day give the same log."""

    def __init__(self, generator: Generator, seed: int = 1) -> None:
        self._generator, self._seed = generator, seed
        self._random = random.Random(seed)
        self._templates: dict[tuple[dt.datetime, str], str] = {}
        self._made = 0

    def load(self, owner: psycopg.Connection[Any], *, cases: int) -> int:
        """Load so many cases; returns how many events that are."""
        (first,) = owner.execute(f"select coalesce(max(position), 0) + 1 from {TABLE}").fetchone() or (1,)
        columns = sql.SQL(", ").join([sql.Identifier(column) for _name, column in _COLUMNS])
        statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(TABLE), columns)
        count = 0
        with owner.transaction():
            indexes = _without_indexes(owner)
            for begin in range(0, cases, _CHUNK):
                texts = [self._case(first + (begin + one) * _MOST) for one in range(min(_CHUNK, cases - begin))]
                count += sum(text.count("\n") for text in texts)
                with owner.cursor().copy(statement) as copy:
                    copy.write("".join(texts))
            for definition in indexes:
                owner.execute(definition)
        owner.execute(f"analyze {TABLE}")
        return count

    def _case(self, place: int) -> str:
        dice = self._random
        chance = dice.random()
        kind = "late" if chance < _LATE else "hasty" if chance < _LATE + _HASTY else ""
        day = dice.choice(self._generator.days)
        text = self._templates.get((day, kind)) or self._template(day, kind)
        self._made += 1
        head, number = self._generator.names(day, self._made, seed=self._seed)
        text = text.replace(KEY, head).replace(NUMBER, number)
        for one in range(_MOST):
            mark = _PLACE.format(one)
            if mark not in text:
                break
            text = text.replace(mark, str(place + one))
            text = text.replace(_PERSON.format(one), str(uuid.UUID(int=one % 12 << 8 | dice.randrange(_OFFICERS))))
            copied = dice.random() < _COPIED
            text = text.replace(_TEXT.format(one), "copied" if copied else f"{dice.getrandbits(128):032x}")
        return text

    def _template(self, day: dt.datetime, kind: str) -> str:
        events = [_event(row) for row in self._generator.story(day).rows["kernel_outboxevent"]]
        if kind == "late":
            events = list(_late(events))
        if kind == "hasty":
            events = [_hasty(event) for event in events]
        lines = [line_of(number, event) for number, event in enumerate(events)]
        found = self._templates[day, kind] = "".join(lines)
        return found


def _event(row: Row) -> Event:
    """The event of an outbox row; its keys are stand-ins, and no event has the key of another."""
    return event_class(row["name"]).restore(
        tenant=row["tenant"],
        object_ref=ObjectRef(kind=row["object_kind"], id=row["object_id"]),
        at=row["at"],
        event_id=row["event_id"],
        data=json.loads(row["data"]),
    )


def _hasty(event: Event) -> Event:
    return dataclasses.replace(event, opened_at=event.at - _SECONDS) if isinstance(event, StepDone) else event


def _late(events: Sequence[Event]) -> Iterator[Event]:
    """Before its end the promised limit of the case passes."""
    opened, closed = events[0], events[-1]
    yield from events[:-1]
    yield DeadlineReached(
        tenant=opened.tenant,
        object_ref=opened.object_ref,
        at=closed.at,
        event_id=uuid.UUID(f"{KEY}{0xFFFF:012x}"),
        **{name: getattr(opened, name) for name in ("case_id", "number", "title", "item_code", "org_id", "org_name")},
        deadline_id=uuid.UUID(f"{KEY}{0xFFFE:012x}"),
        kind="promised",
        level="red",
        limit="8 个工作日",
        basis="",
        started_at=opened.at,
        due_at=closed.at,
        arithmetic="",
        step_org_id=None,
    )
    yield closed


def line_of(number: int, event: Event) -> str:
    """An entry of the log as COPY reads it; place, person and opinion are left open for each case."""
    row = row_of(number, event, event_sources.get(event.NAME).read(event))
    values = {name: getattr(row, name) for name, _column in _COLUMNS}
    values["position"] = _PLACE.format(number)
    if values["person_id"] is not None:
        values["person_id"] = _PERSON.format(number)
    if values["text_digest"]:
        values["text_digest"] = _TEXT.format(number)
    return "\t".join(_text(values[name]) for name, _column in _COLUMNS) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, dt.date):
        return value.isoformat()
    plain = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return plain.replace("\\", "\\\\")


def _without_indexes(owner: psycopg.Connection[Any]) -> list[str]:
    """Take the plain indexes off the log; what puts them back."""
    found = owner.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index i"
        " where indrelid = %s::regclass and not indisunique",
        [TABLE],
    ).fetchall()
    for name, _definition in found:
        owner.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    return [definition for _name, definition in found]
