"""流程监控: where every running case stands, on the drawing. Sums by SQL, at a cost that does not grow with pages."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import (
    APPLICANT_ROLE,
    CaseStatus,
    DeadlineKind,
    DeadlineState,
    WorkItemStatus,
)
from zhengtong.capabilities.cases.engine.draw import svg
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import Graph, Kind, Node
from zhengtong.capabilities.cases.engine.vocabulary import KIND_NAMES
from zhengtong.capabilities.cases.models import Case, Deadline, Opinion, ProcessVersion, WorkItem
from zhengtong.capabilities.cases.permissions import monitored_cases
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of

_COUNTING = (DeadlineState.RUNNING, DeadlineState.PAUSED)
_HOLDERS = 4


@dataclasses.dataclass(frozen=True)
class RunningProcess:
    """A version with running cases: how many, how many open tasks, how many of them late."""

    version_id: uuid.UUID
    key: str
    version: int
    title: str
    active: bool
    cases: int
    tasks: int
    late: int


@dataclasses.dataclass(frozen=True)
class NodeLoad:
    """What stands at one element of the drawing; for tasks of people ``count`` counts tasks, else cases."""

    node: str
    name: str
    kind: str
    count: int
    late: int


@dataclasses.dataclass(frozen=True)
class VersionMonitor:
    """The drawing of a version with its numbers, and the same as a list."""

    version_id: uuid.UUID
    key: str
    version: int
    title: str
    active: bool
    drawing: str
    loads: tuple[NodeLoad, ...]


@dataclasses.dataclass(frozen=True)
class StandingCase:
    """One running case in the list below the drawing; no applicant is named."""

    id: uuid.UUID
    number: str
    title: str
    org_name: str
    opened_at: dt.datetime
    standing: str
    holders: str
    late: bool


@dataclasses.dataclass(frozen=True)
class Step:
    """One task of a case: when it came, who has or did it, how many opinions it brought; no applicant is named."""

    work_item_id: uuid.UUID
    node: str
    name: str
    org_id: uuid.UUID | None
    org_name: str
    role: str
    who: str
    status: str
    status_label: str
    outcome: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    opinions: int
    late: bool


@dataclasses.dataclass(frozen=True)
class CaseMonitor:
    """One case on its drawing: what is done, where it stands, who has it."""

    id: uuid.UUID
    number: str
    title: str
    status: str
    status_label: str
    org_name: str
    opened_at: dt.datetime
    version_id: uuid.UUID
    process_key: str
    process_title: str
    version: int
    drawing: str
    steps: tuple[Step, ...]
    waiting: tuple[str, ...]
    nodes: tuple[tuple[str, str], ...]
    other_versions: tuple[tuple[uuid.UUID, int], ...]


def running_processes(actor: Actor) -> tuple[RunningProcess, ...]:
    """Every version on which cases run that the actor may watch, the busiest first."""
    cases = _running(actor)
    by_version = dict(cases.order_by().values_list("process_id").annotate(n=Count("id")))
    items = _open_items(cases).order_by().values("case__process_id")
    sums = {row["case__process_id"]: row for row in items.annotate(open=Count("id"), late=Count("id", filter=_late()))}
    versions = ProcessVersion.objects.filter(pk__in=by_version).defer("bpmn_xml", "compiled")
    rows = [
        RunningProcess(
            version_id=row.id,
            key=row.key,
            version=row.version,
            title=row.title,
            active=row.active,
            cases=by_version[row.id],
            tasks=sums.get(row.id, {}).get("open", 0),
            late=sums.get(row.id, {}).get("late", 0),
        )
        for row in versions
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cases, row.key, -row.version)))


def version_monitor(actor: Actor, version_id: uuid.UUID) -> VersionMonitor:
    """The drawing of a version with what stands at each element; NotFound outside the tenant."""
    version = ProcessVersion.objects.filter(tenant=actor.tenant, pk=version_id).defer("compiled").first()
    if version is None:
        raise NotFound(_("没有找到这个流程版本。"))
    cases = _running(actor).filter(process_id=version.id)
    items = _open_items(cases).order_by().values("node").annotate(open=Count("id"), late=Count("id", filter=_late()))
    tasks = {row["node"]: (row["open"], row["late"]) for row in items}
    loads = tuple(_loads(graph_of(version.id), tasks, _standing(cases)))
    return VersionMonitor(
        version_id=version.id,
        key=version.key,
        version=version.version,
        title=version.title,
        active=version.active,
        drawing=svg(version.bpmn_xml, counts=_on_drawing(loads)),
        loads=loads,
    )


def standing_cases(
    actor: Actor, version_id: uuid.UUID, *, node: str = "", page: object = 1, size: int = 20
) -> Page[StandingCase]:
    """Running cases of a version, at one element when ``node`` is given, the oldest first."""
    rows = _running(actor).filter(process_id=version_id).defer("variables", "clock_plan")
    if node:
        at_node = RawSQL(
            'exists (select 1 from jsonb_each("cases_case"."marking" -> %s) t where t.value ->> 0 = %s)',
            ["t", node],
            output_field=BooleanField(),
        )
        rows = rows.annotate(at_node=at_node).filter(at_node=True)
    found = page_of(rows.order_by("created_at", "id"), page, size=size)
    shown = list(found.rows)
    open_items = list(_open_items_of([row.id for row in shown]))
    graph = graph_of(version_id) if shown else None
    listed = [_standing_case(row, [i for i in open_items if i.case_id == row.id], graph) for row in shown]
    return Page(rows=listed, number=found.number, size=found.size, total=found.total)


def case_monitor(actor: Actor, case_id: uuid.UUID) -> CaseMonitor:
    """One case on its drawing with its history; NotFound outside what the actor may watch."""
    case = Case.objects.filter(monitored_cases(actor), pk=case_id).select_related("process").first()
    if case is None:
        raise NotFound(_("没有找到这个办件，或者它不由您所在的单位办理。"))
    graph = graph_of(case.process_id)
    items = list(_with_limit(WorkItem.objects.filter(case_id=case.id)).order_by("opened_at", "token"))
    opinions = dict(Opinion.objects.filter(case_id=case.id).values_list("work_item_id").annotate(n=Count("id")))
    active = Marking.from_json(case.marking).active()
    done = {item.node for item in items if item.status == WorkItemStatus.DONE} - active
    others = ProcessVersion.objects.filter(tenant=actor.tenant, key=case.process.key).exclude(pk=case.process_id)
    return CaseMonitor(
        id=case.id,
        number=case.number,
        title=case.title,
        status=case.status,
        status_label=case.get_status_display(),
        org_name=case.org_name,
        opened_at=case.created_at,
        version_id=case.process_id,
        process_key=case.process.key,
        process_title=case.process.title,
        version=case.process.version,
        drawing=svg(case.process.bpmn_xml, active=active, done=done, labels=_labels(actor.tenant, items)),
        steps=tuple(_step(item, opinions.get(item.id, 0)) for item in items),
        waiting=tuple(_waiting(graph, active)),
        nodes=tuple((node.id, node.name or node.id) for node in graph.user_tasks()),
        other_versions=tuple(others.order_by("-version").values_list("id", "version")),
    )


def _running(actor: Actor) -> "QuerySet[Case]":
    return Case.objects.filter(monitored_cases(actor), status=CaseStatus.OPEN)


def _with_limit(items: "QuerySet[WorkItem]") -> Any:
    """With ``limit_at``: the task's own limit, else the promised limit of its case."""
    promised = Deadline.objects.filter(case_id=OuterRef("case_id"), kind=DeadlineKind.PROMISED, state__in=_COUNTING)
    return items.annotate(limit_at=Coalesce("due_at", Subquery(promised.values("due_at")[:1])))


