"""A workbook as the reader hands it on: sheets of cells with what the format knows of them."""

import dataclasses
from collections.abc import Iterator

from zhengtong.capabilities.catalogue.engine.limits import Value

MAX_ROWS = 20_000  # of one file; a county's whole list has three thousand
MAX_COLUMNS = 120


class Unreadable(Exception):
    """A file that cannot be read as a list; the message is a sentence for whoever sent it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``origin`` is its own place or that of the merged cell it belongs to (row, column from 1).

    ``struck``: the whole text is struck through; ``struck_text`` was struck through in part and is not in ``value``.
    """

    value: Value = None
    origin: tuple[int, int] = (0, 0)
    formula: bool = False
    struck: bool = False
    struck_text: str = ""

    @property
    def text(self) -> str:
        """The value as a reader sees it; whole numbers without decimals."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return str(self.value)

    @property
    def blank(self) -> bool:
        """Nothing but blanks."""
        return not self.text.replace("\u200b", "").strip()


EMPTY = Cell()


@dataclasses.dataclass(slots=True)
class Sheet:
    """A sheet; ``rows`` by row number (from 1), each a tuple of cells by column (from 0).

    ``hidden_rows`` maps the number of a hidden row to ``filter``, ``group`` or ``hand``: how it was hidden.
    """

    name: str
    rows: dict[int, tuple[Cell, ...]]
    width: int
    visible: bool = True
    hidden_rows: dict[int, str] = dataclasses.field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()

    @property
    def last_row(self) -> int:
        """Number of the last row that holds anything; 0 for an empty sheet."""
        return max((number for number, cells in self.rows.items() if any(not cell.blank for cell in cells)), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell of a row (from 1) and a column (from 0); an empty one outside."""
        cells = self.rows.get(row, ())
        return cells[column] if 0 <= column < len(cells) else EMPTY

    def texts(self, row: int) -> list[tuple[int, str]]:
        """The distinct texts of a row with their column; a merged cell counts once."""
        seen: set[tuple[int, int]] = set()
        found = []
        for column, cell in enumerate(self.rows.get(row, ())):
            if not cell.blank and cell.origin not in seen:
                seen.add(cell.origin)
                found.append((column, cell.text.strip()))
        return found

    def spans(self, row: int) -> Iterator[tuple[Cell, int]]:
        """Each distinct cell of a row with the number of columns it covers."""
        counts: dict[tuple[int, int], tuple[Cell, int]] = {}
        for cell in self.rows.get(row, ()):
            if not cell.blank:
                counts[cell.origin] = (cell, counts.get(cell.origin, (cell, 0))[1] + 1)
        yield from counts.values()


@dataclasses.dataclass(slots=True)
class Book:
    """A file: its sheets in their order; ``kind`` xlsx, xls or csv; ``remarks`` are sentences about the whole file."""

    kind: str
    sheets: list[Sheet]
    remarks: list[str] = dataclasses.field(default_factory=list)


def column_letter(column: int) -> str:
    """The letter of a column (0 → A, 27 → AB)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
