"""Certificates of officials: applied for, decided by a second person, issued at once or imported, by their key."""

import uuid

from asn1crypto import x509 as asn1_x509
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_IMPORTED,
    ACT_CERTIFICATE_ISSUED,
    ACT_PERSON_APPLIED,
    ACT_PERSON_APPROVED,
    ACT_PERSON_REFUSED,
    PERSON_APPLICATION,
    ApplicationStatus,
    CertificateRole,
    CertificateStatus,
)
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate, PersonCertificateApplication
from zhengtong.capabilities.trust.permissions import require_certificate_manager, require_person_applicant
from zhengtong.capabilities.trust.registry import CertificateOrder
from zhengtong.capabilities.trust.selectors import AUTHORITIES
from zhengtong.capabilities.trust.services.certificates import issued_row, record, require_fit
from zhengtong.capabilities.trust.services.keys import certificate_authority, require_lawful
from zhengtong.capabilities.trust.services.reasons import checked_reason
from zhengtong.capabilities.trust.services.rows import certificate_row, fingerprint
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.transactions import refuse_inside

_REQUEST = "CERTIFICATE REQUEST"


def apply_for_person_certificate(
    *, actor: Actor, data: bytes, reason: str, username: str = ""
) -> PersonCertificateApplication:
    """申请人员证书：本人申请，或者安全管理员代他申请（``username`` 指明账户）；由另一名安全管理员审批。

    ``data``: a request (PKCS#10) signed by the holder's own key, or a certificate that a licensed authority gave him
    (its chain imported before). Raises NotPermitted, Invalid, Conflict when an application of his is waiting.
    """
    holder = _holder(actor, username)
    applicant_id = require_person_applicant(actor, for_himself=holder.person_id == actor.person_id)
    reason = checked_reason(reason, _("请填写申请理由。"))
    if not data.strip():
        raise Invalid(_("请选择证书申请文件，或者粘贴它的内容。"), field="request")
    pem, algorithm = _material(actor.tenant, data)
    try:
        with transaction.atomic():
            row = PersonCertificateApplication.objects.create(
                tenant=actor.tenant,
                person_id=holder.person_id or applicant_id,
                person_name=holder.name[:80],
                org_name=holder.org_name,
                reason=reason,
                pem=pem,
                algorithm=algorithm,
                applicant_id=applicant_id,
                applicant_name=actor.name[:80],
            )
            _record(actor, ACT_PERSON_APPLIED, row)
    except IntegrityError as error:
        raise Conflict(
            _("%(name)s的人员证书申请正在等待审批，请勿重复申请。") % {"name": holder.name}, field="request"
        ) from error
    return row


def approve_person_certificate(*, actor: Actor, application_id: uuid.UUID) -> PersonCertificateApplication:
    """批准申请：签发机构在线的立即签发；已附证书的予以登记；以文件签发的，等待导入。

    审批人必须是申请人和持有人以外的安全管理员。
    """
    issued = _issued(
        _decidable(actor, application_id)
    )  # an authority elsewhere answers when it likes: no row is locked
    with transaction.atomic():
        row = _decidable(actor, application_id, lock=True)
        row.certificate = _certified(actor, row, issued)
        _decide(actor, row, ApplicationStatus.APPROVED, "", ACT_PERSON_APPROVED)
    return row


def refuse_person_certificate(*, actor: Actor, application_id: uuid.UUID, reason: str) -> PersonCertificateApplication:
    """不批准申请，须说明理由。"""
    reason = checked_reason(reason, _("请填写不批准的理由。"))
    with transaction.atomic():
        row = _decidable(actor, application_id, lock=True)
        _decide(actor, row, ApplicationStatus.REFUSED, reason, ACT_PERSON_REFUSED)
    return row


def import_person_certificate(*, actor: Actor, application_id: uuid.UUID, data: bytes) -> Certificate:
    """导入签发机构按已批准的申请签发的证书：公钥须与申请一致，签发证书须已导入。"""
    require_certificate_manager(actor)
    with transaction.atomic():
        row = _found(actor, application_id, lock=True)
        if not is_waiting_for_file(row):
            raise Conflict(_("这份申请不在等待导入证书：没有批准，或者证书已经签发。"))
        parsed = x509.read(data)
        if x509.public_pem_of(parsed.public_key).split() != x509.read_request(row.pem.encode()).split():
            raise Invalid(
                _("证书中的公钥与申请中的不一致，没有导入。请核对是不是按这份申请签发的。"), field="certificate"
            )
        row.certificate = _registered(actor, row, parsed, ACT_CERTIFICATE_IMPORTED)
        row.save(update_fields=["certificate"])
    return row.certificate


def is_waiting_for_file(row: PersonCertificateApplication) -> bool:
    """Approved, and the certificate has still to come from the authority."""
    return row.status == ApplicationStatus.APPROVED and row.certificate_id is None


def is_request(row: PersonCertificateApplication) -> bool:
    """A request to be certified, not a certificate that is there already."""
    return _REQUEST in row.pem


