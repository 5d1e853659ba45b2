"""A lost second factor: one administrator asks, another confirms, a code used once opens the way to a new one."""

import dataclasses
import datetime as dt
import secrets
import uuid

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PersonKind, Role, SignInOutcome
from zhengtong.capabilities.identity.models import Account, AccountCertificate, FactorReset
from zhengtong.capabilities.identity.permissions import require_security_administrator
from zhengtong.capabilities.identity.selectors import is_administrator
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.identity.services.sessions import end_all_sessions
from zhengtong.capabilities.identity.services.sign_in import lock_of, record_failure
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike
_CODE_LENGTH = 12  # 60 bits, read out or printed


@dataclasses.dataclass(frozen=True)
class EnrolmentCode:
    """Shown once to the administrator who confirmed; he hands it to the owner in person."""

    username: str
    code: str
    expires_at: dt.datetime


def request_factor_reset(*, actor: Actor, account_id: uuid.UUID, reason: str) -> uuid.UUID:
    """The security administrator asks for a new second factor for somebody (also for the first one of a new account).

    Raises NotPermitted for his own account, Invalid without a reason, Conflict while another request is open.
    """
    require_security_administrator(actor)
    account = _account(actor, account_id)
    if not reason.strip():
        raise Invalid(_("请写明理由，例如“手机丢失，本人持工作证到场”。"), field="reason")
    try:
        with transaction.atomic():
            FactorReset.objects.filter(account=account, closed_at__isnull=True, expires_at__lt=now()).update(
                closed_at=now()
            )
            row = FactorReset.objects.create(
                tenant=actor.tenant, account=account, reason=reason.strip(), requested_by_id=actor.person_id
            )
            _append(actor, "identity.factor_reset_requested", row)
    except IntegrityError as error:
        raise Conflict(_("这个账户已有一份没有办结的重置申请。请先确认或退回它。")) from error
    return row.id


def confirm_factor_reset(*, actor: Actor, reset_id: uuid.UUID) -> EnrolmentCode:
    """A second administrator confirms: old factors and sessions end at once; returns the code for the owner.

    Raises NotPermitted for who asked, for the owner and for everybody who is no security or system administrator.
    """
    with transaction.atomic():
        row = _open_request(actor, reset_id)
        return _confirm(actor, row)


def refuse_factor_reset(*, actor: Actor, reset_id: uuid.UUID) -> None:
    """A second administrator does not agree, or who asked takes it back; the old factors stay."""
    if not actor.has_role(Role.SEC_ADMIN, Role.SYS_ADMIN):
        raise NotPermitted(_("重置第二因素由安全管理员申请、另一位安全管理员或系统管理员确认。"))
    with transaction.atomic():
        row = _waiting(actor.tenant, reset_id)
        row.closed_at = now()
        row.save(update_fields=["closed_at"])
        _append(actor, "identity.factor_reset_refused", row)


def reset_second_factor(*, actor: Actor, account_id: uuid.UUID, reason: str) -> EnrolmentCode:
    """Both steps at once by the platform itself: the command for the day no administrator can sign in."""
    if actor.kind != "system":
        raise NotPermitted(_("重置第二因素需要两个人：请由安全管理员申请，再由另一位安全管理员或系统管理员确认。"))
    with transaction.atomic():
        FactorReset.objects.filter(account_id=account_id, closed_at__isnull=True).update(closed_at=now())
        row = FactorReset.objects.create(tenant=actor.tenant, account=_account(actor, account_id), reason=reason)
        _append(actor, "identity.factor_reset_requested", row)
        return _confirm(actor, row)


def needs_enrolment_code(account: Account) -> bool:
    """True when a new second factor may be bound only with a code: after a reset, and for every administrator.

    Also for officials without a post: whoever opened the account knows its first password, and could bind his own
    telephone before the owner is appointed.
    """
    if FactorReset.objects.filter(account=account, closed_at__isnull=True, confirmed_at__isnull=False).exists():
        return True
    if account.person.kind == PersonKind.STAFF and not current_appointments().filter(person=account.person_id).exists():
        return True
    return is_administrator(account)


