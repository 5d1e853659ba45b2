"""The door of the ledger for other apps."""

from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint, all_from_text, from_json
from zhengtong.capabilities.ledger.selectors.entries import EntryFilter, EntryRow, entries_of, readings_about
from zhengtong.capabilities.ledger.selectors.proofs import (
    ConsistencyProof,
    InclusionProof,
    consistency_proof,
    inclusion_proof,
    newest_checkpoint,
)
from zhengtong.capabilities.ledger.selectors.tree import Waiting, waiting_to_be_sealed
from zhengtong.capabilities.ledger.selectors.verification import VerificationReport, verify
from zhengtong.capabilities.ledger.selectors.witnesses import CosigningState, WitnessRow, cosigning_state
from zhengtong.capabilities.ledger.services import (
    LedgerReceipt,
    NewEntry,
    append,
    append_all,
    erase_payload,
    may_simulate,
    permit_simulation,
    receipt_text,
    seal_batch,
)

__all__ = [
    "Checkpoint",
    "ConsistencyProof",
    "CosigningState",
    "EntryFilter",
    "EntryRow",
    "InclusionProof",
    "LedgerReceipt",
    "NewEntry",
    "VerificationReport",
    "Waiting",
    "WitnessRow",
    "all_from_text",
    "append",
    "append_all",
    "consistency_proof",
    "cosigning_state",
    "entries_of",
    "erase_payload",
    "from_json",
    "inclusion_proof",
    "may_simulate",
    "newest_checkpoint",
    "permit_simulation",
    "readings_about",
    "receipt_text",
    "seal_batch",
    "verify",
    "waiting_to_be_sealed",
]
