"""What a row of a table is when it is no item: total, footnote, section heading, heading again, column numbers."""

import dataclasses
import re

from zhengtong.capabilities.catalogue.engine.departments import Directory, Match
from zhengtong.capabilities.catalogue.engine.grid import Sheet
from zhengtong.capabilities.catalogue.engine.headers import Table, repeats_heading
from zhengtong.capabilities.catalogue.engine.values import TYPE_NAMES, power_type
from zhengtong.capabilities.catalogue.engine.words import key, plain

_TOTAL = re.compile(
    r"^(?:本页|本表|全县|全部|分类|部门)?(?:小计|合计|总计|共计|累计|总数)"
    r"|(?:小计|合计|总计)(?:[:]?\d*项?)?$|^(?:以上)?(?:共|合计|总计)[:]?\d+(?:大)?项"
)
_TOTAL_ALONE = re.compile(r"(?:本页|本表|全县|部门)?(?:小计|合计|总计|共计|累计):?")
_FOOTNOTE = re.compile(
    r"^(?:\d+[.、])?(?:注|备注|附注|说明|填表说明|填报说明|附|附件|※|\*|提示|温馨提示)(?:\d+)?[:.、\s]|^注(?![册销])"
    r"|^(?:填表|填报|制表|审核|审批|复核|经办|联系|负责)人|^(?:填报|制表|填表)(?:单位|日期|时间)"
    r"|^(?:单位|部门|分管|主要)?(?:负责人|领导)(?:签字|签名|审核)?[:(]|^联系(?:人|电话)|^\(?(?:盖章|公章)|^-?第?\d+页|^共\d+页"
)
_NUMBERED = re.compile(r"^(?:\d+[.、)]|\(\d+\)|[①-⑳])")
_ORDINAL = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+[、.,章节部分:]+|\([一二三四五六七八九十]+\)|[ⅠⅡⅢⅣⅤⅥIVX]+[、.]"
    r"|\d{1,2}[、.](?!\d)|[★☆●◆■▲◎○]+)"
)
_LABEL = re.compile(r"^(?:责任|实施|填报|主管|牵头|承办)?(?:单位|部门|主体)(?:名称)?[:]")
_STATED = ("legal_basis", "statutory_limit", "promised_limit", "limits", "materials")
_ORDINAL_ALONE = re.compile(r"\(?[一二三四五六七八九十百]+\)?[、.]?|[ⅠⅡⅢⅣⅤⅥIVX]+")
_MARKS = ":;,、。"
_FRAMES = "【】[]<>《》「」-=*#"
_FEWEST_NUMBERS, _SHORT = 4, 30
_COUNT = re.compile(
    r"[(\[]?(?:共计?|合计|小计)?[:]?\d+(?:大|小|子)?(?:项|件|个)(?:事项|,.*)?[)\]]?$|[(\[]共.*?项.*?[)\]]$"
)
_COUNTED = re.compile(r"(?:共|计|小计|合计)?[:]?\d+(?:大|小)?[项个件]?")
_UNIT_LIKE = re.compile(r"(?:局|委|办|部|院|中心|镇|乡|政府|公司|大队|会|站|所|处|街道|管理部|分局|馆)(?:\(.*\))?$")
_TYPE_WORDS = "|".join([*TYPE_NAMES.values(), "其他权力", "其他类", "其他"])
_TYPE_END = re.compile(rf"(?P<rest>.*?)(?P<type>{_TYPE_WORDS})(?:类|权力|职权)?(?:事项|清单|项目|目录)*$")


@dataclasses.dataclass(frozen=True)
class Section:
    """A heading inside a table: the department and the type it gives to the rows below (either may be missing)."""

    text: str
    department: Match | None = None
    power_type: str = ""

    @property
    def level(self) -> str:
        """How the heading is numbered (一、, （一）, 1.); empty for one without a number."""
        found = _ORDINAL.match(plain(self.text))
        return re.sub(r"[一二三四五六七八九十百ⅠⅡⅢⅣⅤⅥIVX\d]+", "#", found[0]) if found else ""


def last_item_row(sheet: Sheet, table: Table) -> int:
    """The last row of a table that may be an item: it has a name of its own and something besides."""
    name = table.place("name") or 0
    for row in range(table.last, table.last_heading, -1):
        texts = sheet.texts(row)
        if len(texts) >= 3 and any(column == name for column, _text in texts) and not _total(texts):
            return row
    return table.last_heading


