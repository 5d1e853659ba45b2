"""The list of items on the desk: filters, what each lacks, several sent to review at once; new items."""

import dataclasses
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.constants import OPEN, ItemKind, VersionStatus
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import desk
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.catalogue.web.authoring_forms import NewItemForm
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires


@requires(*frames.READERS)
@require_GET
@never_cache
def item_list(request: HttpRequest) -> HttpResponse:
    """Items of one's own unit (the county for those who keep the list), as a page; the address keeps the filters."""
    return _list_page(request, actor_of(request))


@requires(*frames.EDITORS)
@require_POST
@never_cache
def submit_several(request: HttpRequest) -> HttpResponse:
    """Send the chosen drafts to review with one reason; those that are not ready are named with what they lack."""
    actor = actor_of(request)
    reason = frames.written(request, "reason")
    chosen = [uuid.UUID(value) for value in request.POST.getlist("item") if _is_uuid(value)]
    if not chosen or not reason:
        problem = _("请先在表中勾选要送审的事项。") if not chosen else _("请写明送审理由，例如所依据的文件。")
        return _list_page(request, actor, problem=problem, reason=reason, chosen=chosen, status=422)
    sent, held = [], []
    for item_id in chosen:
        name = str(item_id)
        try:
            work = frames.open_work(actor, item_id)
            name = work.row.name
            api.submit_draft(actor=actor, version_id=work.row.id, revision=work.row.revision, reason=reason)
        except DomainError as refusal:
            held.append({"name": name, "why": refusal.message})
        else:
            sent.append(name)
    if sent:
        messages.success(request, _("已送审 %(n)d 项：%(names)s。") % {"n": len(sent), "names": "、".join(sent)})
    if held:
        return _list_page(request, actor, held=held, reason=reason, chosen=chosen, status=409)
    return redirect("catalogue_desk:desk")


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_item(request: HttpRequest, kind: str = "single") -> HttpResponse:
    """Name, unit and type begin a draft; the rest follows part by part."""
    actor = actor_of(request)
    county = actor.has_role(Role.ITEM_ADMIN)
    units = [each for each in identity.organisations(actor.tenant) if county or each.code == actor.org_code]
    choices = [(each.name, each.name) for each in units]
    initial = {"department": actor.org_name, "power_type": "20" if kind == ItemKind.BUNDLE else ""}
    form = NewItemForm(request.POST or None, units=choices, initial=initial)
    same = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        same = desk.item_named(actor.tenant, typed["name"].strip(), typed["department"])
        if same is None:
            try:
                row = api.draft_item(actor=actor, draft=_blank(kind, typed))
            except Invalid as refusal:
                for field, sentence in (refusal.errors or {"": refusal.message}).items():
                    form.add_error(field if field in form.fields else None, sentence)
            else:
                part = "members" if kind == ItemKind.BUNDLE else "basic"
                return redirect(frames.part_url(row.item_id, part))
    context = frames.frame(request, actor)
    title = _("新建一件事") if kind == ItemKind.BUNDLE else _("新建事项")
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": title}]
    context |= {"form": form, "title": title, "kind": kind, "same": same}
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/desk/new.html", context, status=status)


def _blank(kind: str, typed: dict[str, Any]) -> ItemDraft:
    return ItemDraft(
        code="",
        name=typed["name"].strip(),
        power_type=typed["power_type"],
        department=typed["department"],
        legal_basis="",
        applicant_type="",
        handling_kind="",
        statutory_limit="",
        promised_limit="",
        online_depth="",
        kind=kind,
    )


def _list_page(
    request: HttpRequest,
    actor: Actor,
    *,
    problem: str = "",
    reason: str = "",
    held: list[dict[str, str]] | None = None,
    chosen: list[uuid.UUID] | None = None,
    status: int = 200,
) -> HttpResponse:
    names = [field.name for field in dataclasses.fields(desk.DeskFilters)]
    filters = desk.DeskFilters(**{name: request.GET.get(name, "")[:80].replace("\x00", "") for name in names})
    page = desk.desk_items(actor, filters, request.GET.get("page"))
    context = frames.frame(request, actor)
    rows = _rows(actor, page.rows, chosen or [])
    context |= {
        "page": page,
        "rows": rows,
        "choosable": any(row["choosable"] for row in rows),
        "filters": _filters(actor),
        "totals": desk.desk_totals(actor),
        "county": actor.has_role(*desk.COUNTY_ROLES),
        "problem": problem,
        "reason": reason,
        "held": held or [],
        "filtered": any(dataclasses.asdict(filters).values()),
        "import_url": frames.address("catalogue:import"),
    }
    return render(request, "catalogue/desk/list.html", context, status=status)


def _rows(actor: Actor, rows: list[desk.DeskItem], chosen: list[uuid.UUID]) -> list[dict[str, Any]]:
    """What the table prints of each item; where its review stands is asked once for the page."""
    case_ids = [row.case_id for row in rows if row.state in OPEN and row.case_id]
    tasks: dict[uuid.UUID, list[cases.WorkItemView]] = {}
    for task in cases.open_tasks(tenant=actor.tenant, case_ids=case_ids):
        tasks.setdefault(task.case_id, []).append(task)
    return [
        {
            "item": row,
            "state_label": str(VersionStatus(row.state).label),
            "review": [frames.standing_of(task) for task in tasks.get(row.case_id, [])] if row.case_id else [],
            "choosable": row.state == VersionStatus.DRAFT and actor.has_role(*frames.EDITORS),
            "chosen": row.item_id in chosen,
            "bundle": row.kind == ItemKind.BUNDLE,
        }
        for row in rows
    ]


def _filters(actor: Actor) -> list[dict[str, Any]]:
    all_ = ("", _("全部"))
    states = [(str(value), str(label)) for value, label in VersionStatus.choices]
    found: list[dict[str, Any]] = [
        {"name": "q", "label": _("名称或编码"), "type": "text"},
        {"name": "state", "label": _("状态"), "type": "select", "options": [all_, *states]},
        {"name": "power_type", "label": _("事项类型"), "type": "select", "options": [all_, *frames.type_choices()]},
        {
            "name": "problems",
            "label": _("问题"),
            "type": "select",
            "options": [all_, ("yes", _("有问题")), ("no", _("没有问题"))],
        },
        {
            "name": "missing",
            "label": _("缺少的要素"),
            "type": "select",
            "options": [all_, *((key, str(label)) for key, label in desk.MISSING.items())],
        },
        {
            "name": "kind",
            "label": _("形态"),
            "type": "select",
            "options": [all_, *((str(value), str(label)) for value, label in ItemKind.choices)],
        },
    ]
    if actor.has_role(*desk.COUNTY_ROLES):
        found.insert(
            2, {"name": "unit", "label": _("单位"), "type": "select", "options": [all_, *desk.desk_units(actor)]}
        )
    return found


def _is_uuid(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
