"""Reads of documents, and what a stranger learns by code, by file or by offline token."""

from zhengtong.capabilities.documents.selectors.papers import (
    DocumentView,
    IssuedDocument,
    content_digest,
    document_view,
    documents_of,
    issue_receipt,
    issued_document,
    ledger_entry_of,
    readable_document,
    sealed_content,
    verify_url,
)
from zhengtong.capabilities.documents.selectors.signatures import SignatureView, signature_report
from zhengtong.capabilities.documents.selectors.verification import (
    VerificationResult,
    verify_by_code,
    verify_file,
    verify_token,
)

__all__ = [
    "DocumentView",
    "IssuedDocument",
    "SignatureView",
    "VerificationResult",
    "content_digest",
    "document_view",
    "documents_of",
    "issue_receipt",
    "issued_document",
    "ledger_entry_of",
    "readable_document",
    "sealed_content",
    "signature_report",
    "verify_by_code",
    "verify_file",
    "verify_token",
    "verify_url",
]
