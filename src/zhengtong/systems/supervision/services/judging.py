"""Judging: which events a rule flags, the same way for the event that just came in and for a year of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import facts
from zhengtong.systems.supervision.rules import Condition, fields_of, possibility_of, test_of, words_of
from zhengtong.systems.supervision.selectors.log import fact_values


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


def flagged(
    rule: Judging, rows: Sequence[WatchedEvent], calendar: WorkCalendar
) -> Iterator[tuple[WatchedEvent, Mapping[str, Any]]]:
    """Those of the rows, all of the rule's event and of one tenant, for which it fires, with the facts it named.

    Only what had been recorded up to each event counts.
    """
    wanted = facts_of(rule)
    may, does = possibility_of(rule.condition, wanted), test_of(rule.condition)
    open_to = [row for row in rows if may(row.fields)]
    values = fact_values(open_to, wanted, window_days=rule.window_days, calendar=calendar) if wanted else {}
    for row in open_to:
        found = values.get(row.position, {})
        if does({**row.fields, **found}):
            yield row, found
