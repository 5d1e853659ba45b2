"""What must not come before the public: looked for in the words of a page before it is signed for.

Government sites fail their examination for leaked secrets and false dates (政府网站与政务新媒体检查指标, 单项否决), and
lose points for personal numbers and wrong words. What is certain blocks; what a person must judge warns.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

BLOCKS, WARNS = "blocks", "warns"

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LAST: Final = "10X98765432"  # GB 11643—1999, ISO 7064 MOD 11-2
_CITIZEN: Final = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE: Final = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_CARD: Final = re.compile(r"(?<![0-9A-Za-z])(?:62|[45]\d)\d{2}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![0-9A-Za-z])")
_SECRET: Final = re.compile(r"(?:绝密|机密|秘密)\s*[★☆]|[★☆]\s*(?:绝密|机密|秘密)")
_SECRET_ALONE: Final = re.compile(r"^\s*(?:密\s*级[:：]\s*)?(?:绝\s*密|机\s*密|秘\s*密)\s*$")
_DAY: Final = re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日)?")
_PLACEHOLDERS: Final = frozenset({"测试", "test", "标题", "无标题", "未命名", "新建文章", "新文章", "请输入标题"})
_EMPTY_WORDS: Final = frozenset({"通知", "公告", "公示", "通报", "简报", "新闻", "信息", "文件", "公告栏"})
_YEARS_AHEAD: Final = 60
_FIRST_YEAR: Final = 1900
#: an entry of the dictionary
_PAIR, _SHORTEST, _LONGEST = 2, 2, 40


@dataclasses.dataclass(frozen=True)
class Part:
    """Words of a page with the place where they stand, as people call it."""

    place: str
    text: str


@dataclasses.dataclass(frozen=True)
class Words:
    """An entry of the county's dictionary: what is wrong, what is right; ``right`` empty: must not stand at all."""

    wrong: str
    right: str = ""


@dataclasses.dataclass(frozen=True)
class Looked:
    """A page as it is looked at; an article also has source and day, other pages None."""

    title: str
    parts: tuple[Part, ...]
    source: str | None = None
    published_on: dt.date | None = None
    wordless: int = 0
    broken: tuple[Part, ...] = ()


@dataclasses.dataclass(frozen=True)
class Found:
    """Something found: its kind, how serious, where, a sentence, and what it was found by (masked)."""

    kind: str
    severity: str
    place: str
    message: str

    @property
    def blocks(self) -> bool:
        """True when the page does not come before the public without a reason."""
        return self.severity == BLOCKS


def check(page: Looked, *, today: dt.date, dictionary: Sequence[Words]) -> list[Found]:
    """Everything found, what blocks first, in the order of the page."""
    found = [*_of_title(page), *_of_facts(page, today)]
    for part in (Part("标题", page.title), *page.parts):
        found.extend(_of_part(part, today, dictionary))
    found.extend(
        Found("link", BLOCKS, one.place, f"链接“{one.text}”指向的网页不存在或者没有发布。") for one in page.broken
    )
    if page.wordless:
        found.append(Found("picture", BLOCKS, "正文", f"有 {page.wordless} 张图片没有替代文字，也没有注明只是装饰。"))
    return sorted(dict.fromkeys(found), key=lambda one: not one.blocks)


def is_citizen_number(number: str) -> bool:
    """True for 18 signs with a possible day of birth and the right last sign."""
    if not _CITIZEN.fullmatch(number):
        return False
    if not _is_day(int(number[6:10]), int(number[10:12]), int(number[12:14])):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _LAST[total % 11] == number[17].upper()


def is_card_number(number: str) -> bool:
    """True for 16 to 19 digits of a bank's card whose last digit is right (ISO/IEC 7812-1, Luhn)."""
    digits = [int(sign) for sign in number if sign.isdigit()]
    if not 16 <= len(digits) <= 19 or len(set(digits)) == 1:  # the standard's lengths
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled  # the cross sum of two digits
    return total % 10 == 0


