"""Rules of seals, without a database."""

import datetime as dt

import pytest

from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import SealStatus

FROM = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
UNTIL = dt.datetime(2029, 1, 1, tzinfo=dt.UTC)


def reason(status: str, at: dt.datetime) -> str:
    return rules.why_not_usable(name="青禾县公章", status=status, valid_from=FROM, valid_until=UNTIL, at=at)


@pytest.mark.parametrize("at", [FROM, FROM + dt.timedelta(days=1), UNTIL - dt.timedelta(microseconds=1)])
def test_an_active_seal_may_be_used_within_its_period(at: dt.datetime) -> None:
    assert reason("active", at) == ""


@pytest.mark.parametrize(
    ("status", "at", "words"),
    [
        ("suspended", FROM, "已停用"),
        ("revoked", FROM, "已注销"),
        ("active", FROM - dt.timedelta(seconds=1), "自 2026年1月1日 起才能使用"),
        ("active", UNTIL, "有效期已于 2029年1月1日 届满"),
    ],
)
def test_others_are_refused_with_a_reason(status: str, at: dt.datetime, words: str) -> None:
    assert words in reason(status, at)
    assert "青禾县公章" in reason(status, at)


def test_every_status_says_where_it_may_go() -> None:
    assert set(rules.NEXT_STATUSES) == set(SealStatus.values)
    assert [status for status in SealStatus.values if rules.may_become("revoked", status)] == ["destroyed"]
    assert not any(rules.may_become("destroyed", status) for status in SealStatus.values)
    assert not any(rules.may_become(status, status) for status in SealStatus.values)
    assert rules.may_become("suspended", "active")


def test_a_development_seal_always_says_so() -> None:
    assert rules.captions("official", "公章", development=False) == ()
    assert rules.captions("official", "公章", development=True) == ("演示专用",)
    assert rules.captions("approval", "行政审批专用章", development=True) == ("行政审批专用章", "演示专用")


@pytest.mark.parametrize(
    ("status", "revoked_at", "at", "word"),
    [
        ("active", None, FROM, ""),
        ("active", None, UNTIL - dt.timedelta(seconds=1), ""),
        ("active", None, UNTIL, "届满"),
        ("active", None, FROM - dt.timedelta(seconds=1), "才有效"),
        ("revoked", FROM + dt.timedelta(days=9), FROM + dt.timedelta(days=9), "吊销"),
        ("revoked", FROM + dt.timedelta(days=9), FROM + dt.timedelta(days=8), ""),
        ("held", FROM + dt.timedelta(days=9), FROM + dt.timedelta(days=10), "暂停使用"),
        ("retired", None, FROM, "换发"),
    ],
)
def test_a_certificate_may_be_used_or_not(
    status: str, revoked_at: dt.datetime | None, at: dt.datetime, word: str
) -> None:
    reason = rules.why_certificate_not_usable(
        status=status, revoked_at=revoked_at, not_before=FROM, not_after=UNTIL, at=at
    )

    assert word in reason
    assert bool(word) == bool(reason)


@pytest.mark.parametrize(
    ("wanted", "stamped", "listed", "reached"),
    [
        ("LTA", True, True, "LTA"),
        ("LTA", True, False, "T"),
        ("LTA", False, True, "B"),
        ("LT", True, True, "LT"),
        ("T", True, False, "T"),
        ("B", True, True, "B"),
    ],
)
def test_no_level_is_claimed_that_is_not_reached(wanted: str, stamped: bool, listed: bool, reached: str) -> None:
    assert rules.level_reached(wanted, stamped=stamped, listed=listed) == reached
