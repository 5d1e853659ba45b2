"""What a page shows, to take away: a table as a workbook (the same columns, the same masks, nothing more), a paper."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.sheets import XLSX, Sheet, xlsx
from zhengtong.kernel.ui.lamps import lamp_of
from zhengtong.kernel.ui.tables import value_of

#: more rows than this are not taken out of a desk at once
MOST_ROWS = 20_000


def sheet_of(title: str, columns: Sequence[Mapping[str, Any]], rows: Iterable[object]) -> Sheet:
    """A sheet of the columns and rows that the data table prints; a lamp becomes its word and note."""
    heads = {str(column["key"]): str(column["label"]) for column in columns}
    kinds = {str(column["key"]): str(column.get("kind", "text")) for column in columns}
    return Sheet(title, heads, ({key: _plain(kinds[key], value_of(row, key)) for key in heads} for row in rows))


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of figures that is printed on a page and taken away as a sheet of a workbook: one writing for both."""

    title: str
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]

    @property
    def sheet(self) -> Sheet:
        """The same as a sheet."""
        return sheet_of(self.title, self.columns, self.rows)


def counted(title: str, head: str, number: str, pairs: Iterable[tuple[str, int]]) -> Table:
    """A table of names and how many there are of each, with the heads of its two columns."""
    columns = ({"key": "label", "label": head}, {"key": "n", "label": number, "kind": "number"})
    return Table(title, columns, [{"label": label, "n": n} for label, n in pairs])


def download(name: str, *sheets: Sheet) -> HttpResponse:
    """The sheets as a workbook called ``name`` (without ending) for the browser to save."""
    response = HttpResponse(xlsx(sheets), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def paper(name: str, content: bytes, *, inline: bool = False) -> HttpResponse:
    """A PDF for the browser to save, or to show in its window."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _plain(kind: str, value: object) -> Any:
    if kind == "lamp":
        told = value if isinstance(value, Mapping) else {"state": value}
        return f"{told.get('label') or lamp_of(told.get('state')).word} {told.get('note') or ''}".strip()
    if isinstance(value, dt.datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    return value if value is None or isinstance(value, str | int | float | dt.date) else str(value)
