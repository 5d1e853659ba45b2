"""Composing a rule without code: rows of conditions, the text of its card, a trial over the past, the second person."""

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
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision.constants import SUPERVISOR, DraftState, Level, Scope
from zhengtong.systems.supervision.models import RuleDraft, RuleVersion
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.rules.composing import OPERATORS, sentence_of
from zhengtong.systems.supervision.selectors import drafts as selectors
from zhengtong.systems.supervision.services.drafting import (
    content_of_version,
    draft_rule,
    drop_draft,
    enable_draft,
    may_decide,
    return_draft,
    save_draft,
    submit_draft,
)
from zhengtong.systems.supervision.services.trying import preview, start_trial
from zhengtong.systems.supervision.web import draft_form, field_words, words
from zhengtong.systems.supervision.web.draft_form import DraftForm

_DEFAULT_DAYS = 365
#: buttons for which all that was typed must be right; the others only rearrange the page
_IN_EARNEST = ("save", "try", "submit")
_JOINS = (("all", gettext_lazy("全部满足")), ("any", gettext_lazy("满足任意一条")))
_SCOPES = ((Scope.STEP, gettext_lazy("办理该环节的单位")), (Scope.CASE, gettext_lazy("主办单位")))
_LINES: tuple[tuple[str, Any], ...] = (
    ("name", gettext_lazy("规则名称")),
    ("event", gettext_lazy("触发事件")),
    ("condition", gettext_lazy("触发条件")),
    ("level", gettext_lazy("等级")),
    ("scope", gettext_lazy("责任对象")),
    ("once_per_case", gettext_lazy("每个办件只亮一次")),
    ("window_days", gettext_lazy("统计天数")),
    ("explanation", gettext_lazy("亮牌说明")),
    ("points", gettext_lazy("扣分")),
    ("basis", gettext_lazy("法律依据")),
    ("source", gettext_lazy("规则来源")),
    ("confirmed", gettext_lazy("已核实")),
    ("owner", gettext_lazy("规则负责单位")),
    ("expected_precision", gettext_lazy("预期准确率（%）")),
    ("expires_on", gettext_lazy("有效期至")),
)


@requires(SUPERVISOR)
@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """POST begins a rule of one's own; who types the address finds the button for it."""
    if request.method == "GET":
        return redirect("supervision:rules")
    draft = draft_rule(actor=actor_of(request))
    return redirect("supervision:draft", draft_id=draft.id)


