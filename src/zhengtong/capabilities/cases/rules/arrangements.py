"""本地放假、上班安排：what of it stands after some was taken back. Plain data, nothing is read or stored."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from zhengtong.kernel.calendar import DayRow


@dataclass(frozen=True)
class Arrangement:
    """A change that was approved: the days it arranges, or (``withdraws``) those of an earlier one it takes back."""

    days: tuple[DayRow, ...]
    withdraws: bool = False

    @property
    def words(self) -> tuple[tuple[dt.date, bool, str], ...]:
        """What it says, whatever document it rests on: a withdrawal says the same as what it takes back."""
        return tuple((row.day, row.is_workday, row.name) for row in self.days)


def standing_days(changes: Iterable[Arrangement]) -> dict[dt.date, DayRow]:
    """The days arranged by changes given in the order of their approval; of two about one day the later one stands.

    A withdrawal takes back all before it that say the same; a day they shared with another goes back to that one.
    """
    standing: list[Arrangement] = []
    for change in changes:
        if change.withdraws:
            standing = [one for one in standing if one.words != change.words]
        else:
            standing.append(change)
    return {row.day: row for change in standing for row in change.days}
