"""Several writes as one statement: what a step writes costs one round trip and one plan instead of one each.

The parts see the state before the statement and not each other's rows, so no two of them may touch the same row.
"""

import functools
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

from zhengtong.kernel.tracing import measured


class Together:
    """Writes gathered in order; nothing is in the database before ``run``."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._values: list[Any] = []

    def add(self, statement: str, values: Sequence[Any]) -> None:
        """One insert, update or delete of our own, without a closing semicolon and without CTEs."""
        self._parts.append(statement)
        self._values.extend(values)

    def run(self) -> None:
        """Carry all of them out in the caller's transaction; afterwards it is empty again."""
        if not self._parts:
            return
        text = _joined(tuple(self._parts))
        connection.ensure_connection()
        # a raw cursor takes PostgreSQL's own placeholders: psycopg would parse a long statement anew each time
        with measured(text), connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
            cursor.execute(text.encode(), self._values)
        if connection.queries_logged:
            connection.queries_log.append({"sql": text, "time": "0"})
        self._parts, self._values = [], []


@functools.lru_cache(maxsize=1024)
def _joined(parts: tuple[str, ...]) -> str:
    """The parts as one statement with numbered placeholders."""
    *firsts, last = parts
    head = ", ".join(f"w{number} as ({part})" for number, part in enumerate(firsts))
    first, *rest = (f"with {head} {last}" if head else last).split("%s")
    return first + "".join(f"${number}{text}" for number, text in enumerate(rest, start=1))
