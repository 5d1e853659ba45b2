"""One row of a table read as an item: each element from its cell, with everything there is to say about it."""

import dataclasses
import re
from typing import Protocol

from zhengtong.capabilities.catalogue.engine import values
from zhengtong.capabilities.catalogue.engine.codes import read_code
from zhengtong.capabilities.catalogue.engine.departments import Directory, Match
from zhengtong.capabilities.catalogue.engine.grid import EMPTY, Cell, Sheet, column_letter
from zhengtong.capabilities.catalogue.engine.headers import Table
from zhengtong.capabilities.catalogue.engine.results import Content, Line
from zhengtong.capabilities.catalogue.engine.sentences import Place, problem
from zhengtong.capabilities.catalogue.engine.words import key, plain, tidy, tidy_name, without_brackets

_DITTO = re.compile(r"(?:同上|同前|〃|″|”|\"|同上行|同左上|\.\.)")
_VOID = re.compile(
    r"(?:本|该|此)?(?:事项|项目)?(?:已?[于在]?\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:起)?)?(?:已|拟|现已|建议|予以)*"
    r"(?:取消|作废|废止|停用|停止实施|删除|撤销|不再保留|不保留|不再实施)(?:了|该?事项|不再实施)?"
)
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_MANDATORY = ("name", "sub_name", "department", "power_type", "legal_basis")
_FREE = ("result_document", "validity", "quantity", "window", "address", "hours", "phone", "complaint")
_LISTS = ("conditions", "flow", "themes")
_IDENTITY = ("name", "sub_name")
_GOES_ON = ("materials", "special_steps", "flow", "conditions", "remarks")
_BOTH_LIMITS = "limits"
_LENGTHS = {"validity": 100, "phone": 60}


@dataclasses.dataclass
class Fallbacks:
    """What holds for rows whose own cells do not say: from sections, the sheet, the row above."""

    section_department: Match | None = None
    section_type: str = ""
    section_text: str = ""
    sheet_department: Match | None = None
    sheet_department_from: str = ""
    sheet_type: str = ""
    sheet_type_from: str = ""
    fill_down: bool = False
    last_department: Match | None = None
    last_cells: dict[str, Cell] = dataclasses.field(default_factory=dict)


class LimitReader(Protocol):
    """Knows how the limit columns of one table are to be read."""

    def read(self, reader: "LineReader") -> None:
        """Put both limits of the reader's row into its line, with their problems."""


