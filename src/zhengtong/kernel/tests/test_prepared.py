"""Prepared queries: they say what the query set says, with every value of every call, and never keep a row."""

import datetime as dt
import uuid
from typing import NamedTuple

import pytest
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.prepared import prepared

NOON = dt.datetime(2026, 11, 9, 4, tzinfo=dt.UTC)


class Place(NamedTuple):
    """Where an event belongs."""

    tenant: str
    kinds: tuple[str, ...]
    others: bool
    unasked: str = ""


@prepared
def since(order: str, /, *, name: str, at: dt.datetime) -> "QuerySet[OutboxEvent]":
    return OutboxEvent.objects.filter(name=name, at__gte=at).order_by(order)


@prepared
def of_kinds(*, place: Place) -> "QuerySet[OutboxEvent, str]":
    wanted = Q(object_kind__in=place.kinds)
    rows = OutboxEvent.objects.filter(~wanted if place.others else wanted, tenant=place.tenant)
    return rows.order_by("name").values_list("name", flat=True)


@prepared
def counted(*, tenant: str) -> "QuerySet[OutboxEvent, tuple[str, int]]":
    rows = OutboxEvent.objects.filter(tenant=tenant).values_list("object_kind")
    return rows.annotate(number=Count("pk")).order_by("object_kind")


@prepared
def by_key(*, keys: tuple[uuid.UUID, ...]) -> "QuerySet[OutboxEvent]":
    return OutboxEvent.objects.filter(event_id__in=keys)


def store(name: str, kind: str = "a", hours: int = 0, tenant: str = "980723") -> OutboxEvent:
    return OutboxEvent.objects.create(
        event_id=uuid.uuid4(),
        tenant=tenant,
        name=f"test.{name}.v1",
        object_kind=kind,
        object_id="x",
        at=NOON + dt.timedelta(hours=hours),
        data={"name": name},
    )


@pytest.mark.django_db
def test_rows_are_read_anew_with_the_values_of_the_call() -> None:
    first = store("one")
    late = since("at", name="test.one.v1", at=NOON)

    second = store("one", hours=1)

    assert late == [first]
    assert since("at", name="test.one.v1", at=NOON) == [first, second]
    assert since("-at", name="test.one.v1", at=NOON) == [second, first]
    assert since("at", name="test.one.v1", at=NOON + dt.timedelta(minutes=1)) == [second]
    assert since("at", name="test.two.v1", at=NOON) == []
    assert since("at", name="test.one.v1", at=NOON)[0].data == {"name": "one"}


@pytest.mark.django_db
def test_lists_of_any_length_flags_and_records() -> None:
    keys = [store(str(number), kind).event_id for number, kind in enumerate("abc")]

    assert of_kinds(place=Place("980723", ("a",), others=False)) == ["test.0.v1"]
    assert of_kinds(place=Place("980723", ("a", "b", "c"), others=False)) == ["test.0.v1", "test.1.v1", "test.2.v1"]
    assert of_kinds(place=Place("980723", ("a", "b"), others=True)) == ["test.2.v1"]
    assert of_kinds(place=Place("980723", (), others=False)) == []
    assert of_kinds(place=Place("980724", ("a",), others=False)) == []
    assert {row.event_id for row in by_key(keys=tuple(keys))} == set(keys)
    assert by_key(keys=()) == []
    assert counted(tenant="980723") == [("a", 1), ("b", 1), ("c", 1)]


@pytest.mark.django_db
def test_the_statement_is_the_one_of_the_query_set() -> None:
    with CaptureQueriesContext(connection) as taken:
        since("at", name="test.one.v1", at=NOON)
        list(OutboxEvent.objects.filter(name="test.one.v1", at__gte=NOON).order_by("at"))

    assert len(taken) == 2
    assert taken[0]["sql"] == taken[1]["sql"]


def test_a_value_that_does_not_reach_the_statement_is_refused() -> None:
    @prepared
    def branching(*, name: str) -> "QuerySet[OutboxEvent]":
        return OutboxEvent.objects.filter(tenant="a") if name == "a" else OutboxEvent.objects.all()

    @prepared
    def unknown(*, name: object) -> "QuerySet[OutboxEvent]":
        return OutboxEvent.objects.filter(name=name)

    with pytest.raises(ValueError, match="not in the statement"):
        branching(name="a")
    with pytest.raises(ValueError, match="cannot be bound"):
        unknown(name=1.5)
