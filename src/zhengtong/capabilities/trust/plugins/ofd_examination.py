"""Examines the seals of an OFD package step by step (GB/T 38540—2020 §7) and says in Chinese what was found.

The order: take apart → signature of the seal → chain of its maker → seal valid when signing → signer may use the
seal → chain of the signer → digests of the parts → digest of the description → signature → time stamp, if there is one.
What revocation lists say of the certificates is reported; whoever knows the platform's own records judges it.
"""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Sequence

from asn1crypto import x509

from zhengtong.capabilities.trust.engine import certificates, revocation, ses
from zhengtong.capabilities.trust.engine.ofd_package import ENTRY, OfdPackage, find, find_all, located
from zhengtong.capabilities.trust.plugins import ofd_stamps
from zhengtong.capabilities.trust.registry import NO_EVIDENCE, Evidence, OfdReport, OfdStep, Vouching
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.signing import provider

_LONGEST_CHAIN = 5
_DIGESTS = {"SM3": "sm3", "1.2.156.10197.1.401": "sm3"}
_MOST_SIGNATURES = 50
# The stamp is fetched right after signing; an hour is for stamps of outside services in a queue.
_CLOCK_SLACK = dt.timedelta(hours=1)


def examine(
    ofd: bytes, *, trust_roots: Sequence[str], at: dt.datetime, evidence: Evidence = NO_EVIDENCE
) -> list[OfdReport]:
    """A report per seal, in the order of signing; raises Invalid when the file is no readable OFD.

    ``evidence``: certificates between signers and roots (an OFD signature carries the signer's alone), and lists
    whose signatures were checked when they came in.
    """
    package = OfdPackage(ofd)
    part = package.text(ENTRY, "DocBody/Signatures")
    if not part:
        return []
    listing = located(part, seen_from=ENTRY)
    places = [located(one.get("BaseLoc", ""), seen_from=listing) for one in find_all(package.xml(listing), "Signature")]
    if len(places) > _MOST_SIGNATURES:
        raise Invalid("OFD 文件中的签名过多，没有核验。")
    trust = _Trust(trust_roots, evidence, at)
    return [_examined(package, listing, place, places, trust) for place in places]


class _Trust:
    """Whom the platform trusts, what was revoked, and up to which moment a time of signing is believed."""

    def __init__(self, roots: Sequence[str], evidence: Evidence, at: dt.datetime) -> None:
        own = [certificates.parse(pem) for pem in roots]
        self._roots = {root.dump() for root in own}
        self._pool = [*own, *(certificates.parse(pem) for pem in evidence.certificates_pem)]
        self._lists = [revocation.facts_of(revocation.read(der)) for der in evidence.revocation_lists]
        self.at = at

    def leads_to_root(
        self, certificate: x509.Certificate, when: dt.datetime, also: Sequence[x509.Certificate] = ()
    ) -> bool:
        """True when every certificate from this one up to a trusted root held at ``when``; ``also`` may lie between."""
        chain = self._chain(certificate, also)
        return (
            len(chain) > 1
            and chain[-1].dump() in self._roots
            and all(one.not_valid_before <= when <= one.not_valid_after for one in chain)
        )

    def vouching(
        self, part: str, certificate: x509.Certificate, when: dt.datetime, also: Sequence[x509.Certificate] = ()
    ) -> Vouching:
        """What the lists say of a certificate and of those above it, the root apart: nobody could revoke that."""
        below = [one for one in self._chain(certificate, also) if one.issuer != one.subject]
        found = [entry for one in below for entry in self._entries(one)]
        first = min(found, key=lambda entry: entry.at, default=None)
        facts = certificates.facts_of(certificate)
        return Vouching(
            part=part,
            serial=facts.serial,
            name=facts.subject.name or facts.subject.organisation,
            listed=all(self._listed(one, when) for one in below),
            revoked_at=None if first is None else first.at,
            reason="" if first is None else first.reason,
        )

    def _chain(self, certificate: x509.Certificate, also: Sequence[x509.Certificate]) -> list[x509.Certificate]:
        """From this certificate up to a trusted root, or as far as issuers are known."""
        chain = [certificate]
        while chain[-1].dump() not in self._roots and len(chain) <= _LONGEST_CHAIN:
            above = next((one for one in (*self._pool, *also) if one.ca and _signed_by(chain[-1], one)), None)
            if above is None:
                break
            chain.append(above)
        return chain

    def _entries(self, certificate: x509.Certificate) -> list[revocation.Revocation]:
        serial = format(certificate.serial_number, "x")
        return [
            entry
            for one in self._lists
            if one.issuer == certificate.issuer
            for entry in one.revoked
            if entry.serial == serial
        ]

    def _listed(self, certificate: x509.Certificate, when: dt.datetime) -> bool:
        return any(one.issuer == certificate.issuer and one.next_update >= when for one in self._lists)


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        return certificates.signed_by(certificate, issuer)
    except DomainError:
        return False


