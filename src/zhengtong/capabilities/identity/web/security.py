"""A person's own safety: where he is signed in, his passkeys, the applications he signs on to."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.selectors import (
    certificates_of,
    open_sessions,
    passkeys_of,
    second_factor_enrolled,
    signed_on_to,
)
from zhengtong.capabilities.identity.services import (
    close_enrolment,
    end_other_sessions,
    end_session,
    needs_enrolment_code,
    record_enrolment,
    record_passkey,
)
from zhengtong.capabilities.identity.services.relying_parties import PARTY_SCOPES
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.policy import actor_of, signed_in


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in now."""
    account = _account(request)
    page = {
        "sessions": open_sessions(account, current_key=request.session.session_key or ""),
        "parties": [
            {"row": row, "words": [PARTY_SCOPES[scope] for scope in PARTY_SCOPES if scope in row.agreed_scopes]}
            for row in signed_on_to(account)
        ],
        "breadcrumbs": _crumbs(_("登录的设备")),
    }
    return render(request, "identity/sessions.html", page)


@signed_in
@require_POST
@reauthentication_required(app="allauth.account")
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one device."""
    end_session(actor=actor_of(request), account_id=_account(request).pk, session_id=session_id)
    messages.success(request, _("这个登录已经退出。"))
    return HttpResponseRedirect(reverse("account_sessions"))


@signed_in
@require_POST
@reauthentication_required(app="allauth.account")
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out all devices but this one."""
    ended = end_other_sessions(
        actor=actor_of(request), account_id=_account(request).pk, keep=request.session.session_key or ""
    )
    messages.success(request, _("已退出其他 %(n)d 个登录。") % {"n": ended})
    return HttpResponseRedirect(reverse("account_sessions"))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def passkeys(request: HttpRequest) -> HttpResponse:
    """My passkeys and sign-in certificates."""
    account = _account(request)
    page = {
        "passkeys": passkeys_of(account),
        "certificates": certificates_of(account),
        "breadcrumbs": _crumbs(_("通行密钥和证书")),
    }
    return render(request, "identity/passkeys.html", page)


class AddPasskeyView(AddWebAuthnView):
    """Adds a passkey; officials have bound a TOTP secret before."""

    template_name = "identity/passkey_add.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Where a first factor needs a code, the page that asks for the code."""
        account = _account(request)
        if not second_factor_enrolled(account) and needs_enrolment_code(account):
            messages.info(request, _("请先凭开通码绑定动态口令，再添加通行密钥。"))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page needs beside the options for the browser."""
        return super().get_context_data(**kwargs) | {"breadcrumbs": _crumbs(_("添加通行密钥"))}

    def form_valid(self, form: Any) -> HttpResponse:
        """Record it; the first second factor of an account is an enrolment."""
        account = _account(self.request)
        first = not second_factor_enrolled(account)
        response: HttpResponse = super().form_valid(form)
        actor = actor_of(self.request)
        if first:
            record_enrolment(actor=actor, account_id=account.pk)
            close_enrolment(account)
        record_passkey(actor=actor, account_id=account.pk, name=form.cleaned_data["name"], added=True)
        messages.success(self.request, _("通行密钥已添加。下次登录时可以用它代替动态口令。"))
        return response

    def get_success_url(self) -> str:
        """The recovery codes when there are new ones, else the list."""
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "account_passkeys")


class PasskeyAgainView(ReauthenticateWebAuthnView):
    """The passkey once more before changing passkeys."""

    template_name = "identity/passkey_confirm.html"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def remove_passkey(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Remove a passkey; an official keeps at least one second factor."""
    account = _account(request)
    rows = Authenticator.objects.filter(user_id=account.pk)
    row = get_object_or_404(rows, pk=passkey_id, type=Authenticator.Type.WEBAUTHN)
    if request.method == "POST":
        others = rows.exclude(pk=row.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
        official = request.standing.official  # type: ignore[attr-defined]  # set by ActorMiddleware
        if official and not others.exists():
            raise Conflict(_("工作人员账户至少要有一种第二因素。请先绑定动态口令，再删除这个通行密钥。"))
        name = row.wrap().name
        row.delete()
        if not others.exists():
            rows.delete()  # recovery codes of nothing
        record_passkey(actor=actor_of(request), account_id=account.pk, name=name, added=False)
        messages.success(request, _("通行密钥已删除。"))
        return HttpResponseRedirect(reverse("account_passkeys"))
    page = {"name": row.wrap().name, "breadcrumbs": _crumbs(_("删除通行密钥"))}
    return render(request, "identity/passkey_remove.html", page)


add_passkey = signed_in(never_cache(AddPasskeyView.as_view()))
passkey_again = signed_in(never_cache(PasskeyAgainView.as_view()))


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)


def _crumbs(label: str) -> list[dict[str, str]]:
    return [
        {"label": _("首页"), "url": "/"},
        {"label": _("我的账户"), "url": reverse("account_home")},
        {"label": label, "url": ""},
    ]
