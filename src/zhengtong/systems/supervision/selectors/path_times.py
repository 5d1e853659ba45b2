"""How long the steps of a process took: by step, by unit, beside others. Whole months come from their counts."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.models import StepTally, StepTime, TalliedMonth
from zhengtong.systems.supervision.rules.times import LATE, TOTAL, WAITED, WORKED, percentile

#: unit → kind of time → seconds → number of steps
_Counts = dict[uuid.UUID | None, dict[int, Counter[int]]]

#: each step as its kinds of time; one that was not late has none of the last
KINDS: Final = (
    f"(values ({WAITED}, s.waited), ({WORKED}, s.worked), ({TOTAL}, s.total),"
    f" ({LATE}, case when s.late then 0 end)) k(kind, seconds)"
)
_DIRECT = (
    "select s.node, s.org_id, k.kind, k.seconds, count(*) from supervision_steptime s"  # noqa: S608  (own words)
    f" cross join lateral {KINDS} where s.tenant = %s and s.process_id = %s and k.seconds is not null and "
)
_GROUPED = " group by s.node, s.org_id, k.kind, k.seconds"
_SPAN = "(s.done_at >= %s and s.done_at < %s)"
_TALLIED = (
    "select node, org_id, kind, seconds, sum(number) from supervision_steptally"
    " where tenant = %s and process_id = %s and month = any(%s) group by node, org_id, kind, seconds"
)


@dataclasses.dataclass(frozen=True)
class PathFilter:
    """Which cases: those that ended in a period, or those that run; of one item, of one unit."""

    since: dt.date
    until: dt.date
    item: str = ""
    unit: uuid.UUID | None = None
    running: bool = False

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """First instant, and the first after it."""
        return start_of_day(self.since), end_of_day(self.until)


@dataclasses.dataclass(frozen=True)
class Times:
    """Seconds a step waited, was worked on, and both, in the middle and for the slowest tenth; how many were late."""

    count: int
    late: int
    waited: tuple[int, int]
    worked: tuple[int, int]
    total: tuple[int, int]


@dataclasses.dataclass(frozen=True)
class StepFigures:
    """One step of the drawing: the figures of the choice, of the others beside it, and of each unit within it.

    ``official`` False for a step that only applicants did: how long they take is no bottleneck of an office.
    """

    node: str
    name: str
    own: Times
    peers: Times | None
    units: tuple[tuple[str, Times], ...]
    official: bool = True


def step_figures(tenant: str, drawn: cases.DrawnProcess, wanted: PathFilter) -> list[StepFigures]:
    """The figures of the steps done in the period, in the order of the drawing."""
    everything = _counted(tenant, drawn.id, wanted)
    chosen = _read(_of_item(tenant, drawn.id, wanted)) if wanted.item else everything
    names = {unit.id: unit.name for unit in identity.organisations(tenant)}
    found = []
    for element in drawn.elements:
        units = chosen.get(element.id, {})
        if wanted.unit is not None:
            units = {org_id: counts for org_id, counts in units.items() if org_id == wanted.unit}
        if units:
            own = _sum(units.values())
            others = _minus(_sum(everything.get(element.id, {}).values()), own)
            rows = [(_unit_name(org_id, names), _times(counts)) for org_id, counts in units.items()]
            found.append(
                StepFigures(
                    node=element.id,
                    name=element.name or element.id,
                    own=_times(own),
                    peers=_times(others) if others[TOTAL].total() else None,
                    units=tuple(sorted(rows, key=lambda pair: -pair[1].total[0])),
                    official=any(org_id is not None for org_id in units),
                )
            )
    return found


def units_of_steps(tenant: str) -> set[uuid.UUID]:
    """Units that did steps: in months that are counted, and since the month began."""
    begin = start_of_day(local_date().replace(day=1))
    before = StepTally.objects.filter(tenant=tenant, kind=TOTAL, org_id__isnull=False)
    since = StepTime.objects.filter(tenant=tenant, done_at__gte=begin, org_id__isnull=False)
    found = (*before.order_by().values_list("org_id").distinct(), *since.order_by().values_list("org_id").distinct())
    return {one for (one,) in found if one is not None}


def _unit_name(org_id: uuid.UUID | None, names: dict[uuid.UUID, str]) -> str:
    return names.get(org_id, "") if org_id else str(_("申请人"))


def _counted(tenant: str, process_id: uuid.UUID, wanted: PathFilter) -> dict[str, _Counts]:
    """Whole months that are counted from their counts, all other days from the steps themselves."""
    known = TalliedMonth.objects.filter(
        tenant=tenant, process_id=process_id, month__gte=wanted.since, month__lte=wanted.until
    ).values_list("month", flat=True)
    months = sorted(month for month in known if _end_of(month) <= wanted.until)
    rows = _rows(_TALLIED, [tenant, process_id, months]) if months else []
    spans = _spans_between(months, wanted)
    if spans:
        statement = f"{_DIRECT}({' or '.join([_SPAN] * len(spans))}){_GROUPED}"
        rows += _rows(statement, [tenant, process_id, *(instant for span in spans for instant in span)])
    return _read(rows)


def _of_item(tenant: str, process_id: uuid.UUID, wanted: PathFilter) -> list[tuple[Any, ...]]:
    """Steps of one item; they are few enough to be read."""
    statement = f"{_DIRECT}{_SPAN} and s.item_code = %s{_GROUPED}"
    return _rows(statement, [tenant, process_id, *wanted.period, wanted.item])


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _end_of(month: dt.date) -> dt.date:
    return next_month(month) - dt.timedelta(days=1)


def _spans_between(months: Sequence[dt.date], wanted: PathFilter) -> list[tuple[dt.datetime, dt.datetime]]:
    """The days of the period that lie in none of these months."""
    found, begin = [], wanted.since
    for month in months:
        if begin < month:
            found.append((start_of_day(begin), start_of_day(month)))
        begin = _end_of(month) + dt.timedelta(days=1)
    return [*found, (start_of_day(begin), end_of_day(wanted.until))] if begin <= wanted.until else found


def _read(rows: Iterable[tuple[Any, ...]]) -> dict[str, _Counts]:
    found: dict[str, _Counts] = {}
    for node, org_id, kind, seconds, number in rows:
        of_unit = found.setdefault(node, {}).setdefault(org_id, _nothing())
        of_unit[kind][seconds] += int(number)
    return found


def _nothing() -> dict[int, Counter[int]]:
    return {kind: Counter() for kind in (WAITED, WORKED, TOTAL, LATE)}


def _sum(parts: Iterable[dict[int, Counter[int]]]) -> dict[int, Counter[int]]:
    found = _nothing()
    for part in parts:
        for kind, counts in part.items():
            found[kind].update(counts)
    return found


def _minus(whole: dict[int, Counter[int]], part: dict[int, Counter[int]]) -> dict[int, Counter[int]]:
    return {kind: counts - part[kind] for kind, counts in whole.items()}


def _times(counts: dict[int, Counter[int]]) -> Times:
    def pair(kind: int) -> tuple[int, int]:
        return percentile(counts[kind], 0.5), percentile(counts[kind], 0.9)

    return Times(counts[TOTAL].total(), counts[LATE].total(), pair(WAITED), pair(WORKED), pair(TOTAL))
