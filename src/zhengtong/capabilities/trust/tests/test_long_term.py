"""Sealed files years later: expired, revoked, renewed; and what the file proves by itself."""

import asyncio
import datetime as dt
import io
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
import time_machine
from asn1crypto import cms as asn1_cms
from asn1crypto import crl as asn1_crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.constants import SealKind, SignatureLevel
from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.models import Certificate, Preservation, Seal, SealUse, TimestampRecord
from zhengtong.capabilities.trust.plugins import pdf_judgement
from zhengtong.capabilities.trust.registry import sealed_file_keepers
from zhengtong.capabilities.trust.selectors import root_certificates
from zhengtong.capabilities.trust.services import making, preservation
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.revocation import known_lists
from zhengtong.capabilities.trust.tests import factories
from zhengtong.capabilities.trust.tests.test_services import ADMIN, LEADER, ORG, PLATFORM, POSITION
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
YEAR = 365 * DAY
PAPER = ObjectRef(kind="test_paper", id="p-1")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


class Keeper:
    """Keeps test papers by digest, as an app with documents does."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read(self, *, tenant: str, object_ref: ObjectRef, digest: str) -> bytes | None:
        return self.files.get(digest)

    def add_version(self, *, tenant: str, object_ref: ObjectRef, digest: str, pdf: bytes) -> None:
        assert digest in self.files
        self.files[sm3(pdf)] = pdf


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    found = Keeper()
    monkeypatch.setitem(sealed_file_keepers._items, PAPER.kind, found)
    return found


@pytest.fixture
def seal() -> Iterator[api.SealInfo]:
    with time_machine.travel(AT, tick=False):
        yield api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)


def put(seal: api.SealInfo, level: SignatureLevel = SignatureLevel.LTA) -> api.SealedPdf:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preservation, "wanted_level", lambda **_: level)
        return api.seal_pdf(
            actor=LEADER,
            seal_id=seal.id,
            pdf=factories.licence(),
            reason="准予许可",
            object_ref=PAPER,
            position=POSITION,
        )


@pytest.mark.parametrize("level", list(SignatureLevel))
def test_a_file_says_how_much_it_proves(seal: api.SealInfo, level: SignatureLevel) -> None:
    sealed = put(seal, level)

    found = api.verify_pdf(sealed.pdf)

    assert found.valid
    assert sealed.level == level
    assert [one.level for one in found.signatures] == [level] * 2
    assert [one.stamped for one in found.signatures] == [level != "B"] * 2
    assert len(found.stamps) == (level == "LTA")
    assert TimestampRecord.objects.count() == {"B": 0, "T": 2, "LT": 2, "LTA": 3}[level]


def test_the_report_says_who_when_and_by_whom_certified(seal: api.SealInfo) -> None:
    for one in api.verify_pdf(put(seal).pdf).signatures:
        assert one.organisation == factories.ORG
        assert one.signed_at == AT
        assert one.chain[0] == f"{factories.ORG}公章"
        assert "签发证书" in one.chain[1]
        assert "根证书" in one.chain[2]
        assert one.revocation == "good"
        assert one.not_before is not None
        assert one.not_after is not None
        assert one.not_before < AT < one.not_after


def test_the_evidence_is_inside_the_file(seal: api.SealInfo) -> None:
    sealed = put(seal)

    with pikepdf.open(io.BytesIO(sealed.pdf)) as pdf:
        assert pdf.check_pdf_syntax() == []
        store = pdf.Root.DSS
        lists = [asn1_crl.CertificateList.load(one.read_bytes()) for one in store.CRLs]
        stored = [asn1_cms.Certificate.load(one.read_bytes()) for one in store.Certs]
    # roots and issuing certificates of both algorithms, the seal's two, and the stamp's own
    assert len(lists) == 4
    assert len(stored) == 7
    last = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_timestamp_signatures[-1]
    assert last.sig_object["/SubFilter"] == "/ETSI.RFC3161"


def test_poppler_still_accepts_the_rsa_signature(seal: api.SealInfo, tmp_path: Path) -> None:
    (tmp_path / "file.pdf").write_bytes(put(seal).pdf)

    text = subprocess.run(["pdfsig", "file.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    second = text.split("Signature #2")[1].split("Signature #3")[0]
    assert "Signature is Valid." in second
    assert "Signing Hash Algorithm: SHA-256" in second
    assert "Total document signed" in text.split("Signature #3")[1]


def test_a_file_without_stamps_cannot_prove_anything_after_a_revocation(seal: api.SealInfo) -> None:
    sealed = put(seal, SignatureLevel.B)
    SealUse.objects.all()  # the record stays, but another installation has none
    with time_machine.travel(AT + DAY, tick=False):
        api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="私钥失密")
        changed = factories.with_comment(sealed.pdf)

        assert api.verify_pdf(sealed.pdf).valid
        assert not api.verify_pdf(changed).valid


@pytest.mark.parametrize("years", [2, 4])
def test_years_later_an_expired_certificate_was_still_good_when_it_signed(seal: api.SealInfo, years: int) -> None:
    sealed = put(seal)
    with time_machine.travel(AT + years * YEAR, tick=False):
        found = api.verify_pdf(sealed.pdf)

    assert found.valid
    assert all(one.signed_at == AT for one in found.signatures)


def referee(pdf: bytes, at: dt.datetime) -> list[object]:
    """pyHanko's own walk through the evidence (EN 319 102-1 §5.6.3), per signature."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([certificates.parse(row.pem) for row in root_certificates()]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO, retroactive_revinfo=True),
        signature_validator=pdf_judgement._Validator(),
    )
    knowledge = LocalKnowledge(known_crls=[CRLContainer(asn1_crl.CertificateList.load(der)) for der in known_lists()])
    specification = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=knowledge,
        ),
        diff_policy=pdf_judgement._LATER_SIGNATURES_ONLY,
    )
    timing = ValidationTimingInfo(at, at, point_in_time_validation=False)
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return [asyncio.run(ades_lta_validation(one, specification, timing)).ades_subindic for one in signatures]


