"""The public side: what disclosure offers, the form, the receipt, a third party's answer by its link."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import Opinion
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.services import limits
from zhengtong.systems.disclosure.web.forms import RequestForm
from zhengtong.systems.disclosure.web.words import crumbs, unit_choices

FRESH = "disclosure_fresh"
_METHODS = ["GET", "HEAD", "POST"]
_TOO_MANY = 429


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What disclosure offers: catalogue, guide, reports, requests."""
    return render(request, "disclosure/home.html", {"breadcrumbs": [*crumbs()[:1], {"label": _("政府信息公开")}]})


@public
@never_cache
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """The form; ``?unit=`` chooses whom to ask."""
    actor = actor_of(request)
    own = actor.signed_in and actor.kind != "official"
    initial = {"org_code": request.GET.get("unit", "")[:20]}
    form = RequestForm(
        request.POST or None, request.FILES or None, units=unit_choices(actor.tenant), own=own, initial=initial
    )
    status, refused = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                receipt = _send(request, actor, form)
            except Invalid as refusal:
                add_errors(form, refusal)
            except NotPermitted as refusal:
                refused, status = refusal.message, _TOO_MANY
            else:
                keep_fresh(request, receipt)
                return redirect("disclosure:receipt")
    context: dict[str, Any] = {
        "form": form,
        "own": own,
        "official": actor.kind == "official",
        "refused": refused,
        "breadcrumbs": crumbs((_("申请公开信息"), "")),
    }
    return render(request, "disclosure/new.html", context, status=status)


def _send(request: HttpRequest, actor: Actor, form: RequestForm) -> api.Receipt:
    address = get_adapter().get_client_ip(request)
    counted = not actor.signed_in
    if counted:
        limits.check_send(tenant=actor.tenant, address=address)
    receipt = api.submit(actor=actor, words=form.words())
    if counted:
        limits.count_sent(tenant=actor.tenant, address=address)
    return receipt


@public
@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and code, shown once after handing in; then only the way to ask."""
    held = request.session.pop(FRESH, None)
    rows = DisclosureRequest.objects.filter(tenant=actor_of(request).tenant)
    row = rows.filter(pk=uuid.UUID(held["id"])).first() if held else None
    if row is None:
        return redirect("disclosure:find")
    clock = row.clocks.order_by("created_at").first()
    due = _("最迟 %(day)s") % {"day": cn_date(clock.due_on)} if clock and clock.due_on else _("确认收到后起算")
    context: dict[str, Any] = {
        "row": row,
        "code": held["code"],
        "taken_in": bool(row.taken_by_id),
        "facts": [
            {"label": _("受理单位"), "value": row.org_name},
            {"label": _("收到申请之日"), "value": cn_date(row.received_on) if row.received_on else _("待确认")},
            {"label": _("答复"), "value": due},
        ],
        "breadcrumbs": crumbs((_("申请回执"), "")),
    }
    return render(request, "disclosure/receipt.html", context)


@public
@never_cache
@require_http_methods(_METHODS)
def opinion(request: HttpRequest, token: str) -> HttpResponse:
    """A third party answers by the link of its letter: what is asked, until when, yes or no; no word of who asked."""
    actor = actor_of(request)
    asked = api.by_token(actor.tenant, token)
    problem, status = "", 200
    if request.method == "POST":
        try:
            api.reply(
                actor=actor,
                consultation_id=asked.id,
                opinion=request.POST.get("opinion", ""),
                words=request.POST.get("words", "")[:3000],
                by_link=True,
            )
        except (Invalid, Conflict) as refusal:
            problem, status = refusal.message, 409 if isinstance(refusal, Conflict) else 422
        else:
            return redirect("disclosure:opinion", token=token)
    asked.refresh_from_db()
    context: dict[str, Any] = {
        "asked": asked,
        "open": not asked.opinion and asked.request.state == "consulting",
        "org_name": asked.request.org_name,
        "choices": [(Opinion.AGREE, Opinion.AGREE.label), (Opinion.OBJECT, Opinion.OBJECT.label)],
        "problem": problem,
        "typed": request.POST,
        "breadcrumbs": crumbs((_("征求意见"), "")),
    }
    return render(request, "disclosure/opinion.html", context, status=status)


def add_errors(form: RequestForm, refusal: Invalid) -> None:
    """The sentences of the service at their fields; what has no field stands above the form."""
    for field, words in (refusal.errors or {"": refusal.message}).items():
        form.add_error(field if field in form.fields else None, words)


def keep_fresh(request: HttpRequest, made: api.Receipt) -> None:
    """The code goes to the receipt's page by the session, and is gone when it was shown."""
    request.session[FRESH] = {"id": str(made.row.id), "code": made.code}
