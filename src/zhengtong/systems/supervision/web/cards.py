"""Cards: the list, one card with all that speaks for and against it, and the acts."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, CardState, Level
from zhengtong.systems.supervision.services import (
    appeal_card,
    cancel_card,
    close_card,
    confirm_card,
    explain_card,
    report_correction,
)
from zhengtong.systems.supervision.web import trail, words

_UNIT_SERVICES: dict[str, Callable[..., None]] = {
    "explain": explain_card,
    "appeal": appeal_card,
    "rectify": report_correction,
}
_JUDGE_SERVICES: dict[str, Callable[..., None]] = {
    "confirm": confirm_card,
    "cancel": cancel_card,
    "close": close_card,
}
_DONE = {
    "explain": gettext_lazy("说明已提交，由监察员核定。"),
    "appeal": gettext_lazy("申诉已提交，由监察员核定。"),
    "rectify": gettext_lazy("整改情况已提交，由监察员复查。"),
    "confirm": gettext_lazy("已认定，责任单位会看到您写的理由。"),
    "cancel": gettext_lazy("已撤销。这张牌仍然留存可查，不计分。"),
    "close": gettext_lazy("已销号。"),
}
_FORMS: dict[str, dict[str, Any]] = {
    "explain": {
        "title": gettext_lazy("说明情况"),
        "consequence": gettext_lazy("写明当时的情况和原因，提交后由监察员核定。"),
        "label": gettext_lazy("提交说明"),
        "field": gettext_lazy("说明"),
    },
    "appeal": {
        "title": gettext_lazy("提出申诉"),
        "consequence": gettext_lazy("认为不应亮牌的，写明理由和依据。"),
        "label": gettext_lazy("提交申诉"),
        "field": gettext_lazy("申诉理由"),
    },
    "rectify": {
        "title": gettext_lazy("报告整改情况"),
        "consequence": gettext_lazy("写明采取的措施和结果，由监察员复查后销号。"),
        "label": gettext_lazy("提交整改情况"),
        "field": gettext_lazy("整改情况"),
    },
    "confirm": {
        "title": gettext_lazy("认定"),
        "consequence": gettext_lazy("认定后计入责任单位的考核，并要求整改。"),
        "label": gettext_lazy("认定这张牌"),
        "field": gettext_lazy("认定理由"),
    },
    "cancel": {
        "title": gettext_lazy("撤销"),
        "consequence": gettext_lazy("撤销后不计分；这张牌和撤销理由仍然留存可查。"),
        "label": gettext_lazy("撤销这张牌"),
        "field": gettext_lazy("撤销理由"),
    },
    "close": {
        "title": gettext_lazy("销号"),
        "consequence": gettext_lazy("复查已经整改到位后销号。"),
        "label": gettext_lazy("复查销号"),
        "field": gettext_lazy("复查意见"),
    },
}


@requires(SUPERVISOR)
@require_GET
def card_list(request: HttpRequest) -> HttpResponse:
    """预警纠错: all cards of the tenant."""
    return render(request, "supervision/cards.html", _list(request, own=False))


@requires(*UNIT_ROLES)
@require_GET
def own_cards(request: HttpRequest) -> HttpResponse:
    """本单位监察: the cards the actor's own unit answers for."""
    return render(request, "supervision/mine.html", _list(request, own=True))


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def card_page(request: HttpRequest, card_id: uuid.UUID) -> HttpResponse:
    """One card: why, on what evidence, by which rule, what was said to it."""
    return _card(request, card_id)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_POST
def move_card(request: HttpRequest, card_id: uuid.UUID, move: str) -> HttpResponse:
    """Explain, appeal, report, confirm, cancel or close; what was typed stays when it cannot be done."""
    text = request.POST.get("reason", "")
    actor = actor_of(request)
    try:
        if move in _UNIT_SERVICES:
            _UNIT_SERVICES[move](actor=actor, card_id=card_id, text=text)
        elif move in _JUDGE_SERVICES:
            _JUDGE_SERVICES[move](actor=actor, card_id=card_id, reason=text)
        else:
            raise NotFound(_("没有这项操作。"))
    except (Invalid, Conflict) as error:
        return _card(request, card_id, failed=move, typed=text, error=error.message)
    messages.success(request, str(_DONE[move]))
    return redirect("supervision:card", card_id=card_id)


def _card(
    request: HttpRequest, card_id: uuid.UUID, *, failed: str = "", typed: str = "", error: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    view = selectors.card(actor, card_id)
    forms = [_form(view, move, failed, typed, error) for move in view.moves if move in _FORMS]
    if failed and all(form["move"] != failed for form in forms):
        messages.error(request, error)  # the act is no longer open: the sentence stands on top, the page shows why
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(actor, view),
        "card": view,
        "lamp": words.lamp(view.row.level),
        "facts": _facts(view),
        "rule_facts": _rule_facts(view),
        "evidence": trail.evidence_rows(view.evidence),
        "acts": _acts(view),
        "forms": forms,
        "waiting": _waiting(view),
        "trail": trail.case_events(actor, view.row.case_id) if _sees_trail(actor, view) else [],
        "case_url": reverse("supervision:case", args=[view.row.case_id]) if _sees_trail(actor, view) else "",
    }
    return render(request, "supervision/card.html", context, status=422 if failed else 200)


def _sees_trail(actor: Actor, view: selectors.CardView) -> bool:
    return view.row.case_id is not None and actor.has_role(SUPERVISOR)