@pytest.mark.parametrize(("revoked_after", "good"), [(None, True), (30 * DAY, True), (-30 * DAY, False)])
def test_pyhankos_own_walk_comes_to_the_same_answer(
    seal: api.SealInfo, revoked_after: dt.timedelta | None, good: bool
) -> None:
    sealed = put(seal)
    with time_machine.travel(AT + 2 * YEAR, tick=False):
        if revoked_after is not None:
            for row in Certificate.objects.filter(seal=seal.id):
                services.revoke_certificate(
                    actor=ADMIN, certificate_id=row.id, reason="key_compromise", at=AT + revoked_after
                )

        ours = api.verify_pdf(sealed.pdf)
        theirs = referee(sealed.pdf, AT + 2 * YEAR)

    assert [one.valid for one in ours.signatures] == [good, good]
    assert [one == AdESPassed.OK for one in theirs] == [good, good]


def test_a_later_revocation_changes_nothing_for_what_was_sealed_before(seal: api.SealInfo) -> None:
    sealed = put(seal)
    with time_machine.travel(AT + 30 * DAY, tick=False):
        api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="机构撤销")
    with time_machine.travel(AT + 4 * YEAR, tick=False):
        found = api.verify_pdf(sealed.pdf)

    assert found.valid
    assert [one.revocation for one in found.signatures] == ["revoked_later"] * 2
    assert all(one.revoked_at == AT + 30 * DAY for one in found.signatures)


def test_a_loss_of_the_key_found_out_later_reaches_back(seal: api.SealInfo) -> None:
    sealed = put(seal)
    rows = Certificate.objects.filter(seal=seal.id)
    with time_machine.travel(AT + 30 * DAY, tick=False):
        for row in rows:
            services.revoke_certificate(
                actor=ADMIN, certificate_id=row.id, reason="key_compromise", at=AT - dt.timedelta(hours=1)
            )
        found = api.verify_pdf(sealed.pdf)

    assert not found.valid
    assert [one.revocation for one in found.signatures] == ["revoked"] * 2
    assert "吊销" in found.message


def test_a_stamp_is_renewed_before_its_certificate_ends(seal: api.SealInfo, keeper: Keeper) -> None:
    sealed = put(seal)
    keeper.files[sm3(sealed.pdf)] = sealed.pdf
    first = Preservation.objects.get()
    stamp = Certificate.objects.get(role="timestamp", algorithm="RSA-3072")
    assert first.renew_at == stamp.not_after - 90 * DAY
    assert services.renew_due() == 0

    with time_machine.travel(stamp.not_after - 60 * DAY, tick=False):
        assert services.renew_due() == 1
        assert services.renew_due() == 0
    renewed = Preservation.objects.get(is_current=True)
    assert renewed.digest != first.digest
    with time_machine.travel(AT + 7 * YEAR, tick=False):
        found = api.verify_pdf(keeper.files[renewed.digest])
        stale = api.verify_pdf(sealed.pdf)

    assert found.valid
    assert found.recorded
    assert len(found.stamps) == 2
    assert all(one.signed_at == AT for one in found.signatures)
    assert not stale.valid  # without renewal nothing proves the time any more


