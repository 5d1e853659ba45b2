"""Queries of pages that are shown all day: Django works out their text once, then only values are bound.

Building and compiling a query set takes Django three to five times as long as PostgreSQL takes to answer it. What is
kept is the text of the statement, never a row: rights and contents are asked of the database every time.
"""

import datetime as dt
import functools
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

P = ParamSpec("P")
Row = TypeVar("Row")
#: so many forms of one query; more mean that a value was passed as a part of its form
_MOST_FORMS = 256
_FIRST_DAY = dt.date(4000, 1, 1).toordinal()
_DAYS = 1_000_000


def prepared(build: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, list[Row]]:
    """The rows of the query set that ``build`` gives, without working it out anew on every call.

    What is passed by position belongs to the form of the query (``build`` may branch on it); what is passed by keyword
    is a value to compare with: text, a number, a key, a day or an instant, or a tuple of them for ``__in``. ``build``
    sees a stand-in for it and must not branch on it; several may come as a NamedTuple. None and booleans always belong
    to the form. Raises ValueError when a value is not found in the statement as it was passed.
    """
    forms: dict[Any, _Form] = {}

    @functools.wraps(build)
    def rows(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        values: list[Any] = []
        key = (args, *[(name, _shape(value, values)) for name, value in kwargs.items()])
        form = forms.get(key)
        if form is None:
            if len(forms) >= _MOST_FORMS:
                forms.clear()
            form = forms[key] = _Form(build, args, kwargs)
        return form.rows(values)

    return rows


class _Form:
    """The compiled statement of a query, with the places of its values."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], args: tuple[Any, ...], kwargs: Any) -> None:
        marks: list[Any] = []
        free: set[int] = set()  # places of what stands in a record: a query need not ask for all of one
        self._found = build(*args, **{name: _marked(value, marks, free) for name, value in kwargs.items()})
        if self._found._prefetch_related_lookups:  # type: ignore[attr-defined]  # Django tells no other way
            raise ValueError(f"{build.__qualname__}: what is prefetched cannot be prepared")
        compiler = self._found.query.get_compiler(using=self._found.db)
        try:
            self._sql, params = compiler.as_sql()
        except EmptyResultSet:
            self._sql, params = "", ()
        places = {_key(mark): number for number, mark in enumerate(marks)}
        self._params = tuple((_place(param, places), param) for param in params)
        lost = set(range(len(marks))) - free - {place for place, _param in self._params}
        if lost and self._sql:
            raise ValueError(f"{build.__qualname__}: a value of {tuple(kwargs)} is not in the statement as passed")
        if self._sql:
            self._read = _reader(self._found, compiler)
            self._converters = list(compiler.get_converters([column[0] for column in compiler.select]).items())

    def rows(self, values: list[Any]) -> list[Any]:
        """Ask the database with these values in the places of the stand-ins."""
        if not self._sql:
            return []
        params = tuple([param if place is None else _like(param, values[place]) for place, param in self._params])
        connection = connections[self._found.db]  # each thread has its own
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            fetched = cursor.fetchall()
        return self._read(self._converted(fetched, connection) if self._converters else fetched)

    def _converted(self, rows: Iterable[Any], connection: Any) -> Iterator[list[Any]]:
        """The values as their fields keep them, done as ``SQLCompiler.apply_converters`` does it."""
        for row in map(list, rows):
            for place, (converters, expression) in self._converters:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            yield row


def _reader(found: "QuerySet[Any, Any]", compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    """What makes of rows of the database what the query set gives: models, tuples or single values."""
    if compiler.has_extra_select or compiler.has_composite_fields([column[0] for column in compiler.select]):
        raise ValueError("columns that the query set does not give cannot be prepared")
    kind: Any = found._iterable_class
    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in rows]
    if kind is ValuesListIterable:
        return lambda rows: [tuple(row) for row in rows]
    if kind is not ModelIterable:
        raise ValueError(f"{kind.__name__} cannot be prepared")
    return _model_reader(found, compiler)


def _model_reader(found: "QuerySet[Any, Any]", compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    """The same as ``ModelIterable``, with what depends on the columns alone found out once."""
    model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    related = get_related_populators(compiler.klass_info, compiler.select, found.db)  # type: ignore[call-arg]  # 5.2
    besides = list((compiler.annotation_col_map or {}).items())

    def read(rows: Iterable[Any]) -> list[Any]:
        made = []
        for row in rows:
            one = model.from_db(found.db, names, row[start:end])
            for populator in related:
                populator.populate(row, one)
            for name, place in besides:
                setattr(one, name, row[place])
            made.append(one)
        return made

    return read


def _shape(value: Any, values: list[Any]) -> Any:
    """The form of something passed; its values are added in their order."""
    if isinstance(value, tuple):
        return tuple([_shape(one, values) for one in _padded(value)])
    if value is None or isinstance(value, bool):
        return value
    values.append(str(value) if isinstance(value, str) else value)  # a choice is bound as its text
    return type(value)


def _marked(value: Any, marks: list[Any], free: set[int]) -> Any:
    """The same with a stand-in of the same type for each value, found nowhere else."""
    if isinstance(value, tuple):
        begun = len(marks)
        filled = [_marked(one, marks, free) for one in _padded(value)]
        if not hasattr(value, "_fields"):
            return tuple(filled)
        free.update(range(begun, len(marks)))
        return type(value)(*filled)
    if value is None or isinstance(value, bool):
        return value
    marks.append(_mark(value))
    return marks[-1]


def _padded(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """The last value again until there are 1, 2, 4, 8 …: ``in`` asks the same, and a query has few forms."""
    if not value or hasattr(value, "_fields"):
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _mark(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, str):
        return secrets.token_hex(16)
    if isinstance(value, dt.datetime):
        day = dt.datetime.combine(dt.date.fromordinal(_FIRST_DAY + secrets.randbelow(_DAYS)), dt.time(), dt.UTC)
        return day + dt.timedelta(microseconds=secrets.randbelow(10**9))
    if isinstance(value, dt.date):
        return dt.date.fromordinal(_FIRST_DAY + secrets.randbelow(_DAYS))
    if isinstance(value, int):
        return secrets.randbelow(2**31)
    raise ValueError(f"{type(value).__name__} cannot be bound")


def _key(value: Any) -> tuple[Any, ...]:
    """Numbers compare with each other, whatever width they have for the database; everything else keeps its type."""
    return (int, int(value)) if isinstance(value, int) and not isinstance(value, bool) else (type(value), value)


def _place(param: Any, places: dict[tuple[Any, ...], int]) -> int | None:
    try:
        return places.get(_key(param))
    except TypeError:  # a list or another value that is no key: a constant of the query
        return None


def _like(param: Any, value: Any) -> Any:
    """The value as wide as the stand-in was for the database."""
    return type(param)(value) if isinstance(param, int) else value
