"""A whole file judged: sheets, tables, rows, repeats. Pure: reads what it is given and writes nothing."""

import dataclasses
import re
from collections.abc import Callable, Mapping

from zhengtong.capabilities.catalogue.engine.departments import Directory, Match
from zhengtong.capabilities.catalogue.engine.doubles import mark_doubles
from zhengtong.capabilities.catalogue.engine.grid import Book, Sheet
from zhengtong.capabilities.catalogue.engine.headers import Table, carried_over, find_tables, headed_by_hand
from zhengtong.capabilities.catalogue.engine.linelimits import LimitColumns
from zhengtong.capabilities.catalogue.engine.lines import Fallbacks, LineReader, is_ditto
from zhengtong.capabilities.catalogue.engine.results import Judgement, Line, SheetReport
from zhengtong.capabilities.catalogue.engine.rowkinds import (
    heading_of,
    heading_words,
    kind_of,
    last_item_row,
    section_of,
)
from zhengtong.capabilities.catalogue.engine.sentences import Place, problem
from zhengtong.capabilities.catalogue.engine.unitrules import UnitRules
from zhengtong.capabilities.catalogue.engine.values import TYPE_NAMES, says_nothing
from zhengtong.capabilities.catalogue.engine.words import key, plain, tidy, tidy_name

_REPORTER = re.compile(
    r"(?:填报|填表|报送|编制|责任|实施)?(?:单位|部门)(?:名称)?\(?(?:盖章|公章|签章)?\)?[:]"
    r"(?P<name>[^:]+?)(?:填报人|填表人|联系|日期|审核|电话|$)"
)
_TITLE_END = re.compile(
    r"(?:\d{4}年(?:度|版)?)|[(\[].*?[)\]]|第[一二三四五六七八九十\d]+批"
    r"|(?:县级|本级|部门)?"
    r"(?:权力|权责|责任|政务服务|行政权力|行政职权|公共服务|依申请|行政审批|行政许可|办事|服务|审批)*"
    r"(?:和|及|与)?(?:权力|责任|服务)*(?:事项)?(?:基本)?"
    r"(?:清单|目录|一览表|汇总表|明细表|统计表|登记表|表|梳理表|台账).*$"
)
_UNIT_ENDS = re.compile(
    r"(?:局|委|办|镇|乡|中心|大队|分局|管理部|公司|[残妇侨文工科]联|会|馆|处|[镇乡]人民政府)(?=[^、和及与门])"
)
_OF_MANY = re.compile(r"进驻|各(?![项类])")
_OF_A_LIST = re.compile(r"(?!.*(?:部门|单位|各|进驻)).*(?:事项|清单|目录|一览表|汇总表|台账|职权|权力)")
_LEADING = re.compile(r"^(?:附(?:件|表)?\d*[:.、-]?|\d+[.、-]?|关于(?:报送)?|[《“\"])+")


@dataclasses.dataclass(frozen=True)
class Options:
    """What is known beforehand: hand-made choices of columns, and how limits compare.

    ``columns`` maps the key of a heading to an element, empty for "not an element"; ``heading_rows`` names the heading
    row of a sheet where none is found; ``ignored`` names sheets that somebody left out; ``types`` gives the code of the
    type of all items of a sheet that has no column for it.
    """

    longer: Callable[[str, str], bool]
    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    heading_rows: Mapping[str, int] = dataclasses.field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    types: Mapping[str, str] = dataclasses.field(default_factory=dict)
    progress: Callable[[int], None] | None = None


def judge(book: Book, directory: Directory, options: Options) -> Judgement:
    """Every row of every table with its verdict; sheets that are no lists are named with the reason."""
    lines: list[Line] = []
    sheets: list[SheetReport] = []
    tables, remarks = _tables_of_all(book, options)
    common = _common_rules(book, tables)
    for sheet in book.sheets:
        found = tables[sheet.name]
        reason = _why_ignored(sheet, found, options)
        if reason:
            sheets.append(SheetReport(sheet.name, read=False, reason=reason))
            continue
        read = _SheetJudge(sheet, found, directory, options, common).read()
        lines += read
        if options.progress is not None:
            options.progress(len(lines))
        sheets.append(
            SheetReport(
                sheet.name,
                read=True,
                headings=tuple((table.first_heading, table.last_heading) for table in found),
                columns=tuple(table.columns for table in found),
                lines=len(read),
            )
        )
    mark_doubles(lines)
    remarks += [remark for sheet in book.sheets for table in tables[sheet.name] for remark in _beside(sheet, table)]
    return Judgement(lines, sheets, [*book.remarks, *remarks])


