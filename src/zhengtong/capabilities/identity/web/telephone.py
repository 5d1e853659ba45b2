"""The person's own telephone: a code sent to it, and typed, proves that he has it."""

import uuid
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.web.forms import CODE_INPUT, add_errors
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, signed_in
from zhengtong.kernel.ui.formats import cn_datetime


class CodeForm(forms.Form):
    """The code that came."""

    code = forms.CharField(
        label=gettext_lazy("收到的验证码"),
        max_length=20,
        widget=CODE_INPUT,
        error_messages={"required": gettext_lazy("请填写验证码。")},
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def telephone(request: HttpRequest) -> HttpResponse:
    """Whether the number is proved; POST ``act`` = send sends a code, without it the code is checked."""
    actor, person_id = actor_of(request), cast("Account", request.user).person_id
    sending = request.POST.get("act") == "send"
    form = CodeForm(request.POST if request.method == "POST" and not sending else None)
    refusal = ""
    if request.method == "POST":
        try:
            if sending:
                return _sent(request, actor, person_id)
            if form.is_valid():
                return _proved(request, actor, person_id, form.cleaned_data["code"])
        except DomainError as error:
            if sending or not error.field:
                refusal = error.message
            else:
                add_errors(form, error)
    page = {
        "form": form,
        "phone": api.masked(actor.tenant, person_id).phone,
        "verified": api.phone_is_verified(actor.tenant, person_id),
        "own": actor.kind == "citizen",
        "errors": [{"text": refusal, "href": "#send"}] if refusal else [],
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("我的账户"), "url": reverse("account_home")},
            {"label": _("核验手机号"), "url": ""},
        ],
    }
    return render(request, "identity/telephone.html", page, status=422 if form.errors or refusal else 200)


def _sent(request: HttpRequest, actor: Actor, person_id: uuid.UUID) -> HttpResponse:
    sent = api.send_phone_code(actor=actor, person_id=person_id)
    told = {"phone": sent.phone, "time": cn_datetime(sent.expires_at)}
    messages.success(request, _("验证码已经发到 %(phone)s，%(time)s 以前有效。") % told)
    return HttpResponseRedirect(reverse("account_phone"))


def _proved(request: HttpRequest, actor: Actor, person_id: uuid.UUID, code: str) -> HttpResponse:
    api.confirm_phone(actor=actor, person_id=person_id, code=code)
    messages.success(request, _("手机号已经核验。忘记密码时，可以用它自助找回。"))
    return HttpResponseRedirect(reverse("account_home"))
