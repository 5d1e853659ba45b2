"""Sealing: order, batches, running transactions, races, signatures."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction

from zhengtong.capabilities.ledger import api, registry
from zhengtong.capabilities.ledger.engine.checkpoint import from_json
from zhengtong.capabilities.ledger.models import Checkpoint, Leaf, Node
from zhengtong.capabilities.ledger.selectors.proofs import signature_holds
from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import record, record_many, seal_all
from zhengtong.kernel.loops import worker_loops
from zhengtong.kernel.signing import software


@pytest.mark.django_db
def test_nothing_to_seal_leaves_no_checkpoint() -> None:
    assert seal_batch() == 0
    assert api.newest_checkpoint() is None


@pytest.mark.django_db
def test_every_sealed_entry_has_a_proof_that_holds_offline() -> None:
    receipts = record_many(7)

    assert seal_batch() == 7

    for place, receipt in enumerate(receipts):
        proof = api.inclusion_proof(receipt.entry_id)
        assert proof is not None
        assert (proof.index, proof.checkpoint.size) == (place, 7)
        assert str(receipt.entry_id).encode() in proof.leaf_data
        assert proof.holds()


@pytest.mark.django_db
def test_one_run_of_the_workers_loop_gives_an_entry_its_proof_and_the_loop_runs_every_second() -> None:
    loop = worker_loops.get("ledger_sequencer")
    receipt = record()
    waiting = api.waiting_to_be_sealed()

    done = loop.fn()

    assert (waiting.count, done, api.waiting_to_be_sealed().count) == (1, 1, 0)
    assert api.inclusion_proof(receipt.entry_id) is not None
    assert loop.interval <= 1.0, "with the time of one batch an entry is sealed within two seconds"


@pytest.mark.django_db
def test_an_entry_not_yet_sealed_has_no_proof() -> None:
    record()
    seal_batch()
    receipt = record()

    assert api.inclusion_proof(receipt.entry_id) is None


@pytest.mark.django_db
def test_batches_make_the_same_tree_as_one_and_prove_their_growth() -> None:
    record_many(600)

    done = [seal_batch(limit=250) for _ in range(4)]

    assert done == [250, 250, 100, 0]
    assert Node.objects.filter(level=8).count() == 2
    assert api.verify().faults == ()
    for old in (250, 500, 600):
        proof = api.consistency_proof(old)
        assert proof is not None
        assert proof.holds()
    between = api.consistency_proof(250, 500)
    assert between is not None
    assert (between.new.size, between.holds()) == (500, True)
    assert api.consistency_proof(251) is None
    assert api.consistency_proof(500, 250) is None


@pytest.mark.django_db
def test_checkpoint_reads_back_from_its_text_and_one_changed_figure_breaks_its_signature() -> None:
    record()
    seal_batch()
    checkpoint = api.newest_checkpoint()
    assert checkpoint is not None

    text = checkpoint.to_json()

    assert from_json(text) == checkpoint
    assert signature_holds(checkpoint)
    assert not signature_holds(from_json(text.replace('"size": 1', '"size": 2')))
    with pytest.raises(ValueError, match="not a checkpoint"):
        from_json("{}")


@pytest.mark.django_db
@pytest.mark.parametrize("algorithm", ["SM2", "ECDSA-P256"])
def test_a_registered_key_signs_checkpoints(monkeypatch: pytest.MonkeyPatch, algorithm: str) -> None:
    key = software.generate(algorithm)
    monkeypatch.setitem(registry.checkpoint_signer._items, registry.SIGNER, lambda: key)
    record()

    seal_batch()

    checkpoint = api.newest_checkpoint()
    assert checkpoint is not None
    assert (checkpoint.algorithm, checkpoint.key_id) == (algorithm, key.key_id)
    assert api.verify().ok


def test_the_sequencer_passes_no_running_transaction(committed_db: str, database_urls: dict[str, str]) -> None:
    with psycopg.connect(database_urls["app"]) as slow:
        slow.execute("select pg_current_xact_id()")
        record("case.fast")

        assert seal_batch() == 0

        slow.execute(
            "insert into ledger_entry (uuid, tenant, at, actor_kind, actor_name, actor_post_name, actor_org_name, act,"
            " object_kind, object_id, purpose, basis, commitment) values (gen_random_uuid(), '980723', now(), 'system',"
            " '系统', '', '', 'case.slow', 'case', 'c-1', '', '', '\\x00')"
        )
        slow.commit()

    seal_all(2)
    with connection.cursor() as cursor:
        cursor.execute("select act from ledger_leaf l join ledger_entry e on e.id = l.entry_id order by sequence")
        assert [row[0] for row in cursor.fetchall()] == ["case.slow", "case.fast"]


def test_the_sequencer_waits_for_no_transaction_of_a_neighbouring_database(
    committed_db: str, database_urls: dict[str, str]
) -> None:
    with psycopg.connect(database_urls["super"], dbname="postgres") as neighbour:
        neighbour.execute("select pg_current_xact_id()")
        record("case.here")
        seal_all(1)
        record("case.here_again")
        seal_all(1)

    assert api.verify().faults == ()


def test_many_writers_and_two_sequencers_leave_no_gap_and_no_double(committed_db: str) -> None:
    writers = [threading.Thread(target=closing(write)) for _ in range(3)]
    stop = threading.Event()
    sealed: list[int] = []
    sequencers = [threading.Thread(target=closing(lambda: seal_until(stop, sealed))) for _ in range(2)]

    for thread in [*sequencers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sequencers:
        thread.join()
    seal_all(3 * 20 - sum(sealed))

    assert Leaf.objects.count() == 3 * 20
    report = api.verify()
    assert (report.faults, report.entries) == ((), 60)


def test_a_second_sequencer_stands_back_while_one_is_at_work(committed_db: str) -> None:
    record("case.first")
    started, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            seal_all(1)
            started.set()
            go_on.wait(10)

    holder = threading.Thread(target=closing(hold))
    holder.start()
    started.wait(10)
    try:
        assert seal_batch() == 0
    finally:
        go_on.set()
        holder.join()

    assert list(Checkpoint.objects.values_list("size", flat=True)) == [1]


def test_a_ledger_restored_into_another_cluster_is_sealed_on(
    committed_db: str, superuser_connection: psycopg.Connection[tuple[object, ...]]
) -> None:
    record_many(3)
    seal_all(3)
    record("case.before_backup")
    # As a dump would bring it: transaction numbers far ahead of this cluster's, and its old name.
    superuser_connection.execute("set session_replication_role = replica")
    superuser_connection.execute("update ledger_entry set xid = (xid::text::bigint + 1000000000)::text::xid8")
    superuser_connection.execute("update ledger_checkpoint set cluster = '1', horizon = '1000000000'")
    record("case.after_restore")

    seal_all(2)
    assert seal_batch() == 0
    record("case.later")
    seal_all(1)
    assert api.verify().faults == ()


def write() -> None:
    for number in range(20):
        record(f"case.step_{number}")


def seal_until(stop: threading.Event, sealed: list[int]) -> None:
    while not stop.is_set():
        sealed.append(seal_batch(limit=7))


def closing(fn: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            fn()
        finally:
            connection.close()

    return run
