"""Who is asking, and what he has to do first."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.selectors import Standing, second_factor_enrolled, standing_of
from zhengtong.capabilities.identity.services import limits_of, record_sign_out
from zhengtong.capabilities.identity.web import session, step_up
from zhengtong.capabilities.identity.web.sign_in import passed_second_factor
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.policy import policy_of

# Pages a person may open before he has a new password, a second factor, an identity.
_ALWAYS_OPEN = frozenset(
    {
        "account_logout",
        "account_login",
        "account_reauthenticate",
        "account_change_password",
        "account_privacy",
        "account_inactive",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "ui-large-print",
        "ui-traditional",
    }
)


class ActorMiddleware:
    """Sets ``request.actor`` from account and chosen identity; roles come from the posts valid today.

    Two queries for a signed-in person (account with person; appointments with posts and roles), none for a stranger.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name the actor, then go on."""
        standing = _standing(request)
        request.standing = standing  # type: ignore[attr-defined]  # read by the gate below
        request.actor = standing.actor if standing else anonymous(settings.ZHENGTONG_TENANT)  # type: ignore[attr-defined]  # the contract of kernel.policy
        if standing is None:
            return self.get_response(request)
        shown, key = session.shown_at(request), request.session.session_key
        response = self.get_response(request)
        session.renew_after(request, shown, key)
        return response


class SignInGateMiddleware:
    """Leads a signed-in person first to a new password, a second factor (officials) and the choice of a post."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the view decides what is open."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None to go on, else a redirect to what has to be done first."""
        standing: Standing | None = request.standing  # type: ignore[attr-defined]  # set by ActorMiddleware
        name = request.resolver_match.view_name if request.resolver_match else ""
        if standing is None or name in _ALWAYS_OPEN:
            return None
        account: Any = request.user
        if session.password_due(request):
            return _lead(request, "account_change_password", _("请先设置新密码，再继续使用。"))
        if standing.official and not passed_second_factor(request, account):
            if second_factor_enrolled(account):  # enrolled elsewhere after this session began
                logout(request)
                return _lead(request, "account_login", _("请用动态口令重新登录。"))
            return _lead(request, "mfa_activate_totp", _("工作人员账户必须绑定动态口令后才能使用。"))
        if standing.must_choose and name != "account_choose_identity":
            return _lead(request, "account_choose_identity", "")
        policy = policy_of(view)
        if policy is not None and policy.fresh_factor and policy.admits(standing.actor):
            return step_up.demand(request, account)
        return None


def _standing(request: HttpRequest) -> Standing | None:
    if not request.user.is_authenticated:
        return None
    account: Any = request.user
    if not isinstance(account, Account) or account.tenant != settings.ZHENGTONG_TENANT:
        return None  # signed in at the installation of another county
    standing = standing_of(account.person, session.choice_of(request))
    if not session.begun(request):
        limits = limits_of(account.tenant)
        session.begin(
            request,
            idle_minutes=limits.idle_minutes if standing.official else limits.idle_minutes_citizen,
            longest_hours=limits.session_hours,
            password_due=account.must_change_password,
        )
        session.register(request)
    if session.over(request):
        record_sign_out(actor=standing.actor, account_id=account.pk, idle=True)
        logout(request)
        messages.warning(request, _("您较长时间没有操作，为了安全已自动退出。请重新登录，已保存的内容都还在。"))
        return None
    return standing


def _lead(request: HttpRequest, view_name: str, why: str) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    address = reverse(view_name)
    if back:
        address = f"{address}?{urlencode({'next': back})}"
    if why and not any(message.message == why for message in messages.get_messages(request)):
        messages.info(request, why)
    if request.headers.get("HX-Request"):  # htmx would put the page into a fragment
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
