"""Cards: the lists, one card with all that speaks for and against it, and the acts."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, CardActKind, CardState, Level
from zhengtong.systems.supervision.selectors.days import days_of
from zhengtong.systems.supervision.web import field_words, trail, words
from zhengtong.systems.supervision.web.card_forms import DONE, FORMS, JUDGE_SERVICES, PHRASES, UNIT_SERVICES

_FILTERS = ("unit", "level", "state", "day", "number", "rule", "queue", "late")


@requires(SUPERVISOR)
@require_GET
def card_list(request: HttpRequest) -> HttpResponse:
    """预警纠错: all cards of the tenant."""
    if request.GET.get("export"):
        return taken_out(request, str(_("亮牌")), wanted_of(request))
    return render(request, "supervision/cards.html", _list(request, own=False))


@requires(*UNIT_ROLES)
@require_GET
def own_cards(request: HttpRequest) -> HttpResponse:
    """本单位监察: the cards the actor's own unit answers for."""
    if request.GET.get("export"):
        wanted = wanted_of(request, actor_of(request).org_id)
        return taken_out(request, str(_("本单位亮牌")), wanted)
    return render(request, "supervision/mine.html", _list(request, own=True))


@requires(*UNIT_ROLES)
@require_POST
def explain_many(request: HttpRequest) -> HttpResponse:
    """批量说明: one cause for several cards of the unit."""
    try:
        done, left = services.explain_cards(
            actor=actor_of(request), card_ids=picked(request), text=_worded(request.POST.dict())
        )
    except (Invalid, Conflict) as error:
        context = _list(request, own=True) | {"error": error.message, "typed": request.POST.get("reason", "")}
        context["phrase"] = request.POST.get("phrase", "")
        return render(request, "supervision/mine.html", context, status=422)
    tell_result(request, _("已说明 %(n)d 张。") % {"n": done}, left)
    return redirect(f"{reverse('supervision:mine')}?{request.GET.urlencode()}")


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def card_page(request: HttpRequest, card_id: uuid.UUID) -> HttpResponse:
    """One card: why, on what evidence, by which rule, what was said to it."""
    return _card(request, card_id)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_POST
