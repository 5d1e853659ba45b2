"""Certificates of holders: issuing, importing, checking, taking out of use."""

import dataclasses
import datetime as dt
import uuid

from asn1crypto import x509 as asn1_x509
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_HELD,
    ACT_CERTIFICATE_ISSUED,
    ACT_CERTIFICATE_RELEASED,
    ACT_CERTIFICATE_RETIRED,
    ACT_CERTIFICATE_REVOKED,
    CERTIFICATE,
    CertificateRole,
    CertificateStatus,
    RevocationReason,
)
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.engine import revocation
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.permissions import require_certificate_manager
from zhengtong.capabilities.trust.registry import CertificateOrder
from zhengtong.capabilities.trust.selectors import (
    certificate_by_fingerprint,
    find_timestamp_certificate,
    lock_certificate,
    newest_list,
)
from zhengtong.capabilities.trust.services.keys import certificate_authority, is_unlawful, key_store, require_lawful
from zhengtong.capabilities.trust.services.revocation import publish_list
from zhengtong.capabilities.trust.services.rows import certificate_row, chain_rows, fingerprint
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.ids import new_id

_MARGIN = dt.timedelta(days=365)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CertificateCheck:
    """Whether a certificate that a person shows may be believed; ``reason`` is a Chinese sentence when not."""

    valid: bool
    reason: str = ""
    subject: str = ""
    serial: str = ""
    person_id: uuid.UUID | None = None


def check_certificate(der: bytes, *, at: dt.datetime | None = None) -> CertificateCheck:
    """Whether a person's certificate (DER or PEM) is one of ours and in force; never raises for what it is given.

    Only certificates that were issued or registered here are accepted: they name the person. The chain was judged
    then; now count validity, the certificate's own state and the newest list of its issuer.
    """
    moment = at or now()
    try:
        parsed = x509.read(der)
    except Invalid as refusal:
        return CertificateCheck(valid=False, reason=refusal.message)
    row = certificate_by_fingerprint(fingerprint(parsed))
    if row is None or row.role != CertificateRole.PERSON:
        return CertificateCheck(valid=False, reason=_("这张证书没有在本平台登记，不能用来确认身份。"))
    try:
        require_lawful(development=row.is_development)
    except DomainError as refusal:
        return CertificateCheck(valid=False, reason=refusal.message)
    reason = rules.why_certificate_not_usable(
        status=row.status,
        revoked_at=row.revoked_at,
        not_before=row.not_before,
        not_after=row.not_after,
        at=moment,
    ) or _listed_as_revoked(row, moment)
    return CertificateCheck(
        valid=not reason, reason=reason, subject=row.name, serial=row.serial, person_id=row.person_id
    )


def revoke_certificate(
    *, actor: Actor, certificate_id: uuid.UUID, reason: str, at: dt.datetime | None = None
) -> Certificate:
    """吊销证书，不能恢复；立即签发新的撤销列表。

    ``at`` 是失效的时间：可以早于现在（例如私钥失密的时间），不能晚于现在。
    """
    moment = now()
    since = at or moment
    if reason not in RevocationReason.values or reason == RevocationReason.CERTIFICATE_HOLD:
        raise Invalid(_("请选择吊销原因。"), field="reason")
    if since > moment:
        raise Invalid(_("吊销时间不能晚于现在。"), field="at")
    allowed = (CertificateStatus.ACTIVE, CertificateStatus.HELD, CertificateStatus.RETIRED)
    return _change(actor, certificate_id, allowed, CertificateStatus.REVOKED, since, reason, ACT_CERTIFICATE_REVOKED)


def hold_certificate(*, actor: Actor, certificate_id: uuid.UUID) -> Certificate:
    """暂停证书（例如介质找不到时）：列入撤销列表，查清后可以恢复，也可以吊销。"""
    return _change(
        actor,
        certificate_id,
        (CertificateStatus.ACTIVE,),
        CertificateStatus.HELD,
        now(),
        RevocationReason.CERTIFICATE_HOLD,
        ACT_CERTIFICATE_HELD,
    )


def release_certificate(*, actor: Actor, certificate_id: uuid.UUID) -> Certificate:
    """恢复暂停的证书：从撤销列表中移出。"""
    return _change(
        actor, certificate_id, (CertificateStatus.HELD,), CertificateStatus.ACTIVE, None, "", ACT_CERTIFICATE_RELEASED
    )


def timestamp_certificate(*, tenant: str, algorithm: str, at: dt.datetime) -> Certificate | None:
    """The time-stamp service's certificate; made, or renewed a year before its end, where that goes online.

    None where none is in force and the authority takes requests by file only. Raises DomainError where production
    names the development authority.
    """
    present = find_timestamp_certificate(tenant=tenant, algorithm=algorithm)
    lawful = present is not None and not is_unlawful(development=present.is_development)
    if present is not None and lawful and present.not_after >= at + _MARGIN:
        return present
    renewed = _new_timestamp_certificate(tenant, algorithm, at, present)
    return renewed or (present if present is not None and lawful and present.not_after > at else None)


