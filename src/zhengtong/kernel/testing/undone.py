"""A transaction of a test that is taken back, and that counts as none for what must not happen inside one."""

import contextlib
from collections.abc import Iterator

from django.db import transaction


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back; ``refuse_inside`` does not see this transaction, as that of a TestCase."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # what Django's own TestCase sets
    with block:
        yield
        transaction.set_rollback(True)
