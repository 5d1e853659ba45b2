"""Single sign-on for other applications: OpenID Connect, authorization code with PKCE only."""

import base64
import datetime as dt
import hashlib
import json
import re
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.internal import ratelimit
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from allauth.idp.oidc.views import AuthorizationView, LogoutView, RevokeView, TokenView, jwks, user_info
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from zhengtong.capabilities.identity.models import Account, SignOn
from zhengtong.capabilities.identity.services import record_sign_out
from zhengtong.capabilities.identity.services.relying_parties import (
    PARTY_SCOPES,
    may_refresh,
    may_return_to,
    record_sign_on,
)
from zhengtong.capabilities.identity.services.sign_ons import (
    begin_sign_on,
    bind_tokens,
    end_misused,
    end_sign_ons,
    sign_on_of_token,
    sign_on_to_refresh,
    still_open,
)
from zhengtong.capabilities.identity.web import session
from zhengtong.capabilities.identity.web.agreements import asked_first
from zhengtong.kernel.clock import now
from zhengtong.kernel.policy import actor_of, public

# an application refreshes the tokens of all its users from one address
_ATTEMPTS = {"token": "600/m/ip", "revoke": "60/m/ip"}
_CODE = re.compile(r"[!-~]{0,200}")  # what a code may look like at all, ours or a forged one
_CODE_LASTS = 60  # seconds, as the code itself
#: how long a code that was used is known, so that a second use ends what the first one opened: RFC 9700 §2.1.1
_USED_CODE_LASTS = 12 * 3600


class SignOnView(AuthorizationView):
    """Sends a signed-in person back to an approved application with a code that works once, for a minute."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """allauth's answer; its error page in our words, its success recorded."""
        if request.method == "POST":  # the request may come as a form; consent has a page of its own
            return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
        if any(len(values) > 1 for _name, values in request.GET.lists()):  # RFC 6749 §3.1: two readers, two meanings
            return _refuse(
                request,
                _("没有登录：这个应用发来的请求有误（有一项内容出现了两次）。您的账户没有问题，请告诉应用的开发单位。"),
            )
        if request.GET.get("code_challenge_method") != "S256" or not request.GET.get("code_challenge"):
            return _refuse(
                request,
                _("没有登录：这个应用没有按要求保护登录过程（PKCE S256）。您的账户没有问题，请告诉应用的开发单位。"),
            )
        if not may_return_to(client_id=request.GET.get("client_id", ""), address=request.GET.get("redirect_uri", "")):
            return _refuse(
                request,
                _(
                    "没有登录：这个应用没有接入本平台，或者它发来的请求与登记的不一致。您的账户没有问题，请告诉应用的开发单位。"
                ),
            )
        asked = asked_first(request) if request.user.is_authenticated else None
        if asked is not None:
            return asked
        response = super().dispatch(request, *args, **kwargs)
        location = response.headers.get("Location", "")
        if response.status_code != 302:
            return _refuse(
                request,
                _(
                    "没有登录：这个应用没有接入本平台，或者它发来的请求与登记的不一致。您的账户没有问题，请告诉应用的开发单位。"
                ),
            )
        codes = parse_qs(urlsplit(location).query).get("code", [])
        if request.user.is_authenticated and codes:
            account: Any = request.user
            _remember_session(request, codes[0])
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
    """Exchanges a code for tokens, and a refresh token for new ones; each of them works once.

    Two exchanges of the same code wait for each other, so only one succeeds.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        """allauth's answer with what we add, unless the address asks too often."""
        response = _limited(request, "token")
        if response is None:
            with transaction.atomic():
                refreshes = request.POST.get("grant_type") == Client.GrantType.REFRESH_TOKEN
                response = self._refresh(request) if refreshes else self._exchange(request)
        response["Cache-Control"] = "no-store"
        return response

    def _exchange(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("code", "")
        if not _CODE.fullmatch(code):
            return JsonResponse({"error": "invalid_grant"}, status=400)
        key = int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [key])
        remembered = cache.get(_code_key(code))
        response: HttpResponse = super().post(request)
        if response.status_code != 200:
            _end_if_used(response, code)
            return response
        given = json.loads(response.content)
        token = Token.objects.by_value(given["access_token"]).select_related("user").get()
        account: Any = token.user
        row = _begun(account, str(token.client_id), remembered)
        if row is None:  # the person has signed out here before the application came with its code
            Token.objects.by_value(given["access_token"]).delete()
            Token.objects.by_value(given.get("refresh_token", "")).delete()
            return JsonResponse({"error": "invalid_grant"}, status=400)
        cache.set(_used_key(code), row.pk, timeout=_USED_CODE_LASTS)
        return _bound(row, given, with_refresh=may_refresh(str(token.client_id)))

    def _refresh(self, request: HttpRequest) -> HttpResponse:
        key, secret = _parts(request.POST.get("refresh_token", ""))
        row = sign_on_to_refresh(key) if key else None
        if row is None:
            return JsonResponse({"error": "invalid_grant"}, status=400)
        _replace(request, refresh_token=secret)
        response: HttpResponse = super().post(request)
        if response.status_code == 200:
            return _bound(row, json.loads(response.content), with_refresh=True)
        if json.loads(response.content).get("error") == "invalid_grant":
            end_misused(row)
        return response


class RevokeTokenView(RevokeView):
    """An application gives a token back."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """allauth's answer, unless the address asks too often; with a refresh token its sign-on ends."""
        limited = _limited(request, "revoke")
        if limited:
            return limited
        key, secret = _parts(request.POST.get("token", ""))
        if key:
            _replace(request, token=secret)
        row = sign_on_of_token(secret) if key else None
        response: HttpResponse = super().post(request, *args, **kwargs)
        if row is not None and sign_on_of_token(secret) is None:
            end_sign_ons(SignOn.objects.filter(pk=row.pk))
        return response


