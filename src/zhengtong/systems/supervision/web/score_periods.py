"""Quarters, half-years and years, and the ranking that everybody may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.kernel.ui import exports
from zhengtong.systems.supervision.constants import SUPERVISOR, SubjectKind
from zhengtong.systems.supervision.permissions import is_supervisor
from zhengtong.systems.supervision.rules.score_targets import PERIODS
from zhengtong.systems.supervision.rules.scores import shown
from zhengtong.systems.supervision.selectors import score_targets
from zhengtong.systems.supervision.selectors import scores as selectors
from zhengtong.systems.supervision.services.scores import month_words
from zhengtong.systems.supervision.web import score_words as words
from zhengtong.systems.supervision.web.cards import export_url
from zhengtong.systems.supervision.web.scores import BARS, finding_of

_PERIOD_COLUMNS = (
    {"key": "name", "label": gettext_lazy("单位")},
    {"key": "place", "label": gettext_lazy("名次"), "kind": "number"},
    {"key": "total", "label": gettext_lazy("得分"), "kind": "number"},
    {"key": "grade", "label": gettext_lazy("等次")},
    {"key": "months", "label": gettext_lazy("已公布的月份"), "kind": "number"},
    {"key": "sentence", "label": gettext_lazy("计算过程")},
)


@requires(SUPERVISOR, "leader")
@require_GET
def period_page(request: HttpRequest) -> HttpResponse:
    """季度、半年、年度: means of published months, discipline, targets, grades."""
    actor = actor_of(request)
    known, formula = words.asked_formula(request, actor.tenant)
    known = [one for one in known if one.content["model"] != "C"]
    if formula is not None and formula.content["model"] == "C":
        formula = known[0] if known else None
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100 else local_date().year
    period = request.GET.get("period", "")
    period = period if period in PERIODS else "year"
    rows: list[dict[str, Any]] = []
    if formula is not None:
        targets = score_targets.unit_scores(actor.tenant, year) if period == "year" else {}
        found = selectors.period_rows(actor, year, period, formula, targets)
        rows = [_period_row(one, link=is_supervisor(actor) or one.org_id == actor.org_id) for one in found]
    title = _("%(year)d年%(period)s监察得分") % {"year": year, "period": PERIODS[period]}
    if request.GET.get("export"):
        return exports.download(title, exports.sheet_of(title[:31], _PERIOD_COLUMNS, rows))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("季度和年度"), "")) if is_supervisor(actor) else [{"label": title, "url": ""}],
        "title": title,
        "filters": [
            {"name": "year", "label": _("年度"), "type": "text", "value": str(year)},
            {"name": "period", "label": _("时期"), "type": "select", "options": list(PERIODS.items()), "value": period},
            words.formula_filter(known, formula),
        ],
        "bars": [{"label": row["name"], "value": row["total"], "url": row.get("url", "")} for row in rows[:BARS]],
        "columns": _PERIOD_COLUMNS,
        "rows": rows,
        "export_url": export_url(request),
        "empty": {"title": _("还没有公布的月份"), "why": _("季度、半年和年度得分由已公布的月度得分平均得出。")},
    }
    return render(request, "supervision/scores/periods.html", context)


def _period_row(one: selectors.PeriodRow, *, link: bool) -> dict[str, Any]:
    total = one.outcome.total
    found = {
        "name": one.name,
        "place": one.place,
        "total": "—" if total is None else shown(total),
        "grade": one.outcome.grade,
        "months": one.outcome.months,
        "sentence": one.outcome.sentence,
    }
    return found | ({"url": reverse("supervision_scores:unit", args=[one.org_id])} if link else {})


@public
@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """What everybody may see: the published ranking of units of a month, no person and no case."""
    tenant = actor_of(request).tenant
    known, formula = words.asked_formula(request, tenant)
    months = selectors.published_months(tenant, formula.key) if formula else []
    month = words.asked_month(request, default=months[0] if months else None)
    month = month if month in months or not months else months[0]
    run = selectors.standing_run(tenant, month, formula.key, published=True) if formula else None
    points = formula is None or formula.content["model"] != "C"
    rows = selectors.rows_of(run, SubjectKind.UNIT) if run else []
    context = {
        "breadcrumbs": [{"label": _("办事效能排名"), "url": ""}],
        "run": run,
        "title": _("%(month)s各单位办事效能排名") % {"month": month_words(month)},
        "finding": finding_of(rows, points=points),
        "columns": words.columns(SubjectKind.UNIT, points=points),
        "rows": words.ranked(rows, links=False),
        "filters": [
            {
                "name": "month",
                "label": _("月份"),
                "type": "select",
                "options": [(f"{one:%Y-%m}", month_words(one)) for one in months],
                "value": f"{month:%Y-%m}",
            },
            words.formula_filter(known, formula),
        ],
        "corrected": run is not None and run.version > 1,
        "decided_at": run.decided_at if run else None,
        "smallest": formula.content["smallest"] if formula else 5,
    }
    return render(request, "supervision/scores/published.html", context)
