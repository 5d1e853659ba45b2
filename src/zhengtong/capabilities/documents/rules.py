"""Decisions about papers: numbers, states, what a stranger may read, what a verification says."""

import datetime as dt
from enum import StrEnum

_MASK = "*"


class Verdict(StrEnum):
    """What a verification found."""

    GENUINE = "genuine"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
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


def verdict_of(*, status: str, valid_from: dt.date | None, valid_until: dt.date | None, today: dt.date) -> Verdict:
    """What is to be said of a paper of ours on a day; the last day of validity still counts."""
    if status == "withdrawn":
        return Verdict.WITHDRAWN
    if status == "superseded":
        return Verdict.SUPERSEDED
    if valid_until is not None and today > valid_until:
        return Verdict.EXPIRED
    if valid_from is not None and today < valid_from:
        return Verdict.NOT_YET_VALID
    return Verdict.GENUINE
