"""Judging: which events a rule flags, the same way for the event that just came in and for a year of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import facts
from zhengtong.systems.supervision.rules import Condition, fields_of, possibility_of, test_of, words_of
from zhengtong.systems.supervision.selectors.log import Histories, Known, LogRow, counted

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
        wanted = facts_of(rule)
        self._facts = {key: facts.get(key) for key in sorted(wanted)}
        self._counted = {key: fact for key, fact in self._facts.items() if fact.window is not None}
        self._days = rule.window_days
        self._may = possibility_of(rule.condition, self._counted)
        self._does = test_of(rule.condition)

    def flagged(
        self, rows: Sequence[Row], calendar: WorkCalendar, histories: Histories | None = None
    ) -> Iterator[tuple[Row, Mapping[str, Any]]]:
        """Those of the rows, all of the rule's event and of one tenant, for which it fires, with the facts it named.

        Only what had been recorded up to each event counts. What is counted in the log is asked for last, for those
        rows at once for which it can still decide. ``histories`` are the cases of the rows where they are in hand.
        """
        of_cases = histories or Histories(rows)
        known = [(row, Known(row, self._facts, of_cases, calendar)) for row in rows]
        open_to = [(row, one) for row, one in known if self._may(one)]
        for key, fact in self._counted.items():
            values = counted([row for row, _one in open_to], fact, self._days)
            for row, one in open_to:
                one.learn(key, values.get(row.position))
        for row, one in open_to:
            if not self._counted or self._does(one):
                yield row, one.facts()


def flagged(rule: Judging, rows: Sequence[Row], calendar: WorkCalendar) -> Iterator[tuple[Row, Mapping[str, Any]]]:
    """What a rule flags among some rows; see ``Judge``."""
    return Judge(rule).flagged(rows, calendar)
