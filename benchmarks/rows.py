"""The rows of a case in all tables, and their shape: how rows made in different ways are compared."""

import uuid
from collections import Counter
from typing import Any

import psycopg
from psycopg.rows import dict_row

#: tables whose rows belong to a case, and the condition that says so
TABLES = {
    "cases_case": "id = %(case)s",
    "cases_workitem": "case_id = %(case)s",
    "cases_opinion": "case_id = %(case)s",
    "cases_deadline": "case_id = %(case)s",
    "cases_commandkey": "case_id = %(case)s",
    "kernel_outboxevent": "object_id = %(case)s::text",
    "ledger_entry": "object_id = %(case)s::text",
    "ledger_payload": "entry in (select uuid from ledger_entry where object_id = %(case)s::text)",
}
#: what tells apart rows of one table that are otherwise shaped differently
_KINDS = ("kind", "name", "act", "phase", "outcome", "status", "state")

Shape = dict[str, Counter[tuple[Any, ...]]]


def rows_of(connection: psycopg.Connection[Any], case_id: uuid.UUID) -> dict[str, list[dict[str, Any]]]:
    """All rows of a case by table."""
    found = {}
    for table, condition in TABLES.items():
        with connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(f"select * from {table} where {condition}", {"case": case_id})
            found[table] = cursor.fetchall()
    return found


def shape_of(rows: dict[str, list[dict[str, Any]]]) -> Shape:
    """How many rows of which kind each table has, which of their columns are set, and what their JSON holds."""
    return {table: Counter(_row_shape(row) for row in found) for table, found in rows.items()}


def _row_shape(row: dict[str, Any]) -> tuple[Any, ...]:
    kinds = tuple(str(row[name]) for name in _KINDS if name in row)
    filled = tuple(sorted(name for name, value in row.items() if value not in (None, "")))
    return (*kinds, filled, tuple(sorted(row["data"])) if "data" in row else ())
