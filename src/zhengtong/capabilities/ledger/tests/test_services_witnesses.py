"""Two persons admit a witness, two persons end it, and every step stands in the ledger."""

import uuid

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.db import DatabaseError, connection, transaction

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.constants import WITNESS_KIND
from zhengtong.capabilities.ledger.models import CheckpointKey, Witness
from zhengtong.capabilities.ledger.selectors.witnesses import witnesses_of
from zhengtong.capabilities.ledger.services import (
    approve_witness,
    end_witness,
    record_cosignature,
    register_witness,
    seal_batch,
)
from zhengtong.capabilities.ledger.tests.factories import (
    AUDITOR,
    SECURITY,
    TENANT,
    administrator,
    admitted_witness,
    citizen,
    cosignature_text,
    official,
    record,
)
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.signing import software

pytestmark = pytest.mark.django_db
ELSEWHERE = administrator("audit_admin", 33, tenant="980724")


def acts(witness_id: uuid.UUID) -> list[tuple[str, str]]:
    rows = api.entries_of(ObjectRef(kind=WITNESS_KIND, id=str(witness_id)), TENANT)
    return [(row.act, row.actor_name) for row in rows]


def state_of(witness_id: uuid.UUID) -> str:
    return next(row.state for row in witnesses_of(TENANT) if row.id == witness_id)


@pytest.mark.parametrize("algorithm", ["SM2", "ECDSA-P256", "RSA-3072"])
def test_one_registers_another_approves_and_both_stand_in_the_ledger(algorithm: str) -> None:
    key = software.generate(algorithm)  # type: ignore[arg-type]  # the names of all algorithms
    witness_id = register_witness(
        actor=SECURITY, body="某县审计局", public_key_pem=key.public_key_pem().replace("\n", "\r\n"), reason="共签协议"
    )
    assert state_of(witness_id) == "pending"

    approve_witness(actor=AUDITOR, witness_id=witness_id)

    (row,) = api.cosigning_state(TENANT).witnesses
    assert (row.body, row.key_id, row.algorithm, row.state) == ("某县审计局", key.key_id, algorithm, "active")
    assert acts(witness_id) == [("ledger.witness_registered", "管理员31"), ("ledger.witness_approved", "管理员32")]


def test_nobody_approves_what_he_registered() -> None:
    key = software.generate("ECDSA-P256")
    witness_id = admitted_witness(key, approve=False)

    with pytest.raises(NotPermitted, match="两个人"):
        approve_witness(actor=SECURITY, witness_id=witness_id)
    with pytest.raises(DatabaseError, match="ledger_witness_two_persons"), transaction.atomic():
        Witness.objects.update(approved_by=SECURITY.person_id, approved_at="2026-11-09T00:00:00Z")

    assert state_of(witness_id) == "pending"


def test_ending_takes_two_persons_and_what_was_cosigned_stays_verified() -> None:
    key = software.generate("ECDSA-P256")
    witness_id = admitted_witness(key)
    seal_batch()
    record_cosignature(cosignature_text(key))

    assert end_witness(actor=AUDITOR, witness_id=witness_id, reason="换用新密钥") is False
    with pytest.raises(NotPermitted, match="两个人"):
        end_witness(actor=AUDITOR, witness_id=witness_id, reason="换用新密钥")
    assert api.cosigning_state(TENANT).witnesses
    assert end_witness(actor=SECURITY, witness_id=witness_id, reason="换用新密钥") is True

    assert state_of(witness_id) == "ended"
    assert api.cosigning_state(TENANT).lamp == "yellow"
    assert [act for act, _ in acts(witness_id)][2:] == ["ledger.witness_end_asked", "ledger.witness_ended"]
    report = api.verify()
    assert (report.ok, report.compared) == (True, 1)
    with pytest.raises(Conflict):
        end_witness(actor=SECURITY, witness_id=witness_id, reason="再次停用")
    with pytest.raises(Conflict):
        approve_witness(actor=AUDITOR, witness_id=witness_id)


def test_a_registration_nobody_approved_is_taken_back_by_one() -> None:
    witness_id = admitted_witness(software.generate("ECDSA-P256"), approve=False)

    assert end_witness(actor=SECURITY, witness_id=witness_id, reason="公钥抄错") is True

    with pytest.raises(Conflict):
        approve_witness(actor=AUDITOR, witness_id=witness_id)


def test_what_is_wrong_with_a_registration_is_said_field_by_field() -> None:
    record()
    seal_batch()
    own = CheckpointKey.objects.get().public_key_pem
    known = software.generate("SM2")
    admitted_witness(known)

    def refused(pem: str) -> dict[str, str]:
        with pytest.raises(Invalid) as caught:
            register_witness(actor=AUDITOR, body="某县审计局", public_key_pem=pem, reason="共签协议")
        return caught.value.errors

    assert "本平台自己" in refused(own)["public_key_pem"]
    assert "已经登记" in refused(known.public_key_pem())["public_key_pem"]
    weak = (_pem(rsa.generate_private_key(65537, 2048)), _pem(ec.generate_private_key(ec.SECP192R1())))
    for pem in ("", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "钥" * 9000, *weak):
        assert "无法识别" in refused(pem)["public_key_pem"]
    with pytest.raises(Invalid) as caught:
        register_witness(actor=AUDITOR, body=" ", public_key_pem=software.generate("SM2").public_key_pem(), reason="")
    assert set(caught.value.errors) == {"body", "reason"}
    with pytest.raises(Invalid):
        end_witness(actor=AUDITOR, witness_id=uuid.uuid4(), reason=" ")


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    made = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return made.decode()


@pytest.mark.parametrize(
    "actor", [anonymous(TENANT), citizen(), official(), administrator("sys_admin", 34)], ids=lambda actor: actor.name
)
def test_nobody_else_has_a_say(actor: Actor) -> None:
    witness_id = admitted_witness(software.generate("ECDSA-P256"), approve=False)

    with pytest.raises(NotPermitted):
        register_witness(actor=actor, body="某县审计局", public_key_pem="", reason="")
    with pytest.raises(NotPermitted):
        approve_witness(actor=actor, witness_id=witness_id)
    with pytest.raises(NotPermitted):
        end_witness(actor=actor, witness_id=witness_id, reason="不要了")


def test_another_tenants_witness_is_not_found() -> None:
    witness_id = admitted_witness(software.generate("ECDSA-P256"), approve=False)

    assert witnesses_of("980724") == []
    with pytest.raises(NotFound):
        approve_witness(actor=ELSEWHERE, witness_id=witness_id)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_witness set public_key_pem = 'x'",
        "update ledger_witness set body = 'x'",
        "update ledger_witness set registered_by = approved_by",
        "delete from ledger_witness",
        "truncate ledger_witness cascade",
    ],
)
def test_the_application_changes_no_witness_beyond_its_steps(statement: str) -> None:
    admitted_witness(software.generate("ECDSA-P256"))

    with pytest.raises(DatabaseError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
