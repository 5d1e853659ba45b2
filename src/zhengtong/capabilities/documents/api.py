"""The door of documents: draft, issue and withdraw papers, read them, verify them.

Issue one paper per object and kind; where a case needs several of a kind (a second notice after a new
submission), name the finer object: ``ObjectRef(kind="supplement", id=…)``.
"""

import uuid

from zhengtong.capabilities.documents.constants import CheckWay, DocumentKind, DocumentStatus, EndGround, FileFormat
from zhengtong.capabilities.documents.engine.typesetting import template_digest
from zhengtong.capabilities.documents.rules import Verdict
from zhengtong.capabilities.documents.selectors import (
    DocumentView,
    IssuedDocument,
    LicenceView,
    SignatureView,
    VerificationResult,
    chain_of,
    checks_of,
    document_view,
    documents_about,
    documents_of,
    find_licences,
    holders_licence,
    issue_receipt,
    issued_document,
    licence_by_id,
    licences_ending,
    licences_of,
    may_handle_licence,
    readable_document,
    units_licence,
    unsealed_papers,
    verify_by_code,
    verify_file,
    verify_token,
    verify_url,
)
from zhengtong.capabilities.documents.services import (
    Holder,
    NoLongerInForce,
    Paper,
    archive_package,
    count_check,
    ensure_ofd,
    issue_document,
    issue_report,
    lift_loss,
    next_number,
    preview_document,
    read_file,
    record_reading,
    record_use,
    reissue_document,
    report_loss,
    why_no_paper,
    withdraw_document,
)
from zhengtong.capabilities.trust.api import token_keys
from zhengtong.kernel.actors import Actor

__all__ = [
    "CheckWay",
    "DocumentKind",
    "DocumentStatus",
    "DocumentView",
    "EndGround",
    "FileFormat",
    "Holder",
    "IssuedDocument",
    "LicenceView",
    "NoLongerInForce",
    "Paper",
    "SignatureView",
    "Verdict",
    "VerificationResult",
    "archive_package",
    "chain_of",
    "checks_of",
    "count_check",
    "document_view",
    "documents_about",
    "documents_of",
    "ensure_ofd",
    "find_document",
    "find_licences",
    "holders_licence",
    "issue_document",
    "issue_receipt",
    "issue_report",
    "licence_by_id",
    "licences_ending",
    "licences_of",
    "lift_loss",
    "may_handle_licence",
    "next_number",
    "preview_document",
    "read_file",
    "record_reading",
    "record_use",
    "reissue_document",
    "report_loss",
    "template_digest",
    "token_keys",
    "units_licence",
    "unsealed_papers",
    "verify_by_code",
    "verify_file",
    "verify_token",
    "verify_url",
    "why_no_paper",
    "withdraw_document",
]


def find_document(*, actor: Actor, document_id: uuid.UUID) -> IssuedDocument:
    """The paper, for whom may read it; raises NotFound or NotPermitted."""
    return issued_document(readable_document(actor=actor, document_id=document_id))
