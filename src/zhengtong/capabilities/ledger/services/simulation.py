"""Whether a ledger may hold simulated entries: settled before its first entry, for good."""

from django.db import transaction

from zhengtong.capabilities.ledger.models import Entry, SimulationPermit


@transaction.atomic
def permit_simulation() -> bool:
    """Make an empty ledger that of a demonstration; True when it is one afterwards.

    Called by the owner of the tables when a demonstration is set up: the application has no right to, and a ledger
    that holds entries stays what it is.
    """
    if may_simulate():
        return True
    if Entry.objects.exists():
        return False
    SimulationPermit.objects.create()
    return True


def may_simulate() -> bool:
    """True for the ledger of a demonstration."""
    return SimulationPermit.objects.exists()
