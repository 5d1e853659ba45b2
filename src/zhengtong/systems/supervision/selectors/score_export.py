"""A month's raw rows with the formula and what came out, so that somebody else can count it again."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.kernel.errors import NotFound
from zhengtong.systems.supervision.models import ScoreRow, ScoreRun
from zhengtong.systems.supervision.selectors.score_inputs import month_rows
from zhengtong.systems.supervision.selectors.scores import formulas, standing_run


def export_scores(tenant: str, *, year: int, month: int, key: str) -> dict[str, Any]:
    """Plain data: formula, rows as they are now, and the scores of the run that stands (none before it was worked out).

    Raises NotFound without the formula.
    """
    first = dt.date(year, month, 1)
    run = standing_run(tenant, first, key)
    form = run.formula if run else next((one for one in formulas(tenant) if one.key == key), None)
    if form is None:
        raise NotFound(_("没有启用编号为“%(key)s”的评分办法。") % {"key": key})
    rows = month_rows(tenant, first)
    return {
        "month": f"{first:%Y-%m}",
        "formula": {"key": form.key, "version": form.version, "name": form.name, "content": form.content},
        "cases": list(rows.cases),
        "cards": list(rows.cards),
        "steps": list(rows.steps),
        "inputs": {key: list(records) for key, records in rows.inputs.items()},
        "workdays": list(rows.workdays),
        "digest": rows.digest(),
        "results": [_result(row) for row in run.rows.order_by("kind", "place", "key")] if run else [],
        "run": _run(run) if run else None,
    }


def _run(run: ScoreRun) -> dict[str, Any]:
    return {"state": run.state, "version": run.version, "digest": run.inputs_digest}


def _result(row: ScoreRow) -> dict[str, Any]:
    total = None if row.total is None else str(row.total)
    return {"kind": row.kind, "key": row.key, "name": row.name, "total": total, "place": row.place}