def test_a_renewal_is_in_the_ledger_and_happens_once(seal: api.SealInfo, keeper: Keeper) -> None:
    from django.db import connection

    sealed = put(seal)
    keeper.files[sm3(sealed.pdf)] = sealed.pdf
    with time_machine.travel(AT + 5 * YEAR - 60 * DAY, tick=False):
        services.renew_due()
        services.renew_due()

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_entry where act = 'trust.stamp_renewed'")
        assert cursor.fetchone()[0] == 1
    assert len(keeper.files) == 2


def test_one_file_that_cannot_be_renewed_does_not_stop_the_others(seal: api.SealInfo, keeper: Keeper) -> None:
    broken, good = put(seal), put(seal)
    keeper.files[sm3(broken.pdf)] = b"no longer a document"
    keeper.files[sm3(good.pdf)] = good.pdf
    with time_machine.travel(AT + 5 * YEAR - 60 * DAY, tick=False):
        assert services.renew_due() == 1

    assert Preservation.objects.get(digest=sm3(broken.pdf)).failures == 1
    assert Preservation.objects.filter(is_current=False).get().digest == sm3(good.pdf)


def test_a_missing_keeper_is_said_and_forgotten(seal: api.SealInfo, caplog: pytest.LogCaptureFixture) -> None:
    put(seal)
    with time_machine.travel(AT + 5 * YEAR - 60 * DAY, tick=False):
        assert services.renew_due() == 0

    assert "nobody keeps files of test_paper" in caplog.text
    assert Preservation.objects.get().renew_at is None


def test_what_is_missing_at_sealing_is_completed_later(
    seal: api.SealInfo, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(preservation, "current_lists", lambda issuers: dict.fromkeys((one.id for one in issuers), None))
        sealed = put(seal)
    assert sealed.level == "T"
    keeper.files[sm3(sealed.pdf)] = sealed.pdf

    with time_machine.travel(AT + dt.timedelta(hours=7), tick=False):
        assert services.renew_due() == 1
        renewed = Preservation.objects.get(is_current=True)
        found = api.verify_pdf(keeper.files[renewed.digest])

    assert renewed.level == "LTA"
    assert found.valid
    assert [one.level for one in found.signatures] == ["LTA", "LTA"]


def test_renewed_certificates_keep_old_documents_good(
    seal: api.SealInfo, cheap_key_store: object, django_capture_on_commit_callbacks: object
) -> None:
    before = put(seal)
    old = set(Certificate.objects.filter(seal=seal.id).values_list("serial", flat=True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        api.renew_seal_certificates(actor=ADMIN, seal_id=seal.id)

    after = put(seal)

    assert {one.certificate_serial for one in api.verify_pdf(after.pdf).signatures}.isdisjoint(old)
    assert api.verify_pdf(before.pdf).valid
    assert api.verify_pdf(after.pdf).valid
    assert set(Certificate.objects.filter(seal=seal.id, status="retired").values_list("serial", flat=True)) == old
    assert api.get_seal(tenant=seal_tenant(), seal_id=seal.id).valid_until > seal.valid_from


def seal_tenant() -> str:
    return PLATFORM.tenant


def test_a_seal_revoked_while_its_certificates_are_made_gets_none(
    seal: api.SealInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Certificate.objects.filter(seal=seal.id).count()
    made = making._certificate

    def meanwhile(*given: object) -> object:
        if Seal.objects.get(pk=seal.id).status == "active":
            api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="机构撤销")
        return made(*given)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(making, "_certificate", meanwhile)

    with pytest.raises(Conflict, match="已注销"):
        api.renew_seal_certificates(actor=ADMIN, seal_id=seal.id)
    assert Certificate.objects.filter(seal=seal.id).count() == before


def test_a_revoked_seal_gets_no_new_certificates(seal: api.SealInfo) -> None:
    api.revoke_seal(actor=ADMIN, seal_id=seal.id, reason="机构撤销")

    with pytest.raises(Conflict, match="已注销"):
        api.renew_seal_certificates(actor=ADMIN, seal_id=seal.id)


def test_the_level_is_a_parameter_per_kind_of_paper(seal: api.SealInfo) -> None:
    from zhengtong.kernel.models import ParameterValue

    ParameterValue.objects.create(
        tenant=PLATFORM.tenant,
        key="trust.signature_levels",
        value={"": "LTA", "receipt": "B"},
        source="试",
        valid_from=AT.date(),
    )
    ref = ObjectRef(kind="test_paper", id=str(uuid.uuid4()))

    def level(profile: str) -> str:
        return api.seal_pdf(
            actor=LEADER,
            seal_id=seal.id,
            pdf=factories.licence(),
            reason="试",
            object_ref=ref,
            position=POSITION,
            profile=profile,
        ).level

    assert (level("receipt"), level("licence"), level("")) == ("B", "LTA", "LTA")
