"""A forgotten password: a code on a way only the owner reads, good once and for a short while.

Anybody may ask for a code of anybody's account, so whoever asks has an attempt of his own: a stranger's attempts and
wrong codes close nobody else's. What all strangers together can guess is bounded: so many codes a day, each good for
a few tries (15 codes of 8 digits, 5 tries each: less than one in a million).
"""

import datetime as dt
import uuid

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Account, PasswordRecovery
from zhengtong.capabilities.identity.registry import reset_message_senders
from zhengtong.capabilities.identity.selectors import accounts_for_sign_in, standing_of
from zhengtong.capabilities.identity.services import one_time_codes
from zhengtong.capabilities.identity.services.confirmation import phone_is_verified
from zhengtong.capabilities.identity.services.guards import signed_in_here_lately
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.identity.services.passwords import (
    personal_words,
    refuse_former_password,
    refuse_weak_password,
    store_password,
)
from zhengtong.capabilities.identity.services.second_factor import check_second_factor
from zhengtong.capabilities.identity.services.sessions import end_all_sessions
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid

_MOST_FROM_ONE_SOURCE = 3  # codes a day for one account, from an address it has not signed in from lately
_MOST_FROM_STRANGERS = 10  # the same from all such addresses together
_MOST_FROM_KNOWN = 5  # codes a day from addresses it has signed in from: strangers cannot use these up
_PAUSE = dt.timedelta(seconds=60)  # doubled with every code sent to strangers within a day
_LONGEST_PAUSE = dt.timedelta(minutes=15)
_DIGITS = 8


def start_recovery(*, tenant: str, typed: str, address: str = "", earlier: uuid.UUID | None = None) -> uuid.UUID:
    """Send a code to the owner of the account meant; returns the key of the attempt, whether or not there is one.

    The code is good for this attempt only, and closes no earlier one. Where none is sent, because one was a moment
    ago, the attempt ``earlier`` of the same browser goes on, if it is for the same account. Nothing in the answer or
    in its time tells whether the account exists, is open, or has a way for codes. A name several accounts share (a
    family's telephone) starts nothing: the citizen number tells them apart. Nor does a number nobody has proved to
    have: a slip at registration would hand the account to whoever has it (OWASP ASVS 5.0, 6.6.1). Who works in an
    office has a second factor, and a number his office has on file.
    """
    code, hashed = one_time_codes.new_code(_DIGITS)  # also for nobody: hashing takes most of the time
    accounts = [account for account in accounts_for_sign_in(tenant, typed) if account.is_active]
    if len(accounts) != 1:
        return uuid.uuid4()
    account = accounts[0]
    if not phone_is_verified(tenant, account.person_id) and not standing_of(account.person).official:
        return uuid.uuid4()
    known = bool(address) and signed_in_here_lately(account.pk, address)
    minutes = limits_of(tenant).recovery_minutes
    text = _(
        "%(time)s 有人申请找回您的密码，验证码 %(code)s，%(minutes)d 分钟内有效。不要告诉任何人；不是您本人操作请忽略。"
    ) % {"time": f"{now().astimezone(SHANGHAI):%H:%M}", "code": code, "minutes": minutes}
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)  # two requests count one after another
        if not _may_send_now(account, address, known=known):
            own = PasswordRecovery.objects.filter(account=account, closed_at__isnull=True)
            return earlier if earlier and own.filter(pk=earlier).exists() else uuid.uuid4()
        one_time_codes.forget_old(PasswordRecovery)
        row = PasswordRecovery.objects.create(
            tenant=tenant,
            account=account,
            code=hashed,
            expires_at=now() + dt.timedelta(minutes=minutes),
            source=address,
            known_source=known,
        )
        sent = [
            key
            for key, sender in reset_message_senders.items()
            if sender(tenant=tenant, person_id=account.person_id, text=text)
        ]
        ledger.append(
            actor=standing_of(account.person).actor,
            act="identity.password_recovery_sent",
            object_ref=ObjectRef(kind="account", id=str(account.pk)),
            payload={"ways": sent, "known_source": known},
        )
    return row.id


def finish_recovery(
    *, tenant: str, recovery_id: uuid.UUID, code: str, new_password: str, factor_code: str = "", address: str = ""
) -> None:
    """Set a new password with the code; an account with a second factor needs that, too. All its sessions end.

    Every other attempt for the account is closed with it. Raises Invalid for a wrong, old or used code (the same
    sentence for all), a wrong factor and a weak password.
    """
    row = one_time_codes.count_try(PasswordRecovery.objects.filter(tenant=tenant, pk=recovery_id))
    right = one_time_codes.is_right(row, code)
    if row is None or not right:
        raise Invalid(
            _("验证码不正确或者已经过期。请核对后重填，或者重新获取；多次收不到请按页面底部的办法办理。"), field="code"
        )
    one_time_codes.give_back_try(row)
    account: Account = row.account
    refuse_weak_password(new_password, tenant=tenant, personal=personal_words(account), field="password")
    refuse_former_password(account, new_password, field="password")
    if Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists():
        try:
            check_second_factor(account_id=account.pk, code=factor_code, address=address)
        except Invalid as refusal:
            raise Invalid(refusal.message, field="factor_code") from refusal
    elif standing_of(account.person).official:
        raise Invalid(_("工作人员账户没有绑定动态口令，不能自助找回密码。请联系本单位系统管理员。"), field="code")
    actor = standing_of(account.person).actor
    with transaction.atomic():
        if not one_time_codes.use_up(row):
            raise Invalid(_("验证码已经用过。请重新获取。"), field="code")
        PasswordRecovery.objects.filter(account=account, closed_at__isnull=True).update(closed_at=now())
        store_password(account, new_password, must_change=False)
        account.save(update_fields=["password", "password_changed_at", "must_change_password"])
        end_all_sessions(actor=actor, account_id=account.pk, reason="password_recovered")
        ledger.append(
            actor=actor,
            act="identity.password_recovered",
            object_ref=ObjectRef(kind="account", id=str(account.pk)),
            payload={},
        )


def _may_send_now(account: Account, address: str, *, known: bool) -> bool:
    """Strangers wait longer with every code, and never use up what the owner's own addresses may ask for."""
    day = PasswordRecovery.objects.filter(account=account, created_at__gt=now() - dt.timedelta(days=1))
    rows = day.filter(known_source=known)
    latest = rows.order_by("-created_at").values_list("created_at", flat=True).first()
    sent = rows.count()
    pause = _PAUSE if known else min(_PAUSE * 2 ** max(0, sent - 1), _LONGEST_PAUSE)
    if latest is not None and now() - latest < pause:
        return False
    if known:
        return sent < _MOST_FROM_KNOWN
    return sent < _MOST_FROM_STRANGERS and rows.filter(source=address).count() < _MOST_FROM_ONE_SOURCE
