"""The SQL of a step, on Django's connection: the ORM costs several times the SQL on this path.

Lock order everywhere: the case first, then its rows.
"""

import functools
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.together import Together

_CASE_COLUMNS = tuple(str(field.column) for field in Case._meta.concrete_fields)
_CASE_JSON = tuple(_CASE_COLUMNS.index(name) for name in ("marking", "variables", "clock_plan"))
_CASE_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
_ITEM_COLUMNS = tuple(str(field.column) for field in WorkItem._meta.concrete_fields)
_ITEM_FIELDS = tuple(field.attname for field in WorkItem._meta.concrete_fields)
_CASE = f"select {', '.join(_CASE_COLUMNS)} from cases_case"  # noqa: S608  (own names)
_LOCK_CASE = f"{_CASE} where id = %s for update"
_CASE_OF_ITEM = "select case_id from cases_workitem where id = %s and tenant = %s"
_LOCK_CASE_OF_ITEM = f"{_CASE} where id = ({_CASE_OF_ITEM}) for update"
_REMEMBER = "insert into cases_commandkey (case_id, key, at) values (%s, %s, %s) on conflict do nothing"
_TAKE_ITEM = (
    f"with remembered as ({_REMEMBER} returning 1)"  # noqa: S608  (own names)
    f" select exists (select from remembered), {', '.join(_ITEM_COLUMNS)} from cases_workitem where id = %s"
)
_READ_ITEM = f"select {', '.join(_ITEM_COLUMNS)} from cases_workitem where id = %s and case_id = %s"  # noqa: S608  (own names)
_CANCEL_ITEMS = (
    "update cases_workitem set status = 'cancelled' where case_id = %s and token = any(%s) and status = 'open'"
    " returning id, node, step, phase, org_id, org_name, opened_at"
)
_OUTCOME_OF_NODE = (
    "select outcome from cases_workitem where case_id = %s and node = %s and status = 'done' and adhoc = ''"
    " order by done_at desc limit 1"
)
_CANCELLED = ("work_item_id", "node", "step", "phase", "step_org_id", "step_org_name", "opened_at")
# the task, what was written on it, and every limit that ends with it
_FINISH = (
    "update cases_workitem set status = 'done', outcome = %s, done_at = %s,"
    " done_by_id = %s, done_by = %s, done_post = %s, recallable = %s where id = %s"
)
_WRITE_OPINION = (
    "insert into cases_opinion (id, tenant, created_at, case_id, work_item_id, outcome, outcome_label,"
    " text, author, author_id, post_name, org_name) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_END_LIMITS = (
    "update cases_deadline set state = 'met', ended_at = %s, next_at = null"
    " where case_id = %s and state in ('running', 'paused')"
    " and (work_item_id = %s or (work_item_id is null and kind = any(%s)))"
)
_SAVE = (
    "update cases_case set marking = %s, variables = %s, rev = %s, status = %s, outcome = %s,"
    " accepted_on = %s, deemed_accepted = %s, closed_at = %s, process_id = %s where id = %s"
)


def lock_case(case_id: uuid.UUID, tenant: str) -> Case:
    """The case, locked until the transaction ends; NotFound when the tenant has no such case."""
    case = _read_case(_LOCK_CASE, [case_id])
    if case is None or case.tenant != tenant:
        raise NotFound(_("没有找到这个办件。"))
    return case


def lock_case_of_item(work_item_id: uuid.UUID, tenant: str) -> Case:
    """The case of a task, locked until the transaction ends; NotFound when the tenant has no such task."""
    case = _read_case(_LOCK_CASE_OF_ITEM, [work_item_id, tenant])
    if case is None:
        raise NotFound(_("没有找到这个待办事项。"))
    return case


def _read_case(statement: str, parameters: Sequence[Any]) -> Case | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return _case_of(cursor.fetchone())


def _case_of(row: Sequence[Any] | None) -> Case | None:
    if row is None:
        return None
    values = list(row)
    for index in _CASE_JSON:
        values[index] = json.loads(values[index]) if isinstance(values[index], str) else values[index]
    case: Case = Case.from_db("default", _CASE_FIELDS, values)
    return case


