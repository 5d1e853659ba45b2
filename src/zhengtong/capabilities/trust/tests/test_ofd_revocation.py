"""What a revocation of the signer, the maker or the time-stamp service means for seals on OFD documents."""

import datetime as dt

import pytest
import time_machine
from django.conf import LazySettings

from zhengtong.capabilities.trust import api, rules, services
from zhengtong.capabilities.trust.constants import CertificateRole, RevocationReason
from zhengtong.capabilities.trust.engine import revocation
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.services import ofd_verification
from zhengtong.capabilities.trust.tests.test_external import (
    LicensedAuthority,
    bring_into_use,
    stamp_too,
    waiting_seal,
)
from zhengtong.capabilities.trust.tests.test_ofd_services import made_seal, sealed
from zhengtong.capabilities.trust.tests.test_services import ADMIN, PLATFORM
from zhengtong.kernel import clock

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


def failed(found: api.OfdVerification) -> list[str]:
    return [step.key for step in found.signatures[0].steps if not step.passed]


def revoke(role: str, at: dt.datetime, reason: str = "key_compromise") -> None:
    row = Certificate.objects.get(role=role, algorithm="SM2", status="active")
    services.revoke_certificate(actor=ADMIN, certificate_id=row.id, reason=reason, at=at)


@pytest.fixture
def unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform knows nothing of the file: it was sealed elsewhere."""
    monkeypatch.setattr(ofd_verification, "use_of_document", lambda digest: None)


@pytest.fixture
def content() -> bytes:
    """Sealed three days before the tests look at it."""
    with time_machine.travel(AT, tick=False):
        return sealed(made_seal())


@pytest.mark.parametrize(("role", "part"), [("seal", "signer"), ("maker", "maker")])
def test_a_revocation_after_the_stamped_time_leaves_the_seal_good_and_one_before_does_not(
    content: bytes, role: str, part: str
) -> None:
    with time_machine.travel(AT + 3 * DAY, tick=False):
        good = api.verify_ofd(content)
        revoke(role, AT + DAY)
        later = api.verify_ofd(content)
        Certificate.objects.filter(role=role, algorithm="SM2").update(revoked_at=AT - DAY)
        before = api.verify_ofd(content)

    assert (good.valid, good.signatures[0].revocation) == (True, "good")
    assert (later.valid, later.signatures[0].revocation) == (True, "revoked_later")
    assert (before.valid, before.signatures[0].revocation) == (False, "revoked")
    assert failed(before) == [f"{part}_revocation"]
    assert "2026年11月19日被吊销" in before.message


def test_the_platforms_record_of_the_use_proves_what_a_lost_stamp_key_cannot(content: bytes) -> None:
    with time_machine.travel(AT + 3 * DAY, tick=False):
        revoke(CertificateRole.TIMESTAMP, AT + 2 * DAY)
        revoke(CertificateRole.SEAL, AT + DAY)

        found = api.verify_ofd(content)

    assert found.valid
    assert "用印记录证明盖章时间" in {step.key: step.note for step in found.signatures[0].steps}["stamp_revocation"]


@pytest.mark.usefixtures("unrecorded")
def test_the_stamp_of_a_lost_key_alone_proves_nothing(content: bytes) -> None:
    with time_machine.travel(AT + 3 * DAY, tick=False):
        revoke(CertificateRole.TIMESTAMP, AT + 2 * DAY)
        revoke(CertificateRole.SEAL, AT + DAY)

        found = api.verify_ofd(content)

    assert failed(found) == ["stamp_revocation", "signer_revocation"]
    assert "时间戳不能再证明盖章时间" in found.message


@pytest.mark.usefixtures("unrecorded")
@pytest.mark.parametrize("reason", [one.value for one in RevocationReason if one != RevocationReason.CERTIFICATE_HOLD])
def test_a_stamp_service_that_only_stopped_leaves_its_stamps_good(content: bytes, reason: str) -> None:
    with time_machine.travel(AT + 3 * DAY, tick=False):
        revoke(CertificateRole.TIMESTAMP, AT + DAY, reason)

        found = api.verify_ofd(content)

    # RFC 3161 §4: these three leave earlier stamps good
    assert found.valid == (reason in {"affiliation_changed", "superseded", "cessation_of_operation"})


def test_a_stamp_after_the_end_of_its_service_is_none() -> None:
    assert rules.stamp_holds(stamped_at=AT, revoked_at=None, reason="")
    assert not rules.stamp_holds(stamped_at=AT, revoked_at=AT, reason="superseded")
    assert not rules.stamp_holds(stamped_at=AT, revoked_at=AT + DAY, reason="unspecified")


@pytest.fixture
def licensed(settings: LazySettings) -> LicensedAuthority:
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"
    return LicensedAuthority()


def licensed_ofd(authority: LicensedAuthority) -> bytes:
    seal = waiting_seal()
    bring_into_use(seal, authority)
    request = api.request_duty_certificate(actor=ADMIN, duty="maker", organisation="青禾县数据局")
    api.import_certificates(actor=ADMIN, files=[authority.certify(request.pem, "制章者")])
    stamp_too(authority)
    return sealed(seal, actor=PLATFORM)


@pytest.mark.usefixtures("unrecorded")
@pytest.mark.parametrize(("role", "part"), [("seal", "signer"), ("maker", "maker"), ("timestamp", "stamp")])
def test_lists_of_the_licensed_authority_take_effect_on_each_certificate(
    licensed: LicensedAuthority, role: str, part: str
) -> None:
    content = licensed_ofd(licensed)
    assert api.verify_ofd(content).valid
    row = Certificate.objects.get(role=role, algorithm="SM2", status="active")
    back = clock.now() - dt.timedelta(minutes=30)

    with time_machine.travel(clock.now() + dt.timedelta(hours=1)):
        for data in licensed.lists([revocation.Revocation(row.serial, back, "key_compromise")]):
            api.import_revocation_list(actor=ADMIN, data=data)
        found = api.verify_ofd(content)

    row.refresh_from_db()
    assert row.revoked_at is None  # the platform itself revoked nothing
    assert failed(found) == [f"{part}_revocation"]


@pytest.mark.usefixtures("unrecorded")
def test_a_revoked_issuer_takes_its_certificates_along(licensed: LicensedAuthority) -> None:
    content = licensed_ofd(licensed)
    issuing = Certificate.objects.get(role="issuing", algorithm="SM2")
    at = clock.now()
    der = revocation.build(
        issuer_pem=licensed.pems["SM2"][0],
        issuer=licensed.keys["SM2"][0],
        number=8,
        revoked=[revocation.Revocation(issuing.serial, at - DAY, "ca_compromise")],
        this_update=at,
        next_update=at + DAY,
    )

    api.import_revocation_list(actor=ADMIN, data=der)

    assert failed(api.verify_ofd(content)) == ["stamp_revocation", "signer_revocation", "maker_revocation"]


def test_without_lists_up_to_the_time_of_the_stamp_nobody_can_say(licensed: LicensedAuthority) -> None:
    content = licensed_ofd(licensed)
    with time_machine.travel(clock.now() + 30 * DAY):
        late = sealed(waiting_seal(), actor=PLATFORM)

        found, before = api.verify_ofd(late), api.verify_ofd(content)

    assert before.valid
    assert not found.valid
    assert found.signatures[0].revocation == "unknown"
    assert "导入最新的撤销列表" in found.message