def move_card(request: HttpRequest, card_id: uuid.UUID, move: str) -> HttpResponse:
    """Carry out an act of the card's life; what was typed stays when it cannot be done."""
    typed = request.POST.dict()
    try:
        papers = [(one.name or str(_("附件")), one.read(MAX_BYTES + 1)) for one in request.FILES.getlist("file")]
        target = _carried_out(actor_of(request), card_id, move, typed, papers)
    except (Invalid, Conflict) as error:
        return _card(request, card_id, failed=move, typed=typed, error=error)
    messages.success(request, str(DONE[move]))
    return redirect("supervision:card", card_id=target)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def card_paper(request: HttpRequest, card_id: uuid.UUID, paper_id: uuid.UUID) -> HttpResponse:
    """A paper the unit handed in with its words, for whoever sees the card."""
    file, content = selectors.card_file(actor_of(request), card_id, paper_id)
    response = HttpResponse(content, content_type=file.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _carried_out(
    actor: Actor, card_id: uuid.UUID, move: str, typed: Mapping[str, str], papers: Sequence[tuple[str, bytes]]
) -> uuid.UUID:
    """Do it; the card that is shown afterwards."""
    text = _worded(typed)
    if move in UNIT_SERVICES:
        more = {"files": papers} if FORMS[move].get("papers") else {}
        UNIT_SERVICES[move](actor=actor, card_id=card_id, text=text, **more)
    elif move in JUDGE_SERVICES:
        JUDGE_SERVICES[move](actor=actor, card_id=card_id, reason=text)
    elif move == "propose":
        services.issue_letter(actor=actor, card_id=card_id, findings=typed.get("findings", ""), advice=text)
    elif move == "account":
        measure = {"kind": typed.get("kind", ""), "post": typed.get("post", "")}
        services.propose_account(actor=actor, card_id=card_id, reason=text, **measure)
    elif move == "again":
        rule_id = as_uuid(typed.get("rule", ""))
        if rule_id is None:
            raise Invalid(_("请选择一条现行的监察规则。"), field="rule")
        return services.raise_again(actor=actor, card_id=card_id, rule_id=rule_id, reason=text).id
    else:
        raise NotFound(_("没有这项操作。"))
    return card_id


def _worded(typed: Mapping[str, str]) -> str:
    """A usual phrase, where one was chosen, and what was written after it."""
    return typed.get("phrase", "") + typed.get("reason", "")


# --- one card --------------------------------------------------------------------------------------------------------


def _card(
    request: HttpRequest,
    card_id: uuid.UUID,
    *,
    failed: str = "",
    typed: Mapping[str, str] | None = None,
    error: Invalid | Conflict | None = None,
) -> HttpResponse:
    context = _context(request, card_id, failed=failed, typed=typed, error=error)
    return render(request, "supervision/card.html", context, status=422 if failed else 200)


def _context(
    request: HttpRequest,
    card_id: uuid.UUID,
    *,
    failed: str = "",
    typed: Mapping[str, str] | None = None,
    error: Invalid | Conflict | None = None,
) -> dict[str, Any]:
    actor = actor_of(request)
    view = selectors.card(actor, card_id)
    open_moves = [move for move in (*view.moves, *_further(view)) if move in FORMS]
    forms = [_form(actor, view, move, failed, typed or {}, error) for move in open_moves]
    if error and all(form["move"] != failed for form in forms):
        # the act is no longer open: the sentence stands on top, the page shows why
        messages.error(request, error.message)
    sees_trail = view.row.case_id is not None and actor.has_role(SUPERVISOR)
    return {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(actor, view),
        "card": view,
        "lamp": words.lamp(view.row.level),
        "limits": [_limit(row) for row in view.limits],
        "facts": _facts(view),
        "rule_facts": _rule_facts(actor, view),
        "evidence": [
            *trail.evidence_rows(view.evidence),
            *field_words.judged_rows(view.rule.event, view.rule.condition, view.rule.explanation, view.evidence),
        ],
        "days": days_of(actor.tenant, view.row.case_id, view.evidence),
        "acts": _acts(view),
        "forms": forms,
        "phrases": PHRASES,
        "closed_moves": [
            {"label": FORMS[move]["title"], "why": why} for move, why in view.refusals.items() if move in FORMS
        ],
        "waiting": _waiting(view),
        "letters": selectors.letters(actor, card_id),
        "measures": selectors.measures_of(actor, card_id),
        "firsts": (actor.person_id, actor.hands_id),
        "trail": trail.case_events(actor, view.row.case_id) if sees_trail else [],
        "case_url": reverse("supervision:case", args=[view.row.case_id]) if sees_trail else "",
    }


def card_with_measure(
    request: HttpRequest, card_id: uuid.UUID, measure_id: uuid.UUID, *, error: Invalid | Conflict, typed: str
) -> HttpResponse:
    """The card once more, with what was typed for the decision on a measure that follows from it."""
    context = _context(request, card_id)
    asked = next((one for one in context["measures"] if one.id == measure_id), None)
    if asked is None or asked.decision:
        # somebody else was faster: the sentence stands on top, the card shows his decision
        messages.error(request, error.message)
    context |= {"measure_refused": measure_id, "measure_error": error.message, "measure_typed": typed}
    return render(request, "supervision/card.html", context, status=422)


def _further(view: selectors.CardView) -> list[str]:
    """What may be done with a card that is over."""
    return ["again"] if view.party == "supervisor" and view.row.state == CardState.CANCELLED else []


def _form(
    actor: Actor,
    view: selectors.CardView,
    move: str,
    failed: str,
    typed: Mapping[str, str],
    error: Invalid | Conflict | None,
) -> dict[str, Any]:
    mine = move == failed
    kept = typed if mine else {}
    named = (getattr(error, "field", "") or "reason") if mine and error else ""
    form = {
        **FORMS[move],
        "move": move,
        "action": reverse("supervision:move", args=[view.row.id, move]),
        "value": kept.get("reason", ""),
        "phrase": kept.get("phrase", ""),
        "errors": {named: error.message} if named and error else {},
        "open": mine,
    }
    if move == "propose":
        form["findings"] = {"value": kept.get("findings", "") or view.explanation}
    if move == "account":
        form["kinds"] = [("", _("请选择")), *((kind, kind) for kind in services.measures(actor.tenant))]
        form["kind"], form["post"] = kept.get("kind", ""), kept.get("post", "")
    if move == "again":
        form["rules"], form["rule"] = rule_choices(actor), kept.get("rule", "")
    return form


def rule_choices(actor: Actor) -> list[tuple[str, str]]:
    """The rules in force for a form."""
    return [("", str(_("请选择"))), *((str(key), name) for key, name in selectors.rules_to_choose(actor))]


def _limit(row: selectors.LimitView) -> dict[str, Any]:
    note = _("截至%(day)s · %(state)s") % {"day": cn_date(row.due_on), "state": row.state_label}
    return {"lamp": row.lamp, "label": row.label, "note": note}


def _waiting(view: selectors.CardView) -> str:
    """Why the reader cannot act now, where he might expect to."""
    until = cn_date(
        next((row.due_on for row in reversed(view.limits) if row.kind == "explain"), view.row.explain_until)
    )
    if view.doubts and view.row.open:
        return "".join(view.doubts)
    if view.party == "supervisor" and view.row.state == "raised" and "confirm" not in view.moves:
        return _("责任单位可以在%(until)s前说明；说明之后或者逾期没有说明，才能认定。确有错误的，现在就可以撤销。") % {
            "until": until
        }
    if view.party == "unit" and view.row.state == "raised":
        return _("请在%(until)s前说明或者申诉，逾期没有说明的，监察员可以直接认定。") % {"until": until}
    if view.party == "unit" and view.row.state == "explained":
        return _("已经收到说明，等监察员核定；核定以前可以补充。")
    if view.party == "unit" and view.row.state == "rectified":
        return _("已经收到整改报告，等监察员复查。")
    return ""


def _crumbs(actor: Actor, view: selectors.CardView) -> list[dict[str, str]]:
    if actor.has_role(SUPERVISOR):
        first = {"label": _("预警纠错"), "url": reverse("supervision:cards")}
    else:
        first = {"label": _("本单位监察"), "url": reverse("supervision:mine")}
    return [first, {"label": view.row.number, "url": ""}]


def _facts(view: selectors.CardView) -> list[dict[str, Any]]:
    row = view.row
    where = f"{row.case_title}（{row.case_number}）" if row.case_title else row.case_number
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


def _rule_facts(actor: Actor, view: selectors.CardView) -> list[dict[str, Any]]:
    rule = view.rule
    url = reverse("supervision:rule", args=[rule.key]) if actor.has_role(SUPERVISOR) else ""
    version = _("第 %(n)d 版，%(day)s起生效") % {"n": rule.version, "day": cn_date(rule.valid_from)}
    return [
        {"label": _("规则"), "value": rule.name, "note": version, "url": url},
        {"label": _("法律依据"), "value": rule.basis or _("无直接条文，按地方监察规则")},
        {"label": _("规则来源"), "value": rule.source, "note": "" if rule.confirmed else _("待核实")},
        {"label": _("扣分"), "value": words.points(rule.points)},
    ]


def _acts(view: selectors.CardView) -> list[dict[str, Any]]:
    manual = view.evidence.get("event") == "manual"
    first = {"at": view.row.raised_at, "title": _("亮牌") if manual else _("系统亮牌"), "note": view.explanation}
    # a card raised by hand says so itself, with who did it
    told = manual and any(act.kind == CardActKind.RAISE for act in view.acts[:1])
    return ([] if told else [first]) + [
        {
            "at": act.at,
            "title": f"{act.label} · {act.state_label}",
            "who": " ".join(part for part in (act.org_name, act.post_name, act.who) if part),
            "note": act.text,
            "links": [
                {"label": file.name, "url": reverse("supervision:card_paper", args=[view.row.id, file.id])}
                for file in act.files
            ],
        }
        for act in view.acts
    ]


# --- lists ---------------------------------------------------------------------------------------------------------


def _list(request: HttpRequest, *, own: bool) -> dict[str, Any]:
    actor = actor_of(request)
    wanted = wanted_of(request, actor.org_id if own else None)
    page = selectors.cards(actor, wanted, page=request.GET.get("page"), by_clock=own)
    return {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("本单位监察") if own else _("预警纠错"), "url": ""}],
        "filters": filters_of(actor, own=own),
        "total": _("共 %(n)d 张") % {"n": page.total},
        "columns": words.columns(own=own, clock=True),
        "rows": words.card_rows(page.rows, pick=own, picked=picked(request)),
        "page": page,
        "to_explain": selectors.own_open_count(actor) if own else 0,
        "empty": _nothing(request, own=own),
        "export_url": export_url(request),
        "action": f"{reverse('supervision:explain_many')}?{request.GET.urlencode()}",
        "phrases": PHRASES,
    }


