"""Reads of documents, and what a stranger learns by code, by file or by offline token."""

from zhengtong.capabilities.documents.selectors.licences import (
    LicenceView,
    chain_of,
    checks_of,
    find_licences,
    holders_licence,
    licence_by_id,
    licences_ending,
    licences_of,
    may_handle_licence,
    units_licence,
)
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
    "LicenceView",
    "SignatureView",
    "VerificationResult",
    "chain_of",
    "checks_of",
    "content_digest",
    "document_view",
    "documents_of",
    "find_licences",
    "holders_licence",
    "issue_receipt",
    "issued_document",
    "ledger_entry_of",
    "licence_by_id",
    "licences_ending",
    "licences_of",
    "may_handle_licence",
    "readable_document",
    "sealed_content",
    "signature_report",
    "units_licence",
    "verify_by_code",
    "verify_file",
    "verify_token",
    "verify_url",
]
