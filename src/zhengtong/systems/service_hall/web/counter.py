"""The counter: find or take down the person, type for him on the citizen's own pages, print the receipt."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_datetime, mask_name
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicantKind, SittingPurpose, SittingState
from zhengtong.systems.service_hall.web import counter_pages, desk_pages, pages
from zhengtong.systems.service_hall.web.counter_forms import BeginForm, FindPersonForm, NewPersonForm

_PURPOSE = "窗口代录申请"
_FOUND_ITEMS = 12


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Find the person by his full number; what is being typed, and what was handed in today."""
    actor = pages.actor_of(request)
    form = FindPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["citizen_number"]
        try:
            person_id = identity.look_up_person(actor=actor, citizen_number=number, purpose=_(_PURPOSE))
        except Invalid as refusal:
            form.add_error("citizen_number", refusal.message)
        else:
            if person_id is None:
                return _new_person(request, actor, NewPersonForm(initial={"citizen_number": number}))
            counter_pages.remember(request, person_id)
            return redirect("service_hall:counter-person", person_id)
    context = counter_pages.frame(actor, "counter") | {
        "form": form,
        "open": [_line(sitting) for sitting in api.open_sittings(actor=actor)],
        "done": [_line(sitting) for sitting in api.handed_in_today(actor=actor)],
        "columns": [
            {"key": "number", "label": _("编号"), "kind": "code"},
            {"key": "item", "label": _("事项")},
            {"key": "applicant", "label": _("申请人")},
            {"key": "time", "label": _("时间")},
        ],
        "no_open": {"title": _("没有正在代录的申请")},
        "no_done": {"title": _("今天还没有提交")},
    }
    return render(request, "service_hall/counter/home.html", context, status=422 if form.errors else 200)


def _line(sitting: Any) -> dict[str, Any]:
    row = sitting.application
    person = row.applicant_kind == ApplicantKind.PERSON
    place = "sitting" if sitting.state == SittingState.OPEN else "counter-receipt"
    return {
        "number": row.number or _("草稿"),
        "item": row.item_name,
        "applicant": mask_name(row.applicant_name) if person else row.applicant_name,
        "time": cn_datetime(sitting.closed_at or sitting.created_at),
        "url": reverse(f"service_hall:{place}", args=[sitting.id]),
    }


@requires(*counter_pages.ROLES)
@never_cache
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Take down a person who is not known yet; he joins this record when he registers later."""
    actor = pages.actor_of(request)
    form = NewPersonForm(request.POST)
    if form.is_valid():
        try:
            person_id = identity.take_in_person(actor=actor, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            for field, said in counter_pages.said(refusal).items():
                form.add_error(field or None, said)
        else:
            counter_pages.remember(request, person_id)
            return redirect("service_hall:counter-person", person_id)
    return _new_person(request, actor, form)


def _new_person(request: HttpRequest, actor: Actor, form: NewPersonForm) -> HttpResponse:
    context = counter_pages.frame(actor, "counter") | {"form": form}
    return render(request, "service_hall/counter/new_person.html", context, status=422 if form.errors else 200)


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """In whose name, for what; the press begins the typing on the citizen's own pages."""
    actor = pages.actor_of(request)
    counter_pages.check_known(request, person_id)
    words = request.GET.get("q", "").strip()[:60]
    items = _items(actor, words)
    choices = [(choice.key, f"{choice.title}（{choice.note}）") for choice in _choices(actor, person_id)]
    wanted = request.GET.get("for", "")
    first = {"choice": choices[0][0] if len(choices) == 1 else wanted}
    form = BeginForm(choices, items, request.POST if request.method == "POST" else None, initial=first)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            sitting = api.begin_sitting(
                actor=actor,
                person_id=person_id,
                choice=form.cleaned_data["choice"],
                item_code=form.cleaned_data["item"],
                proof=form.cleaned_data["proof"],
            )
        except (NotPermitted, Invalid) as refusal:
            refused = refusal.message
        else:
            return redirect("service_hall:sitting", sitting.id)
    context = counter_pages.frame(actor, "counter") | {
        "person": identity.masked(actor.tenant, person_id),
        "person_id": person_id,
        "wanted": wanted,
        "form": form,
        "refused": refused,
        "words": words,
        "none_found": bool(words) and not items,
    }
    status = 422 if form.errors or refused else 200
    return render(request, "service_hall/counter/person.html", context, status=status)


def _choices(actor: Actor, person_id: uuid.UUID) -> list[identity.Choice]:
    return identity.applicant_choices(actor.tenant, person_id)


def _items(actor: Actor, words: str) -> list[tuple[str, str]]:
    """Items by words or by full code; without words those asked for most."""
    if not words:
        return [(item.code, f"{item.name}（{item.org_name}）") for item in catalogue.popular(actor.tenant)]
    hits = search.search(actor=actor, query=words, kind="item", size=_FOUND_ITEMS).rows
    codes = [hit.url.rstrip("/").rpartition("/")[2] for hit in hits] or [words]
    found = []
    for code in codes:
        try:
            item = catalogue.find_item(actor.tenant, code)
        except NotFound:
            continue
        found.append((item.code, f"{item.name}（{item.org_name}）"))
    return found


