"""一个时限：twenty ways to write a limit, read to an amount and a unit; what is not certain is not read."""

import dataclasses
import datetime as dt
import re

from zhengtong.capabilities.catalogue.engine.words import CHINESE_NUMBER, number_of, plain

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

_NUMBER = rf"(?:\d+(?:\.\d+)?|[{CHINESE_NUMBER}]+)"
_UNIT_WORDS = {
    "WD": r"个?(?:法定)?工作(?:日|天)|workdays?|wd",
    "D": r"个?自然(?:日|天)|个?日历(?:日|天)|个?[日天](?:时间)?|d(?:ays?)?",
    "WEEK": r"个?(?:周|星期|礼拜)",
    "MONTH": r"个?月|个自然月|months?",
    "YEAR": r"周?年|years?",
    "H": r"个?(?:小时|钟头)|h(?:ours?)?",
    "MINUTE": r"分钟?|min(?:utes?)?",
}
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNIT_WORDS.items())
_AMOUNT = re.compile(rf"(?P<minus>-|负)?(?P<number>{_NUMBER})(?:\(?(?:{_UNIT})\)?)?(?P<rest>.*)", re.IGNORECASE)
_UNIT_FIRST = re.compile(rf"\(?(?:{_UNIT})\)?[:\s](?P<number>{_NUMBER})个?(?P<rest>)", re.IGNORECASE)
_ONLY_UNIT = re.compile(rf"(?:{_UNIT})", re.IGNORECASE)
_HALF_YEAR = re.compile(r"半年")
_ZERO = re.compile(
    r"(?:随到随办|即(?:来|到)即办|即办(?:件|理)?|即时(?:办结|办理|办)?|当[场日天](?:就|即可)?(?:办结|办理|办|完成|核发|出件)?"
    r"|现场(?:办结|办理)|立即(?:办结|办理)?|马上(?:办结|办理|办)?|立等可取)"
)
_NONE = re.compile(
    r"(?:无|暂无|不限(?:时|期|时间|时限|期限)?|-+|/+|没有|未规定|未明确|无规定|没有规定|不作规定"
    r"|(?:法律|法规|法律法规)(?:未|没有|无)(?:作|明确)?规定|无明确规定|无(?:法定|承诺)?(?:办结|办理)?(?:时限|期限|时间)"
    r"(?:要求|规定|限制)?|无(?:具体|明确)?(?:要求|限制|规定)|不设(?:时限|期限)|none|n/a|na)",
    re.IGNORECASE,
)
_TOLD_BEHIND = re.compile(r"\((?:指|为|均为|按)?(?:工作|自然|日历)[日天]计?算?\)")
_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?(\d{1,2}:\d{2}(:\d{2})?)?"
    r"|\d{1,2}月\d{1,2}日?|\d{1,2}:\d{2}(:\d{2})?"
)
_RANGE = re.compile(rf"{_NUMBER}(?:{'|'.join(_UNIT_WORDS.values())})?(?:-+|~+|至|到|或)+{_NUMBER}", re.IGNORECASE)
_ERROR = re.compile(r"#(?:REF|N/A|VALUE|DIV/0|NAME|NUM|NULL)[!?]?", re.IGNORECASE)
_BEFORE = re.compile(
    rf"^(?:自?(?:受理|收到|收件|接到|提交|申请|(?:材料|资料|手续)(?:齐全|齐备))"
    rf"(?:[^\d{CHINESE_NUMBER}]{{0,14}}?(?:(?:之日|之时|当日)起?|起|后))?的?"
    r"|不(?:超过|多于|长于|高于)|[≤<]=?|小于(?:等于)?|最(?:长|多|迟)(?:不超过)?|约|共|限|在|为"
    r"|(?:办结|办理)?(?:时限|期限|时间)(?:为)?[::]?)+"
)
_AFTER = re.compile(
    r"^(?:之?以?内)?(?:办结|办理完毕|完成|作出决定|做出决定|审结|答复|办理|核发)?(?:/[件次项户宗])?[。.,;,、]?$"
)
_EXTENSION = re.compile(r"延长|延期|顺延")
_CASES = re.compile(r"特殊|复杂|疑难|重大|特别|一般|简易|普通|其中|如|若|遇|情况|情形|需要?|新办|变更|延续|首次")
_INCLUDED = re.compile(r"^[(,;、]?(?:其中|含|包含|包括|内含)")
_EXCLUDED = re.compile(r"不含|不包括|不计|除外|扣除|不在")
_VAGUE = re.compile(r"^\(?(?:及|或)?(?:以上|以后|之后|左右|上下|前后|多|余|起)")
_MINUTES_OF_A_DAY = 480
_LARGEST = {"WD": 366, "D": 1100, "H": 744, "MONTH": 60, "YEAR": 10}


