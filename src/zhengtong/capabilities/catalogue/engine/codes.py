"""编码：text that spreadsheets turn into numbers; what lost digits is told and not used."""

import dataclasses
import re

from zhengtong.capabilities.catalogue.engine.grid import Cell
from zhengtong.capabilities.catalogue.engine.words import plain

_CODE = re.compile(r"[0-9A-Z]{18}[1-7][0-9A-Z]{12}")
_BASIC = re.compile(r"[0-9]{6}[0-9A-Z]{6}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_KEPT_DIGITS = 15  # a spreadsheet number keeps no more


@dataclasses.dataclass(frozen=True)
class CodeReading:
    """``code`` (31 characters) or ``basic`` (12), whichever the cell holds; a finding when it holds neither whole."""

    code: str = ""
    basic: str = ""
    finding: str = ""
    written: str = ""


def read_code(cell: Cell) -> CodeReading:
    """The code of a cell; nothing at all for an empty one."""
    if cell.blank:
        return CodeReading()
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return _from_number(cell.value)
    written = plain(cell.text)
    text = written.strip("'`’‘\"").upper().replace("-", "").removesuffix(".0")
    if _SCIENTIFIC.fullmatch(text):
        return CodeReading(finding="code_damaged", written=written)
    if _CODE.fullmatch(text):
        return CodeReading(code=text, written=written)
    if _BASIC.fullmatch(text):
        return CodeReading(basic=text, written=written)
    if re.fullmatch(r"\d{16,}", text) and text.endswith("0" * 4) and len(text) != 31:
        return CodeReading(finding="code_damaged", written=written)
    return CodeReading(finding="" if text in ("", "/", "无", "-") else "code_unreadable", written=written)


def _from_number(value: float) -> CodeReading:
    written = f"{value:.7E}" if abs(value) >= 10**_KEPT_DIGITS else str(int(value))
    if float(value).is_integer() and len(written) == 12 and written.isdigit():
        return CodeReading(basic=written, finding="code_number", written=written)
    return CodeReading(finding="code_damaged", written=written)
