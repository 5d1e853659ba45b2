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
    """What a group heard in its order: bells and words many at once."""
    seen: list[list[int]] = []
    alone(monkeypatch)

    def hear(events):
        seen.append([event.step for event in events])

    outbox.subscribe_group(Rang.NAME, hear, key="test")
    outbox.subscribe_group(Spoke.NAME, hear, key="test")
    return seen


def alone(monkeypatch):
    for name in ("_subscriptions", "_groups", "_told", "_again"):
        monkeypatch.setattr(outbox, name, {})


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


def test_one_handler_hears_all_its_events_in_their_order_and_two_in_turn(heard, monkeypatch):
    tell((Rang, 1, "a"), (Spoke, 2, "a"), (Rang, 3, "a"), (Rang, 4, "b"))
    outbox.relay()
    assert heard == [[1, 2, 3, 4]]

    alone(monkeypatch)
    outbox.subscribe_group(Rang.NAME, lambda events: heard.append([one.step for one in events]), key="two")
    outbox.subscribe_group(Spoke.NAME, lambda events: heard.append([-one.step for one in events]), key="two")
    tell((Rang, 5, "a"), (Spoke, 6, "a"), (Rang, 7, "a"), (Rang, 8, "b"))
    outbox.relay()
    assert heard[1:] == [[5], [-6], [7, 8]]


def test_a_key_takes_its_events_in_one_way_only(heard):
    with pytest.raises(ValueError, match="one by one or in groups"):
        outbox.subscribe(Spoke.NAME, print, key="test")
    outbox.subscribe(Spoke.NAME, print, key="other")
    with pytest.raises(ValueError, match="one by one or in groups"):
        outbox.subscribe_group(Rang.NAME, print, key="other")


def test_one_bad_event_is_tried_alone_and_holds_up_its_own_object_only(heard, monkeypatch):
    broken = {2}

    def handler(events):
        if broken & {event.step for event in events}:
            raise ValueError("no")
        heard.append([event.step for event in events])

    alone(monkeypatch)
    outbox.subscribe_group(Rang.NAME, handler, key="test")
    tell((Rang, 1, "a"), (Rang, 2, "b"), (Rang, 3, "b"), (Rang, 4, "c"))
    outbox.relay()
    outbox.relay()  # not asked again at once

    assert heard == [[1], [4]]
    failed = OutboxEvent.objects.get(data__step=2)
    assert (failed.attempts, failed.last_error, failed.next_try_at) == (1, "ValueError: no", None)
    assert set(OutboxEvent.objects.filter(delivered_at__isnull=True).values_list("data__step", flat=True)) == {2, 3}
    broken.clear()
    outbox._again.clear()
    outbox.relay()
    assert heard[2:] == [[2, 3]]
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()


def test_a_group_that_fails_does_not_keep_the_others_waiting(heard, monkeypatch):
    def fails(events):
        raise ValueError("no")

    spoken: list[int] = []
    alone(monkeypatch)
    outbox.subscribe_group(Rang.NAME, fails, key="broken")
    outbox.subscribe_group(Rang.NAME, lambda events: heard.append([one.step for one in events]), key="sound")
    outbox.subscribe(Rang.NAME, lambda event: spoken.append(event.step), key="single")
    tell((Rang, 1, "a"), (Rang, 2, "a"))
    for _ in range(3):
        outbox.relay()

    assert (heard, spoken) == ([[1, 2]], [1, 2])
    assert OutboxEvent.objects.filter(delivered_at__isnull=True).count() == 2
    assert outbox.lags("broken")
    assert not outbox.lags("sound")


def test_who_takes_them_one_by_one_keeps_no_group_waiting(heard, monkeypatch):
    slow: list[int] = []
    outbox.subscribe(Rang.NAME, lambda event: slow.append(event.step), key="slow")
    tell(*((Rang, number, str(number)) for number in range(450)))

    assert outbox.relay_groups() == 450
    assert [len(batch) for batch in heard] == [450]
    assert slow == []
    assert outbox.relay_singly() == 200
    assert OutboxEvent.objects.filter(delivered_at__isnull=True).count() == 250
    while outbox.relay():
        pass

    assert slow == list(range(450))
    assert len(heard) == 1


def test_urgent_groups_are_served_first_and_until_they_find_no_whole_batch(heard, monkeypatch):
    order: list[str] = []
    alone(monkeypatch)
    monkeypatch.setattr(outbox, "_GROUP", 2)
    outbox.subscribe_group(Rang.NAME, lambda events: order.append(f"later {len(events)}"), key="later")
    outbox.subscribe_group(Rang.NAME, lambda events: order.append(f"urgent {len(events)}"), key="urgent", urgent=True)
    tell(*((Rang, number, str(number)) for number in range(5)))

    assert outbox.relay_groups() == 5

    assert order == ["urgent 2", "urgent 2", "urgent 1", "later 2", "later 2", "later 1"]


def test_what_no_group_has_had_comes_after_those_who_take_it_singly_and_none_hears_it_twice(heard, monkeypatch):
    singly: list[int] = []
    outbox.subscribe(Rang.NAME, lambda event: singly.append(event.step), key="single")
    tell((Rang, 1, "a"), (Rang, 2, "a"))

    assert outbox.relay_singly() == 2
    assert outbox.relay_singly() == 0
    assert OutboxEvent.objects.filter(delivered_at__isnull=True).count() == 2
    monkeypatch.setattr(outbox, "_told", {})  # another process goes on
    outbox.relay()
    outbox.relay()

    assert (singly, heard) == ([1, 2], [[1, 2]])
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()


def test_a_batch_that_is_broken_off_leaves_nothing_and_comes_again(heard, monkeypatch):
    class Killed(BaseException):
        """The process ends in the middle of a batch."""

    def dies(events):
        InboxKey.objects.create(subscriber="effect", event_id=events[0].event_id)
        raise Killed

    alone(monkeypatch)
    outbox.subscribe_group(Rang.NAME, dies, key="test")
    tell((Rang, 1, "a"), (Rang, 2, "b"))
    with pytest.raises(Killed):
        outbox.relay_groups()

    assert not InboxKey.objects.exists()
    alone(monkeypatch)
    outbox.subscribe_group(Rang.NAME, lambda events: heard.append([one.step for one in events]), key="test")
    outbox.relay()
    assert heard == [[1, 2]]
