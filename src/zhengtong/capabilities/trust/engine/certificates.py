"""X.509 certificates built and read as ASN.1, signed by any SignProvider (RFC 5280; SM2 by GM/T 0015)."""

import dataclasses
import datetime as dt
import secrets
from typing import Any, Literal

from asn1crypto import algos, core, csr, keys, pem, x509

from zhengtong.capabilities.trust.engine import sm2_asn1
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing import provider
from zhengtong.kernel.signing.provider import Algorithm, SignProvider, key_id_of

Role = Literal["root", "issuing", "signer", "person", "timestamp", "ocsp"]

SIGNATURE_ALGORITHMS: dict[str, str] = {
    "SM2": sm2_asn1.SM2_WITH_SM3,
    "ECDSA-P256": "sha256_ecdsa",
    "RSA-3072": "sha256_rsa",
}
DIGESTS: dict[str, str] = {"SM2": sm2_asn1.SM3, "ECDSA-P256": "sha256", "RSA-3072": "sha256"}
ALGORITHM_NAMES = {mechanism: name for name, mechanism in SIGNATURE_ALGORITHMS.items()}

_KEY_USAGES: dict[Role, set[str]] = {
    "root": {"key_cert_sign", "crl_sign"},
    "issuing": {"key_cert_sign", "crl_sign"},
    "signer": {"digital_signature", "non_repudiation"},
    "person": {"digital_signature", "non_repudiation"},
    "timestamp": {"digital_signature", "non_repudiation"},
    "ocsp": {"digital_signature"},
}
# RFC 3161 §2.3 wants the purpose of a time-stamping key alone and critical.
_PURPOSES: dict[Role, tuple[list[str], bool]] = {
    "person": (["client_auth"], False),
    "timestamp": (["time_stamping"], True),
    "ocsp": (["ocsp_signing"], False),
}
_PATH_LENGTHS: dict[Role, int] = {"root": 1, "issuing": 0}
# From 2050 on RFC 5280 §4.1.2.5 wants GeneralizedTime.
_FIRST_GENERALIZED_YEAR = 2050
_NO_CERTIFICATE = "这不是可以识别的数字证书。请提供 PEM 或者 DER 格式的 X.509 证书文件。"
_NO_REQUEST = "这不是证书申请文件，也不是证书文件。请用智能密码钥匙的程序重新生成证书申请文件（.csr、.p10）。"
_BAD_REQUEST = "证书申请上的签名与其中的公钥不符，没有受理。请重新生成证书申请。"


@dataclasses.dataclass(frozen=True)
class Subject:
    """Whom a certificate names: ``organisation`` is the legal body, ``name`` what a reader sees (a seal's name).

    ``serial`` distinguishes persons of one name: the key of the person in this platform.
    """

    organisation: str
    name: str
    serial: str = ""

    def as_name(self) -> x509.Name:
        """The distinguished name: country, organisation, common name, serial number of the subject."""
        parts = {"country_name": "CN", "organization_name": self.organisation, "common_name": self.name}
        if self.serial:
            parts["serial_number"] = self.serial
        return x509.Name.build({kind: value for kind, value in parts.items() if value})


