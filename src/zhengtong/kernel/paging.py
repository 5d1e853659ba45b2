"""Pages of long lists, by number, with a total."""

import dataclasses
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
    text = str(number or "")
    wanted = max(int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 1, 1)
    if total is None:
        total = queryset.count() if most is None else queryset.order_by()[: most + 1].count()
    if most is not None and total > most:
        return _uncounted(queryset, wanted, size=size, most=most)
    number = min(wanted, max(1, -(-total // size)))
    start = (number - 1) * size
    return Page(rows=list(queryset[start : start + size]), number=number, size=size, total=total)


def _uncounted(queryset: "QuerySet[Any]", number: int, *, size: int, most: int) -> Page[Any]:
    """A page of more rows than are counted: one row more than the page holds tells whether there is a next."""
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    if not rows:
        return _uncounted(queryset, -(-most // size), size=size, most=most)
    known = start + len(rows)
    more = known < most or len(rows) > size
    return Page(rows=rows[:size], number=number, size=size, total=max(most, known) if more else known, more=more)
