"""一件事: members chosen by search, their materials merged into one table that can be split and put together."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.catalogue import api, rules
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.rules import ItemDraft, Material, Member, Merged
from zhengtong.capabilities.catalogue.selectors import draft_of
from zhengtong.capabilities.catalogue.selectors.desk import in_force, published_items
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.catalogue.web import authoring_parts as parts
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.policy import actor_of, requires

_OFFERS = {
    "materials": gettext_lazy("申请材料"),
    "limits": gettext_lazy("时限"),
    "joint_units": gettext_lazy("联办单位"),
    "conditions": gettext_lazy("办理条件"),
}


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def members(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """The members of a bundle, what they need together, and which paper serves whom."""
    actor = actor_of(request)
    try:
        work = frames.open_work(actor, item_id)
    except Conflict as refusal:
        if request.method == "POST":
            return frames.refused(request, refusal)
        return redirect("catalogue_desk:desk_item", item_id)
    if not parts.is_bundle(work.draft):
        raise NotFound(_("只有一件事才有成员事项。"))
    if request.method == "POST":
        if _overtaken(request, work):
            said = _("%(name)s在您打开以后保存过这件事，这次没有保存。下面是现在的内容，请对照后重新勾选。")
            problem = said % {"name": work.row.author_name or _("同事")}
            context = _context(request, actor, work) | {"problem": problem}
            return render(request, "catalogue/desk/members.html", context, status=409)
        changed, said = _acted(request, actor, work.draft)
        if changed != work.draft:
            api.draft_item(
                actor=actor,
                draft=changed,
                item_id=work.item.id,
                revision=work.row.revision,
                remarks=work.row.notes,
            )
            messages.success(request, said)
        words = request.POST.get("q", "")
        query = f"?{urlencode({'q': words})}" if words else ""
        return redirect(frames.part_url(item_id, "members") + query)
    return render(request, "catalogue/desk/members.html", _context(request, actor, work))


def _context(request: HttpRequest, actor: Actor, work: frames.Work) -> dict[str, Any]:
    draft = work.draft
    words = request.GET.get("q", "")[:80].replace("\x00", "")
    chosen = {member.code for member in draft.members}
    found = published_items(actor.tenant, words) if words else []
    rows = in_force(actor.tenant, [member.code for member in draft.members])
    merged = _merged(actor, draft, rows) if draft.members else None
    context = frames.frame(request, actor, work=work, part="members")
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("成员事项")}]
    return context | {
        "q": words,
        "found": [{"row": row, "chosen": row.item.code in chosen} for row in found],
        "members": [_member_line(member, rows.get(member.code)) for member in draft.members],
        "merged": merged,
        "offers": _offers(draft, merged) if merged else [],
        "table": [
            {"material": each, "serves": [(member, member.code in each.members) for member in draft.members]}
            for each in draft.materials
        ],
        "after": {"label": _("申请材料"), "url": frames.part_url(work.item.id, "materials")},
    }


def _member_line(member: Member, row: ItemVersion | None) -> dict[str, Any]:
    version = row.version if row else None
    return {
        "member": member,
        "version": version,
        "newer": bool(version and member.version and version > member.version),
        "gone": row is None,
        "promised": rules.words_of(row.promised_limit) if row and rules.is_limit(row.promised_limit) else "",
        "materials": len(row.materials) if row else 0,
    }


def _merged(actor: Actor, draft: ItemDraft, rows: Mapping[str, ItemVersion] | None = None) -> Merged:
    """What the members say together; ``rows`` are their versions in force where the caller has read them."""
    if rows is None:
        rows = in_force(actor.tenant, [member.code for member in draft.members])
    lead = frames.directory(actor).find(draft.department)
    return rules.merge_members([_bundle_part(row) for row in rows.values()], lead_org_code=lead.code if lead else "")


def _bundle_part(row: ItemVersion) -> rules.BundlePart:
    return rules.BundlePart(
        code=row.item.code or "",
        name=row.name,
        org_code=row.item.org_code,
        org_name=row.item.org_name,
        draft=draft_of(row),
    )


def _offers(draft: ItemDraft, merged: Merged) -> list[dict[str, Any]]:
    """What the members propose, beside what the bundle says; a press takes it over."""
    now = {
        "materials": [each.name for each in draft.materials],
        "limits": [_limit(draft.statutory_limit), _limit(draft.promised_limit)],
        "joint_units": [f"{unit.name}（{_limit(unit.limit)}）" for unit in draft.joint_units],
        "conditions": list(draft.conditions),
    }
    proposed = {
        "materials": [each.name for each in merged.materials],
        "limits": [_limit(merged.statutory_limit), _limit(merged.promised_limit)],
        "joint_units": [f"{unit.name}（{_limit(unit.limit)}）" for unit in merged.joint_units],
        "conditions": list(merged.conditions),
    }
    return [
        {
            "key": key,
            "label": label,
            "now": now[key],
            "proposed": proposed[key],
            "same": _taken(draft, merged, key) == draft,
        }
        for key, label in _OFFERS.items()
    ]


def _limit(text: str) -> str:
    return rules.words_of(text) if rules.is_limit(text) else _("还没有填写")


def _taken(draft: ItemDraft, merged: Merged, key: str) -> ItemDraft:
    """The draft with one proposal taken over; papers added by hand stay."""
    if key == "materials":
        own = tuple(each for each in draft.materials if not each.members)
        return dataclasses.replace(draft, materials=(*merged.materials, *own))
    if key == "limits":
        return dataclasses.replace(draft, statutory_limit=merged.statutory_limit, promised_limit=merged.promised_limit)
    return dataclasses.replace(draft, **{key: getattr(merged, key)})


def _overtaken(request: HttpRequest, work: frames.Work) -> bool:
    """Whether a table of ticks was sent that shows the papers of an earlier saving: it would untick another's."""
    return "rev" in request.POST and request.POST["rev"] != str(work.row.revision)


