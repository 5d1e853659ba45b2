"""Pages of long lists, by number, with a total."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")
_DIGITS = 9


@dataclasses.dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: rows, its number (from 1), page size and the total of rows; ``more``: at least so many."""

    rows: list[T]
    number: int
    size: int
    total: int
    more: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        """True when a later page holds rows."""
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """True after the first page."""
        return self.number > 1


def page_of(
    queryset: "QuerySet[Any]", number: object, *, size: int = 20, most: int | None = None, total: int | None = None
) -> Page[Any]:
    """The page ``number`` (anything a browser may send) of a queryset; out of range gives the nearest page.

    ``most``: count no further than so many rows, for lists that only grow; later pages can still be turned to.
    ``total``: how many rows there are, where the caller has just counted them.
    """
    if total is None:
        total = queryset.count() if most is None else queryset.order_by()[: most + 1].count()
    if most is not None and total > most:
        return _uncounted(queryset, _wanted(number), size=size, most=most)
    return page_read(lambda start, stop: list(queryset[start:stop]), number, size=size, total=total)


def page_read(read: Callable[[int, int], list[T]], number: object, *, size: int, total: int) -> Page[T]:
    """The page ``number`` of ``total`` rows, of which ``read`` gives those from a place up to another."""
    number = min(_wanted(number), max(1, -(-total // size)))
    start = (number - 1) * size
    return Page(rows=read(start, start + size), number=number, size=size, total=total)


def _wanted(number: object) -> int:
    text = str(number or "")
    return max(int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 1, 1)


def _uncounted(queryset: "QuerySet[Any]", number: int, *, size: int, most: int) -> Page[Any]:
    """A page of more rows than are counted: one row more than the page holds tells whether there is a next."""
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    if not rows:
        return _uncounted(queryset, -(-most // size), size=size, most=most)
    known = start + len(rows)
    more = known < most or len(rows) > size
    return Page(rows=rows[:size], number=number, size=size, total=max(most, known) if more else known, more=more)


def every_row(fetch: Callable[[int], Page[T]], most: int) -> Iterator[T]:
    """The rows of a list page after page, about ``most`` of them at most: for lists that are taken out as a whole."""
    given, number, more = 0, 1, True
    while more and given < most:
        page = fetch(number)
        yield from page.rows
        given += len(page.rows)
        number, more = number + 1, page.has_next
