"""Prepares columns and rows of the data table: values by kind, links, sorting by the address."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from zhengtong.kernel.ui import formats
from zhengtong.kernel.ui.lamps import lamp_of

SORT = "sort"
_EMPTY = "—"
_ARROWS = {"ascending": "▲", "descending": "▼", "": ""}


@dataclasses.dataclass(frozen=True)
class Column:
    """``kind`` is text, number, money, date, datetime, code or lamp."""

    key: str
    label: str
    kind: str = "text"
    sort_url: str = ""
    sorted: str = ""

    @property
    def arrow(self) -> str:
        """Sign beside the label of the sorted column."""
        return _ARROWS[self.sorted]


@dataclasses.dataclass(frozen=True)
class Cell:
    """One printed value and where it leads."""

    column: Column
    content: str
    url: str = ""


@dataclasses.dataclass(frozen=True)
class Row:
    """One line; ``active`` marks the line opened beside the table, ``beside`` is the address that opens it there.

    ``row_id`` names it for scripts and as what is picked; ``pick`` says what is picked, without it there is no box;
    ``picked`` is a box that was ticked when the form around it was refused.
    """

    cells: list[Cell]
    active: bool = False
    row_id: str = ""
    beside: str = ""
    pick: str = ""
    picked: bool = False


def value_of(source: object, key: str) -> Any:
    """``source[key]`` of a mapping, ``source.key`` of an object, ``None`` where there is none."""
    return source.get(key) if isinstance(source, Mapping) else getattr(source, key, None)


def columns_of(specs: Iterable[Mapping[str, Any]], query: QueryDict | None) -> list[Column]:
    """Columns from ``{key, label, kind?, sortable?}``; a sortable one links to the same page sorted by it."""
    found = []
    wanted = query.get(SORT, "") if query is not None else ""
    for spec in specs:
        column = Column(key=spec["key"], label=str(spec["label"]), kind=spec.get("kind", "text"))
        if spec.get("sortable") and query is not None:
            state = {column.key: "ascending", f"-{column.key}": "descending"}.get(wanted, "")
            following = f"-{column.key}" if state == "ascending" else column.key
            url = address_with(query, **{SORT: following, "page": None})
            column = dataclasses.replace(column, sort_url=url, sorted=state)
        found.append(column)
    return found


def rows_of(columns: Sequence[Column], rows: Iterable[object]) -> list[Row]:
    """Printed rows; ``url`` links the first column, ``<key>_url`` another one, the rest is as ``Row`` says."""
    found = []
    for row in rows:
        leads = ["url", *(f"{column.key}_url" for column in columns[1:])]
        cells = [
            Cell(column, content_of(column, value_of(row, column.key)), str(value_of(row, lead) or ""))
            for column, lead in zip(columns, leads, strict=False)  # a table without columns has no links
        ]
        row_id, beside, pick = (str(value_of(row, name) or "") for name in ("row_id", "beside", "pick"))
        active, picked = bool(value_of(row, "active")), bool(value_of(row, "picked"))
        found.append(Row(cells, active, row_id, beside, pick, picked))
    return found


def totals_of(columns: Sequence[Column], totals: Mapping[str, Any]) -> list[Cell]:
    """The line under the table; empty cells where nothing is summed, no line at all without totals."""
    if not totals:
        return []
    return [Cell(column, content_of(column, totals[column.key]) if column.key in totals else "") for column in columns]


def content_of(column: Column, value: object) -> str:
    """The printed form of a value; a dash where there is none."""
    if column.kind == "lamp":
        told = value if isinstance(value, Mapping) else {"state": value}
        words = (str(told.get(name) or "") for name in ("note", "label"))
        return _lamp_html(lamp_of(told.get("state")).key, *words, get_language() or "")
    if value is None or value == "":
        return _EMPTY
    if column.kind == "money":
        return formats.money(value)
    if column.kind == "code":
        return formats.group4(value)
    if isinstance(value, dt.datetime) and column.kind != "date":
        return formats.cn_datetime(value)
    if isinstance(value, dt.date):
        return formats.cn_date(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value:,}" if column.kind == "number" and isinstance(value, int | float) else str(value)


@functools.lru_cache(maxsize=1024)
def _lamp_html(key: str, note: str, label: str, language: str) -> str:
    """A lamp as the component draws it; a list shows the same few many times, so each is drawn once."""
    lamp = lamp_of(key)
    with override(language):
        return render_to_string("ui/components/lamp.html", {"lamp": lamp, "label": label or lamp.word, "note": note})


def address_with(query: QueryDict, **changes: object) -> str:
    """The query string of the page with changes; ``None`` takes a key out."""
    copy = query.copy()
    for key, value in changes.items():
        if value is None:
            copy.pop(key, None)
        else:
            copy[key] = str(value)
    return f"?{copy.urlencode()}"


def page_links(query: QueryDict, page: Any, param: str) -> dict[str, Any]:
    """Links to the first, the last and the near pages, keeping the filters; ``page`` is a ``kernel.paging.Page``."""
    near = range(max(1, page.number - 2), min(page.pages, page.number + 2) + 1)
    numbers = sorted({1, page.pages, *near})
    links: list[dict[str, Any]] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        url = address_with(query, **{param: number})
        links.append({"number": number, "url": url, "gap": number - before > 1, "current": number == page.number})
    return {
        "page": page,
        "links": links,
        "next_url": address_with(query, **{param: page.number + 1}) if page.has_next else "",
        "previous_url": address_with(query, **{param: page.number - 1}) if page.has_previous else "",
    }
