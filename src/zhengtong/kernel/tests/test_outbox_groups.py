"""Subscribers that take many events at once: in order per object, each once, one bad event alone."""

import dataclasses
import datetime as dt
from typing import ClassVar

import pytest
from django.db import transaction

from zhengtong.kernel import outbox
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event
from zhengtong.kernel.models import InboxKey, OutboxEvent

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rang(Event):
    NAME: ClassVar[str] = "kernel.rang.v1"
    step: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Spoke(Event):
    NAME: ClassVar[str] = "kernel.spoke.v1"
    step: int


@pytest.fixture
def heard(monkeypatch):
    """What one subscriber heard in its order: bells many at once, words one by one."""
    seen: list[list[int]] = []
    monkeypatch.setattr(outbox, "_subscriptions", {})
    monkeypatch.setattr(outbox, "_groups", {})
    monkeypatch.setattr(outbox, "_handed", set())
    outbox.subscribe(Spoke.NAME, lambda event: seen.append([event.step]), key="test")
    outbox.subscribe_group(Rang.NAME, lambda events: seen.append([event.step for event in events]), key="test")
    return seen


def tell(*told: tuple[type[Event], int, str]) -> None:
    with transaction.atomic():
        outbox.publish_all(
            [
                kind(tenant="980723", object_ref=ObjectRef(kind="thing", id=key), at=AT, step=step)
                for kind, step, key in told
            ]
        )


def test_many_are_handed_over_at_once_and_only_once(heard):
    tell(*((Rang, number, str(number % 7)) for number in range(40)))

    assert outbox.relay() == 40
    assert outbox.relay() == 0

    assert heard == [list(range(40))]
    assert InboxKey.objects.filter(subscriber="test").count() == 40


def test_what_follows_a_word_of_its_object_waits_for_its_turn(heard):
    tell((Rang, 1, "a"), (Spoke, 2, "a"), (Rang, 3, "a"), (Rang, 4, "b"))

    outbox.relay()

    assert heard[0] == [1, 4]
    assert heard[1:] == [[2], [3]]


def test_one_bad_event_is_tried_alone_and_holds_up_its_own_object_only(heard, monkeypatch):
    broken = {2}

    def handler(events):
        if broken & {event.step for event in events}:
            raise ValueError("no")
        heard.append([event.step for event in events])

    monkeypatch.setattr(outbox, "_groups", {})
    outbox.subscribe_group(Rang.NAME, handler, key="test")
    tell((Rang, 1, "a"), (Rang, 2, "b"), (Rang, 3, "b"), (Rang, 4, "c"))
    outbox.relay()

    assert heard == [[1], [4]]
    assert OutboxEvent.objects.get(data__step=2).attempts == 1
    assert set(OutboxEvent.objects.filter(delivered_at__isnull=True).values_list("data__step", flat=True)) == {2, 3}
    broken.clear()
    OutboxEvent.objects.update(next_try_at=None)
    outbox.relay()
    assert heard[2:] == [[2, 3]]


def test_a_storm_is_handed_over_before_the_others_have_their_turn(heard, monkeypatch):
    slow: list[int] = []
    outbox.subscribe(Rang.NAME, lambda event: slow.append(event.step), key="slow")
    tell(*((Rang, number, str(number)) for number in range(450)))

    assert outbox.relay() == 450
    assert [len(batch) for batch in heard] == [450]
    assert slow == []
    while outbox.relay():
        pass

    assert slow == list(range(450))
    assert len(heard) == 1
