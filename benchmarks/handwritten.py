"""The limit: the same case hand-coded on plain tables, with psycopg and prepared statements.

``EngineOnPlainTables`` replaces only the hand-coded next step by our engine and stores its marking: the difference
between the two is what the engine costs, the difference to the platform is what the platform does more.
"""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from benchmarks.walk import DRAWING, OPINION, REVIEWS
from zhengtong.capabilities.cases.engine.advance import advance, begin
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import Graph
from zhengtong.capabilities.cases.engine.parse import parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import CallService, Complete, OpenTask, ServiceDone
from zhengtong.kernel.ids import new_id

_UNITS = {code: (uuid.uuid5(uuid.NAMESPACE_OID, code), code) for code in ("G22", *REVIEWS.values())}
_INSERT_ITEM = (
    "insert into bench.work_item (id, case_id, node, step, role, org_id, org_name, status, opened_at, due_at)"
    " values (%s, %s, %s, %s, %s, %s, %s, 'open', %s, %s)"
)
_ANY_OPEN = "select exists (select from bench.work_item where case_id = %s and status = 'open')"


class HandWritten:
    """A programmer's own state machine: accept, these reviews at the same time (node and unit), decide, a service."""

    def __init__(
        self, connection: psycopg.Connection[Any], reviews: Mapping[str, str] = REVIEWS, *, service: bool = True
    ) -> None:
        self._connection = connection
        self._reviews = reviews
        self._service = service
        self.server_pid = connection.info.backend_pid

    def run(self, cases: int) -> None:
        """Walk whole cases, one after another."""
        for _ in range(cases):
            self._walk()

    def _walk(self) -> None:
        case_id = self._open()
        self._complete(self._items(case_id)["accept"], "accept")
        items = self._items(case_id)
        for node in self._reviews:
            self._complete(items[node], "agree", OPINION)
        self._complete(self._items(case_id)["decide"], "approve", OPINION)
        if self._service:
            self._finish(case_id)

    def _items(self, case_id: uuid.UUID) -> dict[str, uuid.UUID]:
        rows = self._connection.execute(
            "select node, id from bench.work_item where case_id = %s and status = 'open'", [case_id]
        )
        return dict(rows.fetchall())

    def _any_open(self, case_id: uuid.UUID) -> bool:
        found = self._connection.execute(_ANY_OPEN, [case_id]).fetchone()
        return bool(found and found[0])

    def _open(self) -> uuid.UUID:
        case_id, at = new_id(), dt.datetime.now(dt.UTC)
        unit, name = _UNITS["G22"]
        nodes, variables = self._beginning()
        with self._connection.transaction():
            self._connection.execute(
                "insert into bench.case_file"
                " (id, number, title, item_code, org_id, org_name, status, variables, created_at)"
                " values (%s, %s, %s, %s, %s, %s, 'open', %s, %s)",
                [case_id, str(case_id), "开办餐饮店一件事", "11980723007203", unit, name, json.dumps(variables), at],
            )
            self._write_items(case_id, nodes, at)
            self._event(case_id, "opened", {}, at)
        return case_id

    def _complete(self, item_id: uuid.UUID, outcome: str, opinion: str = "") -> None:
        connection, at = self._connection, dt.datetime.now(dt.UTC)
        with connection.transaction():
            case_id, variables, rev = self._locked(
                "select id, variables, rev from bench.case_file where id ="
                " (select case_id from bench.work_item where id = %s) for update",
                item_id,
            )
            done = connection.execute(
                "update bench.work_item set status = 'done', outcome = %s, opinion = %s, done_at = %s, done_by = %s"
                " where id = %s and status = 'open' returning node",
                [outcome, opinion, at, "张一", item_id],
            ).fetchone()
            if done is None:
                raise RuntimeError("somebody was faster")
            variables["outcome"] = outcome
            self._next_items(case_id, done[0], variables, at)
            self._event(case_id, "done", {"node": done[0], "outcome": outcome, "opinion": opinion}, at)
            self._save(case_id, variables, rev, at, closed=done[0] == "decide" and not self._service)

    def _finish(self, case_id: uuid.UUID) -> None:
        at = dt.datetime.now(dt.UTC)
        with self._connection.transaction():
            _, variables, rev = self._locked(
                "select id, variables, rev from bench.case_file where id = %s for update", case_id
            )
            self._service_answered(variables)
            self._event(case_id, "service_done", {"document": "x"}, at)
            self._save(case_id, variables, rev, at, closed=True)

    def _locked(self, statement: str, key: uuid.UUID) -> tuple[uuid.UUID, dict[str, Any], int]:
        found = self._connection.execute(statement, [key]).fetchone()
        if found is None:
            raise RuntimeError("the case is gone")
        case_id, variables, rev = found
        return case_id, variables, rev

    def _event(self, case_id: uuid.UUID, kind: str, data: dict[str, Any], at: dt.datetime) -> None:
        self._connection.execute(
            "insert into bench.event (case_id, kind, data, at) values (%s, %s, %s, %s)",
            [case_id, kind, json.dumps(data), at],
        )

    def _save(self, case_id: uuid.UUID, variables: dict[str, Any], rev: int, at: dt.datetime, *, closed: bool) -> None:
        self._connection.execute(
            "update bench.case_file set variables = %s, rev = %s, status = %s, outcome = %s, closed_at = %s"
            " where id = %s",
            [
                json.dumps(variables),
                rev + 1,
                "closed" if closed else "open",
                "approved" if closed else "",
                at if closed else None,
                case_id,
            ],
        )

    def _write_items(self, case_id: uuid.UUID, nodes: Sequence[str], at: dt.datetime) -> None:
        for node in nodes:
            unit, name = _UNITS[self._reviews.get(node, "G22")]
            role = "leader" if node == "decide" else "clerk"
            due = at + dt.timedelta(days=5)
            self._connection.execute(_INSERT_ITEM, [new_id(), case_id, node, node, role, unit, name, at, due])

    def _beginning(self) -> tuple[list[str], dict[str, Any]]:
        """The first work items, and what the case file is to remember."""
        return ["accept"], {}

    def _next_items(self, case_id: uuid.UUID, node: str, variables: dict[str, Any], at: dt.datetime) -> None:
        if node == "accept":
            self._write_items(case_id, list(self._reviews), at)
        elif node in self._reviews and not self._any_open(case_id):
            self._write_items(case_id, ["decide"], at)

    def _service_answered(self, variables: dict[str, Any]) -> None:
        """Nothing to look up: the hand-written case ends when the paper is there."""


