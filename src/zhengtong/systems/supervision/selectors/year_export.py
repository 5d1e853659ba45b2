"""A year of published scores with its deductions and targets, so that somebody else can count it again."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.supervision.constants import ProposalState
from zhengtong.systems.supervision.models import ScoreRun, YearDeduction
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.selectors.score_targets import Progress, targets_of_year, unit_scores
from zhengtong.systems.supervision.selectors.scores import PERIODS, formulas, period_rows


def export_year(tenant: str, *, year: int, key: str) -> dict[str, Any]:
    """Plain data: formula, months that have scores, deductions, targets, and every period as the pages show it.

    The rows behind the months are in the exports of the months. Raises NotFound without the formula.
    """
    form = next((one for one in formulas(tenant) if one.key == key), None)
    if form is None:
        raise NotFound(_("没有启用编号为“%(key)s”的评分办法。") % {"key": key})
    points = unit_scores(tenant, year)
    lost = YearDeduction.objects.filter(tenant=tenant, state=ProposalState.APPROVED, decided_on__year=year)
    return {
        "year": year,
        "formula": {"key": form.key, "version": form.version, "name": form.name, "content": form.content},
        "months": months_with_scores(tenant, year, key),
        "deductions": [
            {"org_id": str(one.org_id), "decided_on": f"{one.decided_on}", "kind": one.kind, "persons": one.persons}
            for one in lost.order_by("decided_on", "id")
        ],
        "targets": [_target(one) for one in targets_of_year(tenant, year)],
        "periods": {
            period: [
                {
                    "org_id": str(row.org_id),
                    "name": row.name,
                    "total": None if row.outcome.total is None else str(row.outcome.total),
                    "place": row.place,
                }
                for row in period_rows(system(tenant), year, period, form, points)
            ]
            for period in PERIODS
        },
    }


def months_with_scores(tenant: str, year: int, key: str) -> list[str]:
    """Months of a year for which scores stand under a formula, as ``2026-10``."""
    runs = ScoreRun.objects.filter(tenant=tenant, formula_key=key, month__year=year)
    standing = runs.filter(state__in=["published", "proposed", "computed"])
    return [f"{month:%Y-%m}" for month in standing.order_by("month").values_list("month", flat=True).distinct()]


def _target(one: Progress) -> dict[str, Any]:
    target, reached = one.target, one.reached
    share = target.measure in score_inputs and score_inputs.get(target.measure).share
    return {
        "org_id": str(target.org_id),
        "name": target.name,
        "period": target.period,
        "measure": target.measure,
        "share": share,
        "goal": str(target.goal),
        "at_most": target.at_most,
        "weight": str(target.weight),
        "reported": None if not one.reported or one.actual is None else str(one.actual),
        "reached": None if reached is None else str((reached * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)),
    }
