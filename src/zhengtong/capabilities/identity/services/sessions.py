"""Sessions: which are open is kept by django-allauth; ending one takes effect at its next request."""

import uuid
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.permissions import require_security_administrator
from zhengtong.capabilities.identity.services.sign_ons import end_sign_ons_of_sessions
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound


def end_session(*, actor: Actor, account_id: uuid.UUID, session_id: int) -> None:
    """The owner ends one of his sessions; raises NotFound for one that is not his or has ended."""
    _require_owner(actor, account_id)
    row = UserSession.objects.filter(pk=session_id, user_id=account_id).first()
    if row is None:
        raise NotFound(_("没有这个登录，或者它已经退出。"))
    _end(actor, account_id, [row], "owner")


def end_other_sessions(*, actor: Actor, account_id: uuid.UUID, keep: str, reason: str = "owner") -> int:
    """End all sessions of the actor's account but the one with the key ``keep``; returns how many."""
    _require_owner(actor, account_id)
    return _end(actor, account_id, UserSession.objects.filter(user_id=account_id).exclude(session_key=keep), reason)


def end_sessions_of(*, actor: Actor, account_id: uuid.UUID, reason: str) -> int:
    """The security administrator signs somebody out everywhere; returns how many sessions ended."""
    require_security_administrator(actor)
    if not Account.objects.filter(tenant=actor.tenant, pk=account_id).exists():
        raise NotFound(_("没有这个账户。"))
    return end_all_sessions(actor=actor, account_id=account_id, reason=reason)


def end_all_sessions(*, actor: Actor, account_id: uuid.UUID, reason: str) -> int:
    """Sign an account out everywhere as part of another act, which has asked for the right; returns how many ended."""
    return _end(actor, account_id, UserSession.objects.filter(user_id=account_id), reason)


def _require_owner(actor: Actor, account_id: uuid.UUID) -> None:
    account = Account.objects.filter(tenant=actor.tenant, pk=account_id).first()
    if account is None or account.person_id != actor.person_id:
        raise NotFound(_("没有这个登录，或者它已经退出。"))


def _end(actor: Actor, account_id: uuid.UUID, rows: Iterable[UserSession], reason: str) -> int:
    with transaction.atomic():
        found = list(rows)
        end_sign_ons_of_sessions([row.pk for row in found])
        for row in found:
            row.end()
        ended = len(found)
        if ended:
            ledger.append(
                actor=actor,
                act="identity.session_ended",
                object_ref=ObjectRef(kind="account", id=str(account_id)),
                payload={"count": ended, "reason": reason},
            )
    return ended
