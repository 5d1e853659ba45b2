"""流程优化：what an item asked of people before and after a change: steps, days, materials, trips (plan S-51)."""

import dataclasses
from collections.abc import Sequence

from zhengtong.capabilities.catalogue.rules.drafts import ItemDraft
from zhengtong.capabilities.catalogue.rules.limits import words_of

TRIPS = "到现场次数"


@dataclasses.dataclass(frozen=True)
class Measures:
    """Burden of an item: ``steps`` of its procedure, promised limit as written, papers to hand in, trips.

    ``trips`` is None where the office has not said how often one has to come.
    """

    steps: int
    limit: str
    papers: int
    trips: int | None


@dataclasses.dataclass(frozen=True)
class Change:
    """One measure before and after; ``saved`` is None where the two cannot be compared."""

    label: str
    before: str
    after: str
    saved: int | None
    unit: str


def measures_of(draft: ItemDraft) -> Measures:
    """What a version asks; a material obtained by data sharing is no paper to hand in."""
    return Measures(
        steps=len(draft.flow),
        limit=draft.promised_limit,
        papers=sum(material.form != "数据共享" for material in draft.materials),
        trips=draft.visits,
    )


def changes(before: Measures, after: Measures) -> tuple[Change, ...]:
    """The four measures side by side; limits are compared only in the same unit, as the law writes them."""
    return (
        Change("办理环节", str(before.steps), str(after.steps), before.steps - after.steps, "个"),
        Change("承诺时限", _limit(before.limit), _limit(after.limit), _saved_days(before.limit, after.limit), ""),
        Change("提交材料", str(before.papers), str(after.papers), before.papers - after.papers, "份"),
        Change(TRIPS, _trips(before.trips), _trips(after.trips), _saved_trips(before, after), "次"),
    )


def score(found: Sequence[Change], *, trip_weight: int) -> int:
    """Order of the overview: what people are spared; a trip counts ``trip_weight`` times, all else once."""
    return sum((change.saved or 0) * (trip_weight if change.label == TRIPS else 1) for change in found)


def _limit(text: str) -> str:
    return words_of(text) if text else "未填写"


def _trips(count: int | None) -> str:
    return "未填写" if count is None else str(count)


def _saved_days(before: str, after: str) -> int | None:
    if "NONE" in (before, after) or not before or not after:
        return None
    (first, unit), (second, other) = before.split(" "), after.split(" ")
    if unit != other and "0" not in (first, second):
        return None
    return int(first) - int(second)


def _saved_trips(before: Measures, after: Measures) -> int | None:
    if before.trips is None or after.trips is None:
        return None
    return before.trips - after.trips
