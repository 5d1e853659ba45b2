"""Making, using, stopping and verifying seals, on a real database."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import ProgrammingError, connection, transaction

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_ISSUED,
    CERTIFICATE,
    CertificateRole,
    SealKind,
    SealStatus,
    SignatureLevel,
)
from zhengtong.capabilities.trust.models import Certificate, Seal, SealUse
from zhengtong.capabilities.trust.services import preservation
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.platform_certificates import platform_certificate
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous, system
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from zhengtong.kernel.signing.keystore import KeyStore

TENANT = "980723"
ORG = uuid.UUID(int=0x22)
PLATFORM = system(TENANT)
ADMIN = Actor(tenant=TENANT, kind="official", person_id=uuid.UUID(int=1), name="张一", roles=frozenset({"sec_admin"}))
LEADER = Actor(
    tenant=TENANT,
    kind="official",
    person_id=uuid.UUID(int=2),
    name="李二",
    org_id=ORG,
    org_name=factories.ORG,
    roles=frozenset({"leader"}),
)
CASE = ObjectRef(kind="case", id="c-1")
POSITION = api.SealPosition(x=440, y=180)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


@pytest.fixture
def seal() -> api.SealInfo:
    return api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)


def put(seal: api.SealInfo, *, actor: Actor = LEADER, pdf: bytes | None = None) -> api.SealedPdf:
    return api.seal_pdf(
        actor=actor,
        seal_id=seal.id,
        pdf=factories.licence() if pdf is None else pdf,
        reason="准予许可",
        object_ref=CASE,
        position=POSITION,
    )


def acts() -> list[str]:
    with connection.cursor() as cursor:
        # the time-stamp service gets its certificates at the first use of any seal
        cursor.execute("select act from ledger_entry where act <> 'trust.certificate_issued' order by id")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def years_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhengtong.capabilities.trust.services.sealing.now", lambda: clock.now() + 4 * factories.YEAR)


@pytest.mark.parametrize("role", [CertificateRole.MAKER, CertificateRole.TOKEN])
def test_a_certificate_the_platform_makes_for_itself_leaves_its_entry(role: CertificateRole) -> None:
    at = clock.now()

    row = platform_certificate(tenant=TENANT, role=role, since=at, at=at)
    again = platform_certificate(tenant=TENANT, role=role, since=at, at=at)

    assert row is not None
    assert again == row
    entries = ledger.entries_of(ObjectRef(kind=CERTIFICATE, id=str(row.id)), TENANT)
    assert [entry.act for entry in entries] == [ACT_CERTIFICATE_ISSUED]


def test_a_seal_is_made_before_a_transaction_and_found_in_one() -> None:
    wanted = {"actor": PLATFORM, "org_id": ORG, "org_name": factories.ORG, "kind": "official"}

    with pytest.raises(RuntimeError, match="a seal is made inside a transaction"), transaction.atomic():
        api.ensure_seal(**wanted)
    made = api.ensure_seal(**wanted)
    with transaction.atomic():
        assert api.ensure_seal(**wanted) == made


def test_a_seal_has_both_algorithms_and_a_picture(seal: api.SealInfo) -> None:
    certificates = Certificate.objects.filter(seal=seal.id).order_by("algorithm")

    assert seal.name == "青禾县市场监督管理局公章"
    assert seal.status == SealStatus.ACTIVE
    assert [(c.algorithm, c.is_development) for c in certificates] == [("RSA-3072", True), ("SM2", True)]
    assert api.seal_picture_png(tenant=TENANT, seal_id=seal.id).startswith(b"\x89PNG")
    assert acts() == ["trust.seal_made"]


def test_asking_again_gives_the_same_seal(seal: api.SealInfo) -> None:
    again = api.ensure_seal(actor=ADMIN, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)
    special = api.ensure_seal(actor=ADMIN, org_id=ORG, org_name=factories.ORG, kind=SealKind.APPROVAL)

    assert again == seal
    assert special.id != seal.id
    assert api.find_seal(tenant=TENANT, org_id=ORG, kind=SealKind.OFFICIAL) == seal
    assert Certificate.objects.filter(role="root").count() == 2


def test_tenants_do_not_share_seals_or_roots(seal: api.SealInfo) -> None:
    other = api.ensure_seal(actor=system("980724"), org_id=ORG, org_name="邻县市场监督管理局", kind=SealKind.OFFICIAL)

    assert other.id != seal.id
    assert Certificate.objects.filter(role="root").count() == 4
    with pytest.raises(NotFound):
        put(other)


@pytest.mark.parametrize("actor", [LEADER, anonymous(TENANT)])
def test_only_the_security_administrator_makes_seals(actor: Actor) -> None:
    with pytest.raises(NotPermitted, match="安全管理员"):
        api.ensure_seal(actor=actor, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)

    assert not Seal.objects.exists()
    assert acts() == []


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Invalid, match="印章种类"):
        api.ensure_seal(actor=ADMIN, org_id=ORG, org_name=factories.ORG, kind="toy")


def test_production_issues_nothing_with_the_development_authority(seal: api.SealInfo, settings: LazySettings) -> None:
    settings.ZHENGTONG_DEMO = False

    with pytest.raises(DomainError, match="不具法律效力"):
        api.ensure_seal(actor=ADMIN, org_id=uuid.UUID(int=9), org_name="别的单位", kind=SealKind.OFFICIAL)
    with pytest.raises(DomainError, match="不具法律效力"):
        put(seal)
    assert SealUse.objects.count() == 0


def test_a_sealed_licence_is_verified_by_a_stranger(seal: api.SealInfo) -> None:
    sealed = put(seal)

    found = api.verify_pdf(sealed.pdf)

    assert found.valid
    assert found.recorded
    assert found.development
    assert "青禾县市场监督管理局签署" in found.message
    assert "仅供演示，不具法律效力" in found.message
    assert tuple(report.field for report in found.signatures) == sealed.signature_ids
    assert [report.algorithm for report in found.signatures] == ["SM2", "RSA-3072"]
    assert all(report.signed_at == sealed.signed_at.replace(microsecond=0) for report in found.signatures)


def test_a_use_leaves_one_record_and_one_entry(seal: api.SealInfo) -> None:
    sealed = put(seal)

    use = SealUse.objects.get()
    assert use.id == sealed.use_id
    assert (use.object_kind, use.object_id, use.reason, use.actor_name) == ("case", "c-1", "准予许可", "李二")
    assert (use.digest_before, use.digest_after) == (sm3(factories.licence()), sm3(sealed.pdf))
    assert acts() == ["trust.seal_made", "trust.seal_used"]
    assert [entry.act for entry in ledger.entries_of(tenant=TENANT, object_ref=CASE)] == ["trust.seal_used"]


def test_a_changed_licence_is_refused(seal: api.SealInfo) -> None:
    sealed = put(seal).pdf
    position = len(factories.licence()) // 2
    changed = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]

    found = api.verify_pdf(changed)

    assert not found.valid
    assert not found.recorded
    assert "改动" in found.message or "损坏" in found.message


def test_a_commented_licence_is_refused(seal: api.SealInfo) -> None:
    found = api.verify_pdf(factories.with_comment(put(seal).pdf))

    assert not found.valid
    assert "签署之后文件又被修改" in found.message


def test_a_plain_pdf_proves_nothing() -> None:
    found = api.verify_pdf(factories.licence())

    assert not found.valid
    assert "没有电子签名" in found.message


def test_a_foreign_seal_is_not_trusted(seal: api.SealInfo) -> None:
    put(seal)

    found = api.verify_pdf(factories.signed("SM2", "RSA-3072"))

    assert not found.valid
    assert "不能确认签署人身份" in found.message


@pytest.mark.parametrize(
    "actor",
    [
        dataclasses.replace(LEADER, org_id=uuid.UUID(int=0x23)),
        dataclasses.replace(LEADER, roles=frozenset({"reviewer"})),
        dataclasses.replace(LEADER, kind="citizen"),
        ADMIN,
        anonymous(TENANT),
    ],
)
def test_only_the_organisation_itself_uses_its_seal(seal: api.SealInfo, actor: Actor) -> None:
    with pytest.raises(NotPermitted, match="没有盖章"):
        put(seal, actor=actor)

    assert not SealUse.objects.exists()
    assert acts() == ["trust.seal_made"]


def test_the_platform_seals_on_a_decision(seal: api.SealInfo) -> None:
    assert api.verify_pdf(put(seal, actor=PLATFORM).pdf).valid


def test_a_stopped_seal_is_refused_until_resumed(seal: api.SealInfo) -> None:
    api.suspend_seal(actor=ADMIN, seal_id=seal.id, reason="印章管理员休假")

    with pytest.raises(Conflict, match="已停用"):
        put(seal)
    api.resume_seal(actor=ADMIN, seal_id=seal.id, reason="恢复")
    put(seal)
    assert acts() == ["trust.seal_made", "trust.seal_suspended", "trust.seal_resumed", "trust.seal_used"]


@pytest.mark.usefixtures("years_later")
def test_an_expired_seal_is_refused(seal: api.SealInfo) -> None:
    with pytest.raises(Conflict, match="有效期已于"):
        put(seal)


def test_a_revoked_seal_is_replaced_by_a_new_key(seal: api.SealInfo) -> None:
    api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="机构改革")

    new = api.ensure_seal(actor=ADMIN, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)

    assert new.id != seal.id
    with pytest.raises(Conflict, match="已注销"):
        put(seal)
    assert api.verify_pdf(put(new).pdf).valid
    keys = Certificate.objects.filter(algorithm="SM2", role="seal").values_list("key_name", flat=True)
    assert len(set(keys)) == 2


def without_stamps(seal: api.SealInfo, monkeypatch: pytest.MonkeyPatch) -> api.SealedPdf:
    """Sealed as before there was a time-stamp service: the time is the platform's own word."""
    with monkeypatch.context() as patch:
        patch.setattr(preservation, "wanted_level", lambda **_: SignatureLevel.B)
        return put(seal)


