import dataclasses
import datetime as dt
from typing import ClassVar

import psycopg
import pytest
from django.db import transaction

from zhengtong.kernel import events, outbox
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event
from zhengtong.kernel.models import OutboxEvent

AT = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Happened(Event):
    NAME: ClassVar[str] = "kernel.happened.v1"
    step: int
    day: dt.date | None = None
    refs: tuple[ObjectRef, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfAnotherVersion(Event):
    NAME: ClassVar[str] = "kernel.of_another_version.v9"


@pytest.fixture
def heard(monkeypatch):
    seen: list[Happened] = []
    monkeypatch.setattr(outbox, "_subscriptions", {})
    outbox.subscribe(Happened.NAME, seen.append, key="test")
    return seen


def happen(step: int, object_id: str = "1") -> Happened:
    event = Happened(tenant="980723", object_ref=ObjectRef(kind="thing", id=object_id), at=AT, step=step)
    with transaction.atomic():
        outbox.publish(event)
    return event


@pytest.mark.django_db
def test_event_arrives_once_and_whole(heard):
    ref = ObjectRef(kind="thing", id="7")
    event = Happened(tenant="980723", object_ref=ref, at=AT, step=1, day=dt.date(2026, 11, 21), refs=(ref,))
    with transaction.atomic():
        outbox.publish(event)

    assert outbox.relay() == 1
    assert outbox.relay() == 0

    assert dataclasses.replace(heard[0], event_id=None) == event


def test_event_needs_the_transaction_of_its_act(committed_db):
    with pytest.raises(RuntimeError):
        outbox.publish(Happened(tenant="980723", object_ref=ObjectRef(kind="thing", id="1"), at=AT, step=1))


@pytest.mark.django_db
def test_failing_handler_holds_back_its_own_object_only(heard, monkeypatch):
    broken = {"1"}

    def handler(event: Happened) -> None:
        if event.object_ref.id in broken:
            raise ValueError("no")
        heard.append(event)

    monkeypatch.setattr(outbox, "_subscriptions", {})
    outbox.subscribe(Happened.NAME, handler, key="test")
    for step, object_id in ((1, "1"), (2, "1"), (3, "2")):
        happen(step, object_id)

    outbox.relay()
    assert [event.step for event in heard] == [3]
    assert OutboxEvent.objects.get(data__step=1).attempts == 1
    assert OutboxEvent.objects.get(data__step=2).attempts == 0

    broken.clear()
    OutboxEvent.objects.update(next_try_at=None)
    outbox.relay()
    assert [event.step for event in heard] == [3, 1, 2]


@pytest.mark.django_db
def test_subscriber_that_already_handled_an_event_is_not_called_again(heard):
    def fails(_event: Happened) -> None:
        raise ValueError("second subscriber is broken")

    outbox.subscribe(Happened.NAME, fails, key="other")
    happen(1)

    outbox.relay()
    OutboxEvent.objects.update(next_try_at=None)
    outbox.relay()

    assert len(heard) == 1


def test_relay_does_not_pass_a_transaction_that_still_runs(committed_db, database_urls, heard):
    with psycopg.connect(database_urls["app"]) as slow:
        slow.execute("select pg_current_xact_id()")
        happen(1)
        before = outbox.relay()
        slow.rollback()

    assert before == 0
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
    while not heard and dt.datetime.now(dt.UTC) < deadline:
        outbox.relay()
    assert [event.step for event in heard] == [1]


def test_relay_waits_for_no_transaction_of_a_neighbouring_database(committed_db, database_urls, heard):
    with psycopg.connect(database_urls["super"], dbname="postgres") as neighbour:
        neighbour.execute("select pg_current_xact_id()")
        happen(1)
        deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
        while not heard and dt.datetime.now(dt.UTC) < deadline:  # the server's own upkeep of this database may run
            outbox.relay()

    assert [event.step for event in heard] == [1]


def test_only_one_relay_works_at_a_time(committed_db, database_urls, heard):
    happen(1)

    with psycopg.connect(database_urls["app"], autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s, hashtext(''))", [outbox._LOCK])
        assert outbox.relay() == 0
    assert heard == []


def test_later_fields_of_an_event_are_ignored_and_absent_ones_take_defaults():
    restored = Happened.restore(
        tenant="980723",
        object_ref=ObjectRef(kind="thing", id="1"),
        at=AT,
        event_id=None,
        data={"step": 4, "invented_later": True},
    )

    assert (restored.step, restored.day, restored.refs) == (4, None, ())


@pytest.mark.django_db
def test_a_broken_subscriber_does_not_keep_the_others_waiting(heard, monkeypatch):
    def fails(_event: Happened) -> None:
        raise ValueError("first subscriber is broken")

    monkeypatch.setattr(outbox, "_subscriptions", {})
    outbox.subscribe(Happened.NAME, fails, key="broken")
    outbox.subscribe(Happened.NAME, heard.append, key="sound")
    happen(1)

    outbox.relay()

    assert [event.step for event in heard] == [1]
    assert OutboxEvent.objects.get().delivered_at is None


@pytest.mark.django_db
def test_a_database_error_is_kept_without_the_row_it_repeats(heard, monkeypatch):
    def fails(_event: Happened) -> None:
        ref = ObjectRef(kind="thing", id="张一的身份证号")
        taken = OutboxEvent.objects.get()
        OutboxEvent.objects.create(
            event_id=taken.event_id, tenant="980723", name="x", object_kind=ref.kind, object_id=ref.id, at=AT
        )

    monkeypatch.setattr(outbox, "_subscriptions", {})
    outbox.subscribe(Happened.NAME, fails, key="broken")
    happen(1)

    outbox.relay()

    kept = OutboxEvent.objects.get().last_error
    assert kept.startswith("IntegrityError")
    assert "张一" not in kept
    assert "event_id" in kept


@pytest.mark.django_db
def test_an_event_nobody_can_read_holds_back_its_own_object_only(heard, monkeypatch):
    unknown = OfAnotherVersion(tenant="980723", object_ref=ObjectRef(kind="thing", id="1"), at=AT)
    with transaction.atomic():
        outbox.publish(unknown)
    monkeypatch.delitem(events._classes, OfAnotherVersion.NAME)
    happen(2, object_id="2")

    outbox.relay()

    assert [event.step for event in heard] == [2]
    unreadable = OutboxEvent.objects.get(name=OfAnotherVersion.NAME)
    assert (unreadable.attempts, unreadable.delivered_at) == (1, None)
    assert OfAnotherVersion.NAME in unreadable.last_error


@pytest.mark.django_db
def test_events_that_wait_for_a_new_trial_never_fill_a_batch(heard, monkeypatch):
    monkeypatch.setattr(outbox, "_BATCH", 3)
    for step in range(1, 8):
        happen(step, object_id="1" if step < 4 else str(step))
    waiting = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    OutboxEvent.objects.filter(data__step__in=[1, 4]).update(next_try_at=waiting)

    for _ in range(3):
        outbox.relay()

    assert [event.step for event in heard] == [5, 6, 7]
    OutboxEvent.objects.update(next_try_at=None)
    for _ in range(3):
        outbox.relay()
    assert [event.step for event in heard] == [5, 6, 7, 1, 2, 3, 4]
