"""A stretch of past lived through in the demonstration's county: its own time, and it can be interrupted."""

import dataclasses
import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ratings.models import Rating
from zhengtong.entry.simulator import behaviour, service
from zhengtong.entry.simulator.measuring import measured, planted_in
from zhengtong.entry.simulator.running import Run
from zhengtong.kernel import clock, simulation
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.supervision import api as supervision

TENANT = "980723"
CASES = 20
#: one of each that shows within days
OFTEN = {
    name: dataclasses.replace(behaviour.KINDS[name], share=1 / CASES)
    for name in (
        "reviewed_in_seconds",
        "at_an_impossible_hour",
        "entered_afterwards",
        "decided_by_who_accepted",
        "rated_by_staff",
        "split_into_three",
        "kept_waiting",
        "bad_rating_left",
    )
}


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_month_is_lived_through_in_its_own_time_and_only_once(
    county: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(behaviour, "KINDS", OFTEN)
    settings.ZHENGTONG_DEMO_CASES = CASES
    begin = clock.now()
    month = begin - dt.timedelta(days=service.FIRST_DAYS)
    row = simulation.begin(tenant=TENANT, from_at=month, until_at=begin, wanted=CASES, seed=service._SEED)
    interrupted = Run(row, alone=service.deliver)
    while row.made < CASES // 2:
        interrupted.step(0.2)
    assert interrupted.county.broken == 0

    assert service.first_month(lambda _text: None, seconds=600) == CASES
    assert service.first_month(lambda _text: None) == 0

    rows = list(Application.objects.exclude(submitted_at=None))
    assert len(rows) == CASES + 2  # one comes three times
    assert all(begin - dt.timedelta(days=31) < row.submitted_at < begin for row in rows if row.submitted_at)
    closed = [row for row in rows if row.status == "closed"]
    assert len(closed) > CASES // 3
    papers = Document.objects.filter(kind="licence")
    assert papers.count() >= sum(row.outcome_label == "准予" for row in closed) > 0
    assert all(paper.issued_at < begin for paper in papers)
    entries = [
        entry
        for row in rows
        for entry in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), TENANT)
        if entry.act == "service_hall.submit"
    ]
    assert len(entries) == len(rows)
    assert all(entry.simulated and entry.at < begin <= entry.recorded_at for entry in entries)
    rated = Rating.objects.all()
    assert rated
    assert all(one.created_at < begin for one in rated)
    ledger.seal_batch()
    assert ledger.verify().ok
    deliver_all()
    check_measured(planted_in(tmp_path / "simulation" / "planted.jsonl"))


def deliver_all() -> None:
    """Until nothing waits: transactions of tests beside this one hold events back, and rightly so."""
    for _ in range(1000):
        service.deliver()
        if not OutboxEvent.objects.filter(delivered_at__isnull=True).exists():
            return
        time.sleep(0.02)
    raise AssertionError("events are not delivered")


def check_measured(planted: list[tuple[str, str]]) -> None:
    """Every kind was planted, and supervision finds all of it and nothing else."""
    assert {fault for fault, _case in planted} >= set(OFTEN)
    for one in measured(planted, supervision.flagged_cases(TENANT)):
        assert (one.result.missed, one.result.false) == (0, 0), one


def test_nothing_is_simulated_in_earnest(settings: Any, demo: None, committed_db: str) -> None:
    with pytest.raises(Conflict, match="不是为演示建立"):
        service.ask_for_year()
    assert service.first_month(lambda _text: None) == 0
    settings.ZHENGTONG_DEMO = False
    with pytest.raises(NotPermitted, match="正式环境"):
        service.ask_for_year()
