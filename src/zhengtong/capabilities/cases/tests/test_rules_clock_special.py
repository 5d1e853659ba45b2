"""Extension, hearing, renewal, decree and the sentences: plain rules without a database."""

import datetime as dt

import pytest

from zhengtong.capabilities.cases.rules import EXTENSION_RULES, Due, Extension, Limit, Pause, Unit, deadline_of, explain
from zhengtong.capabilities.cases.rules.decree import read_decree
from zhengtong.capabilities.cases.rules.extension import extension_problem, rule_for
from zhengtong.capabilities.cases.rules.hearing import earliest_day, hearing_day_problem, hold_until
from zhengtong.capabilities.cases.rules.renewal import limit_until, renewal
from zhengtong.capabilities.cases.rules.sentences import arithmetic, moved
from zhengtong.capabilities.cases.rules.statute import HEARING_REQUEST_LIMIT
from zhengtong.kernel.calendar import SHANGHAI, DayRow, WorkCalendar, end_of_day

TWENTY = Limit(20, Unit.WD)
MONDAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def plain():
    """Monday to Friday, 2026 decreed, 2027 not."""
    return WorkCalendar([DayRow(dt.date(2026, 10, 1), False, "国庆节", "试")], first_year=2025, last_year=2028)


def problem(**change):
    asked = {"days": 10, "statutory": TWENTY, "due_at": NOON + dt.timedelta(days=1), "granted": False, "now": NOON}
    asked |= change
    return extension_problem(rule_for(joint=False), asked.pop("days"), **asked)


def test_ten_days_for_one_agency_and_fifteen_for_several():
    assert (rule_for(joint=False).extra, rule_for(joint=True).extra) == (Limit(10, Unit.WD), Limit(15, Unit.WD))
    assert EXTENSION_RULES["joint"].approver == "本级人民政府负责人"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, ""),
        ({"days": 11}, "最多延长 10"),
        ({"days": 0}, "最多延长 10"),
        ({"granted": True}, "只能延长一次"),
        ({"due_at": NOON}, "已经届满"),
        ({"due_at": None}, ""),
        ({"statutory": Limit(4, Unit.H)}, "没有可以延长"),
        ({"statutory": Limit(0, Unit.WD)}, "没有可以延长"),
        ({"statutory": Limit.parse("NONE")}, "没有可以延长"),
    ],
)
def test_when_more_time_may_be_had(change, word):
    assert problem(**change) == "" if not word else word in problem(**change)


def test_limits_of_a_hearing(plain):
    assert deadline_of(MONDAY, HEARING_REQUEST_LIMIT, (), (), plain).due_date == dt.date(2026, 3, 9)
    assert hold_until(MONDAY, plain) == dt.date(2026, 3, 30)
    assert earliest_day(MONDAY, plain) == dt.date(2026, 3, 11)


@pytest.mark.parametrize(
    ("day", "word"),
    [("2026-03-10", "7 个工作日前"), ("2026-03-11", ""), ("2026-03-14", "工作日举行"), ("2026-03-31", "20 个工作日内")],
)
def test_the_day_of_a_hearing(plain, day, word):
    found = hearing_day_problem(
        dt.date.fromisoformat(day), notified_on=MONDAY, hold_by=dt.date(2026, 3, 30), calendar=plain
    )

    assert word in found if word else found == ""


def test_a_renewal_in_time_is_deemed_at_the_end_of_the_licence(plain):
    until = dt.date(2026, 6, 30)

    working, natural = (renewal(until, MONDAY, Limit.parse(text), plain) for text in ("30 WD", "30 D"))

    assert (working.apply_by, natural.apply_by) == (dt.date(2026, 5, 19), dt.date(2026, 5, 31))
    assert not working.deemed_renewed(end_of_day(until) - dt.timedelta(microseconds=1))
    assert working.deemed_renewed(end_of_day(until))
    assert limit_until(until, MONDAY) == Limit(120, Unit.D)


def test_a_renewal_on_the_last_day_is_in_time_and_one_later_is_not(plain):
    until, ahead = dt.date(2026, 6, 30), Limit(30, Unit.WD)

    assert renewal(until, dt.date(2026, 5, 19), ahead, plain).in_time
    late = renewal(until, dt.date(2026, 5, 20), ahead, plain)
    assert (late.in_time, late.deemed_at) == (False, None)
    assert not late.deemed_renewed(end_of_day(until))
    with pytest.raises(ValueError, match="counted in days"):
        renewal(until, MONDAY, Limit(1, Unit.MONTH), plain)