def kind_of(sheet: Sheet, row: int, table: Table, directory: Directory, *, last_item: int, after_footnote: bool) -> str:
    """The problem code of a row that is no item; ``section_row`` also for one that is only a heading; else empty."""
    texts = sheet.texts(row)
    if not texts:
        return "empty_row"
    if repeats_heading(sheet, row, table):
        return "repeated_header"
    if _column_numbers(texts):
        return "column_numbers"
    pieces = len(texts) > 1 and _heading_in_pieces(texts, sheet, row, table, directory)
    if _total(texts) and not pieces and not _complete(sheet, row, table):
        return "total_row"
    first = plain(texts[0][1])
    if _FOOTNOTE.match(first) and len(texts) <= 4 and not _complete(sheet, row, table):
        return "footnote"
    if len(texts) > 1:
        if pieces:
            return "section_row"
        return "footnote" if row > last_item and len(texts) == 2 and _signature(texts) else ""
    if row > last_item or (after_footnote and _NUMBERED.match(first)):
        return "footnote"
    column, text = texts[0]
    width = max((covered for _cell, covered in sheet.spans(row)), default=1)
    if width < 3 and column in (table.place("materials"), table.place("special_steps"), table.place("flow")):
        section = section_of(text, directory)
        named = section.power_type or (section.department and section.department.unit)
        return "section_row" if named and _looks_like_heading(text) else ""
    if column == table.place("name") and width < 3 and not _looks_like_heading(text):
        return ""
    return "section_row"


def section_of(text: str, directory: Directory) -> Section:
    """What a heading inside a table says of the rows below."""
    bare = heading_words(text)
    kind = power_type(bare) if len(bare) < 14 else ""
    if kind:
        return Section(text, power_type=kind)
    found = directory.find(bare)
    if found.unit is not None:
        return Section(text, found)
    typed = _TYPE_END.fullmatch(bare)
    if typed and typed["rest"]:
        return Section(text, _unit_like(typed["rest"], directory), power_type(typed["type"]))
    return Section(text, _unit_like(bare, directory))


def heading_of(sheet: Sheet, row: int) -> str:
    """The text of a section row, without an ordinal and a count that stand in cells of their own."""
    texts = sheet.texts(row)
    return " ".join(_words_of_heading(texts) if len(texts) > 1 else [text for _column, text in texts])


def heading_words(text: str) -> str:
    """A heading without its ordinal and the number of items it counts."""
    bare = _LABEL.sub("", _ORDINAL.sub("", plain(text).strip(_FRAMES)))
    return _COUNT.sub("", bare).strip(_MARKS + _FRAMES)


def _unit_like(text: str, directory: Directory) -> Match | None:
    found = directory.find(text)
    return found if found.unit is not None or _UNIT_LIKE.search(text) else None


def _heading_in_pieces(
    texts: list[tuple[int, str]], sheet: Sheet, row: int, table: Table, directory: Directory
) -> bool:
    """一 | 县发展和改革局 | 8项: an ordinal, a heading and a count in cells of their own."""
    stated = {table.place(element) for element in _STATED}
    if len(texts) > 3 or any(column in stated and not _COUNTED.fullmatch(plain(text)) for column, text in texts):
        return False
    rest = _words_of_heading(texts)
    if len(rest) != 1 or _TOTAL.search(rest[0]):
        return False
    found = directory.find(heading_words(rest[0]))
    ordinal = rest[0] != plain(texts[0][1]) and bool(_ORDINAL_ALONE.fullmatch(plain(texts[0][1])))
    return ordinal or bool(power_type(heading_words(rest[0]))) or (found.unit is not None and not found.proposals)


def _words_of_heading(texts: list[tuple[int, str]]) -> list[str]:
    words = [plain(text) for _column, text in texts]
    if _ORDINAL_ALONE.fullmatch(words[0]):
        words = words[1:]
    return [word for word in words if not _COUNTED.fullmatch(word)]


def _looks_like_heading(text: str) -> bool:
    bare = plain(text).strip(_FRAMES)
    begins = re.match(r"^(?:第?[一二三四五六七八九十]+[、.章节]|\([一二三四五六七八九十]+\))", bare)
    ends = _COUNT.search(bare) or re.search(r"[局委办]$", bare)
    return bool(begins or ends or power_type(heading_words(text)))


def _total(texts: list[tuple[int, str]]) -> bool:
    return len(texts) <= 5 and any(len(text) <= 40 and _TOTAL.search(plain(text)) for _column, text in texts[:3])


def _complete(sheet: Sheet, row: int, table: Table) -> bool:
    """A row with a basis and a name of its own is an item whatever its name begins with; 小计 alone is none."""
    if any(_TOTAL_ALONE.fullmatch(plain(text)) for _column, text in sheet.texts(row)):
        return False
    columns = {column for column, _text in sheet.texts(row)}
    return {table.place("name"), table.place("legal_basis")} <= columns


def _column_numbers(texts: list[tuple[int, str]]) -> bool:
    words = [re.sub(r"[()栏列]", "", plain(text)) for _column, text in texts]
    stems = "甲乙丙丁戊己庚辛壬癸"
    lettered = [word for word in words if len(word) == 1 and word in stems]
    if len(lettered) > 1 and lettered == list(stems[: len(lettered)]):
        return all(word.isdigit() for word in words[len(lettered) :])
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 19]
    if len(texts) < _FEWEST_NUMBERS or len(numbers) < len(texts) - 1:
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _signature(texts: list[tuple[int, str]]) -> bool:
    signed = any(_FOOTNOTE.match(plain(text)) for _column, text in texts)
    return signed or all(len(key(text)) < _SHORT for _column, text in texts)
