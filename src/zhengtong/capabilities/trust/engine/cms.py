"""Signed data (RFC 5652) around a content of ours, or over data elsewhere: for time-stamp tokens and PDF signatures.

Put together from ready-made DER: asn1crypto encodes the certificates anew in every object that holds them, which
costs twenty times the signature.
"""

import functools
import hashlib
from collections.abc import Callable

from asn1crypto import cms, core, tsp, x509

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.kernel.signing.provider import SignProvider

_SEQUENCE, _SET, _CONTEXT_0, _CONTEXT_1 = 0x30, 0x31, 0xA0, 0xA1
_SHORT_FORM = 0x80


def sign(
    *, content_type: str, content: bytes, key: SignProvider, certificate: bytes, chain: tuple[bytes, ...]
) -> bytes:
    """The DER of a ContentInfo with SignedData over ``content`` by one signer.

    ``certificate`` is the signer's (DER); ``chain`` are the certificates sent along (DER), may be empty.
    """
    digest = hashlib.new(certificates.DIGESTS[key.algorithm], content).digest()
    signer, parts = _signer_info(content_type, digest, key, certificate)
    return _signed_data(3, content_type, parts, chain, der(_SEQUENCE, *signer), content=content)


def sign_detached(
    *,
    digest: bytes,
    key: SignProvider,
    certificate: bytes,
    chain: tuple[bytes, ...],
    stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The same over data elsewhere with that ``digest`` (by the key's own algorithm), as CAdES and PAdES want it.

    The algorithms are protected by an attribute (RFC 6211). ``stamp``: a signature value → a time-stamp token (DER).
    """
    signer, parts = _signer_info("data", digest, key, certificate, protected=True)
    if stamp is not None:
        value = core.OctetString.load(signer[-1]).native
        token = der(_SEQUENCE, cms.CMSAttributeType("signature_time_stamp_token").dump(), der(_SET, stamp(value)))
        signer.append(der(_CONTEXT_1, token))
    return _signed_data(1, "data", parts, chain, der(_SEQUENCE, *signer))


def _signer_info(
    content_type: str, digest: bytes, key: SignProvider, certificate: bytes, *, protected: bool = False
) -> tuple[list[bytes], "_Parts"]:
    """The parts of a SignerInfo, the signature value last."""
    parts = _parts(certificate, key.algorithm)
    attributes = der_set(
        der(_SEQUENCE, cms.CMSAttributeType("content_type").dump(), der(_SET, cms.ContentType(content_type).dump())),
        der(
            _SEQUENCE,
            cms.CMSAttributeType("message_digest").dump(),
            der(_SET, core.OctetString(digest).dump()),
        ),
        parts.certificate_attribute,
        *((parts.protection_attribute,) if protected else ()),
    )
    return [
        core.Integer(1).dump(),
        parts.name,
        parts.digest_algorithm,
        # RFC 5652 §5.4: the DER of the set itself is signed, not of its implicit tag.
        bytes([_CONTEXT_0]) + attributes[1:],
        parts.signature_algorithm,
        core.OctetString(key.sign(attributes)).dump(),
    ], parts


def _signed_data(
    version: int,
    content_type: str,
    parts: "_Parts",
    chain: tuple[bytes, ...],
    signer: bytes,
    *,
    content: bytes | None = None,
) -> bytes:
    inside = () if content is None else (der(_CONTEXT_0, core.OctetString(content).dump()),)
    signed = der(
        _SEQUENCE,
        core.Integer(version).dump(),
        der(_SET, parts.digest_algorithm),
        der(_SEQUENCE, cms.ContentType(content_type).dump(), *inside),
        der(_CONTEXT_0, *sorted(chain)) if chain else b"",
        der(_SET, signer),
    )
    return der(_SEQUENCE, cms.ContentType("signed_data").dump(), der(_CONTEXT_0, signed))


def der(tag: int, *parts: bytes) -> bytes:
    """A constructed value of DER: tag, length, contents."""
    content = b"".join(parts)
    if len(content) < _SHORT_FORM:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, _SHORT_FORM | len(length)]) + length + content


def der_set(*parts: bytes) -> bytes:
    """A SET OF in the order that DER demands."""
    return der(_SET, *sorted(parts))


class _Parts:
    """What every signature by the same certificate repeats."""

    def __init__(self, certificate: x509.Certificate, algorithm: str) -> None:
        digest = {"algorithm": certificates.DIGESTS[algorithm]}
        mechanism = {"algorithm": certificates.SIGNATURE_ALGORITHMS[algorithm]}
        name = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        self.name: bytes = cms.IssuerAndSerialNumber(name).dump()
        self.digest_algorithm: bytes = cms.DigestAlgorithm(digest).dump()
        self.signature_algorithm: bytes = cms.SignedDigestAlgorithm(mechanism).dump()
        self.certificate_attribute = der(
            _SEQUENCE,
            cms.CMSAttributeType("signing_certificate_v2").dump(),
            der(_SET, _signing_certificate(certificate).dump()),
        )
        protection = cms.CMSAlgorithmProtection({"digest_algorithm": digest, "signature_algorithm": mechanism})
        self.protection_attribute = der(
            _SEQUENCE, cms.CMSAttributeType("cms_algorithm_protection").dump(), der(_SET, protection.dump())
        )


@functools.lru_cache(maxsize=64)
def _parts(certificate: bytes, algorithm: str) -> _Parts:
    return _Parts(x509.Certificate.load(certificate), algorithm)


def _signing_certificate(certificate: x509.Certificate) -> tsp.SigningCertificateV2:
    """RFC 5035: ties the signature to this certificate by SHA-256, its default digest."""
    return tsp.SigningCertificateV2(
        {
            "certs": [
                {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "cert_hash": hashlib.sha256(certificate.dump()).digest(),
                    "issuer_serial": {
                        "issuer": [x509.GeneralName("directory_name", certificate.issuer)],
                        "serial_number": certificate.serial_number,
                    },
                }
            ]
        }
    )
