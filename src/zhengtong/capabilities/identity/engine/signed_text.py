"""A text signed as CMS or PKCS#7 (RFC 5652, RFC 2315, GM/T 0010), as the middleware of USB keys returns it.

Only taken apart here: which bytes the signature was made over. Whether it is right is for whoever holds the public
key to check, by one fixed algorithm; what the message says about algorithms is not trusted.
"""

import dataclasses
import hashlib
import hmac
from typing import Any

from asn1crypto import cms, core, x509

_SIGNED_DATA = frozenset({"1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"})  # RFC 5652; GM/T 0010
_DATA = frozenset({"1.2.840.113549.1.7.1", "1.2.156.10197.6.1.4.2.1"})
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_DIGESTS = {"2.16.840.1.101.3.4.2.1": "sha256", "1.2.156.10197.1.401": "sm3"}
_SET = 0x31
# what asn1crypto raises for bytes that are no such structure
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError)


@dataclasses.dataclass(frozen=True)
class SignedText:
    """What a signature was made over, and the signature."""

    data: bytes
    signature: bytes


class _ContentInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """The outermost envelope, with any object identifier: asn1crypto does not know the Chinese ones."""

    _fields = [
        ("content_type", core.ObjectIdentifier),
        ("content", core.Any, {"explicit": 0, "optional": True}),
    ]


def holds_signed_data(given: bytes) -> bool:
    """True when the bytes (DER) are a message of signed data, not a bare signature."""
    return _signed_data(given) is not None


def certificate_within(given: bytes) -> bytes | None:
    """The signer's certificate (DER) that the message brings along, None when it brings none or several could be."""
    signed = _signed_data(given)
    if signed is None:
        return None
    try:
        signers = list(signed["signer_infos"])
        brought = [choice.chosen for choice in signed["certificates"] or () if choice.name == "certificate"]
        own = [one for one in brought if len(signers) == 1 and _is_signer(signers[0], one)]
        return bytes(own[0].dump()) if len(own) == 1 else None
    except _MALFORMED:
        return None


def signed_text(given: bytes, *, text: bytes, certificate: bytes) -> SignedText | None:
    """What the owner of the certificate (DER) has signed of exactly ``text`` in the message; None for anything else.

    The text may stand in the message or apart from it; with attributes the message's digest must be that of the text.
    """
    signed = _signed_data(given)
    if signed is None:
        return None
    try:
        owner = x509.Certificate.load(certificate)
        content = signed["encap_content_info"]
        kind = content["content_type"].dotted
        inside = content["content"]
        if isinstance(inside, core.Any):  # of PKCS#7, under an object identifier asn1crypto does not know
            inside = inside.parse(core.OctetString)
        if kind not in _DATA or (not isinstance(inside, core.Void) and bytes(inside) != text):
            return None
        signers = [signer for signer in signed["signer_infos"] if _is_signer(signer, owner)]
        return _over(signers[0], text, kind) if len(signers) == 1 else None
    except _MALFORMED:
        return None


def _signed_data(given: bytes) -> Any:
    try:
        outer = _ContentInfo.load(given, strict=True)
        if outer["content_type"].dotted not in _SIGNED_DATA:
            return None
        found = outer["content"].parse(cms.SignedData)
        return found if len(found["signer_infos"]) else None
    except _MALFORMED:
        return None


def _is_signer(signer: Any, certificate: x509.Certificate) -> bool:
    name = signer["sid"]
    if name.name == "subject_key_identifier":
        return bool(name.native == certificate.key_identifier)
    same = name.chosen["issuer"] == certificate.issuer
    return bool(same and name.chosen["serial_number"].native == certificate.serial_number)


def _over(signer: Any, text: bytes, kind: str) -> SignedText | None:
    signature = bytes(signer["signature"])
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void):
        return SignedText(text, signature)
    digest = _DIGESTS.get(signer["digest_algorithm"]["algorithm"].dotted)
    stated = _single(attributes, _MESSAGE_DIGEST)
    if digest is None or stated is None or _single(attributes, _CONTENT_TYPE) is None:
        return None
    right = hashlib.new(digest, text).digest()
    if not hmac.compare_digest(bytes(stated), right) or _single(attributes, _CONTENT_TYPE).dotted != kind:
        return None
    encoded = attributes.dump()
    # RFC 5652 §5.4: the DER of the set itself is signed, not of its implicit tag.
    return SignedText(bytes([_SET]) + encoded[1:], signature)


def _single(attributes: Any, kind: str) -> Any:
    """The only value of the only attribute of that kind, None otherwise (RFC 5652 §11)."""
    found = [one["values"] for one in attributes if one["type"].dotted == kind]
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else None