def parse_words(text: str) -> tuple[list[Words], list[int]]:
    """A dictionary as it is typed, a line an entry (``错词 正词``, only the wrong one for what must not stand).

    Returns the entries and the numbers of lines that are none; lines that begin with ``#`` are remarks.
    """
    entries: dict[str, Words] = {}
    bad = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = [one for one in re.split(r"[\s,，]+", line.strip()) if one]
        if not said or said[0].startswith("#"):
            continue
        wrong, right = said[0], said[1] if len(said) > 1 else ""
        if len(said) > _PAIR or not _SHORTEST <= len(wrong) <= _LONGEST or len(right) > _LONGEST or wrong == right:
            bad.append(number)
            continue
        entries[wrong] = Words(wrong, right)
    return list(entries.values()), bad


def _of_title(page: Looked) -> Iterator[Found]:
    plain = re.sub(r"[\s\W_]+", "", page.title).lower()
    if not plain or plain in _PLACEHOLDERS:
        yield Found("title", BLOCKS, "标题", f"标题“{page.title}”像是还没有写好。")
    elif plain in _EMPTY_WORDS:
        yield Found("title", WARNS, "标题", f"标题“{page.title}”没有说是什么事，请写明事由。")


def _of_facts(page: Looked, today: dt.date) -> Iterator[Found]:
    if page.source is not None and not page.source.strip():
        yield Found("source", BLOCKS, "来源", "没有写明来源。")
    if page.published_on is not None and page.published_on > today:
        yield Found("date", BLOCKS, "发布日期", f"发布日期 {page.published_on:%Y-%m-%d} 还没有到。")


def _of_part(part: Part, today: dt.date, dictionary: Sequence[Words]) -> Iterator[Found]:
    text = part.text
    for number in _CITIZEN.findall(text):
        if is_citizen_number(number):
            yield Found(
                "citizen_number", BLOCKS, part.place, f"有公民身份号码（{_masked(number)}）。请删去，或者隐去中间几位。"
            )
    cards = [number for number in _CARD.findall(text) if is_card_number(number) and not is_citizen_number(number)]
    for number in cards:
        yield Found("card_number", BLOCKS, part.place, f"有银行卡号（{_masked(number)}）。请删去或者隐去中间几位。")
    for number in _MOBILE.findall(text):
        yield Found(
            "mobile",
            WARNS,
            part.place,
            f"有手机号码（{_masked(number)}）。如果不是对外公布的联系电话，请隐去中间几位。",
        )
    if _SECRET.search(text) or _SECRET_ALONE.match(text):
        yield Found("secret", BLOCKS, part.place, "有国家秘密标志。涉密文件不得上网，请立即按保密规定处理。")
    for year, month, day in _DAY.findall(text):
        yield from _of_day(part.place, int(year), int(month), int(day or 1), today)
    yield from _of_words(part, dictionary)


def _of_day(place: str, year: int, month: int, day: int, today: dt.date) -> Iterator[Found]:
    if not _is_day(year, month, day):
        yield Found("date", BLOCKS, place, f"日期 {year} 年 {month} 月 {day} 日不存在。")
    elif year > today.year + _YEARS_AHEAD or year < _FIRST_YEAR:
        yield Found("date", WARNS, place, f"日期 {year} 年 {month} 月离今天很远，请核对年份。")


def _of_words(part: Part, dictionary: Iterable[Words]) -> Iterator[Found]:
    for one in dictionary:
        # a right form may hold the wrong one: “截至目前” and “截至目前为止”
        rest = part.text.replace(one.right, "") if one.right and one.wrong in one.right else part.text
        if one.wrong not in rest:
            continue
        if one.right:
            yield Found("word", WARNS, part.place, f"“{one.wrong}”疑为“{one.right}”。")
        else:
            yield Found("forbidden", BLOCKS, part.place, f"有不得使用的词“{one.wrong}”。")


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _masked(number: str) -> str:
    """Enough to find it, not enough to use it."""
    plain = re.sub(r"[ -]", "", number)
    return f"{plain[:3]}…{plain[-2:]}"
