"""Appending, reading back, erasing."""

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.engine.entry import commitment_of, content_of
from zhengtong.capabilities.ledger.exceptions import NotCanonical, NotInTransaction
from zhengtong.capabilities.ledger.models import Entry, Payload
from zhengtong.capabilities.ledger.tests.factories import CASE, TENANT, citizen, official, record
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound


@pytest.mark.django_db
def test_an_entry_says_who_in_which_post_did_what_to_what_and_why() -> None:
    receipt = record("case.accepted", purpose="受理审查", basis="《行政许可法》第三十二条")

    (row,) = api.entries_of(CASE, TENANT)

    assert (row.id, row.at, row.commitment) == (receipt.entry_id, receipt.at, receipt.commitment.hex())
    assert (row.actor_name, row.actor_post_name, row.actor_org_name) == ("张一", "审查岗", "青禾县消防救援大队")
    assert (row.act, row.object_ref, row.purpose, row.basis) == (
        "case.accepted",
        CASE,
        "受理审查",
        "《行政许可法》第三十二条",
    )


@pytest.mark.django_db
def test_the_commitment_opens_with_the_kept_salt_and_content() -> None:
    receipt = record(payload={"fee": 12, "opinion": "同意"})

    kept = Payload.objects.get(entry=receipt.entry_id)

    assert commitment_of(bytes(kept.salt), kept.content.encode()) == receipt.commitment
    assert json.loads(kept.content)["payload"] == {"fee": 12, "opinion": "同意"}


@pytest.mark.django_db
def test_equal_payloads_have_different_commitments() -> None:
    assert record().commitment != record().commitment


@pytest.mark.django_db
def test_who_guesses_the_payload_cannot_confirm_it_from_the_commitment() -> None:
    verdicts = [{"opinion": "同意"}, {"opinion": "不同意"}]
    commitments = [record(payload=verdict).commitment for verdict in verdicts for _ in range(3)]

    for verdict in verdicts:
        guess = content_of(verdict, actor_name="张一", on_behalf_of="")
        assert hashlib.sha256(guess).digest() not in commitments
        assert commitment_of(bytes(32), guess) not in commitments
    assert len({bytes(kept.salt) for kept in Payload.objects.all()}) == len(commitments)
    assert {len(kept.salt) for kept in Payload.objects.all()} == {32}


@pytest.mark.django_db
def test_a_citizens_name_stands_in_the_erasable_part_only() -> None:
    receipt = record(actor=citizen(on_behalf_of="青禾小馆"))

    entry, kept = Entry.objects.get(uuid=receipt.entry_id), Payload.objects.get(entry=receipt.entry_id)

    assert entry.actor_name == "李**"
    assert "李二三" not in entry.clear().leaf_data().decode()
    assert (json.loads(kept.content)["actor_name"], json.loads(kept.content)["on_behalf_of"]) == ("李二三", "青禾小馆")


@pytest.mark.django_db
def test_a_float_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(NotCanonical):
        record(payload={"score": 0.1})

    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_act_that_fails_afterwards_leaves_no_entry() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fail_after_recording()

    assert not Entry.objects.exists()
    assert not Payload.objects.exists()


@pytest.mark.django_db
def test_appending_costs_one_statement() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        api.append(actor=official(), act="case.accepted", object_ref=CASE, payload={"day": dt.date(2026, 12, 3)})

    assert len(seen) == 1


@pytest.mark.django_db
def test_entries_of_another_tenant_or_object_do_not_show() -> None:
    record()
    record(actor=official(tenant="980724"))
    record(object_ref=ObjectRef(kind="case", id="c-2"))

    assert len(api.entries_of(CASE, TENANT)) == 1


@pytest.mark.django_db
def test_an_erased_payload_is_gone_and_every_proof_stays_valid() -> None:
    receipt = record(actor=citizen())
    api.seal_batch()

    erasure = api.erase_payload(
        actor=official(), entry_id=receipt.entry_id, basis="保管期限表第3条", reason="保存期限届满"
    )
    api.seal_batch()

    written = Entry.objects.get(uuid=erasure.entry_id)
    assert (written.actor_name, written.purpose, written.basis) == ("张一", "保存期限届满", "保管期限表第3条")
    assert (written.act, written.object_id) == ("ledger.payload_erased", str(receipt.entry_id))
    assert not Payload.objects.filter(entry=receipt.entry_id).exists()
    proof = api.inclusion_proof(receipt.entry_id)
    assert proof is not None
    assert proof.holds()
    report = api.verify()
    assert (report.ok, report.payloads_erased, report.faults) == (True, 1, ())


@pytest.mark.django_db
def test_a_payload_is_erased_once_and_not_without_a_basis() -> None:
    receipt = record()
    with pytest.raises(Invalid, match="依据"):
        api.erase_payload(actor=official(), entry_id=receipt.entry_id, basis=" ")
    api.erase_payload(actor=official(), entry_id=receipt.entry_id, basis="保存期限届满")

    with pytest.raises(Conflict):
        api.erase_payload(actor=official(), entry_id=receipt.entry_id, basis="保存期限届满")

    assert Entry.objects.filter(act="ledger.payload_erased").count() == 1


@pytest.mark.django_db
def test_erasing_what_is_not_there_is_refused() -> None:
    receipt = record(actor=official(tenant="980724"))

    for wanted in (uuid.uuid4(), receipt.entry_id):
        with pytest.raises(NotFound):
            api.erase_payload(actor=official(), entry_id=wanted, basis="保存期限届满")

    assert Payload.objects.filter(entry=receipt.entry_id).exists()


def test_an_act_outside_a_transaction_is_refused(committed_db: str) -> None:
    with pytest.raises(NotInTransaction):
        api.append(actor=official(), act="case.accepted", object_ref=CASE, payload={})

    assert not Entry.objects.exists()


def fail_after_recording() -> None:
    record()
    raise ZeroDivisionError
