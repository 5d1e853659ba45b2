"""Disclosure in the demonstration: requests in every state, a catalogue, guides, in their own time."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from zhengtong.entry.demo.disclosure import load_disclosure
from zhengtong.entry.demo.load import load
from zhengtong.kernel.actors import system
from zhengtong.systems.disclosure.constants import Channel, EntryState, State, Validity
from zhengtong.systems.disclosure.models import CatalogueEntry, DisclosureGuide, DisclosureRequest, HandlingFee

TENANT = "980723"


@pytest.fixture
def county(settings: Any, tmp_path: Path, superuser_connection: psycopg.Connection[tuple[object, ...]]) -> None:
    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")
    superuser_connection.execute("insert into ledger_simulationpermit (id) values (1)")
    superuser_connection.commit()
    list(load(lambda _text: None))


def test_every_state_and_channel_and_a_second_load_adds_nothing(county: None) -> None:
    rows = list(DisclosureRequest.objects.all())

    assert load_disclosure(system(TENANT)) == 0

    assert {row.state for row in rows} == set(State.values)
    assert {row.channel for row in rows} >= set(Channel.values) - {"signed_post"}
    assert len({row.outcome for row in rows if row.outcome}) >= 8
    entries = list(CatalogueEntry.objects.all())
    assert {one.state for one in entries} == {EntryState.DRAFT, EntryState.REVIEWED, EntryState.PUBLISHED}
    assert {one.validity for one in entries} >= {Validity.VALID, Validity.ABOLISHED}
    assert DisclosureGuide.objects.count() == 2
    assert HandlingFee.objects.get().amount_fen == 110_000
