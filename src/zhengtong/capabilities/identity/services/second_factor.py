"""The second factor: TOTP secrets (kept encrypted) and time steps that count once."""

import time
import uuid

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.permissions import require_security_administrator
from zhengtong.capabilities.identity.services.guards import count_source_failure
from zhengtong.capabilities.identity.services.sign_in import lock_of, record_failure
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted

_PERIOD = 30
_TOLERANCE = 1  # steps before and after, for telephones whose clock is a little off


def claim_totp_code(account_id: uuid.UUID, secret: str, code: str) -> bool:
    """Use up the time step of a code; False when the code is wrong or its step (or a later one) was used already.

    The telephone's clock is the real one, also where a demonstration moves the platform's clock.
    """
    typed = "".join(code.split())
    present = int(time.time()) // _PERIOD
    for step in range(present - _TOLERANCE, present + _TOLERANCE + 1):
        if format_hotp_value(hotp_value(secret, step)) == typed:
            claimed = Account.objects.filter(pk=account_id, totp_step__lt=step).update(totp_step=step)
            if claimed:
                return True
    return False


def check_second_factor(*, account_id: uuid.UUID, code: str, address: str = "") -> Authenticator:
    """The authenticator (TOTP or recovery codes) a code belongs to; the code is used up.

    Raises NotPermitted while the account is locked, Invalid for a wrong or used code, which counts as a failure.
    """
    account = Account.objects.get(pk=account_id)
    locked = lock_of(account)
    if locked:
        raise NotPermitted(locked)
    types = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    for row in Authenticator.objects.filter(user_id=account_id, type__in=types).order_by("-type"):
        if row.type == Authenticator.Type.TOTP:
            right = claim_totp_code(account_id, decrypt(row.data["secret"]), code)
        else:
            right = row.wrap().validate_code("".join(code.split()))
        if right:
            return row
    record_failure(account_id=account_id, outcome=SignInOutcome.WRONG_CODE, address=address)
    count_source_failure(tenant=account.tenant, address=address)
    raise Invalid(
        _("动态口令不正确或者已经用过。请等手机上换出新的 6 位数字后再填；手机时间要与北京时间一致。"), field="code"
    )


def enrol_totp(*, actor: Actor, account_id: uuid.UUID) -> str:
    """Give an account a new secret and return it once; for first accounts, by the platform or the security admin."""
    require_security_administrator(actor)
    account = _account(actor.tenant, account_id)
    secret = str(generate_totp_secret())
    with transaction.atomic():
        Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).delete()
        TOTP.activate(account, secret)
        record_enrolment(actor=actor, account_id=account.pk)
    return secret


def record_enrolment(*, actor: Actor, account_id: uuid.UUID) -> None:
    """Put into the ledger that the account has a second factor now."""
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="identity.second_factor_enrolled",
            object_ref=ObjectRef(kind="account", id=str(account_id)),
            payload={"type": "totp"},
        )


def record_passkey(*, actor: Actor, account_id: uuid.UUID, name: str, added: bool) -> None:
    """Put into the ledger that a passkey was added or removed."""
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="identity.passkey_added" if added else "identity.passkey_removed",
            object_ref=ObjectRef(kind="account", id=str(account_id)),
            payload={"name": name},
        )


def record_fresh_factor(*, actor: Actor, account_id: uuid.UUID, way: str, address_of_page: str) -> None:
    """Put into the ledger that somebody gave his second factor again before a sensitive act."""
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="identity.factor_confirmed",
            object_ref=ObjectRef(kind="account", id=str(account_id)),
            payload={"way": way, "page": address_of_page},
        )


def current_totp_code(*, tenant: str, username: str) -> str:
    """The code a telephone would show now, for a demonstration only; raises NotPermitted elsewhere, NotFound."""
    if not settings.ZHENGTONG_DEMO:
        raise NotPermitted(_("只有演示环境可以由系统给出动态口令。"))
    row = Authenticator.objects.filter(
        user__tenant=tenant, user__username=username, type=Authenticator.Type.TOTP
    ).first()
    if row is None:
        raise NotFound(_("账户“%(name)s”不存在或没有绑定动态口令。") % {"name": username})
    account = Account.objects.get(pk=row.user_id)
    present = int(time.time()) // _PERIOD
    # a step that was used already is refused, so the next one within the tolerance is shown
    step = min(max(present, account.totp_step + 1), present + _TOLERANCE)
    return str(format_hotp_value(hotp_value(decrypt(row.data["secret"]), step)))


def _account(tenant: str, account_id: uuid.UUID) -> Account:
    account = Account.objects.filter(tenant=tenant, pk=account_id).first()
    if account is None:
        raise NotFound(_("没有这个账户。"))
    return account
