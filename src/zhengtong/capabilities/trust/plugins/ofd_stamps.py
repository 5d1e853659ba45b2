"""Time stamps (RFC 3161) over the signature value of an electronic seal: read."""

import dataclasses
import datetime as dt
import hashlib

from asn1crypto import cms, x509

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.kernel.errors import DomainError


@dataclasses.dataclass(frozen=True)
class ReadStamp:
    """A time stamp whose signature holds: when, by whom, and the certificates it brought along."""

    at: dt.datetime
    authority: x509.Certificate
    certificates: tuple[x509.Certificate, ...]


def read(token: bytes, *, over: bytes) -> ReadStamp | None:
    """The stamp, when its own signature holds and it is over these bytes; None for anything else."""
    try:
        return _read(token, over)
    except (ValueError, TypeError, KeyError, StopIteration, DomainError):
        return None


def _read(token: bytes, over: bytes) -> ReadStamp | None:
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    content = signed["encap_content_info"]["content"]
    info = content.parsed
    signer = signed["signer_infos"][0]
    found = [choice.chosen for choice in signed["certificates"]]
    serial = signer["sid"].chosen["serial_number"].native
    authority = next(one for one in found if one.serial_number == serial)
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    digest = signer["digest_algorithm"]["algorithm"].native
    imprint = info["message_imprint"]
    wanted = hashlib.new(imprint["hash_algorithm"]["algorithm"].native, over).digest()
    good = (
        imprint["hashed_message"].native == wanted
        and attributes["message_digest"][0].native == hashlib.new(digest, bytes(content)).digest()
        and certificates.holds(
            signer["signature_algorithm"]["algorithm"].native,
            authority.public_key,
            signer["signed_attrs"].untag().dump(),
            signer["signature"].native,
        )
        and authority.extended_key_usage_value is not None
        and "time_stamping" in authority.extended_key_usage_value.native
    )
    others = tuple(one for one in found if one is not authority)
    return ReadStamp(info["gen_time"].native, authority, others) if good else None
