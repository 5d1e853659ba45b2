"""What a leaf and a commitment cover."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.entry import (
    FIELD_NAMES,
    SALT_BYTES,
    ClearEntry,
    commitment_of,
    content_of,
    instant_text,
    printed_name,
)

ENTRY = ClearEntry(
    id=7,
    uuid=uuid.UUID(int=1),
    tenant="980723",
    at=dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC),
    actor_kind="official",
    actor_person_id=uuid.UUID(int=2),
    actor_name="张一",
    actor_post_id=uuid.UUID(int=3),
    actor_post_name="审查岗",
    actor_org_id=None,
    actor_org_name="青禾县消防救援大队",
    act="case.accepted",
    object_kind="case",
    object_id="c-1",
    purpose="",
    basis="",
    commitment=b"\x01" * 32,
)
OTHER: dict[type, Any] = {
    int: 8,
    str: "x",
    uuid.UUID: uuid.UUID(int=99),
    bytes: b"\x02" * 32,
    dt.datetime: dt.datetime(2026, 11, 21, 6, 32, 0, 1, tzinfo=dt.UTC),
    type(None): uuid.UUID(int=98),
}


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_every_clear_field_is_under_the_leaf(name: str) -> None:
    changed = dataclasses.replace(ENTRY, **{name: OTHER[type(getattr(ENTRY, name))]})

    assert changed.leaf_hash() != ENTRY.leaf_hash()


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.none() | st.uuids()
ENTRIES = st.builds(
    ClearEntry,
    id=st.integers(1, 2**62),
    uuid=st.uuids(),
    tenant=WORDS,
    at=st.datetimes(min_value=dt.datetime(1970, 1, 1), max_value=dt.datetime(2900, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001  (hypothesis adds the zone)
    actor_kind=WORDS,
    actor_person_id=KEYS,
    actor_name=WORDS,
    actor_post_id=KEYS,
    actor_post_name=WORDS,
    actor_org_id=KEYS,
    actor_org_name=WORDS,
    act=WORDS,
    object_kind=WORDS,
    object_id=WORDS,
    purpose=WORDS,
    basis=WORDS,
    commitment=st.binary(max_size=32),
)


@given(ENTRIES)
def test_a_leaf_is_written_as_the_canonical_text_of_its_fields(entry: ClearEntry) -> None:
    fields = {name: getattr(entry, name) for name in FIELD_NAMES}
    fields |= {"at": instant_text(entry.at), "commitment": entry.commitment.hex(), "id": str(entry.id)}
    written = canonical({**fields, "format": "zhengtong.ledger.entry.v1"})

    assert entry.leaf_data() == written.replace(b'"id":"%d"' % entry.id, b'"id":%d' % entry.id)


def test_text_cannot_wander_from_one_field_to_the_next() -> None:
    first = dataclasses.replace(ENTRY, purpose="ab", basis="c")
    second = dataclasses.replace(ENTRY, purpose="a", basis="bc")

    assert first.leaf_hash() != second.leaf_hash()


def test_the_zone_of_the_clock_does_not_matter() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))

    assert instant_text(ENTRY.at.astimezone(shanghai)) == instant_text(ENTRY.at) == "2026-11-21T06:32:00.000000Z"


def test_a_commitment_needs_its_whole_salt() -> None:
    content = content_of({"fee": 1}, actor_name="李二", on_behalf_of="")
    salt = bytes(SALT_BYTES)

    assert commitment_of(salt, content) != commitment_of(b"\x01" + salt[1:], content)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment_of(salt + b"{", content[1:])


@pytest.mark.parametrize(
    ("kind", "name", "printed"),
    [
        ("official", "张一", "张一"),
        ("system", "系统", "系统"),
        ("citizen", "李二", "李*"),
        ("legal_agent", "欧阳三四", "欧**"),
        ("citizen", "", ""),
    ],
)
def test_citizens_are_printed_by_surname_only(kind: str, name: str, printed: str) -> None:
    assert printed_name(kind, name) == printed
