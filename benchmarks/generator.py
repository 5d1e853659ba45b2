"""Stored cases by the hundred thousand: made by a seeded generator, loaded by COPY, alike to those the services make.

A few hundred stories (a day of application and how far the matter has come) are told row by row; each case is one of
them with its own keys, number and salts. Delivered events are loaded with the case. Left out: leaves and checkpoints,
because a step never touches them (the sequencer seals the loaded entries in its own time), and what other systems keep
of the events.
"""

import datetime as dt
import hashlib
import itertools
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from benchmarks.hand_rows import ITEM_CODE, Author, Matter, Row, Step, content_of
from benchmarks.handwritten import load_graph
from benchmarks.rows import TABLES
from benchmarks.same_rows import days_of, units_of
from benchmarks.walk import OPINION, REVIEWS
from zhengtong.capabilities.cases.engine.advance import advance, begin
from zhengtong.capabilities.cases.engine.model import Graph
from zhengtong.capabilities.cases.engine.steps import CallService, Complete, Effect, OpenTask, ServiceDone

#: how far a matter has come: just opened, accepted, one to three reviews, before the decision, closed
OPEN_STAGES = tuple(range(6))
CLOSED = 7
_DAYS = 250
_CHUNK = 2_000
KEY = "ffffffff-ffff-7fff-8fff-"  # stands in a story for the keys of its case
NUMBER, _SALT, _COMMITMENT = "@number@", "@salt@", "@commitment@"
_SAID = {"accept": ("accept", "受理", ""), "decide": ("approve", "准予许可", OPINION)}
_AGREED = ("agree", "同意", OPINION)


class Story:
    """The rows of one case up to a stage, with stand-ins for keys, number and salts."""

    def __init__(self, matter: Matter, graph: Graph, at: dt.datetime) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.contents: list[str] = []
        self._matter, self._graph = matter, graph
        self._items: dict[str, Row] = {}
        self._variables: dict[str, Any] = {"departments": list(matter.departments)}
        self._marking, effects = begin(graph, self._variables)
        self._case = matter.case(matter.new_key(), NUMBER, at, marking={})
        self.rows["cases_case"].append(self._case)
        self._limit("acceptance", at)
        self._open(effects, at, None)
        self._tell(matter.received(self._case, at))
        payload = {"number": NUMBER, "item": ITEM_CODE, "process": str(matter.process_id)}
        self._record(Author("citizen", uuid.UUID(int=1), "张一"), "cases.open", at, payload)
        self._save()

    @classmethod
    def until(cls, stage: int, matter: Matter, graph: Graph, at: dt.datetime) -> "Story":
        """The story of a matter that has come to this stage; a day lies between its steps."""
        story, day = cls(matter, graph, at), dt.timedelta(days=1)
        for node in ("accept", *REVIEWS)[: min(stage, 5)]:
            story.complete(node, at + day * (1 + len(story.contents)))
        if stage == CLOSED:
            story.complete("decide", at + 7 * day)
            story.answer(at + 7 * day)
        return story

    def complete(self, node: str, at: dt.datetime) -> None:
        """A task is done."""
        matter, item, case = self._matter, self._items.pop(node), self._case
        author, said = _officer(matter.steps[node]), _SAID.get(node, _AGREED)
        key = {"case_id": case["id"], "key": str(item["id"]), "at": at}
        self.rows["cases_commandkey"].append(key)
        self.rows["cases_opinion"].append(matter.opinion(case, item, author, at, said))
        done = {"done_at": at, "done_by_id": author.person_id, "done_by": author.name, "done_post": author.post_name}
        item |= {"status": "done", "outcome": said[0], "recallable": node in REVIEWS, **done}
        ends = {"accept": ["acceptance"], "decide": ["promised", "statutory"]}.get(node, [])
        self._end(at, item["id"], ends)
        self._variables["outcome"] = said[0]
        self._marking, effects = advance(self._graph, self._marking, self._variables, Complete(item["token"]))
        self._tell(matter.done(case, item, author, at, said))
        if node == "accept":
            limits = [self._limit(kind, at) for kind in ("promised", "statutory")]
            case["accepted_on"] = matter.day(at)
            self._tell(matter.accepted(case, limits, at))
        elif node == "decide":
            self._limit("delivery", at)
        self._open(effects, at, item["id"])
        self._service = next((effect.token for effect in effects if isinstance(effect, CallService)), 0)
        payload = {"step": item["step"], "outcome": said[0], "opinion": said[2]}
        self._record(author, f"cases.{item['phase']}.{said[0]}", at, payload)
        self._count()

    def answer(self, at: dt.datetime) -> None:
        """The service has made the paper; the case ends."""
        result = {"document": "x"}
        self._variables |= result
        self._marking, _ = advance(self._graph, self._marking, self._variables, ServiceDone(self._service))
        self._case |= {"status": "closed", "outcome": "approved", "closed_at": at}
        self._end(at, None, ["promised", "statutory", "delivery"])
        self._tell(self._matter.closed(self._case, at))
        payload = {"token": self._service, "result": result}
        self._record(Author("system", None, "系统"), "cases.service_done", at, payload)
        self._count()

    def _open(self, effects: Sequence[Effect], at: dt.datetime, cause: uuid.UUID | None) -> None:
        matter = self._matter
        for effect in effects:
            if isinstance(effect, OpenTask):
                item = matter.item(self._case, effect.node, effect.token, at, cause)
                item |= {"done_at": None, "done_by_id": None, "recallable": False}
                self._items[effect.node] = item
                self.rows["cases_workitem"].append(item)
                if item["phase"] == "review":
                    self.rows["cases_deadline"].append(matter.deadline(self._case, "step", at, item))
                self._tell(matter.opened(self._case, item, at))

    def _limit(self, kind: str, at: dt.datetime) -> Row:
        row = self._matter.deadline(self._case, kind, at)
        self.rows["cases_deadline"].append(row)
        return row

    def _end(self, at: dt.datetime, item_id: uuid.UUID | None, kinds: list[str]) -> None:
        for row in self.rows["cases_deadline"]:
            own = row["work_item_id"]
            if row["state"] == "running" and (own == item_id if own else row["kind"] in kinds):
                row |= {"state": "met", "ended_at": at, "next_at": None}

    def _tell(self, event: Row) -> None:
        self.rows["kernel_outboxevent"].append(event | {"delivered_at": event["at"]})

    def _record(self, author: Author, act: str, at: dt.datetime, payload: Row) -> None:
        content = content_of(author, payload)
        entry, kept = self._matter.entry(author, act, self._case, at, content, b"")
        self.rows["ledger_entry"].append(entry | {"commitment": _COMMITMENT})
        self.rows["ledger_payload"].append(kept | {"salt": _SALT})
        self.contents.append(content)

    def _count(self) -> None:
        self._case["rev"] += 1
        self._save()

    def _save(self) -> None:
        self._case |= {"marking": json.dumps(self._marking.to_json()), "variables": json.dumps(self._variables)}