def _holder(actor: Actor, username: str) -> Actor:
    if not username.strip():
        return actor
    try:
        found = identity.find_actor(username.strip(), tenant=actor.tenant)
    except NotFound as error:
        raise Invalid(error.message, field="username") from error
    if found.kind != "official" or found.org_id is None:
        raise Invalid(_("这个账户没有工作岗位，不能申请人员证书。"), field="username")
    return found


def _material(tenant: str, data: bytes) -> tuple[str, str]:
    """The request or certificate as PEM, and the algorithm of its key; raises Invalid."""
    try:
        parsed = x509.read(data)
    except Invalid:
        try:
            public_pem = x509.read_request(data)
        except Invalid as refusal:
            raise Invalid(refusal.message, field="request") from refusal
        return x509.armored(data, _REQUEST), x509.algorithm_of(x509.public_key_info(public_pem))
    _issuer(tenant, parsed, field="request")
    return x509.to_pem(parsed), x509.algorithm_of(parsed.public_key)


def _certified(actor: Actor, row: PersonCertificateApplication, issued: Certificate | None) -> Certificate | None:
    if not is_request(row):
        return _registered(actor, row, x509.read(row.pem.encode()), ACT_CERTIFICATE_ISSUED)
    return None if issued is None else _saved(actor, row, issued, ACT_CERTIFICATE_ISSUED)


def _issued(row: PersonCertificateApplication) -> Certificate | None:
    """What the authority issues on a request, not saved yet; None where it works by file, or there is one already."""
    if not is_request(row) or not certificate_authority().online:
        return None
    refuse_inside("the certificate authority is asked")
    order = CertificateOrder(
        tenant=row.tenant,
        algorithm=row.algorithm,
        profile="person",
        organisation=row.org_name,
        name=row.person_name,
        public_pem=x509.read_request(row.pem.encode()),
        at=now(),
        serial=str(row.person_id),
    )
    return issued_row(order, CertificateRole.PERSON)


def _registered(
    actor: Actor, row: PersonCertificateApplication, parsed: asn1_x509.Certificate, act: str
) -> Certificate:
    issuer = _issuer(row.tenant, parsed, field="certificate")
    if Certificate.objects.filter(tenant=row.tenant, fingerprint=fingerprint(parsed)).exists():
        raise Conflict(_("这张证书已经登记过。"), field="certificate")
    made = certificate_row(
        row.tenant,
        x509.to_pem(parsed),
        role=CertificateRole.PERSON,
        development=issuer.is_development,
        issuer=issuer,
    )
    return _saved(actor, row, made, act)


def _saved(actor: Actor, row: PersonCertificateApplication, made: Certificate, act: str) -> Certificate:
    made.person_id = row.person_id
    made.save(force_insert=True)
    record(actor, act, made, {"person": str(row.person_id), "application": str(row.id)})
    return made


def _issuer(tenant: str, parsed: asn1_x509.Certificate, *, field: str) -> Certificate:
    """Who issued it, one of the authorities known here; raises Invalid for a certificate that cannot be used."""
    known = Certificate.objects.filter(tenant=tenant, role__in=AUTHORITIES).exclude(status=CertificateStatus.REVOKED)
    issuer = next((row for row in known if x509.signed_by(parsed, x509.parse(row.pem))), None)
    if issuer is None:
        raise Invalid(_("不认识这张证书的签发机构。请先用 zhengtong trust import 导入签发机构的证书。"), field=field)
    require_lawful(development=issuer.is_development)
    if not parsed.not_valid_before <= now() < parsed.not_valid_after:
        raise Invalid(_("证书现在不在有效期内。"), field=field)
    require_fit(parsed, CertificateRole.PERSON, field=field)
    return issuer


def _found(actor: Actor, application_id: uuid.UUID, *, lock: bool) -> PersonCertificateApplication:
    rows = PersonCertificateApplication.objects.filter(tenant=actor.tenant, id=application_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound(_("没有找到这份人员证书申请。"))
    return row


def _decidable(actor: Actor, application_id: uuid.UUID, *, lock: bool = False) -> PersonCertificateApplication:
    require_certificate_manager(actor)
    row = _found(actor, application_id, lock=lock)
    if row.status != ApplicationStatus.WAITING:
        raise Conflict(_("这份申请已经办结，不能重复审批。"))
    refused = _("申请人和持有人不能审批自己的证书，请由另一位安全管理员办理。")
    for one in (row.applicant_id, row.person_id):
        identity.check_second_person(actor, one, None, refused)
    return row


def _decide(actor: Actor, row: PersonCertificateApplication, status: ApplicationStatus, reason: str, act: str) -> None:
    row.status, row.decision_reason, row.decided_at = status, reason, now()
    row.decided_by_id, row.decided_by_name = actor.person_id, actor.name[:80]
    row.save()
    _record(actor, act, row)


def _record(actor: Actor, act: str, row: PersonCertificateApplication) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=PERSON_APPLICATION, id=str(row.id)),
        payload={
            "person": str(row.person_id),
            "org": row.org_name,
            "algorithm": row.algorithm,
            "reason": row.reason,
            "decision": row.decision_reason,
        },
    )
