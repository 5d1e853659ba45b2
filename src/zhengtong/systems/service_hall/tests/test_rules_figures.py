"""Figures, their times and their words, without a database."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.measures import percent, words
from zhengtong.systems.service_hall.rules.figures import MEASURES, Tally, actual_trips
from zhengtong.systems.service_hall.rules.periods import choices, months_until, period_of, whole_period
from zhengtong.systems.service_hall.rules.report_words import Compared, UnitTally, report_sentences

TODAY = dt.date(2026, 11, 22)
OCTOBER = Tally(
    applied=120,
    online=90,
    counter=20,
    town=10,
    accepted=115,
    decided=100,
    granted=97,
    refused=3,
    on_time=98,
    lawful=100,
    median=3.0,
    p90=7.4,
    mean=4.0,
    statutory=20.0,
    promised=8.25,
    no_trip=70,
    one_trip=95,
    trips=35,
    trips_before=200,
    open=40,
    rated=50,
    good=49,
    bad=1,
    contacted=1,
)


@given(part=st.integers(0, 100_000), more=st.integers(0, 100_000))
def test_a_share_is_100_only_for_all_and_0_only_for_none(part: int, more: int) -> None:
    share = percent(part, part + more)

    if part + more == 0:
        assert share is None
    else:
        assert share is not None
        assert (share == 100) == (more == 0)
        assert (share == 0) == (part == 0)


def test_figures_are_computed_from_what_was_counted() -> None:
    said = {key: words(measure, measure.of(OCTOBER)) for key, measure in MEASURES.items()}

    assert said["on_time"] == "98%"
    assert said["online"] == "75%"
    assert said["saved"] == "165 次"
    assert said["faster"] == "80%"
    assert said["p90"] == "7.4 个工作日"
    assert said["satisfied"] == "98%"
    assert said["contacted"] == "100%"
    assert words(MEASURES["median"], MEASURES["median"].of(Tally())) == "—"


def test_every_figure_says_its_formula() -> None:
    assert all(len(measure.formula) > 8 for measure in MEASURES.values())


@pytest.mark.parametrize(
    ("sat", "collected", "visits", "trips"),
    [(0, False, None, 0), (1, True, 1, 2), (0, False, 1, 1), (0, True, 0, 1), (2, False, 1, 2)],
)
def test_trips_are_what_happened_and_at_least_what_the_guide_asks(
    sat: int, collected: bool, visits: int | None, trips: int
) -> None:
    assert actual_trips(sat=sat, collected=collected, visits=visits) == trips


@pytest.mark.parametrize(
    ("key", "label", "before", "last_year"),
    [
        ("2026-10", "2026年10月", ("2026-09-01", "2026-09-30"), ("2025-10-01", "2025-10-31")),
        ("2026-Q3", "2026年第3季度", ("2026-04-01", "2026-06-30"), ("2025-07-01", "2025-09-30")),
        ("2025", "2025年", ("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-12-31")),
        # a time that is still running is compared as far as it has come
        ("2026-11", "2026年11月（至11月22日）", ("2026-10-01", "2026-10-22"), ("2025-11-01", "2025-11-22")),
        ("2026-Q4", "2026年第4季度（至11月22日）", ("2026-07-01", "2026-08-22"), ("2025-10-01", "2025-11-22")),
        ("strange", "2026年11月（至11月22日）", ("2026-10-01", "2026-10-22"), ("2025-11-01", "2025-11-22")),
        ("2027-01", "2026年11月（至11月22日）", ("2026-10-01", "2026-10-22"), ("2025-11-01", "2025-11-22")),
    ],
)
def test_a_time_and_what_it_is_compared_with(
    key: str, label: str, before: tuple[str, str], last_year: tuple[str, str]
) -> None:
    period = period_of(key, today=TODAY)

    assert period.label == label
    assert (str(period.before().first), str(period.before().last)) == before
    assert (str(period.last_year().first), str(period.last_year().last)) == last_year


def test_free_days_are_compared_with_as_many_days_before() -> None:
    period = period_of("free", today=TODAY, first=dt.date(2026, 3, 1), last=dt.date(2026, 3, 10))

    assert (period.before().first, period.before().last) == (dt.date(2026, 2, 19), dt.date(2026, 2, 28))
    assert period_of("free", today=TODAY, first=TODAY, last=dt.date(2026, 1, 1)).key == "2026-11"
    leap = period_of("free", today=TODAY, first=dt.date(2024, 2, 29), last=dt.date(2024, 2, 29))
    assert leap.last_year().first == dt.date(2023, 2, 28)


@given(day=st.dates(dt.date(2003, 1, 1), dt.date(2090, 12, 31)))
def test_every_time_to_choose_is_whole_and_the_one_before_touches_it(day: dt.date) -> None:
    for key, _label in choices(day):
        whole = whole_period(key)
        assert whole.before().last + dt.timedelta(days=1) == whole.first
        assert whole.first <= day
    assert [month.key for month in months_until(day, 13)][-1] == f"{day:%Y-%m}"


def test_the_sentences_of_a_report_follow_from_its_figures() -> None:
    before = Tally(applied=100, decided=90, on_time=87, median=4.0, online=80)
    units = [
        UnitTally("市场监管局", Tally(decided=60, on_time=60)),
        UnitTally("住建局", Tally(decided=38, on_time=36, overdue=3)),
        UnitTally("档案局", Tally(decided=2, on_time=0)),
    ]

    said = "\n".join(report_sentences(Compared("2026年10月", OCTOBER, before, Tally()), units, smallest=5))

    assert "收到申请 120 件，比上月增加 20%；" in said
    assert "按期办结率 98%，比上月提高 1.3 个百分点。" in said
    assert "中位数 3 个工作日，比上月少 1 个工作日，九成办件不超过 7.4 个工作日" in said
    assert "法定时限平均 20 个工作日" in said
    assert "去年同月" not in said
    assert "办结最多的是市场监管局（60 件）" in said
    assert "最高的是市场监管局（100%），最低的是住建局（94.7%）" in said
    assert "有超期办结的单位：住建局（2 件）、档案局（2 件）。" in said
    assert "月末仍有超期在办的单位：住建局（3 件）。" in said


def test_a_month_without_cases_and_one_without_lateness_are_told_plainly() -> None:
    assert report_sentences(Compared("2026年2月", Tally(), Tally(), Tally()), [], smallest=5) == ["2026年2月没有办件。"]

    good = Tally(applied=10, decided=10, on_time=10)
    units = [UnitTally("甲局", good), UnitTally("乙局", good)]
    said = "\n".join(report_sentences(Compared("2026年3月", good, good, good), units, smallest=5))

    assert "，比上月持平，比去年同月持平" in said
    assert "2 个单位，按期办结率都是 100%" in said
    assert "没有单位超期办结。" in said


def test_a_stored_report_is_read_again_after_the_platform_has_learnt_new_figures() -> None:
    stored = OCTOBER.to_json() | {"of_another_version": 1}
    del stored["repeated"]

    assert Tally.from_json(stored) == OCTOBER
    assert Decimal(1) == Decimal(str(MEASURES["rated"].of(Tally(rated=1))))


@pytest.mark.parametrize("key", ["2000", "2000-01", "2000-Q1", "2000-12"])
def test_the_first_times_that_can_be_asked_for_are_compared_too(key: str) -> None:
    period = period_of(key, today=TODAY)

    assert period.key == key
    assert period.before().last == period.first - dt.timedelta(days=1)
    assert period.last_year().first == period.first.replace(year=1999)
    assert len(months_until(period.last, 13)) == 13


@pytest.mark.parametrize("key", ["1999", "1999-12", "1999-Q4", "２０２６", "20٢٦-10"])
def test_earlier_times_and_strange_digits_give_the_current_month(key: str) -> None:
    assert period_of(key, today=TODAY).key == "2026-11"