class _Template(NamedTuple):
    """A story as the text that COPY reads: one text a table; of the ledger one line an entry, with its content."""

    tables: dict[str, str]
    entries: list[str]
    payloads: list[str]
    contents: list[str]


class Generator:
    """Makes and loads cases of the measured process; the same seed and day give the same cases."""

    def __init__(
        self, connection: psycopg.Connection[Any], tenant: str, process_id: uuid.UUID, today: dt.date, seed: int = 1
    ) -> None:
        self._graph = load_graph()
        self._random = random.Random(seed)
        self._seed, self._made = seed, 0
        units = units_of(connection, tenant)
        limits = {"H05": "5 WD", "G11": "5 WD"}
        steps = {}
        for node in ("accept", *REVIEWS, "decide"):
            drawn, code = self._graph.nodes[node], REVIEWS.get(node, "G22")
            days = int(limits.get(code, drawn.settings.get("limit", "0")).split()[0]) if node in REVIEWS else None
            settings = drawn.settings
            steps[node] = Step(drawn.name, settings.get("phase", "review"), settings["role"], units[code], days)
        free_days, work_days = days_of(connection, tenant)
        self._matter = Matter(
            tenant=tenant,
            process_id=process_id,
            lead=units["G22"],
            steps=steps,
            departments=tuple(REVIEWS.values()),
            step_limits=limits,
            free_days=free_days,
            work_days=work_days,
        )
        first = dt.datetime.combine(today, dt.time(1), dt.UTC) - dt.timedelta(days=_DAYS + 8)
        self.days = [first + dt.timedelta(days=number) for number in range(_DAYS)]
        self._columns: dict[str, list[str]] = {}
        self._templates: dict[tuple[int, dt.datetime], _Template] = {}

    def load(self, owner: psycopg.Connection[Any], *, closed: int, opened: int = 0) -> list[uuid.UUID]:
        """Load so many closed and open cases, oldest first; returns the keys of the open ones."""
        plan = [(self._random.choice(self.days), CLOSED) for _ in range(closed)]
        plan += [(self.days[-1], OPEN_STAGES[number % len(OPEN_STAGES)]) for number in range(opened)]
        plan.sort()
        keys = []
        with owner.transaction(), without_indexes(owner):
            for start in range(0, len(plan), _CHUNK):
                texts: dict[str, list[str]] = {table: [] for table in TABLES}
                for day, stage in plan[start : start + _CHUNK]:
                    key = self._case(day, stage, texts)
                    if stage != CLOSED:
                        keys.append(key)
                for table, lines in texts.items():
                    self._copy(owner, table, lines)
        return keys

    def _copy(self, owner: psycopg.Connection[Any], table: str, lines: list[str]) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, self._columns.get(table, ())))
        statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), columns)
        if lines:
            with owner.cursor().copy(statement) as copy:
                copy.write("".join(lines))

    def _case(self, day: dt.datetime, stage: int, texts: dict[str, list[str]]) -> uuid.UUID:
        template = self._templates.get((stage, day)) or self._template(stage, day)
        self._made += 1
        head, number = self.names(day, self._made, seed=self._seed)
        for table, text in template.tables.items():
            texts[table].append(text.replace(KEY, head).replace(NUMBER, number))
        for entry, payload, content in zip(template.entries, template.payloads, template.contents, strict=True):
            salt = self._random.randbytes(32)
            whole = content.replace(KEY, head).replace(NUMBER, number)
            commitment = hashlib.sha256(salt + whole.encode()).hexdigest()
            texts["ledger_entry"].append(entry.replace(KEY, head).replace(_COMMITMENT, rf"\\x{commitment}"))
            kept = payload.replace(KEY, head).replace(NUMBER, number)
            texts["ledger_payload"].append(kept.replace(_SALT, rf"\\x{salt.hex()}"))
        return uuid.UUID(f"{head}{1:012x}")

    def names(self, day: dt.datetime, n: int, *, seed: int) -> tuple[str, str]:
        """What the keys of the nth case begin with, and its number."""
        millis = int(day.timestamp() * 1000) + seed
        head = f"{millis >> 16:08x}-{millis & 0xFFFF:04x}-7{n >> 12 & 0xFFF:03x}-8{n & 0xFFF:03x}-"
        return head, f"{self._matter.tenant}-{day.year}-{seed:03}{n:08}"

    def story(self, day: dt.datetime, stage: int = CLOSED) -> Story:
        """A matter that began on a day and has come to a stage, with stand-ins for its keys and number."""
        ordinals = itertools.count(1)
        matter = self._matter.with_keys(lambda: uuid.UUID(f"{KEY}{next(ordinals):012x}"))
        return Story.until(stage, matter, self._graph, day)

    def _template(self, stage: int, day: dt.datetime) -> _Template:
        story = self.story(day, stage)
        lines = {table: [_line(row) for row in rows] for table, rows in story.rows.items()}
        for table, rows in story.rows.items():
            self._columns[table] = list(rows[0])
        entries, payloads = lines.pop("ledger_entry"), lines.pop("ledger_payload")
        tables = {table: "".join(rows) for table, rows in lines.items()}
        template = self._templates[stage, day] = _Template(tables, entries, payloads, story.contents)
        return template


