"""Electronic seals of GB/T 38540—2020: the structures, making a seal, signing with it. Plain ASN.1, no files.

What is signed (implementations differ; ours equals the samples of ofdrw 2.4): the maker signs the DER of eSealInfo,
the user of the seal signs the DER of TBS_Sign.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

from asn1crypto import core

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.registry import Credential

SM2_WITH_SM3: Final = "1.2.156.10197.1.501"
VERSION: Final = 4
_BY_CERTIFICATE, _BY_DIGEST = 1, 2
_VENDOR = "ZHENGTONG"
# Kind of the holder: 1 a body, 2 a person (GB/T 38540 §6).
_OF_A_BODY = 1


class _Header(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [("id", core.IA5String), ("version", core.Integer), ("vid", core.IA5String)]


class _CertificateList(core.SequenceOf):  # type: ignore[misc]  # asn1crypto is not typed
    _child_spec = core.OctetString


class _CertificateDigest(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [("type", core.PrintableString), ("value", core.OctetString)]


class _DigestList(core.SequenceOf):  # type: ignore[misc]  # asn1crypto is not typed
    _child_spec = _CertificateDigest


class _Property(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("cert_list_type", core.Integer),
        ("cert_list", core.Any),
        ("create_date", core.GeneralizedTime),
        ("valid_start", core.GeneralizedTime),
        ("valid_end", core.GeneralizedTime),
    ]


class _Picture(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [("type", core.IA5String), ("data", core.OctetString), ("width", core.Integer), ("height", core.Integer)]


_EXTENSIONS = ("ext_datas", core.Any, {"explicit": 0, "optional": True})


class _SealInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [
        ("header", _Header),
        ("es_id", core.IA5String),
        ("property", _Property),
        ("picture", _Picture),
        _EXTENSIONS,
    ]


class _Seal(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [
        ("info", _SealInfo),
        ("cert", core.OctetString),
        ("sign_alg_id", core.ObjectIdentifier),
        ("signed_value", core.OctetBitString),
    ]


class _ToSign(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [
        ("version", core.Integer),
        ("eseal", _Seal),
        ("time_info", core.GeneralizedTime),
        ("data_hash", core.OctetBitString),
        ("property_info", core.IA5String),
        _EXTENSIONS,
    ]


class _Signature(core.Sequence):  # type: ignore[misc]  # asn1crypto is not typed
    _fields = [
        ("to_sign", _ToSign),
        ("cert", core.OctetString),
        ("signature_alg_id", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("time_stamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SealFacts:
    """A seal as read: ``info_der`` is what the maker signed, ``signers`` the DER certificates or (name, digest)."""

    version: int
    seal_id: str
    vendor: str
    name: str
    created_at: dt.datetime
    valid_from: dt.datetime
    valid_until: dt.datetime
    picture_kind: str
    picture: bytes
    width_mm: int
    height_mm: int
    signers: tuple[bytes, ...]
    signer_digests: tuple[tuple[str, bytes], ...]
    maker_der: bytes
    algorithm: str
    signature: bytes
    info_der: bytes
    der: bytes


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignatureFacts:
    """A signature made with a seal, as read: ``signed_der`` is what the seal's user signed."""

    version: int
    seal: SealFacts
    signed_at: dt.datetime
    data_hash: bytes
    property_info: str
    signer_der: bytes
    algorithm: str
    signature: bytes
    signed_der: bytes
    time_stamp: bytes


