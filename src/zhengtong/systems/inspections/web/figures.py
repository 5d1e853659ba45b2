"""Figures of inspections of a year, as a page and as a workbook."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import LEADER, SUPERVISOR
from zhengtong.systems.inspections.rules.figures import FEWEST, Count
from zhengtong.systems.inspections.selectors.figures import Statistics
from zhengtong.systems.inspections.web.words import desk_context

_NUMBERS = (
    ("visits", gettext_lazy("检查")),
    ("points", gettext_lazy("要点")),
    ("bad", gettext_lazy("发现问题")),
    ("serious", gettext_lazy("其中严重")),
    ("passed", gettext_lazy("整改到位")),
    ("open", gettext_lazy("在整改")),
    ("late", gettext_lazy("整改超期")),
    ("referred", gettext_lazy("移交监察")),
)
_YEARS = 5


@requires(SUPERVISOR, LEADER)
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a year: for the office of the county, for a leader of his unit."""
    found = _asked(request)
    today = local_date().year
    context: dict[str, Any] = {
        **desk_context((_("统计"), "")),
        "found": found,
        "filters": [
            {
                "name": "year",
                "label": _("年份"),
                "type": "select",
                "value": str(found.year),
                "options": [(str(year), _("%(y)d年") % {"y": year}) for year in range(today, today - _YEARS, -1)],
            }
        ],
        "months": [{"label": one.label, "bad": one.bad, "passed": one.passed} for one in found.months],
        "series": [{"key": "bad", "label": _("发现问题")}, {"key": "passed", "label": _("其中已整改到位")}],
        "month_words": _months(found),
        "tables": [table for table in [*_tables(found), _points(found)] if table.rows],
        "fewest": FEWEST,
        "export_url": f"{reverse('inspections:figures_xlsx')}?year={found.year}",
    }
    return render(request, "inspections/figures.html", context)


@requires(SUPERVISOR, LEADER)
@never_cache
@require_safe
def figures_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: a sheet for each table."""
    found = _asked(request)
    tables = [*_tables(found), _table(_("按月"), _("月份"), found.months), _points(found)]
    return exports.download(f"inspections-{found.year}", *(table.sheet for table in tables))


def _asked(request: HttpRequest) -> Statistics:
    today, text = local_date().year, request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today
    return api.statistics(actor=actor_of(request), year=min(max(year, 2000), today))


def _tables(found: Statistics) -> list[exports.Table]:
    return [
        _table(_("按单位"), _("单位"), [*found.units, found.total]),
        _table(_("按计划"), _("督查事项"), found.plans),
    ]


def _points(found: Statistics) -> exports.Table:
    return exports.counted(_("问题最多的要点"), _("检查要点"), _("发现问题"), found.points)


def _table(title: str, head: str, counts: Iterable[Count]) -> exports.Table:
    numbers = [{"key": key, "label": label, "kind": "number"} for key, label in _NUMBERS]
    columns: list[dict[str, Any]] = [
        {"key": "label", "label": head},
        *numbers,
        {"key": "rate", "label": _("整改到位率")},
    ]
    rows = [
        {"label": one.label, **{key: getattr(one, key) for key, _label in _NUMBERS}, "rate": _rate(one.passed_rate)}
        for one in counts
    ]
    return exports.Table(title, columns, rows)


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:g}%"


def _months(found: Statistics) -> str:
    """The finding over the chart: which month brought most."""
    most = max(found.months, key=lambda one: one.bad, default=None)
    if most is None or not most.bad:
        return _("各月发现的问题和整改")
    return _("%(month)s发现的问题最多，%(n)d 个") % {"month": most.label, "n": most.bad}
