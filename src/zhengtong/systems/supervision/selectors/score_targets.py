"""Yearly targets and how far they are: by stored months, or by what a unit reported and a supervisor accepted."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.supervision.constants import UNIT_ROLES, ReportState, SubjectKind
from zhengtong.systems.supervision.models import ScoreRow, Target, TargetReport
from zhengtong.systems.supervision.permissions import is_supervisor
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.score_targets import (
    MEASURES,
    REPORTED,
    completion,
    figure_of,
    other_figure,
    targets_score,
)
from zhengtong.systems.supervision.selectors.score_inputs import month_after
from zhengtong.systems.supervision.selectors.scores import PERIODS, formulas


def measures() -> dict[str, str]:
    """Label → key of everything a target may measure; what no system counts is reported by the unit."""
    own = {label: key for key, (label, _unit) in MEASURES.items()}
    others = {one.label: key for key, one in score_inputs.items() if one.label not in own}
    return own | others | {_("单位自报"): REPORTED}


def measure_label(key: str) -> str:
    """The name of a measure."""
    return next((label for label, one in measures().items() if one == key), key)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Progress:
    """A target and where it stands; ``reached`` from 0 to 1, None where there is no figure."""

    target: Target
    actual: Decimal | None
    reached: Decimal | None
    latest: TargetReport | None

    @property
    def waits(self) -> bool:
        """Whether a report waits for its review."""
        return self.latest is not None and self.latest.state == ReportState.REPORTED

    @property
    def reported(self) -> bool:
        """Whether the unit itself reports the figure."""
        return self.target.measure == REPORTED


def progress(actor: Actor, year: int, *, org_id: uuid.UUID | None = None) -> list[Progress]:
    """Targets of a year: all for supervisors (or of one unit), those of his own unit for an official."""
    rows = Target.objects.filter(tenant=actor.tenant, year=year)
    if not is_supervisor(actor):
        own = actor.org_id if actor.kind == "official" and actor.has_role(*UNIT_ROLES) else None
        rows = rows.filter(org_id=own) if own is not None else rows.none()
    if org_id is not None:
        rows = rows.filter(org_id=org_id)
    return _progress(actor.tenant, year, list(rows.order_by("org_name", "period", "name")))


def targets_of_year(tenant: str, year: int) -> list[Progress]:
    """All targets of a year with where they stand."""
    rows = Target.objects.filter(tenant=tenant, year=year).order_by("org_name", "period", "name")
    return _progress(tenant, year, list(rows))


def one_target(actor: Actor, target_id: uuid.UUID) -> Progress:
    """One target; NotFound outside the actor's sight."""
    row = Target.objects.filter(tenant=actor.tenant, pk=target_id).first()
    if row is None or not (is_supervisor(actor) or (row.org_id == actor.org_id and actor.has_role(*UNIT_ROLES))):
        raise NotFound(_("没有找到这个目标，或者它不是您所在单位的。"))
    return _progress(actor.tenant, row.year, [row])[0]


def reports_of(target: Target) -> list[TargetReport]:
    """What was reported of a target, the newest first."""
    return list(target.reports.order_by("-created_at"))


def unit_scores(tenant: str, year: int) -> dict[uuid.UUID, Decimal]:
    """Unit → points of 100 for its targets of a year, weights as given."""
    found: dict[uuid.UUID, list[tuple[Decimal, Decimal | None]]] = {}
    for one in targets_of_year(tenant, year):
        found.setdefault(one.target.org_id, []).append((one.target.weight, one.reached))
    scores = {org_id: targets_score(rows) for org_id, rows in found.items()}
    return {org_id: score for org_id, score in scores.items() if score is not None}


def _progress(tenant: str, year: int, targets: Sequence[Target]) -> list[Progress]:
    latest: dict[uuid.UUID, TargetReport] = {}
    accepted: dict[uuid.UUID, TargetReport] = {}
    ids = [target.id for target in targets if target.measure == REPORTED]
    for report in TargetReport.objects.filter(target_id__in=ids).order_by("created_at"):
        latest[report.target_id] = report
        if report.state == ReportState.ACCEPTED:
            accepted[report.target_id] = report
    months = _months(tenant, year, {target.org_id for target in targets if target.measure != REPORTED})
    found = []
    for target in targets:
        actual: Decimal | None
        reached: Decimal | None
        if target.measure == REPORTED:
            actual = accepted[target.id].value if target.id in accepted else None
            reached = Decimal(0) if actual is None else completion(actual, target.goal, at_most=target.at_most)
        else:
            actual = _figure(target, months.get(target.org_id, []))
            reached = None if actual is None else completion(actual, target.goal, at_most=target.at_most)
        found.append(Progress(target=target, actual=actual, reached=reached, latest=latest.get(target.id)))
    return found


def _months(tenant: str, year: int, org_ids: set[uuid.UUID]) -> dict[uuid.UUID, list[ScoreRow]]:
    """Unit → its months of the year as they stand: published, else frozen, else worked out."""
    keys = [one.key for one in formulas(tenant) if one.content["model"] != "C"][:1]
    rows = ScoreRow.objects.filter(
        tenant=tenant,
        kind=SubjectKind.UNIT,
        org_id__in=org_ids,
        run__formula_key__in=keys,
        run__month__gte=dt.date(year, 1, 1),
        run__month__lt=dt.date(year + 1, 1, 1),
        run__state__in=["published", "proposed", "computed"],
    ).select_related("run")
    order = ("computed", "proposed", "published")
    best: dict[tuple[uuid.UUID, dt.date], ScoreRow] = {}
    for row in sorted(rows, key=lambda row: order.index(row.run.state)):
        if row.org_id is not None:
            best[row.org_id, row.run.month] = row
    found: dict[uuid.UUID, list[ScoreRow]] = {}
    for (org_id, _month), row in best.items():
        found.setdefault(org_id, []).append(row)
    return found


def _figure(target: Target, rows: Sequence[ScoreRow]) -> Decimal | None:
    first, number = PERIODS[target.period]
    since = dt.date(target.year, first, 1)
    chosen = [row for row in rows if since <= row.run.month < month_after(since, number)]
    details = [row.detail for row in chosen]
    if target.measure in score_inputs:
        return other_figure(target.measure, details, share=score_inputs.get(target.measure).share)
    return figure_of(target.measure, details, [row.total for row in chosen if row.total is not None])
