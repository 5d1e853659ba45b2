"""What everybody may see: the county's totals of the last month that was reported, without a single case."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.capabilities.ratings import api as ratings
from zhengtong.kernel import parameters
from zhengtong.kernel.measures import plain
from zhengtong.kernel.policy import actor_of, public
from zhengtong.systems.service_hall.constants import RANKED_FROM
from zhengtong.systems.service_hall.models import MonthlyReport
from zhengtong.systems.service_hall.rules.figures import MEASURES, Tally
from zhengtong.systems.service_hall.rules.periods import Period, whole_period
from zhengtong.systems.service_hall.selectors.reports import latest_report, latest_totals
from zhengtong.systems.service_hall.web import pages

_SHOWN = ("applied", "accepted", "decided", "on_time", "median", "online", "one_trip", "saved")


@public
@require_safe
def totals(request: HttpRequest) -> HttpResponse:
    """Volumes, days, online share, satisfaction of the county, as the latest monthly report has them."""
    report = latest_report(actor_of(request).tenant)
    context: dict[str, Any] = {"breadcrumbs": pages.crumbs((_("上月办件情况"), "")), "report": report}
    if report is not None:
        month = _month(report.month)
        smallest = int(parameters.value(RANKED_FROM, tenant=report.tenant))
        tally = Tally.from_json(report.figures["whole"])
        context |= {
            "month": month.label,
            "figures": [_figure(key, tally) for key in _SHOWN if MEASURES[key].of(tally) is not None],
            "satisfied": _satisfied(report.tenant, month),
            "formulas": [
                {"label": MEASURES[key].label, "value": MEASURES[key].formula} for key in (*_SHOWN, "satisfied")
            ],
            "units": _units(report, smallest),
            "smallest": smallest,
            "unit_columns": [
                {"key": "label", "label": _("单位")},
                {"key": "decided", "label": _("办结（件）"), "kind": "number"},
                {"key": "on_time", "label": _("按期办结率（%）"), "kind": "number"},
                {"key": "median", "label": _("用时中位数（工作日）"), "kind": "number"},
            ],
        }
    return render(request, "service_hall/figures/public.html", context)


def totals_block(request: HttpRequest) -> str | None:
    """The line on the portal's start page; None before the first report."""
    totals_found = latest_totals(settings.ZHENGTONG_TENANT)
    if totals_found is None or not totals_found[1].decided:
        return None
    month, tally = totals_found
    found = {key: plain(MEASURES[key].of(tally)) for key in ("applied", "decided", "on_time")}
    return render_to_string("service_hall/figures/home_block.html", {"month": _month(month).label, **found})


def _month(first: dt.date) -> Period:
    return whole_period(f"{first:%Y-%m}")


def _figure(key: str, tally: Tally) -> dict[str, Any]:
    measure = MEASURES[key]
    return {"label": measure.label, "value": plain(measure.of(tally)), "unit": measure.unit}


def _satisfied(tenant: str, month: Period) -> str:
    """The share of satisfied people; a small number is not published."""
    _units_of, total = ratings.published_figures(tenant, since=month.first, until=month.last)
    return "" if total.masked or total.share_good is None else f"{total.share_good}"


def _units(report: MonthlyReport, smallest: int) -> list[dict[str, Any]]:
    """Units with enough decisions that nobody learns how a single case went."""
    found = []
    for unit in report.figures["units"]:
        tally = Tally.from_json(unit["tally"])
        if tally.decided >= smallest:
            values = {key: plain(MEASURES[key].of(tally)) for key in ("decided", "on_time", "median")}
            found.append({"label": unit["label"], **values})
    return found