def export_url(request: HttpRequest) -> str:
    """The same list as a workbook."""
    query = request.GET.copy()
    query.pop("page", None)
    query["export"] = "xlsx"
    return f"?{query.urlencode()}"


def taken_out(request: HttpRequest, title: str, wanted: selectors.CardFilter) -> HttpResponse:
    """The list as a workbook: no person is in it."""
    page = selectors.cards(actor_of(request), wanted, size=exports.MOST_ROWS)
    return exports.download(title, exports.sheet_of(title, words.SHEET_COLUMNS, words.sheet_rows(page.rows)))


def _nothing(request: HttpRequest, *, own: bool) -> dict[str, str]:
    if any(request.GET.get(name) for name in _FILTERS):
        return {"title": _("没有符合条件的牌"), "why": _("请更换或者清除筛选条件。")}
    if own:
        return {"title": _("本单位没有亮牌"), "why": _("本单位在办的环节都在时限以内。")}
    return {"title": _("还没有亮过牌"), "why": _("有时限临近、届满或者其他情形时，会在两秒内出现在这里。")}


def wanted_of(request: HttpRequest, own_unit: uuid.UUID | None = None, *, queue: str = "") -> selectors.CardFilter:
    """What the address narrows a list to; nonsense narrows to nothing."""
    names = ("level", "state", "number", "rule", "queue")
    given = {name: request.GET.get(name, "").strip().replace("\x00", "") for name in names}
    unit = own_unit or as_uuid(request.GET.get("unit", ""))
    given["queue"] = queue or given["queue"]
    return selectors.CardFilter(
        unit=unit, day=as_day(request.GET.get("day", "")), late=bool(request.GET.get("late")), **given
    )


