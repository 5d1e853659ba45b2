"""Where the tables of a sheet begin and what their columns mean: one to three rows of headings, anywhere on top."""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping

from zhengtong.capabilities.catalogue.engine.elements import LABELS, scores, unit_in_heading
from zhengtong.capabilities.catalogue.engine.grid import EMPTY, Cell, Sheet, column_letter
from zhengtong.capabilities.catalogue.engine.limits import read_limit, unit_of
from zhengtong.capabilities.catalogue.engine.pairs import read_pair
from zhengtong.capabilities.catalogue.engine.values import TYPE_NAMES
from zhengtong.capabilities.catalogue.engine.words import key, tidy

_SEARCHED = 40  # rows from the top in which the first heading must be
_DEEPEST = 3
_FEWEST = 3
_LONGEST = 40
_SURE = 60.0
_ALSO_HEADINGS = frozenset(
    ["statutory_limit", "promised_limit", "limits", "legal_basis", "department", "materials", "power_type", "code"]
)


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a table: its heading, the element it was taken for (empty: none) and how sure that is (0–100)."""

    place: int
    heading: str
    element: str
    score: float

    @property
    def letter(self) -> str:
        """A, B, …"""
        return column_letter(self.place)


@dataclasses.dataclass(frozen=True)
class Table:
    """A table: its heading rows, its columns, and the rows its lines stand in (``last`` included)."""

    first_heading: int
    last_heading: int
    last: int
    columns: tuple[Column, ...]

    def place(self, element: str) -> int | None:
        """The column of an element, counted from 0; None when the table has none."""
        return next((column.place for column in self.columns if column.element == element), None)

    def heading(self, element: str) -> str:
        """The heading of an element's column; empty when the table has none."""
        return next((column.heading for column in self.columns if column.element == element), "")

    def unit(self, element: str) -> str:
        """The unit the heading of an element gives for bare numbers (WD, D, MONTH); empty for none."""
        return unit_of(unit_in_heading(self.heading(element)))


def find_tables(sheet: Sheet, chosen: Mapping[str, str] | None = None) -> list[Table]:
    """The tables of a sheet from top to bottom; ``chosen`` maps the key of a heading to an element (or to nothing).

    A heading repeated with the same words (on every printed page) does not begin a new table.
    """
    last = sheet.last_row
    tables: list[Table] = []
    row = 1
    while row <= last:
        if not tables and row > _SEARCHED:
            break
        found = _best_heading(sheet, row, last, chosen or {})
        if found is None or (tables and (_same_words(found, tables[-1]) or _same_top(sheet, found, tables[-1]))):
            row = (found.last_heading + 1) if found else row + 1
            continue
        if tables:
            tables[-1] = dataclasses.replace(tables[-1], last=found.first_heading - 1)
        tables.append(found)
        row = found.last_heading + 1
    return tables


def repeats_heading(sheet: Sheet, row: int, table: Table) -> bool:
    """Whether a row inside a table is one of its heading rows again."""
    words = {key(text) for _column, text in sheet.texts(row)}
    return len(words) >= 2 and any(
        words == {key(text) for _column, text in sheet.texts(heading)}
        or len(words & {key(text) for _column, text in sheet.texts(heading)}) >= max(3, len(words) - 1)
        for heading in range(table.first_heading, table.last_heading + 1)
    )


def carried_over(sheet: Sheet, former: Table) -> Table | None:
    """The table of a sheet that goes on with the list of the sheet before it and repeats no headings.

    Nearly every row must have a name, a basis and a limit where the former list has them.
    """
    stated = [former.place(element) for element in ("name", "legal_basis")]
    limited = [former.place(element) for element in ("statutory_limit", "promised_limit", "limits")]
    rows = [row for row in sheet.rows if len(sheet.texts(row)) > _FEWEST]
    fitting = [
        row
        for row in rows
        if all(place is not None and not sheet.cell(row, place).blank for place in stated)
        and any(read_limit(sheet.cell(row, place).value).limit for place in limited if place is not None)
    ]
    if not fitting or len(fitting) < 0.8 * len(rows):
        return None
    return Table(0, 0, sheet.last_row, former.columns)


def headed_by_hand(sheet: Sheet, row: int, chosen: Mapping[str, str]) -> Table:
    """A table whose heading row somebody pointed out, where none was found."""
    return Table(row, row, sheet.last_row, _columns(sheet, row, row, chosen))


