"""The inspection on the desk: the board of the group, one site, the league table of a month and the rows behind it."""

import datetime as dt
import re
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.systems.sites.constants import ADMIN, INSPECTION_READERS, STAFF_ROLES, Explained, SiteKind
from zhengtong.systems.sites.models import GovernmentSite, SiteFinding
from zhengtong.systems.sites.rules.inspection import advice
from zhengtong.systems.sites.selectors import inspection_board as reads
from zhengtong.systems.sites.selectors import outside
from zhengtong.systems.sites.selectors.desk import own_sites
from zhengtong.systems.sites.services import explaining, inspecting

_WORDS = {
    "green": gettext_lazy("正常"),
    "yellow": gettext_lazy("有问题"),
    "red": gettext_lazy("单项否决"),
    "": gettext_lazy("还没有监测"),
}
_SITES = [
    {"key": "name", "label": gettext_lazy("网站")},
    {"key": "lamp", "label": gettext_lazy("监测结果"), "kind": "lamp"},
    {"key": "org", "label": gettext_lazy("主办单位")},
    {"key": "kind", "label": gettext_lazy("类别")},
    {"key": "number", "label": gettext_lazy("发现的问题"), "kind": "number"},
    {"key": "updated_on", "label": gettext_lazy("最近更新"), "kind": "date"},
]
_COLUMNS = [
    {"key": "title", "label": gettext_lazy("栏目")},
    {"key": "lamp", "label": gettext_lazy("期限"), "kind": "lamp"},
    {"key": "cycle", "label": gettext_lazy("更新周期（天）"), "kind": "number"},
    {"key": "since", "label": gettext_lazy("最近更新"), "kind": "date"},
    {"key": "person", "label": gettext_lazy("责任人")},
    {"key": "backup", "label": gettext_lazy("替补人")},
]
_REACH = [
    {"key": "day", "label": gettext_lazy("日期"), "kind": "date"},
    {"key": "tries", "label": gettext_lazy("打开次数"), "kind": "number"},
    {"key": "failures", "label": gettext_lazy("打不开次数"), "kind": "number"},
    {"key": "problem", "label": gettext_lazy("最近一次的问题")},
]
_CLOSED = [
    {"key": "indicator", "label": gettext_lazy("指标")},
    {"key": "place", "label": gettext_lazy("网页或者栏目")},
    {"key": "evidence", "label": gettext_lazy("证据")},
    {"key": "opened_on", "label": gettext_lazy("发现日"), "kind": "date"},
    {"key": "closed_on", "label": gettext_lazy("销号日"), "kind": "date"},
]
_LEAGUE = [
    {"key": "name", "label": gettext_lazy("网站")},
    {"key": "place", "label": gettext_lazy("名次"), "kind": "number"},
    {"key": "score", "label": gettext_lazy("得分")},
    {"key": "findings", "label": gettext_lazy("计分的问题"), "kind": "number"},
    {"key": "veto_days", "label": gettext_lazy("有单项否决的天数"), "kind": "number"},
]
_ROWS = [*_CLOSED, {"key": "off", "label": gettext_lazy("扣分")}]
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@requires(*INSPECTION_READERS)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The sites within reach, the worst first."""
    actor = actor_of(request)
    every = reads.board(actor)
    lamp, kind, text = (request.GET.get(name, "").strip()[:40] for name in ("lamp", "kind", "q"))
    shown = [
        one
        for one in every
        if (not lamp or one.lamp == lamp) and (not kind or one.site.kind == kind) and text in one.site.name
    ]
    context = {
        "desk_title": _("网站监测"),
        "breadcrumbs": [{"label": _("网站监测"), "url": ""}],
        "run": reads.last_run(actor.tenant),
        "figures": [(_WORDS[key], sum(one.lamp == key for one in every), key) for key in ("red", "yellow", "green")],
        "filters": [
            {"name": "q", "label": _("网站名称"), "type": "text"},
            {
                "name": "lamp",
                "label": _("监测结果"),
                "type": "select",
                "options": [("", _("全部")), *((key, word) for key, word in _WORDS.items() if key)],
            },
            {"name": "kind", "label": _("类别"), "type": "select", "options": [("", _("全部")), *SiteKind.choices]},
        ],
        "total": _("共 %(n)d 个网站") % {"n": len(shown)},
        "columns": _SITES,
        "rows": [
            {
                "name": one.site.name,
                "url": reverse("sites_desk:inspected", args=[one.site.pk]),
                "lamp": _lamp(one.lamp, "；".join(one.check.vetoes[:2]) if one.check else ""),
                "org": one.site.org_name,
                "kind": one.site.get_kind_display(),
                "number": one.number,
                "updated_on": one.check.updated_on if one.check else None,
            }
            for one in shown
        ],
        "empty": {"title": _("没有符合的网站"), "why": _("换一个条件再看。")},
        "keeps_group": actor.has_role(ADMIN),
        "to_review": reads.to_review(actor) if actor.has_role(ADMIN) else [],
    }
    return render(request, "sites/inspection/board.html", context)


@requires(ADMIN)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Have the worker look at all sites once more."""
    inspecting.inspect_again(actor=actor_of(request))
    messages.success(request, _("已经开始重新监测，完成的网站数会显示在这里，几分钟后刷新查看。"))
    return redirect("sites_desk:inspection")


