"""Coming in and going out: sign-in, second factor, registration, sign-out."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import AccountInactiveView, LoginView, ReauthenticateView
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeReauthenticateView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity.constants import PRIVACY_NOTICE_VERSION
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.selectors import passkeys_of, totp_enrolled
from zhengtong.capabilities.identity.services import (
    close_enrolment,
    record_enrolment,
    record_sign_out,
    register_citizen,
)
from zhengtong.capabilities.identity.web import session
from zhengtong.capabilities.identity.web.forms import CitizenForm, add_errors
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, public, signed_in


class SignInView(LoginView):
    """User name and password."""

    template_name = "identity/sign_in.html"


class SecondFactorView(AuthenticateView):
    """The code after the password."""

    template_name = "identity/second_factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offers the passkey only to those who have one."""
        return super().get_context_data(**kwargs) | {"has_passkey": bool(passkeys_of(self.stage.login.user))}


class EnrolView(ActivateTOTPView):
    """Binds a telephone to the account."""

    template_name = "identity/enrol.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody who is enrolled already goes to his account."""
        if request.user.is_authenticated and totp_enrolled(request.user):
            return HttpResponseRedirect(reverse("account_home"))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """From now on this session has passed a second factor."""
        response = super().form_valid(form)
        account = cast("Account", self.request.user)
        record_authentication(self.request, account, "mfa", type="totp")
        self.request.session.cycle_key()
        session.register(self.request)
        close_enrolment(account)
        record_enrolment(actor=actor_of(self.request), account_id=account.pk)
        messages.success(self.request, _("动态口令已经绑定。下次登录时，输入密码后再填手机上的 6 位数字。"))
        return response

    def get_success_url(self) -> str:
        """The recovery codes, shown this once."""
        return reverse("mfa_view_recovery_codes")


class RecoveryCodesView(ViewRecoveryCodesView):
    """Codes for the day the telephone is lost; shown once."""

    template_name = "identity/recovery_codes.html"


class PasswordAgainView(ReauthenticateView):
    """The password once more."""

    template_name = "identity/confirm.html"


class CodeAgainView(CodeReauthenticateView):
    """The code once more."""

    template_name = "identity/confirm.html"


class InactiveView(AccountInactiveView):
    """The account was closed."""

    template_name = "identity/inactive.html"


sign_in = public(SignInView.as_view())
second_factor = public(SecondFactorView.as_view())
inactive = public(InactiveView.as_view())
enrol = signed_in(EnrolView.as_view())
recovery_codes = signed_in(never_cache(RecoveryCodesView.as_view()))
password_again = signed_in(PasswordAgainView.as_view())
code_again = signed_in(CodeAgainView.as_view())


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; also breaks off a sign-in that waits for its code."""
    actor = actor_of(request)
    if request.user.is_authenticated:
        record_sign_out(actor=actor, account_id=request.user.pk)
        logout(request)
        messages.success(request, _("您已安全退出。"))
        response = HttpResponseRedirect("/")
        session.forget_in_browser(response)
        return response
    clear_login(request)
    return HttpResponseRedirect(reverse("account_login"))


@public
@never_cache
@sensitive_post_parameters("password", "password_again", "citizen_number", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A citizen opens an account and is signed in at once."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_home"))
    form = CitizenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="signup"):
            form.add_error(None, _("从您所在的网络注册的次数太多。请一分钟后再试，已填写的内容都还在。"))
        else:
            account = _register(request, form)
            if account is not None:
                messages.success(
                    request,
                    _(
                        "注册成功。以后可以用手机号或公民身份号码登录。请到“我的账户”核验手机号，忘记密码时才能自己找回。"
                    ),
                )
                return cast(
                    "HttpResponse",
                    perform_login(request, account, redirect_url=get_next_redirect_url(request), signup=True),
                )
    page = {"form": form, "next": get_next_redirect_url(request) or "", "breadcrumbs": _crumbs(_("注册"))}
    return render(request, "identity/register.html", page, status=422 if form.errors else 200)


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """Who processes which personal data, for what, how long, and what one may demand."""
    page = {"version": PRIVACY_NOTICE_VERSION, "breadcrumbs": _crumbs(_("个人信息处理告知书"))}
    return render(request, "identity/privacy.html", page)


def _register(request: HttpRequest, form: CitizenForm) -> Account | None:
    given = {key: form.cleaned_data[key] for key in ("name", "citizen_number", "phone", "password", "consent")}
    try:
        return register_citizen(actor=actor_of(request), **given)
    except DomainError as error:
        add_errors(form, error)
        return None


def _crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": _("首页"), "url": "/"}, {"label": label, "url": ""}]
