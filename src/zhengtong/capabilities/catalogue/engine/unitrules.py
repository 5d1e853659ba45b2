"""表内说明的单位：what titles, footnotes and instructions lay down for limits written as bare numbers."""

import re
from collections.abc import Iterable, Mapping

from zhengtong.capabilities.catalogue.engine.limits import UnitRule, unit_of
from zhengtong.capabilities.catalogue.engine.words import plain

_DAYS = r"(?P<unit>(?:法定)?工作[日天]|自然[日天]|日历[日天])"
_RULES = (
    re.compile(rf"(?:未(?:另)?[注标写填说]明|(?:除|没有)(?:另有|另行|特别)?[注说标]明)[^。;]{{0,16}}?{_DAYS}"),
    re.compile(rf"(?:时限|期限|时间)[^。;不]{{0,15}}?(?:均|都|一律|全部|统一)?(?:为|按|以|指|是|:|即){_DAYS}"),
    re.compile(
        r"(?:时限|期限)?单位(?:均|统一|全部)?(?:为|是|按|:)?(?P<unit>(?:工作|自然|日历)?[日天])(?![\u4e00-\u9fff])"
    ),
    re.compile(rf"(?:均|都|一律|全部|统一)(?:为|按|以|指|是){_DAYS}"),
    re.compile(rf"以{_DAYS}(?:计|为单位)"),
)
_WORDS = {"WD": "工作日", "D": "日"}
_LABELS = {"法定": "statutory_limit", "承诺": "promised_limit"}
_LABEL = re.compile(r"法定(?!工作|节假)|承诺")
_NO_LIMIT_OF_AN_ITEM = re.compile(r"公示|公告|听证|鉴定|评审|检测|检验|检疫|补正")


def unit_rules_in(text: str) -> dict[str, str]:
    """The unit a text lays down, by the element it names (statutory_limit, promised_limit; empty: for both).

    Two units that are not told apart by these names lay down none.
    """
    sentence = plain(text)
    found: list[tuple[str, str]] = []
    last = 0
    hits = {match.end("unit"): match for pattern in reversed(_RULES) for match in pattern.finditer(sentence)}
    for end, match in sorted(hits.items()):
        said, last = sentence[last:end], end
        if found and _NO_LIMIT_OF_AN_ITEM.search(said):  # the unit of 公示 and the like, told after that of the limits
            continue
        labels = set(_LABEL.findall(said))
        found.append((_LABELS[labels.pop()] if len(labels) == 1 else "", unit_of(match["unit"])))
    units: dict[str, set[str]] = {}
    for element, unit in found:
        units.setdefault(element, set()).add(unit)
    if len({unit for _element, unit in found}) > 1 and "" in units:
        return {}
    return {element: each.pop() for element, each in units.items() if len(each) == 1}


class UnitRules:
    """The units one table or one file lays down for bare numbers."""

    def __init__(self, texts: Iterable[tuple[str, str]] = ()) -> None:
        """``texts``: where each text stands, in words, and the text."""
        found: dict[str, dict[str, str]] = {}
        for where, text in texts:
            for element, unit in unit_rules_in(text).items():
                found.setdefault(element, {}).setdefault(unit, where)
        self._one = len({unit for units in found.values() for unit in units}) == 1
        self._rules: Mapping[str, UnitRule] = {
            element: UnitRule(unit, "unit_assumed", f"{where}（{_WORDS[unit]}）")
            for element, units in found.items()
            if len(units) == 1
            for unit, where in units.items()
        }

    def __bool__(self) -> bool:
        return bool(self._rules)

    def of(self, element: str) -> UnitRule | None:
        """The rule for one limit; a single unit named for the other one holds for it too, two that differ do not."""
        if self._one:
            return self._rules.get(element) or next(iter(self._rules.values()), None)
        return self._rules.get(element) or self._rules.get("")
