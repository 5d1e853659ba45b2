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
from zhengtong.kernel.sheets import Sheet
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
        "tables": [
            {"title": title, "columns": _columns(head), "rows": _rows(counts)} for title, head, counts in _tables(found)
        ],
        "point_rows": [{"label": title, "n": n} for title, n in found.points],
        "point_columns": [
            {"key": "label", "label": _("检查要点")},
            {"key": "n", "label": _("发现问题"), "kind": "number"},
        ],
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
    sheets = [exports.sheet_of(title, _columns(head), _rows(counts)) for title, head, counts in _tables(found)]
    sheets.append(exports.sheet_of(_("按月"), _columns(_("月份")), _rows(found.months)))
    points = [{"label": title, "n": n} for title, n in found.points]
    sheets.append(Sheet(_("问题最多的要点"), {"label": _("检查要点"), "n": _("发现问题")}, points))
    return exports.download(f"inspections-{found.year}", *sheets)


def _asked(request: HttpRequest) -> Statistics:
    today, text = local_date().year, request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today
    return api.statistics(actor=actor_of(request), year=min(max(year, 2000), today))


def _tables(found: Statistics) -> list[tuple[str, str, Iterable[Count]]]:
    return [
        (_("按单位"), _("单位"), [*found.units, found.total]),
        (_("按计划"), _("督查事项"), found.plans),
    ]


def _columns(head: str) -> list[dict[str, Any]]:
    numbers = [{"key": key, "label": label, "kind": "number"} for key, label in _NUMBERS]
    return [{"key": "label", "label": head}, *numbers, {"key": "rate", "label": _("整改到位率")}]


def _rows(counts: Iterable[Count]) -> list[dict[str, Any]]:
    return [
        {"label": one.label, **{key: getattr(one, key) for key, _label in _NUMBERS}, "rate": _rate(one.passed_rate)}
        for one in counts
    ]


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:g}%"


def _months(found: Statistics) -> str:
    """The finding over the chart: which month brought most."""
    most = max(found.months, key=lambda one: one.bad, default=None)
    if most is None or not most.bad:
        return _("各月发现的问题和整改")
    return _("%(month)s发现的问题最多，%(n)d 个") % {"month": most.label, "n": most.bad}
