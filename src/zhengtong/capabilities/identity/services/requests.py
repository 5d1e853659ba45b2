"""Rights in three steps: the system administrator asks, the security administrator decides, the auditor can see it."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, RequestKind, RequestState, Role, Scope
from zhengtong.capabilities.identity.models import Account, Person, Post, PostRole, RoleRequest
from zhengtong.capabilities.identity.permissions import require_security_administrator, require_system_administrator
from zhengtong.capabilities.identity.selectors.administration import administrator_post, is_last_administrator
from zhengtong.capabilities.identity.services.administration import disable_administrator
from zhengtong.capabilities.identity.services.administrators import lock_administrators
from zhengtong.capabilities.identity.services.authorisation import appoint, grant_role, revoke_role
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


def request_appointment(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    post_id: uuid.UUID,
    reason: str,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> uuid.UUID:
    """Ask that a person be given a post; returns the request's id. Nothing changes before it is approved.

    Raises Invalid, NotFound, NotPermitted for oneself, Conflict when the same is waiting already.
    """
    require_system_administrator(actor)
    start = valid_from or local_date()
    if actor.person_id == person_id:
        raise NotPermitted(_("不能为自己申请任职。请由另一位系统管理员办理。"))
    if valid_until is not None and valid_until < start:
        raise Invalid(_("截止日期早于起始日期。请更正任职期限。"), field="valid_until")
    if not Person.objects.filter(tenant=actor.tenant, pk=person_id).exists():
        raise NotFound(_("没有这个人员。请先登记人员。"))
    fields = {"person_id": person_id, "valid_from": start, "valid_until": valid_until}
    return _request(actor, RequestKind.APPOINT, post_id, reason, fields)


def request_role(
    *, actor: Actor, post_id: uuid.UUID, role: str, reason: str, scope: str = "", revoke: bool = False
) -> uuid.UUID:
    """Ask that a post be given a role (with a reach) or lose it; returns the request's id.

    Raises Invalid for a role no post can have or that the post (does not) have, NotFound, Conflict when the same is
    waiting already.
    """
    require_system_administrator(actor)
    if role not in Role.values or role in PERSONAL_ROLES:
        raise Invalid(_("岗位不能授予这个角色。请从角色清单中选择。"), field="role")
    if scope and scope not in Scope.values:
        raise Invalid(_("没有这种数据范围。请从清单中选择。"), field="scope")
    held = PostRole.objects.filter(tenant=actor.tenant, post_id=post_id, role=role)
    if revoke and not held.exists():
        raise Invalid(_("这个岗位没有该角色。"), field="role")
    if not revoke and held.filter(scope=scope).exists():
        raise Invalid(_("这个岗位已经有该角色，数据范围也相同。"), field="role")
    kind = RequestKind.REVOKE if revoke else RequestKind.GRANT
    return _request(actor, kind, post_id, reason, {"role": role, "scope": "" if revoke else scope})


def request_disabling(*, actor: Actor, account_id: uuid.UUID, reason: str) -> uuid.UUID:
    """Ask that the account of one of the three administrators be closed; returns the request's id.

    The security administrator decides, so that no administrator shuts another one out alone. Raises NotFound,
    NotPermitted for oneself, Conflict for an account that is closed, belongs to no administrator, to the last one of
    his kind, or waits already.
    """
    require_system_administrator(actor)
    account = Account.objects.filter(tenant=actor.tenant, pk=account_id).first()
    if account is None:
        raise NotFound(_("没有这个工作人员账户。"))
    if account.person_id == actor.person_id:
        raise NotPermitted(_("不能对自己的账户这样操作。请由另一位管理员办理。"))
    post_id = administrator_post(account.person_id)
    if not account.is_active or post_id is None:
        raise Conflict(_("这个账户已经停用，或者不是管理员的账户。请刷新页面。"))
    if is_last_administrator(account):
        raise Conflict(_("这是最后一个可用的同类管理员账户，停用后将无人管理。请先安排另一位管理员。"))
    return _request(actor, RequestKind.DISABLE, post_id, reason, {"person_id": account.person_id})


def decide_request(*, actor: Actor, request_id: uuid.UUID, approve: bool, answer: str = "") -> None:
    """The security administrator approves a request, which takes effect in the same transaction, or refuses it.

    Raises NotPermitted for one's own request, for one's own post and appointment, Invalid for a refusal without a
    reason, Conflict when it is decided already or cannot take effect any more.
    """
    require_security_administrator(actor)
    if not approve and not answer.strip():
        raise Invalid(_("请写明不批准的理由。"), field="answer")
    with transaction.atomic():
        lock_administrators(actor.tenant)  # before the request's row: see there
        row = _pending(actor.tenant, request_id)
        if row.requested_by_id == actor.person_id:
            raise NotPermitted(_("不能审批自己提出的申请。请由另一位安全管理员办理。"))
        if actor.person_id is None:
            raise NotPermitted(_("权限申请只能由安全管理员本人审批。"))
        if approve:
            _take_effect(actor, row)
        row.state = RequestState.APPROVED if approve else RequestState.REFUSED
        _close(actor, row, answer)
        act = "identity.right_approved" if approve else "identity.right_refused"
        _record(actor, row, act, answer)


def withdraw_request(*, actor: Actor, request_id: uuid.UUID) -> None:
    """Whoever asked takes the request back before it is decided; raises NotPermitted, NotFound, Conflict."""
    require_system_administrator(actor)
    with transaction.atomic():
        row = _pending(actor.tenant, request_id)
        if row.requested_by_id != actor.person_id:
            raise NotPermitted(_("只有提出申请的人可以撤回申请。"))
        row.state = RequestState.WITHDRAWN
        _close(actor, row, "")
        _record(actor, row, "identity.right_withdrawn", "")


def _request(actor: Actor, kind: RequestKind, post_id: uuid.UUID, reason: str, fields: dict[str, object]) -> uuid.UUID:
    if actor.person_id is None:
        raise NotPermitted(_("权限申请只能由系统管理员本人提出。"))
    if len(reason.strip()) < 2:
        raise Invalid(_("请写明申请理由，例如任免文件的文号。"), field="reason")
    if not Post.objects.filter(tenant=actor.tenant, pk=post_id, active=True).exists():
        raise NotFound(_("没有这个岗位。请刷新页面后重新选择。"))
    try:
        with transaction.atomic():
            row = RoleRequest.objects.create(
                tenant=actor.tenant,
                kind=kind,
                post_id=post_id,
                reason=reason.strip(),
                requested_by_id=actor.person_id,
                **fields,
            )
            _record(actor, row, "identity.right_requested", reason)
    except IntegrityError as error:
        raise Conflict(_("同样的申请正在等待审批，不必重复提出。")) from error
    return row.id


def _pending(tenant: str, request_id: uuid.UUID) -> RoleRequest:
    row = RoleRequest.objects.select_for_update(no_key=True).filter(tenant=tenant, pk=request_id).first()
    if row is None:
        raise NotFound(_("没有这项申请。"))
    if row.state != RequestState.PENDING:
        raise Conflict(_("这项申请已经办结：%(state)s。") % {"state": row.get_state_display()})
    return row


def _take_effect(actor: Actor, row: RoleRequest) -> None:
    if row.kind == RequestKind.GRANT:
        grant_role(actor=actor, post_id=row.post_id, role=row.role, scope=row.scope)
    elif row.kind == RequestKind.REVOKE:
        revoke_role(actor=actor, post_id=row.post_id, role=row.role)
    elif row.kind == RequestKind.DISABLE and row.person_id is not None:
        disable_administrator(actor=actor, person_id=row.person_id, reason=row.reason)
    elif row.person_id is not None:
        start = max(row.valid_from or local_date(), local_date())
        appoint(
            actor=actor,
            person_id=row.person_id,
            post_id=row.post_id,
            valid_from=start,
            valid_until=row.valid_until,
        )


def _close(actor: Actor, row: RoleRequest, answer: str) -> None:
    row.decided_by_id, row.decided_at, row.answer = actor.person_id, now(), answer.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _record(actor: Actor, row: RoleRequest, act: str, words: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="right_request", id=str(row.id)),
        payload={
            "kind": row.kind,
            "post": str(row.post_id),
            "role": row.role,
            "scope": row.scope,
            "person": str(row.person_id or ""),
            "from": row.valid_from or "",
            "until": row.valid_until or "",
            "words": words.strip(),
        },
    )
