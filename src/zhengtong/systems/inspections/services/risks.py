"""What events tell against units is kept as weight for later draws."""

from zhengtong.kernel.events import Event
from zhengtong.systems.inspections.models import RiskSignal
from zhengtong.systems.inspections.registry import risk_sources


def note_signal(event: Event) -> None:
    """Keep what a source reads from the event, or take back what it withdraws; the outbox opened the transaction."""
    source = risk_sources.get(event.NAME)
    signal = source.read(event)
    if signal is None:
        return
    found = RiskSignal.objects.filter(tenant=event.tenant, kind=signal.kind, key=source.key(event)[:80])
    if source.withdraws:
        found.update(withdrawn=True)
    elif not found.exists():
        RiskSignal.objects.create(
            tenant=event.tenant,
            kind=signal.kind,
            key=source.key(event)[:80],
            org_id=signal.org_id,
            case_number=signal.case_number[:80],
            at=event.at,
        )
