"""The application may not change the ledger; a superuser who does is found out."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.exceptions import BrokenLedger
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import cut, record, record_many, seal_all
from zhengtong.kernel.signing import software

Super = psycopg.Connection[tuple[object, ...]]
TABLES = ["entry", "payload", "leaf", "node", "checkpointkey", "checkpoint", "cosignature"]
COLUMN = {
    "entry": "act",
    "payload": "salt",
    "leaf": "hash",
    "node": "hash",
    "checkpointkey": "algorithm",
    "checkpoint": "root",
    "cosignature": "statement",
}


def changes(table: str) -> list[str]:
    return [
        f"update ledger_{table} set {COLUMN[table]} = {COLUMN[table]}",
        f"delete from ledger_{table}",
        f"truncate ledger_{table}",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_application_can_neither_change_nor_delete(table: str) -> None:
    record()
    seal_batch()

    for statement in changes(table):
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["id", "xid"])
def test_the_application_cannot_choose_the_number_or_the_transaction_of_an_entry(column: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"insert into ledger_entry ({column}) values ('3')")


@pytest.mark.django_db
def test_the_application_cannot_erase_a_payload_without_an_entry_about_it() -> None:
    receipt = record()

    with pytest.raises(DatabaseError, match="没有抹除"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select ledger_erase_payload(%s)", [receipt.entry_id])


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_and_a_superuser_without_maintenance_are_refused(
    database_urls: dict[str, str], superuser_connection: Super, table: str
) -> None:
    record_many(256)
    seal_all(256)

    with psycopg.connect(database_urls["owner"], autocommit=True) as owner:
        owner.execute("set zhengtong.ledger_maintenance = 'on'")
        for who in (owner, superuser_connection):
            for statement in changes(table):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"只能追加|没有抹除"):
                    who.execute(statement)

    assert api.verify().ok


def faults_after(tamper: Callable[[Super], object], superuser: Super) -> tuple[str, ...]:
    """Four checkpoints of ten entries, then the tampering, then the audit."""
    for number in range(4):
        record_many(10, payload={"round": number})
        seal_all(10)
    assert api.verify().ok
    superuser.execute("set zhengtong.ledger_maintenance = 'on'")
    tamper(superuser)
    report = api.verify()
    assert report.ok == (not report.faults)
    return report.faults


def uuid_at(superuser: Super, sequence: int) -> str:
    row = superuser.execute(
        "select e.uuid from ledger_entry e join ledger_leaf l on l.entry_id = e.id where l.sequence = %s", [sequence]
    ).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize(
    "change",
    [
        "act = 'case.step_X'",
        "actor_name = '李二'",
        "at = at + interval '1 microsecond'",
        "commitment = set_bit(commitment, 7, 1 - get_bit(commitment, 7))",
        "basis = ' '",
        "actor_post_id = null",
        "tenant = '980724'",
    ],
)
def test_one_changed_field_of_an_entry_is_named(superuser_connection: Super, change: str) -> None:
    named: list[str] = []

    def tamper(superuser: Super) -> None:
        named.append(uuid_at(superuser, 16))
        superuser.execute(
            f"update ledger_entry set {change} where id = (select entry_id from ledger_leaf where sequence = 16)"
        )

    faults = faults_after(tamper, superuser_connection)

    assert "第 17 号账目" in faults[0]
    assert named[0] in faults[0]
    assert all("第 17 号账目" in fault for fault in faults)


def test_fields_emptied_against_the_rules_of_the_table_are_named(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute("alter table ledger_entry alter basis drop not null, alter act drop not null")
        superuser.execute(
            "update ledger_entry set basis = null where id = (select entry_id from ledger_leaf where sequence = 4)"
        )
        superuser.execute(
            "update ledger_entry set act = null where id = (select entry_id from ledger_leaf where sequence = 6)"
        )

    faults = faults_after(tamper, superuser_connection)

    assert [fault[:7] for fault in faults] == ["第 5 号账目", "第 7 号账目"]


def test_one_flipped_bit_of_a_payload_or_salt_is_named(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute(
            "update ledger_payload set salt = set_bit(salt, 0, 1 - get_bit(salt, 0)) where entry = %s",
            [uuid_at(superuser, 3)],
        )
        superuser.execute(
            "update ledger_payload set content = replace(content, '0', '1') where entry = %s", [uuid_at(superuser, 5)]
        )
        superuser.execute("update ledger_payload set salt = salt || '\\x00' where entry = %s", [uuid_at(superuser, 7)])

    faults = faults_after(tamper, superuser_connection)

    assert [fault[:7] for fault in faults] == ["第 4 号账目", "第 6 号账目", "第 8 号账目"]


def test_a_payload_that_vanished_without_an_entry_is_named(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute("delete from ledger_payload where entry = %s", [uuid_at(superuser, 3)])

    (fault,) = faults_after(tamper, superuser_connection)

    assert fault.startswith("第 4 号账目")
    assert "没有抹除它的记录" in fault


def test_a_deleted_entry_is_named(superuser_connection: Super) -> None:
    faults = faults_after(
        lambda superuser: superuser.execute(
            "delete from ledger_entry where id = (select entry_id from ledger_leaf where sequence = 12)"
        ),
        superuser_connection,
    )

    assert faults == (faults[0],)
    assert faults[0].startswith("第 13 号账目已不存在")


def test_two_swapped_entries_are_both_named(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute(
            "update ledger_leaf l set entry_id = -x.entry_id from ledger_leaf x where l.sequence in (12, 13)"
            " and x.sequence = 25 - l.sequence"
        )
        superuser.execute("update ledger_leaf set entry_id = -entry_id where entry_id < 0")

    faults = faults_after(tamper, superuser_connection)

    assert [fault[:8] for fault in faults] == ["第 13 号账目", "第 14 号账目"]


def test_an_entry_deleted_with_its_leaf_is_found_as_a_gap(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute("delete from ledger_entry where id = (select entry_id from ledger_leaf where sequence = 12)")
        superuser.execute("delete from ledger_leaf where sequence = 12")

    (fault,) = faults_after(tamper, superuser_connection)

    assert fault.startswith("第 13 号的叶不见了")


def shift(superuser: Super, start: int, by: int) -> None:
    """Move the places from ``start`` on, as one who covers his traces would."""
    superuser.execute("update ledger_leaf set sequence = -sequence - 1 where sequence >= %s", [start])
    superuser.execute("update ledger_leaf set sequence = -(sequence + 1) + %s where sequence < 0", [by])


def test_a_deletion_with_closed_ranks_fails_the_interval(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute("delete from ledger_entry where id = (select entry_id from ledger_leaf where sequence = 12)")
        superuser.execute("delete from ledger_leaf where sequence = 12")
        shift(superuser, 13, -1)

    faults = faults_after(tamper, superuser_connection)

    assert faults[0].startswith("第 11 至 20 号账目这一段")


def test_an_inserted_entry_with_its_own_leaf_fails_the_interval(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        receipt = record("case.backdated")
        shift(superuser, 25, 1)
        row = Entry.objects.get(uuid=receipt.entry_id)
        superuser.execute(
            "insert into ledger_leaf (sequence, entry_id, hash) values (25, %s, %s)", [row.pk, row.clear().leaf_hash()]
        )

    faults = faults_after(tamper, superuser_connection)

    assert faults[0].startswith("第 21 至 30 号账目这一段")


def test_an_entry_slipped_in_beside_the_sequencer_is_named(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute(
            "insert into ledger_entry (uuid, tenant, at, actor_kind, actor_name, actor_post_name, actor_org_name, act,"
            " object_kind, object_id, purpose, basis, commitment, xid) values (gen_random_uuid(), '980723', now(),"
            " 'system', '', '', '', 'case.slipped', 'case', 'c-1', '', '', '\\x00', '3')"
        )

    (fault,) = faults_after(tamper, superuser_connection)

    assert "case.slipped" in fault


def test_an_entry_rewritten_with_its_leaf_fails_the_interval_and_stops_the_sequencer(
    superuser_connection: Super,
) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute("update ledger_entry set act = 'case.forged' where uuid = %s", [uuid_at(superuser, 33)])
        row = Entry.objects.get(act="case.forged")
        superuser.execute("update ledger_leaf set hash = %s where sequence = 33", [row.clear().leaf_hash()])

    faults = faults_after(tamper, superuser_connection)

    assert faults[0].startswith("第 31 至 40 号账目这一段")
    record()
    with pytest.raises(BrokenLedger):
        seal_all(1)


def test_a_changed_or_forged_checkpoint_is_found(superuser_connection: Super) -> None:
    def tamper(superuser: Super) -> None:
        superuser.execute("update ledger_checkpoint set at = at - interval '1 day' where size = 20")
        superuser.execute("update ledger_checkpoint set signature = '\\x3000' where size = 30")

    faults = faults_after(tamper, superuser_connection)

    assert [("20 条" in fault, "30 条" in fault) for fault in faults] == [(True, False), (False, True)]
    assert all("签名无效" in fault for fault in faults)


def test_a_key_put_in_place_of_the_true_one_is_found(superuser_connection: Super) -> None:
    pem = software.generate("ECDSA-P256").public_key_pem()
    faults = faults_after(
        lambda superuser: superuser.execute("update ledger_checkpointkey set public_key_pem = %s", [pem]),
        superuser_connection,
    )

    assert len(faults) == 4


def test_a_tail_cut_without_its_checkpoints_is_found(superuser_connection: Super) -> None:
    faults = faults_after(lambda superuser: cut(superuser, keep=25, checkpoints=40), superuser_connection)

    assert "第 25 号" in faults[0]
    assert "30 条" in faults[0]


def test_a_tail_cut_with_its_checkpoints_is_found_by_the_checkpoint_kept_elsewhere(superuser_connection: Super) -> None:
    kept: list[api.Checkpoint] = []

    def tamper(superuser: Super) -> None:
        newest = api.newest_checkpoint()
        assert newest is not None
        kept.append(newest)
        cut(superuser, keep=30, checkpoints=30)

    assert faults_after(tamper, superuser_connection) == ()

    report = api.verify(kept=kept)
    assert not report.ok
    assert "末尾至少 10 条被删除" in report.faults[0]


def test_a_history_rewritten_and_signed_anew_is_found_by_the_checkpoint_kept_elsewhere(
    superuser_connection: Super,
) -> None:
    kept: list[api.Checkpoint] = []

    def tamper(superuser: Super) -> None:
        newest = api.newest_checkpoint()
        assert newest is not None
        kept.append(newest)
        cut(superuser, keep=0, checkpoints=0)
        record_many(40)
        seal_all(40)

    assert faults_after(tamper, superuser_connection) == ()

    report = api.verify(kept=kept)
    assert len(report.faults) == 1
    assert "被改写过" in report.faults[0]


def test_a_changed_copy_of_a_kept_checkpoint_counts_for_nothing(superuser_connection: Super) -> None:
    assert faults_after(lambda superuser: None, superuser_connection) == ()
    newest = api.newest_checkpoint()
    assert newest is not None

    report = api.verify(kept=[api.from_json(newest.to_json().replace('"size": 40', '"size": 41'))])

    assert any("签名无效" in fault for fault in report.faults)


def test_a_changed_inner_node_is_found(superuser_connection: Super) -> None:
    record_many(300)
    seal_all(300)
    assert api.verify().ok
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")

    superuser_connection.execute("update ledger_node set hash = set_bit(hash, 0, 1 - get_bit(hash, 0))")
    (changed,) = api.verify().faults
    superuser_connection.execute("delete from ledger_node")
    (missing,) = api.verify().faults

    assert changed == missing
    assert changed.startswith("第 1 至 256 号账目的中间摘要")
