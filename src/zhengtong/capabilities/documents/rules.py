"""Decisions about papers: numbers, states, what a stranger may read, what a verification says."""

import datetime as dt
import itertools
import re
from collections.abc import Iterable
from enum import StrEnum

_MASK = "*"
_COPY = re.compile(r"（[补更]\d+）$")


class Verdict(StrEnum):
    """What a verification found."""

    GENUINE = "genuine"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"
    FOR_TESTS = "for_tests"


def document_number(*, prefix: str, year: int, sequence: int) -> str:
    """代字〔年〕序号号: brackets U+3014/3015, no padding (GB/T 9704—2012)."""
    return f"{prefix}〔{year}〕{sequence}号"


def may_be_replaced(status: str) -> bool:
    """A paper in force, and one withdrawn (its successor is a new decision); what was replaced has its successor."""
    return status in ("issued", "withdrawn")


def may_leave(status: str) -> bool:
    """Only a paper in force can be superseded or withdrawn."""
    return status == "issued"


def public_holder(name: str, *, is_person: bool) -> str:
    """The holder as a stranger may read it: an organisation in full, of a person the first character only."""
    return name[:1] + _MASK * (len(name) - 1) if is_person else name


#: (status, ground) of a licence that ended → the word for it; every other end is told by its status alone
_END_WORDS = {
    ("superseded", "renewed"): "已换发",
    ("superseded", "changed"): "已换发",
    ("superseded", "replaced"): "已作废，补发新证",
    ("superseded", "mistake"): "已作废，更正换发",
    ("withdrawn", "revoked"): "已撤销",
    ("withdrawn", "cancelled"): "已注销",
    ("withdrawn", "on_request"): "已注销",
    ("withdrawn", "lifted"): "已吊销",
}


def end_word(*, kind: str, status: str, ground: str) -> str:
    """How a paper ended, in the words of the law for a licence (行政许可法 Art 69, 70); empty while in force."""
    if status in ("issued", "draft"):
        return ""
    usual = "已被替换" if status == "superseded" else "已撤回"
    return _END_WORDS.get((status, ground), usual) if kind == "licence" else usual


def copy_number(number: str, mark: str, taken: Iterable[str]) -> str:
    """The number of a licence issued anew with the same content: that of the first with ``mark`` and how many times.

    A replacement of 青市监证〔2026〕12号 is 青市监证〔2026〕12号（补1）; ``taken`` are the numbers in use.
    """
    first = _COPY.sub("", number)
    used = set(taken)
    return next(wanted for times in itertools.count(1) if (wanted := f"{first}（{mark}{times}）") not in used)


def verdict_of(
    *, status: str, valid_from: dt.date | None, valid_until: dt.date | None, today: dt.date, lost: bool = False
) -> Verdict:
    """What is to be said of a paper of ours on a day; the last day of validity still counts."""
    if status == "withdrawn":
        return Verdict.WITHDRAWN
    if status == "superseded":
        return Verdict.SUPERSEDED
    if valid_until is not None and today > valid_until:
        return Verdict.EXPIRED
    if lost:
        return Verdict.LOST
    if valid_from is not None and today < valid_from:
        return Verdict.NOT_YET_VALID
    return Verdict.GENUINE