class LineReader:
    """Reads the item rows of one table, top to bottom."""

    def __init__(
        self, sheet: Sheet, table: Table, directory: Directory, fallbacks: Fallbacks, limits: LimitReader
    ) -> None:
        self.sheet, self.table, self.directory = sheet, table, directory
        self.fallbacks, self.limits = fallbacks, limits
        self.line = Line(sheet.name, 0, "accepted", [])
        self._continued: dict[int, int] = {}

    def read(self, row: int) -> Line:
        """The row as a line; its verdict is accepted or held by its own problems alone."""
        self.line = Line(self.sheet.name, row, "accepted", [])
        content = self.line.content
        content.stated = frozenset(column.element for column in self.table.columns if column.element)
        self._name(content)
        self._department(content)
        self._power_type(content)
        self._basis(content)
        self.limits.read(self)
        self._code(content)
        self._kinds(content)
        self._lists(content)
        self._rest(content)
        self.line.verdict = "held" if self.line.is_held else "accepted"
        return self.line

    def pass_over(self, row: int) -> None:
        """A row that is left out (struck, hidden) still says what 〃 and empty departments below it repeat."""
        for column in self.table.columns:
            cell = self.sheet.cell(row, column.place)
            if not column.element or is_ditto(cell) or (column.element == "department" and cell.blank):
                continue
            self.fallbacks.last_cells[column.element] = dataclasses.replace(cell, struck=False)
            if column.element == "department" and not cell.formula:
                self.fallbacks.last_department = self.directory.find(cell.text)

    def continues(self, row: int) -> bool:
        """Whether a row only goes on with the materials of the item above; they are added to that item.

        Its name cell is the same merged cell, or it has nothing but materials, steps or flow of its own.
        """
        last = self.line.row
        if not last or last != self._before(row):
            return False
        places = {element: self.table.place(element) for element in (*_IDENTITY, *_GOES_ON)}
        name = self.sheet.cell(row, places["name"] or 0)
        sub = places["sub_name"]
        merged = not name.blank and name.origin[0] < row and (sub is None or self.sheet.cell(row, sub).origin[0] < row)
        own = {column for column, _text in self.sheet.texts(row) if self.sheet.cell(row, column).origin[0] == row}
        lists = {places[element] for element in _GOES_ON if places[element] is not None}
        if merged and own == {self.table.place(_BOTH_LIMITS)}:  # read with the row above, by ``cell``
            self._continued[row] = last
            return True
        if not (merged or name.blank) or not own or not own <= lists:
            return False
        self._go_on(row, places)
        return True

    def _before(self, row: int) -> int:
        """The last row above that is not already a continuation."""
        return self._continued.get(row - 1, row - 1)

    def _go_on(self, row: int, places: dict[str, int | None]) -> None:
        self._continued[row] = self.line.row
        place = places["materials"]
        if place is not None and self.sheet.cell(row, place).origin[0] == row:
            self.line.content.materials += values.materials(self.sheet.cell(row, place).text)

    # --- cells --------------------------------------------------------------------------------------------------

    def cell(self, element: str) -> Cell:
        """The cell of an element, with struck text, ditto marks, formulas and errors dealt with."""
        place = self.table.place(element)
        if place is None:
            return EMPTY
        cell = self.sheet.cell(self.line.row, place)
        if element == _BOTH_LIMITS:
            cell = self._with_next_line(cell, place)
        if cell.struck and not cell.blank:
            self.note("struck_part", element, raw=cell.text)
            cell = dataclasses.replace(cell, value=None)
        elif cell.struck_text:
            self.note("struck_part", element, raw=cell.struck_text)
        if is_ditto(cell) and element in self.fallbacks.last_cells:
            self.note("ditto", element)
            cell = self.fallbacks.last_cells[element]
        self.fallbacks.last_cells[element] = cell
        return cell

    def _with_next_line(self, cell: Cell, place: int) -> Cell:
        """Both limits of one item in two cells below each other, beside a name merged over both rows."""
        name, row = self.sheet.cell(self.line.row, self.table.place("name") or 0), self.line.row + 1
        below = self.sheet.cell(row, place)
        own = [column for column, _text in self.sheet.texts(row) if self.sheet.cell(row, column).origin[0] == row]
        same = not name.blank and self.sheet.cell(row, self.table.place("name") or 0).origin == name.origin
        if not same or own != [place] or not isinstance(cell.value, str) or not isinstance(below.value, str):
            return cell
        if cell.formula or below.formula or cell.struck or below.struck:
            return cell
        return dataclasses.replace(cell, value=f"{cell.value}\n{below.value}")

    def text(self, element: str) -> str:
        """The text of an optional element; formulas and errors are told and dropped."""
        cell = self.cell(element)
        if cell.formula or _ERROR.fullmatch(cell.text.strip()):
            self.note("formula_value", element)
            return ""
        return cell.text.strip()

    def note(self, code: str, element: str, *, raw: str = "", detail: str = "", at: str = "") -> None:
        """Add a problem of an element, at its own cell or at that of the element ``at``."""
        place = self.table.place(at or element)
        letter = column_letter(place) if place is not None else ""
        self.line.problems.append(
            problem(code, element, Place(self.sheet.name, self.line.row, letter), raw=raw, detail=detail)
        )

    def _mandatory(self, element: str) -> str:
        cell = self.cell(element)
        if cell.formula:
            shown = "" if cell.text.startswith("=") else f"，上次的结果是“{cell.text}”"
            self.note("formula", element, detail=shown)
        elif _ERROR.fullmatch(cell.text.strip()):
            self.note("cell_error", element, raw=cell.text)
            return ""
        return "" if cell.text.startswith("=") and cell.formula else cell.text

    # --- elements -----------------------------------------------------------------------------------------------

    def _name(self, content: Content) -> None:
        written, sub = self._mandatory("name"), self._mandatory("sub_name")
        content.name = _joined(tidy_name(written), tidy_name(sub))
        if not key(content.name):
            content.name = ""
            self.note("name_missing", "name")
        elif len(content.name) > 200:
            self.note("name_too_long", "name")
        removed = tidy(written).removesuffix(tidy_name(written)).strip()
        if removed and not sub and len(removed) < 8:
            self.note("name_prefix", "name", raw=removed)

    def _department(self, content: Content) -> None:
        written = self._mandatory("department")
        back = self.fallbacks
        if not values.says_nothing(written):
            match = self.directory.find(written)
        elif back.section_department is not None:
            match = back.section_department
        elif self.table.place("department") is not None and back.fill_down and back.last_department is not None:
            match = back.last_department
            self.note("department_filled_down", "department", raw=match.written)
        elif back.sheet_department is not None and self.table.place("department") is None:
            match = back.sheet_department
            raw = match.unit.name if match.unit else ""
            self.note("department_from_sheet", "department", raw=raw, detail=back.sheet_department_from)
        else:
            self.note("department_missing", "department")
            return
        content.match = back.last_department = match
        self._tell_match(match)

    def _tell_match(self, match: Match) -> None:
        raw = tidy(match.written)
        if match.unit is None:
            names = "、".join(proposal.unit.name for proposal in match.proposals[:3])
            detail = f"{match.reason}；可能是：{names}" if names else match.reason or "名录里没有这个名称"
            code = "department_several" if match.several else "department_unknown"
            self.note(code, "department", raw=raw, detail=detail)
        elif match.succeeded:
            self.note("department_successor", "department", raw=raw, detail=match.reason)
        elif not match.exact:
            beside = f"；括号里的{match.beside}是另一个单位，请核对" if match.beside else ""
            detail = f"{match.unit.name}（{match.reason}）{beside}"
            self.note("department_matched", "department", raw=raw, detail=detail)

    def _power_type(self, content: Content) -> None:
        written, back = self._mandatory("power_type"), self.fallbacks
        if not values.says_nothing(written):
            content.power_type = values.power_type(written)
            if not content.power_type:
                self.note("type_unknown", "power_type", raw=written)
            return
        if back.section_type:
            content.power_type = back.section_type
        elif self.table.place("power_type") is not None and not back.sheet_type:
            self.note("type_missing", "power_type")
        elif back.sheet_type:
            content.power_type = back.sheet_type
            raw = values.TYPE_NAMES[back.sheet_type]
            self.note("type_from_title", "power_type", raw=raw, detail=back.sheet_type_from)
        else:
            self.note("type_not_given", "power_type")

    def _basis(self, content: Content) -> None:
        written = self._mandatory("legal_basis")
        if values.says_nothing(written):
            self.note("basis_missing", "legal_basis")
            return
        lines = [tidy(line) for line in written.splitlines() if key(line)]
        content.legal_basis = "".join(
            line if line.endswith((";", "；", "。", "，", ",", "、")) or place == len(lines) - 1 else f"{line}；"
            for place, line in enumerate(lines)
        )

    def _code(self, content: Content) -> None:
        reading = read_code(self.cell("code"))
        basic = read_code(self.cell("basic_code"))
        content.code, content.basic_code = reading.code, reading.basic or basic.basic
        for found, element in ((reading, "code"), (basic, "basic_code")):
            if found.finding:
                self.note(found.finding, element, raw=found.written)
        unit = content.match.unit if content.match else None
        if content.code and unit and unit.uscc and content.code[:18] != unit.uscc:
            self.note("code_other_unit", "code", raw=content.code, detail=unit.name)

    def _kinds(self, content: Content) -> None:
        written = self.text("applicant_type")
        content.applicant_type = values.applicant_type(written)
        if not content.applicant_type:
            if self.table.place("applicant_type") is not None:
                self.note("applicant_unclear", "applicant_type", raw=written)
            content.applicant_type = "both"
        written = self.text("online_depth")
        content.online_depth = values.online_depth(written)
        if not content.online_depth:
            if self.table.place("online_depth") is not None and written:
                self.note("depth_unclear", "online_depth", raw=written)
            content.online_depth = "I"
        content.handling_kind = values.handling_kind(self.text("handling_kind")) or _usual_kind(content)
        content.fee = values.fee(self.text("fee"))

    def _lists(self, content: Content) -> None:
        content.materials = [] if values.says_nothing(cell := self.text("materials")) else values.materials(cell)
        unclear = [entry.name for entry in content.materials if not entry.certain]
        if unclear:
            self.note("materials_unclear", "materials", raw="、".join(unclear))
        content.steps = values.special_steps(self.text("special_steps"))
        for step in content.steps:
            if not step.certain:
                detail = "按第四十五条停止计时" if step.stops_clock else "按不停止计时"
                self.note("step_unclear", "special_steps", raw=step.name, detail=detail)
        content.joint = values.joint_units(self.text("joint_departments"))
        for entry in content.joint:
            if not entry.certain:
                self.note("joint_unclear", "joint_departments", raw=entry.name, detail="的时限看不懂，按未规定")

    def _rest(self, content: Content) -> None:
        for element in _FREE:
            content.texts[element] = tidy(self.text(element))[: _LENGTHS.get(element, 200)]
        for element in _LISTS:
            cell = self.text(element)
            content.texts[element] = "" if values.says_nothing(cell) else "\n".join(values.entries(cell))
        content.remarks = tidy(self.text("remarks"))
        place = self.table.place("serial")
        content.serial = plain(self.sheet.cell(self.line.row, place).text) if place is not None else ""
        for element, said in (("remarks", content.remarks), ("adjustment", tidy(self.text("adjustment")))):
            if _VOID.fullmatch(plain(said).strip("。.")):
                self.note("remark_void", element, raw=said)


def is_ditto(cell: Cell) -> bool:
    """〃, 同上: what the row above says."""
    return isinstance(cell.value, str) and _DITTO.fullmatch(cell.value.strip()) is not None


def _joined(main: str, sub: str) -> str:
    """主项 and 子项 as one name: a short sub-item (新办) goes into brackets, a full name stands by itself."""
    if values.says_nothing(sub) or key(sub) == key(main):
        return main
    if not main or key(without_brackets(main)[0]) in key(sub) or len(sub) > 8:
        return sub
    return f"{main}({sub})"


def _usual_kind(content: Content) -> str:
    if content.power_type in ("02", "03", "04", "06"):
        return "9"
    promised = content.promised
    return "1" if promised is not None and promised.value == 0 else "2"
