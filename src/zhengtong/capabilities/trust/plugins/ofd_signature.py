"""Seals OFD packages by GB/T 33190 §18 and GB/T 38540, and examines the seals on them."""

import base64
import datetime as dt
import functools
import hashlib
from collections.abc import Sequence

from lxml import etree

from zhengtong.capabilities.trust.engine import ses, timestamps
from zhengtong.capabilities.trust.engine.ofd_package import (
    ENTRY,
    NAMESPACE,
    OfdPackage,
    element,
    find,
    find_all,
    located,
)
from zhengtong.capabilities.trust.plugins import ofd_examination
from zhengtong.capabilities.trust.registry import NO_EVIDENCE, Credential, Evidence, OfdReport, Stamp, StampPlace
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import Invalid

_fetched = functools.partial(timestamps.fetched, digest_algorithm="sm3")
_PROVIDER = {"ProviderName": "zhengtong-trust", "Company": "Zhengtong", "Version": "1.0"}


class SesSigner:
    """The OfdSigner of the platform."""

    def sign_ofd(
        self,
        ofd: bytes,
        *,
        credential: Credential,
        seal: bytes,
        place: StampPlace,
        signed_at: dt.datetime,
        stamp: Stamp | None = None,
    ) -> bytes:
        """The package with one more seal.

        Every part is digested but the list of signatures, so that a second organisation may add its seal.
        """
        package = OfdPackage(ofd)
        signatures, folder, number = _list_of(package)
        seal_part, signature_part, value_part = (
            f"{folder}/{name}" for name in ("Seal.esl", "Signature.xml", "SignedValue.dat")
        )
        listed = package.xml(signatures)
        entry = etree.SubElement(
            listed, element("Signature"), ID=str(number), Type="Seal", BaseLoc=f"/{signature_part}"
        )
        highest = find(listed, "MaxSignId")
        if highest is not None:
            highest.text = entry.get("ID")
        package.put_xml(signatures, listed)
        package.parts[seal_part] = seal
        described = _described(package, signatures, seal_part, value_part, place, signed_at, number)
        package.put_xml(signature_part, described)
        package.parts[value_part] = ses.sign(
            seal=seal,
            signed_at=signed_at,
            data_hash=hashlib.new("sm3", package.parts[signature_part]).digest(),
            property_info=f"/{signature_part}",
            user=credential,
            stamp=None if stamp is None else functools.partial(_fetched, stamp.answer),
        )
        return package.packed()

    def verify_ofd(
        self, ofd: bytes, *, trust_roots: Sequence[str], at: dt.datetime, evidence: Evidence = NO_EVIDENCE
    ) -> list[OfdReport]:
        """A report per seal, in the order of signing."""
        return ofd_examination.examine(ofd, trust_roots=trust_roots, at=at, evidence=evidence)


def _list_of(package: OfdPackage) -> tuple[str, str, int]:
    """The part that lists signatures (made when there is none), the folder and the number of the next one."""
    root = package.xml(ENTRY)
    body = find(root, "DocBody")
    document = None if body is None else find(body, "DocRoot")
    if body is None or document is None or not document.text:
        raise Invalid("OFD 文件没有文档根，不能盖章。")
    named = find(body, "Signatures")
    if named is not None and named.text:
        part = located(named.text.strip(), seen_from=ENTRY)
        number = 1 + max((int(one.get("ID", "0")) for one in find_all(package.xml(part), "Signature")), default=0)
        return part, f"{part.rpartition('/')[0]}/Sign_{number - 1}", number
    folder = f"{located(document.text.strip(), seen_from=ENTRY).rpartition('/')[0]}/Signs"
    part = f"{folder}/Signatures.xml"
    etree.SubElement(body, element("Signatures")).text = f"/{part}"
    package.put_xml(ENTRY, root)
    listed = etree.Element(element("Signatures"), nsmap={"ofd": NAMESPACE})
    etree.SubElement(listed, element("MaxSignId")).text = "1"
    package.put_xml(part, listed)
    return part, f"{folder}/Sign_0", 1


def _described(
    package: OfdPackage,
    signatures: str,
    seal_part: str,
    value_part: str,
    place: StampPlace,
    signed_at: dt.datetime,
    number: int,
) -> etree._Element:
    root = etree.Element(element("Signature"), nsmap={"ofd": NAMESPACE})
    info = etree.SubElement(root, element("SignedInfo"))
    etree.SubElement(info, element("Provider"), _PROVIDER)
    etree.SubElement(info, element("SignatureMethod")).text = ses.SM2_WITH_SM3
    local = signed_at.astimezone(SHANGHAI)
    etree.SubElement(info, element("SignatureDateTime")).text = f"{local:%Y-%m-%d %H:%M:%S}"
    references = etree.SubElement(info, element("References"), CheckMethod="SM3")
    for name in sorted(package.parts):
        if name not in (signatures, value_part):
            digest = hashlib.new("sm3", package.parts[name]).digest()
            reference = etree.SubElement(references, element("Reference"), FileRef=f"/{name}")
            etree.SubElement(reference, element("CheckValue")).text = base64.b64encode(digest).decode()
    box = f"{place.left_mm:.3f} {place.top_mm:.3f} {place.width_mm:.3f} {place.height_mm:.3f}"
    pages = _pages(package)
    if not 0 <= place.page < len(pages):
        raise Invalid("盖章位置不在文件页面之内，没有盖章。请检查用印页码和位置。")
    # the identifier is told apart from those of the document's objects by its own number range
    etree.SubElement(info, element("StampAnnot"), ID=f"{1_000_000 + number}", PageRef=pages[place.page], Boundary=box)
    seal = etree.SubElement(info, element("Seal"))
    etree.SubElement(seal, element("BaseLoc")).text = f"/{seal_part}"
    etree.SubElement(root, element("SignedValue")).text = f"/{value_part}"
    return root


def _pages(package: OfdPackage) -> list[str]:
    part = located(package.text(ENTRY, "DocBody/DocRoot"), seen_from=ENTRY)
    return [page.get("ID", "") for page in find_all(package.xml(part), "Pages/Page")]
