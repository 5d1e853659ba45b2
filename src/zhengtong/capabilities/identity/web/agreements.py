"""Asking a person whether an application may learn who he is, before it does."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtong.capabilities.identity.services import limits_of
from zhengtong.capabilities.identity.services.agreements import agree_to_party, party_to_agree_to, withdraw_agreement
from zhengtong.capabilities.identity.services.relying_parties import PARTY_SCOPES
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import actor_of, signed_in


def asked_first(request: HttpRequest) -> HttpResponse | None:
    """The question, or to an application that wants no page the error of the standard; None where all is agreed."""
    account: Any = request.user
    query, scopes = request.GET, _scopes(request.GET)
    if query.get("response_type") != "code":  # refused at once, nothing to ask
        return None
    party = party_to_agree_to(
        actor=actor_of(request), account=account, client_id=query.get("client_id", ""), scopes=scopes
    )
    if party is None:
        return None
    if "none" in query.get("prompt", "").split():
        return HttpResponseRedirect(_back(query, "consent_required"))
    page = {
        "party": party,
        "words": [PARTY_SCOPES[scope] for scope in PARTY_SCOPES if scope in scopes],
        "hours": limits_of(settings.ZHENGTONG_TENANT).session_hours,
        "next": request.get_full_path(),
        "no_url": _back(query, "access_denied"),
    }
    return render(request, "identity/agreement.html", page)


@signed_in
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """The person agrees, and goes on to the application."""
    there = urlsplit(request.POST.get("next", ""))
    if there.scheme or there.netloc or there.path != reverse("idp:oidc:authorization"):
        raise Invalid(_("这个应用发来的请求有误，没有登录，也没有登记您的同意。请回到应用重新登录。"))
    account: Any = request.user
    query = QueryDict(there.query)
    agree_to_party(
        actor=actor_of(request), account=account, client_id=query.get("client_id", ""), scopes=_scopes(query)
    )
    return HttpResponseRedirect(f"{there.path}?{there.query}")


@signed_in
@require_POST
def withdraw(request: HttpRequest, subject_id: Any) -> HttpResponse:
    """The person takes it back."""
    account: Any = request.user
    withdraw_agreement(actor=actor_of(request), account=account, subject_id=subject_id)
    messages.success(request, _("已收回同意，这个应用不能再取得您的信息；再次登录它时会重新征求您的同意。"))
    return HttpResponseRedirect(reverse("account_sessions"))


def _scopes(query: QueryDict) -> set[str]:
    return set(query.get("scope", "").split()) or {"openid"}


def _back(query: QueryDict, error: str) -> str:
    """To the application, whose address has been compared with the registered ones, with an error of OpenID Connect."""
    given = {"error": error} | ({"state": query["state"]} if query.get("state") else {})
    address = query.get("redirect_uri", "")
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(given)}"
