"""电子监察月报: the list, one report as it was frozen, its workbook and paper, a unit's own part, what all may see."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.measures import plain
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.kernel.ui import compared, exports
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.supervision import tasks
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, Level, ScoreState
from zhengtong.systems.supervision.models import SupervisionReport
from zhengtong.systems.supervision.permissions import is_supervisor, reads_reports
from zhengtong.systems.supervision.rules.report_figures import MEASURES, TABLE, Measure, MonthTally
from zhengtong.systems.supervision.selectors import reports as selectors
from zhengtong.systems.supervision.selectors.score_inputs import month_after
from zhengtong.systems.supervision.services import reports as services
from zhengtong.systems.supervision.services.moving import SHORTEST_REASON
from zhengtong.systems.supervision.services.scores import month_words
from zhengtong.systems.supervision.web import score_words

_MONTHS_OFFERED = 13
_PUBLIC = ("closed", "on_time", "raised", "yellow", "red", "breach", "confirmed", "cancelled", "rectified")
_LIST = (
    {"key": "month", "label": gettext_lazy("月份")},
    {"key": "version", "label": gettext_lazy("版本")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "by", "label": gettext_lazy("编制")},
    {"key": "second", "label": gettext_lazy("核准")},
    {"key": "at", "label": gettext_lazy("公布时间"), "kind": "datetime"},
    {"key": "reason", "label": gettext_lazy("更正的理由")},
)
_RULES = (
    {"key": "name", "label": gettext_lazy("情形")},
    {"key": "level", "label": gettext_lazy("等级")},
    {"key": "raised", "label": gettext_lazy("亮牌"), "kind": "number"},
    {"key": "confirmed", "label": gettext_lazy("已认定"), "kind": "number"},
    {"key": "cancelled", "label": gettext_lazy("已撤销"), "kind": "number"},
)
_CANCELLED = (
    {"key": "number", "label": gettext_lazy("监察编号")},
    {"key": "org_name", "label": gettext_lazy("责任单位")},
    {"key": "level", "label": gettext_lazy("等级")},
    {"key": "rule", "label": gettext_lazy("情形")},
    {"key": "cause", "label": gettext_lazy("原因")},
    {"key": "reason", "label": gettext_lazy("理由")},
)
_COURSE = ({"key": "yellow", "label": gettext_lazy("黄牌")}, {"key": "red", "label": gettext_lazy("红牌")})
_RATE = ({"key": "on_time", "label": gettext_lazy("按期办结率")},)
_LIT = ({"key": "cards", "label": gettext_lazy("黄牌以上")},)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
@never_cache
def report_list(request: HttpRequest) -> HttpResponse:
    """All reports; who does not read the whole opens his unit's part."""
    return _list(request)


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def draw_up(request: HttpRequest) -> HttpResponse:
    """The first person freezes the figures of a month that has no report yet."""
    month = score_words.asked_month(request)
    try:
        row = services.propose_report(actor=actor_of(request), month=month, reason=request.POST.get("reason", ""))
    except (Conflict, Invalid) as error:
        standing = selectors.last_of(actor_of(request).tenant, month)
        if standing is not None and standing.state == ScoreState.PUBLISHED:
            return _report(request, standing, error=error.message)
        return _list(request, refused=error.message)
    messages.success(request, _("月报已编制，数字从此不变。请另一位监察员核准公布。"))
    return redirect("supervision:report", report_id=row.id)


def _list(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    actor = actor_of(request)
    page = selectors.reports(actor, page=request.GET.get("page"))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("电子监察月报"), "url": ""}],
        "page": page,
        "columns": _LIST,
        "rows": [_row(actor, row) for row in page.rows],
        "refused": refused,
        "months": _months_without(actor) if is_supervisor(actor) else [],
        "empty": {
            "title": _("还没有月报"),
            "why": _("每月结束以后，由一位监察员编制、另一位核准公布。"),
        },
    }
    return render(request, "supervision/reports/list.html", context, status=422 if refused else 200)


