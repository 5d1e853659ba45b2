"""Accounts of officials in the hands of the administrators: locked, disabled, enabled, given a new password."""

import dataclasses
import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PersonKind
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.permissions import (
    may_authorise,
    may_end_appointments,
    require_security_administrator,
    require_system_administrator,
)
from zhengtong.capabilities.identity.rules import name_is_valid, phone_is_valid
from zhengtong.capabilities.identity.selectors.administration import (
    administrator_post,
    idle_since,
    is_last_administrator,
)
from zhengtong.capabilities.identity.services.accounts import create_account, create_staff, random_password
from zhengtong.capabilities.identity.services.administrators import lock_administrators
from zhengtong.capabilities.identity.services.passwords import store_password
from zhengtong.capabilities.identity.services.sessions import end_all_sessions
from zhengtong.capabilities.identity.services.sign_in import LOCKED_BY_HAND, is_locked_by_hand
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.parameters import declare, value

declare(
    "identity.idle_days",
    default=90,
    label="工作人员账户多少天没有登录即停用",
    unit="天",
    source="GB/T 22239—2019 §8.1.4.2 访问控制的常见取值（待核实）",
    confirmed=False,
)


@dataclasses.dataclass(frozen=True)
class StaffSecret:
    """A new official and the first password of his account, shown once and stored nowhere in the clear."""

    person_id: uuid.UUID
    account_id: uuid.UUID
    password: str


def create_staff_account(*, actor: Actor, name: str, username: str, phone: str = "") -> StaffSecret:
    """Register an official and open his account with a password he has to change; he holds no post yet.

    Raises Invalid for name, telephone or user name, Conflict when the user name is taken.
    """
    require_system_administrator(actor)
    phone = "".join(phone.split())
    if not name_is_valid(name):
        raise Invalid(_("请填写姓名，只能有文字和间隔号“·”。"), field="name")
    if phone and not phone_is_valid(phone):
        raise Invalid(_("请填写 11 位手机号，例如 13800000000。"), field="phone")
    password = random_password()
    with transaction.atomic():
        person_id = create_staff(actor=actor, name=name, phone=phone)
        account_id = create_account(
            actor=actor, person_id=person_id, username=username.strip().lower(), password=password
        )
    return StaffSecret(person_id, account_id, password)


def idle_limit(tenant: str) -> dt.timedelta:
    """After how long without a sign-in an official's account is disabled."""
    return dt.timedelta(days=int(value("identity.idle_days", tenant=tenant)))


def lock_account(*, actor: Actor, account_id: uuid.UUID, reason: str) -> None:
    """Lock an account until the security administrator opens it (``unlock_account``); its sessions end at once.

    System and security administrator may do so, not for themselves; one of the three only the security
    administrator: it is the quick way to stop one, and only he opens it again. Raises NotFound, Invalid without a
    reason, Conflict when it is locked by hand already or belongs to the last administrator of his kind.
    """
    if not may_end_appointments(actor):
        require_security_administrator(actor)
    with transaction.atomic():
        lock_administrators(actor.tenant)
        account = _account(actor, account_id, reason)
        _keep_one_administrator(account)
        if administrator_post(account.person_id) and not may_authorise(actor):
            raise NotPermitted(_("管理员的账户由安全管理员锁定。请联系安全管理员，或者提出停用申请。"))
        if is_locked_by_hand(account):
            raise Conflict(_("这个账户已经锁定，没有再锁定一次。"))
        account.locked_until = now() + LOCKED_BY_HAND
        account.save(update_fields=["locked_until"])
        _record(actor, account, "identity.account_locked", reason)
        end_all_sessions(actor=actor, account_id=account.id, reason=reason)


def disable_account(*, actor: Actor, account_id: uuid.UUID, reason: str) -> None:
    """Close an account: its sessions end with the next request. The platform itself does so with idle ones.

    Raises NotFound, NotPermitted for one's own and for one of the three administrators, whom two persons disable
    (``requests.request_disabling``), Invalid without a reason, Conflict when it is closed already or belongs to the
    last administrator of his kind.
    """
    require_system_administrator(actor)
    with transaction.atomic():
        lock_administrators(actor.tenant)
        account = _to_disable(actor, account_id, reason)
        if actor.kind != "system" and administrator_post(account.person_id):
            raise NotPermitted(_("停用管理员的账户须两人办理：请提出停用申请，由安全管理员批准。"))
        _disable(actor, account, reason)


