"""The door of documents: draft, issue and withdraw papers, read them, verify them.

Issue one paper per object and kind; where a case needs several of a kind (a second notice after a new
submission), name the finer object: ``ObjectRef(kind="supplement", id=…)``.
"""

import uuid

from zhengtong.capabilities.documents.constants import DocumentKind, DocumentStatus, EndGround, FileFormat
from zhengtong.capabilities.documents.engine.typesetting import template_digest
from zhengtong.capabilities.documents.rules import Verdict
from zhengtong.capabilities.documents.selectors import (
    DocumentView,
    IssuedDocument,
    SignatureView,
    VerificationResult,
    document_view,
    documents_of,
    issue_receipt,
    issued_document,
    readable_document,
    verify_by_code,
    verify_file,
    verify_token,
    verify_url,
)
from zhengtong.capabilities.documents.services import (
    Holder,
    Paper,
    archive_package,
    draft_file,
    ensure_ofd,
    issue_document,
    next_number,
    read_file,
    save_draft,
    withdraw_document,
)
from zhengtong.capabilities.trust.api import token_keys
from zhengtong.kernel.actors import Actor

__all__ = [
    "DocumentKind",
    "DocumentStatus",
    "DocumentView",
    "EndGround",
    "FileFormat",
    "Holder",
    "IssuedDocument",
    "Paper",
    "SignatureView",
    "Verdict",
    "VerificationResult",
    "archive_package",
    "document_view",
    "documents_of",
    "draft_file",
    "ensure_ofd",
    "find_document",
    "issue_document",
    "issue_receipt",
    "next_number",
    "read_file",
    "save_draft",
    "template_digest",
    "token_keys",
    "verify_by_code",
    "verify_file",
    "verify_token",
    "verify_url",
    "withdraw_document",
]


def find_document(*, actor: Actor, document_id: uuid.UUID) -> IssuedDocument:
    """The paper, for whom may read it; raises NotFound or NotPermitted."""
    return issued_document(readable_document(actor=actor, document_id=document_id))
