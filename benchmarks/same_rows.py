"""The limit with equal duties: every row that the platform writes in a step, hand-coded as plain SQL in its own tables.

One transaction a step, one statement a table, everything prepared. What is not there: a drawing that a department can
change, permissions, the recall of a step, the arithmetic of a limit that can be stopped and moved.
"""

import datetime as dt
import functools
import json
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

import psycopg

from benchmarks.hand_rows import ITEM_CODE, Author, Matter, Row, Step, Unit, content_of
from benchmarks.walk import OPINION
from zhengtong.kernel.ids import new_id

_CASE = (
    "select id, number, title, item_code, org_id, org_name, created_at, variables, rev, accepted_on, process_id"
    " from cases_case where id = (select case_id from cases_workitem where id = %s and tenant = %s) for update"
)
_REMEMBER = "insert into cases_commandkey (case_id, key, at) values (%s, %s, %s) on conflict do nothing"
_DONE = (
    "update cases_workitem set status = 'done', outcome = %s, done_at = %s, done_by_id = %s, done_by = %s,"
    " done_post = %s, recallable = %s where id = %s and status = 'open'"
    " returning id, token, node, step, phase, org_id, org_name, opened_at"
)
_MET = (
    "update cases_deadline set state = 'met', ended_at = %s, next_at = null"
    " where case_id = %s and state in ('running', 'paused')"
    " and (work_item_id = %s or (work_item_id is null and kind = any(%s)))"
)
_ALL_MET = (
    "update cases_deadline set state = 'met', ended_at = %s, next_at = null"
    " where case_id = %s and state in ('running', 'paused')"
)
_ANY_OPEN = "select exists (select from cases_workitem where case_id = %s and status = 'open')"
_SAVE = (
    "update cases_case set marking = %s, variables = %s, rev = %s, accepted_on = %s, status = %s, outcome = %s,"
    " closed_at = %s where id = %s"
)
_ENDS = {"accept": ["acceptance"], "decide": ["promised", "statutory"]}
_SAID = {"accept": ("accept", "受理", ""), "decide": ("approve", "准予许可", OPINION)}
_AGREED = ("agree", "同意", OPINION)


