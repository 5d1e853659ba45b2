"""The screen that is turned to the person: he reads what is sent, and agrees by signature or by a code of his own."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import CONSENT_TEXT, SittingPurpose
from zhengtong.systems.service_hall.web import counter_pages, pages
from zhengtong.systems.service_hall.web.counter_forms import ConsentForm, PhoneCodeForm


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The screen in large print: exactly what is sent; his signature or his code hands it in."""
    actor = pages.actor_of(request)
    view = api.view_to_fill(actor=actor, application_id=application_id)
    found = api.sitting_of(actor=actor, application_id=view.id)
    if found is None:
        return redirect("service_hall:counter")
    if request.method != "POST" and api.lacks_relation(found):
        messages.info(request, _("还没有登记代办关系和证明材料，登记以后再转过屏幕给申请人看。"))
        return redirect("service_hall:counter-relation", found.id)
    if request.method != "POST" and _gaps(view, found):
        messages.info(request, _("还没有录完，补齐以后再转过屏幕给申请人看。"))
        return redirect("service_hall:sitting", found.id)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"notice_email": view.form.answers.get("email", "")},
    )
    act = request.POST.get("act", "sign")
    errors: dict[str, str] = {}
    sent = ""
    if request.method == "POST" and form.is_valid():
        try:
            if act == "send":
                sent = _send(actor, found, form)
            else:
                _hand_in(actor, view, found, form, by_code=act == "code")
        except (Invalid, Conflict) as refusal:
            errors = counter_pages.said(refusal)
            for field in ("notice_email", "paper", "code"):
                if field in errors:
                    form.add_error(field, errors[field])
        else:
            if not sent:
                return redirect("service_hall:counter-receipt", found.id)
    row = view.row
    context: dict[str, Any] = {
        "view": view,
        "sitting": found,
        "form": form,
        "summary": pages.error_links(view, errors | ({} if errors else _gaps(view, found))),
        "sections": pages.answers(view),
        "rows": pages.material_rows(view),
        "relation": api.representation_of(found),
        "consent": str(CONSENT_TEXT) % {"name": row.person_name, "item": row.item_name, "org": row.org_name},
        "ready": not _gaps(view, found),
        "code_way": _code_way(row),
        "phone": identity.masked(row.tenant, row.person_id).phone,
        "sent": sent,
        "typing_code": bool(sent) or act == "code",
    }
    return render(request, "service_hall/counter/show.html", context, status=422 if errors or form.errors else 200)


def _code_way(row: Any) -> str:
    """open, or why no code is offered: none (no short messages) or unverified (the number)."""
    if not notify.sms_is_set_up():
        return "none"
    return "open" if identity.phone_is_verified(row.tenant, row.person_id) else "unverified"


def _send(actor: Actor, found: Any, form: ConsentForm) -> str:
    email = form.cleaned_data["notice_email"].strip()
    return sent_words(api.send_consent_code(actor=actor, sitting_id=found.id, email=email))


def sent_words(sent: identity.SentCode) -> str:
    """That a code is on its way, where to and until when."""
    return _("验证码已经发到 %(phone)s，%(until)s 以前有效。") % {
        "phone": sent.phone,
        "until": cn_datetime(sent.expires_at),
    }


def _gaps(view: api.ApplicationView, found: Any) -> dict[str, str]:
    return view.gaps if found.purpose == SittingPurpose.APPLY else {}


def _hand_in(actor: Actor, view: api.ApplicationView, found: Any, form: ConsentForm, *, by_code: bool) -> None:
    email = form.cleaned_data["notice_email"].strip()
    if by_code:
        code = form.cleaned_data["code"].strip()
        if not code:
            raise Invalid(_("请填写申请人手机收到的验证码。"), field="code")
        api.consent_by_code(actor=actor, sitting_id=found.id, code=code, email=email)
    else:
        kind, name, content = form.signature()
        api.record_consent(actor=actor, sitting_id=found.id, kind=kind, name=name, content=content, email=email)
    if found.purpose == SittingPurpose.APPLY:
        api.submit_application(actor=actor, application_id=view.id, email=email)
    elif view.open_notice is not None:
        api.answer_notice(actor=actor, application_id=view.id, command_key=f"answer:{view.id}:{view.open_notice.no}")


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """The person proves to have the telephone on file: a code to it, which he tells."""
    actor = pages.actor_of(request)
    found = api.own_sitting(actor=actor, sitting_id=sitting_id, open_only=True)
    row = found.application
    act = request.POST.get("act", "")
    form = PhoneCodeForm(request.POST if act == "confirm" else None)
    sent, refused = "", ""
    try:
        if act == "send":
            sent = sent_words(identity.send_phone_code(actor=actor, person_id=row.person_id))
        elif act == "confirm" and form.is_valid():
            identity.confirm_phone(actor=actor, person_id=row.person_id, code=form.cleaned_data["code"])
            messages.success(request, _("手机号已经核验，可以用短信验证码表示同意。"))
            return redirect("service_hall:counter-show", row.id)
    except (Invalid, Conflict, NotPermitted) as refusal:
        if refusal.field == "code" and act == "confirm":
            form.add_error("code", refusal.message)
        else:
            refused = refusal.message
    context = counter_pages.frame(actor, "counter") | {
        "sitting": found,
        "row": row,
        "form": form,
        "sent": sent,
        "refused": refused,
        "open": notify.sms_is_set_up(),
        "verified": identity.phone_is_verified(row.tenant, row.person_id),
        "phone": identity.masked(row.tenant, row.person_id).phone,
    }
    status = 422 if form.errors or refused else 200
    return render(request, "service_hall/counter/phone.html", context, status=status)
