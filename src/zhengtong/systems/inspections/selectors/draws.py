"""The draw as it can be drawn again: stored candidates, seed, method; what speaks against whom now."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.systems.inspections.constants import (
    RISK_DAYS,
    SECRET,
    WEIGHT_CAP,
    WEIGHTS,
    PlanState,
    TargetKind,
    VisitState,
)
from zhengtong.systems.inspections.models import Draw, Plan, RiskSignal, Target
from zhengtong.systems.inspections.rules import drawing


@dataclasses.dataclass(frozen=True)
class CandidateLine:
    """One candidate of a draw: why this weight, its rank by the seed, whether it was taken and in which place."""

    name: str
    org: str
    key: str
    cards: int
    complaints: int
    weight: float
    rank: float
    place: int


@dataclasses.dataclass(frozen=True)
class DrawView:
    """A draw with its candidates in the order of their ranks; ``right``: drawing again comes to the same."""

    plan: Plan
    method: str
    seed: str
    at: dt.datetime
    drawn_by: str
    right: bool
    lines: tuple[CandidateLine, ...]


def candidates_of(plan: Plan) -> list[dict[str, Any]]:
    """The targets of a plan with the weights of this moment, as a draw stores them."""
    counts = _counts(plan)
    each = {kind: float(parameters.value(key, tenant=plan.tenant)) for kind, key in WEIGHTS.items()}
    cap = float(parameters.value(WEIGHT_CAP, tenant=plan.tenant))
    return [
        {
            "key": one.key,
            "name": one.name,
            "org": str(one.org_id),
            "org_name": one.org_name,
            "counts": found,
            "weight": drawing.weight_of(found, each, cap),
        }
        for one in plan.targets.order_by("no")
        for found in (counts(one),)
    ]


def draw_view(draw: Draw) -> DrawView:
    """The draw, drawn again."""
    again = drawing.drawn(draw.seed, _weighted(draw), len(draw.taken))
    places = {key: place for place, key in enumerate(draw.taken, start=1)}
    lines = [_line(draw.seed, row, places.get(row["key"], 0)) for row in draw.candidates]
    return DrawView(
        plan=draw.plan,
        method=draw.method,
        seed=draw.seed,
        at=draw.created_at,
        drawn_by=draw.drawn_by,
        right=draw.method == drawing.METHOD and again == draw.taken,
        lines=tuple(sorted(lines, key=lambda line: (line.rank, line.key))),
    )


def may_see_draw(actor: Actor, plan: Plan) -> bool:
    """Nobody learns from the draw that his own unit will be inspected."""
    return actor.org_id is None or not plan.visits.filter(org_id=actor.org_id, state__in=SECRET).exists()


def is_public(plan: Plan) -> bool:
    """A draw is for everybody when no visit is to come any more."""
    to_come = plan.visits.filter(state__in=(VisitState.PLANNED, VisitState.GOING)).exists()
    return plan.state in (PlanState.DRAWN, PlanState.CLOSED) and not to_come


def _weighted(draw: Draw) -> list[drawing.Candidate]:
    return [drawing.Candidate(row["key"], float(row["weight"])) for row in draw.candidates]


def _line(seed: str, row: Mapping[str, Any], place: int) -> CandidateLine:
    return CandidateLine(
        name=row["name"],
        org=row["org_name"],
        key=row["key"],
        cards=row["counts"].get("card", 0),
        complaints=row["counts"].get("complaint", 0),
        weight=row["weight"],
        rank=drawing.rank_of(seed, row["key"], float(row["weight"])),
        place=place,
    )


def _counts(plan: Plan) -> Any:
    """A function that counts what speaks against a target: of a case what names it, else of its unit."""
    days = int(parameters.value(RISK_DAYS, tenant=plan.tenant))
    rows = RiskSignal.objects.filter(tenant=plan.tenant, withdrawn=False, at__gt=now() - dt.timedelta(days=days))
    by_org: dict[uuid.UUID, Counter[str]] = {}
    by_case: dict[str, Counter[str]] = {}
    for org_id, case_number, kind in rows.values_list("org_id", "case_number", "kind"):
        by_org.setdefault(org_id, Counter())[kind] += 1
        if case_number:
            by_case.setdefault(case_number, Counter())[kind] += 1

    def of(target: Target) -> dict[str, int]:
        found = by_case.get(target.name) if plan.target_kind == TargetKind.CASE else by_org.get(target.org_id)
        return dict(found or {})

    return of
