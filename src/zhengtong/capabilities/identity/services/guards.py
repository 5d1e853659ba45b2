"""Failures counted per source address and per name typed, whether or not such an account exists."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import GuardKind, SignInOutcome
from zhengtong.capabilities.identity.models import SignIn, SignInGuard
from zhengtong.capabilities.identity.permissions import require_security_administrator
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.fields import blind_index

# An account that has signed in from an address lately may go on from there while the address is locked: otherwise one
# machine with a virus would keep the whole office behind the same address from working.
_KNOWN_FOR = dt.timedelta(days=30)
_KEPT_FOR = dt.timedelta(days=1)


def locked_sentence(until: dt.datetime) -> str:
    """The sentence for a locked name; the same whether or not there is such an account."""
    local = until.astimezone(SHANGHAI)
    return _(
        "账户因连续多次输错已锁定，到 %(time)s 自动解锁。如果不是您本人操作，请在解锁后立即修改密码；"
        "急需使用的，请拨打页面底部的电话。"
    ) % {"time": f"{local.month}月{local.day}日 {local:%H:%M}"}


def name_lock_of(tenant: str, typed: str) -> str:
    """The sentence that a name nobody has is locked; empty when it is not."""
    row = _guard(tenant, GuardKind.NAME, blind_index(typed))
    return locked_sentence(row.locked_until) if row is not None and row.locked_until else ""


def source_lock_of(tenant: str, address: str) -> str:
    """The sentence that an address is locked; empty when it is not."""
    row = _guard(tenant, GuardKind.SOURCE, address)
    if row is None or row.locked_until is None:
        return ""
    local = row.locked_until.astimezone(SHANGHAI)
    return _(
        "从您所在的网络登录，失败的次数太多，到 %(time)s 之前暂停登录。最近在这里登录过的账户不受影响；"
        "急需使用的，请拨打页面底部的电话。"
    ) % {"time": f"{local:%H:%M}"}


def signed_in_here_lately(account_id: uuid.UUID, address: str) -> bool:
    """True when the account was signed in from the address within the last thirty days."""
    rows = SignIn.objects.filter(account_id=account_id, address=address, created_at__gte=now() - _KNOWN_FOR)
    return rows.filter(outcome__in=[SignInOutcome.SIGNED_IN, SignInOutcome.CERTIFICATE]).exists()


def count_unknown_name(*, tenant: str, typed: str) -> None:
    """A wrong password for a name nobody has: it locks like an account, so that nothing tells them apart."""
    limits = limits_of(tenant)
    _count(tenant, GuardKind.NAME, blind_index(typed), limits.lock_after, limits.lock_minutes)


def count_source_failure(*, tenant: str, address: str) -> None:
    """A failed attempt from an address; at the limit the address is locked for a while."""
    if not address:
        return
    limits = limits_of(tenant)
    with transaction.atomic():
        locks = _count(tenant, GuardKind.SOURCE, address, limits.source_lock_after, limits.source_lock_minutes)
        if locks:
            ledger.append(
                actor=anonymous(tenant),
                act="identity.source_locked",
                object_ref=ObjectRef(kind="source", id=address),
                payload={"failures": limits.source_lock_after, "minutes": limits.source_lock_minutes},
            )


def unlock_source(*, actor: Actor, address: str, reason: str) -> None:
    """Open a locked address before its time; its count starts again. Raises Invalid without a reason, NotFound."""
    require_security_administrator(actor)
    if len(reason.strip()) < 2:
        raise Invalid(_("请写明理由。"), field="reason")
    with transaction.atomic():
        rows = SignInGuard.objects.select_for_update().filter(tenant=actor.tenant, kind=GuardKind.SOURCE, key=address)
        row = rows.filter(locked_until__gt=now()).first()
        if row is None:
            raise NotFound(_("这个地址没有被锁定，或者已经自动解锁。"))
        row.delete()
        ledger.append(
            actor=actor,
            act="identity.source_unlocked",
            object_ref=ObjectRef(kind="source", id=address),
            payload={"reason": reason.strip(), "failures": row.failures, "counted_from": row.counted_from},
        )


def _guard(tenant: str, kind: str, key: str) -> SignInGuard | None:
    if not key:
        return None
    return SignInGuard.objects.filter(tenant=tenant, kind=kind, key=key, locked_until__gt=now()).first()


def _count(tenant: str, kind: str, key: str, after: int, minutes: int) -> bool:
    """True when this failure is the one that locks."""
    with transaction.atomic():
        row, created = SignInGuard.objects.select_for_update().get_or_create(
            tenant=tenant, kind=kind, key=key, defaults={"counted_from": now()}
        )
        if created:
            SignInGuard.objects.filter(counted_from__lt=now() - _KEPT_FOR).exclude(pk=row.pk).delete()
        over = row.locked_until is not None and row.locked_until <= now()
        stale = kind == GuardKind.SOURCE and now() - row.counted_from > dt.timedelta(minutes=minutes)
        if over or stale:
            row.failures, row.counted_from, row.locked_until = 0, now(), None
        row.failures += 1
        locks = row.locked_until is None and row.failures >= after
        if locks:
            row.locked_until = now() + dt.timedelta(minutes=minutes)
        row.save(update_fields=["failures", "counted_from", "locked_until"])
    return locks
