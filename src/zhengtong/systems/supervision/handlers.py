"""Listening: every watched event goes to ``services.watch_all``, many at once; a report gets its paper, a card
what inspection found.
"""

from collections.abc import Sequence

from zhengtong.contracts.inspections import ReferralAnswered
from zhengtong.contracts.supervision import ReportPublished
from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import subscribe, subscribe_group
from zhengtong.systems.supervision import tasks
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services import watch_all
from zhengtong.systems.supervision.services.inspected import note_inspection


def on_events(events: Sequence[Event]) -> None:
    """Take note, raise cards; the outbox has opened the transaction."""
    watch_all(events)


def on_report(event: ReportPublished) -> None:
    """Typeset it outside the act."""
    tasks.issue_report.defer(tenant=event.tenant, report_id=str(event.report_id))


def subscribe_all() -> None:
    """Listen to every kind of event that has a source."""
    for name, _source in event_sources.items():  # noqa: PERF102  (a Registry has no keys)
        subscribe_group(name, on_events, key=SUBSCRIBER, urgent=True)
    subscribe(ReportPublished.NAME, on_report, key="supervision.report_published")
    subscribe(ReferralAnswered.NAME, note_inspection, key="supervision.referral_answered")
