"""Production: a licensed authority by file, keys in hardware, and nothing with the development authority."""

import datetime as dt
import subprocess
import uuid
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core import checks

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.constants import SealKind, SealStatus
from zhengtong.capabilities.trust.engine import certificates, revocation
from zhengtong.capabilities.trust.models import Certificate, RevocationList
from zhengtong.capabilities.trust.plugins.lawfulness import check_lawfulness
from zhengtong.capabilities.trust.services import keys
from zhengtong.capabilities.trust.services.revocation import revoked_since
from zhengtong.capabilities.trust.tests import factories, persons
from zhengtong.capabilities.trust.tests.test_services import ADMIN, LEADER, ORG, PLATFORM, POSITION, TENANT
from zhengtong.kernel import clock
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotPermitted
from zhengtong.kernel.loops import worker_loops
from zhengtong.kernel.signing import software
from zhengtong.kernel.signing.keystore import KeyStore

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
DAY = dt.timedelta(days=1)


class LicensedAuthority:
    """A stand-in for a 电子政务电子认证服务机构: a root and an issuing certificate per algorithm."""

    def __init__(self) -> None:
        at = clock.now()
        self.keys, self.pems = {}, {}
        for algorithm in ("SM2", "RSA-3072"):
            root, ca = factories.root_key(algorithm), software.generate(algorithm)
            root_pem = self._build("root", f"某某CA根 {algorithm}", root, None, root, at)
            self.keys[algorithm] = (root, ca)
            self.pems[algorithm] = (root_pem, self._build("issuing", f"某某CA {algorithm}", ca, root_pem, root, at))

    def certify(self, request: bytes, name: str, role: certificates.Role = "signer") -> bytes:
        public_pem = certificates.read_request(request)
        algorithm = certificates.algorithm_of(certificates.public_key_info(public_pem))
        at = clock.now()
        return certificates.build(
            role=role,
            subject=certificates.Subject(factories.ORG, name),
            public_pem=public_pem,
            issuer_pem=self.pems[algorithm][1],
            issuer=self.keys[algorithm][1],
            not_before=at - DAY,
            not_after=at + 800 * DAY,
        ).encode()

    def chain(self) -> list[bytes]:
        return [text.encode() for pair in self.pems.values() for text in pair]

    def lists(self, revoked: list[revocation.Revocation] | None = None) -> list[bytes]:
        at = clock.now()
        return [
            revocation.build(
                issuer_pem=self.pems[algorithm][level],
                issuer=self.keys[algorithm][level],
                number=7,
                revoked=(revoked or []) if level else [],
                this_update=at - dt.timedelta(minutes=1),
                next_update=at + 3 * DAY,
            )
            for algorithm in self.pems
            for level in (0, 1)
        ]

    @staticmethod
    def _build(
        role: certificates.Role,
        name: str,
        key: software.SoftwareKey,
        issuer_pem: str | None,
        issuer: software.SoftwareKey,
        at: dt.datetime,
    ) -> str:
        return certificates.build(
            role=role,
            subject=certificates.Subject("某某CA", name),
            public_pem=key.public_key_pem(),
            issuer_pem=issuer_pem,
            issuer=issuer,
            not_before=at - 2 * DAY,
            not_after=at + 3000 * DAY,
        )


@pytest.fixture
def production(settings: LazySettings) -> LicensedAuthority:
    settings.ZHENGTONG_DEMO = False
    settings.ZHENGTONG_CERTIFICATE_AUTHORITY = "file"
    return LicensedAuthority()


def waiting_seal() -> api.SealInfo:
    return api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)


def put(seal: api.SealInfo) -> api.SealedPdf:
    return api.seal_pdf(
        actor=LEADER,
        seal_id=seal.id,
        pdf=factories.licence(),
        reason="准予许可",
        object_ref=ObjectRef(kind="case", id="c-1"),
        position=POSITION,
    )


def bring_into_use(seal: api.SealInfo, authority: LicensedAuthority) -> None:
    requests = api.request_certificates(actor=ADMIN, seal_id=seal.id)
    api.import_certificates(
        actor=ADMIN, files=[*(authority.certify(one.pem, seal.name) for one in requests), *authority.chain()]
    )