def test_a_notice_is_read_with_headings_tabs_and_chinese_commas():
    text = "day,kind,name,notice\n2027-01-01,holiday,元旦,x\n\n2026-12-31\t放假\t元旦\n2027-10-01，放假，国庆节\n"

    decree = read_decree(text, year=2027, notice="国办发")

    assert decree.problems == ()
    assert [(row.day.isoformat(), row.is_workday, row.source) for row in decree.rows] == [
        ("2026-12-31", False, "国办发"),
        ("2027-01-01", False, "国办发"),
        ("2027-10-01", False, "国办发"),
    ]


def said(limit, calendar, *, pauses=(), extensions=(), start=MONDAY, roll=True):
    due = deadline_of(start, limit, pauses, extensions, calendar, roll_natural_days=roll)
    return arithmetic(start, limit, pauses, extensions, calendar, due, roll_natural_days=roll)


def test_the_sentence_shows_how_the_date_came_about(plain):
    hearing = Pause(dt.date(2026, 3, 4), dt.date(2026, 3, 5), "hearing", "行政许可法 第四十五条")

    assert said(Limit(3, Unit.WD), plain) == "自2026年3月2日的次日起算 3 个工作日，截至2026年3月5日。"
    assert said(Limit(3, Unit.WD), plain, pauses=[hearing]) == (
        "自2026年3月2日的次日起算 3 个工作日，其间不计停止计时：听证（行政许可法 第四十五条） 2 天、周末 2 天，"
        "截至2026年3月9日。"
    )
    assert said(Limit(5, Unit.WD), plain, extensions=[Extension(5, Unit.WD, "x")]) == (
        "自2026年3月2日的次日起算 5 个工作日，另经批准延长 5 个工作日，其间不计周末 4 天，截至2026年3月16日。"
    )
    assert said(Limit(0, Unit.WD), plain) == "2026年3月2日当日办结。"


def test_the_sentence_of_natural_days_months_and_hours(plain):
    evening = dt.datetime(2026, 3, 2, 22, 30, tzinfo=SHANGHAI)

    assert said(Limit(5, Unit.D), plain) == (
        "自2026年3月2日的次日起算 5 日，其间不计顺延：周末 1 天，截至2026年3月9日（届满日逢休息日，顺延至下一工作日）。"
    )
    assert said(Limit(1, Unit.MONTH), plain) == "自2026年3月2日的次日起算 1 个月，截至2026年4月2日。"
    assert said(Limit(4, Unit.H), plain, start=evening) == (
        "自2026年3月2日 22:30 起连续计算 4 小时，截至2026年3月3日 02:30。"
    )
    assert said(Limit(90, Unit.MIN), plain, start=evening).endswith("截至2026年3月2日 24:00。")


def test_the_sentence_of_a_provisional_date_says_which_year(plain):
    late = dt.date(2026, 12, 30)

    assert said(Limit(3, Unit.WD), plain, start=late).endswith(
        "2027年的日期暂按周一至周五推算，待国务院办公厅公布放假安排后重算。"
    )
    assert "暂按" not in said(Limit(1, Unit.WD), plain, start=late)


def test_the_sentence_of_a_stopped_clock_and_of_a_move(plain):
    open_end = Pause(dt.date(2026, 3, 4), None, "testing", "")

    assert said(TWENTY, plain, pauses=[open_end]).endswith("现停止计时，恢复后重新推算截止日。")
    assert moved("检测", dt.date(2026, 3, 30), None) == "因检测停止计时，原截止日2026年3月30日不再适用。"
    assert moved("检测结束", None, MONDAY) == "因检测结束重新计算，截止日由未定改为2026年3月2日。"


def test_hours_say_how_much_of_each_day_counts(plain):
    evening = dt.datetime(2026, 3, 2, 22, 30, tzinfo=SHANGHAI)

    lines = explain(evening, Limit(26, Unit.H), [], [], plain)

    assert [line.reason.rpartition("本日")[2] for line in lines] == [
        "计入 1 小时 30 分钟",
        "计入 24 小时",
        "计入 30 分钟",
    ]


def test_due_of_no_limit_says_nothing(plain):
    assert explain(MONDAY, Limit.parse("NONE"), [], [], plain) == []
    assert deadline_of(MONDAY, Limit.parse("NONE"), [], [], plain) == Due(None, None)
