"""Using a seal on an OFD document: who may, what is recorded, what a later revocation means; keys of offline tokens."""

import datetime as dt
import uuid

import pytest
import time_machine

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api
from zhengtong.capabilities.trust.constants import CertificateRole
from zhengtong.capabilities.trust.engine import ses
from zhengtong.capabilities.trust.engine.ofd_package import OfdPackage
from zhengtong.capabilities.trust.models import Certificate, SealUse
from zhengtong.capabilities.trust.plugins.ofd_signature import SesSigner
from zhengtong.capabilities.trust.services import uses
from zhengtong.capabilities.trust.tests import factories
from zhengtong.capabilities.trust.tests.test_ofd_seals import PLACE, plain
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.signing.keystore import KeyStore

TENANT = "980723"
ORG = uuid.UUID(int=1)
AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
REF = ObjectRef(kind="document", id=str(uuid.UUID(int=9)))

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


def official(*roles: str, org_id: uuid.UUID = ORG, tenant: str = TENANT) -> Actor:
    return Actor(
        tenant=tenant, kind="official", person_id=uuid.UUID(int=7), name="李二", org_id=org_id, roles=frozenset(roles)
    )


def made_seal() -> api.SealInfo:
    return api.ensure_seal(actor=system(TENANT), org_id=ORG, org_name="青禾县市场监督管理局", kind="official")


def sealed(seal: api.SealInfo, *, actor: Actor | None = None, ofd: bytes | None = None) -> bytes:
    return api.seal_ofd(
        actor=actor or official("leader"),
        seal_id=seal.id,
        ofd=ofd or plain(),
        reason="准予许可",
        object_ref=REF,
        page=0,
        x_mm=150,
        y_mm=220,
    )


def test_a_use_on_an_ofd_is_recorded_like_one_on_a_pdf() -> None:
    seal = made_seal()

    content = sealed(seal)

    use = SealUse.objects.get()
    assert (use.seal_id, use.actor_name, use.signatures[0]["algorithm"]) == (seal.id, "李二", "SM2")
    assert [entry.act for entry in ledger.entries_of(REF, TENANT)] == ["trust.seal_used"]
    found = api.verify_ofd(content)
    assert (found.valid, found.recorded, found.development) == (True, True, True)
    assert "不具法律效力" in found.message
    (report,) = found.signatures
    assert report.stamped
    assert report.maker == "电子印章制章者"


def test_the_seal_in_the_file_is_the_seal_of_the_register() -> None:
    seal = made_seal()

    package = OfdPackage(sealed(seal))

    found = ses.read_seal(package.parts["Doc_0/Signs/Sign_0/Seal.esl"])
    assert (found.seal_id, found.name, found.vendor, found.version) == (seal.id.hex, seal.name, "ZHENGTONG", 4)
    assert found.picture == api.seal_picture_png(tenant=TENANT, seal_id=seal.id)
    assert (found.width_mm, found.height_mm) == (42, 42)
    assert abs(found.valid_until - seal.valid_until) < dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (official("clerk", org_id=uuid.UUID(int=2)), NotPermitted),
        (official("sys_admin"), NotPermitted),
        (official("leader", tenant="980724"), NotFound),
    ],
)
def test_only_the_seals_own_unit_uses_it(actor: Actor, refusal: type[Exception]) -> None:
    seal = made_seal()

    with pytest.raises(refusal):
        sealed(seal, actor=actor)
    assert SealUse.objects.count() == 0


def test_a_stopped_seal_and_a_broken_file_are_refused() -> None:
    seal = made_seal()
    with pytest.raises(Invalid):
        sealed(seal, ofd=b"PK\x03\x04")
    api.suspend_seal(actor=system(TENANT), seal_id=seal.id, reason="核查")

    with pytest.raises(Conflict):
        sealed(seal)
    assert SealUse.objects.count() == 0


