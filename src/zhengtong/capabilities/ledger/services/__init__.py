"""Writes of the ledger: append, erase a payload, seal."""

from zhengtong.capabilities.ledger.services.append import LedgerReceipt, append, erase_payload
from zhengtong.capabilities.ledger.services.receipts import receipt_text
from zhengtong.capabilities.ledger.services.sequencer import seal_batch

__all__ = ["LedgerReceipt", "append", "erase_payload", "receipt_text", "seal_batch"]
