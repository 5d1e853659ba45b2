"""How django-allauth works for us: which account is meant, what a failure costs, what a sign-in leaves behind."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.registry import landing_pages
from zhengtong.capabilities.identity.selectors import accounts_for_sign_in, is_administrator, standing_of
from zhengtong.capabilities.identity.services import (
    count_source_failure,
    count_unknown_name,
    end_other_sessions,
    limits_of,
    lock_of,
    name_lock_of,
    record_failure,
    record_sign_in,
    signed_in_here_lately,
    source_lock_of,
)
from zhengtong.capabilities.identity.services.limits import password_is_due
from zhengtong.capabilities.identity.services.passwords import handed_out_too_long_ago
from zhengtong.capabilities.identity.web import session
from zhengtong.kernel import fields
from zhengtong.kernel.actors import Actor

# How long after signing in a person may add a second factor without typing the password again.
_FRESH_SECONDS = 900


def passed_second_factor(request: HttpRequest, account: Account) -> bool:
    """True when this session was opened, or confirmed later, with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, account))


def landing_page(actor: Actor) -> str:
    """Where a person goes who asked for no particular page."""
    for _key, page in landing_pages.items():  # noqa: PERF102  (a Registry has no values)
        address = page(actor)
        if address:
            return address
    return "/"


class AccountBackend(AuthenticationBackend):
    """Finds the account a user name, mobile or citizen number means, within the tenant of this installation."""

    def _authenticate_by_username(self, username: str, password: str) -> Account | None:
        for account in accounts_for_sign_in(settings.ZHENGTONG_TENANT, username):
            if not lock_of(account) and self._check_password(account, password):
                return account
        return None

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session with its person, None when it was closed meanwhile."""
        rows = Account.objects.filter(pk=user_id, tenant=settings.ZHENGTONG_TENANT, is_active=True)
        return rows.select_related("person").first()


class AccountAdapter(DefaultAccountAdapter):
    """Locks, records and Chinese sentences around allauth's sign-in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("账号或密码不正确。请核对后重新输入；连续输错会暂时锁定账户。"),
        "incorrect_password": _("密码不正确。请重新输入。"),
        "too_many_login_attempts": _("从您所在的网络登录的次数太多。请一分钟后再试。"),
        "rate_limited": _("操作太频繁。请一分钟后再试。"),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the browser as far as the server tells it."""
        return super().get_client_ip(request) if request.META.get("REMOTE_ADDR") else "0.0.0.0"  # noqa: S104  (unknown)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse at once when the name is locked, or the address is and none of the accounts is known there."""
        super().pre_authenticate(request, **credentials)
        typed, address = str(credentials.get("username", "")), self.get_client_ip(request)
        self._refuse_locked_name(typed)
        sentence = source_lock_of(settings.ZHENGTONG_TENANT, address)
        if sentence:
            accounts = accounts_for_sign_in(settings.ZHENGTONG_TENANT, typed)
            if not any(signed_in_here_lately(account.pk, address) for account in accounts):
                raise ValidationError(sentence, code="source_locked")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """The account; a first password that is right but was handed out too long ago opens nothing."""
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None and handed_out_too_long_ago(account):
            raise ValidationError(
                _("初始密码已经过了有效时间，不能再用。请联系本单位系统管理员重新发放。"), code="first_password_over"
            )
        return account

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure for account or name and for the address; say so when it was the one that locks."""
        typed, address = str(credentials.get("username", "")), self.get_client_ip(request)
        accounts = accounts_for_sign_in(settings.ZHENGTONG_TENANT, typed)
        for account in accounts:
            if not lock_of(account):
                record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_PASSWORD, address=address)
        if not accounts:
            count_unknown_name(tenant=settings.ZHENGTONG_TENANT, typed=typed)
        count_source_failure(tenant=settings.ZHENGTONG_TENANT, address=address)
        sentence = source_lock_of(settings.ZHENGTONG_TENANT, address)
        if sentence:  # also for an account known here: nobody learns from the answer which names exist
            raise ValidationError(sentence, code="source_locked")
        self._refuse_locked_name(typed)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Start the count of failures again, keep what the session needs, write the record."""
        standing = standing_of(user.person)
        by_certificate = any(
            record.get("type") == "certificate" for record in get_authentication_records(request, user)
        )
        record_sign_in(
            actor=standing.actor,
            account_id=user.pk,
            address=self.get_client_ip(request),
            second_factor=passed_second_factor(request, user),
            outcome=SignInOutcome.CERTIFICATE if by_certificate else SignInOutcome.SIGNED_IN,
        )
        if is_administrator(user):  # one session at a time for administrators
            end_other_sessions(
                actor=standing.actor,
                account_id=user.pk,
                keep=request.session.session_key or "",
                reason="single_session",
            )
        limits = limits_of(user.tenant)
        session.begin(
            request,
            idle_minutes=limits.idle_minutes if standing.official else limits.idle_minutes_citizen,
            longest_hours=limits.session_hours,
            password_due=user.must_change_password or (standing.official and password_is_due(user, limits)),
        )
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page for the person's identity."""
        account: Any = request.user
        return landing_page(standing_of(account.person, session.choice_of(request)).actor)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same as after signing in."""
        return self.get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The portal."""
        return "/"

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A page that says whom to ask."""
        return HttpResponseRedirect(reverse("account_inactive"))

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Only sentences of our own; allauth's templates stay silent."""
        if kwargs.get("message"):
            super().add_message(request, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within fifteen minutes after signing in."""
        records = get_authentication_records(self.request, getattr(self.request, "user", None))
        return not (records and time.time() - records[-1]["at"] < _FRESH_SECONDS)

    def _refuse_locked_name(self, typed: str) -> None:
        sentences = [lock_of(account) for account in accounts_for_sign_in(settings.ZHENGTONG_TENANT, typed)]
        if not sentences:
            sentences = [name_lock_of(settings.ZHENGTONG_TENANT, typed)]
        if all(sentences):
            raise ValidationError(sentences[0], code="locked")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps TOTP secrets and recovery codes encrypted (SM4) and speaks Chinese."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证没有通过。动态口令请等手机上换出新的 6 位数字后再填；通行密钥请再试一次。"),
    }

    def encrypt(self, text: str) -> str:
        """Ciphertext for the database."""
        return fields.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Back again."""
        return fields.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name shown in the telephone's list of codes."""
        return str(settings.ZHENGTONG_SITE["portal_name"])