def _form(view: selectors.CardView, move: str, failed: str, typed: str, error: str) -> dict[str, Any]:
    mine = move == failed
    return {
        "move": move,
        "action": reverse("supervision:move", args=[view.row.id, move]),
        "value": typed if mine else "",
        "error": error if mine else "",
        "open": mine,
        **_FORMS[move],
    }


def _waiting(view: selectors.CardView) -> str:
    """Why the reader cannot act now, where he might expect to."""
    until = cn_date(view.row.explain_until)
    if view.party == "supervisor" and view.row.state == "raised" and "confirm" not in view.moves:
        return _("责任单位可以在%(until)s前说明；说明之后或者逾期没有说明，才能认定。确有错误的，现在就可以撤销。") % {
            "until": until
        }
    if view.party == "unit" and view.row.state == "raised":
        return _("请在%(until)s前说明或者申诉，逾期没有说明的，监察员可以直接认定。") % {"until": until}
    if view.party == "unit" and view.row.state == "explained":
        return _("已经收到说明，等监察员核定；核定以前可以补充。")
    return ""


def _crumbs(actor: Actor, view: selectors.CardView) -> list[dict[str, str]]:
    if actor.has_role(SUPERVISOR):
        first = {"label": _("预警纠错"), "url": reverse("supervision:cards")}
    else:
        first = {"label": _("本单位监察"), "url": reverse("supervision:mine")}
    return [first, {"label": view.row.number, "url": ""}]


def _facts(view: selectors.CardView) -> list[dict[str, Any]]:
    row = view.row
    where = f"{row.case_title}（{row.case_number}）"
    rows = [
        {"label": _("监察编号"), "value": row.number},
        {"label": _("责任单位"), "value": row.org_name},
        {"label": _("办件"), "value": where},
        {"label": _("环节"), "value": row.step},
        {"label": _("时限推算"), "value": view.arithmetic},
        {"label": _("亮牌时间"), "value": cn_datetime(row.raised_at)},
        {"label": _("现在的状态"), "value": row.state_label},
        {"label": _("撤销理由"), "value": view.cancel_reason},
    ]
    return [fact for fact in rows if fact["value"]]


def _rule_facts(view: selectors.CardView) -> list[dict[str, Any]]:
    rule = view.rule
    version = _("第 %(n)d 版，%(day)s起生效") % {"n": rule.version, "day": cn_date(rule.valid_from)}
    return [
        {"label": _("规则"), "value": rule.name, "note": version},
        {"label": _("法律依据"), "value": rule.basis or _("无直接条文，按地方监察规则")},
        {"label": _("规则来源"), "value": rule.source, "note": "" if rule.confirmed else _("待核实")},
        {"label": _("扣分"), "value": words.points(rule.points)},
    ]


def _acts(view: selectors.CardView) -> list[dict[str, Any]]:
    first = {"at": view.row.raised_at, "title": _("系统亮牌"), "note": view.explanation}
    return [first] + [
        {
            "at": act.at,
            "title": f"{act.label} · {act.state_label}",
            "who": " ".join(part for part in (act.org_name, act.post_name, act.who) if part),
            "note": act.text,
        }
        for act in view.acts
    ]


# --- lists ---------------------------------------------------------------------------------------------------------


def _list(request: HttpRequest, *, own: bool) -> dict[str, Any]:
    actor = actor_of(request)
    wanted = _wanted(request, actor.org_id if own else None)
    page = selectors.cards(actor, wanted, page=request.GET.get("page"))
    rows = words.card_rows(page.rows)
    columns = [column for column in words.CARD_COLUMNS if not (own and column["key"] == "unit")]
    return {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("本单位监察") if own else _("预警纠错"), "url": ""}],
        "filters": _filters(actor, own=own),
        "total": _("共 %(n)d 张") % {"n": page.total},
        "columns": columns,
        "rows": rows,
        "page": page,
        "to_explain": selectors.own_open_count(actor) if own else 0,
        "empty": _nothing(request, own=own),
    }


def _nothing(request: HttpRequest, *, own: bool) -> dict[str, str]:
    if any(request.GET.get(name) for name in ("unit", "level", "state", "day", "number")):
        return {"title": _("没有符合条件的牌"), "why": _("请更换或者清除筛选条件。")}
    if own:
        return {"title": _("本单位没有亮牌"), "why": _("本单位在办的环节都在时限以内。")}
    return {"title": _("还没有亮过牌"), "why": _("有时限临近、届满或者其他情形时，会在两秒内出现在这里。")}


def _wanted(request: HttpRequest, own_unit: uuid.UUID | None) -> selectors.CardFilter:
    given = {name: request.GET.get(name, "").strip().replace("\x00", "") for name in ("level", "state", "number")}
    return selectors.CardFilter(unit=own_unit or _uuid(request.GET.get("unit", "")), day=_day(request), **given)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(request: HttpRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _filters(actor: Actor, *, own: bool) -> list[dict[str, Any]]:
    everything = ("", _("全部"))
    units = [everything, *((str(key), name) for key, name in selectors.units_with_cards(actor))]
    filters: list[dict[str, Any]] = [
        {"name": "level", "label": _("等级"), "type": "select", "options": [everything, *Level.choices]},
        {
            "name": "state",
            "label": _("状态"),
            "type": "select",
            "options": [everything, ("open", _("未了结")), *CardState.choices],
        },
        {"name": "day", "label": _("亮牌日期"), "type": "date"},
        {"name": "number", "label": _("办件或监察编号"), "type": "text"},
    ]
    return filters if own else [{"name": "unit", "label": _("责任单位"), "type": "select", "options": units}, *filters]