def _tables_of_all(book: Book, options: Options) -> tuple[dict[str, list[Table]], list[str]]:
    """The tables of every sheet; a sheet without headings may go on with the list before it, which is told."""
    found: dict[str, list[Table]] = {}
    remarks = []
    former: tuple[str, Table] | None = None
    for sheet in book.sheets:
        tables = _tables(sheet, options)
        if not tables and former and sheet.visible and sheet.name not in options.ignored:
            carried = carried_over(sheet, former[1])
            if carried is not None:
                tables = [carried]
                remarks.append(f"工作表“{sheet.name}”没有表头，按工作表“{former[0]}”的列读取，请核对。")
        if tables:
            former = sheet.name, tables[-1]
        found[sheet.name] = tables
    return found, remarks


def _tables(sheet: Sheet, options: Options) -> list[Table]:
    if not sheet.visible or sheet.name in options.ignored:
        return []
    found = find_tables(sheet, options.columns)
    row = options.heading_rows.get(sheet.name)
    return found or ([headed_by_hand(sheet, row, options.columns)] if row else [])


def _why_ignored(sheet: Sheet, tables: list[Table], options: Options) -> str:
    if not sheet.visible:
        return "工作表被隐藏，没有读取。"
    if sheet.name in options.ignored:
        return "已选择不读取。"
    if not sheet.last_row:
        return "空工作表。"
    return "" if tables else "没有找到事项表的表头（事项名称和部门、依据、时限等列），当作说明，没有读取。"


def _beside(sheet: Sheet, table: Table) -> list[str]:
    """A second list to the right of the first is not read; whoever sent it is told."""
    name, words = table.place("name"), key(table.heading("name"))
    return [
        f"工作表“{sheet.name}”的 {column.letter} 列起还有一组“{column.heading}”，没有读取。"
        "请把左右两组上下接成一张表后再导入。"
        for column in table.columns
        if column.place != name and key(column.heading) == words
    ]


def _common_rules(book: Book, tables: Mapping[str, list[Table]]) -> UnitRules:
    """Rules for bare numbers on visible sheets of instructions hold for every list of the file."""
    return UnitRules(
        (f"工作表“{sheet.name}”第 {row} 行的说明", text)
        for sheet in book.sheets
        if sheet.visible and not tables[sheet.name]
        for row in sorted(sheet.rows)
        for _column, text in sheet.texts(row)
    )


