"""Looking for words in everything that is kept: every column of every table, deciphered where it is ours, and files."""

import itertools
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection

from zhengtong.kernel.fields import decrypt

_COLUMNS = """
select c.table_name, c.column_name, c.data_type from information_schema.columns c
join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
order by c.table_name, c.ordinal_position
"""
_PLAIN = {"boolean", "integer", "bigint", "smallint", "numeric", "date", "uuid", "xid8", "time without time zone"}


def places_of(words: Collection[str]) -> set[str]:
    """``table.column`` wherever one of the words stands, in clear or under our key."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = [row for row in cursor.fetchall() if row[2] not in _PLAIN and not row[2].startswith("timestamp")]
        found = set()
        for table, several in itertools.groupby(columns, key=lambda row: row[0]):
            names = [row[1] for row in several]
            listed = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f'select {listed} from "{table}"')
            for values in cursor.fetchall():
                for name, value in zip(names, values, strict=True):
                    if any(word in text for text in _texts(value) for word in words):
                        found.add(f"{table}.{name}")
    return found


def _texts(value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, (bytes, memoryview)):
        yield bytes(value).decode("utf-8", "ignore")
        return
    text = value if isinstance(value, str) else str(value)
    yield text
    if text.startswith("k") and ":" in text[:12]:
        try:
            yield decrypt(text)
        except (InvalidTag, ValueError):
            return


def files_with(words: Collection[str]) -> set[str]:
    """Names of stored contents in which one of the words stands."""
    return {
        path.name
        for path in (Path(settings.ZHENGTONG_VAR) / "files").rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    }
