"""Reads of the ledger: entries, proofs, checkpoints, the audit of the whole."""
