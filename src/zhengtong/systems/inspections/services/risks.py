"""What events tell against units is kept as weight for later draws."""

import itertools
from collections.abc import Sequence

from django.db.models import Q

from zhengtong.kernel.events import Event
from zhengtong.kernel.many import insert_all
from zhengtong.systems.inspections.models import RiskSignal
from zhengtong.systems.inspections.registry import risk_sources


def note_signals(events: Sequence[Event]) -> None:
    """Keep what sources read from events, or take back what they withdraw; the outbox opened the transaction."""
    for (tenant, withdraws), several in itertools.groupby(
        events, key=lambda event: (event.tenant, risk_sources.get(event.NAME).withdraws)
    ):
        told: dict[tuple[str, str], RiskSignal] = {}
        for row in map(_told, several):
            if row is not None:
                told.setdefault((row.kind, row.key), row)
        keys = {kind: [key for of, key in told if of == kind] for kind, _key in told}
        known = Q(pk__in=[])
        for kind, of_kind in keys.items():
            known |= Q(kind=kind, key__among=of_kind)
        found = RiskSignal.objects.filter(known, tenant=tenant)
        if withdraws:
            found.update(withdrawn=True)
        else:
            stored = set(found.values_list("kind", "key"))
            insert_all([row for name, row in told.items() if name not in stored])


def _told(event: Event) -> RiskSignal | None:
    source = risk_sources.get(event.NAME)
    signal = source.read(event)
    if signal is None:
        return None
    return RiskSignal(
        tenant=event.tenant,
        kind=signal.kind,
        key=source.key(event)[:80],
        org_id=signal.org_id,
        case_number=signal.case_number[:80],
        at=event.at,
    )