def _acted(request: HttpRequest, actor: Actor, draft: ItemDraft) -> tuple[ItemDraft, str]:
    """The draft after the pressed button, and what to say."""
    act, _colon, value = request.POST.get("op", "").partition(":")
    if act == "add":
        return _with_member(actor, draft, value)
    if act == "remove":
        kept = tuple(member for member in draft.members if member.code != value)
        return dataclasses.replace(draft, members=kept, materials=_without(draft.materials, value)), _(
            "已移出成员事项。"
        )
    if act == "take" and value in _OFFERS and draft.members:
        said = _("已采用成员事项合并后的%(what)s。") % {"what": _OFFERS[value]}
        return _taken(draft, _merged(actor, draft), value), said
    if act == "refresh":
        rows = in_force(actor.tenant, [member.code for member in draft.members])
        fresh = tuple(_member(rows[each.code]) if each.code in rows else each for each in draft.members)
        return dataclasses.replace(draft, members=fresh), _("成员事项已更新到现行版本，请核对合并结果。")
    if act == "serves":
        return _with_serving(request, draft), _("已保存每份材料用于哪些事项。")
    if act == "join":
        return _joined(request, draft), _("已合并所选的材料，请到“申请材料”里核对文字。")
    if act == "split":
        return _split(draft, value), _("已按成员事项拆开。")
    return draft, ""


def _with_member(actor: Actor, draft: ItemDraft, code: str) -> tuple[ItemDraft, str]:
    row = in_force(actor.tenant, [code]).get(code)
    if row is None or any(member.code == code for member in draft.members) or code == draft.code:
        return draft, ""
    changed = dataclasses.replace(draft, members=(*draft.members, _member(row)))
    before, after = _merged(actor, draft), _merged(actor, changed)
    for key in _OFFERS:
        if _untouched(draft, before, key):  # what the office wrote itself is never replaced unasked
            changed = _taken(changed, after, key)
    return changed, _("已加入“%(name)s”。") % {"name": row.name}


def _untouched(draft: ItemDraft, merged: Merged, key: str) -> bool:
    """Whether an element is still open, or says what the members proposed."""
    if key == "limits":
        return not draft.promised_limit or _taken(draft, merged, key) == draft
    return not getattr(draft, key) or _taken(draft, merged, key) == draft


def _member(row: ItemVersion) -> Member:
    return Member(
        code=row.item.code or "",
        name=row.name,
        org_code=row.item.org_code,
        org_name=row.item.org_name,
        version=row.version or 0,
    )


def _without(materials: tuple[Material, ...], code: str) -> tuple[Material, ...]:
    """Papers after a member has gone: those it alone asked for go with it."""
    return tuple(
        dataclasses.replace(each, members=tuple(one for one in each.members if one != code))
        for each in materials
        if each.members != (code,)
    )


def _with_serving(request: HttpRequest, draft: ItemDraft) -> ItemDraft:
    """Which member each paper serves, as ticked."""
    codes = [member.code for member in draft.members]
    ticked = set(request.POST.getlist("serves"))
    return dataclasses.replace(
        draft,
        materials=tuple(
            dataclasses.replace(each, members=tuple(code for code in codes if f"{each.key} {code}" in ticked))
            for each in draft.materials
        ),
    )


def _joined(request: HttpRequest, draft: ItemDraft) -> ItemDraft:
    """The ticked papers as one: the first one's name and words, the stricter form, all their members."""
    keys = request.POST.getlist("join")
    chosen = [each for each in draft.materials if each.key in keys]
    if len(chosen) < 2:
        return draft
    first = chosen[0]
    alike = [dataclasses.replace(each, name=first.name, issuer=first.issuer) for each in chosen]
    [one] = rules.merged_materials(alike)
    one = dataclasses.replace(one, key=first.key, name=first.name)
    kept = tuple(one if each.key == first.key else each for each in draft.materials if each.key not in keys[1:])
    return dataclasses.replace(
        draft, materials=tuple(each for each in kept if each.key == first.key or each not in chosen)
    )


def _split(draft: ItemDraft, key: str) -> ItemDraft:
    """A paper that serves several members as one for each."""
    found: list[Material] = []
    for each in draft.materials:
        if each.key != key or len(each.members) < 2:
            found.append(each)
            continue
        for number, code in enumerate(each.members):
            fresh = parts.next_key(dataclasses.replace(draft, materials=(*draft.materials, *found)))
            found.append(dataclasses.replace(each, key=each.key if number == 0 else fresh, members=(code,)))
    return dataclasses.replace(draft, materials=tuple(found))