def _examined(package: OfdPackage, listing: str, place: str, places: list[str], trust: _Trust) -> OfdReport:
    try:
        value_part = located(package.text(place, "SignedValue"), seen_from=place)
        facts = ses.read_signature(package.parts[value_part])
        signer = x509.Certificate.load(facts.signer_der, strict=True)
        maker = x509.Certificate.load(facts.seal.maker_der, strict=True)
        signer_facts, maker_facts = certificates.facts_of(signer), certificates.facts_of(maker)
        steps = [OfdStep("parse", "解析签名和印章结构", passed=True)]
        steps += _of_the_seal(facts, maker, maker_facts, trust)
        steps += _of_the_signer(facts, signer, trust)
        steps += _of_the_document(package, listing, place, value_part, places, facts)
        steps.append(_signature_step(facts, signer_facts.public_pem))
        stamp = ofd_stamps.read(facts.time_stamp, over=facts.signature) if facts.time_stamp else None
        if facts.time_stamp:
            steps.append(_stamp_step(stamp, facts, trust))
        signed_at = facts.signed_at if stamp is None else stamp.at
        vouching = [trust.vouching("signer", signer, signed_at), trust.vouching("maker", maker, signed_at)]
        if stamp is not None:
            vouching.append(trust.vouching("stamp", stamp.authority, signed_at, stamp.certificates))
    except Exception:  # noqa: BLE001  (a hostile file may break the libraries in any way; the report says so)
        return _broken(place)
    return OfdReport(
        part=place,
        seal_id=facts.seal.seal_id,
        seal_name=facts.seal.name,
        seal_valid_from=facts.seal.valid_from,
        seal_valid_until=facts.seal.valid_until,
        picture=facts.seal.picture,
        maker=maker_facts.subject.name or maker_facts.subject.organisation,
        signer=signer_facts.subject.name,
        organisation=signer_facts.subject.organisation,
        certificate_serial=signer_facts.serial,
        maker_serial=maker_facts.serial,
        signed_at=signed_at,
        stamped=stamp is not None,
        algorithm="SM2",
        steps=tuple(steps),
        vouching=tuple(vouching),
    )


def _of_the_seal(
    facts: ses.SignatureFacts, maker: x509.Certificate, maker_facts: certificates.CertificateFacts, trust: _Trust
) -> list[OfdStep]:
    seal = facts.seal
    good = _holds(seal.algorithm, maker_facts.public_pem, seal.info_der, seal.signature)
    chain = trust.leads_to_root(maker, seal.created_at)
    timely = seal.valid_from <= facts.signed_at <= seal.valid_until and facts.signed_at <= trust.at
    period = f"{_day(seal.valid_from)}至{_day(seal.valid_until)}"
    return [
        OfdStep("seal_signature", "印章由制章者签名", good, "" if good else "印章的制章签名不成立，印章被改动过。"),
        OfdStep("maker_chain", "制章者证书可信", chain, "" if chain else "制章者证书不是由本平台信任的机构签发。"),
        OfdStep(
            "seal_validity",
            "盖章时印章在有效期内",
            timely,
            f"印章有效期{period}" if timely else f"盖章时间不在印章有效期（{period}）之内，或者晚于当前时间。",
        ),
    ]


def _of_the_signer(facts: ses.SignatureFacts, signer: x509.Certificate, trust: _Trust) -> list[OfdStep]:
    seal = facts.seal
    listed = facts.signer_der in seal.signers or any(
        hashlib.new(_DIGESTS.get(kind, "sm3"), facts.signer_der).digest() == digest
        for kind, digest in seal.signer_digests
    )
    chain = trust.leads_to_root(signer, facts.signed_at)
    return [
        OfdStep("signer_listed", "签章人有权使用这枚印章", listed, "" if listed else "签章证书不在印章的证书列表中。"),
        OfdStep(
            "signer_chain",
            "盖章时签章证书有效、可信",
            chain,
            "" if chain else "签章证书不是由本平台信任的机构签发，或者盖章时不在有效期内。",
        ),
    ]


