"""Sign-in with a certificate: by the browser's TLS connection, or by signing a text; binding one to an account."""

import time
import urllib.parse
import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.services import count_source_failure, record_failure
from zhengtong.capabilities.identity.services.certificates import (
    account_by_certificate,
    bind_certificate,
    certificate_in,
    certificate_is_enough,
    end_certificate,
    new_challenge,
    prove_possession,
    record_wrong_signature,
)
from zhengtong.capabilities.identity.services.guards import source_lock_of
from zhengtong.capabilities.identity.web.forms import add_errors
from zhengtong.kernel.errors import DomainError, Invalid, NotPermitted
from zhengtong.kernel.policy import actor_of, public, signed_in

_CHALLENGE = "identity_certificate_challenge"
_GOOD_FOR = 300  # seconds
_LARGEST = 64 * 1024


class CertificateForm(forms.Form):
    """A certificate and the signature of the text on the page."""

    certificate = forms.FileField(
        label=gettext_lazy("证书文件"),
        required=False,
        help_text=gettext_lazy("PEM 或 DER 格式，不含私钥。签名结果是 PKCS#7（CMS）并且带有证书的，可以不选。"),
    )
    signature = forms.CharField(
        label=gettext_lazy("签名（Base64）"),
        help_text=gettext_lazy(
            "签名工具或者 UKey 客户端给出的结果：签名值，或者 PKCS#7（CMS）签名，内容内含、分离都可以。"
        ),
        max_length=_LARGEST * 2,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请粘贴签名。")},
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show a certificate and prove to hold its key."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_next_redirect_url(request) or reverse("account_home"))
    shown = _shown_by_proxy(request)
    form = _form(request, shown)
    if request.method == "POST" and form.is_valid():
        try:
            account = _authenticate(request, form, shown)
        except DomainError as error:
            add_errors(form, error)
        else:
            return _open(request, account)
    page = {
        "form": form,
        "by_connection": shown is not None,
        "challenge": "" if shown else _give_challenge(request),
        "next": get_next_redirect_url(request) or "",
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("证书登录"), "url": ""}],
    }
    return render(request, "identity/certificate_sign_in.html", page, status=422 if form.errors else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def bind(request: HttpRequest) -> HttpResponse:
    """Bind a certificate to my account."""
    account: Any = request.user
    form = CertificateForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    del form.fields["password"]
    if request.method == "POST" and form.is_valid():
        try:
            bind_certificate(
                actor=actor_of(request),
                account_id=account.pk,
                certificate=_certificate(form),
                challenge=_take_challenge(request),
                signature=form.cleaned_data["signature"].encode(),
            )
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("证书已绑定，下次可以用它登录。"))
            return HttpResponseRedirect(reverse("account_passkeys"))
    page = {
        "form": form,
        "challenge": _give_challenge(request),
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("我的账户"), "url": reverse("account_home")},
            {"label": _("绑定登录证书"), "url": ""},
        ],
    }
    return render(request, "identity/certificate_bind.html", page, status=422 if form.errors else 200)


@signed_in
@require_POST
def end(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """Unbind one of my certificates."""
    end_certificate(actor=actor_of(request), certificate_id=certificate_id)
    messages.success(request, _("证书已解除绑定。"))
    return HttpResponseRedirect(reverse("account_passkeys"))


def _form(request: HttpRequest, shown: bytes | None) -> CertificateForm:
    form = CertificateForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if shown is not None:
        del form.fields["certificate"], form.fields["signature"]
    if certificate_is_enough(settings.ZHENGTONG_TENANT):
        del form.fields["password"]
    return form


def _authenticate(request: HttpRequest, form: CertificateForm, shown: bytes | None) -> Account:
    tenant, address = settings.ZHENGTONG_TENANT, get_adapter().get_client_ip(request)
    locked = source_lock_of(tenant, address)
    if locked:
        raise NotPermitted(locked)
    given = shown if shown is not None else _certificate(form)
    account, read = account_by_certificate(tenant=tenant, certificate=given)
    held = shown is not None or prove_possession(
        read=read, challenge=_take_challenge(request), signature=form.cleaned_data["signature"].encode()
    )
    known = "password" not in form.fields or account.check_password(form.cleaned_data["password"])
    if not (held and known):
        if held:  # no stranger: whoever holds the key must not guess the password without end
            record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_PASSWORD, address=address)
        else:
            record_wrong_signature(account=account, address=address)
        count_source_failure(tenant=tenant, address=address)
        raise Invalid(
            _("签名与证书不符，或者密码不正确。请对页面上现在的文字重新签名后再提交；文字五分钟内有效，只能用一次。")
        )
    return account


def _open(request: HttpRequest, account: Account) -> HttpResponse:
    adapter = get_adapter()
    adapter.login(request, account)
    record_authentication(request, account, "mfa", type="certificate")
    response: HttpResponse = adapter.post_login(
        request,
        account,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=get_next_redirect_url(request),
    )
    return response


def _shown_by_proxy(request: HttpRequest) -> bytes | None:
    """The client certificate of the TLS connection, as a trusted proxy passes it on (URL-encoded PEM)."""
    name = settings.ZHENGTONG_CERTIFICATE_HEADER
    if not name or request.META.get("REMOTE_ADDR") not in settings.ZHENGTONG_TRUSTED_PROXIES:
        return None
    text = urllib.parse.unquote(request.headers.get(name, ""))
    return text.encode() if "BEGIN CERTIFICATE" in text else None


def _give_challenge(request: HttpRequest) -> str:
    challenge = new_challenge()
    request.session[_CHALLENGE] = {"text": challenge, "at": int(time.time())}
    return challenge


def _take_challenge(request: HttpRequest) -> str:
    """The text given out last, once and for five minutes; empty otherwise."""
    given = request.session.pop(_CHALLENGE, None)
    if not given or time.time() - given["at"] > _GOOD_FOR:
        return ""
    return str(given["text"])


def _certificate(form: CertificateForm) -> bytes:
    """The file, or what the signature brings along."""
    if form.cleaned_data["certificate"]:
        return _small(form.cleaned_data["certificate"])
    found = certificate_in(form.cleaned_data["signature"].encode())
    if found is None:
        raise Invalid(_("请选择证书文件：签名结果里没有带证书。"), field="certificate")
    return found


def _small(upload: Any) -> bytes:
    if upload.size > _LARGEST:
        raise Invalid(_("证书文件太大。请只上传证书，不要上传证书链或者带私钥的文件。"), field="certificate")
    return bytes(upload.read())