def disable_administrator(*, actor: Actor, person_id: uuid.UUID, reason: str) -> None:
    """Close an administrator's account, which one person has asked for and another, the actor, approves.

    Part of ``requests.decide_request``, which has asked for the right. Raises NotFound, NotPermitted for one's own,
    Conflict when it is closed already or belongs to the last administrator of his kind.
    """
    with transaction.atomic():
        lock_administrators(actor.tenant)
        account_id = Account.objects.filter(person_id=person_id).values_list("pk", flat=True).first()
        _disable(actor, _to_disable(actor, account_id, reason), reason)


def enable_account(*, actor: Actor, account_id: uuid.UUID, reason: str) -> None:
    """Open a closed account again; the days without a sign-in are counted from now.

    Only the security administrator: whoever closes does not open. Raises NotFound, NotPermitted, Invalid, Conflict.
    """
    require_security_administrator(actor)
    with transaction.atomic():
        account = _account(actor, account_id, reason)
        if account.is_active:
            raise Conflict(_("这个账户没有停用。"))
        account.is_active, account.enabled_at = True, now()
        account.save(update_fields=["is_active", "enabled_at"])
        _record(actor, account, "identity.account_enabled", reason)


def reset_password(*, actor: Actor, account_id: uuid.UUID, reason: str) -> str:
    """Give an official a new password, returned this once; he has to change it, and his sessions end.

    Citizens are refused: without a second factor whoever knows the password is in. Raises NotFound, NotPermitted for
    one's own account, Invalid without a reason.
    """
    require_system_administrator(actor)
    password = random_password()
    with transaction.atomic():
        account = _account(actor, account_id, reason)
        store_password(account, password, must_change=True)
        account.save(update_fields=["password", "password_changed_at", "must_change_password"])
        _record(actor, account, "identity.password_reset", reason)
    return password


def disable_idle_accounts(*, actor: Actor) -> int:
    """Close the officials' accounts nobody has signed in to for long; returns how many.

    The last administrator of his kind stays, so that somebody can still open accounts.
    """
    closed = 0
    limit = idle_limit(actor.tenant)
    for account in idle_since(actor.tenant, now() - limit):
        if not is_last_administrator(account):
            disable_account(actor=actor, account_id=account.pk, reason=_("超过 %(n)d 天没有登录") % {"n": limit.days})
            closed += 1
    return closed


def _to_disable(actor: Actor, account_id: uuid.UUID | None, reason: str) -> Account:
    account = _account(actor, account_id, reason)
    if not account.is_active:
        raise Conflict(_("这个账户已经停用。"))
    _keep_one_administrator(account)
    return account


def _disable(actor: Actor, account: Account, reason: str) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    _record(actor, account, "identity.account_disabled", reason)


def _account(actor: Actor, account_id: uuid.UUID | None, reason: str) -> Account:
    if len(reason.strip()) < 2:
        raise Invalid(_("请写明理由。"), field="reason")
    account = (
        Account.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .filter(tenant=actor.tenant, pk=account_id, person__kind=PersonKind.STAFF)
        .first()
        if account_id
        else None
    )
    if account is None:
        raise NotFound(_("没有这个工作人员账户。"))
    if actor.person_id == account.person_id:
        raise NotPermitted(_("不能对自己的账户这样操作。请由另一位管理员办理。"))
    return account


def _keep_one_administrator(account: Account) -> None:
    if is_last_administrator(account):
        raise Conflict(_("这是最后一个可用的同类管理员账户，停用后将无人管理。请先安排另一位管理员。"))


def _record(actor: Actor, account: Account, act: str, reason: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="account", id=str(account.pk)),
        payload={"reason": reason.strip()},
    )