def renew_timestamp_certificate(*, actor: Actor, algorithm: str) -> Certificate | None:
    """换发时间戳服务的密钥和证书；旧证书保留用于核验。"""
    require_certificate_manager(actor)
    present = find_timestamp_certificate(tenant=actor.tenant, algorithm=algorithm)
    return _new_timestamp_certificate(actor.tenant, algorithm, now(), present)


def require_fit(parsed: asn1_x509.Certificate, role: CertificateRole, *, field: str = "") -> None:
    """Raises Invalid for a foreign certificate that was not made for what it is wanted for."""
    usage, purposes = parsed.key_usage_value, parsed.extended_key_usage_value
    reason = rules.why_certificate_does_not_fit(
        role.value,
        usages=None if usage is None else frozenset(usage.native),
        purposes=None if purposes is None else frozenset(purposes.native),
    )
    if reason:
        name = x509.facts_of(parsed).subject.name
        raise Invalid(_("证书“%(name)s”不能使用：%(reason)s") % {"name": name, "reason": reason}, field=field)


def retire(actor: Actor, row: Certificate) -> None:
    """Take a certificate out of use, in the caller's transaction: what it signed stays good, its key is destroyed."""
    Certificate.objects.filter(id=row.id).update(status=CertificateStatus.RETIRED, key_name="")
    record(actor, ACT_CERTIFICATE_RETIRED, row, {})
    if row.key_name:
        transaction.on_commit(lambda: key_store().destroy(row.key_name))


def _new_timestamp_certificate(
    tenant: str, algorithm: str, at: dt.datetime, present: Certificate | None
) -> Certificate | None:
    actor = system(tenant)
    if not certificate_authority().online:
        return None
    key_name = f"timestamp-{tenant}-{algorithm.lower()}-{new_id()}"
    key = key_store().load_or_generate(key_name, algorithm, at=at)
    order = CertificateOrder(
        tenant=tenant,
        algorithm=algorithm,
        profile="timestamp",
        organisation="",
        name=_("时间戳服务"),
        public_pem=key.public_key_pem(),
        at=at,
        serial=key_name[-12:],
    )
    row = issued_row(order, CertificateRole.TIMESTAMP)
    if row is None:
        key_store().destroy(key_name)
        return None
    row.key_name = key_name
    try:
        with transaction.atomic():
            if present is not None:
                retire(actor, present)
            row.save(force_insert=True)
            record(actor, ACT_CERTIFICATE_ISSUED, row, {})
    except IntegrityError:  # another process was faster: its certificate serves both
        key_store().destroy(key_name)
        return find_timestamp_certificate(tenant=tenant, algorithm=algorithm)
    return row


def issued_row(order: CertificateOrder, role: CertificateRole) -> Certificate | None:
    """The row, not saved yet, of a certificate that the authority in use issues now; None where it works by file."""
    authority = certificate_authority()
    issued = authority.issue(order)
    if issued is None:
        return None
    issuer = chain_rows(order.tenant, issued.chain_pem, development=authority.is_development)
    return certificate_row(
        order.tenant, issued.certificate_pem, role=role, development=authority.is_development, issuer=issuer
    )


def _listed_as_revoked(row: Certificate, at: dt.datetime) -> str:
    """The newest list decides where another authority than the platform's own revokes."""
    if row.issuer is None or row.issuer.key_name:
        return ""
    newest = newest_list(row.issuer)
    if newest is None or newest.next_update <= at:
        return _("没有签发机构最新的撤销列表，不能确认证书是否已被吊销，请联系安全管理员。")
    entries = revocation.facts_of(revocation.read(bytes(newest.der))).revoked
    revoked = any(entry.serial == row.serial and entry.at <= at for entry in entries)
    return _("这张证书已被签发机构吊销，不能使用。") if revoked else ""


def _change(
    actor: Actor,
    certificate_id: uuid.UUID,
    allowed: tuple[CertificateStatus, ...],
    status: CertificateStatus,
    since: dt.datetime | None,
    reason: str,
    act: str,
) -> Certificate:
    require_certificate_manager(actor)
    with transaction.atomic():
        row = lock_certificate(tenant=actor.tenant, certificate_id=certificate_id)
        present = CertificateStatus(row.status)
        if present not in allowed:
            raise Conflict(
                _("“%(name)s”现在的状态是“%(present)s”，不能改为“%(wanted)s”。")
                % {"name": row.name, "present": present.label, "wanted": status.label}
            )
        if row.issuer is None:
            raise Conflict(
                _("根证书不能吊销：没有更上一级能够声明它失效。请停止使用它签发，并通知各方移除对它的信任。")
            )
        # A hold that turns out to be a loss counts from the hold.
        row.revoked_at = row.revoked_at if since is not None and row.revoked_at else since
        row.status, row.revocation_reason = status, reason
        row.save(update_fields=["status", "revoked_at", "revocation_reason"])
        record(actor, act, row, {"before": present.value, "since": row.revoked_at, "reason": reason})
        publish_list(row.issuer)
    return row


def record(actor: Actor, act: str, row: Certificate, told: dict[str, object]) -> None:
    """The entry in the ledger about a certificate, in the caller's transaction."""
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=CERTIFICATE, id=str(row.id)),
        payload={"name": row.name, "algorithm": row.algorithm, "serial": row.serial, "role": row.role, **told},
    )