def _row(actor: Actor, row: SupervisionReport) -> dict[str, Any]:
    url = reverse("supervision:report", args=[row.id])
    if not reads_reports(actor) and actor.org_id is not None:
        url = reverse("supervision:report_unit", args=[row.id, actor.org_id])
    return {
        "month": month_words(row.month),
        "version": _("第 %(n)d 版") % {"n": row.version},
        "state": row.get_state_display(),
        "by": row.proposed_by,
        "second": row.decided_by,
        "at": row.decided_at,
        "reason": row.reason,
        "url": url,
    }


def _months_without(actor: Actor) -> list[tuple[str, str]]:
    """Months that are over and have no report, the last one first."""
    known, last = selectors.months_reported(actor.tenant), month_after(local_date().replace(day=1), -1)
    found = [month_after(last, -back) for back in range(_MONTHS_OFFERED)]
    return [(f"{month:%Y-%m}", month_words(month)) for month in found if month not in known]


@requires(SUPERVISOR, "leader")
@require_safe
@never_cache
def report_page(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """One report as it was frozen; GET export=xlsx gives the workbook."""
    row = selectors.report(actor_of(request), report_id)
    if request.GET.get("export"):
        return _workbook(row)
    return _report(request, row)


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def decide(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The second person publishes or refuses."""
    actor, agreed = actor_of(request), request.POST.get("agreed") == "yes"
    reason, digest = request.POST.get("reason", ""), request.POST.get("digest", "")
    try:
        services.decide_report(actor=actor, report_id=report_id, agreed=agreed, reason=reason, digest=digest)
    except (Conflict, Invalid) as error:
        return _report(request, selectors.report(actor, report_id), error=error.message)
    messages.success(request, _("已公布，并已通知各单位。") if agreed else _("已退回，没有公布。"))
    return redirect("supervision:report", report_id=report_id)


@requires(SUPERVISOR)
@require_POST
def typeset(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Once more, where the issuing unit was missing when the report was published."""
    actor = actor_of(request)
    try:
        row = services.check_typesetting(actor=actor, report_id=report_id)
    except Conflict as error:
        return _report(request, selectors.report(actor, report_id), error=error.message)
    tasks.issue_report.defer(tenant=row.tenant, report_id=str(row.id))
    messages.success(request, _("PDF 正在排版，稍后刷新。"))
    return redirect("supervision:report", report_id=report_id)


def _report(request: HttpRequest, row: SupervisionReport, *, error: str = "") -> HttpResponse:
    actor, stored = actor_of(request), row.figures
    newest = selectors.last_of(row.tenant, row.month)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(month_words(row.month)),
        "title": services.title_of(row),
        "row": row,
        "state": _state(row),
        "outdated": row.state == ScoreState.SUPERSEDED,
        "decides": services.may_publish(actor, row),
        "waits": row.state == ScoreState.PROPOSED,
        "corrects": is_supervisor(actor) and row.state == ScoreState.PUBLISHED and newest == row,
        "again_hidden": {"month": f"{row.month:%Y-%m}"},
        "error": error,
        "typed": request.POST.get("reason", ""),
        "reason_min": SHORTEST_REASON,
        "pdf_url": reverse("supervision:report_pdf", args=[row.id]) if row.document_id else "",
        "no_paper": services.why_no_paper(row),
        "typeset_url": reverse("supervision:typeset", args=[row.id]) if is_supervisor(actor) else "",
        "unit_url": _own_url(actor, row),
        **_compared(MEASURES.values(), services.tallies_of(stored)),
        "bars": _bars(stored),
        "unit_columns": _unit_columns(),
        "units": [_unit(row, unit) for unit in stored["units"]],
        "ranking": stored["ranking"],
        "rule_columns": _RULES,
        "rules": services.rules_of(stored),
        "cancelled_columns": _CANCELLED,
        "cancelled": _cancelled(stored),
        "course": stored["course"] if any(one["yellow"] or one["red"] for one in stored["course"]) else [],
        "months": stored["months"],
        "course_series": _COURSE,
        "rate_series": _RATE,
        "lit_series": _LIT,
    }
    return render(request, "supervision/reports/report.html", context, status=422 if error else 200)


def _state(row: SupervisionReport) -> str:
    told = {
        "n": row.version,
        "by": row.proposed_by,
        "at": cn_datetime(row.created_at),
        "who": row.decided_by,
        "day": cn_datetime(row.decided_at),
    }
    made = _("第 %(n)d 版，%(by)s %(at)s编制") % told
    if row.state == ScoreState.PROPOSED:
        return made + _("，等待另一位监察员核准。")
    if row.state == ScoreState.REFUSED:
        return made + _("，%(who)s %(day)s没有核准。") % told
    return made + _("，%(who)s %(day)s核准公布。") % told


def _own_url(actor: Actor, row: SupervisionReport) -> str:
    found = any(unit["key"] == str(actor.org_id) for unit in row.figures["units"])
    return reverse("supervision:report_unit", args=[row.id, actor.org_id]) if found else ""


def _bars(stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Units by their cards from yellow up."""
    found = []
    for unit in stored["units"]:
        tally = MonthTally.from_json(unit["tally"])
        if lit := tally.yellow + tally.red + tally.breach:
            note = _("红牌 %(n)d 张") % {"n": tally.red + tally.breach} if tally.red + tally.breach else ""
            found.append({"label": unit["label"], "value": lit, "note": note})
    return found


def _unit_columns() -> list[dict[str, Any]]:
    figures = [
        {"key": key, "label": f"{MEASURES[key].label}（%）" if MEASURES[key].is_share else MEASURES[key].label}
        for key in TABLE
    ]
    return [
        {"key": "label", "label": _("单位")},
        *({**one, "kind": "number"} for one in figures),
        {"key": "place", "label": _("得分名次"), "kind": "number"},
        {"key": "total", "label": _("得分"), "kind": "number"},
    ]


def _unit(row: SupervisionReport, unit: Mapping[str, Any]) -> dict[str, Any]:
    tally = MonthTally.from_json(unit["tally"])
    return {
        "label": unit["label"],
        **{key: plain(MEASURES[key].of(tally)) for key in TABLE},
        "place": plain(unit["place"]),
        "total": unit["total"] or "—",
        "url": reverse("supervision:report_unit", args=[row.id, unit["key"]]),
    }


def _cancelled(stored: Mapping[str, Any], org: str = "") -> list[dict[str, Any]]:
    return [
        one | {"level": str(Level(one["level"]).label)} for one in stored["cancelled"] if not org or one["org"] == org
    ]


def _workbook(row: SupervisionReport) -> HttpResponse:
    """The frozen figures; totals only, no person."""
    months = [month_words(month_after(row.month, -back)) for back in (0, 1, 12)]
    figures = compared.rows(MEASURES.values(), services.tallies_of(row.figures))
    sheets = [
        exports.sheet_of(
            _("说明"), [{"key": "label", "label": _("文字说明")}], [{"label": one} for one in row.sentences]
        ),
        exports.sheet_of(_("指标"), compared.columns(months), figures),
        exports.sheet_of(_("单位"), _unit_columns(), [_numbers(unit) for unit in row.figures["units"]]),
        exports.sheet_of(_("情形"), _RULES, services.rules_of(row.figures)),
        exports.sheet_of(_("撤销"), _CANCELLED, _cancelled(row.figures)),
    ]
    name = _("电子监察月报 %(month)s 第%(n)d版") % {"month": months[0], "n": row.version}
    return exports.download(name, *sheets)


def _numbers(unit: Mapping[str, Any]) -> dict[str, Any]:
    """A unit's line with numbers that a workbook reckons with."""
    tally = MonthTally.from_json(unit["tally"])
    values = {key: MEASURES[key].of(tally) for key in TABLE}
    shown = {key: value if value is None or isinstance(value, int) else float(value) for key, value in values.items()}
    return {"label": unit["label"], **shown, "place": unit["place"], "total": unit["total"]}


@requires(SUPERVISOR, "leader")
@require_safe
@never_cache
def pdf(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The report as a paper; the reading is entered in the ledger as that of any paper."""
    actor = actor_of(request)
    row = selectors.report(actor, report_id)
    if row.document_id is None:
        raise NotFound(_("这份月报还在排版，请稍后再试。"))
    name, content = documents.read_file(actor=actor, document_id=row.document_id, purpose=_("查看电子监察月报"))
    return exports.paper(name, content)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_safe
@never_cache
def unit_part(request: HttpRequest, report_id: uuid.UUID, org_id: uuid.UUID) -> HttpResponse:
    """A unit's own part of a report; any unit's for who reads the whole."""
    actor = actor_of(request)
    whole = org_id != actor.org_id
    row = selectors.report(actor, report_id, whole=whole)
    unit = next((one for one in row.figures["units"] if one["key"] == str(org_id)), None)
    if unit is None:
        raise NotFound(_("这个月的月报里没有这个单位：当月没有办结的办件，也没有亮牌。"))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(f"{month_words(row.month)} {unit['label']}"),
        "title": _("%(unit)s · %(month)s电子监察情况") % {"unit": unit["label"], "month": month_words(row.month)},
        "row": row,
        "unit": unit,
        "state": _state(row),
        "outdated": row.state == ScoreState.SUPERSEDED,
        "whole_url": reverse("supervision:report", args=[row.id]) if reads_reports(actor) else "",
        "cards_url": reverse("supervision:mine") if org_id == actor.org_id else "",
        **_compared(MEASURES.values(), services.tallies_of(unit, now_key="tally")),
        "rule_columns": _RULES,
        "rules": services.rules_of(row.figures, str(org_id)),
        "cancelled_columns": [one for one in _CANCELLED if one["key"] != "org_name"],
        "cancelled": _cancelled(row.figures, str(org_id)),
    }
    return render(request, "supervision/reports/unit.html", context)


@public
@require_safe
def totals(request: HttpRequest) -> HttpResponse:
    """What everybody may see of the newest published report: the county's totals, no unit, no person, no case."""
    row = selectors.newest_published(actor_of(request).tenant)
    context: dict[str, Any] = {"breadcrumbs": [{"label": _("监察情况"), "url": ""}], "row": row}
    if row is not None:
        now = services.tallies_of(row.figures)[0]
        shown = [MEASURES[key] for key in _PUBLIC if MEASURES[key].of(now) is not None]
        context |= {
            "title": _("%(month)s电子监察情况") % {"month": month_words(row.month)},
            "published_at": row.decided_at,
            "corrected": row.version > 1,
            "figures": [{"label": one.label, "value": plain(one.of(now)), "unit": one.unit} for one in shown],
            **_compared(shown, services.tallies_of(row.figures)),
            "ranking_url": _ranking_url(row.month) if row.figures["ranking"]["rows"] else "",
        }
    return render(request, "supervision/reports/public.html", context)


def _ranking_url(month: dt.date) -> str:
    return f"{reverse('supervision_scores:published')}?month={month:%Y-%m}"


def _compared(shown: Iterable[Measure], tallies: Sequence[MonthTally]) -> dict[str, Any]:
    """The table of a month beside others, narrow enough for a phone; how each figure is counted stands below it."""
    shown = list(shown)
    *columns, _formula = compared.columns((_("本月"), _("上月"), _("去年同月")))
    return {
        "compared_columns": columns,
        "compared": compared.rows(shown, tallies),
        "formulas": [{"label": one.label, "value": one.formula} for one in shown],
    }


def _crumbs(label: str) -> list[dict[str, str]]:
    return [
        {"label": _("电子监察月报"), "url": reverse("supervision:reports")},
        {"label": label, "url": ""},
    ]