class SameRows:
    """Accept, these reviews (node and unit) at the same time, decide."""

    def __init__(
        self, connection: psycopg.Connection[Any], tenant: str, process_id: uuid.UUID, reviews: Mapping[str, str]
    ) -> None:
        self._connection = connection
        self._reviews = tuple(reviews)
        units = units_of(connection, tenant)
        lead = units["G22"]
        steps = {"accept": Step("受理", "accept", "clerk", lead)}
        steps |= {node: Step(f"审查 {node}", "review", "clerk", units[code], 5) for node, code in reviews.items()}
        steps["decide"] = Step("决定", "decide", "leader", lead)
        self._matter = Matter(tenant, process_id, lead, steps, *days_of(connection, tenant))
        self._applicant = Author("citizen", uuid.uuid4(), "张一")
        self._authors = {node: _author(step) for node, step in steps.items()}

    def run(self, cases: int) -> None:
        """Walk whole cases, one after another."""
        for _ in range(cases):
            self.walk()

    def walk(self) -> uuid.UUID:
        """One case from the application to the decision."""
        case_id = self._open()
        self._complete(self._items(case_id)["accept"])
        items = self._items(case_id)
        for node in self._reviews:
            self._complete(items[node])
        self._complete(self._items(case_id)["decide"])
        return case_id

    def _items(self, case_id: uuid.UUID) -> dict[str, uuid.UUID]:
        rows = self._connection.execute(
            "select node, id from cases_workitem where case_id = %s and status = 'open'", [case_id]
        )
        return dict(rows.fetchall())

    def _open(self) -> uuid.UUID:
        matter, at, case_id = self._matter, dt.datetime.now(dt.UTC), new_id()
        case = matter.case(case_id, str(case_id), at, marking={"n": 2})
        item = matter.item(case, "accept", 1, at, None)
        with self._connection.transaction():
            self._insert("cases_case", case)
            self._insert("cases_workitem", item)
            self._insert("cases_deadline", matter.deadline(case, "acceptance", at))
            self._insert("kernel_outboxevent", matter.opened(case, item, at), matter.received(case, at))
            payload = {"number": case["number"], "item": ITEM_CODE, "process": str(matter.process_id)}
            self._record(self._applicant, "cases.open", case, at, payload)
        return case_id

    def _complete(self, item_id: uuid.UUID) -> None:
        matter, at = self._matter, dt.datetime.now(dt.UTC)
        with self._connection.transaction():
            case = self._one(_CASE, [item_id, matter.tenant])
            if not self._connection.execute(_REMEMBER, [case["id"], str(item_id), at]).rowcount:
                return
            node = self._finish(case, item_id, at)
            decided, rev = node == "decide", case["rev"] + 1
            variables = case["variables"] | {"outcome": _SAID.get(node, _AGREED)[0]}
            accepted_on = matter.day(at) if node == "accept" else case["accepted_on"]
            ended = ["closed", "approved", at] if decided else ["open", "", None]
            saved = [json.dumps({"n": rev + 2}), json.dumps(variables), rev, accepted_on, *ended, case["id"]]
            self._connection.execute(_SAVE, saved)

    def _finish(self, case: Row, item_id: uuid.UUID, at: dt.datetime) -> str:
        matter, connection = self._matter, self._connection
        node = self._node(item_id)
        author, said = self._authors[node], _SAID.get(node, _AGREED)
        values = [said[0], at, author.person_id, author.name, author.post_name, node in self._reviews, item_id]
        item = self._one(_DONE, values)
        self._insert("cases_opinion", matter.opinion(case, item, author, at, said))
        connection.execute(_MET, [at, case["id"], item_id, _ENDS.get(node, [])])
        limits: list[Row] = []
        if node == "accept":
            limits = [matter.deadline(case, kind, at) for kind in ("promised", "statutory")]
        elif node == "decide":
            limits = [matter.deadline(case, "delivery", at)]
        events = [matter.done(case, item, author, at, said)]
        if node == "accept":
            events.append(matter.accepted(case, limits, at))
        items = [
            matter.item(case, next_node, item["token"] + number, at, item_id)
            for number, next_node in enumerate(self._next(case, node), start=1)
        ]
        limits += [matter.deadline(case, "step", at, row) for row in items if row["phase"] == "review"]
        events += [matter.opened(case, row, at) for row in items]
        self._insert("cases_workitem", *items)
        self._insert("cases_deadline", *limits)
        if node == "decide":
            connection.execute(_ALL_MET, [at, case["id"]])
            events.append(matter.closed(case, at))
        self._insert("kernel_outboxevent", *events)
        payload = {"step": item["step"], "outcome": said[0], "opinion": said[2]}
        self._record(author, f"cases.{item['phase']}.{said[0]}", case, at, payload)
        return node

    def _node(self, item_id: uuid.UUID) -> str:
        return str(self._one("select node from cases_workitem where id = %s", [item_id])["node"])

    def _next(self, case: Row, node: str) -> tuple[str, ...]:
        if node == "accept":
            return self._reviews
        if node == "decide":
            return ()
        return () if self._one(_ANY_OPEN, [case["id"]])["exists"] else ("decide",)

    def _record(self, author: Author, act: str, case: Row, at: dt.datetime, payload: Row) -> None:
        entry, kept = self._matter.entry(author, act, case, at, content_of(author, payload), secrets.token_bytes(32))
        self._insert("ledger_payload", kept)
        self._insert("ledger_entry", entry)

    def _one(self, statement: str, values: list[Any]) -> Row:
        cursor = self._connection.execute(statement, values)
        row = cursor.fetchone()
        if row is None:
            raise RuntimeError("somebody was faster")
        return dict(zip((column.name for column in cursor.description or ()), row, strict=True))

    def _insert(self, table: str, *rows: Row) -> None:
        if rows:
            statement = _insert_sql(table, tuple(rows[0]), len(rows))
            self._connection.execute(statement, [value for row in rows for value in row.values()])


def units_of(connection: psycopg.Connection[Any], tenant: str) -> dict[str, Unit]:
    """The organisations of a tenant by code."""
    rows = connection.execute("select code, id, name from identity_organisation where tenant = %s", [tenant])
    return {code: Unit(key, name) for code, key, name in rows}


def days_of(connection: psycopg.Connection[Any], tenant: str) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """The days of rest and the days of work that depart from Monday to Friday."""
    statement = "select day, is_workday from cases_calendarday where tenant = %s"
    rows = connection.execute(statement, [tenant]).fetchall()
    free = frozenset(day for day, is_workday in rows if not is_workday)
    return free, frozenset(day for day, is_workday in rows if is_workday)


def _author(step: Step) -> Author:
    name = f"{step.unit.name}{step.role}"
    return Author("official", uuid.uuid5(uuid.NAMESPACE_OID, name), name, "经办岗", step.unit.id, step.unit.name)


@functools.cache
def _insert_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    values = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return f"insert into {table} ({', '.join(columns)}) values {', '.join([values] * count)}"
