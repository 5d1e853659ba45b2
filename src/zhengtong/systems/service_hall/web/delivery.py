"""Delivery: the applicant chooses, the counter hands over, posts, gives out; labels to print."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel import parameters
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.policy import requires, signed_in
from zhengtong.kernel.ui.formats import cn_datetime, mask_name
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import DELIVERY_FEE_WORDS, ApplicantKind, DeliveryState, DeliveryWay
from zhengtong.systems.service_hall.registry import carriers
from zhengtong.systems.service_hall.rules import masked_address, may_move_delivery
from zhengtong.systems.service_hall.web import counter_pages, pages
from zhengtong.systems.service_hall.web.counter_forms import drawn_picture
from zhengtong.systems.service_hall.web.delivery_forms import BackForm, CollectForm, DeliveryForm, PostForm


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """How the paper licence comes; for the applicant, or for the counter that took the application in."""
    actor = pages.actor_of(request)
    row = api.application_of_chooser(actor=actor, application_id=application_id)
    found = api.delivery_of(row)
    places = api.pick_up_places(actor.tenant)
    given = {"way": found.way if found else DeliveryWay.ELECTRONIC}
    if found is not None:
        code = next((place.code for place in places if place.id == found.place_org_id), "")
        given |= {"place_code": code, "recipient": found.recipient, "phone": found.phone, "address": found.address}
    form = DeliveryForm(
        [(place.code, place.short_name or place.name) for place in places],
        request.POST if request.method == "POST" else None,
        initial=given if actor.kind != "official" else {"way": given["way"]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            api.choose_delivery(actor=actor, application_id=row.id, choice=api.DeliveryChoice(**form.cleaned_data))
        except (Invalid, Conflict) as refusal:
            _add(form, refusal)
        else:
            messages.success(request, _("领取方式已经登记。"))
            if actor.kind == "official":
                return redirect("service_hall:counter")
            return redirect(f"{reverse('service_hall:application', args=[row.id])}#delivery")
    context = {
        "row": row,
        "form": form,
        "fee": parameters.value(DELIVERY_FEE_WORDS, tenant=actor.tenant),
        "breadcrumbs": pages.crumbs((row.item_name, ""), (_("领取方式"), "")),
    }
    return render(request, "service_hall/delivery/choose.html", context, status=422 if form.errors else 200)


def _add(form: forms.Form, refusal: DomainError) -> None:
    """Say a refusal at its fields, or above the form."""
    errors = (refusal.errors if isinstance(refusal, Invalid) else {}) or {refusal.field: refusal.message}
    for field, said in errors.items():
        form.add_error(field if field in form.fields else None, said)


@requires(*counter_pages.ROLES)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What the counter has in hand, the oldest first; recipients masked."""
    actor = pages.actor_of(request)
    page = api.deliveries_in_hand(actor=actor, page=request.GET.get("page"))
    context = counter_pages.frame(actor, "delivery") | {
        "page": page,
        "columns": [
            {"key": "number", "label": _("编号"), "kind": "code"},
            {"key": "item", "label": _("事项")},
            {"key": "applicant", "label": _("申请人")},
            {"key": "way", "label": _("领取方式")},
            {"key": "state", "label": _("状态")},
            {"key": "time", "label": _("最近进展")},
        ],
        "rows": [_line(one) for one in page.rows],
        "empty": {"title": _("没有要送达的证照"), "why": _("申请人选择纸质证照、办结以后会出现在这里。")},
    }
    return render(request, "service_hall/delivery/queue.html", context)


def _line(one: Any) -> dict[str, Any]:
    row = one.application
    person = row.applicant_kind == ApplicantKind.PERSON
    return {
        "number": row.number,
        "item": row.item_name,
        "applicant": mask_name(row.applicant_name) if person else row.applicant_name,
        "way": f"{one.get_way_display()} {one.place_name}".strip(),
        "state": one.get_state_display(),
        "time": cn_datetime(one.moved_at),
        "url": reverse("service_hall:delivery-one", args=[one.id]),
    }


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """One delivery with the acts that are open now."""
    actor = pages.actor_of(request)
    found = api.delivery_for_official(actor=actor, delivery_id=delivery_id)
    act = request.POST.get("act", "")
    data = request.POST if request.method == "POST" else None
    choices = [(name, str(carrier.label)) for name, carrier in carriers.items()]
    shown: dict[str, forms.Form] = {
        "post": PostForm(choices, data if act == "post" else None),
        "collect": CollectForm(data if act == "collect" else None),
        "back": BackForm(data if act == "back" else None),
    }
    refused = ""
    if request.method == "POST":
        form = shown.get(act)
        try:
            if form is None or form.is_valid():
                _do(request, found.id, act, form.cleaned_data if form else {})
                messages.success(request, _("已登记。"))
                return redirect("service_hall:delivery-one", found.id)
        except (Invalid, Conflict) as refusal:
            if form is not None and isinstance(refusal, Invalid):
                _add(form, refusal)
            else:
                refused = refusal.message
        found = api.delivery_for_official(actor=actor, delivery_id=delivery_id)
    row = found.application
    context = counter_pages.frame(actor, "delivery") | {
        "delivery": found,
        "row": row,
        "line": _line(found),
        "address": masked_address(found.address),
        "events": [{"at": e.at, "title": e.words, "note": e.source} for e in api.delivery_events(found)],
        "open": {
            to: may_move_delivery(way=found.way, state=found.state, to=to, at_place=actor.org_id == found.place_org_id)
            for to in DeliveryState.values
        },
        "refused": refused,
        **{f"{name}_form": form for name, form in shown.items()},
    }
    return render(request, "service_hall/delivery/one.html", context, status=422 if request.method == "POST" else 200)


def _do(request: HttpRequest, delivery_id: uuid.UUID, act: str, given: dict[str, Any]) -> None:
    """Carry out the act of a button; Invalid for one there is not."""
    actor = pages.actor_of(request)
    acts: dict[str, Callable[[], object]] = {
        "post": lambda: api.send_by_post(actor=actor, delivery_id=delivery_id, **given),
        "on_way": lambda: api.send_to_place(actor=actor, delivery_id=delivery_id),
        "at_place": lambda: api.put_at_place(actor=actor, delivery_id=delivery_id),
        "collect": lambda: api.hand_out(
            actor=actor,
            delivery_id=delivery_id,
            to=api.Collection(
                name=given["name"],
                code=given["code"],
                proof=given["proof"],
                signature=drawn_picture(given["drawn"]),
            ),
        ),
        "arrived": lambda: api.confirm_post(actor=actor, delivery_id=delivery_id, delivered=True),
        "back": lambda: api.confirm_post(actor=actor, delivery_id=delivery_id, delivered=False, reason=given["reason"]),
    }
    if act not in acts:
        raise Invalid(_("请选择要登记的进展。"))
    acts[act]()


@requires(*counter_pages.ROLES)
@never_cache
@require_POST
def label(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """The address in the clear, to print and stick on; the reading is recorded."""
    found = api.read_address(actor=pages.actor_of(request), delivery_id=delivery_id)
    context = counter_pages.frame(pages.actor_of(request), "delivery") | {"delivery": found, "row": found.application}
    return render(request, "service_hall/delivery/label.html", context)
