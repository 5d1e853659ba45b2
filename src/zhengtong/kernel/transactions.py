"""What belongs before a transaction, and what only one transaction at a time may do."""

from django.db import connection


def refuse_inside(what: str) -> None:
    """Raises RuntimeError in a transaction: a mistake of the caller. The one a test runs in does not count."""
    # the same look as ``atomic(durable=True)``, without a connection where there is none
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError(f"{what} inside a transaction: do it before, others wait for the locked rows")


def hold(name: str, *, shared: bool = False) -> None:
    """Have ``name`` to oneself until the transaction ends: whoever comes second waits, then sees what was done.

    For what no row stands for yet. Any number hold it ``shared`` at once, while nobody has it to himself. Taken before
    rows are locked, or two acts wait for each other. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a name is held until the transaction ends: there is none")
    kind = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_xact_lock{kind}(hashtextextended(%s, 0))", [name])
