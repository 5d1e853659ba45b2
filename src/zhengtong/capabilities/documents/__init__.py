"""Papers the platform issues: typesetting, numbering, sealing, verification."""
