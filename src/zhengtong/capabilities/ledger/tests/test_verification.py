"""What the sieve of the verification lets through, and that it holds back what it cannot prove."""

from typing import Any

import psycopg
import pytest

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.ledger.selectors import verification
from zhengtong.capabilities.ledger.tests.factories import citizen, record, record_many, seal_all

ESCAPED = ['a","b', "a\\b", "第一行\n第二行"]


@pytest.mark.django_db
def test_the_database_writes_the_leaf_of_every_entry_that_needs_no_escape() -> None:
    record(actor=citizen())
    record(purpose="核对“材料”", basis="《行政许可法》第三十二条")
    record(purpose=ESCAPED[0])
    seal_all(3)

    rows = [row for chunk in verification._rows(0) for row in chunk]

    leaves = [entry.clear().leaf_data() for entry in Entry.objects.order_by("id")]
    assert [row[2] == leaf for row, leaf in zip(rows, leaves, strict=True)] == [True, True, False]


def test_an_escape_written_out_in_place_of_the_escaped_is_named(
    superuser_connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_STRETCH", 4)
    monkeypatch.setattr(verification, "_CHUNK", 3)
    for text in ESCAPED:
        record_many(5, purpose=text)
        seal_all(5)
    untouched = api.verify()

    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    superuser_connection.execute("update ledger_entry set purpose = %s where purpose = %s", ['a\\",\\"b', ESCAPED[0]])
    report = api.verify()

    assert (untouched.ok, untouched.entries, untouched.checkpoints) == (True, 15, 3)
    assert [fault[:7] for fault in report.faults] == [f"第 {number} 号账目" for number in range(1, 6)]