class SignOffView(LogoutView):
    """An application sends a person here to leave; he is asked whether he leaves this platform, too."""

    template_name = "identity/sign_off.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """A return address nobody has registered."""
        return _refuse(self.request, _("退出后的返回地址没有登记过。您没有被退出。"))

    def _handle(self, form: Any, op_logout: bool) -> HttpResponse:  # noqa: FBT001  (allauth's signature)
        client = form.cleaned_data["client"]
        if client and self.request.user.is_authenticated:
            rows = SignOn.objects.filter(account_id=self.request.user.pk, party__client_id=client.id)
            end_sign_ons(rows)
        if op_logout and self.request.user.is_authenticated:
            record_sign_out(actor=actor_of(self.request), account_id=self.request.user.pk)
        response: HttpResponse = super()._handle(form, op_logout)
        response = _leave(self.request, response)
        if op_logout:
            session.forget_in_browser(response)
        return response


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
        "grant_types_supported": ["authorization_code", "refresh_token"],
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


@csrf_exempt
def claims_of_token(request: HttpRequest) -> HttpResponse:
    """Who the bearer of an access token speaks for, while the person's session here lasts."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    given = value.strip() if kind.lower() == "bearer" else request.POST.get("access_token", "")
    row = sign_on_of_token(given)
    if row is not None and not still_open(row):
        response: HttpResponse = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    answer: HttpResponse = user_info(request)
    return answer


def _remember_session(request: HttpRequest, code: str) -> None:
    """Keep, as long as the code lasts, to which session here the tokens for it will belong."""
    cache.set(_code_key(code), (session.row_of(request), session.ends_at(request)), timeout=_CODE_LASTS)


def _code_key(code: str) -> str:
    return f"identity.sign_on:{hashlib.sha256(code.encode()).hexdigest()}"


def _used_key(code: str) -> str:
    return f"identity.sign_on_used:{hashlib.sha256(code.encode()).hexdigest()}"


def _end_if_used(response: HttpResponse, code: str) -> None:
    """A code came a second time from an application that proved itself: somebody has a copy, so its tokens end."""
    if json.loads(response.content).get("error") != "invalid_grant":
        return
    key = cache.get(_used_key(code))
    row = SignOn.objects.filter(pk=key, ended_at__isnull=True).first() if key else None
    if row is not None:
        end_misused(row, reason="code used again")


def _begun(account: Account, client_id: str, remembered: tuple[int, dt.datetime] | None) -> SignOn | None:
    if remembered is None:
        return None
    session_id, expires_at = remembered
    return begin_sign_on(account=account, client_id=client_id, session_id=session_id, expires_at=expires_at)


def _bound(row: SignOn, given: dict[str, Any], *, with_refresh: bool) -> HttpResponse:
    """The library's answer with tokens that belong to the sign-on.

    The library makes a refresh token for every code; an application that may not refresh gets none, it sends the
    person here again instead.
    """
    secret = given.pop("refresh_token", None)
    given.pop("refresh_expires_in", None)
    if secret and with_refresh:
        bind_tokens(row, secret)
        given["refresh_token"] = f"{row.id}.{secret}"
        given["refresh_expires_in"] = max(0, int((row.expires_at - now()).total_seconds()))
    elif secret:
        Token.objects.by_value(secret).filter(type=Token.Type.REFRESH_TOKEN).delete()
    bind_tokens(row, given["access_token"])
    return JsonResponse(given)


def _parts(token: str) -> tuple[uuid.UUID | None, str]:
    """The sign-on a refresh token names, and its secret; no sign-on for anything else."""
    key, dot, secret = token.partition(".")
    try:
        return (uuid.UUID(key), secret) if dot and secret else (None, token)
    except ValueError:
        return None, token


def _basic(request: HttpRequest) -> str:
    """What an application named itself with in the header of HTTP authentication; empty for anything else."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    try:
        return base64.b64decode(value).decode("utf-8", "replace") if kind.lower() == "basic" else ""
    except ValueError:
        return ""


def _replace(request: HttpRequest, **fields: str) -> None:
    """Let the library see its own tokens in what was posted."""
    posted: QueryDict = request.POST.copy()
    for name, value in fields.items():
        posted[name] = value
    request.POST = posted  # type: ignore[assignment]  # the stubs know the immutable kind only


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "ui/error.html", {"status": 400, "message": sentence}, status=400)


def _leave(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The way to another site; as a page of its own after one of our forms, which may lead to no other site (CSP)."""
    address = response.headers["Location"]
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and urlsplit(address).netloc:
        return render(request, "identity/sign_on.html", {"address": address})
    return response


def _limited(request: HttpRequest, action: str) -> HttpResponse | None:
    """The refusal of an address that asks too often, and of signs no token or client has and no table can keep."""
    if any("\0" in text for _name, texts in request.POST.lists() for text in texts) or "\0" in _basic(request):
        return JsonResponse({"error": "invalid_request"}, status=400)
    if ratelimit.consume(request, app="identity", action=action, config=_ATTEMPTS):
        return None
    return JsonResponse({"error": "temporarily_unavailable"}, status=429)


authorization = public(SignOnView.as_view())
token = public(CodeView.as_view())
revoke = public(RevokeTokenView.as_view())
sign_off = public(SignOffView.as_view())
keys = public(jwks)
claims = public(claims_of_token)
