"""Attempts to sign in: success, failure, lock and unlock."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.events import AccountLocked
from zhengtong.capabilities.identity.models import Account, SignIn
from zhengtong.capabilities.identity.permissions import require_security_administrator
from zhengtong.capabilities.identity.services.guards import locked_sentence
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound

# a lock by hand ends only by hand
LOCKED_BY_HAND = dt.timedelta(days=36500)


def lock_of(account: Account) -> str:
    """The sentence that says until when an account is locked; empty when it is not."""
    if account.locked_until is None or account.locked_until <= now():
        return ""
    if is_locked_by_hand(account):
        return _("账户已由管理员锁定，现在不能登录。请拨打页面底部的电话；工作人员请联系安全管理员解锁。")
    return locked_sentence(account.locked_until)


def is_locked_by_hand(account: Account) -> bool:
    """True while an administrator's lock holds, not one that passes by itself."""
    return account.locked_until is not None and account.locked_until - now() > LOCKED_BY_HAND / 2


def record_failure(*, account_id: uuid.UUID, outcome: str, address: str = "") -> None:
    """Count a wrong password or code; at the limit the account is locked for a while.

    The count starts again only after a complete sign-in, so that a known password does not buy endless codes.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
        limits = limits_of(account.tenant)
        if account.locked_until is not None and account.locked_until <= now():
            account.locked_until, account.failed_sign_ins = None, 0
        account.failed_sign_ins += 1
        locks = account.locked_until is None and account.failed_sign_ins >= limits.lock_after
        if locks:
            account.locked_until = now() + dt.timedelta(minutes=limits.lock_minutes)
        account.save(update_fields=["failed_sign_ins", "locked_until"])
        SignIn.objects.create(tenant=account.tenant, account=account, outcome=outcome, address=address)
        actor, ref = anonymous(account.tenant), ObjectRef(kind="account", id=str(account.pk))
        payload = {"outcome": str(outcome), "count": account.failed_sign_ins}
        ledger.append(actor=actor, act="identity.sign_in_failed", object_ref=ref, payload=payload)
        if locks:
            ledger.append(actor=actor, act="identity.account_locked", object_ref=ref, payload=payload)
            outbox.publish(AccountLocked(tenant=account.tenant, object_ref=ref, at=now(), account_id=account.pk))


def record_sign_in(
    *,
    actor: Actor,
    account_id: uuid.UUID,
    address: str = "",
    second_factor: bool,
    outcome: str = SignInOutcome.SIGNED_IN,
) -> None:
    """A complete sign-in: the count of failures starts again."""
    with transaction.atomic():
        Account.objects.filter(pk=account_id).update(failed_sign_ins=0, locked_until=None)
        SignIn.objects.create(tenant=actor.tenant, account_id=account_id, outcome=outcome, address=address)
        ledger.append(
            actor=actor,
            act="identity.signed_in",
            object_ref=ObjectRef(kind="account", id=str(account_id)),
            payload={"second_factor": second_factor, "way": str(outcome)},
        )


def record_sign_out(*, actor: Actor, account_id: uuid.UUID, idle: bool = False) -> None:
    """The person has left, or was signed out after a time without requests."""
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="identity.signed_out",
            object_ref=ObjectRef(kind="account", id=str(account_id)),
            payload={"idle": idle},
        )


def unlock_account(*, actor: Actor, account_id: uuid.UUID, reason: str) -> None:
    """Open a locked account before its time; raises NotFound."""
    require_security_administrator(actor)
    with transaction.atomic():
        rows = Account.objects.filter(tenant=actor.tenant, pk=account_id)
        if not rows.update(failed_sign_ins=0, locked_until=None):
            raise NotFound(_("没有这个账户。"))
        ledger.append(
            actor=actor,
            act="identity.account_unlocked",
            object_ref=ObjectRef(kind="account", id=str(account_id)),
            payload={"reason": reason},
        )