def stamp_too(authority: LicensedAuthority) -> None:
    for algorithm in ("SM2", "RSA-3072"):
        request = api.request_duty_certificate(
            actor=ADMIN, duty="timestamp", algorithm=algorithm, organisation="青禾县数据局"
        )
        api.import_certificates(actor=ADMIN, files=[authority.certify(request.pem, "时间戳服务", "timestamp")])
    for data in authority.lists():
        api.import_revocation_list(actor=ADMIN, data=data)


def test_an_imported_revocation_list_is_recorded_once(production: LicensedAuthority) -> None:
    bring_into_use(waiting_seal(), production)
    for _again in range(2):
        for data in production.lists():
            api.import_revocation_list(actor=ADMIN, data=data)

    issuers = set(RevocationList.objects.values_list("issuer_id", flat=True))
    acts = [
        entry.act
        for issuer in issuers
        for entry in ledger.entries_of(ObjectRef(kind="certificate", id=str(issuer)), ADMIN.tenant)
    ]
    assert issuers
    assert acts.count("trust.revocation_list_imported") == RevocationList.objects.count()


def test_a_seal_waits_for_its_certificates_and_then_works(production: LicensedAuthority) -> None:
    seal = waiting_seal()
    assert seal.status == SealStatus.SUSPENDED
    with pytest.raises(Conflict, match="已停用"):
        put(seal)

    bring_into_use(seal, production)

    ready = api.get_seal(tenant=TENANT, seal_id=seal.id)
    assert ready.status == SealStatus.ACTIVE
    sealed = put(ready)
    found = api.verify_pdf(sealed.pdf)
    assert found.valid
    assert not found.development
    assert sealed.level == "B"  # no certificate for time stamps yet
    assert found.signatures[0].issuer.startswith("某某CA")


def test_with_stamps_and_lists_the_highest_level_is_reached(production: LicensedAuthority) -> None:
    seal = waiting_seal()
    bring_into_use(seal, production)
    stamp_too(production)

    sealed = put(seal)

    assert sealed.level == "LTA"
    assert api.verify_pdf(sealed.pdf).valid


def test_a_list_of_the_licensed_authority_takes_effect(production: LicensedAuthority) -> None:
    seal = waiting_seal()
    bring_into_use(seal, production)
    stamp_too(production)
    sealed = put(seal)
    rows = Certificate.objects.filter(seal=seal.id)
    back = clock.now() - dt.timedelta(minutes=30)
    entries = [revocation.Revocation(row.serial, back, "key_compromise") for row in rows]

    older = production.lists()

    with time_machine.travel(clock.now() + dt.timedelta(hours=1)):
        for data in (*production.lists(entries), *older):  # an older list must not undo a newer one
            api.import_revocation_list(actor=ADMIN, data=data)
        found = api.verify_pdf(sealed.pdf)
        assert {revoked_since(row) for row in rows.select_related("issuer")} == {back.replace(microsecond=0)}
    assert not found.valid
    assert "吊销" in found.message


def test_openssl_accepts_the_requests(production: LicensedAuthority, tmp_path: Path) -> None:
    by_name = {one.name: one.pem for one in api.request_certificates(actor=ADMIN, seal_id=waiting_seal().id)}
    for name, pem in by_name.items():
        (tmp_path / "request.pem").write_bytes(pem)
        user_id = ["-vfyopt", "distid:1234567812345678"] if "SM2" in name else []
        command = ["openssl", "req", "-in", "request.pem", "-verify", "-noout", "-subject", *user_id]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert "verify OK" in done.stdout + done.stderr
    assert len(by_name) == 2


def test_a_certificate_for_a_strange_key_is_refused(production: LicensedAuthority) -> None:
    waiting_seal()
    key = software.generate("SM2")
    request = certificates.build_request(subject=certificates.Subject("x", "x"), key=key)

    with pytest.raises(Invalid, match="不属于本平台"):
        api.import_certificates(actor=ADMIN, files=[production.certify(request, "x"), *production.chain()])


def test_an_incomplete_or_false_chain_is_refused(production: LicensedAuthority) -> None:
    seal = waiting_seal()
    request = api.request_certificates(actor=ADMIN, seal_id=seal.id)[0]
    own = production.certify(request.pem, seal.name)
    other = LicensedAuthority()

    with pytest.raises(Invalid, match="完整的证书链"):
        api.import_certificates(actor=ADMIN, files=[own])
    with pytest.raises(Invalid, match="完整的证书链"):
        api.import_certificates(actor=ADMIN, files=[own, *other.chain()])
    with pytest.raises(Invalid, match="不是可以识别的数字证书"):
        api.import_certificates(actor=ADMIN, files=[b"junk"])
    assert not Certificate.objects.filter(role="seal").exists()


