"""Certificate revocation lists (RFC 5280 §5) built and read as ASN.1."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from asn1crypto import core, crl, x509

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing.provider import SignProvider

_NO_LIST = "这不是可以识别的证书撤销列表。请提供 PEM 或者 DER 格式的 CRL 文件。"


@dataclasses.dataclass(frozen=True)
class Revocation:
    """One revoked certificate: serial number in lower-case hex, since when, why (a word of RFC 5280)."""

    serial: str
    at: dt.datetime
    reason: str


@dataclasses.dataclass(frozen=True)
class ListFacts:
    """What tables want to know of a list; ``number`` is 0 where the issuer gives none."""

    issuer: x509.Name
    number: int
    this_update: dt.datetime
    next_update: dt.datetime
    revoked: tuple[Revocation, ...]


def build(
    *,
    issuer_pem: str,
    issuer: SignProvider,
    number: int,
    revoked: Iterable[Revocation],
    this_update: dt.datetime,
    next_update: dt.datetime,
) -> bytes:
    """A full list (DER) of one issuer."""
    algorithm = {"algorithm": certificates.SIGNATURE_ALGORITHMS[issuer.algorithm]}
    entries = [_entry(one) for one in revoked]
    authority = x509.AuthorityKeyIdentifier({"key_identifier": certificates.key_id(issuer.public_key_pem())})
    fields: dict[str, object] = {
        "version": "v2",
        "signature": algorithm,
        "issuer": certificates.parse(issuer_pem).subject,
        "this_update": certificates.as_time(this_update),
        "next_update": certificates.as_time(next_update),
        "crl_extensions": [
            {"extn_id": "authority_key_identifier", "critical": False, "extn_value": authority},
            {"extn_id": "crl_number", "critical": False, "extn_value": core.Integer(number)},
        ],
    }
    if entries:  # RFC 5280 §5.1.2.6: an empty list is left out
        fields["revoked_certificates"] = entries
    body = crl.TbsCertList(fields)
    whole = crl.CertificateList(
        {"tbs_cert_list": body, "signature_algorithm": algorithm, "signature": issuer.sign(body.dump())}
    )
    data: bytes = whole.dump()
    return data


def read(data: bytes) -> crl.CertificateList:
    """The list in what a stranger gave (PEM or DER), read to its last field; raises Invalid."""
    found = certificates.whole(crl.CertificateList, data, _NO_LIST)
    try:
        facts_of(found)
    except Exception as error:  # a hostile list may break the library in any way
        raise Invalid(_NO_LIST) from error
    return found


def facts_of(revocation_list: crl.CertificateList) -> ListFacts:
    """Issuer, number, times and entries of a list."""
    body = revocation_list["tbs_cert_list"]
    this_update = body["this_update"].native
    number = revocation_list.crl_number_value
    return ListFacts(
        issuer=body["issuer"],
        number=0 if number is None else number.native,
        this_update=this_update,
        # A list without an end is good for the moment it was made.
        next_update=body["next_update"].native or this_update,
        revoked=tuple(_revocation(entry) for entry in body["revoked_certificates"]),
    )


def signed_by(revocation_list: crl.CertificateList, issuer: x509.Certificate) -> bool:
    """True when the list is the issuer's and its signature holds."""
    body = revocation_list["tbs_cert_list"]
    return body["issuer"] == issuer.subject and certificates.holds(
        revocation_list["signature_algorithm"]["algorithm"].native,
        issuer.public_key,
        body.dump(),
        revocation_list["signature"].native,
    )


def _entry(one: Revocation) -> crl.RevokedCertificate:
    fields: dict[str, object] = {
        "user_certificate": int(one.serial, 16),
        "revocation_date": certificates.as_time(one.at),
    }
    if one.reason != "unspecified":  # RFC 5280 §5.3.1: leave it out rather than say nothing
        reason = crl.CRLReason(one.reason)
        fields["crl_entry_extensions"] = [{"extn_id": "crl_reason", "critical": False, "extn_value": reason}]
    return crl.RevokedCertificate(fields)


def _revocation(entry: crl.RevokedCertificate) -> Revocation:
    reason = entry.crl_reason_value
    return Revocation(
        serial=format(entry["user_certificate"].native, "x"),
        at=entry["revocation_date"].native,
        reason="unspecified" if reason is None else reason.native,
    )
