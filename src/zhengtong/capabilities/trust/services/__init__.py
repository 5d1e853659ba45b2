"""Use cases of trust."""

from zhengtong.capabilities.trust.services.lifecycle import resume_seal, revoke_seal, suspend_seal
from zhengtong.capabilities.trust.services.making import ensure_seal
from zhengtong.capabilities.trust.services.sealing import SealedPdf, SealPosition, seal_pdf
from zhengtong.capabilities.trust.services.verification import PdfVerification, verify_pdf

__all__ = [
    "PdfVerification",
    "SealPosition",
    "SealedPdf",
    "ensure_seal",
    "resume_seal",
    "revoke_seal",
    "seal_pdf",
    "suspend_seal",
    "verify_pdf",
]
