"""The night's job: what is past its period goes, kind by kind, batch by batch; the ledger says how many."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.db import transaction

from zhengtong.capabilities.identity.constants import RETENTION_KIND
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import loose_files, retention
from zhengtong.kernel.actors import ObjectRef, system

_CRUMBS: Final = dt.timedelta(days=1)
Tell = Callable[[str, int, int], None]


def keep_retention(*, tenant: str, tell: Tell | None = None) -> dict[str, int]:
    """Let go what is past its period; ``tell`` hears (kind, gone so far, due) after each batch. Kinds → how many went.

    May be broken off and repeated at any time: each batch is a transaction of its own.
    """
    gone = {}
    for due in retention.preview(tenant=tenant):
        if due.count:
            gone[due.key] = _sweep(tenant, due, tell)
    loose_files.sweep_disk(older_than=_CRUMBS)
    return gone


def _sweep(tenant: str, due: retention.Due, tell: Tell | None) -> int:
    actor, total = system(tenant), 0
    # what becomes due meanwhile is left to the next night: so this ends
    while total < due.count and (taken := retention.take_batch(due.key, actor=actor)):
        total += taken
        if tell:
            tell(due.label, total, due.count)
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="identity.retention_kept",
            object_ref=ObjectRef(kind=RETENTION_KIND, id=due.key),
            payload={"label": due.label, "does": due.does, "count": total, "days": due.days},
            basis=retention.LEGAL_BASIS,
        )
    return total
