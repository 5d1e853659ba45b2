"""Accounts by what a person types, and what an account did lately."""

from allauth.mfa.models import Authenticator

from zhengtong.capabilities.identity.models import Account, SignIn
from zhengtong.capabilities.identity.rules import ADMINISTRATORS
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.kernel.fields import blind_index

# Members of a family share a telephone: their passwords are tried one after another, but never many.
_SAME_PHONE = 5


def accounts_for_sign_in(tenant: str, typed: str) -> list[Account]:
    """Accounts a user name, citizen number or mobile number may mean; several only for a shared telephone."""
    text = typed.strip()
    if not text:
        return []
    accounts = Account.objects.filter(tenant=tenant).select_related("person")
    by_name = list(accounts.filter(username=text.lower()))
    if by_name:
        return by_name
    index = blind_index(text)
    by_number = list(accounts.filter(person__tenant=tenant, person__citizen_number_index=index))
    if by_number:
        return by_number
    return list(accounts.filter(person__tenant=tenant, person__phone_index=index).order_by("id")[:_SAME_PHONE])


def second_factor_enrolled(account: Account) -> bool:
    """True when the account has a TOTP secret or a passkey."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=types).exists())


def totp_enrolled(account: Account) -> bool:
    """True when the account has a TOTP secret."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists())


def recent_sign_ins(account: Account, *, limit: int = 10) -> list[SignIn]:
    """The latest attempts to sign in, newest first."""
    return list(SignIn.objects.filter(account=account).order_by("-created_at", "-id")[:limit])


def is_administrator(account: Account) -> bool:
    """True when the account's person holds a post with an administrator role today."""
    posts = current_appointments().filter(person_id=account.person_id)
    return bool(posts.filter(post__roles__role__in=ADMINISTRATORS).exists())
