"""Two administrators, or two sweeps, at the same thing at once."""

import pytest

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.models import Entry, Witness
from zhengtong.capabilities.ledger.services import register_witness
from zhengtong.capabilities.ledger.tests.factories import AUDITOR, SECURITY, official, record
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.signing import software
from zhengtong.kernel.testing.two_at_once import meeting

pytestmark = pytest.mark.usefixtures("committed_db")


def test_one_key_is_registered_by_one_of_two_and_the_other_is_told_why() -> None:
    pem = software.generate("ECDSA-P256").public_key_pem()

    def register(actor: Actor) -> object:
        return register_witness(actor=actor, body="某县审计局", public_key_pem=pem, reason="共签协议")

    refusal = meeting(lambda: register(SECURITY), lambda: register(AUDITOR))

    assert isinstance(refusal, Invalid)
    assert "已经登记过" in refusal.errors["public_key_pem"]
    assert Witness.objects.count() == 1


def test_a_content_is_erased_by_one_of_two_with_one_entry() -> None:
    receipt = record()

    def erase() -> object:
        return api.erase_payload(actor=official(), entry_id=receipt.entry_id, basis="保存期限届满")

    refusal = meeting(erase, erase)

    assert isinstance(refusal, Conflict)
    assert "已经抹除" in refusal.message
    assert Entry.objects.filter(act="ledger.payload_erased").count() == 1
