"""X.509 certificates built and read as ASN.1, signed by any SignProvider (RFC 5280; SM2 by GM/T 0015)."""

import dataclasses
import datetime as dt
import secrets
from typing import Literal

from asn1crypto import algos, core, keys, pem, x509

from zhengtong.capabilities.trust.engine import sm2_asn1
from zhengtong.kernel.signing.provider import SignProvider, key_id_of

Role = Literal["root", "signer"]

_SIGNATURE_ALGORITHMS = {"SM2": sm2_asn1.SM2_WITH_SM3, "ECDSA-P256": "sha256_ecdsa", "RSA-3072": "sha256_rsa"}
_KEY_USAGES: dict[Role, set[str]] = {
    "root": {"key_cert_sign", "crl_sign"},
    "signer": {"digital_signature", "non_repudiation"},
}
# From 2050 on RFC 5280 §4.1.2.5 wants GeneralizedTime.
_FIRST_GENERALIZED_YEAR = 2050


@dataclasses.dataclass(frozen=True)
class Subject:
    """Whom a certificate names: ``organisation`` is the legal body, ``name`` what a reader sees (a seal's name)."""

    organisation: str
    name: str

    def as_name(self) -> x509.Name:
        """The distinguished name: country, organisation, common name."""
        return x509.Name.build({"country_name": "CN", "organization_name": self.organisation, "common_name": self.name})


@dataclasses.dataclass(frozen=True)
class CertificateFacts:
    """What people and tables want to know of a certificate; ``serial`` is lower-case hex."""

    serial: str
    subject: Subject
    issuer: Subject
    not_before: dt.datetime
    not_after: dt.datetime
    public_pem: str


def build(
    *,
    role: Role,
    subject: Subject,
    public_pem: str,
    issuer_pem: str | None,
    issuer: SignProvider,
    not_before: dt.datetime,
    not_after: dt.datetime,
) -> str:
    """A certificate (PEM) for ``public_pem``, signed by ``issuer``; self-signed when ``issuer_pem`` is None."""
    issuer_name = subject.as_name() if issuer_pem is None else parse(issuer_pem).subject
    algorithm = algos.SignedDigestAlgorithm({"algorithm": _SIGNATURE_ALGORITHMS[issuer.algorithm]})
    body = x509.TbsCertificate(
        {
            "version": "v3",
            # 126 random bits under a leading 01: positive, of fixed length, within the 20 octets of RFC 5280.
            "serial_number": 1 << 126 | secrets.randbits(126),
            "signature": algorithm,
            "issuer": issuer_name,
            "validity": {"not_before": _time(not_before), "not_after": _time(not_after)},
            "subject": subject.as_name(),
            "subject_public_key_info": _public_key_info(public_pem),
            "extensions": _extensions(role, public_pem, issuer.public_key_pem()),
        }
    )
    certificate = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": algorithm,
            "signature_value": issuer.sign(body.dump()),
        }
    )
    return to_pem(certificate)


def parse(certificate_pem: str) -> x509.Certificate:
    """The certificate in a PEM text; raises ValueError when it is none."""
    _, _, der = pem.unarmor(certificate_pem.encode())
    return x509.Certificate.load(der, strict=True)


def to_pem(certificate: x509.Certificate) -> str:
    """The PEM text of a certificate."""
    text: bytes = pem.armor("CERTIFICATE", certificate.dump())
    return text.decode()


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """Serial number, names, validity and public key of a certificate."""
    public: bytes = pem.armor("PUBLIC KEY", certificate.public_key.dump())
    return CertificateFacts(
        serial=format(certificate.serial_number, "x"),
        subject=_subject(certificate.subject),
        issuer=_subject(certificate.issuer),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        public_pem=public.decode(),
    )


def _subject(name: x509.Name) -> Subject:
    # A foreign certificate may repeat a part or lack it.
    parts = name.native
    return Subject(organisation=_text(parts.get("organization_name")), name=_text(parts.get("common_name")))


def _text(value: object) -> str:
    if isinstance(value, list):
        return "，".join(str(part) for part in value)
    return "" if value is None else str(value)


def _public_key_info(public_pem: str) -> keys.PublicKeyInfo:
    _, _, der = pem.unarmor(public_pem.encode())
    return keys.PublicKeyInfo.load(der)


def _extensions(role: Role, public_pem: str, issuer_public_pem: str) -> list[dict[str, object]]:
    constraints = {"ca": True, "path_len_constraint": 0} if role == "root" else {"ca": False}
    return [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": x509.BasicConstraints(constraints)},
        {"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage(_KEY_USAGES[role])},
        {"extn_id": "key_identifier", "critical": False, "extn_value": core.OctetString(_key_id(public_pem))},
        {
            "extn_id": "authority_key_identifier",
            "critical": False,
            "extn_value": x509.AuthorityKeyIdentifier({"key_identifier": _key_id(issuer_public_pem)}),
        },
    ]


def _key_id(public_pem: str) -> bytes:
    return bytes.fromhex(key_id_of(public_pem))


def _time(instant: dt.datetime) -> x509.Time:
    whole = instant.astimezone(dt.UTC).replace(microsecond=0)
    if whole.year < _FIRST_GENERALIZED_YEAR:
        return x509.Time({"utc_time": core.UTCTime(whole)})
    return x509.Time({"general_time": core.GeneralizedTime(whole)})
