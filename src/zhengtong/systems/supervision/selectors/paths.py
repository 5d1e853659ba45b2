"""路径分析: how cases went over the drawing of their process; sums by SQL over the tables kept for it, one pass each.

A supervisor reads the county, a leader the cases his unit answers for and the steps it did.
"""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.models import CasePath, PathVariant, StepTime
from zhengtong.systems.supervision.permissions import paths_of_unit
from zhengtong.systems.supervision.selectors.drawn import drawing_of
from zhengtong.systems.supervision.selectors.path_times import PathFilter, StepFigures, step_figures, units_of_steps

#: more ways than this are not listed; the sums are of all
MOST_VARIANTS = 100


@dataclasses.dataclass(frozen=True)
class Conformity:
    """Cases of one process version or of one way over it: how many, how many deviate, how many steps fit."""

    cases: int
    deviating: int
    looping: int
    fit: int
    whole: int

    @property
    def fitness(self) -> int | None:
        """Share of steps that fit, in per cent, rounded down: 100 means all."""
        return self.fit * 100 // self.whole if self.whole else None


@dataclasses.dataclass(frozen=True)
class ProcessRow:
    """A process version with its cases; ``median`` seconds from receipt to the end."""

    process_id: uuid.UUID
    key: str
    version: int
    title: str
    sums: Conformity
    median: float | None


@dataclasses.dataclass(frozen=True)
class VariantRow:
    """One way: how many took it, what share that is in per cent, how long it took in the middle."""

    id: uuid.UUID
    legs: Sequence[Sequence[Any]]
    deviations: Sequence[Sequence[str]]
    flows: Mapping[str, int]
    deviating: int
    loops: int
    fit: int
    whole: int
    cases: int
    share: int
    median: float | None


@dataclasses.dataclass(frozen=True)
class ProcessPaths:
    """Everything about one version of a process."""

    process_id: uuid.UUID
    key: str
    version: int
    title: str
    sums: Conformity
    median: float | None
    variants: tuple[VariantRow, ...]
    variant_total: int
    steps: tuple[StepFigures, ...]
    flows: Mapping[str, int]


@dataclasses.dataclass(frozen=True)
class PathCase:
    """One case that took a way."""

    case_id: uuid.UUID
    number: str
    title: str
    org_name: str
    closed_at: dt.datetime | None
    seconds: int | None
    faults: Sequence[Mapping[str, str]]


@dataclasses.dataclass(frozen=True)
class CaseWay:
    """The way of one case: its variant, where and when it left the drawing, and the time of each step."""

    case_id: uuid.UUID
    number: str
    title: str
    process: cases.DrawnProcess
    variant: VariantRow
    faults: Sequence[Mapping[str, str]]
    times: Sequence[tuple[str, int, int, bool]]


def _chosen(actor: Actor, wanted: PathFilter) -> PathFilter:
    own = paths_of_unit(actor)
    return wanted if own is None else dataclasses.replace(wanted, unit=own)


def _paths(tenant: str, wanted: PathFilter, *, process_id: uuid.UUID | None = None) -> tuple[str, list[Any]]:
    """The condition on ``supervision_casepath p``, of words of our own, with its values."""
    words, values = ["p.tenant = %s"], [tenant]
    more: list[tuple[str, Any]] = [("p.process_id = %s", process_id), ("p.item_code = %s", wanted.item)]
    for word, value in [*more, ("p.org_id = %s", wanted.unit)]:
        if value:
            words.append(word)
            values.append(value)
    if wanted.running:
        return " and ".join([*words, "p.closed_at is null"]), values
    return " and ".join([*words, "p.closed_at >= %s", "p.closed_at < %s"]), [*values, *wanted.period]


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


# the cases are grouped by their way first: of ways there are few, and what is said of them is joined to few rows
_OVERVIEW = (
    "select t.process_id, sum(t.n), sum(t.n) filter (where v.deviating > 0), sum(t.n) filter (where v.loops > 0),"
    " sum(t.n * v.fit), sum(t.n * v.whole) from"
    " (select p.process_id, p.variant_id, count(*) n from supervision_casepath p where {chosen} group by 1, 2) t"
    " join supervision_pathvariant v on v.id = t.variant_id group by 1"
)
_MEDIANS = (
    "select p.process_id, percentile_cont(0.5) within group (order by p.seconds) from supervision_casepath p"
    " where {chosen} group by 1"
)
_VARIANTS = (
    "select v.id, v.legs, v.deviations, v.flows, v.deviating, v.loops, v.fit, v.whole, t.n, t.middle from"
    " (select p.variant_id, count(*) n, percentile_cont(0.5) within group (order by p.seconds) middle"
    " from supervision_casepath p where {chosen} group by 1) t"
    " join supervision_pathvariant v on v.id = t.variant_id"
    " order by v.deviating > 0 desc, t.n desc, v.digest"
)


