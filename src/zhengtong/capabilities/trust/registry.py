"""What plugs into trust: certificate authorities and signers of PDF documents."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from zhengtong.kernel.registry import Registry
from zhengtong.kernel.signing.provider import SignProvider


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
class SignatureReport:
    """What the examination of one signature in a document found.

    ``intact``: the signed bytes and the signature fit together. ``coverage_whole``: it covers the file to its
    last byte. ``modified_after``: something other than a further signature was added later. ``chain_ok``: the
    certificate leads to a trusted root and was valid when signing. ``message``: one Chinese sentence for people.
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

    @property
    def valid(self) -> bool:
        """True when nothing speaks against the signature."""
        return self.intact and self.chain_ok and not self.modified_after


class CertificateAuthority(Protocol):
    """Issues certificates for the platform's seals."""

    @property
    def is_development(self) -> bool:
        """True for one that must never be used in production."""

    def root(self, *, tenant: str, algorithm: str, at: dt.datetime) -> str:
        """The root certificate (PEM) for keys of ``algorithm``."""

    def issue(
        self,
        *,
        tenant: str,
        algorithm: str,
        root_pem: str,
        organisation: str,
        name: str,
        public_pem: str,
        at: dt.datetime,
    ) -> str:
        """A certificate (PEM) that names ``organisation`` and ``name`` as the holder of the key."""


class PdfSigner(Protocol):
    """Signs PDF documents and examines signatures in them."""

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
    ) -> bytes:
        """The document with one more signature; visible when a picture (PDF or PNG) and a box are given."""

    def verify_pdf(self, pdf: bytes, *, trust_roots: Sequence[str], at: dt.datetime) -> list[SignatureReport]:
        """A report per signature, in the order of signing; raises Invalid when the file is no readable PDF."""


# Factories, because the libraries behind them take most of a second to load.
certificate_authorities: Registry[Callable[[], CertificateAuthority]] = Registry("certificate_authorities")
pdf_signers: Registry[Callable[[], PdfSigner]] = Registry("pdf_signers")
