"""Time-stamp requests and answers (RFC 3161) as ASN.1."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable

from asn1crypto import algos, core, tsp

from zhengtong.capabilities.trust.engine import certificates, cms
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.signing.provider import SignProvider

# Under 2.25 (UUID-derived, ITU-T X.667) nobody has to be asked for an identifier of the own policy.
POLICY = "2.25.149712813521297768274799500048001074497"
# Digests under which new evidence may be made; MD5 and SHA-1 are broken.
DIGEST_SIZES = {"sm3": 32, "sha256": 32, "sha384": 48, "sha512": 64}
_NO_REQUEST = "这不是可以识别的时间戳请求（RFC 3161）。"
_NONCE_BITS = 256
_SEQUENCE = 0x30


class StatusOnly(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    """An answer without a token, which RFC 3161 allows and asn1crypto does not."""

    _fields = [("status", tsp.PKIStatusInfo)]


class Refused(Invalid):
    """A request that is answered with a refusal; ``failure`` is the word of RFC 3161 §2.4.2."""

    def __init__(self, message: str, *, failure: str) -> None:
        super().__init__(message)
        self.failure = failure


@dataclasses.dataclass(frozen=True)
class StampRequest:
    """What shall be stamped: a digest and its algorithm; ``nonce`` comes back in the token."""

    digest_algorithm: str
    digest: bytes
    nonce: int | None = None
    with_certificates: bool = False


def read_request(data: bytes) -> StampRequest:
    """The request in DER; raises Refused with the failure to answer."""
    try:
        found = certificates.whole(tsp.TimeStampReq, data, _NO_REQUEST)
        imprint = found["message_imprint"]
        algorithm, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        policy, nonce = found["req_policy"].native, found["nonce"].native
        version, extensions = found["version"].native, found["extensions"].native
    except Invalid as error:
        raise Refused(_NO_REQUEST, failure="bad_data_format") from error
    if version != "v1":
        raise Refused("只支持第 1 版的时间戳请求。", failure="bad_request")
    if algorithm not in DIGEST_SIZES:
        raise Refused("不接受这种摘要算法，请使用 SM3、SHA-256、SHA-384 或者 SHA-512。", failure="bad_alg")
    if len(digest) != DIGEST_SIZES[algorithm]:
        raise Refused("摘要的长度与算法不符。", failure="bad_data_format")
    if policy not in (None, POLICY):
        raise Refused("本服务不提供所要求的时间戳策略。", failure="unaccepted_policy")
    if extensions:
        raise Refused("本服务不支持请求中的扩展项。", failure="unaccepted_extensions")
    if nonce is not None and nonce.bit_length() > _NONCE_BITS:
        raise Refused("请求中的随机数过长。", failure="bad_request")
    return StampRequest(algorithm, digest, nonce, bool(found["cert_req"].native))


def token(
    request: StampRequest,
    *,
    serial: int,
    at: dt.datetime,
    accuracy_seconds: int,
    key: SignProvider,
    certificate: bytes,
    chain: tuple[bytes, ...],
) -> bytes:
    """The token (DER) that says: this digest existed at ``at``.

    ``certificate`` is the service's own, ``chain`` those above it (DER); they travel when the request asks for them.
    """
    info: dict[str, object] = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": {
            "hash_algorithm": {"algorithm": request.digest_algorithm},
            "hashed_message": request.digest,
        },
        "serial_number": serial,
        "gen_time": core.GeneralizedTime(at.astimezone(dt.UTC).replace(microsecond=0)),
        "accuracy": {"seconds": accuracy_seconds},
    }
    if request.nonce is not None:
        info["nonce"] = request.nonce
    return cms.sign(
        content_type="tst_info",
        content=tsp.TSTInfo(info).dump(),
        key=key,
        certificate=certificate,
        chain=(certificate, *chain) if request.with_certificates else (),
    )


def fetched(answer: Callable[[bytes], bytes], data: bytes, *, digest_algorithm: str) -> bytes:
    """The token (DER) over ``data`` from a service's ``answer``; raises DomainError when it refuses."""
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest_algorithm}),
        "hashed_message": hashlib.new(digest_algorithm, data).digest(),
    }
    request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
    found = tsp.TimeStampResp.load(answer(request.dump()))
    try:
        is_granted = found["status"]["status"].native == "granted"
        token_der: bytes = found["time_stamp_token"].dump()
    except ValueError:  # asn1crypto knows no answer without a token
        is_granted = False
    if not is_granted:
        raise DomainError("时间戳服务没有给出时间戳，没有盖章。请稍后重试。")
    return token_der


def granted(token_der: bytes) -> bytes:
    """The answer (DER) that carries a token."""
    return cms.der(_SEQUENCE, tsp.PKIStatusInfo({"status": "granted"}).dump(), token_der)


def refusal(failure: str, message: str) -> bytes:
    """The answer (DER) that refuses."""
    status = {"status": "rejection", "status_string": [message], "fail_info": {failure}}
    data: bytes = StatusOnly({"status": status}).dump()
    return data