@dataclasses.dataclass(frozen=True)
class Addresses:
    """Where verifiers find the issuer's revocation list, its status service and its own certificate."""

    revocation_list: str
    status: str
    issuer: str


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
    addresses: Addresses | None = None,
) -> str:
    """A certificate (PEM) for ``public_pem``, signed by ``issuer``; self-signed when ``issuer_pem`` is None."""
    issuer_name = subject.as_name() if issuer_pem is None else parse(issuer_pem).subject
    algorithm = algos.SignedDigestAlgorithm({"algorithm": SIGNATURE_ALGORITHMS[issuer.algorithm]})
    body = x509.TbsCertificate(
        {
            "version": "v3",
            # 126 random bits under a leading 01: positive, of fixed length, within the 20 octets of RFC 5280.
            "serial_number": 1 << 126 | secrets.randbits(126),
            "signature": algorithm,
            "issuer": issuer_name,
            "validity": {"not_before": as_time(not_before), "not_after": as_time(not_after)},
            "subject": subject.as_name(),
            "subject_public_key_info": public_key_info(public_pem),
            "extensions": _extensions(role, public_pem, issuer.public_key_pem(), addresses),
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
    """The certificate in a PEM text of ours; raises ValueError when it is none."""
    _, _, der = pem.unarmor(certificate_pem.encode())
    return x509.Certificate.load(der, strict=True)


def read(data: bytes) -> x509.Certificate:
    """The certificate in what a stranger gave (PEM or DER), read to its last field; raises Invalid."""
    found = whole(x509.Certificate, data, _NO_CERTIFICATE)
    try:
        facts_of(found)
    except Exception as error:  # a hostile certificate may break the library in any way
        raise Invalid(_NO_CERTIFICATE) from error
    return found


def whole(kind: Any, data: bytes, refusal: str) -> Any:
    """``data`` (PEM or DER) as an object of asn1crypto's ``kind``, every field decoded; raises Invalid(refusal)."""
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        found = kind.load(der, strict=True)
        # asn1crypto decodes late: what is broken inside must show here and not in the middle of an act.
        _ = found.native
    except Exception as error:  # hostile bytes may break the library in any way
        raise Invalid(refusal) from error
    return found


def to_pem(certificate: x509.Certificate) -> str:
    """The PEM text of a certificate."""
    text: bytes = pem.armor("CERTIFICATE", certificate.dump())
    return text.decode()


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """Serial number, names, validity and public key of a certificate."""
    return CertificateFacts(
        serial=format(certificate.serial_number, "x"),
        subject=_subject(certificate.subject),
        issuer=_subject(certificate.issuer),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        public_pem=public_pem_of(certificate.public_key),
    )


def algorithm_of(info: keys.PublicKeyInfo) -> Algorithm:
    """The algorithm of a public key; raises Invalid for one the platform does not use."""
    kind = info.algorithm
    if kind == "rsa":
        return "RSA-3072"
    curve = info.curve[1] if kind == "ec" else ""
    if curve == sm2_asn1.SM2_CURVE:
        return "SM2"
    if curve == "secp256r1":
        return "ECDSA-P256"
    raise Invalid("证书中的公钥既不是 SM2、ECDSA P-256，也不是 RSA，本平台不能使用。")


def signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """True when ``issuer`` is named as the issuer and its key made the signature."""
    if certificate.issuer != issuer.subject:
        return False
    mechanism = certificate["signature_algorithm"]["algorithm"].native
    return holds(
        mechanism,
        issuer.public_key,
        certificate["tbs_certificate"].dump(),
        certificate["signature_value"].native,
    )


def holds(mechanism: str, public: keys.PublicKeyInfo, data: bytes, signature: bytes) -> bool:
    """True when the signature of that mechanism (asn1crypto's word) is the key's over ``data``."""
    name = ALGORITHM_NAMES.get(mechanism)
    if name is None or algorithm_of(public) != name:
        return False
    return provider.verify(name, public_pem_of(public), data, signature)


def build_request(*, subject: Subject, key: SignProvider) -> bytes:
    """A certificate request (PKCS#10, PEM) that ``key`` signed: what a licensed authority wants to see."""
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": subject.as_name(),
            "subject_pk_info": public_key_info(key.public_key_pem()),
            "attributes": [],
        }
    )
    request = csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": {"algorithm": SIGNATURE_ALGORITHMS[key.algorithm]},
            "signature": key.sign(info.dump()),
        }
    )
    text: bytes = pem.armor("CERTIFICATE REQUEST", request.dump())
    return text


def read_request(data: bytes) -> str:
    """The public key (PEM) of a certificate request whose own signature holds; raises Invalid."""
    request = whole(csr.CertificationRequest, data, _NO_REQUEST)
    info = request["certification_request_info"]
    try:
        good = holds(
            request["signature_algorithm"]["algorithm"].native,
            info["subject_pk_info"],
            info.dump(),
            request["signature"].native,
        )
    except Exception as error:  # a hostile request may break the library in any way
        raise Invalid(_NO_REQUEST) from error
    if not good:
        raise Invalid(_BAD_REQUEST)
    return public_pem_of(info["subject_pk_info"])


