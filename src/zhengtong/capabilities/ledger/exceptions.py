"""Errors of callers, not of people: each means that a program has to be corrected."""


class NotCanonical(TypeError):
    """A payload holds something that has no single written form (a float, an odd key, a lone surrogate)."""


class NotInTransaction(RuntimeError):
    """An entry was to be written outside the transaction of its act."""


class BrokenLedger(RuntimeError):
    """Stored leaves, nodes and checkpoints do not fit together; the ledger has to be verified before it goes on."""