class EngineOnPlainTables(HandWritten):
    """Our engine says what comes next; everything else is the hand-written code (the marking lies in the variables)."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self._graph = load_graph()

    def _beginning(self) -> tuple[list[str], dict[str, Any]]:
        marking, effects = begin(self._graph, {})
        return [e.node for e in effects if isinstance(e, OpenTask)], {"marking": marking.to_json()}

    def _next_items(self, case_id: uuid.UUID, node: str, variables: dict[str, Any], at: dt.datetime) -> None:
        marking = Marking.from_json(variables["marking"])
        token = next(number for number, token in marking.tokens.items() if token.node == node)
        marking, effects = advance(self._graph, marking, variables, Complete(token))
        variables["marking"] = marking.to_json()
        self._write_items(case_id, [e.node for e in effects if isinstance(e, OpenTask)], at)
        if node == "decide" and not any(isinstance(e, CallService) for e in effects):
            raise RuntimeError("the decision did not lead to the paper")

    def _service_answered(self, variables: dict[str, Any]) -> None:
        marking = Marking.from_json(variables["marking"])
        marking, _ = advance(self._graph, marking, variables, ServiceDone(next(iter(marking.tokens))))
        variables["marking"] = marking.to_json()
        if not marking.done:
            raise RuntimeError("the case did not end")


def load_graph() -> Graph:
    """The drawing of the measured case."""
    return graph_of(DRAWING.read_text(encoding="utf-8"))


def graph_of(xml: str) -> Graph:
    """A drawing as the engine plays it, proven sound."""
    parsed = parse(xml)
    graph = prove(parsed.graph).graph if parsed.graph else None
    if graph is None:
        raise RuntimeError("the drawing of the measured case is wrong")
    return graph


_ANSWERS = (("accept", "accept"), *((node, "agree") for node in REVIEWS), ("decide", "approve"), ("", ""))


class EngineInMemory:
    """Our engine alone: each step JSON text to marking, play, marking to JSON text.

    ``answers`` are node and outcome of each step; a step without a node is the answer of a service.
    """

    def __init__(self, graph: Graph | None = None, answers: Sequence[tuple[str, str]] = _ANSWERS) -> None:
        self._graph = graph or load_graph()
        self._answers = answers

    def run(self, cases: int) -> None:
        """Play whole cases, one after another."""
        for _ in range(cases):
            self._case()

    def _case(self) -> None:
        marking, _ = begin(self._graph, {})
        state = json.dumps({"marking": marking.to_json(), "variables": {}})
        for node, outcome in self._answers:
            saved = json.loads(state)
            marking, variables = Marking.from_json(saved["marking"]), saved["variables"]
            if node:
                variables["outcome"] = outcome
                token = next(number for number, token in marking.tokens.items() if token.node == node)
                marking, _ = advance(self._graph, marking, variables, Complete(token))
            else:
                marking, _ = advance(self._graph, marking, variables, ServiceDone(next(iter(marking.tokens))))
            state = json.dumps({"marking": marking.to_json(), "variables": variables})
        if not marking.done:
            raise RuntimeError("the case did not end")
