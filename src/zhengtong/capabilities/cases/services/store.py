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
# the task, what was written on it, and every limit that ends with it
_FINISH_ITEM = (
    "with done as (update cases_workitem set status = 'done', outcome = %(outcome)s, done_at = %(at)s,"
    " done_by_id = %(author_id)s, done_by = %(author)s, done_post = %(post_name)s where id = %(item)s),"
    " written as (insert into cases_opinion (id, tenant, created_at, case_id, work_item_id, outcome, outcome_label,"
    " text, author, author_id, post_name, org_name) values (%(id)s, %(tenant)s, %(at)s, %(case)s, %(item)s,"
    " %(outcome)s, %(label)s, %(text)s, %(author)s, %(author_id)s, %(post_name)s, %(org_name)s))"
    " update cases_deadline set state = 'met', ended_at = %(at)s, next_at = null"
    " where case_id = %(case)s and state in ('running', 'paused')"
    " and (work_item_id = %(item)s or (work_item_id is null and kind = any(%(kinds)s)))"
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
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for index in _CASE_JSON:
        values[index] = json.loads(values[index]) if isinstance(values[index], str) else values[index]
    case: Case = Case.from_db("default", _CASE_FIELDS, values)
    return case


def insert_case(case: Case) -> None:
    """Write a new case."""
    row = {column: getattr(case, name) for column, name in zip(_CASE_COLUMNS, _CASE_FIELDS, strict=True)}
    row |= {_CASE_COLUMNS[index]: json.dumps(row[_CASE_COLUMNS[index]]) for index in _CASE_JSON}
    insert("cases_case", [row])


def save_progress(case: Case) -> None:
    """Write what a step changes of its case and count the revision up."""
    case.rev += 1
    with connection.cursor() as cursor:
        cursor.execute(
            "update cases_case set marking = %s, variables = %s, rev = %s, status = %s, outcome = %s,"
            " accepted_on = %s, deemed_accepted = %s, closed_at = %s where id = %s",
            [
                json.dumps(case.marking),
                json.dumps(case.variables),
                case.rev,
                case.status,
                case.outcome,
                case.accepted_on,
                case.deemed_accepted,
                case.closed_at,
                case.id,
            ],
        )


def remember_command(case_id: uuid.UUID, key: str, at: Any) -> bool:
    """False when the same command was carried out before."""
    return bool(execute(_REMEMBER, [case_id, key, at]))


def take_item(case: Case, work_item_id: uuid.UUID, key: str, at: Any) -> WorkItem | None:
    """A task of a locked case, and the command remembered; None when the same command was carried out before."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ITEM, [case.id, key, at, work_item_id])
        first_time, *values = cursor.fetchone()
    item: WorkItem | None = WorkItem.from_db("default", _ITEM_FIELDS, values) if first_time else None
    return item


def finish_item(case: Case, *, at: Any, values: Mapping[str, Any]) -> None:
    """Mark a task as done, keep what was written on it, end its own limit and the case's limits of some kinds.

    ``values``: item, kinds, outcome, label, text, author, author_id, post_name, org_name.
    """
    execute(_FINISH_ITEM, {**values, "id": new_id(), "tenant": case.tenant, "case": case.id, "at": at})


def insert(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that share their columns; table and columns are names of our own, never input."""
    if not rows:
        return
    columns = tuple(rows[0])
    with connection.cursor() as cursor:
        cursor.execute(_insert_sql(table, columns, len(rows)), [value for row in rows for value in row.values()])


def execute(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> int:
    """Run one of our own statements; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@functools.cache
def _insert_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    values = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return f"insert into {table} ({', '.join(columns)}) values {', '.join([values] * count)}"  # noqa: S608  (own names)