def test_a_revocation_leaves_stamped_seals_good_and_stops_new_ones() -> None:
    with time_machine.travel(AT, tick=False):
        seal = made_seal()
        content = sealed(seal)
    with time_machine.travel(AT + dt.timedelta(days=3), tick=False):
        api.revoke_seal(actor=system(TENANT), seal_id=seal.id, reason="机构撤并")
        found = api.verify_ofd(content)
        with pytest.raises(Conflict):
            sealed(seal)

    assert found.valid
    assert found.signatures[0].revocation == "revoked_later"
    notes = {step.key: step.note for step in found.signatures[0].steps}
    assert "盖章在吊销之前" in notes["signer_revocation"]
    assert "已核对撤销列表" in notes["maker_revocation"]


def test_a_seal_used_at_a_time_after_its_revocation_is_not_believed() -> None:
    with time_machine.travel(AT, tick=False):
        seal = made_seal()
        content = sealed(seal)
        Certificate.objects.filter(seal_id=seal.id, algorithm="SM2").update(
            status="revoked", revoked_at=AT - dt.timedelta(hours=1)
        )

        found = api.verify_ofd(content)

    assert not found.valid
    assert "吊销" in found.message


def test_one_maker_vouches_for_all_seals_and_a_second_file_makes_no_second_one() -> None:
    seal = made_seal()

    sealed(seal)
    sealed(seal)

    assert Certificate.objects.filter(role=CertificateRole.MAKER).count() == 1


def test_a_file_without_a_seal_proves_nothing() -> None:
    found = api.verify_ofd(plain())

    assert (found.valid, found.signatures) == (False, ())
    assert "没有电子印章" in found.message


def test_tokens_are_checked_with_the_published_keys(cheap_key_store: KeyStore) -> None:
    key = api.token_key(tenant=TENANT)
    assert key is not None
    other = api.token_key(tenant="980724")
    assert other is not None

    signature = key.sign(b"licence")

    assert len(signature) == 64
    assert set(api.token_keys()) == {key.key_id, other.key_id}
    assert api.verify_token(key_id=key.key_id[:16], data=b"licence", signature=signature) is True
    assert api.verify_token(key_id=key.key_id[:16].upper(), data=b"licence", signature=signature) is True
    assert api.verify_token(key_id=key.key_id[:16], data=b"licences", signature=signature) is False
    assert api.verify_token(key_id=other.key_id[:16], data=b"licence", signature=signature) is False
    assert api.verify_token(key_id=key.key_id[:16], data=b"licence", signature=signature[:-1]) is False
    assert api.verify_token(key_id="0" * 16, data=b"licence", signature=signature) is None
    assert api.verify_token(key_id="", data=b"licence", signature=signature) is None


def test_a_revoked_token_key_is_no_longer_believed() -> None:
    key = api.token_key(tenant=TENANT)
    assert key is not None
    signature = key.sign(b"licence")
    Certificate.objects.filter(role=CertificateRole.TOKEN).update(status="revoked", revoked_at=AT)

    fresh = api.token_key(tenant=TENANT)

    assert api.verify_token(key_id=key.key_id, data=b"licence", signature=signature) is None
    assert fresh is not None
    assert fresh.key_id != key.key_id


def test_who_is_no_maker_makes_no_seal() -> None:
    own = made_seal()
    sealed(own)
    row = Certificate.objects.select_related("issuer__issuer").get(role=CertificateRole.SEAL, algorithm="SM2")
    holder = uses.credential_of(row)
    at = clock.now()
    forged = ses.make_seal(
        seal_id="0" * 32,
        name="青禾县人民政府公章",
        users_pem=[row.pem],
        created_at=at,
        valid_from=at - dt.timedelta(minutes=1),
        valid_until=at + dt.timedelta(days=1),
        picture_png=factories.seal().png,
        diameter_mm=42,
        maker=holder,
    )
    ofd = SesSigner().sign_ofd(plain(), credential=holder, seal=forged, place=PLACE, signed_at=at)

    found = api.verify_ofd(ofd)

    assert [step.key for step in found.signatures[0].steps if not step.passed] == ["maker_registered"]
    assert not found.valid
    assert "制章" in found.message
