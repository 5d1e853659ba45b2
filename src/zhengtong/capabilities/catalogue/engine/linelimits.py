"""The limit columns of a table (separate, both in one, unit columns beside, merged) and what they say of a row."""

import re
from collections.abc import Callable

from zhengtong.capabilities.catalogue.engine.elements import promised_first
from zhengtong.capabilities.catalogue.engine.grid import Cell
from zhengtong.capabilities.catalogue.engine.headers import Table
from zhengtong.capabilities.catalogue.engine.limits import Limit, Reading, UnitRule, limit_words, unit_of
from zhengtong.capabilities.catalogue.engine.lines import LineReader
from zhengtong.capabilities.catalogue.engine.pairs import PairReading, read_pair, read_single
from zhengtong.capabilities.catalogue.engine.problems import CODES
from zhengtong.capabilities.catalogue.engine.unitrules import UnitRules
from zhengtong.capabilities.catalogue.engine.words import plain, tidy

_STATUTORY, _PROMISED = "statutory_limit", "promised_limit"
_AS_STATUTORY = re.compile(r"(?:同|与|按|等同)?法定(?:办结|办理)?(?:时限|期限)?(?:一致|相同|执行|办理)?")
_UNIT_WORDS = {"WD": "工作日", "D": "日", "MONTH": "月", "YEAR": "年", "H": "小时"}
_ARTICLE_82 = "行政许可法第八十二条说的工作日，只指该法自己规定的期限；本事项是行政许可，请部门确认是否应为工作日。"
_ASK = "是否应为工作日，请部门确认。"