@requires(SUPERVISOR)
@require_POST
def rule_redraft(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a new version of a rule, or go on with the one that is open."""
    draft = draft_rule(actor=actor_of(request), key=key)
    return redirect("supervision:draft", draft_id=draft.id)


@requires(SUPERVISOR, "leader")
@require_http_methods(["GET", "HEAD", "POST"])
def draft_page(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Compose; who did not draft it reads what it says."""
    actor = actor_of(request)
    draft = selectors.draft_of(actor, draft_id)
    if request.method == "POST":
        return _compose(request, actor, draft)
    return _page(request, draft, draft_form.shown(draft.content))


def _compose(request: HttpRequest, actor: Actor, draft: RuleDraft) -> HttpResponse:
    button = request.POST.get("do", "save")
    form = draft_form.typed(request.POST, draft.content)
    draft_form.press(form, button)
    content = draft_form.content_of_form(form)
    if button not in _IN_EARNEST:
        form.forget_unfinished()
    if form.errors:
        return _page(request, draft, form, status=422 if button in _IN_EARNEST else 200)
    try:
        saved = save_draft(actor=actor, draft_id=draft.id, content=content)
    except Conflict as error:  # it went on in another window: what was typed here can at least be copied
        form.errors[""] = error.message
        return _page(request, draft, form, status=422, typed=True)
    if button not in _IN_EARNEST:
        return _page(request, saved, form)
    try:
        return _carry_on(request, actor, saved, button)
    except (Invalid, Conflict) as error:
        _name(form, error)
        return _page(request, saved, form, status=422)


def _carry_on(request: HttpRequest, actor: Actor, draft: RuleDraft, button: str) -> HttpResponse:
    """What is to be done with the draft as it was just saved. Raises Invalid, Conflict."""
    if button == "try":
        days = {name: _day(request.POST.get(name, ""), name) for name in ("from_day", "until_day")}
        trial = start_trial(actor=actor, draft_id=draft.id, **days)
        return redirect("supervision:trial", trial_id=trial.id)
    if button == "submit":
        submit_draft(actor=actor, draft_id=draft.id)
        messages.success(request, _("已提交，由另一位监察员或者起草单位的负责人批准。"))
    else:
        messages.success(request, _("草稿已保存。"))
    return redirect("supervision:draft", draft_id=draft.id)


def _name(form: DraftForm, error: Invalid | Conflict) -> None:
    """Put a refusal beside the fields it is about."""
    place = "condition" if isinstance(error, Invalid) else "from_day"  # what is in the way is a trial
    form.errors |= getattr(error, "errors", {}) or {error.field or place: error.message}


def _day(text: str, field: str) -> dt.date:
    try:
        return read_day(text)
    except ValueError:
        raise Invalid(_("请填写试算的开始日期和结束日期。"), field=field) from None


_MOVES: dict[str, tuple[Callable[..., RuleDraft], Any]] = {
    "return": (return_draft, gettext_lazy("已退回起草人。")),
    "drop": (drop_draft, gettext_lazy("草稿已放弃，留存可查。")),
}


@requires(SUPERVISOR, "leader")
@require_POST
def draft_move(request: HttpRequest, draft_id: uuid.UUID, move: str) -> HttpResponse:
    """Send it back, give it up."""
    actor = actor_of(request)
    if move not in _MOVES:
        raise NotFound(_("没有这项操作。"))
    act, done = _MOVES[move]
    more = {"reason": request.POST.get("reason", "")} if move == "return" else {}
    try:
        act(actor=actor, draft_id=draft_id, **more)
    except (Invalid, Conflict) as error:
        return _refused(request, draft_id, error)
    messages.success(request, str(done))
    return redirect("supervision:rules") if move == "drop" else redirect("supervision:draft", draft_id=draft_id)


@requires(SUPERVISOR, "leader", fresh_factor=True)
@require_POST
def draft_enable(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The second person puts it in force."""
    actor = actor_of(request)
    try:
        rule = enable_draft(actor=actor, draft_id=draft_id)
    except (Invalid, Conflict) as error:
        return _refused(request, draft_id, error)
    messages.success(
        request,
        _("规则“%(name)s”第 %(n)d 版已启用，从现在起发生的事件按它判断。") % {"name": rule.name, "n": rule.version},
    )
    return redirect("supervision:draft", draft_id=draft_id)


def _refused(request: HttpRequest, draft_id: uuid.UUID, error: Invalid | Conflict) -> HttpResponse:
    draft = selectors.draft_of(actor_of(request), draft_id)
    form = draft_form.shown(draft.content)
    _name(form, error)
    form.values["reason"] = request.POST.get("reason", "")
    return _page(request, draft, form, status=422)


def _page(
    request: HttpRequest, draft: RuleDraft, form: DraftForm, *, status: int = 200, typed: bool = False
) -> HttpResponse:
    """The draft; ``typed``: with the form, although it may no longer be changed."""
    actor = actor_of(request)
    mine = draft.drafted_by_id == actor.person_id and draft.state == DraftState.DRAFT
    event = form.values.get("event", "")
    current = selectors.version_in_force(draft.tenant, draft.key)
    today = local_date()
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [
            {"label": _("监察规则"), "url": reverse("supervision:rules") if actor.has_role(SUPERVISOR) else ""},
            {"label": form.values.get("name") or _("新规则"), "url": ""},
        ],
        "draft": draft,
        "form": form,
        "mine": mine or typed,
        "by_me": draft.drafted_by_id == actor.person_id,
        "open": draft.state in (DraftState.DRAFT, DraftState.SUBMITTED),
        "decides": draft.state == DraftState.SUBMITTED and may_decide(actor, draft),
        "events": _events(),
        "terms": list(form.terms.values()),
        "kinds": [
            {"label": _("事件内容"), "terms": [term for term in form.terms.values() if not term.derived]},
            {"label": _("算出来的事实"), "terms": [term for term in form.terms.values() if term.derived]},
        ],
        "operators": list(OPERATORS.items()),
        "joins": [(code, str(label)) for code, label in _JOINS],
        "levels": Level.choices,
        "scopes": [(code, str(label)) for code, label in _SCOPES],
        "chips": list(field_words.words_of_text(event).items()) if event in event_sources else [],
        "fixed": condition_words(form.fixed, event) if form.fixed else "",
        "said": condition_words(draft.content["condition"], event) if event else "",
        "lines": _lines(draft, current),
        "compared": current is not None,
        "trials": selectors.trials_of(draft),
        "from_day": request.POST.get("from_day") or (today - dt.timedelta(days=_DEFAULT_DAYS)).isoformat(),
        "until_day": request.POST.get("until_day") or today.isoformat(),
        "examples": _examples(draft) if draft.state in ("draft", "submitted") else [],
    }
    return render(request, "supervision/rules/draft.html", context, status=status)


def _events() -> list[tuple[str, str]]:
    rows = sorted(event_sources.items(), key=lambda pair: (pair[1].area, pair[1].label))
    return [("", _("请选择")), *((name, f"{source.area} · {source.label}") for name, source in rows)]


def _examples(draft: RuleDraft) -> list[dict[str, Any]]:
    return [
        {
            "at": flag.row.occurred_at,
            "title": flag.row.number or flag.org_name,
            "who": flag.org_name,
            "note": text,
        }
        for flag, text in preview(draft.tenant, draft.content)
    ]


def condition_words(condition: Any, event: str) -> str:
    """A condition in words."""
    return sentence_of(condition, field_words.names_of(event), field_words.labels_of(event))


def _lines(draft: RuleDraft, current: RuleVersion | None) -> list[dict[str, Any]]:
    """What the draft says, line by line, beside the version in force; lines that differ are marked."""
    old = content_of_version(current) if current else {}
    rows = []
    for name, label in _LINES:
        new_words, old_words = _said(name, draft.content), _said(name, old) if old else ""
        rows.append(
            {"label": str(label), "now": old_words, "new": new_words, "changed": bool(old) and new_words != old_words}
        )
    return rows


def _said(name: str, content: Any) -> str:
    value, event = content.get(name), str(content.get("event") or "")
    if name == "event":
        return dict(_events()).get(event, event) if event else ""
    if name == "condition":
        return condition_words(value, event) if value else ""
    if name == "level":
        return str(Level(value).label) if value in Level.values else ""
    if name == "scope":
        return str(dict(_SCOPES).get(value, ""))
    if name in ("once_per_case", "confirmed"):
        return _("是") if value else _("否")
    if name == "explanation":
        return draft_form.said(str(value or ""), event)
    if name in ("points", "expected_precision") and value not in (None, ""):
        return f"{float(str(value)):g}"
    if name == "expires_on" and value:
        return cn_date(dt.date.fromisoformat(str(value)))
    return str(value or "")


def told(draft: RuleDraft) -> dict[str, Any]:
    """A draft in the list of rules."""
    return {
        "name": draft.content.get("name") or _("（还没有名称）"),
        "state": draft.get_state_display(),
        "by": draft.drafted_by,
        "at": cn_datetime(draft.changed_at),
        "lamp": words.lamp(str(draft.content.get("level", ""))),
        "url": reverse("supervision:draft", args=[draft.id]),
    }
