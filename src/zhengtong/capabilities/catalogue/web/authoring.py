"""Editing a draft part by part: what is typed is saved at once, what is missing stands beside it, nothing is lost."""

import dataclasses
import re
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.catalogue.web import authoring_parts as parts
from zhengtong.capabilities.catalogue.web.authoring_checks import judgement
from zhengtong.capabilities.catalogue.web.authoring_route import route
from zhengtong.capabilities.catalogue.web.authoring_versions import differences
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_time
from zhengtong.kernel.uploads import MAX_BYTES, checked_upload

_ACT = re.compile(r"(?P<act>[a-z_]+:(?:remove|up|down|add|unblank|unsample))(?::(?P<place>[0-9]{1,4}))?")
_FILES = {"blank": "blank_file", "sample": "sample_file"}


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, item_id: uuid.UUID, part: str) -> HttpResponse:
    """A part of a draft; every press saves what was typed, then does what the button says."""
    actor = actor_of(request)
    chosen = _part(part)
    try:
        work = frames.open_work(actor, item_id)
        if request.method == "POST":
            return _save(request, actor, work, chosen)
    except Conflict as refusal:
        if request.method == "POST":
            return frames.refused(request, refusal)
        return redirect("catalogue_desk:desk_item", item_id)
    registers = frames.registers(actor, work.draft, part)
    typed = parts.shown(chosen, work.draft, registers, add=request.GET.get("add", ""))
    return _page(request, actor, work, typed)


@requires(*frames.EDITORS)
@require_POST
@never_cache
def autosave(request: HttpRequest, item_id: uuid.UUID, part: str) -> JsonResponse:
    """Keep what is typed so far; answers when it was kept, and what is still missing."""
    actor = actor_of(request)
    chosen = _part(part)
    work = frames.open_work(actor, item_id)
    typed = parts.posted(chosen, work.draft, frames.registers(actor, work.draft, part), request.POST)
    changed = parts.with_typed(work.draft, typed, frames.directory(actor))
    if _stale(request, chosen, work.draft) and changed != work.draft:
        return JsonResponse({"message": _met(work)}, status=409)
    try:
        work = _kept(actor, work, changed)
    except Conflict as refusal:
        return JsonResponse({"message": refusal.message}, status=409)
    except Invalid as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse(
        {
            "saved_at": cn_time(work.row.saved_at),
            "seen": parts.fingerprint(chosen, work.draft),
            "live": {
                name: render_to_string(f"catalogue/desk/parts/{name}.html", _live(actor, work, part), request=request)
                for name in ("missing", "judgement", "route")
            },
        }
    )


def _save(request: HttpRequest, actor: Actor, work: frames.Work, part: parts.Part) -> HttpResponse:
    registers = frames.registers(actor, work.draft, part.key)
    typed = parts.posted(part, work.draft, registers, request.POST)
    act, place = _act(request.POST.get("op", ""))
    valid = typed.is_valid()
    changed = parts.with_typed(work.draft, typed, frames.directory(actor), act=act, place=place)
    try:
        changed = _with_files(request, actor, changed, typed, act=act, place=place)
        if _stale(request, part, work.draft) and changed != work.draft:
            return _page(request, actor, work, typed, meeting=changed, status=409)
        work = _kept(actor, work, changed)
    except Invalid as refusal:
        return _page(request, actor, work, typed, refusal=refusal, status=422)
    except Conflict:
        work = frames.open_work(actor, work.item.id)
        return _page(request, actor, work, typed, meeting=changed, status=409)
    if not valid:
        return _page(request, actor, work, typed, status=422)
    return redirect(_way(request, work, part, act, place))


def _kept(actor: Actor, work: frames.Work, changed: ItemDraft) -> frames.Work:
    """Save the draft unless it says the same as before."""
    if changed == work.draft:
        return work
    api.draft_item(
        actor=actor,
        draft=changed,
        item_id=work.item.id,
        revision=work.row.revision,
        remarks=work.row.notes,
    )
    return frames.open_work(actor, work.item.id)


