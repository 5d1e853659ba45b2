"""The door of documents: issue and withdraw papers, read them, verify them.

Issue one paper per object and kind; where a case needs several of a kind (a second notice after a new
submission), name the finer object: ``ObjectRef(kind="supplement", id=…)``.
"""

import uuid

from zhengtong.capabilities.documents.constants import DocumentKind, DocumentStatus
from zhengtong.capabilities.documents.engine.qr import qr_png, qr_svg
from zhengtong.capabilities.documents.rules import Verdict
from zhengtong.capabilities.documents.selectors import (
    IssuedDocument,
    SignatureView,
    VerificationResult,
    documents_of,
    issued_document,
    readable_document,
    verify_by_code,
    verify_file,
    verify_url,
)
from zhengtong.capabilities.documents.services import (
    Holder,
    issue_document,
    next_number,
    read_file,
    withdraw_document,
)
from zhengtong.kernel.actors import Actor

__all__ = [
    "DocumentKind",
    "DocumentStatus",
    "Holder",
    "IssuedDocument",
    "SignatureView",
    "Verdict",
    "VerificationResult",
    "documents_of",
    "find_document",
    "issue_document",
    "next_number",
    "qr_png",
    "qr_svg",
    "read_file",
    "verify_by_code",
    "verify_file",
    "verify_url",
    "withdraw_document",
]


def find_document(*, actor: Actor, document_id: uuid.UUID) -> IssuedDocument:
    """The paper, for whom may read it; raises NotFound or NotPermitted."""
    return issued_document(readable_document(actor=actor, document_id=document_id))
