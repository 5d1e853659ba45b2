"""Listening: every watched event goes to ``services.watch``."""

from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import subscribe
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services import watch


def on_event(event: Event) -> None:
    """Take note, raise cards; the outbox has opened the transaction."""
    watch(event)


def subscribe_all() -> None:
    """Listen to every kind of event that has a source."""
    for name, _source in event_sources.items():  # noqa: PERF102  (a Registry has no keys)
        subscribe(name, on_event, key=SUBSCRIBER)