def make_seal(
    *,
    seal_id: str,
    name: str,
    users_pem: Sequence[str],
    created_at: dt.datetime,
    valid_from: dt.datetime,
    valid_until: dt.datetime,
    picture_png: bytes,
    diameter_mm: int,
    maker: Credential,
) -> bytes:
    """The DER of a seal (SESeal) that the holders of the certificates ``users_pem`` may use, signed by its maker."""
    info = _SealInfo(
        {
            "header": {"id": "ES", "version": VERSION, "vid": _VENDOR},
            "es_id": seal_id,
            "property": {
                "type": _OF_A_BODY,
                "name": name,
                "cert_list_type": _BY_CERTIFICATE,
                "cert_list": _CertificateList([certificates.parse(pem).dump() for pem in users_pem]),
                "create_date": _whole(created_at),
                "valid_start": _whole(valid_from),
                "valid_end": _whole(valid_until),
            },
            "picture": {"type": "PNG", "data": picture_png, "width": diameter_mm, "height": diameter_mm},
        }
    )
    seal = _Seal(
        {
            "info": info,
            "cert": certificates.parse(maker.certificate_pem).dump(),
            "sign_alg_id": SM2_WITH_SM3,
            "signed_value": maker.provider.sign(info.dump()),
        }
    )
    der: bytes = seal.dump()
    return der


def sign(
    *,
    seal: bytes,
    signed_at: dt.datetime,
    data_hash: bytes,
    property_info: str,
    user: Credential,
    stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The DER of a signature (SES_Signature) over a digest, made with a seal by one of its users.

    ``stamp`` gives the time-stamp token (DER) over its argument, the signature value.
    """
    to_sign = _ToSign(
        {
            "version": VERSION,
            "eseal": _Seal.load(seal, strict=True),
            "time_info": _whole(signed_at),
            "data_hash": data_hash,
            "property_info": property_info,
        }
    )
    value = user.provider.sign(to_sign.dump())
    signature = _Signature(
        {
            "to_sign": to_sign,
            "cert": certificates.parse(user.certificate_pem).dump(),
            "signature_alg_id": SM2_WITH_SM3,
            "signature": value,
        }
    )
    if stamp is not None:
        signature["time_stamp"] = stamp(value)
    der: bytes = signature.dump()
    return der


def read_seal(der: bytes) -> SealFacts:
    """The parts of a seal; raises ValueError for anything else than one whole SESeal."""
    try:
        return _seal_facts(_Seal.load(der, strict=True))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValueError("no SESeal of GB/T 38540") from error


def read_signature(der: bytes) -> SignatureFacts:
    """The parts of a signature; raises ValueError for anything else than one whole SES_Signature."""
    try:
        found = _Signature.load(der, strict=True)
        body = found["to_sign"]
        return SignatureFacts(
            version=body["version"].native,
            seal=_seal_facts(body["eseal"]),
            signed_at=_aware(body["time_info"]),
            data_hash=body["data_hash"].native,
            property_info=body["property_info"].native,
            signer_der=found["cert"].native,
            algorithm=found["signature_alg_id"].dotted,
            signature=found["signature"].native,
            signed_der=body.dump(),
            time_stamp=found["time_stamp"].native or b"",
        )
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValueError("no SES_Signature of GB/T 38540") from error


def _seal_facts(seal: Any) -> SealFacts:
    info = seal["info"]
    header, about, picture = info["header"], info["property"], info["picture"]
    if header["id"].native != "ES":
        raise ValueError("not the header of a seal")
    by_digest = about["cert_list_type"].native == _BY_DIGEST
    listed = about["cert_list"].parse(_DigestList if by_digest else _CertificateList)
    return SealFacts(
        version=header["version"].native,
        seal_id=info["es_id"].native,
        vendor=header["vid"].native,
        name=about["name"].native,
        created_at=_aware(about["create_date"]),
        valid_from=_aware(about["valid_start"]),
        valid_until=_aware(about["valid_end"]),
        picture_kind=picture["type"].native,
        picture=picture["data"].native,
        width_mm=picture["width"].native,
        height_mm=picture["height"].native,
        signers=() if by_digest else tuple(one.native for one in listed),
        signer_digests=tuple((one["type"].native, one["value"].native) for one in listed) if by_digest else (),
        maker_der=seal["cert"].native,
        algorithm=seal["sign_alg_id"].dotted,
        signature=seal["signed_value"].native,
        info_der=info.dump(),
        der=seal.dump(),
    )


def _aware(value: Any) -> dt.datetime:
    instant: dt.datetime = value.native
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


def _whole(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC).replace(microsecond=0)
