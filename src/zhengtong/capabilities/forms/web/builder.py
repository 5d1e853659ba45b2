"""The builder: one page per form at work; every press is a small change of what is kept now."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.forms.constants import COUNTY_EDITOR, UNIT_EDITOR
from zhengtong.capabilities.forms.rules import editing
from zhengtong.capabilities.forms.selectors.declarations import FormDraftView, form_draft, keys_ever
from zhengtong.capabilities.forms.services.declaring import save_form_draft
from zhengtong.capabilities.forms.web import cards, outline
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime

_UNDO = "forms-undo-{}"
_LONGEST_TARGET = len("section-") + 5


@dataclasses.dataclass(frozen=True)
class Step:
    """A change of a declaration: what stands open afterwards, and what was dropped."""

    declaration: Mapping[str, Any]
    target: str = ""
    gone: Mapping[str, Any] | None = None


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_safe
def draft_page(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Sections and questions, the one that stands open, faults, the preview."""
    draft = form_draft(actor=actor_of(request), draft_id=draft_id)
    target = request.GET.get("open", "")
    card = cards.card_of(draft.definition, target)
    return _rendered(request, draft, target if card else "", card)


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_POST
def edit(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Do what one button asks for; what was typed in the open card stays when it cannot be kept."""
    draft = form_draft(actor=actor_of(request), draft_id=draft_id)
    act, _colon, rest = request.POST.get("act", "").partition(":")
    target = request.POST.get("target", "")
    if act in ("keep", "look"):
        return _card_sent(request, draft, target, keep=act == "keep")
    try:
        step = _undone(request, draft) if act == "undo" else _step(request, draft, act, rest)
    except (KeyError, ValueError):
        return _rendered(request, draft, "", None, conflict=_GONE, status=409)
    try:
        _save(request, draft, step.declaration)
    except Conflict as refusal:
        return _rendered(request, draft, "", None, conflict=f"{refusal.message}{_AGAIN}", status=409)
    except Invalid as refusal:
        return _rendered(request, draft, "", None, conflict=refusal.message, status=422)
    if step.gone:
        request.session[_UNDO.format(draft.id)] = dict(step.gone)
    else:
        request.session.pop(_UNDO.format(draft.id), None)
    return redirect(_address(draft.id, step.target))


_AGAIN = "下面是现在的内容。"
_TYPED = "您刚才填的还在下面，再按“保存”就改在现在的内容上。"
_GONE = "要改的地方已经不在了，可能刚被另一个人移动或删除。下面是现在的内容，请重新操作。"


def _save(request: HttpRequest, draft: FormDraftView, declaration: Mapping[str, Any]) -> None:
    save_form_draft(
        actor=actor_of(request),
        key=draft.key,
        definition=dict(declaration),
        revision=read_rev(request.POST),
        draft_id=draft.id,
    )


def _card_sent(request: HttpRequest, draft: FormDraftView, target: str, *, keep: bool) -> HttpResponse:
    """The open card: kept, or shown again with what was typed."""
    try:
        declaration, errors = cards.applied(draft.definition, target, request.POST)
    except KeyError:
        return _rendered(request, draft, "", None, conflict=_GONE, status=409)
    conflict, status = "", 200
    if keep and not errors:
        try:
            _save(request, draft, declaration)
        except Conflict as refusal:
            conflict, status = f"{refusal.message}{_TYPED}", 409
        except Invalid as refusal:
            conflict, status = refusal.message, 422
        else:
            return redirect(f"{reverse('forms:draft', args=[draft.id])}#{outline.anchor_of(target)}")
    elif errors:
        status = 422 if keep else 200
    card = cards.card_of(declaration, target, request.POST, errors if keep else {})
    return _rendered(request, draft, target, card, conflict=conflict, status=status)


def _step(request: HttpRequest, draft: FormDraftView, act: str, rest: str) -> Step:
    """The change a button of the outline stands for; KeyError or ValueError when its object is gone."""
    form = draft.definition
    first, _colon, other = rest.partition(":")
    match act:
        case "up" | "down":
            return Step(editing.move_field(form, first, -1 if act == "up" else 1))
        case "put":
            section, _c, at = other.partition(":")
            return Step(editing.put_field(form, first, int(section), int(at)))
        case "drop":
            changed, gone = editing.drop_field(form, first)
            return Step(changed, gone=gone)
        case "add":
            inside = not other.isdecimal()
            place, group = (0, other) if inside else (int(other), "")
            taken = keys_ever(tenant=actor_of(request).tenant, key=draft.key)
            changed, path = editing.add_field(form, place, first, group, taken=taken)
            return Step(changed, path)
        case "section-add":
            place = len(form["sections"])
            return Step(editing.add_section(form, _("第 %(n)d 页") % {"n": place + 1}), f"section-{place}")
        case "section-up" | "section-down":
            return Step(editing.move_section(form, int(first), -1 if act.endswith("up") else 1))
        case "section-drop":
            changed, gone = editing.drop_section(form, int(first))
            return Step(changed, gone=gone)
        case "check-add":
            return _with_check(form)
        case "check-drop":
            kept = [one for place, one in enumerate(form.get("checks") or []) if place != int(first)]
            return Step(editing.set_checks(form, kept))
    raise KeyError(act)


def _with_check(form: Mapping[str, Any]) -> Step:
    keys = [path for _number, path, field in editing.places(form) if "." not in path and field["kind"] != "note"]
    if not keys:
        raise KeyError("no question")
    made = {"when": {"field": keys[0], "op": "empty"}, "message": _("请核对这一项。"), "field": keys[0]}
    checks = [*(form.get("checks") or []), made]
    return Step(editing.set_checks(form, checks), f"check-{len(checks) - 1}")


def _undone(request: HttpRequest, draft: FormDraftView) -> Step:
    gone = request.session.get(_UNDO.format(draft.id))
    if not gone:
        raise KeyError("nothing to bring back")
    changed, path = editing.restore(draft.definition, gone)
    return Step(changed, path)


def _rendered(
    request: HttpRequest,
    draft: FormDraftView,
    target: str,
    card: cards.Card | None,
    *,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    gone = request.session.get(_UNDO.format(draft.id)) or {}
    named = gone.get("field") or gone.get("section") or {}
    context: dict[str, Any] = {
        "desk_title": _("表单"),
        "breadcrumbs": [{"label": _("表单"), "url": reverse("forms:list")}, {"label": draft.title, "url": ""}],
        "draft": draft,
        "state_words": _state_words(draft),
        "outline": outline.outline_of(draft.definition, target),
        "kinds": outline.kind_choices(),
        "column_kinds": outline.kind_choices("table"),
        "group_kinds": outline.kind_choices("group"),
        "card": card,
        "target": target,
        "conflict": conflict,
        "gone": named.get("label") or named.get("title") or "",
        "preview_page": _page_of(draft.definition, target),
    }
    return render(request, "forms/builder/draft.html", context, status=status)


def _state_words(draft: FormDraftView) -> str:
    words = {"name": draft.updated_by, "time": cn_datetime(draft.updated_at), "version": draft.based_on}
    base = _("在第 %(version)d 版的基础上编辑") % words if draft.based_on else _("新表单，还没有发布过")
    return f"{base}；{_('%(name)s%(time)s保存') % words}"


def _page_of(form: Mapping[str, Any], target: str) -> int:
    """The page of the form on which what stands open is seen, counted from one."""
    if target.startswith("section-") and target[8:].isdecimal() and len(target) < _LONGEST_TARGET:
        return int(target[8:]) + 1
    return next((number + 1 for number, path, _field in editing.places(form) if path == target), 1)


def _address(draft_id: uuid.UUID, target: str) -> str:
    address = reverse("forms:draft", args=[draft_id])
    return f"{address}?open={target}#{outline.anchor_of(target)}" if target else f"{address}#builder"


def read_rev(posted: QueryDict) -> int:
    """The revision a page was made of; -1, which none is, for anything else."""
    text = posted.get("rev", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
