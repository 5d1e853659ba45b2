"""Plain Python heart of the ledger: canonical text, commitments, the Merkle tree, the audit."""