def _with_files(
    request: HttpRequest, actor: Actor, draft: ItemDraft, typed: parts.Typed, *, act: str, place: int
) -> ItemDraft:
    """Blank and sample files that came with the materials, and those that were taken away."""
    if typed.part.key != "materials":
        return draft
    [rows] = typed.rows
    keys = {number: str(form["key"].value() or "") for number, form in rows}
    changes: dict[str, dict[str, Any]] = {}
    for number, key in keys.items():
        for name, field in _FILES.items():
            sent = request.FILES.get(f"materials-{number}-{name}")
            if sent is not None and any(each.key == key for each in draft.materials):
                content = sent.read(MAX_BYTES + 1)
                stored = storage.store_upload(tenant=actor.tenant, upload=checked_upload(str(sent.name), content))
                changes.setdefault(key, {})[field] = str(stored.id)
            elif act == f"materials:un{name}" and number == place:
                changes.setdefault(key, {})[field] = ""
    materials = tuple(dataclasses.replace(each, **changes.get(each.key, {})) for each in draft.materials)
    return dataclasses.replace(draft, materials=materials)


def _page(
    request: HttpRequest,
    actor: Actor,
    work: frames.Work,
    typed: parts.Typed,
    *,
    meeting: ItemDraft | None = None,
    refusal: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    """A part; ``meeting`` is what was typed here while somebody else saved: both are shown."""
    part = typed.part
    if refusal is not None:
        for field, sentence in (refusal.errors or {refusal.field: refusal.message}).items():
            typed.form.is_valid()
            typed.form.add_error(field if field in typed.form.fields else None, sentence)
    _show_files(work, typed)
    links = frames.part_links(work, part.key)
    here = next(number for number, link in enumerate(links) if link["active"])
    context = frames.frame(request, actor, work=work, part=part.key) | _live(actor, work, part.key)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": str(part.title)}]
    context |= {
        "part": part,
        "typed": typed,
        "seen": parts.fingerprint(part, work.draft),
        "meeting": differences(work.draft, meeting) if meeting is not None else None,
        "met": _met(work),
        "before": links[here - 1] if here else None,
        "after": links[here + 1] if here + 1 < len(links) else None,
        "forms_url": frames.address("forms:list"),
        "opened": request.GET.get("add", ""),
    }
    return render(request, "catalogue/desk/edit.html", context, status=status)


def _show_files(work: frames.Work, typed: parts.Typed) -> None:
    """Beside each material its blank form and its sample."""
    if typed.part.key != "materials":
        return
    known = {each.key: each for each in work.draft.materials}
    links = frames.file_links(work.item, [each for one in known.values() for each in (one.blank_file, one.sample_file)])
    for number, form in typed.rows[0]:
        material = known.get(str(form["key"].value() or ""))
        form.papers = tuple(
            {
                "kind": kind,
                "name": f"materials-{number}-{kind}",
                "label": label,
                "current": links.get(getattr(material, field, "")),
            }
            for kind, field, label in (
                ("blank", "blank_file", _("空白表格")),
                ("sample", "sample_file", _("示例样表")),
            )
        )


def _live(actor: Actor, work: frames.Work, part: str) -> dict[str, Any]:
    """What follows from the draft and is shown anew after every saving."""
    tone, sentence = judgement(work.draft)
    return {
        "work": work,
        "part_key": part,
        "judged": {"tone": tone, "sentence": sentence} if part == "limits" else None,
        "route": route(actor.tenant, work.draft) if part == "process" else None,
    }


def _part(key: str) -> parts.Part:
    if key not in parts.BY_KEY:
        raise NotFound(_("事项没有这一部分。"))
    return parts.BY_KEY[key]


def _act(value: str) -> tuple[str, int]:
    """What a button beside a row asks for, and of which row."""
    found = _ACT.fullmatch(value)
    return (found["act"], int(found["place"] or -1)) if found else ("", -1)


def _stale(request: HttpRequest, part: parts.Part, draft: ItemDraft) -> bool:
    return request.POST.get("seen", "") != parts.fingerprint(part, draft)


def _met(work: frames.Work) -> str:
    return _("%(name)s在 %(time)s 保存过这一部分。您填写的内容都在下面，还没有保存。") % {
        "name": work.row.author_name or _("同事"),
        "time": cn_time(work.row.saved_at),
    }


def _way(request: HttpRequest, work: frames.Work, part: parts.Part, act: str, place: int) -> str:
    """Where the pressed button leads."""
    here = frames.part_url(work.item.id, part.key)
    kind, _colon, what = act.partition(":")
    if what == "add":
        return f"{here}?add={kind}#{kind}-new"
    if what:
        return f"{here}#{kind}"
    target = request.POST.get("go", "")
    keys = [link["url"] for link in frames.part_links(work)]
    if target in keys:
        return target
    return {"preview": frames.item_url(work, "preview"), "submit": frames.item_url(work, "submit")}.get(target, here)
