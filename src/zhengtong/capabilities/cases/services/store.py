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

from zhengtong.capabilities.cases.models import Case
from zhengtong.kernel.errors import NotFound

_CASE_COLUMNS = tuple(field.column for field in Case._meta.concrete_fields)
_CASE_JSON = tuple(_CASE_COLUMNS.index(name) for name in ("marking", "variables", "clock_plan"))
_CASE_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
_LOCK_CASE = f"select {', '.join(_CASE_COLUMNS)} from cases_case where id = %s for update"  # noqa: S608  (own names)


def lock_case(case_id: uuid.UUID, tenant: str) -> Case:
    """The case, locked until the transaction ends; NotFound when the tenant has no such case."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CASE, [case_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("没有找到这个办件。"))
    values = list(row)
    for index in _CASE_JSON:
        values[index] = json.loads(values[index]) if isinstance(values[index], str) else values[index]
    case: Case = Case.from_db("default", _CASE_FIELDS, values)
    if case.tenant != tenant:
        raise NotFound(_("没有找到这个办件。"))
    return case


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
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into cases_commandkey (case_id, key, at) values (%s, %s, %s) on conflict do nothing",
            [case_id, key, at],
        )
        return bool(cursor.rowcount)


def insert(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that share their columns; table and columns are names of our own, never input."""
    if not rows:
        return
    columns = tuple(rows[0])
    with connection.cursor() as cursor:
        cursor.execute(_insert_sql(table, columns, len(rows)), [value for row in rows for value in row.values()])


def execute(statement: str, parameters: Sequence[Any]) -> int:
    """Run one of our own statements; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@functools.cache
def _insert_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    values = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return f"insert into {table} ({', '.join(columns)}) values {', '.join([values] * count)}"  # noqa: S608  (own names)
