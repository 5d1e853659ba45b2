"""An official lets a colleague act in his post for a time (授权代理)."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.models import Delegation, Person, PostRole
from zhengtong.capabilities.identity.permissions import may_authorise
from zhengtong.capabilities.identity.rules import (
    NOT_DELEGABLE,
    THREE_ADMINISTRATORS,
    DelegationProblem,
    delegation_problem,
)
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.parameters import declare, value

declare(
    "identity.delegation_days",
    default=90,
    label="委托代理最长期限",
    unit="天",
    source="行政机关内部授权的常见做法（待核实）",
    confirmed=False,
)


def longest_delegation(tenant: str) -> int:
    """For how many days a delegation may run."""
    return int(value("identity.delegation_days", tenant=tenant))


def delegate_post(
    *,
    actor: Actor,
    delegate_id: uuid.UUID,
    roles: Collection[str],
    valid_from: dt.date,
    valid_until: dt.date,
    reason: str,
    item_codes: Collection[str] = (),
) -> uuid.UUID:
    """Let a colleague act in the actor's present post with some of its roles; returns the delegation's id.

    Without ``item_codes`` it covers all items. Raises NotPermitted for everybody who is not in a post of his own (so
    a delegate cannot pass it on), Invalid for roles, periods and persons that do not qualify, Conflict when the same
    two have such a delegation for these days already.
    """
    if actor.kind != "official" or actor.post_id is None or actor.person_id is None or actor.delegation_id:
        raise NotPermitted(_("只能委托本人岗位的工作；受托办理的工作不能再转委托。请先切换到本人岗位。"))
    if not reason.strip():
        raise Invalid(_("请写明委托的理由，例如外出学习。"), field="reason")
    problem = delegation_problem(
        delegator=actor.person_id,
        delegate=delegate_id,
        roles=roles,
        held=actor.roles,
        valid_from=valid_from,
        valid_until=valid_until,
        today=local_date(),
        longest=longest_delegation(actor.tenant),
    )
    if problem is not None:
        raise _refusal(problem, actor.tenant)
    try:
        with transaction.atomic():
            _check_delegate(actor.tenant, delegate_id)
            row = Delegation.objects.create(
                tenant=actor.tenant,
                delegator_id=actor.person_id,
                post_id=actor.post_id,
                delegate_id=delegate_id,
                roles=sorted(set(roles)),
                item_codes=sorted({code.strip() for code in item_codes if code.strip()}),
                valid_from=valid_from,
                valid_until=valid_until,
                reason=reason.strip(),
            )
            _record(actor, row, "identity.delegation_granted", reason)
    except IntegrityError as error:
        raise Conflict(_("这段时间已经委托给同一个人。请先收回原来的委托。"), field="delegate") from error
    return row.id


def revoke_delegation(*, actor: Actor, delegation_id: uuid.UUID, reason: str) -> None:
    """End a delegation at once: the delegator, the delegate himself, or the security administrator.

    Raises NotFound, NotPermitted, Conflict when it was revoked already.
    """
    with transaction.atomic():
        row = (
            Delegation.objects.select_for_update(no_key=True, of=("self",))
            .filter(tenant=actor.tenant, pk=delegation_id)
            .first()
        )
        if row is None:
            raise NotFound(_("没有这项委托。"))
        if not may_authorise(actor) and actor.person_id not in (row.delegator_id, row.delegate_id):
            raise NotPermitted(_("只有委托人、受托人或安全管理员可以收回委托。"))
        if row.revoked_at is not None:
            raise Conflict(_("这项委托已经收回。"))
        row.revoked_at, row.revoked_by_id = now(), actor.person_id
        row.save(update_fields=["revoked_at", "revoked_by"])
        _record(actor, row, "identity.delegation_revoked", reason)


def _check_delegate(tenant: str, delegate_id: uuid.UUID) -> None:
    """An official in office who is none of the three administrators: these see no business data."""
    if not Person.objects.select_for_update(no_key=True).filter(tenant=tenant, pk=delegate_id).exists():
        raise NotFound(_("没有这个人员。请刷新页面后重新选择。"))
    held = current_appointments().filter(tenant=tenant, person_id=delegate_id)
    if not held.exists():
        raise Invalid(_("受托人必须是在岗的工作人员。请另选一位。"), field="delegate")
    if PostRole.objects.filter(post__in=held.values("post"), role__in=THREE_ADMINISTRATORS).exists():
        raise Invalid(_("系统管理员、安全管理员、审计管理员不能受托办理业务。请另选一位。"), field="delegate")


def _refusal(problem: DelegationProblem, tenant: str) -> Invalid:
    if problem is DelegationProblem.TOO_LONG:
        days = longest_delegation(tenant)
        return Invalid(_("委托最长 %(n)d 天。请缩短期限，到期后可以再次委托。") % {"n": days}, field="valid_until")
    names = "、".join(str(label) for role, label in Role.choices if role in NOT_DELEGABLE)
    sentences = {
        DelegationProblem.ONESELF: (_("不能委托给自己。请另选一位。"), "delegate"),
        DelegationProblem.NO_ROLE: (_("请至少选择一个要委托的角色。"), "roles"),
        DelegationProblem.NOT_HELD: (_("您的岗位没有所选的角色，不能委托。"), "roles"),
        DelegationProblem.NOT_DELEGABLE: (_("%(names)s的职责不能委托。") % {"names": names}, "roles"),
        DelegationProblem.PERIOD: (_("截止日期要晚于起始日期。"), "valid_until"),
        DelegationProblem.PAST: (_("起始日期不能早于今天。"), "valid_from"),
    }
    sentence, field = sentences[problem]
    return Invalid(sentence, field=field)


def _record(actor: Actor, row: Delegation, act: str, reason: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="delegation", id=str(row.id)),
        payload={
            "delegator": str(row.delegator_id),
            "delegate": str(row.delegate_id),
            "post": str(row.post_id),
            "roles": list(row.roles),
            "items": list(row.item_codes),
            "from": row.valid_from,
            "until": row.valid_until,
            "reason": reason,
        },
    )