def process_rows(actor: Actor, wanted: PathFilter) -> list[ProcessRow]:
    """Every process version that cases of the choice went by, those that deviate most first."""
    chosen, values = _paths(actor.tenant, _chosen(actor, wanted))
    middle = dict(_rows(_MEDIANS.format(chosen=chosen), values))
    found = []
    for process_id, *sums in _rows(_OVERVIEW.format(chosen=chosen), values):
        drawn = cases.drawn_process(process_id)
        numbers = Conformity(*(int(one or 0) for one in sums))
        found.append(ProcessRow(process_id, drawn.key, drawn.version, drawn.title, numbers, middle.get(process_id)))
    return sorted(found, key=lambda row: (-row.sums.deviating, -row.sums.cases, row.key, -row.version))


def items_with_paths(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the items whose cases are known, by name."""
    own = paths_of_unit(actor)
    rows = CasePath.objects.filter(tenant=actor.tenant, **({"org_id": own} if own else {})).exclude(item_code="")
    found = dict(rows.order_by().values_list("item_code", "title").distinct())
    return sorted(found.items(), key=lambda pair: pair[1])


def units_with_paths(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Units to choose from, for supervisors; a leader has his own."""
    if paths_of_unit(actor) is not None:
        return []
    leading = CasePath.objects.filter(tenant=actor.tenant).order_by().values_list("org_id", flat=True).distinct()
    found = {*leading, *units_of_steps(actor.tenant)}
    return [(unit.id, unit.name) for unit in identity.organisations(actor.tenant) if unit.id in found]


def _drawn(actor: Actor, process_id: uuid.UUID) -> cases.DrawnProcess:
    drawn = cases.drawn_process(process_id)
    if drawn.tenant != actor.tenant:
        raise NotFound(_("没有找到这个流程版本。"))
    return drawn


def process_paths(actor: Actor, process_id: uuid.UUID, wanted: PathFilter) -> ProcessPaths:
    """One version with its ways, deviations first, and the figures of its steps and arrows. NotFound, NotPermitted."""
    wanted = _chosen(actor, wanted)
    drawn = _drawn(actor, process_id)
    variants = _variants(actor.tenant, process_id, wanted)
    sums = Conformity(
        cases=sum(one.cases for one in variants),
        deviating=sum(one.cases for one in variants if one.deviating),
        looping=sum(one.cases for one in variants if one.loops),
        fit=sum(one.cases * one.fit for one in variants),
        whole=sum(one.cases * one.whole for one in variants),
    )
    flows: dict[str, int] = {}
    for one in variants:
        for flow, times in one.flows.items():
            flows[flow] = flows.get(flow, 0) + times * one.cases
    chosen, values = _paths(actor.tenant, wanted, process_id=process_id)
    middle = dict(_rows(_MEDIANS.format(chosen=chosen), values))
    return ProcessPaths(
        process_id=process_id,
        key=drawn.key,
        version=drawn.version,
        title=drawn.title,
        sums=sums,
        median=middle.get(process_id),
        variants=tuple(variants[:MOST_VARIANTS]),
        variant_total=len(variants),
        steps=tuple(step_figures(actor.tenant, drawn, wanted)),
        flows=flows,
    )


def _variants(tenant: str, process_id: uuid.UUID, wanted: PathFilter) -> list[VariantRow]:
    chosen, values = _paths(tenant, wanted, process_id=process_id)
    rows = _rows(_VARIANTS.format(chosen=chosen), values)
    total = sum(row[8] for row in rows)
    return [_variant(row, total) for row in rows]


def _variant(row: Sequence[Any], total: int) -> VariantRow:
    key, legs, deviations, flows, deviating, loops, fit, whole, number, middle = row
    shares = number * 100 // total if total else 0
    return VariantRow(
        key, _read(legs), _read(deviations), _read(flows), deviating, loops, fit, whole, number, shares, middle
    )


def _read(value: Any) -> Any:
    """What Django's raw cursor leaves as text."""
    return json.loads(value) if isinstance(value, str) else value


def variant(actor: Actor, process_id: uuid.UUID, variant_id: uuid.UUID) -> tuple[cases.DrawnProcess, VariantRow]:
    """One way over a version; NotFound outside the tenant."""
    paths_of_unit(actor)
    drawn = _drawn(actor, process_id)
    row = PathVariant.objects.filter(tenant=actor.tenant, process_id=process_id, pk=variant_id).first()
    if row is None:
        raise NotFound(_("没有找到这条办理路径。"))
    return drawn, _of_model(row)


def _of_model(row: PathVariant) -> VariantRow:
    return VariantRow(
        row.pk,
        row.legs,
        row.deviations,
        row.flows,
        row.deviating,
        row.loops,
        row.fit,
        row.whole,
        cases=0,
        share=0,
        median=None,
    )


def variant_cases(
    actor: Actor, variant_id: uuid.UUID, wanted: PathFilter, *, page: object = 1, size: int = 20
) -> Page[PathCase]:
    """The cases of the choice that took a way, the newest first."""
    wanted = _chosen(actor, wanted)
    rows = CasePath.objects.filter(tenant=actor.tenant, variant_id=variant_id).select_related("case")
    if wanted.item:
        rows = rows.filter(item_code=wanted.item)
    if wanted.unit is not None:
        rows = rows.filter(org_id=wanted.unit)
    since, until = wanted.period
    in_period = {"closed_at__gte": since, "closed_at__lt": until}
    rows = rows.filter(closed_at__isnull=True) if wanted.running else rows.filter(**in_period)
    found = page_of(rows.order_by("-closed_at", "-case__opened_at", "pk"), page, size=size)
    shown = [_path_case(row) for row in found.rows]
    return Page(rows=shown, number=found.number, size=found.size, total=found.total)


def _path_case(row: CasePath) -> PathCase:
    return PathCase(
        case_id=row.case.case_id,
        number=row.case.number,
        title=row.case.title,
        org_name=row.case.org_name,
        closed_at=row.closed_at,
        seconds=row.seconds,
        faults=row.faults,
    )


def case_way(actor: Actor, case_id: uuid.UUID) -> CaseWay | None:
    """The way of one case; None while it is not worked out, or where the log does not know its process.

    NotPermitted for who reads no paths; another unit's case is not there for a leader.
    """
    own = paths_of_unit(actor)
    rows = CasePath.objects.filter(tenant=actor.tenant, case__case_id=case_id).select_related("case", "variant")
    row = (rows if own is None else rows.filter(org_id=own)).first()
    if row is None:
        return None
    times = StepTime.objects.filter(path=row).order_by("done_at").values_list("node", "waited", "worked", "late")
    return CaseWay(
        case_id=case_id,
        number=row.case.number,
        title=row.case.title,
        process=cases.drawn_process(row.process_id),
        variant=_of_model(row.variant),
        faults=row.faults,
        times=list(times),
    )


def names_of(process_id: uuid.UUID) -> dict[str, str]:
    """Element of a version → its name."""
    return {one.id: one.name or one.id for one in cases.drawn_process(process_id).elements}


def backward_of(process_id: uuid.UUID) -> frozenset[str]:
    """Arrows of a version that lead back."""
    found = drawing_of(str(process_id))
    return found.backward if found else frozenset()


def arrows_of(process_id: uuid.UUID) -> list[tuple[str, str, str, bool]]:
    """Arrows of a version in the order of the drawing: id, names of both ends, whether it leads back."""
    names, back = _labels(process_id), backward_of(process_id)
    drawn = cases.drawn_process(process_id)
    return [(one.id, names[one.source], names[one.target], one.id in back) for one in drawn.flows]


def _labels(process_id: uuid.UUID) -> dict[str, str]:
    """The same, gateways without a name called by what they are."""
    kinds = {"exclusive": _("选择"), "parallel": _("并行"), "inclusive": _("多选"), "event_based": _("等待事件")}
    ends = {"start": _("开始"), "end": _("结束")}
    drawn = cases.drawn_process(process_id).elements
    return {one.id: one.name or str({**kinds, **ends}.get(one.kind, one.id)) for one in drawn}