class _SheetJudge:
    """The rows of one sheet."""

    def __init__(
        self, sheet: Sheet, tables: list[Table], directory: Directory, options: Options, common: UnitRules
    ) -> None:
        self.sheet, self.tables, self.directory, self.options = sheet, tables, directory, options
        self.rules = self._rules() or common
        self.fallbacks = Fallbacks()
        self._from_titles()
        self._sections: list[str] = []
        self._level = ""  # how the heading that gave the department is numbered
        self.lines: list[Line] = []

    def read(self) -> list[Line]:
        for table in self.tables:
            self._read_table(table)
        return self.lines

    def _read_table(self, table: Table) -> None:
        self.fallbacks.last_department, self.fallbacks.last_cells = None, {}
        last_item = last_item_row(self.sheet, table)
        self.fallbacks.fill_down = self._mostly_blank(table, last_item)
        reader = LineReader(
            self.sheet, table, self.directory, self.fallbacks, LimitColumns(table, self.rules, self.options.longer)
        )
        after_footnote = False
        for row in range(table.last_heading + 1, table.last + 1):
            kind = kind_of(self.sheet, row, table, self.directory, last_item=last_item, after_footnote=after_footnote)
            hidden = self.sheet.hidden_rows.get(row, "")
            after_footnote = kind == "footnote"
            if kind:
                self._skip(row, kind)
            elif hidden == "hand" or self._struck(row, table):
                self._skip(row, "hidden_row" if hidden == "hand" else "struck_through", table)
                reader.pass_over(row)
            elif reader.continues(row):
                self._skip(row, "continued_row", detail=str(reader.line.row))
            else:
                line = reader.read(row)
                if hidden:
                    line.problems.append(problem("shown_by_filter", "", Place(self.sheet.name, row)))
                self.lines.append(line)

    def _skip(self, row: int, kind: str, table: Table | None = None, detail: str = "") -> None:
        text = " ".join(text for _column, text in self.sheet.texts(row))
        if kind == "section_row" and row not in self.sheet.hidden_rows:
            detail = self._section(heading_of(self.sheet, row))
        found = problem(kind, "", Place(self.sheet.name, row), raw=text, detail=detail)
        line = Line(self.sheet.name, row, "skipped", [found], text=text)
        place = table.place("name") if table else None
        if place is not None:
            line.content.name = tidy_name(self.sheet.cell(row, place).text)
        self.lines.append(line)

    def _section(self, text: str) -> str:
        section = section_of(text, self.directory)
        said = []
        if section.department is not None:
            self._enter("department")
            self.fallbacks.section_department = section.department
            unit = section.department.unit
            said.append(f"下面各行的部门取自这里：{unit.name}" if unit else "下面各行的部门取自这里，但对不上机构名录")
        if section.power_type:
            self._enter("type")
            self.fallbacks.section_type = section.power_type
            said.append(f"下面各行的类型取自这里：{TYPE_NAMES[section.power_type]}")
        if said:
            self._level = section.level if section.department else self._level
        elif (
            section.level and section.level == self._level
        ):  # 二、驻县单位 after 一、县发展和改革局: another unit's rows
            self._enter("department")
            self.fallbacks.section_department = Match(text, None, "标题没有写明是哪个单位")
            said.append("这里和上面的部门标题同级，但看不出是哪个单位")
        self.fallbacks.section_text = text
        return "，".join(said) or "没有写部门和类型，不影响下面各行"

    def _enter(self, kind: str) -> None:
        """A new heading of one kind ends the headings that stood below the former one of its kind."""
        if kind in self._sections:
            for below in self._sections[self._sections.index(kind) + 1 :]:
                if below == "department":
                    self.fallbacks.section_department = None
                else:
                    self.fallbacks.section_type = ""
            self._sections = self._sections[: self._sections.index(kind)]
        self._sections.append(kind)

    def _struck(self, row: int, table: Table) -> bool:
        name = self.sheet.cell(row, table.place("name") or 0)
        filled = [cell for cell in self.sheet.rows.get(row, ()) if not cell.blank and cell.origin[0] == row]
        return (not name.blank and name.struck) or (len(filled) > 2 and all(cell.struck for cell in filled))

    def _mostly_blank(self, table: Table, last_item: int) -> bool:
        """Whether the office writes a department once and leaves the rows below it empty."""
        place, name = table.place("department"), table.place("name")
        if place is None or name is None:
            return False
        rows = [
            row
            for row in range(table.last_heading + 1, last_item + 1)
            if not self.sheet.cell(row, name).blank and len(self.sheet.texts(row)) > 2
        ]
        filled = sum(not (cell := self.sheet.cell(row, place)).blank and not is_ditto(cell) for row in rows)
        return bool(rows) and filled <= len(rows) * 0.6

    # --- what stands around the tables --------------------------------------------------------------------------

    def _rules(self) -> UnitRules:
        """The units that titles and footnotes lay down."""
        return UnitRules(
            (f"第 {row} 行的说明", text) for row in self._rows_around() for _column, text in self.sheet.texts(row)
        )

    def _rows_around(self) -> list[int]:
        inside = {row for table in self.tables for row in range(table.first_heading, table.last_heading + 1)}
        return [row for row in sorted(self.sheet.rows) if row not in inside and len(self.sheet.texts(row)) <= 3]

    def _from_titles(self) -> None:
        titles = [
            (f"第 {row} 行", text)
            for row in range(1, self.tables[0].first_heading)
            for _column, text in self.sheet.texts(row)
        ]
        reporters = [(where, found["name"]) for where, text in titles if (found := _REPORTER.search(plain(text)))]
        bare = [(where, _TITLE_END.sub("", plain(text))) for where, text in titles if not _OF_MANY.search(plain(text))]
        tab = _LEADING.sub("", plain(self.sheet.name))
        names = [("工作表名", words) for words in (self.sheet.name, heading_words(self.sheet.name), tab)]
        begun = [(where, begins) for where, text in titles for begins in _unit_beginnings(text)]
        for where, text in [*names, *bare, *reporters, *begun]:
            match = self._surely(text)
            if match is not None and match.unit is not None and not self.directory.is_whole(match.unit):
                self.fallbacks.sheet_department, self.fallbacks.sheet_department_from = match, where
                break
        chosen = self.options.types.get(self.sheet.name, "")
        if chosen:
            self.fallbacks.sheet_type, self.fallbacks.sheet_type_from = chosen, "人工选择"
            return
        for where, text in [("工作表名", self.sheet.name), *titles]:
            kinds = {code for code, name in TYPE_NAMES.items() if name in text}
            if len(kinds) == 1 and not says_nothing(text):
                self.fallbacks.sheet_type, self.fallbacks.sheet_type_from = kinds.pop(), where
                break

    def _surely(self, text: str) -> Match | None:
        if not 2 <= len(key(text)) <= 30:
            return None
        found = self.directory.find(tidy(text))
        return found if found.unit is not None and not found.proposals else None


def _unit_beginnings(title: str) -> list[str]:
    """What a title may name as its unit, the longest first: 城关镇 of 城关镇便民服务事项清单."""
    text = _LEADING.sub("", plain(title))
    ends = [found.end() for found in _UNIT_ENDS.finditer(text)]
    return [text[:end] for end in reversed(ends) if _OF_A_LIST.match(text[end:])]
