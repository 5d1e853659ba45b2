"""Two records of one person become one: one is kept, the other points to it; nothing is rewritten or deleted."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import MergeState, SignInOutcome
from zhengtong.capabilities.identity.models import Account, Person, PersonMerge
from zhengtong.capabilities.identity.permissions import require_security_administrator, require_system_administrator
from zhengtong.capabilities.identity.selectors import accounts_for_sign_in, second_factor_enrolled
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.capabilities.identity.services.guards import count_source_failure, source_lock_of
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.identity.services.second_factor import check_second_factor
from zhengtong.capabilities.identity.services.sessions import end_all_sessions
from zhengtong.capabilities.identity.services.sign_in import lock_of, record_failure
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


def merge_own_accounts(
    *, actor: Actor, other_login: str, other_password: str, other_code: str = "", address: str = ""
) -> uuid.UUID:
    """The signed-in person proves that another account is his, too; it goes into the one he is signed in to.

    Raises Invalid when the proof is wrong (one sentence for all reasons), Conflict when the two cannot be one person.
    """
    own = Person.objects.filter(tenant=actor.tenant, pk=actor.person_id).first() if actor.person_id else None
    if own is None:
        raise NotPermitted(_("请先登录要保留的账户，再合并另一个账户。"))
    other = _proved(actor, other_login, other_password, other_code, address)
    with transaction.atomic():
        row = _request(actor, own, other.person, _("本人登录了两个账户"))
        return _carry_out(actor, row)


def request_merge(*, actor: Actor, kept_id: uuid.UUID, merged_id: uuid.UUID, evidence: str) -> uuid.UUID:
    """The system administrator asks to merge two records; the security administrator confirms.

    Raises NotFound, Invalid without the evidence, Conflict when the two cannot be one person.
    """
    require_system_administrator(actor)
    if len(evidence.strip()) < 2:
        raise Invalid(_("请写明依据，例如核对了什么证件。"), field="evidence")
    people = {row.pk: row for row in Person.objects.filter(tenant=actor.tenant, pk__in=[kept_id, merged_id])}
    if len(people) != 2:
        raise NotFound(_("没有找到要合并的两个人员。"))
    with transaction.atomic():
        return _request(actor, people[kept_id], people[merged_id], evidence.strip()).id


def confirm_merge(*, actor: Actor, merge_id: uuid.UUID) -> None:
    """Another administrator confirms a request; raises NotPermitted for who asked and for the persons meant."""
    require_security_administrator(actor)
    with transaction.atomic():
        row = _locked(actor.tenant, merge_id, MergeState.PENDING)
        if actor.person_id in (row.requested_by_id, row.kept_id, row.merged_id):
            raise NotPermitted(_("申请人和当事人不能自己确认。请由另一位安全管理员办理。"))
        row.confirmed_by_id = actor.person_id
        _carry_out(actor, row)


def refuse_merge(*, actor: Actor, merge_id: uuid.UUID) -> None:
    """The security administrator does not agree; nothing changes."""
    require_security_administrator(actor)
    with transaction.atomic():
        row = _locked(actor.tenant, merge_id, MergeState.PENDING)
        row.state = MergeState.REFUSED
        row.save(update_fields=["state"])
        _append(actor, "identity.merge_refused", row)


def undo_merge(*, actor: Actor, merge_id: uuid.UUID) -> None:
    """Both records stand for themselves again, within some days; raises Conflict afterwards, NotFound."""
    require_security_administrator(actor)
    with transaction.atomic():
        row = _locked(actor.tenant, merge_id, MergeState.DONE)
        days = limits_of(actor.tenant).merge_undo_days
        if row.done_at is None or now() - row.done_at > dt.timedelta(days=days):
            raise Conflict(_("合并已超过 %(n)d 天，不能再撤销。") % {"n": days})
        Person.objects.filter(pk=row.merged_id).update(merged_into=None)
        # what was merged into it before came along, and goes back with it
        came_along = _merged_before(row.merged_id)
        Person.objects.filter(pk__in=came_along, merged_into_id__isnull=False).update(merged_into_id=row.merged_id)
        if row.account_was_active:
            Account.objects.filter(person_id=row.merged_id).update(is_active=True)
        row.state, row.undone_at = MergeState.UNDONE, now()
        row.save(update_fields=["state", "undone_at"])
        _append(actor, "identity.merge_undone", row)


def _merged_before(person_id: uuid.UUID) -> set[uuid.UUID]:
    """The records that stand for this one by merges that hold, also by several steps."""
    found: set[uuid.UUID] = set()
    wave = {person_id}
    while wave:
        held = PersonMerge.objects.filter(kept_id__in=wave, state=MergeState.DONE)
        wave = set(held.values_list("merged_id", flat=True)) - found
        found |= wave
    return found


def _proved(actor: Actor, login: str, password: str, code: str, address: str) -> Account:
    wrong = _("另一个账户的账号、密码或动态口令不正确。请核对后重新填写；连续输错会锁定那个账户。")
    locked = source_lock_of(actor.tenant, address)
    if locked:
        raise NotPermitted(locked)
    for account in accounts_for_sign_in(actor.tenant, login):
        if lock_of(account) or not account.is_active or account.person_id == actor.person_id:
            continue
        if not account.check_password(password):
            record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_PASSWORD, address=address)
            continue
        if second_factor_enrolled(account):
            try:
                check_second_factor(account_id=account.pk, code=code, address=address)
            except (Invalid, NotPermitted) as error:
                raise Invalid(wrong, field="other_code") from error
        return account
    count_source_failure(tenant=actor.tenant, address=address)
    raise Invalid(wrong, field="other_login")


def _request(actor: Actor, kept: Person, merged: Person, evidence: str) -> PersonMerge:
    _refuse_impossible(kept, merged)
    if actor.person_id is None:
        raise NotPermitted(_("合并账户要由人提出申请。"))
    try:
        with transaction.atomic():
            row = PersonMerge.objects.create(
                tenant=actor.tenant,
                kept=kept,
                merged=merged,
                evidence=evidence,
                requested_by_id=actor.person_id,
            )
    except IntegrityError as error:
        raise Conflict(_("这个账户已经并入另一个账户，或者有一份没有办结的合并申请。")) from error
    _append(actor, "identity.merge_requested", row)
    return row


def _refuse_impossible(kept: Person, merged: Person) -> None:
    if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id:
        raise Conflict(_("请选择两个不同的、没有合并过的账户。"))
    if kept.name != merged.name:
        raise Conflict(_("两个账户的姓名不同，不能合并。如果改过姓名，请先到政务服务大厅更正。"))
    if merged.citizen_number_index and kept.citizen_number_index != merged.citizen_number_index:
        if kept.citizen_number_index:
            raise Conflict(_("两个账户的公民身份号码不同，不是同一个人，不能合并。"))
        raise Conflict(_("请保留登记了公民身份号码的那个账户：登录它，再合并另一个。"))
    if current_appointments().filter(person=merged).exists():
        raise Conflict(_("要并入的账户还有任职。请先由安全管理员结束任职，或者保留有任职的账户。"))


def _carry_out(actor: Actor, row: PersonMerge) -> uuid.UUID:
    rows = Person.objects.select_for_update().filter(pk__in=[row.kept_id, row.merged_id])
    people = {each.pk: each for each in rows.order_by("pk")}  # in one order, whichever goes into which
    _refuse_impossible(people[row.kept_id], people[row.merged_id])
    # whoever was merged into the one that is merged now comes along
    Person.objects.filter(merged_into_id=row.merged_id).update(merged_into_id=row.kept_id)
    Person.objects.filter(pk=row.merged_id).update(merged_into_id=row.kept_id)
    account = Account.objects.filter(person_id=row.merged_id).first()
    if account is not None:
        row.account_was_active = account.is_active
        Account.objects.filter(pk=account.pk).update(is_active=False)
        end_all_sessions(actor=actor, account_id=account.pk, reason="merged")
    row.state, row.done_at = MergeState.DONE, now()
    row.save(update_fields=["state", "done_at", "confirmed_by", "account_was_active"])
    _append(actor, "identity.persons_merged", row)
    return row.id


def _locked(tenant: str, merge_id: uuid.UUID, state: str) -> PersonMerge:
    row = PersonMerge.objects.select_for_update().filter(tenant=tenant, pk=merge_id, state=state).first()
    if row is None:
        raise NotFound(_("没有这份合并，或者它已经办结。"))
    return row


def _append(actor: Actor, act: str, row: PersonMerge) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="person_merge", id=str(row.id)),
        payload={"kept": str(row.kept_id), "merged": str(row.merged_id), "evidence": row.evidence},
    )
