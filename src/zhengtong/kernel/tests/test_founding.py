"""What founding wrote is laid down again in the next transaction, and only where it would have been the same."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import transaction

from zhengtong.kernel.clock import now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.founding import founded_once

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
calls: list[str] = []


def written(name: str) -> None:
    OutboxEvent.objects.create(
        event_id=new_id(), tenant="980723", name=name, object_kind="a", object_id="b", at=now(), data={"字": [1, None]}
    )


@pytest.fixture
def found(committed_db):
    calls.clear()

    @founded_once
    def founding(name: str) -> None:
        calls.append(name)
        with transaction.atomic():
            written(name)
        written(f"{name}.second")

    with time_machine.travel(MONDAY, tick=False):
        yield founding


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows() -> list[tuple[object, ...]]:
    return list(OutboxEvent.objects.order_by("pk").values_list())


def test_the_next_transaction_gets_the_same_rows_without_founding(found):
    with undone():
        found("a")
        first = rows()
    assert rows() == []

    with undone():
        found("a")
        again = rows()

    assert calls == ["a"]
    assert len(first) == 2
    assert again == first


def test_other_arguments_and_other_moments_are_founded_for_themselves(found):
    for name, day in (("a", 0), ("b", 0), ("a", 1)):
        with undone(), time_machine.travel(MONDAY + dt.timedelta(days=day), tick=False):
            found(name)
            assert [row.name for row in OutboxEvent.objects.order_by("name")] == [name, f"{name}.second"]
            assert {row.at for row in OutboxEvent.objects.all()} == {now()}

    assert calls == ["a", "b", "a"]


def test_who_wrote_before_founds_anew(found):
    for _time in range(2):
        with undone():
            written("earlier")
            found("a")
            assert OutboxEvent.objects.count() == 3

    assert calls == ["a", "a"]


def test_what_is_committed_is_founded_as_it_is(found):
    found("a")

    assert calls == ["a"]
    assert OutboxEvent.objects.count() == 2
