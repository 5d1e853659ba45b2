"""From the county to a unit to a day to the cards, and the leader's summary for a phone."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date, cn_day
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.web import cards, words

_LEADER = "leader"
_DAYS = 30
_MOST_DAYS = 366
_COUNTS = (
    {"key": "raised", "label": gettext_lazy("亮牌"), "kind": "number"},
    {"key": "breach", "label": gettext_lazy("严重红牌"), "kind": "number"},
    {"key": "red", "label": gettext_lazy("红牌"), "kind": "number"},
    {"key": "yellow", "label": gettext_lazy("黄牌"), "kind": "number"},
    {"key": "hint", "label": gettext_lazy("提示"), "kind": "number"},
    {"key": "cancelled", "label": gettext_lazy("已撤销"), "kind": "number"},
    {"key": "standing", "label": gettext_lazy("未了结"), "kind": "number"},
)
UNIT_COLUMNS = ({"key": "unit", "label": gettext_lazy("单位")}, *_COUNTS)
DAY_COLUMNS = ({"key": "day", "label": gettext_lazy("日期")}, *_COUNTS)
_SERIES = ({"key": "raised", "label": gettext_lazy("亮牌")}, {"key": "cancelled", "label": gettext_lazy("其中已撤销")})


@requires(SUPERVISOR)
@require_GET
def drill_page(request: HttpRequest) -> HttpResponse:
    """亮牌分布: the county by unit; a unit by day; a day leads to its cards."""
    actor = actor_of(request)
    since, until = _period(request)
    unit = cards.as_uuid(request.GET.get("unit", ""))
    days = selectors.by_day(actor, since, until, unit=unit)
    units = selectors.by_unit(actor, since, until) if unit is None else []
    name = dict(selectors.units_with_cards(actor)).get(unit, "") if unit else ""
    columns = DAY_COLUMNS if unit else UNIT_COLUMNS
    rows = [_day_row(row, unit) for row in days] if unit else [_unit_row(row, since, until) for row in units]
    if request.GET.get("export"):
        title = name or str(_("各单位亮牌"))
        return exports.download(title, exports.sheet_of(title[:31], columns, rows))
    hidden = [{"name": "unit", "type": "hidden", "value": str(unit)}] if unit else []
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(name),
        "title": name or _("亮牌分布"),
        "filters": [
            *hidden,
            {"name": "since", "label": _("自"), "type": "date", "value": since.isoformat()},
            {"name": "until", "label": _("至"), "type": "date", "value": until.isoformat()},
        ],
        "points": _points(days, since, until),
        "series": _SERIES,
        "finding": _finding(days),
        "columns": columns,
        "rows": rows,
        "export_url": cards.export_url(request),
        "empty": {"title": _("这段时间没有亮牌"), "why": _("请更换日期。")},
    }
    return render(request, "supervision/drill.html", context)


@requires(SUPERVISOR, _LEADER)
@require_GET
def summary_page(request: HttpRequest) -> HttpResponse:
    """监察概况: one screen of a phone; the county for supervision, his own unit for a leader."""
    actor = actor_of(request)
    today = local_date()
    since = today - dt.timedelta(days=_DAYS - 1)
    days, counts = selectors.by_day(actor, since, today), selectors.queue_counts(actor)
    whole = actor.has_role(SUPERVISOR)
    listing = reverse("supervision:cards" if whole else "supervision:mine")
    totals = {key: sum(getattr(row, key) for row in days) for key in ("raised", "red", "breach", "cancelled")}
    worst = selectors.cards(actor, selectors.CardFilter(state="open", late=True), by_clock=True, size=5)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("监察概况"), "url": ""}],
        "whole": whole,
        "scope": _("全县") if whole else actor.org_name,
        "figures": [
            {
                "value": selectors.open_count(actor),
                "label": _("未了结的牌"),
                "unit": _("张"),
                "url": f"{listing}?state=open",
            },
            {
                "value": worst.total,
                "label": _("处理逾期"),
                "unit": _("张"),
                "tone": "red" if worst.total else "",
                "url": f"{listing}?late=1",
            },
            {"value": counts["judge"][0], "label": _("待监察员核定"), "unit": _("张"), "url": f"{listing}?queue=judge"},
            {"value": counts["unit"][0], "label": _("待单位说明整改"), "unit": _("张"), "url": f"{listing}?queue=unit"},
        ],
        "totals": totals,
        "days": _DAYS,
        "points": _points(days, since, today),
        "series": _SERIES,
        "finding": _finding(days),
        "units": [_unit_row(row, since, today) for row in selectors.by_unit(actor, since, today)[:8]] if whole else [],
        "worst": words.card_rows(worst.rows),
    }
    return render(request, "supervision/summary.html", context)


def _period(request: HttpRequest) -> tuple[dt.date, dt.date]:
    today = local_date()
    until = cards.as_day(request.GET.get("until", "")) or today
    since = cards.as_day(request.GET.get("since", "")) or until - dt.timedelta(days=_DAYS - 1)
    since, until = min(since, until), max(since, until)
    return max(since, until - dt.timedelta(days=_MOST_DAYS - 1)), until


def _points(days: list[selectors.Tallied], since: dt.date, until: dt.date) -> list[dict[str, Any]]:
    """Every day of the period, also those without a card; by week where there are too many to see."""
    found = {row.day: row for row in days}
    step = 1 if (until - since).days < 45 else 7
    points = []
    for start in range(0, (until - since).days + 1, step):
        rows = [found.get(since + dt.timedelta(days=start + more)) for more in range(step)]
        point: dict[str, Any] = {"label": cn_day(since + dt.timedelta(days=start))}
        point |= {key: sum(getattr(row, key) for row in rows if row) for key in ("raised", "cancelled")}
        points.append(point)
    return points


def _finding(days: list[selectors.Tallied]) -> str:
    if not days:
        return _("没有亮牌")
    most = max(days, key=lambda row: row.raised)
    total = sum(row.raised for row in days)
    return _("共亮牌 %(total)d 张，最多的是%(day)s（%(n)d 张）") % {
        "total": total,
        "day": cn_day(most.day) if most.day else "",
        "n": most.raised,
    }


def _counts(row: selectors.Tallied) -> dict[str, int]:
    return {str(column["key"]): getattr(row, str(column["key"])) for column in _COUNTS}


def _unit_row(row: selectors.Tallied, since: dt.date, until: dt.date) -> dict[str, Any]:
    url = f"{reverse('supervision:drill')}?unit={row.org_id}&since={since}&until={until}"
    return {"unit": row.org_name, "url": url, **_counts(row)}


def _day_row(row: selectors.Tallied, unit: uuid.UUID | None) -> dict[str, Any]:
    url = f"{reverse('supervision:cards')}?unit={unit}&day={row.day}"
    return {"day": cn_date(row.day), "url": url, **_counts(row)}


def _crumbs(name: str) -> list[dict[str, str]]:
    if not name:
        return [{"label": _("亮牌分布"), "url": ""}]
    return [{"label": _("亮牌分布"), "url": reverse("supervision:drill")}, {"label": name, "url": ""}]
