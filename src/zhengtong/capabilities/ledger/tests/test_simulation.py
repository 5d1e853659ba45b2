"""Simulated entries: marked, told apart, under the commitment, and impossible in earnest."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.models import Entry, Payload, SimulatedEntry
from zhengtong.kernel import clock
from zhengtong.kernel.actors import ObjectRef, system

THEN = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
REF = ObjectRef(kind="thing", id="1")


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")


@pytest.fixture
def permitted(demo: None, superuser_connection: psycopg.Connection[tuple[object, ...]]) -> None:
    superuser_connection.execute("insert into ledger_simulationpermit (id) values (1)")
    superuser_connection.commit()


def record() -> api.LedgerReceipt:
    with transaction.atomic():
        return api.append(actor=system("980723"), act="test.act", object_ref=REF, payload={"n": 1})


def test_a_simulated_entry_keeps_its_recording_time(permitted: None) -> None:
    before = dt.datetime.now(dt.UTC)

    with clock.simulated(THEN):
        receipt = record()
    record()

    simulated, earnest = api.entries_of(REF, "980723")
    assert (simulated.simulated, earnest.simulated) == (True, False)
    assert simulated.at.replace(microsecond=0) == THEN
    assert before <= simulated.recorded_at <= dt.datetime.now(dt.UTC)
    assert receipt.at == simulated.recorded_at
    content = json.loads(Payload.objects.get(entry=receipt.entry_id).content)
    assert content["simulated_at"].startswith("2026-03-02T01:00:0")
    api.seal_batch()
    assert api.verify().ok


def test_a_ledger_in_earnest_refuses_what_is_simulated(demo: None, committed_db: str) -> None:
    with pytest.raises(DatabaseError, match="不记模拟"), clock.simulated(THEN):
        record()

    assert not Entry.objects.exists()


def test_a_ledger_with_entries_is_never_made_a_demonstration(
    committed_db: str, superuser_connection: psycopg.Connection[tuple[object, ...]]
) -> None:
    record()

    with pytest.raises(psycopg.DatabaseError, match="不能再改作演示"):
        superuser_connection.execute("insert into ledger_simulationpermit (id) values (1)")
    assert not api.may_simulate()


def test_the_application_cannot_permit_or_change(permitted: None) -> None:
    with clock.simulated(THEN):
        record()

    for change in (
        lambda: SimulatedEntry.objects.update(at=clock.now()),
        lambda: SimulatedEntry.objects.all().delete(),
        api.permit_simulation if not api.may_simulate() else lambda: Entry.objects.update(act="x"),
    ):
        with pytest.raises(DatabaseError):
            change()
