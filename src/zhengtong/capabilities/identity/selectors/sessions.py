"""Open sessions, passkeys, applications signed on to: what a person sees about his account."""

import dataclasses
import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from zhengtong.capabilities.identity.models import Account, AccountCertificate, PartySubject
from zhengtong.capabilities.identity.rules import device_name


@dataclasses.dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it."""

    id: int
    device: str
    address: str
    began_at: dt.datetime
    seen_at: dt.datetime
    current: bool


@dataclasses.dataclass(frozen=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    added_at: dt.datetime
    used_at: dt.datetime | None


def open_sessions(account: Account, *, current_key: str) -> list[OpenSession]:
    """The account's sessions that still exist, the latest first; ended ones are cleared away."""
    rows = UserSession.objects.purge_and_list(account)
    found = [
        OpenSession(
            id=row.pk,
            device=device_name(row.user_agent),
            address=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            current=row.session_key == current_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


def passkeys_of(account: Account) -> list[Passkey]:
    """The account's passkeys, the oldest first."""
    rows = Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at) for row in rows]


def certificates_of(account: Account) -> list[AccountCertificate]:
    """The certificates the account may sign in with, the oldest first."""
    return list(AccountCertificate.objects.filter(account=account, ended_at__isnull=True).order_by("created_at"))


def signed_on_to(account: Account) -> list[PartySubject]:
    """The applications the account has signed on to, the latest first."""
    return list(PartySubject.objects.filter(account=account).select_related("party").order_by("-last_used_at"))
