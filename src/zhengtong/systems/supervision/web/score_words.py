"""Columns, rows and small words that pages of scores share."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_month
from zhengtong.systems.supervision.constants import SubjectKind
from zhengtong.systems.supervision.models import ScoreFormula, ScoreRow, ScoreRun
from zhengtong.systems.supervision.selectors import scores as selectors
from zhengtong.systems.supervision.selectors.score_inputs import month_after
from zhengtong.systems.supervision.services.scores import month_words, shown_total

_LEVELS = (
    {"key": "breach", "label": gettext_lazy("严重红牌"), "kind": "number"},
    {"key": "red", "label": gettext_lazy("红牌"), "kind": "number"},
    {"key": "yellow", "label": gettext_lazy("黄牌"), "kind": "number"},
    {"key": "hint", "label": gettext_lazy("预警"), "kind": "number"},
)
_RATES = (
    {"key": "closed", "label": gettext_lazy("办结"), "kind": "number"},
    {"key": "on_time", "label": gettext_lazy("按期办结率"), "kind": "number"},
    {"key": "early", "label": gettext_lazy("提前办结率"), "kind": "number"},
    {"key": "speed_up", "label": gettext_lazy("提速率"), "kind": "number"},
    {"key": "satisfaction", "label": gettext_lazy("满意率"), "kind": "number"},
)
_STEPS = (
    {"key": "done", "label": gettext_lazy("办理环节"), "kind": "number"},
    {"key": "steps_on_time", "label": gettext_lazy("环节按期率"), "kind": "number"},
)
_HEADS = {
    SubjectKind.UNIT: gettext_lazy("单位"),
    SubjectKind.POST: gettext_lazy("岗位"),
    SubjectKind.ITEM: gettext_lazy("事项"),
}
RATE_LABELS: dict[str, Any] = {
    "on_time": gettext_lazy("按期办结率"),
    "early": gettext_lazy("提前办结率"),
    "steps_on_time": gettext_lazy("环节按期率"),
    "speed_up": gettext_lazy("提速率"),
    "yellow_per_thousand": gettext_lazy("每千件黄牌"),
    "red_per_thousand": gettext_lazy("每千件红牌"),
}
#: figure → rows it opens to
OPENS = {"on_time": "cases", "early": "cases:early", "yellow_per_thousand": "cards", "red_per_thousand": "cards"}
_SHOWN = ("on_time", "early", "speed_up", "satisfaction", "steps_on_time")


def columns(kind: str, *, points: bool, of_unit: bool = False) -> list[dict[str, Any]]:
    """Columns of a ranking; of posts also the unit."""
    found: list[dict[str, Any]] = [{"key": "name", "label": _HEADS[SubjectKind(kind)]}]
    found.append({"key": "place", "label": gettext_lazy("名次"), "kind": "number"})
    if of_unit or kind == SubjectKind.POST:
        found.append({"key": "org", "label": gettext_lazy("单位")})
    if points:
        found.append({"key": "total", "label": gettext_lazy("得分"), "kind": "number"})
    return [*found, *_LEVELS, *(_STEPS if kind == SubjectKind.POST else _RATES)]


def ranked(rows: Sequence[ScoreRow], *, links: bool = True) -> list[dict[str, Any]]:
    """Rows of a ranking, each leading to its arithmetic."""
    return [
        {
            "name": row.name,
            "place": row.place,
            "org": row.org_name,
            "total": shown_total(row),
            **{level: row.detail["counts"].get(level, 0) for level in ("breach", "red", "yellow", "hint")},
            "done": row.detail["rates"]["steps_on_time"]["whole"],
            "closed": row.detail["rates"]["on_time"]["whole"],
            **{key: rate_of(row.detail["rates"], key) for key in _SHOWN},
            **({"url": reverse("supervision_scores:row", args=[row.id])} if links else {}),
        }
        for row in rows
    ]


def whole_name(row: ScoreRow) -> str:
    """A subject's name; of a post with its unit."""
    return f"{row.org_name} {row.name}" if row.kind == SubjectKind.POST else row.name


def cards_of(row: ScoreRow) -> str:
    """Cards that counted, in words; empty without any."""
    counts = row.detail["counts"]
    found = [(str(level["label"]), counts.get(level["key"], 0)) for level in _LEVELS]
    return "、".join(f"{label} {number}" for label, number in found if number)


def rate_of(rates: Mapping[str, Any], key: str) -> str:
    """A rate as a list shows it; empty where the denominator is too small."""
    value = rates.get(key, {}).get("value")
    if value is None:
        return ""
    return str(value) if key.endswith("thousand") else f"{value}%"


def asked_month(request: HttpRequest, *, default: dt.date | None = None) -> dt.date:
    """The month a browser asked for, the one before this when nothing or nonsense was asked."""
    try:
        found = read_month(request.GET.get("month") or request.POST.get("month", ""))
    except ValueError:
        found = default or month_after(local_date().replace(day=1), -1)
    return found if 2000 <= found.year <= 2100 else month_after(local_date().replace(day=1), -1)


def asked_formula(request: HttpRequest, tenant: str) -> tuple[list[ScoreFormula], ScoreFormula | None]:
    """The formulas in force, and the one a browser asked for (the first by default)."""
    known = selectors.formulas(tenant)
    wanted = request.GET.get("formula") or request.POST.get("formula", "")
    return known, next((one for one in known if one.key == wanted), known[0] if known else None)


def formula_filter(known: Sequence[ScoreFormula], chosen: ScoreFormula | None) -> dict[str, Any]:
    """The choice of a formula in a filter bar."""
    options = [(one.key, one.name) for one in known]
    return {
        "name": "formula",
        "label": _("评分办法"),
        "type": "select",
        "options": options,
        "value": chosen.key if chosen else "",
    }


def month_filter(month: dt.date) -> dict[str, Any]:
    """The choice of a month in a filter bar."""
    return {"name": "month", "label": _("月份"), "type": "month", "value": f"{month:%Y-%m}"}


def crumbs(*rest: tuple[str, str]) -> list[dict[str, str]]:
    """监察得分, then what the page is."""
    first = {"label": _("监察得分"), "url": reverse("supervision_scores:ranking") if rest else ""}
    return [first, *({"label": label, "url": url} for label, url in rest)]


def state_words(run: ScoreRun) -> str:
    """One sentence on where a run stands and what it was worked out from."""
    told = {
        "name": run.formula.name,
        "n": run.formula.version,
        "rows": run.inputs_count,
        "digest": run.inputs_digest[:12],
        "version": run.version,
        "who": run.decided_by,
        "by": run.proposed_by,
    }
    base = _("按“%(name)s”第 %(n)d 版，由 %(rows)d 行数据算出（摘要 %(digest)s）。") % told
    if run.state == "computed":
        return _("试算，还没有冻结公布。") + base
    if run.state == "proposed":
        return _("第 %(version)d 版，%(by)s已冻结，等待另一位监察员核准。") % told + base
    if run.state == "refused":
        return _("第 %(version)d 版，%(who)s没有核准。") % told + base
    if run.state == "superseded":
        return _("第 %(version)d 版，已由更正版代替。") % told + base
    return _("第 %(version)d 版，%(by)s冻结、%(who)s核准公布。") % told + base


def title_of(month: dt.date) -> str:
    """2026年10月监察得分."""
    return _("%(month)s监察得分") % {"month": month_words(month)}
