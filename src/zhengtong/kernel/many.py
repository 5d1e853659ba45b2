"""Inserting hundreds of rows at once: one statement with one parameter, a third of the work of ``bulk_create``.

The rows travel as JSON and PostgreSQL reads them by the types of its own columns. For plain tables written in storms
(thousands of limits at midnight); no signals, no defaults of the database, no conflicts but those that are ignored.
"""

import datetime as dt
import decimal
import functools
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.functional import Promise


def insert_all(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Insert new rows of one table, their keys included; part of the caller's transaction."""
    if not rows:
        return
    columns = _columns(type(rows[0]))
    values = [{column: getattr(row, name) for name, column in columns} for row in rows]
    insert_values(rows[0]._meta.db_table, values, ignore_conflicts=ignore_conflicts)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_values(table: str, rows: Sequence[Mapping[str, Any]], *, ignore_conflicts: bool = False) -> None:
    """Insert rows given as columns and values; all rows have the columns of the first. Bytes are written in hex.

    Raises TypeError for a value without a plain form.
    """
    if not rows:
        return
    names = ", ".join(map(connection.ops.quote_name, rows[0]))
    target = connection.ops.quote_name(table)
    ending = " on conflict do nothing" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {target} ({names}) select {names}"  # noqa: S608  (our own tables and columns, quoted)
            f" from json_populate_recordset(null::{target}, %s::json){ending}",
            [json.dumps(rows, default=_plain, ensure_ascii=False)],
        )


@functools.cache
def _columns(model: type[Model]) -> tuple[tuple[str, str], ...]:
    return tuple((field.attname, field.column or field.attname) for field in model._meta.concrete_fields)


def _plain(value: object) -> object:
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, decimal.Decimal, Promise)):
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} cannot be inserted as it is")
