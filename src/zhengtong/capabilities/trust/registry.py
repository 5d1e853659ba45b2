"""What plugs into trust: certificate authorities, signers of PDF documents, keepers of sealed files."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.registry import Registry
from zhengtong.kernel.signing.provider import SignProvider


@dataclasses.dataclass(frozen=True)
class Stamp:
    """A time-stamp service without HTTP.

    ``answer``: the DER of an RFC 3161 request → the DER of the answer; ``token_bytes``: room its tokens need.
    """

    answer: Callable[[bytes], bytes]
    token_bytes: int


@dataclasses.dataclass(frozen=True)
class Credential:
    """A key that signs, its certificate, and the certificates above it (PEM)."""

    provider: SignProvider
    certificate_pem: str
    chain_pem: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Box:
    """Where a seal stands: PDF points from the lower left corner; ``page`` counts from 0, -1 is the last."""

    left: float
    bottom: float
    right: float
    top: float
    page: int = -1


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What proves later that a certificate was good: certificates (PEM) and revocation lists (DER)."""

    certificates_pem: tuple[str, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()


NO_EVIDENCE = Evidence()


@dataclasses.dataclass(frozen=True)
class SignatureReport:
    """What the examination of one signature in a document found.

    ``signed_at`` is the time of a trusted time stamp where ``stamped``, else the signer's own word.
    ``intact``: the signed bytes and the signature fit together. ``coverage_whole``: it covers the file to its
    last byte. ``modified_after``: something other than a further signature or evidence was added later.
    ``chain_ok``: the certificate leads to a trusted root and was valid and not revoked when signing.
    ``revocation``: ``good``, ``revoked``, ``revoked_later`` (after signing) or ``unknown``; ``revoked_at`` goes
    with it. ``level``: how much evidence the file holds itself (B, T, LT, LTA). ``archive``: no signature of a
    person or organisation but a time stamp over the file. ``chain``: names from the signer up to the root.
    ``message``: one Chinese sentence for people.
    """

    field: str
    signer: str
    organisation: str
    signed_at: dt.datetime | None
    algorithm: str
    reason: str
    certificate_serial: str
    issuer: str
    intact: bool
    coverage_whole: bool
    modified_after: bool
    chain_ok: bool
    message: str
    stamped: bool = False
    archive: bool = False
    level: str = "B"
    revocation: str = "unknown"
    revoked_at: dt.datetime | None = None
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    chain: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """True when nothing speaks against the signature."""
        return self.intact and self.chain_ok and not self.modified_after


@dataclasses.dataclass(frozen=True, kw_only=True)
class CertificateOrder:
    """A certificate that is wanted; ``profile`` is ``signer``, ``person`` or ``timestamp``."""

    tenant: str
    algorithm: str
    profile: str
    organisation: str
    name: str
    public_pem: str
    at: dt.datetime
    serial: str = ""


@dataclasses.dataclass(frozen=True)
class IssuedCertificate:
    """The certificate (PEM) and those above it, from its issuer up to the root."""

    certificate_pem: str
    chain_pem: tuple[str, ...]


class CertificateAuthority(Protocol):
    """Issues certificates for the platform's seals, its own duties and its officials."""

    @property
    def is_development(self) -> bool:
        """True for one that must never be used in production."""

    @property
    def online(self) -> bool:
        """True where ``issue`` answers with a certificate, False where requests and certificates go by file."""

    def issue(self, order: CertificateOrder) -> IssuedCertificate | None:
        """The certificate; None where the authority is not ``online`` (``zhengtong trust request``)."""


class PdfSigner(Protocol):
    """Signs PDF documents, keeps them provable, and examines signatures in them."""

    def sign_pdf(
        self,
        pdf: bytes,
        *,
        credential: Credential,
        field: str,
        seal_picture: bytes | None,
        box: Box | None,
        reason: str,
        location: str,
        signed_at: dt.datetime,
        stamp: Stamp | None = None,
    ) -> bytes:
        """The document with one more signature; visible when a picture (PDF or PNG) and a box are given."""

    def preserve_pdf(
        self, pdf: bytes, *, evidence: Evidence, stamp: Stamp | None, digest_algorithm: str, field: str
    ) -> bytes:
        """The document with evidence (LT) and, with ``stamp``, an archival time stamp over all of it (LTA)."""

    def verify_pdf(
        self, pdf: bytes, *, trust_roots: Sequence[str], at: dt.datetime, evidence: Evidence = NO_EVIDENCE
    ) -> list[SignatureReport]:
        """A report per signature, in the order of signing; raises Invalid when the file is no readable PDF."""


class SealedFileKeeper(Protocol):
    """Keeps the files of one kind of object, so that trust can renew their archival time stamps."""

    def read(self, *, tenant: str, object_ref: ObjectRef, digest: str) -> bytes | None:
        """The file with that SM3 digest, None when it is no longer kept."""

    def add_version(self, *, tenant: str, object_ref: ObjectRef, digest: str, pdf: bytes) -> None:
        """Keep ``pdf`` as the renewed form of the file with that digest; in the caller's transaction."""


# Factories, because the libraries behind them take most of a second to load.
certificate_authorities: Registry[Callable[[], CertificateAuthority]] = Registry("certificate_authorities")
pdf_signers: Registry[Callable[[], PdfSigner]] = Registry("pdf_signers")

sealed_file_keepers: Registry[SealedFileKeeper] = Registry("sealed_file_keepers")
"""object kind of a use of a seal (``document``) → who keeps its files."""


@dataclasses.dataclass(frozen=True)
class StampPlace:
    """Where a seal stands on a page of an OFD document: millimetres from the upper left corner, ``page`` from 0."""

    page: int
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclasses.dataclass(frozen=True)
class OfdStep:
    """One step of an examination: ``label`` says what was checked, ``note`` what was found."""

    key: str
    label: str
    passed: bool
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Vouching:
    """A certificate that a seal on an OFD document rests on, and what the lists say of it and of those above it.

    ``part``: ``signer``, ``maker`` or ``stamp``. ``listed``: every list needed reaches up to the time of signing.
    ``revoked_at`` and ``reason`` (a word of RFC 5280) are the earliest revocation in its chain.
    """

    part: str
    serial: str
    name: str
    listed: bool
    revoked_at: dt.datetime | None = None
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfdReport:
    """What the examination of one seal on an OFD document found; empty texts where it could not be read.

    ``signed_at`` is the time of a trusted time stamp where ``stamped``, else the signer's own word. ``revocation``
    is a word as in ``SignatureReport``, judged by who knows the platform's own records, too.
    """

    part: str
    steps: tuple[OfdStep, ...]
    seal_id: str = ""
    seal_name: str = ""
    seal_valid_from: dt.datetime | None = None
    seal_valid_until: dt.datetime | None = None
    picture: bytes = b""
    maker: str = ""
    signer: str = ""
    organisation: str = ""
    certificate_serial: str = ""
    maker_serial: str = ""
    signed_at: dt.datetime | None = None
    stamped: bool = False
    algorithm: str = ""
    vouching: tuple[Vouching, ...] = ()
    revocation: str = "unknown"
    revoked_at: dt.datetime | None = None

    @property
    def valid(self) -> bool:
        """True when every step passed."""
        return all(step.passed for step in self.steps)

    @property
    def message(self) -> str:
        """One Chinese sentence for people: the first step that failed, if one did."""
        failed = next((step for step in self.steps if not step.passed), None)
        if failed is None:
            return "电子印章有效，文件自盖章以来未被改动。"
        return f"电子印章没有通过核验（{failed.label}）：{failed.note or '不成立。'}"


class OfdSigner(Protocol):
    """Seals OFD documents and examines the seals on them."""

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
        """The document with one more seal (``seal``: DER of a SESeal), time-stamped where wanted; raises Invalid."""

    def verify_ofd(
        self, ofd: bytes, *, trust_roots: Sequence[str], at: dt.datetime, evidence: Evidence = NO_EVIDENCE
    ) -> list[OfdReport]:
        """A report per seal, in the order of signing; raises Invalid when the file is no readable OFD."""


ofd_signers: Registry[Callable[[], OfdSigner]] = Registry("ofd_signers")
