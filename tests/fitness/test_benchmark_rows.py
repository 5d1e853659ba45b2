"""Cases that the benchmarks write by hand are, row by row, like those the services write."""

import time
import uuid
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest

from benchmarks.branches import Branches, reviews_of
from benchmarks.context import Context
from benchmarks.generator import CLOSED, OPEN_STAGES, Generator
from benchmarks.rows import rows_of, shape_of
from benchmarks.same_rows import SameRows
from benchmarks.walk import REVIEWS
from benchmarks.year import Year
from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Case
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.models import WatchedEvent


@pytest.fixture
def context(committed_db, database_urls):
    context = Context(database_urls)
    yield context
    context.close()


def rows(connection: psycopg.Connection[Any], case_id: uuid.UUID) -> dict[str, list[dict[str, Any]]]:
    """The rows of a case as if nothing had been delivered yet."""
    found = rows_of(connection, case_id)
    for event in found["kernel_outboxevent"]:
        event["delivered_at"] = None
    return found


def walked(context: Context, stage: int) -> uuid.UUID:
    """A case that the services have brought to this stage."""
    platform = context.platform
    case_id = platform.open()
    if stage:
        platform.accept(case_id)
    for code in list(REVIEWS.values())[: max(0, stage - 1)]:
        item = api.desk(actor=platform.clerks[code], queue="todo", size=100).rows
        mine = next(row for row in item if row.case_id == case_id)
        platform.complete(case_id, code, mine.id, "agree", "经审查，材料齐全，符合要求。")
    if stage == CLOSED:
        platform.finish(case_id)
    return case_id


def let_supervision_note_all() -> None:
    """Relay until supervision has every event: it waits while a transaction of any database of the cluster is open."""
    names = [
        name for name, known in outbox.group_subscriptions().items() if any(one.key == SUBSCRIBER for one in known)
    ]
    for _again in range(1200):
        outbox.relay_group(SUBSCRIBER)
        if WatchedEvent.objects.count() == OutboxEvent.objects.filter(name__in=names).count():
            return
        time.sleep(0.05)
    raise AssertionError("supervision does not get all events")


def test_hand_written_rows_are_those_of_the_platform(context: Context) -> None:
    plain, reviews = context.connect(), reviews_of(6)
    ours = Branches(context.platform, reviews)

    by_hand = SameRows(plain, TENANT, ours.process.id, reviews).walk()

    assert shape_of(rows(plain, by_hand)) == shape_of(rows(plain, ours.walk()))


def test_generated_cases_are_those_of_the_services_at_every_stage(context: Context) -> None:
    plain, platform = context.connect(), context.platform
    services = {stage: walked(context, stage) for stage in (*OPEN_STAGES, CLOSED)}
    generator = Generator(plain, TENANT, active_process_id(TENANT, "restaurant"), local_date())

    with context.as_owner() as owner:
        opened = generator.load(owner, closed=3, opened=len(OPEN_STAGES))
    closed = Case.objects.filter(status="closed").exclude(pk__in=services.values()).latest("created_at")

    for stage, case_id in zip((*OPEN_STAGES, CLOSED), (*opened, closed.id), strict=True):
        made, loaded = rows(plain, services[stage]), rows(plain, case_id)
        assert shape_of(made) == shape_of(loaded)
        for name in ("marking", "variables", "clock_plan", "rev"):
            assert made["cases_case"][0][name] == loaded["cases_case"][0][name]
    assert platform.leader.org_id == closed.org_id


def test_the_platform_goes_on_with_generated_cases_and_their_entries_are_valid(context: Context) -> None:
    plain, platform = context.connect(), context.platform
    generator = Generator(plain, TENANT, active_process_id(TENANT, "restaurant"), local_date(), seed=7)

    with context.as_owner() as owner:
        opened = generator.load(owner, closed=5, opened=len(OPEN_STAGES))
    on_the_desk = {row.case_id for row in api.desk(actor=platform.leader, queue="todo").rows}
    platform.finish(opened[-1])
    platform.accept(opened[0])

    assert on_the_desk == {opened[-1]}
    view = api.case_view(actor=platform.leader, case_id=opened[-1])
    assert (view.status, view.outcome, len(view.opinions)) == ("closed", "approved", 6)
    entries = ledger.entries_of(object_ref=ObjectRef(kind="case", id=str(opened[-1])), tenant=TENANT)
    assert len(entries) == 8
    while ledger.seal_batch():
        pass
    assert ledger.verify().ok


def test_a_generated_year_of_the_log_is_what_supervision_notes_of_services(context: Context) -> None:
    plain = context.connect()
    case_id = walked(context, CLOSED)
    let_supervision_note_all()
    made = WatchedEvent.objects.filter(case_id=case_id).order_by("position")
    generator = Generator(plain, TENANT, active_process_id(TENANT, "restaurant"), local_date())

    with context.as_owner() as owner:
        events = Year(generator, seed=3).load(owner, cases=300)
    cases = WatchedEvent.objects.exclude(case_id=case_id).order_by("case_id", "position")
    told: dict[uuid.UUID | None, list[WatchedEvent]] = {}
    for row in cases:
        told.setdefault(row.case_id, []).append(row)

    def shape(rows: Iterable[WatchedEvent]) -> list[tuple[str, list[str], list[str]]]:
        fields = [field.attname for field in WatchedEvent._meta.concrete_fields]
        return [(row.name, [name for name in fields if getattr(row, name)], sorted(row.fields)) for row in rows]

    assert (len(told), sum(map(len, told.values()))) == (300, events)
    late = [rows for rows in told.values() if any(row.name == "cases.deadline_reached.v1" for row in rows)]
    assert 0 < len(late) < 60
    plain_cases = [sorted(shape(rows)) for rows in told.values() if rows not in late]
    assert all(shapes == sorted(shape(made)) for shapes in plain_cases)
    assert all(len({row.event_id for row in rows}) == len(rows) for rows in told.values())
    assert len({row.text_digest for row in cases if row.text_digest}) > 1000


def test_the_same_seed_gives_the_same_cases(context: Context) -> None:
    plain = context.connect()
    assert context.platform.lead.code == "G22"
    process_id = active_process_id(TENANT, "restaurant")
    first, again, other = (Generator(plain, TENANT, process_id, local_date(), seed=seed) for seed in (3, 3, 4))

    with context.as_owner() as owner:
        keys = first.load(owner, closed=4, opened=2)
        with pytest.raises(psycopg.errors.UniqueViolation):
            again.load(owner, closed=4, opened=2)
        others = other.load(owner, closed=4, opened=2)

    assert not set(keys) & set(others)
    assert Case.objects.filter(pk__in=[*keys, *others]).count() == 4
