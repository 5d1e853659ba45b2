"""两个时限合写在一格：“法定20日、承诺8日”, “20/8”, two lines."""

import dataclasses
import re

from zhengtong.capabilities.catalogue.engine.limits import Reading, UnitRule, Value, read_limit, unit_of
from zhengtong.capabilities.catalogue.engine.words import CHINESE_NUMBER, plain

_LABEL = r"(?P<{}>(?<!无)法定|承诺)(?:办结|办理|审批)?(?:时限|期限|时间|期)?(?:为|是)?[::]?"
_LABELLED = re.compile(
    _LABEL.format("first") + r"\(?(?P<one>.*?)[\s;,,、。/|()]*" + _LABEL.format("second") + r"\(?(?P<two>.*?)[)。;,]*"
)
_AFTERWARDS = re.compile(r"(?P<one>.+?)\((?P<first>法定|承诺)\)[\s;,,、/|]*(?P<two>.+?)\((?P<second>法定|承诺)\)")
_ONE_LABEL = re.compile(r"^" + _LABEL.format("label") + r"(?P<one>.+)$")
_FIRST_PLAIN = re.compile(
    r"^(?P<one>[^(法承]+?)[,;,、/]?\(?承诺(?:办结|办理)?(?:时限|期限|时间)?(?:为)?[::]?(?P<two>[^()]+)\)?$"
)
_FIRST_PROMISED = re.compile(
    r"^(?P<two>[^(法承]+?)[,;,、/]?\(?(?<!无)法定(?:办结|办理)?(?:时限|期限|时间)?(?:为)?[::]?(?P<one>[^()]+)\)?$"
)
_LABEL_BEHIND = re.compile(r"^(?P<one>[^()]+)\((?P<label>法定|承诺)(?:时限|期限)?\)$")
_SHORTENED = re.compile(r"^(?:由|从)?(?P<one>.+?)(?:→|->|=>|(?:压缩|缩短|压减|减少|优化|减)(?:至|到|为))(?P<two>.+)$")
_HEADED = re.compile(r"^(?P<first>法定|承诺)[/、和](?:法定|承诺)(?:时限|期限)?[::]")
_ENUMERATED = re.compile(r"(?:[①②]|[(（]?[12][.、．)）])\s*(?=法定|承诺)")
_UNIT_END = re.compile(rf"[^\d{CHINESE_NUMBER}]+$")
_MARKS = ",;:、。"
_SPLIT = re.compile(r"[/|\n;]+")


@dataclasses.dataclass(frozen=True)
class PairReading:
    """Both limits of a line."""

    statutory: Reading
    promised: Reading


def read_pair(
    value: Value, rule: UnitRule | None, *, promised_first: bool = False, named: bool = False
) -> PairReading | None:
    """Both limits when a cell holds two of them, else None.

    ``named``: the heading gives the order (法定/承诺), ``promised_first`` the other way round.
    """
    if not isinstance(value, str):
        return None
    written = _ENUMERATED.sub("\n", value)
    lines = "\n".join(plain(line) for line in written.splitlines() if plain(line))
    text = lines.replace("\n", ";")
    if headed := _HEADED.match(text):
        text = lines = text[headed.end() :]
        named, promised_first = True, headed["first"] == "承诺"
    labelled = _LABELLED.fullmatch(text) or _AFTERWARDS.fullmatch(text)
    if labelled and labelled["first"] != labelled["second"]:
        halves = {labelled["first"]: labelled["one"], labelled["second"]: labelled["two"]}
        return _both(halves["法定"], halves["承诺"], rule)
    plain_first = _FIRST_PLAIN.fullmatch(text) or _FIRST_PROMISED.fullmatch(text) or _SHORTENED.fullmatch(text)
    if plain_first:
        return _both(plain_first["one"], plain_first["two"], rule)
    parts = [part.strip(_MARKS) for part in _SPLIT.split(lines) if part.strip(_MARKS)]
    if len(parts) != 2 or plain(value).lower() in ("n/a",):
        return None
    if promised_first:
        parts.reverse()
    found = _both(parts[0], parts[1], rule)
    if named or (found.statutory.limit is None and found.promised.limit is None):
        return found
    told = (("limit_order_assumed", text),)
    return PairReading(Reading(found.statutory.limit, found.statutory.findings + told), found.promised)


def read_single(value: Value, rule: UnitRule | None) -> tuple[str, Reading]:
    """A cell with one limit, and the label it carries itself: 法定, 承诺 or empty."""
    if isinstance(value, str):
        text = plain(value)
        if found := _ONE_LABEL.match(text) or _LABEL_BEHIND.match(text):
            return found["label"], read_limit(found["one"], rule)
    return "", read_limit(value, rule)


def _both(statutory: str, promised: str, rule: UnitRule | None) -> PairReading:
    one, two = statutory.strip(_MARKS + "("), promised.strip(_MARKS + ")")
    pair = PairReading(read_limit(one, rule), read_limit(two, rule))
    shared = _UNIT_END.search(two)
    if one and (one[-1].isdigit() or one[-1] in CHINESE_NUMBER) and shared and unit_of(shared[0]):
        told = (("unit_shared", shared[0]),)
        first = read_limit(one + shared[0], rule)
        return PairReading(Reading(first.limit, first.findings + told), pair.promised)
    return pair