def armored(data: bytes, label: str) -> str:
    """The PEM text of what was given as PEM or DER."""
    der = pem.unarmor(data)[2] if pem.detect(data) else data
    text: bytes = pem.armor(label, der)
    return text.decode()


def public_key_info(public_pem: str) -> keys.PublicKeyInfo:
    """The ASN.1 object of a ``PUBLIC KEY`` PEM."""
    _, _, der = pem.unarmor(public_pem.encode())
    return keys.PublicKeyInfo.load(der)


def public_pem_of(info: keys.PublicKeyInfo) -> str:
    """The ``PUBLIC KEY`` PEM of an ASN.1 object."""
    text: bytes = pem.armor("PUBLIC KEY", info.dump())
    return text.decode()


def key_id(public_pem: str) -> bytes:
    """The key identifier that our certificates carry."""
    return bytes.fromhex(key_id_of(public_pem))


def as_time(instant: dt.datetime) -> x509.Time:
    """UTCTime up to 2049, GeneralizedTime from then on; whole seconds."""
    whole_second = instant.astimezone(dt.UTC).replace(microsecond=0)
    if whole_second.year < _FIRST_GENERALIZED_YEAR:
        return x509.Time({"utc_time": core.UTCTime(whole_second)})
    return x509.Time({"general_time": core.GeneralizedTime(whole_second)})


def _subject(name: x509.Name) -> Subject:
    # A foreign certificate may repeat a part or lack it.
    parts = name.native
    return Subject(
        organisation=_text(parts.get("organization_name")),
        name=_text(parts.get("common_name")),
        serial=_text(parts.get("serial_number")),
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        return "，".join(str(part) for part in value)
    return "" if value is None else str(value)


def _extensions(
    role: Role, public_pem: str, issuer_public_pem: str, addresses: Addresses | None
) -> list[dict[str, object]]:
    constraints: dict[str, object] = {"ca": role in _PATH_LENGTHS}
    if role in _PATH_LENGTHS:
        constraints["path_len_constraint"] = _PATH_LENGTHS[role]
    found = [
        _extension("basic_constraints", x509.BasicConstraints(constraints), critical=True),
        _extension("key_usage", x509.KeyUsage(_KEY_USAGES[role]), critical=True),
        _extension("key_identifier", core.OctetString(key_id(public_pem))),
        _extension(
            "authority_key_identifier", x509.AuthorityKeyIdentifier({"key_identifier": key_id(issuer_public_pem)})
        ),
    ]
    if role in _PURPOSES:
        purposes, critical = _PURPOSES[role]
        found.append(_extension("extended_key_usage", x509.ExtKeyUsageSyntax(purposes), critical=critical))
    if role == "ocsp":
        # Nobody asks about the status of the one who answers about statuses (RFC 6960 §4.2.2.2.1).
        found.append(_extension("ocsp_no_check", core.Null()))
    return found + ([] if addresses is None else _pointers(addresses, with_status=role != "ocsp"))


def _pointers(addresses: Addresses, *, with_status: bool) -> list[dict[str, object]]:
    def at(url: str) -> x509.GeneralName:
        return x509.GeneralName("uniform_resource_identifier", url)

    point = {"distribution_point": x509.DistributionPointName("full_name", [at(addresses.revocation_list)])}
    access = [{"access_method": "ca_issuers", "access_location": at(addresses.issuer)}]
    if with_status:
        access.insert(0, {"access_method": "ocsp", "access_location": at(addresses.status)})
    return [
        _extension("crl_distribution_points", x509.CRLDistributionPoints([point])),
        _extension("authority_information_access", x509.AuthorityInfoAccessSyntax(access)),
    ]


def _extension(kind: str, value: object, *, critical: bool = False) -> dict[str, object]:
    return {"extn_id": kind, "critical": critical, "extn_value": value}
