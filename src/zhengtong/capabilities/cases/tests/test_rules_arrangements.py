"""What of local arrangements stands after some was taken back."""

import datetime as dt

from zhengtong.capabilities.cases.rules.arrangements import Arrangement, standing_days
from zhengtong.kernel.calendar import DayRow


def days(*numbers, name="停工", source="一号文", works=False):
    return tuple(DayRow(dt.date(2026, 12, number), works, name, source, local=True) for number in numbers)


def stands(*changes):
    return {day.day: (row.name, row.source) for day, row in standing_days(changes).items()}


def test_of_two_about_one_day_the_later_one_stands():
    assert stands(Arrangement(days(1, 2)), Arrangement(days(2, name="延续"))) == {
        1: ("停工", "一号文"),
        2: ("延续", "一号文"),
    }


def test_a_withdrawal_takes_back_one_and_leaves_what_the_other_says():
    first, later = Arrangement(days(1, 2)), Arrangement(days(2, 3, name="延续"))
    back = Arrangement(days(1, 2, source="二号文"), withdraws=True)
    assert stands(first, later, back) == {2: ("延续", "一号文"), 3: ("延续", "一号文")}
    assert stands(later, first, back) == {2: ("延续", "一号文"), 3: ("延续", "一号文")}


def test_what_was_arranged_twice_is_taken_back_by_one_withdrawal_and_may_be_arranged_anew():
    once, again = Arrangement(days(1)), Arrangement(days(1, source="三号文"))
    back = Arrangement(days(1, source="二号文"), withdraws=True)
    assert stands(once, again, back) == {}
    assert stands(once, back, again) == {1: ("停工", "三号文")}
    assert stands(once, back, back) == {}