def _best_heading(sheet: Sheet, row: int, last: int, chosen: Mapping[str, str]) -> Table | None:
    best: tuple[float, Table] | None = None
    for deepest in range(row, min(row + _DEEPEST, last + 1)):
        if not _may_be_heading(sheet, deepest, top=deepest == row):
            break
        columns = _columns(sheet, row, deepest, chosen)
        elements = {column.element for column in columns if column.element}
        if "name" not in elements or len(elements) < _FEWEST or not elements & _ALSO_HEADINGS:
            continue
        worth = sum(column.score for column in columns if column.element) - 5.0 * (deepest - row)
        if deepest > row and all(unit_of(text) for _column, text in sheet.texts(deepest)):  # (工作日) below the limits
            worth += 15.0
        if best is None or worth > best[0]:
            best = worth, Table(row, deepest, last, columns)
    return best[1] if best else None


def _may_be_heading(sheet: Sheet, row: int, *, top: bool) -> bool:
    texts = [text for _column, text in sheet.texts(row)]
    if not texts or (top and len(texts) < _FEWEST):
        return False
    if any(len(key(text)) > _LONGEST or key(text).isdigit() or _is_data(text) for text in texts):
        return False
    if top:  # at least two words that are headings by themselves
        return len(list(itertools.islice((text for text in texts if scores(text)), 2))) == 2
    return len(texts) > 1 or bool(scores(texts[0]) or unit_of(texts[0]))  # else a section right below the headings


def _is_data(text: str) -> bool:
    """A limit or a type by its full name: a row of the list, also where headings are repeated right below it."""
    if key(text) in TYPE_NAMES.values():
        return True
    pair = read_pair(text, None)
    return bool(read_limit(text).limit or (pair and (pair.statutory.limit or pair.promised.limit)))


def _columns(sheet: Sheet, top: int, bottom: int, chosen: Mapping[str, str]) -> tuple[Column, ...]:
    headings = [_heading(sheet, column, top, bottom) for column in range(sheet.width)]
    wanted: list[tuple[float, int, str]] = []
    fixed: dict[int, str] = {}
    for place, heading in enumerate(headings):
        if heading and key(heading) in chosen:
            fixed[place] = chosen[key(heading)]
            continue
        penalty = 15 if place in sheet.hidden_columns else 0
        wanted += [(score - penalty, place, element) for element, score in _scores(heading).items()]
    taken = {place: (element, 100.0 if element else 0.0) for place, element in fixed.items()}
    used = {element for element in fixed.values() if element}
    for score, place, element in sorted(wanted, key=lambda each: (-each[0], each[1])):
        if score >= _SURE and place not in taken and element not in used:
            taken[place] = element, score
            used.add(element)
    return tuple(
        Column(place, heading.replace("\n", " "), *taken.get(place, ("", 0.0)))
        for place, heading in enumerate(headings)
        if heading
    )


def _scores(heading: str) -> dict[str, float]:
    """Scores of the joined words; the lowest heading alone counts a little less (基本信息 over 名称)."""
    found = scores(heading.replace("\n", ""))
    lowest = heading.rpartition("\n")[2]
    if lowest != heading:
        below = scores(lowest)
        of_limits = "limits" in found and bool(below.keys() & {"statutory_limit", "promised_limit"})
        for element, score in below.items():
            found[element] = max(found.get(element, 0.0), score if of_limits else score - 8)
    return found


def _heading(sheet: Sheet, column: int, top: int, bottom: int) -> str:
    parts: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(top, bottom + 1):
        cell = sheet.cell(row, column)
        if cell.blank and row == top < bottom:
            cell = _group(sheet, column, top, bottom)
        if not cell.blank and cell.origin not in seen:
            seen.add(cell.origin)
            parts.append(tidy(cell.text))
    return "\n".join(parts)


def _group(sheet: Sheet, column: int, top: int, bottom: int) -> Cell:
    """The heading a column without one of its own stands under: the next to the left whose columns are all divided.

    办理时限 over 法定 and 承诺, where the office did not merge the two upper cells.
    """
    while column and sheet.cell(top, column).blank and not sheet.cell(bottom, column).blank:
        column -= 1
    return EMPTY if sheet.cell(bottom, column).blank else sheet.cell(top, column)


def _same_words(one: Table, other: Table) -> bool:
    def words(columns: Iterable[Column]) -> list[tuple[int, str]]:
        return [(column.place, key(column.heading)) for column in columns]

    return words(one.columns) == words(other.columns)


def _same_top(sheet: Sheet, one: Table, other: Table) -> bool:
    """Of headings in several rows only the upper one stands again on the next page."""

    def words(table: Table) -> list[tuple[int, str]]:
        return [(column, key(text)) for column, text in sheet.texts(table.first_heading)]

    return one.first_heading == one.last_heading and words(one) == words(other)


def label_of(element: str) -> str:
    """The Chinese name of an element; empty for none."""
    return LABELS.get(element, "")
