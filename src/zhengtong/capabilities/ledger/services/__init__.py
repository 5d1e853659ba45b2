"""Writes of the ledger: append, erase a payload, seal, hear witnesses."""

from zhengtong.capabilities.ledger.services.append import LedgerReceipt, NewEntry, append, append_all, erase_payload
from zhengtong.capabilities.ledger.services.receipts import receipt_text
from zhengtong.capabilities.ledger.services.sequencer import seal_batch
from zhengtong.capabilities.ledger.services.simulation import may_simulate, permit_simulation
from zhengtong.capabilities.ledger.services.witnesses import (
    approve_witness,
    end_witness,
    record_cosignature,
    register_witness,
)

__all__ = [
    "LedgerReceipt",
    "NewEntry",
    "append",
    "append_all",
    "approve_witness",
    "end_witness",
    "erase_payload",
    "may_simulate",
    "permit_simulation",
    "receipt_text",
    "record_cosignature",
    "register_witness",
    "seal_batch",
]
