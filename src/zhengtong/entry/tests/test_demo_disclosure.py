"""Disclosure in the demonstration: requests in every state, a catalogue, guides, in their own time."""

from zhengtong.entry.demo.disclosure import load_disclosure
from zhengtong.kernel.actors import system
from zhengtong.systems.disclosure.constants import Channel, EntryState, State, Validity
from zhengtong.systems.disclosure.models import CatalogueEntry, DisclosureGuide, DisclosureRequest, HandlingFee

TENANT = "980723"


def test_every_state_and_channel_and_a_second_load_adds_nothing(demonstration: None) -> None:
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
