"""时限：the written form of a limit, and whether a promise stays within the statute."""

import re

LIMIT_PATTERN = r"(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))"
_LIMIT = re.compile(LIMIT_PATTERN)
_UNITS = {"WD": "个工作日", "D": "日", "H": "小时", "MONTH": "个月", "YEAR": "年"}


def is_limit(text: str) -> bool:
    """``8 WD`` (working days), ``30 D`` (days), ``2 H``, ``3 MONTH``, ``1 YEAR`` or ``NONE``."""
    return _LIMIT.fullmatch(text) is not None


def words_of(text: str) -> str:
    """A limit in words: 8 个工作日; 当日 for zero days, 未规定 for none; ValueError for what is no limit."""
    if not is_limit(text):
        raise ValueError(f"not a limit: {text!r}")
    amount, _space, unit = text.partition(" ")
    if text == "NONE":
        return "未规定"
    return "当日" if amount == "0" else f"{amount} {_UNITS[unit]}"


def promise_words(text: str) -> str:
    """A promised limit as a reader hears it: 承诺 8 个工作日办结, 当日办结, 没有规定办理时限."""
    if text == "NONE":
        return "没有规定办理时限"
    return "当日办结" if text.startswith("0 ") else f"承诺 {words_of(text)}办结"


def surely_longer(one: str, other: str) -> bool:
    """Whether ``one`` takes longer than ``other`` on any calendar: the same unit, or even at its shortest.

    The law's own unit is kept (工作日 or 日); 30 working days are longer than a month, 20 need not be.
    """
    if "NONE" in (one, other):
        return False
    (amount, unit), (limit, limit_unit) = one.split(" "), other.split(" ")
    if unit == limit_unit:
        return int(amount) > int(limit)
    return _days(int(amount), unit)[0] > _days(int(limit), limit_unit)[1]


def _days(amount: int, unit: str) -> tuple[float, float]:
    """The fewest and the most calendar days a limit can last.

    Working days: with make-up days at most seven follow each other; the most leaves room for two long holidays.
    """
    if amount == 0:
        return 0, 0
    return {
        "WD": (amount + (amount - 1) // 7, amount * 2 + 12),
        "D": (amount, amount),
        "H": (amount / 24, amount / 24),
        "MONTH": (amount * 28, amount * 31),
        "YEAR": (amount * 365, amount * 366),
    }[unit]


def odd_promise(statutory: str, promised: str) -> str:
    """One sentence when a promise exceeds the statute (优化营商环境条例 第三十六条), else empty."""
    if not surely_longer(promised, statutory):
        return ""
    return (
        f"承诺时限（{words_of(promised)}）比法定时限（{words_of(statutory)}）长，请核对。承诺时限只能缩短，不能延长。"
    )
