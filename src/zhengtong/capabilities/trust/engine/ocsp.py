"""Questions about the status of certificates and their answers (RFC 6960) as ASN.1."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence

from asn1crypto import core, ocsp, x509

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.engine.revocation import Revocation
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing.provider import SignProvider

_NO_REQUEST = "这不是可以识别的证书状态请求（RFC 6960）。"
_DIGESTS = ("sha1", "sha224", "sha256", "sha384", "sha512", "sm3")
_MOST_QUESTIONS = 20
# RFC 8954 §2.1: a nonce has 1 to 32 octets; longer ones are refused lest anybody has us sign his text.
_LONGEST_NONCE = 32


@dataclasses.dataclass(frozen=True)
class Question:
    """Which certificate is asked about: digests of its issuer's name and key, and its serial number."""

    cert_id: ocsp.CertId
    digest: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: str

    def about(self, issuer: x509.Certificate) -> bool:
        """True when the certificate asked about was issued by ``issuer``."""
        name = hashlib.new(self.digest, issuer.subject.dump()).digest()
        key = hashlib.new(self.digest, bytes(issuer.public_key["public_key"])).digest()
        return (name, key) == (self.issuer_name_hash, self.issuer_key_hash)


@dataclasses.dataclass(frozen=True)
class StatusRequest:
    """The questions of one request and its nonce."""

    questions: tuple[Question, ...]
    nonce: bytes | None


@dataclasses.dataclass(frozen=True)
class Answer:
    """The status of one certificate: ``known`` False where its issuer has issued no such certificate."""

    question: Question
    known: bool
    revocation: Revocation | None


def read_request(data: bytes) -> StatusRequest:
    """The request in DER; raises Invalid."""
    found = certificates.whole(ocsp.OCSPRequest, data, _NO_REQUEST)
    try:
        body = found["tbs_request"]
        questions = tuple(_question(one["req_cert"]) for one in body["request_list"])
        nonce = found.nonce_value
    except Exception as error:  # a hostile request may break the library in any way
        raise Invalid(_NO_REQUEST) from error
    if not 0 < len(questions) <= _MOST_QUESTIONS:
        raise Invalid("一次最多查询 20 张证书的状态。")
    nonce_bytes = None if nonce is None else nonce.native
    if nonce_bytes is not None and not 0 < len(nonce_bytes) <= _LONGEST_NONCE:
        raise Invalid("证书状态请求中的随机数长度不合规定。")
    return StatusRequest(questions, nonce_bytes)


def response(
    *,
    answers: Sequence[Answer],
    nonce: bytes | None,
    key: SignProvider,
    certificate: x509.Certificate,
    at: dt.datetime,
    next_update: dt.datetime,
) -> bytes:
    """The signed answer (DER) by the issuer's responder."""
    extensions = []
    if nonce is not None:
        extensions.append({"extn_id": "nonce", "critical": False, "extn_value": core.OctetString(nonce)})
    moment = at.astimezone(dt.UTC).replace(microsecond=0)
    body = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId("by_key", _key_hash(certificate)),
            "produced_at": moment,
            "responses": [_single(one, moment, next_update) for one in answers],
            **({"response_extensions": extensions} if extensions else {}),
        }
    )
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": body,
            "signature_algorithm": {"algorithm": certificates.SIGNATURE_ALGORITHMS[key.algorithm]},
            "signature": key.sign(body.dump()),
            "certs": [certificate],
        }
    )
    whole = ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
        }
    )
    data: bytes = whole.dump()
    return data


def failure(status: str) -> bytes:
    """An unsigned answer that says why there is none (``malformed_request``, ``unauthorized``, ``try_later``)."""
    data: bytes = ocsp.OCSPResponse({"response_status": status}).dump()
    return data


def _question(cert_id: ocsp.CertId) -> Question:
    digest = cert_id["hash_algorithm"]["algorithm"].native
    if digest not in _DIGESTS:
        raise ValueError(f"digest {digest}")
    return Question(
        cert_id=cert_id,
        digest=digest,
        issuer_name_hash=cert_id["issuer_name_hash"].native,
        issuer_key_hash=cert_id["issuer_key_hash"].native,
        serial=format(cert_id["serial_number"].native, "x"),
    )


def _single(answer: Answer, at: dt.datetime, next_update: dt.datetime) -> ocsp.SingleResponse:
    if not answer.known:
        status = ocsp.CertStatus("unknown", core.Null())
    elif answer.revocation is None:
        status = ocsp.CertStatus("good", core.Null())
    else:
        told: dict[str, object] = {"revocation_time": answer.revocation.at.astimezone(dt.UTC).replace(microsecond=0)}
        if answer.revocation.reason != "unspecified":
            told["revocation_reason"] = answer.revocation.reason
        status = ocsp.CertStatus("revoked", ocsp.RevokedInfo(told))
    return ocsp.SingleResponse(
        {
            "cert_id": answer.question.cert_id,
            "cert_status": status,
            "this_update": at,
            "next_update": next_update.astimezone(dt.UTC).replace(microsecond=0),
        }
    )


def _key_hash(certificate: x509.Certificate) -> bytes:
    # RFC 6960 §4.2.1 fixes SHA-1 as the responder's name; nothing rests on it.
    return hashlib.sha1(bytes(certificate.public_key["public_key"]), usedforsecurity=False).digest()
