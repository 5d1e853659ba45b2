"""What may take long is done before a transaction begins, so that nobody waits for it at a locked row."""

from django.db import connection


def refuse_inside(what: str) -> None:
    """Raises RuntimeError in a transaction: a mistake of the caller. The one a test runs in does not count."""
    # the same look as ``atomic(durable=True)``, without a connection where there is none
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError(f"{what} inside a transaction: do it before, others wait for the locked rows")