def _of_the_document(
    package: OfdPackage,
    listing: str,
    place: str,
    value_part: str,
    places: list[str],
    facts: ses.SignatureFacts,
) -> list[OfdStep]:
    references = find(package.xml(place), "SignedInfo/References")
    method = "" if references is None else references.get("CheckMethod", "")
    changed, covered = [], set()
    for reference in [] if references is None else find_all(references, "Reference"):
        name = located(reference.get("FileRef", ""), seen_from=place)
        value = find(reference, "CheckValue")
        covered.add(name)
        if name not in package.parts or not _digest_is(
            package.parts[name], value.text if value is not None else "", method
        ):
            changed.append(name)
    inner = facts.seal.der == package.parts.get(_seal_part(package, place), facts.seal.der)
    intact = bool(covered) and not changed and inner
    same = facts.data_hash == hashlib.new("sm3", package.parts[place]).digest()
    same = same and located(facts.property_info, seen_from=place) == place
    # what later signatures brought is theirs to cover
    folders = tuple(f"{other.rpartition('/')[0]}/" for other in places[places.index(place) + 1 :])
    open_parts = sorted(
        name
        for name in package.parts
        if name not in covered | {listing, place, value_part} and not name.startswith(folders)
    )
    return [
        OfdStep("parts", "文件各部分没有改动", intact, "" if intact else _changed(changed)),
        OfdStep("data_hash", "签名描述没有改动", same, "" if same else "签名描述文件在盖章之后被改动。"),
        OfdStep(
            "coverage",
            "签章覆盖整个文件",
            not open_parts,
            f"覆盖 {len(covered)} 个部分" if not open_parts else f"有 {len(open_parts)} 个部分不在签章保护之内。",
        ),
    ]


def _seal_part(package: OfdPackage, place: str) -> str:
    return located(package.text(place, "SignedInfo/Seal/BaseLoc"), seen_from=place)


def _changed(names: list[str]) -> str:
    if not names:
        return "签名没有保护任何内容，或者印章文件与签名中的印章不一致。"
    return f"盖章之后有 {len(names)} 个部分被改动或者删除：{'、'.join(names[:3])}。"


def _digest_is(content: bytes, value: str | None, method: str) -> bool:
    try:
        expected = base64.b64decode(value or "", validate=True)
    except binascii.Error:
        return False
    return method in _DIGESTS and hashlib.new(_DIGESTS[method], content).digest() == expected


def _signature_step(facts: ses.SignatureFacts, public_pem: str) -> OfdStep:
    good = _holds(facts.algorithm, public_pem, facts.signed_der, facts.signature)
    return OfdStep("signature", "签名值成立", good, "" if good else "签名值与签章证书不符，签章被改动或者伪造。")


def _stamp_step(stamp: ofd_stamps.ReadStamp | None, facts: ses.SignatureFacts, trust: _Trust) -> OfdStep:
    label = "时间戳可信"
    if stamp is None:
        return OfdStep("time_stamp", label, passed=False, note="时间戳与签名值不符，或者已被改动。")
    if not trust.leads_to_root(stamp.authority, stamp.at, stamp.certificates):
        return OfdStep("time_stamp", label, passed=False, note="时间戳证书不是由本平台信任的机构签发。")
    if abs(stamp.at - facts.signed_at) > _CLOCK_SLACK or stamp.at > trust.at:
        return OfdStep("time_stamp", label, passed=False, note="时间戳的时间与盖章时间不符。")
    return OfdStep("time_stamp", label, passed=True)


def _holds(algorithm: str, public_pem: str, data: bytes, signature: bytes) -> bool:
    return algorithm == ses.SM2_WITH_SM3 and provider.verify("SM2", public_pem, data, signature)


def _day(instant: dt.datetime) -> str:
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def _broken(place: str) -> OfdReport:
    return OfdReport(
        part=place,
        steps=(OfdStep("parse", "解析签名和印章结构", passed=False, note="签章已损坏，无法核验，请勿采信。"),),
    )