@dataclasses.dataclass(frozen=True)
class Limit:
    """An amount and its unit (WD, D, H, MONTH, YEAR); unit NONE: no limit is set; unit empty: written without one."""

    value: int | None
    unit: str

    @property
    def text(self) -> str:
        """``20 WD`` or ``NONE``; empty while the unit is unknown."""
        if self.unit == "NONE":
            return "NONE"
        return f"{self.value} {self.unit}" if self.unit else ""


NO_LIMIT = Limit(None, "NONE")
ZERO = Limit(0, "WD")


@dataclasses.dataclass(frozen=True)
class UnitRule:
    """What a bare number means here: the unit, the problem code that tells it, and where it was found, in words."""

    unit: str
    code: str
    where: str


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a cell says of one limit; ``findings`` are problem codes with their detail."""

    limit: Limit | None
    findings: tuple[tuple[str, str], ...] = ()


def limit_words(limit: Limit | None) -> str:
    """20 个工作日, 30 日, 未规定; 看不出 for none that was read."""
    if limit is None:
        return "看不出"
    names = {"WD": " 个工作日", "D": " 日", "MONTH": " 个月", "YEAR": " 年", "H": " 小时", "": ""}
    return "未规定" if limit.unit == "NONE" else f"{limit.value}{names[limit.unit]}"


def read_limit(value: Value, rule: UnitRule | None = None) -> Reading:
    """One limit out of one cell; ``limit`` is None when the cell does not say one limit for certain."""
    if isinstance(value, bool):
        return _bad("limit_unclear", str(value))
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return _bad("date_in_limit", _date_words(value))
    if isinstance(value, int | float):
        return _bare(_number_text(value), rule)
    text = plain(value or "").strip("。.;,、'`‘’*★")
    if not text:
        return _bad("limit_missing", "")
    return _read_text(text, rule)


def unit_of(text: str) -> str:
    """The unit a heading or a unit column names (工作日 → WD, 天 → D); empty when it names none."""
    found = _ONLY_UNIT.fullmatch(plain(text).strip("()[]:"))
    name = found.lastgroup if found else ""
    return "" if name in ("MINUTE", "WEEK", None) else name


def _read_text(text: str, rule: UnitRule | None) -> Reading:
    if _ERROR.fullmatch(text):
        return _bad("cell_error", text)
    if _NONE.fullmatch(text):
        return Reading(NO_LIMIT)
    if _DATE.fullmatch(text):
        return _bad("date_in_limit", text)
    if zero := _ZERO.match(text):
        return _with_rest(ZERO, text[zero.end() :], ())
    text = _BEFORE.sub("", text)
    if zero := _ZERO.match(text):
        return _with_rest(ZERO, text[zero.end() :], ())
    if _RANGE.match(text):
        return _bad("limit_range", text)
    if _HALF_YEAR.match(text):
        return _with_rest(Limit(6, "MONTH"), text[2:], (("half_year", ""),))
    found = _UNIT_FIRST.fullmatch(text) or _AMOUNT.fullmatch(text)
    if found is None:
        return _bad("limit_unclear", text)
    return _amount(found, text, rule)


def _amount(found: re.Match[str], text: str, rule: UnitRule | None) -> Reading:
    groups = found.groupdict()
    if groups.get("minus"):
        return _bad("negative_limit", text)
    unit = next((name for name in _UNIT_WORDS if groups.get(name)), "")
    if unit == "D" and (told := _TOLD_BEHIND.fullmatch(groups["rest"])):
        unit = "WD" if "工作" in told[0] else "D"
        groups |= {"rest": "", unit: told[0]}
    number = groups["number"]
    reading = _sized(number, unit, written=groups[unit]) if unit else _bare(number, rule)
    if reading.limit is None:
        return reading
    return _with_rest(reading.limit, groups["rest"], reading.findings)


def _sized(number: str, unit: str, *, written: str) -> Reading:
    amount = number_of(number)
    if amount is None:
        return _bad("limit_fraction" if "." in number else "limit_unclear", number)
    if unit == "WEEK":
        return _bounded(Limit(amount * 7, "D"), (("week_as_days", f"{amount} 周"),))
    if unit == "MINUTE":
        if amount and amount % 60 == 0:
            return _bounded(Limit(amount // 60, "H"), ())
        if amount >= _MINUTES_OF_A_DAY:
            return _bad("limit_unclear", number)
        return _bounded(ZERO, (("minutes_as_same_day", f"{amount} 分钟"),))
    doubtful = unit == "D" and written.strip("个时间") in ("日", "天")  # 自然日 and 30 D say what they mean
    return _bounded(Limit(amount, unit), (("unit_day", ""),) if doubtful else ())


def _bare(number: str, rule: UnitRule | None) -> Reading:
    if number.startswith("-"):
        return _bad("negative_limit", number)
    amount = number_of(number)
    if amount is None:
        return _bad("limit_fraction" if "." in number else "limit_unclear", number)
    if rule is not None:
        more = (("unit_day", ""),) if rule.unit == "D" else ()
        return _bounded(Limit(amount, rule.unit), ((rule.code, rule.where), *more))
    if amount == 0:
        return Reading(ZERO)
    if amount > max(_LARGEST.values()):
        return _bad("limit_too_large", number)
    return Reading(Limit(amount, ""), (("unit_missing", number),))


def _bounded(limit: Limit, findings: tuple[tuple[str, str], ...]) -> Reading:
    if limit.value is not None and limit.value > _LARGEST[limit.unit]:
        return Reading(limit, (("limit_too_large", f"{limit.value}"),))
    return Reading(limit, findings)


def _with_rest(limit: Limit, rest: str, findings: tuple[tuple[str, str], ...]) -> Reading:
    """Text after the limit: harmless, an extension, a case apart, or something else."""
    rest = re.sub(r"^(?:之?以?内)", "", rest)
    if _AFTER.fullmatch(rest):
        return Reading(limit, findings)
    if _VAGUE.match(rest):
        return Reading(None, (("limit_unclear", rest),))
    if _INCLUDED.match(rest):
        return Reading(limit, (*findings, ("limit_remark", rest)))
    numbers = re.search(rf"\d|[{CHINESE_NUMBER}](?=个?[工日天月年周])", rest)
    if _EXTENSION.search(rest):
        return Reading(limit, (*findings, ("limit_extension", rest)))
    if numbers and not _EXCLUDED.search(rest):
        return Reading(None, (("limit_conditional" if _CASES.search(rest) else "limit_unclear", rest),))
    if re.match(r"[(,;,。、]|自|从|受理|不含|不包括|办结|以", rest):
        return Reading(limit, (*findings, ("limit_remark", rest)))
    return Reading(None, (("limit_unclear", rest),))


def _bad(code: str, detail: str) -> Reading:
    return Reading(None, ((code, detail),))


def _number_text(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _date_words(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    return str(value)
