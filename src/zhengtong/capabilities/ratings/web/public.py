"""Published figures: satisfaction by unit and by item, for everybody, with small numbers masked."""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtong.capabilities.ratings.constants import SMALLEST_PUBLISHED
from zhengtong.capabilities.ratings.rules.figures import Figures
from zhengtong.capabilities.ratings.rules.grades import GRADES
from zhengtong.capabilities.ratings.selectors.figures import published_figures
from zhengtong.kernel import parameters, sheets
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_month
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date

_YEAR = dt.timedelta(days=365)
_COLUMNS = {
    "label": gettext_lazy("单位"),
    "rated": gettext_lazy("计入评价"),
    "very_satisfied": gettext_lazy("非常满意"),
    "satisfied": gettext_lazy("满意"),
    "fairly_satisfied": gettext_lazy("基本满意"),
    "dissatisfied": gettext_lazy("不满意"),
    "very_dissatisfied": gettext_lazy("非常不满意"),
    "share_good": gettext_lazy("满意率"),
    "mean": gettext_lazy("平均星级"),
    "response_rate": gettext_lazy("差评回访率"),
    "excluded": gettext_lazy("认定不计入"),
}


@public
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Units, or the items of one."""
    asked = _asked(request)
    rows, total = published_figures(asked["tenant"], org_id=asked["org_id"], since=asked["since"], until=asked["until"])
    smallest = parameters.value(SMALLEST_PUBLISHED, tenant=asked["tenant"])
    shown = [row for row in rows if not row.masked]
    unit = _unit_name(asked) if asked["org_id"] else ""
    head = _("事项") if unit else _("单位")
    bars = [{"label": row.label, "value": f"{row.share_good}", "note": _n(row)} for row in shown if row.rated]
    context: dict[str, Any] = {
        "unit": unit,
        "total": total,
        "smallest": smallest,
        "period": _("%(a)s至%(b)s") % {"a": cn_date(asked["since"]), "b": cn_date(asked["until"])},
        "filters": [
            {"name": "since", "label": _("从"), "type": "month", "value": f"{asked['since']:%Y-%m}"},
            {"name": "until", "label": _("到"), "type": "month", "value": f"{asked['until']:%Y-%m}"},
        ],
        "bars": bars,
        "finding": _finding(shown, total),
        "label_head": head,
        "columns": [
            {"key": key, "label": head if key == "label" else label, "kind": "text" if key == "label" else "number"}
            for key, label in _COLUMNS.items()
        ],
        "rows": [_row(row, asked, smallest, link=not unit) for row in rows],
        "empty": {"title": _("这段时间没有评价"), "why": _("评价由办事的人在办理环节结束以后作出。")},
        "export_url": f"{reverse('ratings:export')}?{request.GET.urlencode()}",
        "breadcrumbs": _crumbs(unit),
    }
    return render(request, "ratings/published.html", context)


@public
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same table as a workbook."""
    asked = _asked(request)
    rows, total = published_figures(asked["tenant"], org_id=asked["org_id"], since=asked["since"], until=asked["until"])
    smallest = parameters.value(SMALLEST_PUBLISHED, tenant=asked["tenant"])
    columns = {key: str(label) for key, label in _COLUMNS.items()}
    if asked["org_id"]:
        columns["label"] = _("事项")
    every = [*rows, _named(total)] if rows else []
    sheet = sheets.Sheet(_("政务服务满意度"), columns, [_row(row, asked, smallest, link=False) for row in every])
    response = HttpResponse(sheets.xlsx([sheet]), content_type=sheets.XLSX)
    name = f"satisfaction-{asked['since']:%Y%m}-{asked['until']:%Y%m}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Whole months only: figures of days could be subtracted from each other until one person is left."""
    today = local_date()
    until = _month(request.GET.get("until"), today)
    since = min(_month(request.GET.get("since"), until - _YEAR), until)
    following = (until.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return {
        "tenant": actor_of(request).tenant,
        "org_id": _uuid(request.GET.get("org")),
        "since": since.replace(day=1),
        "until": following - dt.timedelta(days=1),
    }


def _month(text: str | None, otherwise: dt.date) -> dt.date:
    """A day of the month that was asked for (``2026-11``)."""
    try:
        found = read_month(text or "")
    except ValueError:
        return otherwise
    return found if dt.date(2000, 1, 1) <= found <= dt.date(2200, 1, 1) else otherwise


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _unit_name(asked: dict[str, Any]) -> str:
    rows, _total = published_figures(asked["tenant"], since=asked["since"], until=asked["until"])
    return next((row.label for row in rows if row.org_id == asked["org_id"]), "")


def _named(total: Figures) -> Figures:
    return Figures(
        label=_("合计"),
        grades=total.grades,
        answered=total.answered,
        in_time=total.in_time,
        excluded=total.excluded,
        masked=total.masked,
    )


def _row(row: Figures, asked: dict[str, Any], smallest: int, *, link: bool) -> dict[str, Any]:
    if row.masked:
        return {"label": row.label, "rated": _("少，不公布")}
    found: dict[str, Any] = {
        "label": row.label,
        "rated": row.rated,
        **{grade: row.grades.get(grade, 0) for grade in GRADES},
        "share_good": _percent(row.share_good),
        "mean": f"{row.mean}" if row.mean is not None else "",
        "response_rate": _percent(row.response_rate),
        "excluded": row.excluded,
    }
    if link and row.rated >= smallest:
        period = f"since={asked['since']:%Y-%m}&until={asked['until']:%Y-%m}"
        found["url"] = f"?org={row.org_id}&{period}"
    return found


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate}%"


def _n(row: Figures) -> str:
    return _("%(n)d 个评价") % {"n": row.rated}


def _finding(shown: Iterable[Figures], total: Figures) -> str:
    rated = [row for row in shown if row.share_good is not None]
    if not rated or total.share_good is None:
        return _("满意率（%）")
    lowest = min(rated, key=lambda row: row.share_good or Decimal(0))
    if lowest.share_good == Decimal("100.0"):
        return _("公布的%(n)d 项满意率都是 100%%") % {"n": len(rated)}
    words = _("总满意率 %(all)s%%，最低的是%(label)s %(low)s%%")
    return words % {"all": total.share_good, "label": lowest.label, "low": lowest.share_good}


def _crumbs(unit: str) -> list[dict[str, str]]:
    start = [{"label": _("首页"), "url": "/"}]
    here = _("政务服务满意度")
    if unit:
        return [*start, {"label": here, "url": reverse("ratings:published")}, {"label": unit, "url": ""}]
    return [*start, {"label": here, "url": ""}]
