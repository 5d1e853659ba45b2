"""Pages of long lists, by number, with a total."""

import dataclasses
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: rows, its number (from 1), page size and the total of rows."""

    rows: list[T]
    number: int
    size: int
    total: int

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


def page_of(queryset: "QuerySet[Any]", number: object, *, size: int = 20) -> Page[Any]:
    """The page ``number`` (anything a browser may send) of a queryset; out of range gives the nearest page."""
    total = queryset.count()
    last = max(1, -(-total // size))
    text = str(number or "")
    wanted = min(max(int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1, 1), last)
    start = (wanted - 1) * size
    return Page(rows=list(queryset[start : start + size]), number=wanted, size=size, total=total)
