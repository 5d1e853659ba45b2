"""Inspections as pages show them: queues, a plan, a visit with its points, findings and reports."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.constants import FindingState, PlanState, VisitState
from zhengtong.systems.inspections.models import (
    Act,
    CheckPoint,
    Finding,
    Inspector,
    Measure,
    Plan,
    PointResult,
    Rectification,
    RectificationReport,
    Visit,
)
from zhengtong.systems.inspections.selectors.clocks import LimitView, lamp_of, limit_view
from zhengtong.systems.inspections.selectors.finding import find_visit, visit_acts

QUEUES = ("todo", "coming", "rectify", "done")


@dataclasses.dataclass(frozen=True)
class Line:
    """One visit in a queue."""

    id: uuid.UUID
    number: str
    subject: str
    target: str
    org: str
    state: str
    lamp: str
    due_on: dt.date | None
    by: dt.date


@dataclasses.dataclass(frozen=True)
class ActLine:
    """A line of the time line."""

    at: dt.datetime
    title: str
    who: str
    text: str


@dataclasses.dataclass(frozen=True)
class PhotoLine:
    """A photograph or a proof."""

    file_id: uuid.UUID
    name: str


@dataclasses.dataclass(frozen=True)
class PointView:
    """A point of the checklist with what was noted at it; ``result`` None while nothing was."""

    point: CheckPoint
    result: PointResult | None
    photos: tuple[PhotoLine, ...]


@dataclasses.dataclass(frozen=True)
class MeasureView:
    """What was done about a finding in one turn."""

    turn: int
    text: str
    verdict: str
    evidence: tuple[PhotoLine, ...]


@dataclasses.dataclass(frozen=True)
class FindingView:
    """A finding with its photographs and what was done about it, turn by turn."""

    finding: Finding
    photos: tuple[PhotoLine, ...]
    measures: tuple[MeasureView, ...]
    to_judge: bool

    @property
    def open(self) -> bool:
        """Whether the unit still has to put it right."""
        return self.finding.state == FindingState.OPEN


@dataclasses.dataclass(frozen=True)
class VisitView:
    """A visit for its reader; the unit sees its findings, not the remarks on what was in order."""

    row: Visit
    unit: bool
    acts_now: frozenset[str]
    inspectors: tuple[Inspector, ...]
    points: tuple[PointView, ...]
    findings: tuple[FindingView, ...]
    notice: Rectification | None
    limit: LimitView | None
    reports: tuple[RectificationReport, ...]
    acts: tuple[ActLine, ...]

    @property
    def noted(self) -> int:
        """How many points have been recorded."""
        return sum(one.result is not None for one in self.points)


def queue(*, actor: Actor, name: str = "todo", page: object = 1) -> Page[Line]:
    """The actor's visits: what is due first stands first, done ones newest first."""
    rows = _rows(actor, name).select_related("plan", "rectification")
    order = ["-done_at"] if name == "done" else [F("rectification__due_at").asc(nulls_last=True), "plan__ends_on"]
    found = page_of(rows.order_by(*order, "number"), page)
    return dataclasses.replace(found, rows=[_line(row) for row in found.rows])


def visits_waiting(actor: Actor) -> int:
    """How many visits wait for an act of this person."""
    return _rows(actor, "todo").count()


def plans(*, actor: Actor, page: object = 1) -> Page[Plan]:
    """The plans the actor may see, newest first."""
    return page_of(Plan.objects.filter(permissions.visible_plans(actor)).order_by("-starts_on", "-number"), page)


def plans_waiting(actor: Actor) -> "QuerySet[Plan]":
    """Plans the actor may approve, and his own that were sent back or approved."""
    own = Q(made_by_id=actor.person_id) & (Q(state=PlanState.DRAFT) & ~Q(returned="") | Q(state=PlanState.APPROVED))
    firsts = [key for key in (actor.person_id, actor.hands_id) if key is not None]
    others = Q(state=PlanState.SUBMITTED) & ~Q(made_by_id__in=firsts)
    others &= Q(made_for_id__isnull=True) | ~Q(made_for_id__in=firsts)
    return Plan.objects.filter(permissions.visible_plans(actor)).filter(own | others).order_by("starts_on")


def visits_of(actor: Actor, plan: Plan) -> list[Line]:
    """The visits of a plan that the actor may know of."""
    rows = plan.visits.filter(permissions.visible_visits(actor)).select_related("plan", "rectification")
    return [_line(row) for row in rows.order_by("no")]