@requires(*INSPECTION_READERS)
@require_safe
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """What is wrong with one site, who answers for its columns, how it opened these days."""
    return _site_page(request, reads.inspected_site(actor_of(request), site_id))


@requires(*STAFF_ROLES)
@require_POST
def site_again(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """Look at it again, now."""
    inspecting.inspect_site(actor=actor_of(request), site_id=site_id)
    messages.success(request, _("已经重新监测，改好的问题已经销号。"))
    return redirect("sites_desk:inspected", site_id=site_id)


@requires(*STAFF_ROLES)
@require_POST
def explain(request: HttpRequest, site_id: uuid.UUID, finding_id: uuid.UUID) -> HttpResponse:
    """Say why something is no fault."""
    actor = actor_of(request)
    found = reads.inspected_site(actor, site_id)
    words = request.POST.get("words", "")[:600]
    try:
        explaining.explain_finding(actor=actor, finding_id=finding_id, words=words)
    except (Invalid, Conflict) as refusal:
        return _site_page(request, found, wrong=(finding_id, refusal.message, words), status=_status(refusal))
    messages.success(request, _("说明已经提交，由网站群管理员审核。"))
    return redirect("sites_desk:inspected", site_id=site_id)


@requires(ADMIN)
@require_POST
def review(request: HttpRequest, site_id: uuid.UUID, finding_id: uuid.UUID) -> HttpResponse:
    """Say whether an explanation stands."""
    actor = actor_of(request)
    found = reads.inspected_site(actor, site_id)
    accept, opinion = request.POST.get("decision") == "accept", request.POST.get("opinion", "")[:600]
    try:
        explaining.review_explanation(actor=actor, finding_id=finding_id, accept=accept, opinion=opinion)
    except (Invalid, Conflict) as refusal:
        return _site_page(request, found, wrong=(finding_id, refusal.message, opinion), status=_status(refusal))
    messages.success(request, _("审核意见已经保存。"))
    return redirect("sites_desk:inspected", site_id=site_id)


@requires(*INSPECTION_READERS)
@require_safe
def league(request: HttpRequest) -> HttpResponse:
    """The sites by their score in a month."""
    actor, month = actor_of(request), _month(request)
    table = reads.league(actor, month)
    rows = [
        {
            "name": one.site.name,
            "url": f"{reverse('sites_desk:league_rows', args=[one.site.pk])}?month={month:%Y-%m}",
            "place": one.place,
            "score": f"{one.score:.1f}",
            "findings": one.findings,
            "veto_days": one.veto_days,
        }
        for one in table
    ]
    title = _("%(month)s网站监测月度得分") % {"month": _("%(y)d 年 %(m)d 月") % {"y": month.year, "m": month.month}}
    if request.GET.get("format") == "xlsx":
        return exports.download(f"sites-{month:%Y-%m}", exports.Table(title, _LEAGUE, rows).sheet)
    context = {
        "desk_title": title,
        "title": title,
        "breadcrumbs": [_here(), {"label": _("月度得分"), "url": ""}],
        "filters": [{"name": "month", "label": _("月份"), "type": "month", "value": f"{month:%Y-%m}"}],
        "columns": _LEAGUE,
        "rows": rows,
        "export": f"?month={month:%Y-%m}&format=xlsx",
        "empty": {"title": _("这个月还没有监测"), "why": _("网站开通以后每天夜里监测一次。")},
    }
    return render(request, "sites/inspection/league.html", context)


@requires(*INSPECTION_READERS)
@require_safe
def league_rows(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """The findings a score was counted from, with what each takes off."""
    actor, month = actor_of(request), _month(request)
    found = reads.inspected_site(actor, site_id)
    points = reads.points_of(actor.tenant, reads.span_of(month)[1])
    rows = [{**_closed(row), "off": f"{points.get(row.indicator, 0):g}"} for row in reads.league_rows(found, month)]
    off = sum(float(row["off"]) for row in rows)
    context = {
        "desk_title": found.name,
        "breadcrumbs": [
            _here(),
            {"label": _("月度得分"), "url": f"{reverse('sites_desk:league')}?month={month:%Y-%m}"},
            {"label": found.name, "url": ""},
        ],
        "site": found,
        "month": month,
        "columns": _ROWS,
        "rows": rows,
        "sum": _("100 − %(off)g = %(score)g 分%(floor)s")
        % {"off": round(off, 2), "score": max(0, round(100 - off, 2)), "floor": _("（扣完为止）") if off > 100 else ""},
        "empty": {"title": _("这个月没有扣分"), "why": _("没有发现问题，或者说明都成立。")},
    }
    return render(request, "sites/inspection/league_rows.html", context)


def _here() -> dict[str, str]:
    return {"label": _("网站监测"), "url": reverse("sites_desk:inspection")}


def _month(request: HttpRequest) -> dt.date:
    asked = request.GET.get("month", "")
    return dt.date.fromisoformat(f"{asked}-01") if _MONTH.fullmatch(asked) else local_date().replace(day=1)


def _status(refusal: Invalid | Conflict) -> int:
    return 422 if isinstance(refusal, Invalid) else 409


def _lamp(lamp: str, note: str = "") -> dict[str, Any]:
    return {"state": lamp or "none", "label": _WORDS[lamp], "note": note}


def _left(left: int | None) -> dict[str, Any]:
    if left is None:
        return {"state": "none", "label": _("不限")}
    if left < 0:
        return {"state": "red", "label": _("已过期"), "note": _("超过 %(n)d 天") % {"n": -left}}
    lamp = "yellow" if left <= 3 else "green"
    return {"state": lamp, "label": _("临期") if left <= 3 else _("正常"), "note": _("还有 %(n)d 天") % {"n": left}}


def _closed(row: SiteFinding) -> dict[str, Any]:
    names = ("place", "evidence", "opened_on", "closed_on")
    return {"indicator": row.get_indicator_display(), **{name: getattr(row, name) for name in names}}


def _site_page(
    request: HttpRequest,
    found: GovernmentSite,
    *,
    wrong: tuple[uuid.UUID, str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    check = reads.newest_check(found)
    keeps = actor.has_role(*STAFF_ROLES) and any(one.pk == found.pk for one in own_sites(actor))
    context = {
        "desk_title": found.name,
        "breadcrumbs": [_here(), {"label": found.name, "url": ""}],
        "site": found,
        "check": check,
        "lamp": _lamp(check.lamp if check else ""),
        "findings": [_shown(row, wrong) for row in reads.open_findings(found)],
        "columns": _COLUMNS,
        "answerable": [
            {
                "title": one.column.title,
                "lamp": _left(one.left),
                "cycle": one.cycle,
                "since": one.column.since,
                "person": one.person or _("没有设定"),
                "backup": one.backup,
            }
            for one in reads.answerable(found, local_date())
        ],
        "reach_columns": _REACH,
        "outside": outside.figures(found) if outside.is_examined() else None,
        "reach": reads.week_of(found),
        "closed_columns": _CLOSED,
        "closed": [_closed(row) for row in reads.closed_findings(found)],
        "keeps": keeps,
        "keeps_group": actor.has_role(ADMIN),
        "problem": wrong[1] if wrong else "",
    }
    return render(request, "sites/inspection/site.html", context, status=status)


def _shown(row: SiteFinding, wrong: tuple[uuid.UUID, str, str] | None) -> dict[str, Any]:
    typed = wrong[2] if wrong and wrong[0] == row.pk else ""
    return {
        "row": row,
        "advice": advice(row.indicator),
        "explainable": row.explained in (Explained.NO, Explained.REFUSED),
        "reviewable": row.explained == Explained.ASKED,
        "typed": typed,
        "error": wrong[1] if wrong and wrong[0] == row.pk else "",
    }
