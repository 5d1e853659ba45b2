"""What belongs before a transaction, what only one at a time may do, and up to which all have ended."""

from typing import Final

from django.db import connection

# An SQL expression (xid8): every transaction of this database below it has ended, as the statement's own snapshot sees
# it. The server numbers the transactions of all its databases in one row, and another database's are no matter of
# ours: a nightly job of a neighbour would hold back every event. Whose number is not known counts as ours.
OLDEST_RUNNING: Final = """(
    select least(
        pg_current_xact_id_if_assigned(),
        pg_snapshot_xmax(pg_current_snapshot()),
        case when pg_snapshot_xmin(pg_current_snapshot()) < pg_snapshot_xmax(pg_current_snapshot()) then (
            select running from pg_snapshot_xip(pg_current_snapshot()) running
            where running::xid not in (
                select elsewhere.backend_xid from pg_stat_activity elsewhere
                where elsewhere.backend_xid is not null and elsewhere.datid <>
                    (select here.oid from pg_database here where here.datname = current_database())
            )
            order by running limit 1
        ) end
    )
)"""


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