def _open_items(cases: "QuerySet[Case]") -> Any:
    return _with_limit(WorkItem.objects.filter(status=WorkItemStatus.OPEN, case__in=cases))


def _open_items_of(case_ids: list[uuid.UUID]) -> Any:
    return _with_limit(WorkItem.objects.filter(status=WorkItemStatus.OPEN, case_id__in=case_ids)).order_by("opened_at")


def _late() -> Q:
    return Q(limit_at__lte=now())


def _standing(cases: "QuerySet[Case]") -> dict[str, int]:
    """Node → cases that have a token there."""
    try:
        inner, parameters = cases.order_by().values("id", "marking").query.sql_with_params()
    except EmptyResultSet:  # nothing the actor may watch: Django makes no statement of it
        return {}
    statement = f"select t.value ->> 0, count(distinct c.id) from ({inner}) c, "  # noqa: S608  # Django's own statement
    with connection.cursor() as cursor:
        cursor.execute(statement + "jsonb_each(c.marking -> 't') t group by 1", parameters)
        return dict(cursor.fetchall())


def _loads(graph: Graph, tasks: dict[str, tuple[int, int]], standing: dict[str, int]) -> list[NodeLoad]:
    found = []
    for node in graph.nodes.values():
        count, late = tasks.get(node.id, (standing.get(node.id, 0), 0))
        if count and node.kind is not Kind.SUBPROCESS:
            found.append(NodeLoad(node.id, node.name or node.id, KIND_NAMES.get(node.kind, ""), count, late))
    return found


