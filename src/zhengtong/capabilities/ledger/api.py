"""The door of the ledger for other apps."""

from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint, from_json
from zhengtong.capabilities.ledger.selectors.entries import EntryFilter, EntryRow, entries_of
from zhengtong.capabilities.ledger.selectors.proofs import (
    ConsistencyProof,
    InclusionProof,
    consistency_proof,
    inclusion_proof,
    newest_checkpoint,
)
from zhengtong.capabilities.ledger.selectors.verification import VerificationReport, verify
from zhengtong.capabilities.ledger.services import LedgerReceipt, append, erase_payload, receipt_text, seal_batch

__all__ = [
    "Checkpoint",
    "ConsistencyProof",
    "EntryFilter",
    "EntryRow",
    "InclusionProof",
    "LedgerReceipt",
    "VerificationReport",
    "append",
    "consistency_proof",
    "entries_of",
    "erase_payload",
    "from_json",
    "inclusion_proof",
    "newest_checkpoint",
    "receipt_text",
    "seal_batch",
    "verify",
]
