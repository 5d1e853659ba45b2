"""The person himself, his account and how he signs in: erased when nothing is open any more; what goes by age."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from zhengtong.capabilities.identity.constants import AgencyRole
from zhengtong.capabilities.identity.models import (
    Account,
    AccountCertificate,
    Agency,
    Appointment,
    ConfirmationCode,
    Consent,
    FactorReset,
    FormerPassword,
    Guardianship,
    LegalPerson,
    PartySubject,
    PasswordRecovery,
    Person,
    PersonMerge,
    SignIn,
    SignInGuard,
    SignOn,
)
from zhengtong.kernel import retention
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces

_COVERED = (
    Person,
    Account,
    FormerPassword,
    AccountCertificate,
    PasswordRecovery,
    ConfirmationCode,
    PartySubject,
    SignOn,
)
_OPEN = "还有没有办结的事项，办结以后可以再次申请"


def person_eraser() -> Eraser:
    """Last but the ledger: the person and his account."""
    covers = frozenset(model._meta.label for model in _COVERED)
    return Eraser(turn=90, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    people = Person.objects.filter(tenant=subject.tenant, pk__in=subject.person_ids).exclude(name=ERASED)
    accounts = _accounts(subject)
    fate, reason = (Fate.KEEP, _OPEN) if subject.stays else (Fate.ERASE, "")
    ids = subject.person_ids
    related = Agency.objects.filter(person__in=ids).count()
    related += Guardianship.objects.filter(Q(guardian__in=ids) | Q(ward__in=ids)).count()
    return [
        Finding(label="任职", count=_posts(subject).count(), fate=Fate.OPEN, reason="任职期间的实名信息不能删除"),
        Finding(label="有效的监护关系", count=_wards(subject).count(), fate=Fate.OPEN, reason="请先终止监护关系"),
        Finding(label="实名信息（姓名、公民身份号码、手机号码）", count=people.count(), fate=fate, reason=reason),
        Finding(label="登录账户、密码、验证方式和正在使用的登录", count=accounts.count(), fate=fate, reason=reason),
        Finding(
            label="登录记录",
            count=SignIn.objects.filter(account__in=accounts).count(),
            fate=Fate.KEEP,
            reason="网络安全法第二十一条要求留存不少于六个月，期满自动删除",
        ),
        Finding(
            label="同意记录",
            count=Consent.objects.filter(person__in=subject.person_ids).count(),
            fate=Fate.KEEP,
            reason="证明处理合法的证据，只留代号，期满自动删除",
        ),
        Finding(label="代理和监护关系", count=related, fate=Fate.KEEP, reason="已办结办件的证据，只留代号"),
        Finding(
            label="担任法定代表人的登记",
            count=LegalPerson.objects.filter(representative__in=subject.person_ids).count(),
            fate=Fate.KEEP,
            reason="法定代表人姓名属于企业登记公示信息",
        ),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    if subject.stays:
        return
    accounts = list(_accounts(subject).select_for_update())
    for account in accounts:
        _close(account)
    _unbind([account.pk for account in accounts], subject)
    known = Person.objects.select_for_update().filter(tenant=subject.tenant, pk__in=subject.person_ids)
    people = list(known.exclude(name=ERASED))
    for person in people:
        person.name, person.citizen_number, person.phone = ERASED, "", ""
        person.citizen_number_index = person.phone_index = person.verified_phone_index = ""
        person.save()
    _evidence_without_words(subject)
    traces.count("实名信息", len(people))
    traces.count("账户", len(accounts))
    traces.forget("person", subject.person_ids)
    traces.forget("account", [account.pk for account in accounts])


def _close(account: Account) -> None:
    for session in UserSession.objects.filter(user_id=account.pk):
        session.end()
    account.username = f"erased_{account.pk.hex}"[:40]
    account.is_active = False
    account.set_unusable_password()
    account.last_login = None
    account.save()


def _unbind(accounts: list[uuid.UUID], subject: Subject) -> None:
    """All ways to sign in, codes sent, applications signed on to."""
    EmailAddress.objects.filter(user_id__in=accounts).delete()
    Authenticator.objects.filter(user_id__in=accounts).delete()
    Token.objects.filter(user_id__in=accounts).delete()
    for model in (FormerPassword, AccountCertificate, PasswordRecovery, SignOn, PartySubject):
        model._default_manager.filter(account__in=accounts).delete()
    ConfirmationCode.objects.filter(person__in=subject.person_ids).delete()


def _evidence_without_words(subject: Subject) -> None:
    """Evidence of what was done stays by pseudonym; words that may name people do not."""
    ids = subject.person_ids
    Consent.objects.filter(person__in=ids, withdrawn_at__isnull=True).update(withdrawn_at=now())
    Agency.objects.filter(person__in=ids).update(letter_number="")
    Agency.objects.filter(person__in=ids, ended_at__isnull=True).exclude(role=AgencyRole.LEGAL_REPRESENTATIVE).update(
        ended_at=now()
    )
    bound = Guardianship.objects.filter(Q(guardian__in=ids) | Q(ward__in=ids))
    bound.update(evidence_number="")
    bound.exclude(contested_reason="").update(contested_reason=ERASED)
    bound.exclude(ended_reason="").update(ended_reason=ERASED)
    PersonMerge.objects.filter(Q(kept__in=ids) | Q(merged__in=ids)).update(evidence=ERASED)
    FactorReset.objects.filter(account__person__in=ids).update(reason=ERASED)


def _accounts(subject: Subject) -> "QuerySet[Account]":
    accounts = Account.objects.filter(tenant=subject.tenant, person__in=subject.person_ids)
    return accounts.exclude(username__startswith="erased_")


def _posts(subject: Subject) -> "QuerySet[Appointment]":
    ended = Q(valid_until__isnull=False, valid_until__lt=local_date())
    return Appointment.objects.filter(person__in=subject.person_ids).exclude(ended)


def _wards(subject: Subject) -> "QuerySet[Guardianship]":
    ids = subject.person_ids
    rows = Guardianship.objects.filter(Q(guardian__in=ids) | Q(ward__in=ids))
    return rows.filter(ended_at__isnull=True, valid_until__gte=local_date())


def _sessions(_tenant: str, before: dt.datetime) -> "QuerySet[Session]":
    return Session.objects.filter(expire_date__lt=before)


def _forget_sessions(rows: Sequence[Any], _left: Traces) -> None:
    keys = [row.session_key for row in rows]
    UserSession.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(session_key__in=keys).delete()


def register_sweeps() -> None:
    """What of identity goes by age."""
    from zhengtong.capabilities.identity import constants as words

    for key, label, activity, rows in (
        ("sign_ins", "登录记录", words.SIGN_INS, _older(SignIn, "created_at")),
        ("password_recoveries", "找回密码的验证码", words.ONE_TIME_CODES, _older(PasswordRecovery, "created_at")),
        ("confirmation_codes", "本人确认的验证码", words.ONE_TIME_CODES, _older(ConfirmationCode, "created_at")),
        ("sign_in_guards", "登录限制计数", words.SIGN_IN_GUARDS, _older(SignInGuard, "counted_from")),
        ("sign_ons", "单点登录记录", words.SESSIONS, _older(SignOn, "expires_at")),
        ("consents", "已撤回的同意记录", words.CONSENTS, _older(Consent, "withdrawn_at")),
    ):
        retention.sweeps.register(
            f"identity.{key}",
            Sweep(
                label=label,
                period=activity.period,
                does="删除",
                rows=rows,
                take=retention.delete,
                least=183 if key == "sign_ins" else 0,
            ),
        )
    retention.sweeps.register(
        "identity.sessions",
        Sweep(label="过期的会话", period=words.EXPIRED_SESSIONS, does="删除", rows=_sessions, take=_forget_sessions),
    )


def _older(model: Any, column: str) -> Any:
    def rows(tenant: str, before: dt.datetime) -> "QuerySet[Any]":
        found: QuerySet[Any] = model._default_manager.filter(tenant=tenant, **{f"{column}__lt": before})
        return found

    return rows
