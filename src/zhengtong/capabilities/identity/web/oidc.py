"""Single sign-on for other applications: OpenID Connect, authorization code with PKCE only."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.internal import ratelimit
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Token
from allauth.idp.oidc.views import AuthorizationView, LogoutView, RevokeView, TokenView, jwks, user_info
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.capabilities.identity.services import record_sign_out
from zhengtong.capabilities.identity.services.relying_parties import PARTY_SCOPES, may_return_to, record_sign_on
from zhengtong.capabilities.identity.web import session
from zhengtong.kernel.policy import actor_of, public

_ATTEMPTS = {"token": "60/m/ip", "revoke": "60/m/ip"}


class SignOnView(AuthorizationView):
    """Sends a signed-in person back to an approved application with a code that works once, for a minute."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """allauth's answer; its error page in our words, its success recorded."""
        if request.method == "POST":  # the request may come as a form; consent is given by the administrators
            return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
        if request.GET.get("code_challenge_method") != "S256" or not request.GET.get("code_challenge"):
            return _refuse(request, _("应用没有按要求使用 PKCE（S256）。请联系应用的开发单位。"))
        if not may_return_to(client_id=request.GET.get("client_id", ""), address=request.GET.get("redirect_uri", "")):
            return _refuse(request, _("登录请求不正确：应用未接入，或者返回地址、请求的信息与登记的不一致。"))
        response = super().dispatch(request, *args, **kwargs)
        location = response.headers.get("Location", "")
        if response.status_code != 302:
            return _refuse(request, _("登录请求不正确：应用未接入，或者返回地址、请求的信息与登记的不一致。"))
        if request.user.is_authenticated and "code" in parse_qs(urlsplit(location).query):
            account: Any = request.user
            record_sign_on(
                actor=actor_of(request),
                account=account,
                client_id=request.GET["client_id"],
                choice=session.choice_of(request),
                address=get_account_adapter().get_client_ip(request),
            )
            return _leave(request, response)
        return response


class CodeView(TokenView):
    """Exchanges a code for tokens; two exchanges of the same code wait for each other, so only one succeeds."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """allauth's answer, unless the address asks too often."""
        limited = _limited(request, "token")
        if limited:
            return limited
        key = int.from_bytes(hashlib.sha256(request.POST.get("code", "").encode()).digest()[:8], signed=True)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [key])
            response = _without_refresh_token(super().post(request))
        response["Cache-Control"] = "no-store"
        return response


class RevokeTokenView(RevokeView):
    """An application gives a token back."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """allauth's answer, unless the address asks too often."""
        limited = _limited(request, "revoke")
        response: HttpResponse = limited or super().post(request, *args, **kwargs)
        return response


class SignOffView(LogoutView):
    """An application sends a person here to leave; he is asked whether he leaves this platform, too."""

    template_name = "identity/sign_off.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """A return address nobody has registered."""
        return _refuse(self.request, _("退出后的返回地址没有登记过。您没有被退出。"))

    def _handle(self, form: Any, op_logout: bool) -> HttpResponse:  # noqa: FBT001  (allauth's signature)
        if op_logout and self.request.user.is_authenticated:
            record_sign_out(actor=actor_of(self.request), account_id=self.request.user.pk)
        response: HttpResponse = super()._handle(form, op_logout)
        return _leave(self.request, response)


@public
@require_safe
def configuration(request: HttpRequest) -> JsonResponse:
    """What this provider can do, for applications that set themselves up (OpenID Connect Discovery 1.0)."""
    issuer = get_adapter().get_issuer()
    data = {
        "issuer": issuer,
        "authorization_endpoint": issuer + reverse("idp:oidc:authorization"),
        "token_endpoint": issuer + reverse("idp:oidc:token"),
        "userinfo_endpoint": issuer + reverse("idp:oidc:userinfo"),
        "jwks_uri": issuer + reverse("idp:oidc:jwks"),
        "revocation_endpoint": issuer + reverse("idp:oidc:revoke"),
        "end_session_endpoint": issuer + reverse("idp:oidc:logout"),
        "scopes_supported": list(PARTY_SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            *("sub", "name", "preferred_username", "identity", "assurance"),
            *("org_code", "org_name", "post", "roles"),
        ],
        "ui_locales_supported": ["zh-CN"],
    }
    response = JsonResponse(data)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _without_refresh_token(response: HttpResponse) -> HttpResponse:
    """The library makes one for every code; applications get none, they send the person here again instead."""
    if response.status_code != 200:
        return response
    given = json.loads(response.content)
    refresh = given.pop("refresh_token", None)
    given.pop("refresh_expires_in", None)
    if refresh:
        Token.objects.by_value(refresh).filter(type=Token.Type.REFRESH_TOKEN).delete()
    return JsonResponse(given)


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "ui/error.html", {"status": 400, "message": sentence}, status=400)


def _leave(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The way to another site; as a page of its own after one of our forms, which may lead to no other site (CSP)."""
    address = response.headers["Location"]
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and urlsplit(address).netloc:
        return render(request, "identity/sign_on.html", {"address": address})
    return response


def _limited(request: HttpRequest, action: str) -> HttpResponse | None:
    if ratelimit.consume(request, app="identity", action=action, config=_ATTEMPTS):
        return None
    return JsonResponse({"error": "temporarily_unavailable"}, status=429)


authorization = public(SignOnView.as_view())
token = public(CodeView.as_view())
revoke = public(RevokeTokenView.as_view())
sign_off = public(SignOffView.as_view())
keys = public(jwks)
claims = public(user_info)
