import datetime as dt

import pytest

from zhengtong.capabilities.documents import rules
from zhengtong.capabilities.documents.rules import Verdict

START, END = dt.date(2026, 11, 21), dt.date(2031, 11, 20)


@pytest.mark.parametrize(
    ("status", "today", "verdict"),
    [
        ("issued", START, Verdict.GENUINE),
        ("issued", END, Verdict.GENUINE),
        ("issued", END + dt.timedelta(days=1), Verdict.EXPIRED),
        ("issued", START - dt.timedelta(days=1), Verdict.NOT_YET_VALID),
        ("withdrawn", START, Verdict.WITHDRAWN),
        ("withdrawn", END + dt.timedelta(days=1), Verdict.WITHDRAWN),
        ("superseded", START, Verdict.SUPERSEDED),
    ],
)
def test_the_verdict_of_a_day(status: str, today: dt.date, verdict: Verdict) -> None:
    assert rules.verdict_of(status=status, valid_from=START, valid_until=END, today=today) == verdict


def test_a_paper_without_period_never_expires() -> None:
    assert (
        rules.verdict_of(status="issued", valid_from=None, valid_until=None, today=dt.date(2099, 1, 1))
        == Verdict.GENUINE
    )


def test_numbers_have_the_national_form() -> None:
    assert rules.document_number(prefix="青市监受", year=2026, sequence=12) == "青市监受〔2026〕12号"


def test_strangers_see_organisations_in_full_and_people_masked() -> None:
    assert rules.public_holder("味之源餐饮店", is_person=False) == "味之源餐饮店"
    assert rules.public_holder("堃喆赟", is_person=True) == "堃**"


@pytest.mark.parametrize(
    ("status", "may"), [("issued", True), ("draft", False), ("superseded", False), ("withdrawn", False)]
)
def test_only_a_paper_in_force_can_end(status: str, may: bool) -> None:
    assert rules.may_leave(status) is may


@pytest.mark.parametrize(
    ("status", "may"), [("issued", True), ("withdrawn", True), ("draft", False), ("superseded", False)]
)
def test_what_was_replaced_once_is_not_replaced_again(status: str, may: bool) -> None:
    assert rules.may_be_replaced(status) is may