@requires(*counter_pages.ROLES)
@never_cache
@require_safe
def sitting(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """Where the typing stands: what is missing, which originals were seen, what comes next."""
    actor = pages.actor_of(request)
    found = api.own_sitting(actor=actor, sitting_id=sitting_id)
    if found.state == SittingState.DONE:
        return redirect("service_hall:counter-receipt", found.id)
    if found.state == SittingState.DROPPED:
        messages.info(request, _("这次代录已经结束。"))
        return redirect("service_hall:counter")
    view = api.view_to_fill(actor=actor, application_id=found.application_id)
    seen = {mark.file_id: mark for mark in api.originals_seen(view.row)}
    context = counter_pages.frame(actor, "counter") | {
        "sitting": found,
        "view": view,
        "next": _next(view, found),
        "summary": pages.error_links(view, view.gaps),
        "relation": api.representation_of(found),
        "lacks_relation": api.lacks_relation(found),
        "files": [
            {"material": row.material.name, "file": file, "seen": seen.get(file.id)}
            for row in pages.material_rows(view)
            for file in row.files
        ],
    }
    return render(request, "service_hall/counter/sitting.html", context)


def _next(view: api.ApplicationView, found: Any) -> str:
    if found.purpose == SittingPurpose.SUPPLEMENT:
        return reverse("service_hall:supplement", args=[view.id])
    if view.gaps:
        return pages.next_step(view)
    if api.lacks_relation(found):
        return reverse("service_hall:counter-relation", args=[found.id])
    return reverse("service_hall:counter-show", args=[view.id])


@requires(*counter_pages.ROLES)
@never_cache
@require_POST
def original(request: HttpRequest, sitting_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Say that the original was held beside the file."""
    mark = api.mark_original(actor=pages.actor_of(request), sitting_id=sitting_id, file_id=file_id)
    messages.success(request, _("已记录：核对了“%(name)s”的原件。") % {"name": mark.file.material_name})
    return redirect("service_hall:sitting", sitting_id)


@requires(*counter_pages.ROLES)
@never_cache
@require_POST
def drop(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """Give up; the draft stays with the applicant."""
    api.drop_sitting(actor=pages.actor_of(request), sitting_id=sitting_id)
    messages.success(request, _("已放弃代录。草稿留在申请人自己的“我的办件”里，本人可以接着填写。"))
    return redirect("service_hall:counter")


@requires(*counter_pages.ROLES)
@never_cache
@require_safe
def receipt(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """The receipt to print at once, and the acceptance where the official may give it himself."""
    actor = pages.actor_of(request)
    found = api.own_sitting(actor=actor, sitting_id=sitting_id)
    if found.state != SittingState.DONE:
        return redirect("service_hall:sitting", found.id)
    view = api.view_of(found.application, actor=actor)
    row = view.row
    asked = urlencode({"number": row.number, "code": row.query_code})
    mine = [item for item in (view.case.open_items if view.case else ()) if desk_pages.is_mine(actor, item)]
    context = counter_pages.frame(actor, "counter") | {
        "view": view,
        "sitting": found,
        "rows": [
            {"label": _("事项"), "value": row.item_name},
            {"label": _("申请人"), "value": row.applicant_name},
            {"label": _("受理单位"), "value": row.org_name},
            {"label": _("收件窗口"), "value": _("%(org)s，%(name)s") % {"org": found.org_name, "name": actor.name}},
            {"label": _("提交时间"), "value": row.submitted_at},
            {
                "label": _("收到的材料"),
                "value": "\n".join(f"{no}. {m.name}" for no, m in enumerate(_given(view), 1)) or _("无"),
            },
        ],
        "qr": qr_svg(f"{settings.ZHENGTONG_BASE_URL}{reverse('service_hall:track')}?{asked}"),
        "accept_task": next((item for item in mine if item.phase == "accept"), None),
    }
    return render(request, "service_hall/counter/receipt.html", context)


def _given(view: api.ApplicationView) -> list[api.MaterialView]:
    return [material for material in view.materials if material.state == "given"]


@requires(*counter_pages.ROLES)
@never_cache
@require_POST
def accept(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """Accept on the spot what was just handed in, where the official holds the acceptance of that unit."""
    actor = pages.actor_of(request)
    found = api.own_sitting(actor=actor, sitting_id=sitting_id)
    view = api.view_of(found.application, actor=actor)
    task = next((item for item in (view.case.open_items if view.case else ()) if item.phase == "accept"), None)
    if task is None or not desk_pages.is_mine(actor, task):
        messages.error(request, _("受理由%(org)s办理，已经转到该单位。") % {"org": view.row.org_name})
    else:
        try:
            api.complete_task(
                actor=actor,
                work_item_id=task.id,
                outcome="accept",
                opinion=_("材料齐全、符合法定形式，当场受理。"),
                command_key=f"counter-accept:{found.id}",
            )
        except (Invalid, Conflict) as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("已经当场受理，受理通知书正在制作。"))
    return redirect("service_hall:counter-receipt", found.id)