def picked(request: HttpRequest) -> list[uuid.UUID]:
    """The rows that were ticked."""
    return [key for key in map(as_uuid, request.POST.getlist("pick")) if key is not None]


def tell_result(request: HttpRequest, done: str, left: Mapping[str, str]) -> None:
    """Say what was done, and by number why the others were not."""
    messages.success(request, done)
    for number, why in list(left.items())[:10]:
        messages.warning(request, f"{number}：{why}")


def as_uuid(text: str) -> uuid.UUID | None:
    """The key a browser sent, None for nonsense."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def as_day(text: str) -> dt.date | None:
    """The day a browser sent, None for nonsense."""
    try:
        return read_day(text)
    except ValueError:
        return None


def filters_of(actor: Actor, *, own: bool = False, states: bool = True) -> list[dict[str, Any]]:
    """The filters of a list of cards."""
    everything = ("", _("全部"))
    units = [everything, *((str(key), name) for key, name in selectors.units_with_cards(actor))]
    state = [everything, ("open", _("未了结")), *CardState.choices]
    filters: list[dict[str, Any]] = [
        {"name": "level", "label": _("等级"), "type": "select", "options": [everything, *Level.choices]},
        {
            "name": "rule",
            "label": _("情形"),
            "type": "select",
            "options": [everything, *selectors.rules_with_cards(actor)],
        },
        {"name": "day", "label": _("亮牌日期"), "type": "date"},
        {"name": "number", "label": _("办件或监察编号"), "type": "text"},
    ]
    if states:
        filters.insert(1, {"name": "state", "label": _("状态"), "type": "select", "options": state})
    return filters if own else [{"name": "unit", "label": _("责任单位"), "type": "select", "options": units}, *filters]
