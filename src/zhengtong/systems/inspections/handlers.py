"""Listening: events that have a risk source go to ``services.risks``, cards referred to ``services.referring``."""

from zhengtong.contracts.supervision import CardMoved
from zhengtong.kernel.outbox import subscribe_group
from zhengtong.systems.inspections.constants import REFERRALS_SUBSCRIBER, SUBSCRIBER
from zhengtong.systems.inspections.registry import risk_sources
from zhengtong.systems.inspections.services.referring import receive
from zhengtong.systems.inspections.services.risks import note_signals


def subscribe_all() -> None:
    """Listen to every kind of event that has a source, and to what is done with cards."""
    for name, _source in risk_sources.items():  # noqa: PERF102  (a Registry has no keys)
        subscribe_group(name, note_signals, key=SUBSCRIBER)
    subscribe_group(CardMoved.NAME, receive, key=REFERRALS_SUBSCRIBER)