def insert_case(case: Case, into: Together) -> None:
    """Write a new case."""
    row = {column: getattr(case, name) for column, name in zip(_CASE_COLUMNS, _CASE_FIELDS, strict=True)}
    row |= {_CASE_COLUMNS[index]: json.dumps(row[_CASE_COLUMNS[index]]) for index in _CASE_JSON}
    insert("cases_case", [row], into)


def save_progress(case: Case, into: Together | None = None) -> None:
    """Write what a step changes of its case and count the revision up."""
    case.rev += 1
    values = [
        json.dumps(case.marking),
        json.dumps(case.variables),
        case.rev,
        case.status,
        case.outcome,
        case.accepted_on,
        case.deemed_accepted,
        case.closed_at,
        case.process_id,
        case.id,
    ]
    statement = Together() if into is None else into
    statement.add(_SAVE, values)
    if into is None:
        statement.run()


def remember_command(case_id: uuid.UUID, key: str, at: Any) -> bool:
    """False when the same command was carried out before."""
    return bool(execute(_REMEMBER, [case_id, key, at]))


def lock_item(case: Case, work_item_id: uuid.UUID) -> WorkItem:
    """A task of a locked case, for a change that is no completion."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_ITEM, [work_item_id, case.id])
        values = cursor.fetchone()
    if values is None:
        raise NotFound(_("没有找到这个待办事项。"))
    item: WorkItem = WorkItem.from_db("default", _ITEM_FIELDS, values)
    return item


def take_item(work_item_id: uuid.UUID, tenant: str, key: str, at: Any) -> tuple[Case, WorkItem | None]:
    """A task with its case, locked, and the command remembered; no task when the command was carried out before.

    NotFound when the tenant has no such task. The task is read after the lock is held: what others did to it
    while we waited is seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CASE_OF_ITEM, [work_item_id, tenant])
        case = _case_of(cursor.fetchone())
        if case is None:
            raise NotFound(_("没有找到这个待办事项。"))
        cursor.execute(_TAKE_ITEM, [case.id, key, at, work_item_id])
        first_time, *values = cursor.fetchone()
    item: WorkItem | None = WorkItem.from_db("default", _ITEM_FIELDS, values) if first_time else None
    return case, item


def outcome_of_node(case_id: uuid.UUID, node: str) -> str:
    """What was last decided on a task of the drawing itself, beside which signers were added; empty before."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOME_OF_NODE, [case_id, node])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def cancel_items(case_id: uuid.UUID, tokens: Sequence[int]) -> list[dict[str, Any]]:
    """Take open tasks of a locked case back; what was taken back, named as ``StepCancelled`` names it."""
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL_ITEMS, [case_id, list(tokens)])
        return [dict(zip(_CANCELLED, row, strict=True)) for row in cursor.fetchall()]


def finish_item(case: Case, into: Together, *, at: Any, values: Mapping[str, Any]) -> None:
    """Mark a task as done, keep what was written on it, end its own limit and the case's limits of some kinds.

    ``values``: item, kinds, recallable, outcome, label, text, author, author_id, post_name, org_name.
    """
    v = values
    into.add(
        _FINISH,
        [v["outcome"], at, v["author_id"], v["author"], v["post_name"], v["recallable"], v["item"]],
    )
    who = [v["author"], v["author_id"], v["post_name"], v["org_name"]]
    said = [v["outcome"], v["label"], v["text"]]
    into.add(_WRITE_OPINION, [new_id(), case.tenant, at, case.id, v["item"], *said, *who])
    into.add(_END_LIMITS, [at, case.id, v["item"], v["kinds"]])


def insert(table: str, rows: Sequence[Mapping[str, Any]], into: Together | None = None) -> None:
    """Insert rows that share their columns; table and columns are names of our own, never input."""
    if not rows:
        return
    statement = Together() if into is None else into
    statement.add(_insert_sql(table, tuple(rows[0]), len(rows)), [value for row in rows for value in row.values()])
    if into is None:
        statement.run()


def execute(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> int:
    """Run one of our own statements; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@functools.cache
def _insert_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    values = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return f"insert into {table} ({', '.join(columns)}) values {', '.join([values] * count)}"  # noqa: S608  (own names)
