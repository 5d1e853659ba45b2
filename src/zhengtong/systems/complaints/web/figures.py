"""Figures of complaints: by unit, kind, item, outcome, month; as a page and as a workbook."""

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
from zhengtong.kernel.dates import months_asked
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import LEADER, SUPERVISOR
from zhengtong.systems.complaints.rules.figures import FEWEST, Count
from zhengtong.systems.complaints.selectors.statistics import Statistics
from zhengtong.systems.complaints.web.words import desk_crumbs

_NUMBERS = (
    {"key": "received", "label": gettext_lazy("收到"), "kind": "number"},
    {"key": "open", "label": gettext_lazy("在办"), "kind": "number"},
    {"key": "late", "label": gettext_lazy("其中超期"), "kind": "number"},
    {"key": "answered", "label": gettext_lazy("已答复"), "kind": "number"},
    {"key": "on_time", "label": gettext_lazy("按期率"), "kind": "number"},
    {"key": "founded", "label": gettext_lazy("属实"), "kind": "number"},
    {"key": "founded_share", "label": gettext_lazy("属实率"), "kind": "number"},
    {"key": "rated", "label": gettext_lazy("评价"), "kind": "number"},
    {"key": "satisfaction", "label": gettext_lazy("满意率"), "kind": "number"},
)


@requires(SUPERVISOR, LEADER)
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a time: for the office of the county, for a leader of what his unit handles."""
    found = _asked(request)
    context: dict[str, Any] = {
        "desk_title": _("咨询投诉"),
        "breadcrumbs": desk_crumbs((_("统计"), "")),
        "found": found,
        "period": _("%(a)s至%(b)s收到的来件") % {"a": cn_date(found.since), "b": cn_date(found.until)},
        "filters": [
            {"name": "since", "label": _("从"), "type": "month", "value": f"{found.since:%Y-%m}"},
            {"name": "until", "label": _("到"), "type": "month", "value": f"{found.until:%Y-%m}"},
        ],
        "rates": [(_("按期率"), found.total.on_time_rate), (_("满意率"), found.total.satisfaction_rate)],
        "months": [
            {"label": _short(one.key, len(found.months)), "received": one.received, "answered": one.answered}
            for one in found.months
        ],
        "series": [{"key": "received", "label": _("收到")}, {"key": "answered", "label": _("其中已答复")}],
        "month_words": _months(found),
        "tables": [table for table in [*_tables(found), _outcomes(found)] if table.rows],
        "figures_title": _("咨询投诉统计"),
        "nothing": _("这段时间没有收到来件"),
        "formula": _(
            "按收到的月份统计。按期率 = 按期答复 ÷ 已答复；属实率 =（属实 + 部分属实）÷ 有结论的投诉和举报；"
            "满意率 =（满意 + 基本满意）÷ 已评价。分母不足 %(fewest)d 件的不计算。"
        )
        % {"fewest": FEWEST},
        "export_url": f"{reverse('complaints:figures_xlsx')}?{request.GET.urlencode()}",
    }
    return render(request, "ui/letter_figures.html", context)


@requires(SUPERVISOR, LEADER)
@never_cache
@require_safe
def figures_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: a sheet for each table."""
    found = _asked(request)
    tables = [*_tables(found), _table(_("按月"), _("月份"), found.months), _outcomes(found)]
    return exports.download(f"complaints-{found.since:%Y%m}-{found.until:%Y%m}", *(table.sheet for table in tables))


def _asked(request: HttpRequest) -> Statistics:
    """Whole months, the last twelve by default."""
    since, until = months_asked(request.GET.get("since"), request.GET.get("until"), today=local_date())
    return api.statistics(actor=actor_of(request), since=since, until=until)


def _tables(found: Statistics) -> list[exports.Table]:
    return [
        _table(_("按承办单位"), _("承办单位"), found.units),
        _table(_("按类别"), _("类别"), [*found.kinds, found.total] if found.kinds else []),
        _table(_("按事项"), _("事项"), found.items),
    ]


def _outcomes(found: Statistics) -> exports.Table:
    return exports.counted(_("按结果"), _("结果"), _("件数"), found.outcomes)


def _table(title: str, head: str, counts: Iterable[Count]) -> exports.Table:
    rows = [
        {
            "label": one.label,
            "received": one.received,
            "open": one.open,
            "late": one.late,
            "answered": one.answered,
            "on_time": _rate(one.on_time_rate),
            "founded": one.founded,
            "founded_share": _rate(one.founded_rate),
            "rated": one.rated,
            "satisfaction": _rate(one.satisfaction_rate),
        }
        for one in counts
    ]
    return exports.Table(title, [{"key": "label", "label": head}, *_NUMBERS], rows)


def _rate(value: object) -> str:
    return "" if value is None else f"{value}%"


def _short(month: str, of: int) -> str:
    """A month under its column: 11月; with the year where a year's months come twice."""
    year, number = month.split("-")
    return f"{year[2:]}-{number}" if of > 12 else _("%(m)d月") % {"m": int(number)}


def _months(found: Statistics) -> str:
    """The finding over the chart: which month brought most."""
    most = max(found.months, key=lambda one: one.received, default=None)
    if most is None or not most.received:
        return _("每月收到和答复的来件")
    return _("%(month)s收到最多，%(n)d 件") % {"month": most.label, "n": most.received}