@contextmanager
def without_indexes(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Take indexes and foreign keys off the tables of a case, and put them back: loading is several times faster."""
    names = list(TABLES)
    constraints = owner.execute(
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
        " where conrelid::regclass::text = any(%s) and contype in ('f', 'u') order by contype desc",
        [names],
    ).fetchall()
    for table, name, _definition in constraints:
        owner.execute(sql.SQL("alter table {} drop constraint {}").format(sql.Identifier(table), sql.Identifier(name)))
    indexes = owner.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index"
        " where indrelid::regclass::text = any(%s) and not indisprimary",
        [names],
    ).fetchall()
    for name, _definition in indexes:
        owner.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    yield
    for _name, definition in indexes:
        owner.execute(definition)
    for table, name, definition in constraints:
        add = sql.SQL("alter table {} add constraint {} ").format(sql.Identifier(table), sql.Identifier(name))
        owner.execute(add + sql.SQL(definition))


def _officer(step: Step) -> Author:
    name = f"{step.unit.name}{step.role}"
    return Author("official", uuid.uuid5(uuid.NAMESPACE_OID, name), name, "经办岗", step.unit.id, step.unit.name)


def _line(row: Row) -> str:
    return "\t".join(map(_text, row.values())) + "\n"


def _text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\\", "\\\\")