def use_enrolment_code(*, account: Account, code: str, address: str = "") -> None:
    """Check the code; raises Invalid for a wrong or old one (which counts as a failure), NotPermitted while locked.

    The code is used up by ``close_enrolment``, once the new factor is bound.
    """
    locked = lock_of(account)
    if locked:
        raise NotPermitted(locked)
    row = _confirmed(account)
    typed = "".join(code.split()).replace("-", "").upper()
    if row is None or not check_password(typed, row.code):
        record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_CODE, address=address)
        raise Invalid(
            _("开通码不正确或已经过期。请向安全管理员当面领取；没有领过的，请联系安全管理员申请重置。"),
            field="enrolment_code",
        )


def close_enrolment(account: Account) -> None:
    """The new factor is bound: the code opens nothing any more."""
    FactorReset.objects.filter(account=account, closed_at__isnull=True, confirmed_at__isnull=False).update(
        closed_at=now()
    )


def _confirm(actor: Actor, row: FactorReset) -> EnrolmentCode:
    code = "".join(secrets.choice(_SIGNS) for _place in range(_CODE_LENGTH))
    row.confirmed_by_id, row.confirmed_at = actor.person_id, now()
    row.code = make_password(code)
    row.expires_at = now() + dt.timedelta(hours=limits_of(actor.tenant).enrolment_hours)
    row.save(update_fields=["confirmed_by", "confirmed_at", "code", "expires_at"])
    Authenticator.objects.filter(user_id=row.account_id).delete()
    # a sign-in certificate opens the account like a second factor, and may be lost with it
    AccountCertificate.objects.filter(account_id=row.account_id, ended_at__isnull=True).update(ended_at=now())
    end_all_sessions(actor=actor, account_id=row.account_id, reason="factor_reset")
    _append(actor, "identity.factor_reset_confirmed", row)
    shown = "-".join(code[place : place + 4] for place in range(0, _CODE_LENGTH, 4))
    return EnrolmentCode(row.account.username, shown, row.expires_at)


def _open_request(actor: Actor, reset_id: uuid.UUID) -> FactorReset:
    if not actor.has_role(Role.SEC_ADMIN, Role.SYS_ADMIN):
        raise NotPermitted(_("重置第二因素由安全管理员申请、另一位安全管理员或系统管理员确认。"))
    row = _waiting(actor.tenant, reset_id)
    if row.requested_by_id == actor.person_id:
        raise NotPermitted(_("申请人不能自己确认。请由另一位安全管理员或系统管理员确认。"))
    if row.account.person_id == actor.person_id:
        raise NotPermitted(_("不能确认自己账户的重置。请由另一位管理员确认。"))
    return row


def _waiting(tenant: str, reset_id: uuid.UUID) -> FactorReset:
    rows = FactorReset.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(tenant=tenant, pk=reset_id, closed_at__isnull=True, confirmed_at__isnull=True).first()
    if row is None:
        raise NotFound(_("没有这份重置申请，或者它已经办结。"))
    return row


def _confirmed(account: Account) -> FactorReset | None:
    rows = FactorReset.objects.filter(account=account, closed_at__isnull=True, confirmed_at__isnull=False)
    return rows.filter(expires_at__gt=now()).first()


def _account(actor: Actor, account_id: uuid.UUID) -> Account:
    account = Account.objects.filter(tenant=actor.tenant, pk=account_id).first()
    if account is None:
        raise NotFound(_("没有这个账户。"))
    if actor.person_id is not None and account.person_id == actor.person_id:
        raise NotPermitted(_("不能重置自己的第二因素。请由另一位安全管理员办理。"))
    return account


def _append(actor: Actor, act: str, row: FactorReset) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="factor_reset", id=str(row.id)),
        payload={"account": str(row.account_id), "reason": row.reason},
    )
