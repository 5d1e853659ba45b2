"""What plugs into the registry of trust: the development authority, signatures in PDF, the ledger's signer."""
