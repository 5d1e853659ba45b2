"""Certificates of officials: applied for, decided by a second person, issued or imported, shown with their end."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.models import Certificate, PersonCertificateApplication
from zhengtong.capabilities.trust.services import persons as deciding
from zhengtong.capabilities.trust.services.certificates import issued_row
from zhengtong.capabilities.trust.tests import persons
from zhengtong.capabilities.trust.tests.persons import SECOND, certified, holder, request
from zhengtong.capabilities.trust.tests.test_external import LicensedAuthority
from zhengtong.capabilities.trust.tests.test_web import OTHER, official, signed_in, stale
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.signing import software
from zhengtong.kernel.ui.formats import group4

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
REASON = "登录和签名"


@pytest.fixture
def clerk() -> Actor:
    return official("jingban", "clerk")


@pytest.fixture
def admin() -> Actor:
    return official("baoan", "sec_admin", ("G01", "青禾县数据局"))


@pytest.fixture
def by_file(settings: LazySettings) -> LicensedAuthority:
    """Production with a licensed authority whose chain is imported."""
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"
    authority = LicensedAuthority()
    api.import_certificates(actor=SECOND, files=authority.chain())
    return authority


def acts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select act from ledger_entry where act like 'trust.%person%' order by id")
        return [row[0] for row in cursor.fetchall()]


def test_two_hands_make_a_certificate_and_leave_their_traces() -> None:
    made = certified(request())

    row = PersonCertificateApplication.objects.get()
    assert (row.status, row.applicant_name, row.decided_by_name) == ("approved", "李二", "张一")
    assert row.certificate == made
    assert (made.person_id, made.name, made.key_name) == (persons.PERSON, "李二", "")
    assert api.check_certificate(made.pem.encode()).person_id == persons.PERSON
    assert acts() == ["trust.person_certificate_applied", "trust.person_certificate_approved"]


def test_neither_the_applicant_nor_the_holder_decides() -> None:
    own = services.apply_for_person_certificate(
        actor=Actor(
            tenant=SECOND.tenant,
            kind="official",
            person_id=SECOND.person_id,
            name=SECOND.name,
            org_id=uuid.UUID(int=1),
            roles=SECOND.roles,
        ),
        data=request(),
        reason=REASON,
    )

    with pytest.raises(NotPermitted, match="不能审批自己的证书"):
        services.approve_person_certificate(actor=SECOND, application_id=own.id)
    with pytest.raises(NotPermitted, match="只有安全管理员"):
        services.approve_person_certificate(actor=holder(), application_id=own.id)
    # and the database itself holds it
    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
        PersonCertificateApplication.objects.update(status="approved", decided_by_id=own.person_id)
    assert not Certificate.objects.filter(role="person").exists()


def test_refused_while_the_authority_was_asked_stays_refused(
    monkeypatch: pytest.MonkeyPatch, admin: Actor, clerk: Actor
) -> None:
    row = services.apply_for_person_certificate(actor=admin, data=request(), reason=REASON, username="jingban")

    def meanwhile(*given: Any) -> Certificate | None:
        services.refuse_person_certificate(actor=SECOND, application_id=row.id, reason="材料不符")
        return issued_row(*given)

    monkeypatch.setattr(deciding, "issued_row", meanwhile)
    with pytest.raises(Conflict, match="已经办结"):
        services.approve_person_certificate(actor=SECOND, application_id=row.id)

    row.refresh_from_db()
    assert (row.status, row.certificate_id) == ("refused", None)
    assert not Certificate.objects.filter(role="person").exists()


def test_an_administrator_who_applies_for_another_does_not_decide(admin: Actor, clerk: Actor) -> None:
    row = services.apply_for_person_certificate(actor=admin, data=request(), reason=REASON, username="jingban")

    assert (row.person_id, row.person_name, row.org_name) == (clerk.person_id, clerk.name, clerk.org_name)
    with pytest.raises(NotPermitted, match="不能审批"):
        services.approve_person_certificate(actor=admin, application_id=row.id)
    assert services.approve_person_certificate(actor=SECOND, application_id=row.id).certificate is not None
    with pytest.raises(NotPermitted, match="由本人申请"):
        services.apply_for_person_certificate(actor=clerk, data=request(), reason=REASON, username="baoan")
    with pytest.raises(Invalid, match="没有用户名"):
        services.apply_for_person_certificate(actor=admin, data=request(), reason=REASON, username="nobody")


def test_what_is_no_application_is_refused() -> None:
    citizen = Actor(tenant=SECOND.tenant, kind="citizen", person_id=uuid.UUID(int=3))

    with pytest.raises(NotPermitted, match="只有工作人员"):
        services.apply_for_person_certificate(actor=citizen, data=request(), reason=REASON)
    for data, reason, match in (
        (b"", REASON, "请选择"),
        (request(), " ", "申请理由"),
        (b"junk", REASON, "不是证书申请文件"),
    ):
        with pytest.raises(Invalid, match=match):
            services.apply_for_person_certificate(actor=holder(), data=data, reason=reason)
    services.apply_for_person_certificate(actor=holder(), data=request(), reason=REASON)
    with pytest.raises(Conflict, match="正在等待审批"):
        services.apply_for_person_certificate(actor=holder(), data=request(), reason=REASON)


def test_nobody_applies_while_he_stands_in_for_another_unit() -> None:
    stand_in = dataclasses.replace(holder(), delegation_id=uuid.UUID(int=9), delegated_by="王五")

    with pytest.raises(NotPermitted, match="切换到自己的岗位"):
        services.apply_for_person_certificate(actor=stand_in, data=request(), reason=REASON)
    assert not PersonCertificateApplication.objects.exists()


def test_a_refused_application_makes_nothing_and_bars_nothing() -> None:
    row = services.apply_for_person_certificate(actor=holder(), data=request(), reason=REASON)

    with pytest.raises(Invalid, match="理由"):
        services.refuse_person_certificate(actor=SECOND, application_id=row.id, reason=" ")
    services.refuse_person_certificate(actor=SECOND, application_id=row.id, reason="岗位不需要")

    with pytest.raises(Conflict, match="已经办结"):
        services.approve_person_certificate(actor=SECOND, application_id=row.id)
    assert certified(request()).status == "active"


def test_a_licensed_certificate_comes_by_file_for_the_key_of_the_request(by_file: LicensedAuthority) -> None:
    data = request("SM2")
    row = services.apply_for_person_certificate(actor=holder(), data=data, reason=REASON)
    approved = services.approve_person_certificate(actor=SECOND, application_id=row.id)
    assert approved.certificate is None

    other = by_file.certify(request("SM2"), "李二", "person")
    stranger = LicensedAuthority().certify(data, "李二", "person")

    with pytest.raises(Invalid, match="公钥与申请中的不一致"):
        services.import_person_certificate(actor=SECOND, application_id=row.id, data=other)
    with pytest.raises(Invalid, match="不认识"):
        services.import_person_certificate(actor=SECOND, application_id=row.id, data=stranger)
    made = services.import_person_certificate(
        actor=SECOND, application_id=row.id, data=by_file.certify(data, "李二", "person")
    )

    for one in by_file.lists():
        api.import_revocation_list(actor=SECOND, data=one)
    assert api.check_certificate(made.pem.encode()).valid
    with pytest.raises(Conflict, match="不在等待导入"):
        services.import_person_certificate(actor=SECOND, application_id=row.id, data=made.pem.encode())


def test_a_certificate_for_time_stamps_or_of_the_test_authority_is_no_persons(
    by_file: LicensedAuthority, settings: LazySettings
) -> None:
    with pytest.raises(Invalid, match="时间戳证书"):
        certified(by_file.certify(request("SM2"), "李二", "timestamp"))
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = True, ""
    demo = certified(request())
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"

    with pytest.raises(Exception, match="不具法律效力"):
        certified(demo.pem.encode(), uuid.UUID(int=78))


def test_four_actors_before_each_page(clerk: Actor, admin: Actor) -> None:
    row = services.apply_for_person_certificate(actor=clerk, data=request(), reason=REASON)
    read = [reverse("trust:persons"), reverse("trust:apply_person"), reverse("trust:person_application", args=[row.id])]
    read.append(reverse("trust:person_request", args=[row.id]))
    sent = [
        reverse(f"trust:{name}", args=[row.id]) for name in ("decide_person_application", "import_person_certificate")
    ]
    actors = {
        "stranger": None,
        "citizen": people.citizen(),
        "another official": official("bieren", "leader", OTHER),
        "holder": clerk,
        "administrator": admin,
    }
    answers = {}
    for who, actor in actors.items():
        client = Client() if actor is None else signed_in(Client(), actor)
        answers[who] = [client.get(url).status_code for url in read] + [client.post(url).status_code for url in sent]

    assert answers == {
        "stranger": [302] * 6,
        "citizen": [403] * 6,
        "another official": [200, 200, 404, 403, 403, 403],
        "holder": [200, 200, 200, 403, 403, 403],
        "administrator": [200, 200, 200, 200, 422, 422],
    }


def test_from_the_form_to_the_certificate(clerk: Actor, admin: Actor) -> None:
    mine, theirs = signed_in(Client(), clerk), signed_in(Client(), admin)
    wrong = mine.post(reverse("trust:apply_person"), {"reason": REASON, "text": "不是申请"})
    upload = SimpleUploadedFile("li.csr", request("SM2"))
    sent = mine.post(reverse("trust:apply_person"), {"reason": REASON, "file": upload})
    row = PersonCertificateApplication.objects.get()
    url, decide = sent["Location"], reverse("trust:decide_person_application", args=[row.id])

    lost = mine.post(reverse("trust:apply_person"), {"file": SimpleUploadedFile("li.csr", request("SM2"))})

    assert "-----BEGIN CERTIFICATE REQUEST-----" in lost.content.decode()
    assert wrong.status_code == 422
    assert REASON in wrong.content.decode()
    assert url == reverse("trust:person_application", args=[row.id])
    assert mine.post(decide, {"act": "approve"}).status_code == 403
    assert "另一位安全管理员" not in theirs.get(url).content.decode()
    assert theirs.post(decide, {"act": "eat"}).status_code == 422
    assert theirs.post(decide, {"act": "refuse", "reason": ""}).status_code == 422
    assert stale(admin).post(decide, {"act": "approve"}).status_code == 403
    assert PersonCertificateApplication.objects.get().status == "waiting"
    done = theirs.post(decide, {"act": "approve"}, follow=True).content.decode()

    made = Certificate.objects.get(role="person")
    assert "证书已签发" in done
    assert group4(made.serial) in done
    assert made.name in mine.get(reverse("trust:persons")).content.decode()


def test_the_import_of_a_licensed_certificate_by_page(by_file: LicensedAuthority, clerk: Actor, admin: Actor) -> None:
    data = request("SM2")
    row = services.apply_for_person_certificate(actor=clerk, data=data, reason=REASON)
    services.approve_person_certificate(actor=admin, application_id=row.id)
    page, url = signed_in(Client(), admin), reverse("trust:import_person_certificate", args=[row.id])
    given = page.get(reverse("trust:person_request", args=[row.id])).content

    assert certificates.read_request(given) == certificates.read_request(data)
    assert "等待导入证书" in page.get(reverse("trust:persons")).content.decode()
    refused = page.post(url, {"certificate": "不是证书"})
    done = page.post(url, {"certificate": by_file.certify(given, "李二", "person").decode()})

    assert refused.status_code == 422
    assert "不是证书" in refused.content.decode()
    assert done.status_code == 302
    assert Certificate.objects.get(role="person").person_id == clerk.person_id


def test_ones_own_are_listed_with_what_ends_soon_and_the_administrator_sees_all(clerk: Actor, admin: Actor) -> None:
    row = services.apply_for_person_certificate(actor=clerk, data=request(), reason=REASON)
    services.approve_person_certificate(actor=admin, application_id=row.id)
    certified(request(), uuid.UUID(int=99))
    far = clock.now() + dt.timedelta(days=355)
    url = reverse("trust:persons")

    now = signed_in(Client(), admin).get(url).content.decode()
    with time_machine.travel(far):
        mine = signed_in(Client(), clerk).get(url).content.decode()
        ending = signed_in(Client(), admin).get(url + "?state=ending").content.decode()
        revoked = signed_in(Client(), admin).get(url + "?state=revoked").content.decode()

    assert "共 2 张" in now
    assert "还有" not in now
    assert "共 1 张" in mine
    assert "还有 10 天" in mine or "还有 9 天" in mine
    assert "共 2 张" in ending
    assert "共 0 张" in revoked


def test_a_persons_certificate_is_revoked_with_a_reason_and_then_not_believed(clerk: Actor, admin: Actor) -> None:
    row = services.apply_for_person_certificate(actor=clerk, data=request(), reason=REASON)
    made = services.approve_person_certificate(actor=admin, application_id=row.id).certificate
    assert made is not None
    page = signed_in(Client(), admin)
    url = reverse("trust:change_certificate", args=[made.id])

    assert page.post(url, {"act": "revoke", "reason": ""}).status_code == 422
    assert page.post(url, {"act": "revoke", "reason": "affiliation_changed"}).status_code == 302

    assert not api.check_certificate(made.pem.encode()).valid
    assert "持有人或单位变更" in page.get(reverse("trust:certificate", args=[made.id])).content.decode()
    assert "已吊销" in signed_in(Client(), clerk).get(reverse("trust:persons")).content.decode()


def test_a_key_of_another_kind_is_refused() -> None:
    key = software.generate("SM2")
    data = certificates.build_request(subject=certificates.Subject("", "李二"), key=key)

    with pytest.raises(Invalid):
        services.apply_for_person_certificate(actor=holder(), data=data[:-40], reason=REASON)


def test_a_file_far_too_long_is_refused_on_the_page_itself(clerk: Actor, admin: Actor) -> None:
    page = people.sign_in(Client(), admin)
    row = services.apply_for_person_certificate(actor=clerk, data=request(), reason=REASON)
    big = SimpleUploadedFile("certificate.cer", b"0" * (64 * 1024 + 1))

    answer = page.post(reverse("trust:import_person_certificate", args=[row.id]), {"file": big})

    assert answer.status_code == 422
    assert "文件过大" in answer.content.decode()
    assert row.person_name in answer.content.decode()


def test_the_pages_speak_to_officials_not_to_experts(admin: Actor, clerk: Actor) -> None:
    row = services.apply_for_person_certificate(actor=clerk, data=request(), reason=REASON)
    made = services.approve_person_certificate(actor=SECOND, application_id=row.id).certificate
    assert made is not None

    pages = [
        signed_in(Client(), actor).get(address).content.decode()
        for actor, address in (
            (clerk, reverse("trust:apply_person")),
            (clerk, reverse("trust:person_application", args=[row.id])),
            (admin, reverse("trust:certificate", args=[made.id])),
            (admin, reverse("trust:certificates")),
        )
    ]

    for words in ("PKCS", "PEM", "DER 格式", "RFC", "<dt>算法"):
        assert not [page for page in pages if words in page], words
    assert "智能密码钥匙" in pages[0]
    assert "国际通用（ECDSA-P256）" in pages[2]