def _on_drawing(loads: tuple[NodeLoad, ...]) -> dict[str, tuple[int, int]]:
    """What stands inside a called process is shown on the activity that calls it."""
    found: dict[str, tuple[int, int]] = {}
    for load in loads:
        shape = load.node.partition("~")[0]
        count, late = found.get(shape, (0, 0))
        found[shape] = (count + load.count, late + load.late)
    return found


def _standing_case(case: Case, items: list[Any], graph: Graph | None) -> StandingCase:
    steps = list(dict.fromkeys(item.step for item in items))
    if not steps and graph is not None:
        steps = list(_waiting(graph, Marking.from_json(case.marking).active()))
    holders = list(dict.fromkeys(_holder(item) for item in items))
    shown = "、".join(holders[:_HOLDERS]) + (_("等 %(n)d 个") % {"n": len(holders)} if len(holders) > _HOLDERS else "")
    return StandingCase(
        id=case.id,
        number=case.number,
        title=case.title,
        org_name=case.org_name,
        opened_at=case.created_at,
        standing="、".join(steps),
        holders=shown,
        late=any(item.limit_at is not None and item.limit_at <= now() for item in items),
    )


def _holder(item: WorkItem) -> str:
    unit = item.org_name or str(_("申请人"))
    return f"{unit} {item.holder}" if item.holder else unit


def _labels(tenant: str, items: list[Any]) -> dict[str, str]:
    """Who holds each open task, as the second line below its name on the drawing: short, or it would not fit."""
    short = {unit.id: unit.short_name for unit in identity.organisations(tenant)}
    labels: dict[str, list[str]] = {}
    for item in items:
        if item.status == WorkItemStatus.OPEN:
            labels.setdefault(item.node, []).append(
                item.holder or short.get(item.org_id) or item.org_name or str(_("申请人"))
            )
    return {
        node: names[0] if len(names) == 1 else _("%(n)d 个单位") % {"n": len(names)} for node, names in labels.items()
    }


def _step(item: Any, opinions: int) -> Step:
    open_ = item.status == WorkItemStatus.OPEN
    limit, ended = (item.limit_at, now()) if open_ else (item.due_at, item.done_at)
    return Step(
        work_item_id=item.id,
        node=item.node,
        name=item.step,
        org_id=item.org_id,
        org_name=item.org_name or str(_("申请人")),
        role=item.role,
        who="" if item.role == APPLICANT_ROLE else item.holder if open_ else item.done_by,
        status=item.status,
        status_label=item.get_status_display(),
        outcome=item.outcome,
        opened_at=item.opened_at,
        due_at=item.due_at,
        done_at=item.done_at,
        opinions=opinions,
        late=bool(limit and ended and limit <= ended),
    )


def _waiting(graph: Graph, active: frozenset[str]) -> list[str]:
    """Elements that wait for no person: services, timers, messages."""
    return [_waits(node) for name in active if (node := graph.nodes.get(name)) and _alone(node)]


def _alone(node: Node) -> bool:
    return node.kind not in (Kind.USER, Kind.SUBPROCESS)


def _waits(node: Node) -> str:
    return f"{node.name or node.id}（{KIND_NAMES.get(node.kind, '')}）"
