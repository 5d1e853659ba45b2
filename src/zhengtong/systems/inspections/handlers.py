"""Listening: events that have a risk source go to ``services.risks``, many at once."""

from zhengtong.kernel.outbox import subscribe_group
from zhengtong.systems.inspections.constants import SUBSCRIBER
from zhengtong.systems.inspections.registry import risk_sources
from zhengtong.systems.inspections.services.risks import note_signals


def subscribe_all() -> None:
    """Listen to every kind of event that has a source."""
    for name, _source in risk_sources.items():  # noqa: PERF102  (a Registry has no keys)
        subscribe_group(name, note_signals, key=SUBSCRIBER)