class LimitColumns:
    """How the limits of one table are to be read; ``longer(promised, statutory)`` tells a promise surely too long."""

    def __init__(self, table: Table, rules: UnitRules, longer: Callable[[str, str], bool]) -> None:
        self._table, self._rules, self._longer = table, rules, longer
        both = table.heading("limits")
        self._named = bool(re.search(r"法定.*承诺|承诺.*法定", plain(both)))
        self._promised_first = promised_first(both)

    def read(self, reader: LineReader) -> None:
        """Put both limits of the reader's row into its line, with their problems."""
        if self._table.place("limits") is not None and self._table.place(_STATUTORY) is None:
            pair, raws = self._of_one_column(reader)
        else:
            pair, raws = self._of_two_columns(reader)
        content = reader.line.content
        content.statutory, content.promised = pair.statutory.limit, pair.promised.limit
        for element, reading, raw in ((_STATUTORY, pair.statutory, raws[0]), (_PROMISED, pair.promised, raws[1])):
            self._tell(reader, element, reading, raw)
        self._compare(reader, raws[1])

    # --- where they stand ---------------------------------------------------------------------------------------

    def _of_one_column(self, reader: LineReader) -> tuple[PairReading, tuple[str, str]]:
        cell = reader.cell("limits")
        raw = _raw(cell)
        promised = reader.cell(_PROMISED)
        if not promised.blank:
            return self._apart(reader, cell, promised)
        pair = self._both_in(cell, reader, "limits")
        if pair is not None:
            return pair, (raw, raw)
        label, reading = self._single(cell, reader, "limits")
        empty = Reading(None, (("limit_missing", "，这一格只写了另一个时限"),))
        if label:
            return (PairReading(reading, empty) if label == "法定" else PairReading(empty, reading)), (raw, raw)
        return self._for_both(reading, certain=False), (raw, raw)

    def _of_two_columns(self, reader: LineReader) -> tuple[PairReading, tuple[str, str]]:
        one, two = reader.cell(_STATUTORY), reader.cell(_PROMISED)
        if self._table.place(_STATUTORY) is None:
            one = reader.cell("limits")
        same = not one.blank and one.origin == two.origin
        if same or two.blank or one.blank:
            both = one if not one.blank else two
            pair = self._both_in(both, reader, _STATUTORY)
            if pair is not None:
                return pair, (_raw(both), _raw(both))
        if same:
            label, reading = self._single(one, reader, _STATUTORY)
            if not label:
                return self._for_both(reading, certain=True), (_raw(one), _raw(one))
        return self._apart(reader, one, two)

    def _apart(self, reader: LineReader, one: Cell, two: Cell) -> tuple[PairReading, tuple[str, str]]:
        _label, statutory = self._single(one, reader, _STATUTORY)
        _label, promised = self._single(two, reader, _PROMISED)
        as_statutory = isinstance(two.value, str) and _AS_STATUTORY.fullmatch(plain(two.value))
        if as_statutory and statutory.limit:
            told = tuple(each for each in statutory.findings if CODES[each[0]][0] != "hold")
            promised = Reading(statutory.limit, told)
        pair = PairReading(self._no_column(statutory, _STATUTORY), self._no_column(promised, _PROMISED))
        return pair, (_raw(one), _raw(two))

    def _no_column(self, reading: Reading, element: str) -> Reading:
        blank = reading.limit is None and reading.findings == (("limit_missing", ""),)
        if blank and self._table.place(element) is None:
            return Reading(None, (("limit_missing", "，表里也没有这一列"),))
        return reading

    # --- what they say ------------------------------------------------------------------------------------------

    def _both_in(self, cell: Cell, reader: LineReader, element: str) -> PairReading | None:
        if cell.formula:
            return None
        rule = self._rule_for(reader, element)
        return read_pair(cell.value, rule, promised_first=self._promised_first, named=self._named)

    def _single(self, cell: Cell, reader: LineReader, element: str) -> tuple[str, Reading]:
        if cell.formula:
            shown = "" if cell.text.startswith("=") else f"，上次的结果是“{cell.text}”"
            return "", Reading(None, (("formula", shown),))
        label, reading = read_single(cell.value, self._rule_for(reader, element))
        wrong = {_STATUTORY: "承诺", _PROMISED: "法定"}.get(element)
        if label and label == wrong and element != "limits":
            return label, Reading(None, (("limit_unclear", ""),))
        return label, reading

    def _for_both(self, reading: Reading, *, certain: bool) -> PairReading:
        """One limit and two places for it: sure when the cell spans both columns, or when it is 即办 or 无."""
        limit = reading.limit
        if limit is None or any(CODES[code][0] == "hold" for code, _detail in reading.findings):
            return PairReading(reading, Reading(limit))
        if certain or limit.unit == "NONE" or limit.value == 0:
            told = (("limit_for_both", ""),)
            return PairReading(Reading(limit, reading.findings + told), Reading(limit, reading.findings))
        return PairReading(Reading(None, (("limit_ambiguous", ""),)), Reading(None))

    def _rule_for(self, reader: LineReader, element: str) -> UnitRule | None:
        column = {_STATUTORY: "statutory_unit", _PROMISED: "promised_unit"}.get(element, "limit_unit")
        for beside in (column, "limit_unit"):
            if self._table.place(beside) is not None:
                unit = unit_of(reader.cell(beside).text)
                if unit:
                    return UnitRule(unit, "unit_from_column", _UNIT_WORDS.get(unit, unit))
        for headed in (element, "limits"):
            unit = self._table.unit(headed)
            if unit:
                return UnitRule(unit, "unit_from_header", _UNIT_WORDS.get(unit, unit))
        return self._rules.of(element)

    # --- telling ------------------------------------------------------------------------------------------------

    def _tell(self, reader: LineReader, element: str, reading: Reading, raw: str) -> None:
        place = element if self._table.place(element) is not None else "limits"
        for code, detail in reading.findings:
            said = detail
            if code == "unit_day":
                said = _ARTICLE_82 if reader.line.content.power_type == "01" else _ASK
            reader.note(code, element, raw=raw, detail=said, at=place)

    def _compare(self, reader: LineReader, raw: str) -> None:
        statutory, promised = reader.line.content.statutory, reader.line.content.promised
        if statutory is None or promised is None:
            return
        if promised.unit == "NONE" and statutory.unit not in ("NONE", ""):
            reader.note("promise_none", _PROMISED, raw=raw)
        elif _surely_longer(promised, statutory, self._longer):
            reader.note("promise_longer", _PROMISED, raw=limit_words(promised), detail=limit_words(statutory))


def _surely_longer(promised: Limit, statutory: Limit, longer: Callable[[str, str], bool]) -> bool:
    if promised.text and statutory.text:
        return longer(promised.text, statutory.text)
    if promised.unit == statutory.unit == "":  # both bare: the same unit, whatever it is
        return (promised.value or 0) > (statutory.value or 0)
    return False


def _raw(cell: Cell) -> str:
    return tidy(cell.text)