def plan_time_line(plan: Plan) -> list[ActLine]:
    """What was done with the plan itself."""
    return [act_line(one) for one in plan.acts.filter(visit__isnull=True).order_by("created_at")]


def visit_view(*, actor: Actor, visit_id: uuid.UUID) -> VisitView:
    """One visit of the actor's reach; raises NotFound."""
    row = find_visit(actor, visit_id)
    unit = permissions.is_unit(actor, row)
    notice = Rectification.objects.filter(visit=row).first()
    secret = ("start", "sign", "recuse", "draft") if unit else ()
    return VisitView(
        row=row,
        unit=unit,
        acts_now=visit_acts(actor, row),
        inspectors=tuple(row.inspectors.order_by("recused_at", "created_at")),
        points=() if unit else tuple(_points(row)),
        findings=tuple(_findings(row)),
        notice=notice,
        limit=limit_view(notice) if notice else None,
        reports=tuple(notice.reports.order_by("turn")) if notice else (),
        acts=tuple(act_line(one) for one in row.acts.exclude(kind__in=secret).order_by("created_at", "id")),
    )


def _rows(actor: Actor, name: str) -> "QuerySet[Visit]":
    rows = Visit.objects.filter(permissions.visible_visits(actor))
    if name == "coming":
        return rows.filter(state__in=(VisitState.PLANNED, VisitState.GOING))
    if name == "rectify":
        return rows.filter(state__in=(VisitState.DONE, VisitState.RECTIFY, VisitState.REVIEW))
    if name == "done":
        return rows.filter(state__in=(VisitState.CLOSED, VisitState.CANCELLED))
    mine = Inspector.objects.filter(person_id=permissions.person_of(actor), recused_at__isnull=True)
    wait = Q(pk__in=mine.values("visit_id"), state__in=(VisitState.PLANNED, VisitState.DONE, VisitState.REVIEW))
    wait |= Q(pk__in=mine.filter(signed_at__isnull=True).values("visit_id"), state=VisitState.GOING)
    wait |= Q(org_id=actor.org_id, state=VisitState.RECTIFY)
    return rows.filter(wait)


def _line(row: Visit) -> Line:
    notice = getattr(row, "rectification", None)
    return Line(
        id=row.id,
        number=row.number,
        subject=row.plan.subject,
        target=row.target_name,
        org=row.org_name,
        state=row.get_state_display() if not row.ending else row.get_ending_display(),
        lamp=lamp_of(notice),
        due_on=notice.due_on if notice and notice.running else None,
        by=row.plan.ends_on,
    )


def _points(row: Visit) -> list[PointView]:
    results = {one.point_id: one for one in row.results.prefetch_related("photos")}
    found = []
    for point in row.plan.points.order_by("no"):
        result = results.get(point.id)
        found.append(PointView(point, result, _photos(result) if result else ()))
    return found


def _findings(row: Visit) -> list[FindingView]:
    by_finding: dict[uuid.UUID, list[Measure]] = defaultdict(list)
    measures = Measure.objects.filter(finding__visit=row).select_related("report").prefetch_related("evidence")
    for one in measures.order_by("report__turn"):
        by_finding[one.finding_id].append(one)
    found = []
    for finding in row.findings.select_related("result").prefetch_related("result__photos").order_by("no"):
        done = by_finding[finding.id]
        found.append(
            FindingView(
                finding=finding,
                photos=_photos(finding.result),
                measures=tuple(_measure(one) for one in done),
                to_judge=bool(done) and not done[-1].verdict,
            )
        )
    return found


def _measure(row: Measure) -> MeasureView:
    proofs = tuple(PhotoLine(one.file_id, one.name) for one in row.evidence.all())
    return MeasureView(row.report.turn, row.text, row.get_verdict_display() if row.verdict else "", proofs)


def _photos(result: PointResult) -> tuple[PhotoLine, ...]:
    return tuple(PhotoLine(one.file_id, one.name) for one in result.photos.all())


def act_line(row: Act) -> ActLine:
    """A line as time lines show it."""
    who = f"{row.org_name} {row.person_name}".strip() or _("系统")
    return ActLine(at=row.created_at, title=row.get_kind_display(), who=who, text=row.text)
