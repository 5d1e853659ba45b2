"""Judging: which events a rule flags, the same way for the event that just came in and for a year of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import facts
from zhengtong.systems.supervision.rules import Condition, fields_of, possibility_of, test_of, words_of
from zhengtong.systems.supervision.selectors.log import Histories, LogRow, fact_values

Row = TypeVar("Row", LogRow, WatchedEvent)


class Judging(Protocol):
    """What judging needs of a rule, be it in force or a draft."""

    @property
    def condition(self) -> Condition:
        """When it fires."""

    @property
    def explanation(self) -> str:
        """What its card says, with words to fill in."""

    @property
    def window_days(self) -> int | None:
        """How far back counted facts look; None for their own default."""


def facts_of(rule: Judging) -> frozenset[str]:
    """The facts a rule names in its condition or in its text."""
    return frozenset(key for key in fields_of(rule.condition) | words_of(rule.explanation) if key in facts)


class Judge:
    """A rule made ready to judge a year of events: its condition as functions, its facts looked up."""

    def __init__(self, rule: Judging) -> None:
        self.wanted = facts_of(rule)
        self._days = rule.window_days
        self._may, self._does = possibility_of(rule.condition, self.wanted), test_of(rule.condition)

    def flagged(
        self, rows: Sequence[Row], calendar: WorkCalendar, histories: Histories | None = None
    ) -> Iterator[tuple[Row, Mapping[str, Any]]]:
        """Those of the rows, all of the rule's event and of one tenant, for which it fires, with the facts it named.

        Only what had been recorded up to each event counts.
        """
        open_to = [row for row in rows if self._may(row.fields)]
        if not self.wanted:
            yield from ((row, {}) for row in open_to)
            return
        values = fact_values(open_to, self.wanted, window_days=self._days, calendar=calendar, histories=histories)
        for row in open_to:
            found = values.get(row.position, {})
            if self._does({**row.fields, **found}):
                yield row, found


def flagged(rule: Judging, rows: Sequence[Row], calendar: WorkCalendar) -> Iterator[tuple[Row, Mapping[str, Any]]]:
    """What a rule flags among some rows; see ``Judge``."""
    return Judge(rule).flagged(rows, calendar)
