"""Writing hundreds of rows at once: one statement with one parameter, a third of the work of ``bulk_create``.

The rows travel as JSON and PostgreSQL reads them by the types of its own columns. For plain tables written in storms
(thousands of limits at midnight); no signals, no defaults of the database, no conflicts but those that are ignored.
"""

import datetime as dt
import decimal
import functools
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, Model
from django.utils.functional import Promise

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


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
            [_json(rows)],
        )


def update_all(rows: Sequence[Model]) -> None:
    """Write every column of stored rows of one table, found by their keys; part of the caller's transaction."""
    if not rows:
        return
    columns = _columns(type(rows[0]))
    target, key = connection.ops.quote_name(rows[0]._meta.db_table), rows[0]._meta.pk.attname
    names = [connection.ops.quote_name(column) for name, column in columns if name != key]
    own = connection.ops.quote_name(str(key))
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {target} t set {', '.join(f'{name} = v.{name}' for name in names)}"  # noqa: S608  (as above)
            f" from json_populate_recordset(null::{target}, %s::json) v where t.{own} = v.{own}",
            [_json([{column: getattr(row, name) for name, column in columns} for row in rows])],
        )


@ForeignObject.register_lookup
@Field.register_lookup
class Among(_Lookup):
    """``field__among=[…]``: like ``in``, as one parameter; a list of hundreds is not taken apart on its way."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """``column = any(list)``."""
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = any(%s)", [*values, list(self.rhs)]


@functools.cache
def _columns(model: type[Model]) -> tuple[tuple[str, str], ...]:
    return tuple((field.attname, field.column or field.attname) for field in model._meta.concrete_fields)


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, decimal.Decimal, Promise)):
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} cannot be inserted as it is")
