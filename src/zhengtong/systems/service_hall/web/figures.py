"""办件统计: figures of the county, a unit or an item in a time, the cases behind each, both as workbooks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.constants import CaseOutcome
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.measures import words
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import Sheet
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import mask_name
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicantKind
from zhengtong.systems.service_hall.models import CaseFigure
from zhengtong.systems.service_hall.rules.figures import MEASURES, Tally
from zhengtong.systems.service_hall.selectors import figures
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web import figures_frame as frames

_BARS = 12
_OUTCOMES = dict(CaseOutcome.choices)


@requires(*frames.READERS)
@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """GET period (2026-11, 2026-Q4, 2026, or free with from and until), org, item, export=xlsx."""
    actor = actor_of(request)
    asked = frames.asked_by(request, actor)
    lines, asked = _lines(actor, asked)
    times = asked.period, asked.period.before(), asked.period.last_year()
    tallies = [figures.tally(actor, asked.place, time) for time in times]
    if request.GET.get("export") == "xlsx":
        return _workbook(asked, tallies, lines)
    urls = [_line_url(asked, line) for line in lines]
    context = frames.frame(actor, "figures") | {
        "title": asked.place.item_name or asked.place.org_name or _("全县"),
        "asked": asked,
        "crumbs": _crumbs(actor, asked),
        "filters": frames.filters(asked),
        "groups": frames.cards(asked, *tallies),
        "nothing": tallies[0].empty,
        "lines_title": _("各事项") if asked.place.org_id else _("各单位"),
        "columns": frames.measure_columns(_("事项") if asked.place.org_id else _("单位")),
        "rows": [frames.line_of(line) | {"url": url} for line, url in zip(lines, urls, strict=True)],
        "bars": frames.decided_bars(lines, urls)[:_BARS],
        "formula_columns": [{"key": "label", "label": _("指标")}, {"key": "formula", "label": _("算法")}],
        "formulas": list(MEASURES.values()),
        "export_url": f"?{asked.query(export='xlsx')}",
        **_charts(actor, asked, tallies[0]),
    }
    return render(request, "service_hall/figures/page.html", context)


def _lines(actor: Actor, asked: frames.Asked) -> tuple[list[figures.Line], frames.Asked]:
    """The units of the county or the items of a unit; who has one unit only sees its items at once."""
    if asked.place.item_code:
        return [], asked
    if asked.place.org_id is None:
        units = figures.by_unit(actor, asked.period)
        if figures.sees_county(actor) or len(units) != 1:
            return units, asked
        asked = frames.Asked(figures.unit_place(units[0]), asked.period)
    return figures.by_item(actor, asked.place, asked.period), asked


def _line_url(asked: frames.Asked, line: figures.Line) -> str:
    """A unit opens its items, an item the cases that were decided, or came in where none was."""
    if asked.place.org_id is None:
        return asked.url(org=line.key)
    return asked.url("figures-cases", item=line.key, measure="decided" if line.tally.decided else "applied")


def _crumbs(actor: Actor, asked: frames.Asked) -> list[dict[str, str]]:
    place = asked.place
    found = [{"label": _("全县") if figures.sees_county(actor) else _("本单位"), "url": asked.url(org=None, item=None)}]
    if place.org_id:
        found.append({"label": place.org_name, "url": asked.url(item=None)})
    if place.item_code:
        found.append({"label": place.item_name, "url": asked.url()})
    found[-1] = found[-1] | {"url": ""}
    return found


def _charts(actor: Actor, asked: frames.Asked, now: Tally) -> dict[str, Any]:
    months = figures.months(actor, asked.place, asked.period.last)
    said = {key: words(MEASURES[key], MEASURES[key].of(now)) for key in ("applied", "decided", "median", "on_time")}
    said["time"] = asked.period.label
    channels = [
        {"label": label, "value": count}
        for label, count in (
            (_("网上申请"), now.online),
            (_("县窗口代录"), now.counter),
            (_("乡镇和村代录"), now.town),
        )
    ]
    return {
        "course": figures.course(actor, asked.place, asked.period),
        "course_finding": _("%(time)s收件 %(applied)s，办结 %(decided)s") % said,
        "course_series": [{"key": "applied", "label": _("收件")}, {"key": "decided", "label": _("办结")}],
        "months": months,
        "days_finding": _("近 13 个月办理用时；%(time)s中位数 %(median)s") % said,
        "days_series": [{"key": "median", "label": _("中位数")}, {"key": "p90", "label": _("九成办件不超过")}],
        "on_time_finding": _("近 13 个月按期办结率；%(time)s %(on_time)s") % said,
        "on_time_series": [{"key": "on_time", "label": _("按期办结率")}],
        "channels": channels if now.applied else [],
        "has_months": any(month["median"] is not None for month in months),
    }


def _workbook(asked: frames.Asked, tallies: list[Tally], lines: list[figures.Line]) -> HttpResponse:
    """All figures with formulas, and the table of units or items; totals only, no person."""
    names = (asked.period.label, asked.period.before().label, asked.period.last_year().label)
    columns: dict[str, str] = {"label": _("指标"), "unit": _("计量单位")}
    columns |= {f"t{place}": name for place, name in enumerate(names)} | {"formula": _("算法")}
    rows = [
        {
            "label": measure.label,
            "unit": measure.unit,
            "formula": measure.formula,
            **{f"t{place}": frames.number(measure, tally) for place, tally in enumerate(tallies)},
        }
        for measure in MEASURES.values()
    ]
    sheets = [Sheet(_("指标"), columns, rows)]
    if lines:
        head = _("事项") if asked.place.org_id else _("单位")
        keys = tuple(MEASURES)
        table = [frames.measure_row(line.label, line.tally, keys) for line in lines]
        sheets.append(exports.sheet_of(head, frames.measure_columns(head, keys), table))
    place = asked.place.item_name or asked.place.org_name or _("全县")
    return exports.download(_("%(place)s办件统计 %(time)s") % {"place": place, "time": asked.period.label}, *sheets)


@requires(*frames.READERS)
@require_safe
@never_cache
def behind(request: HttpRequest) -> HttpResponse:
    """The cases a figure counts; GET as for the figures, and measure, page, export=xlsx."""
    actor = actor_of(request)
    asked = frames.asked_by(request, actor)
    key = request.GET.get("measure", "decided")[:20]
    if request.GET.get("export") == "xlsx":
        return _cases_workbook(actor, asked, key)
    found = figures.cases_behind(actor, asked.place, asked.period, key, page=request.GET.get("page"))
    measure = MEASURES.get(key)
    here = [*_crumbs(actor, asked)[:-1], {"label": asked.place.item_name or asked.place.org_name, "url": asked.url()}]
    context = frames.frame(actor, "figures") | {
        "title": measure.label if measure else _("超期办结"),
        "formula": measure.formula if measure else _("办结的办件中超过承诺时限的"),
        "asked": asked,
        "crumbs": [each for each in here if each["label"]] or _crumbs(actor, asked),
        "filters": [*frames.filters(asked), {"name": "measure", "type": "hidden", "value": key}],
        "page": found,
        "columns": _SHOWN,
        "rows": _rows(actor, found.rows),
        "total": _("共 %(count)d 件") % {"count": found.total},
        "empty": {"title": _("没有这样的办件"), "why": _("换一个时间或者指标再看。")},
        "export_url": f"?{asked.query(measure=key, export='xlsx')}",
        "place_url": asked.url(),
    }
    return render(request, "service_hall/figures/cases.html", context)


_SHOWN: list[dict[str, Any]] = [
    {"key": "number", "label": gettext_lazy("编号"), "kind": "code"},
    {"key": "item", "label": gettext_lazy("事项")},
    {"key": "unit", "label": gettext_lazy("主办单位")},
    {"key": "applicant", "label": gettext_lazy("申请人")},
    {"key": "applied", "label": gettext_lazy("收件"), "kind": "date"},
    {"key": "closed", "label": gettext_lazy("办结"), "kind": "date"},
    {"key": "outcome", "label": gettext_lazy("结果")},
    {"key": "used", "label": gettext_lazy("用时 / 承诺（工作日）"), "kind": "number"},
    {"key": "lamp", "label": gettext_lazy("时限"), "kind": "lamp"},
]


def _columns() -> list[dict[str, str]]:
    """All that the workbook holds of a case."""
    return [
        {"key": "number", "label": _("编号"), "kind": "code"},
        {"key": "item", "label": _("事项")},
        {"key": "unit", "label": _("主办单位")},
        {"key": "applicant", "label": _("申请人")},
        {"key": "channel", "label": _("受理渠道")},
        {"key": "applied", "label": _("收件"), "kind": "date"},
        {"key": "accepted", "label": _("受理"), "kind": "date"},
        {"key": "closed", "label": _("办结"), "kind": "date"},
        {"key": "outcome", "label": _("结果")},
        {"key": "days", "label": _("用时（工作日）"), "kind": "number"},
        {"key": "promised", "label": _("承诺（工作日）"), "kind": "number"},
        {"key": "lamp", "label": _("时限"), "kind": "lamp"},
    ]


def _rows(actor: Actor, found: list[CaseFigure]) -> list[dict[str, Any]]:
    """Lines of the list; the applicant, masked, and the way into a case only for who may see that case."""
    seen = cases.visible_of(actor=actor, case_ids=[row.case_id for row in found])
    return [_row(row, seen=row.case_id in seen) for row in found]


def _row(row: CaseFigure, *, seen: bool) -> dict[str, Any]:
    person = row.application.applicant_kind == ApplicantKind.PERSON
    name = row.application.applicant_name
    late = "red" if row.late_on else "green"
    return {
        "number": row.number,
        "item": row.item_name,
        "unit": row.org_name,
        "applicant": (mask_name(name) if person else name) if seen else "",
        "channel": row.get_channel_display(),
        "applied": row.applied_on,
        "accepted": row.accepted_on,
        "closed": row.closed_on,
        "outcome": str(_OUTCOMES[row.outcome]) if row.outcome else _("办理中"),
        "days": row.days,
        "promised": row.promised_days,
        "used": " / ".join("—" if days is None else str(days) for days in (row.days, row.promised_days)),
        "lamp": "deep_red" if row.statutory_late else late,
        "url": desk_pages.case_url(row.case_id) if seen else "",
    }


def _cases_workbook(actor: Actor, asked: frames.Asked, key: str) -> HttpResponse:
    found = list(figures.all_behind(actor, asked.place, asked.period, key, exports.MOST_ROWS))
    rows = _rows(actor, found)
    narrowed = {"measure": key, "period": asked.period.label, "unit": asked.place.org_name}
    narrowed["item"] = asked.place.item_code
    api.record_export(actor=actor, name="figures-cases", rows=len(rows), narrowed=narrowed)
    return exports.download(
        _("办件清单 %(time)s") % {"time": asked.period.label}, exports.sheet_of(_("办件清单"), _columns(), rows)
    )