def test_without_a_time_stamp_revocation_spares_what_is_on_record_and_nothing_else(
    seal: api.SealInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = without_stamps(seal, monkeypatch)
    with transaction.atomic():
        unrecorded = without_stamps(seal, monkeypatch)
        transaction.set_rollback(True)
    assert recorded.level == "B"
    api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="私钥可能失密")

    spared = api.verify_pdf(recorded.pdf)
    assert spared.valid
    assert [one.revocation for one in spared.signatures] == ["revoked_later", "revoked_later"]
    found = api.verify_pdf(unrecorded.pdf)
    assert not found.valid
    assert "已被吊销" in found.message


def test_a_time_stamp_proves_what_was_sealed_before_the_revocation(seal: api.SealInfo) -> None:
    with transaction.atomic():
        unrecorded = put(seal)
        transaction.set_rollback(True)
    with time_machine.travel(clock.now() + dt.timedelta(days=1)):
        api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="机构撤销")

        found = api.verify_pdf(unrecorded.pdf)

    assert found.valid
    assert not found.recorded
    assert {one.revocation for one in found.signatures} == {"revoked_later"}


def test_a_revoked_seal_may_be_destroyed_with_its_keys(
    seal: api.SealInfo, cheap_key_store: KeyStore, django_capture_on_commit_callbacks: Any
) -> None:
    sealed = put(seal)
    with pytest.raises(Conflict, match="不能改为"):
        services.destroy_seal(actor=ADMIN, seal_id=seal.id, reason="还在用的印章")
    with time_machine.travel(clock.now() + dt.timedelta(days=1)):
        api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="机构撤销")
        assert any(name.startswith("seal-") for name in cheap_key_store.names())

        with django_capture_on_commit_callbacks(execute=True):
            services.destroy_seal(actor=ADMIN, seal_id=seal.id, reason="机构撤销")

        assert not any(name.startswith("seal-") for name in cheap_key_store.names())
        assert api.verify_pdf(sealed.pdf).valid
    assert api.get_seal(tenant=TENANT, seal_id=seal.id).status == SealStatus.DESTROYED