def test_a_list_of_somebody_else_is_refused(production: LicensedAuthority) -> None:
    bring_into_use(waiting_seal(), production)

    with pytest.raises(Invalid, match="不认识"):
        api.import_revocation_list(actor=ADMIN, data=LicensedAuthority().lists()[1])
    with pytest.raises(NotPermitted):
        api.import_revocation_list(actor=LEADER, data=production.lists()[1])


def test_a_persons_certificate_of_the_licensed_authority(production: LicensedAuthority) -> None:
    person = uuid.UUID(int=5)
    api.import_certificates(actor=ADMIN, files=production.chain())
    pem = production.certify(persons.request("SM2"), "李二", "person")

    info = persons.certified(pem, person)

    without_list = api.check_certificate(pem)
    assert not without_list.valid
    assert "撤销列表" in without_list.reason
    for data in production.lists():
        api.import_revocation_list(actor=ADMIN, data=data)
    assert api.check_certificate(pem) == api.CertificateCheck(
        valid=True, subject="李二", serial=info.serial, person_id=person
    )
    with pytest.raises(Conflict, match="已经登记"):
        persons.certified(pem, person)


def test_the_development_authority_is_refused_at_start(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    assert check_lawfulness() == []
    settings.ZHENGTONG_DEMO = False
    settings.ZHENGTONG_CERTIFICATE_AUTHORITY = "development"
    assert [one.id for one in check_lawfulness()] == ["trust.E001"]
    assert worker_loops.get("trust_expiry").fn() == 0
    assert "正式运行环境不能使用开发测试签发机构" in caplog.text
    settings.ZHENGTONG_CERTIFICATE_AUTHORITY = ""
    assert [one.id for one in check_lawfulness()] == ["trust.W001"]
    settings.ZHENGTONG_CERTIFICATE_AUTHORITY = "nobody"
    assert [one.id for one in check_lawfulness()] == ["trust.E002"]
    with pytest.raises(DomainError, match="nobody"):
        waiting_seal()
    settings.ZHENGTONG_CERTIFICATE_AUTHORITY = "file"
    assert check_lawfulness() == []
    assert check_lawfulness in checks.registry.registry.get_checks()


@pytest.mark.usefixtures("settings")
def test_certificates_of_the_demonstration_are_not_believed_in_production(settings: LazySettings) -> None:
    info = persons.certified(persons.request("SM2"))
    assert api.check_certificate(info.pem.encode()).valid

    settings.ZHENGTONG_DEMO = False

    assert "不具法律效力" in api.check_certificate(info.pem.encode()).reason
    assert services.answer_status(b"junk")  # still answers, without issuing anything


class Hardware:
    """A 密码机 of somebody else's making: keys that never leave it, plugged in by setting only."""

    used: list[str] = []

    def __init__(self) -> None:
        self._keys: dict[str, software.SoftwareKey] = {}

    def load(self, name: str) -> software.SoftwareKey:
        self.used.append(name)
        return self._keys[name]

    def load_or_generate(self, name: str, algorithm: str, *, at: dt.datetime) -> software.SoftwareKey:
        if name not in self._keys:
            self._keys[name] = software.generate(algorithm)
        return self._keys[name]

    def rotate(self, name: str, *, at: dt.datetime) -> software.SoftwareKey:
        self._keys[name] = software.generate(self._keys[name].algorithm)
        return self._keys[name]

    def destroy(self, name: str) -> None:
        self._keys.pop(name, None)


def test_hardware_plugs_in_by_setting(settings: LazySettings, cheap_key_store: KeyStore) -> None:
    settings.ZHENGTONG_KEY_PROVIDER = f"{__name__}.Hardware"

    seal = waiting_seal()
    sealed = put(seal)

    assert api.verify_pdf(sealed.pdf).valid
    assert any(name.startswith(f"seal-{seal.id}") for name in Hardware.used)
    assert cheap_key_store.names() == []


def test_hardware_that_is_not_there_stops_everything(settings: LazySettings, cheap_key_store: KeyStore) -> None:
    settings.ZHENGTONG_KEY_PROVIDER = "no.such.driver"

    with pytest.raises(DomainError, match="ZHENGTONG_KEY_PROVIDER"):
        waiting_seal()
    assert cheap_key_store.names() == []
    assert isinstance(keys.software_key_store(), KeyStore)