@pytest.mark.parametrize("statement", ["update trust_sealuse set reason = '别的事由'", "delete from trust_sealuse"])
def test_the_application_may_neither_change_nor_delete_a_use(seal: api.SealInfo, statement: str) -> None:
    put(seal)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert SealUse.objects.get().reason == "准予许可"


@pytest.mark.parametrize("change", [api.suspend_seal, api.resume_seal, api.revoke_seal])
def test_a_change_needs_the_right_person_and_a_reason(seal: api.SealInfo, change: object) -> None:
    with pytest.raises(NotPermitted):
        change(actor=LEADER, seal_id=seal.id, reason="试试")  # type: ignore[operator]  # one of three functions
    with pytest.raises(Invalid, match="原因"):
        change(actor=ADMIN, seal_id=seal.id, reason="  ")  # type: ignore[operator]  # one of three functions

    assert api.get_seal(tenant=TENANT, seal_id=seal.id) == seal
    assert acts() == ["trust.seal_made"]


def test_nonsense_changes_are_refused(seal: api.SealInfo) -> None:
    with pytest.raises(Conflict, match="不能改为"):
        api.resume_seal(actor=ADMIN, seal_id=seal.id, reason="本来就在用")
    api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="注销")
    with pytest.raises(Conflict, match="注销"):
        api.resume_seal(actor=ADMIN, seal_id=seal.id, reason="后悔")


def test_nothing_is_sealed_where_there_is_no_pdf(seal: api.SealInfo) -> None:
    with pytest.raises(Invalid, match="PDF"):
        put(seal, pdf=b"not a document")

    assert not SealUse.objects.exists()


def test_a_seal_lost_in_between_is_not_used(seal: api.SealInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    # The seal is stopped after the first look and before the record is written.
    from zhengtong.capabilities.trust.services import sealing

    real = sealing._sign

    def stop_meanwhile(*arguments: object) -> object:
        result = real(*arguments)  # type: ignore[arg-type]  # passed on as they came
        Seal.objects.filter(id=seal.id).update(status=SealStatus.SUSPENDED)
        return result

    monkeypatch.setattr(sealing, "_sign", stop_meanwhile)

    with pytest.raises(Conflict, match="已停用"):
        put(seal)
    assert not SealUse.objects.exists()


def test_dates_are_those_of_the_certificates(seal: api.SealInfo) -> None:
    assert seal.valid_until - seal.valid_from == pytest.approx(3 * factories.YEAR, abs=dt.timedelta(seconds=2))
