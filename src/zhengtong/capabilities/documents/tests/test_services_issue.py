import datetime as dt
import hashlib
import io
import uuid

import pikepdf
import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.engine.typesetting import TypesettingError
from zhengtong.capabilities.documents.models import Document, DocumentVersion
from zhengtong.capabilities.documents.registry import subject_policies
from zhengtong.capabilities.documents.services import composing
from zhengtong.capabilities.documents.tests.doubles import OTHER_ORG, TENANT, citizen, official
from zhengtong.capabilities.documents.tests.factories import case_ref, file_of, issued, seal_id
from zhengtong.capabilities.documents.tests.papers import every_template, licence_fields
from zhengtong.capabilities.documents.tests.reading import page_texts, qr_codes, text_of
from zhengtong.capabilities.ledger.api import entries_of
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db


def acts_on(paper: api.IssuedDocument) -> list[str]:
    found = entries_of(tenant=TENANT, object_ref=ObjectRef(kind="document", id=str(paper.id)))
    return sorted(entry.act for entry in found)


def events_of(paper: api.IssuedDocument) -> list[str]:
    return list(OutboxEvent.objects.filter(object_id=str(paper.id)).order_by("id").values_list("name", flat=True))


@pytest.mark.parametrize("template", sorted(every_template()))
def test_every_kind_of_paper_can_be_issued(template: str) -> None:
    kind = template if template in api.DocumentKind.values else "correction"
    title = str(api.DocumentKind(kind).label)
    paper = issued(kind=kind, template=template, title=title, fields=every_template()[template])

    text = text_of(file_of(paper))
    assert paper.number.endswith(f"〔{local_date().year}〕1号")
    assert paper.number in text
    assert paper.status == "issued"


def test_a_sealed_licence_is_recorded_told_and_can_be_read_by_a_machine() -> None:
    subject = case_ref()

    paper = issued(object_ref=subject, seal_id=seal_id(), reason="准予许可")

    content = file_of(paper)
    assert paper.sealed
    assert (paper.sha256, paper.sm3) == (hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest())
    assert sorted(qr_codes(content)) == sorted([paper.verify_url, paper.offline_token])
    assert acts_on(paper) == ["documents.issue", "documents.read", "trust.seal_used"]
    assert events_of(paper) == ["documents.document_issued.v1"]
    told = OutboxEvent.objects.get(object_id=str(paper.id)).data
    assert told["subject_ref"] == {"kind": "case", "id": subject.id}
    assert told["verification_code"] == paper.verification_code
    assert "味之源" not in str(told)


def test_a_sealed_paper_still_declares_pdf_a() -> None:
    content = file_of(issued(seal_id=seal_id()))

    with pikepdf.open(io.BytesIO(content)) as file, file.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"


def test_the_seal_stands_over_the_date_on_the_last_page() -> None:
    fields = every_template()["supplement_notice"]
    fields["points"] = fields["points"] * 8

    paper = issued(kind="supplement_notice", template="supplement_notice", fields=fields, seal_id=seal_id())

    content = file_of(paper)
    with pikepdf.open(io.BytesIO(content)) as file:
        last = file.pages[-1]
        boxes = [[float(n) for n in a.Rect] for a in last.Annots if str(a.Subtype) == "/Widget"]
    visible = [box for box in boxes if box[2] > box[0]]
    assert len(visible) == 1
    assert "2026" in page_texts(content)[-1]


def test_a_second_call_returns_the_first_paper_and_uses_no_number() -> None:
    subject = case_ref()
    first = issued(object_ref=subject)

    second = issued(object_ref=subject, title="另一个标题")
    third = issued()

    assert second == first
    assert [first.number[-3:], third.number[-3:]] == ["〕1号", "〕2号"]
    assert events_of(first) == ["documents.document_issued.v1"]


def test_kinds_and_tenants_count_apart() -> None:
    subject = case_ref()
    licence = issued(object_ref=subject)

    receipt = issued(object_ref=subject, kind="receipt", template="receipt", fields=every_template()["receipt"])
    elsewhere = issued(object_ref=subject, actor=official(tenant="980724"))

    assert {paper.number.split("〕")[1] for paper in (licence, receipt, elsewhere)} == {"1号"}
    assert [paper.id for paper in api.documents_of(tenant=TENANT, object_ref=subject)] == [licence.id, receipt.id]


def test_a_failed_issue_leaves_no_gap_and_no_trace() -> None:
    issued()
    with pytest.raises(Invalid, match="没有字形"):
        issued(holder=api.Holder(name="张😀", is_person=True))

    after = issued()

    assert after.number.endswith("〕2号")
    assert Document.objects.count() == 2


def test_a_template_that_cannot_be_set_is_a_sentence_and_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise TypesettingError("unknown variable")

    with monkeypatch.context() as patched:
        patched.setattr(composing, "render_paper", fails)
        with pytest.raises(DomainError, match="没有占用编号"):
            issued()

    assert issued().number.endswith("〕1号")


def test_a_number_given_is_kept_and_never_given_twice() -> None:
    first = issued(number="JY29807230000123")

    with pytest.raises(Conflict, match="JY29807230000123"):
        issued(number="JY29807230000123")

    assert first.number == "JY29807230000123"


def test_the_licence_says_that_it_equals_paper_and_a_refusal_names_the_remedies() -> None:
    licence_text = text_of(file_of(issued(fields={"item": "食品经营许可"})))
    refusal = {key: value for key, value in every_template()["refusal"].items() if key != "remedies"}
    refusal_text = text_of(file_of(issued(kind="refusal", template="refusal", fields=refusal)))

    assert "国务院令第716号" in licence_text
    assert "60日内" in refusal_text
    assert "6个月内" in refusal_text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "poem"}, "kind"),
        ({"template": "poem", "fields": {}}, "template"),
        ({"fields": licence_fields(item="")}, "item"),
        ({"valid_from": dt.date(2026, 2, 1), "valid_until": dt.date(2026, 1, 1)}, "valid_until"),
        ({"title": " "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"holder": api.Holder(name="", is_person=False)}, "holder"),
        ({"number": "9" * 121}, "number"),
    ],
)
def test_what_cannot_be_issued_is_refused_with_a_sentence(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        issued(**changes)

    assert field in caught.value.errors
    assert Document.objects.count() == 0


@pytest.mark.parametrize("actor", [official(org_id=OTHER_ORG), official(roles=("sys_admin",)), citizen()])
def test_only_the_issuing_unit_issues(actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        issued(actor=actor)

    assert Document.objects.count() == 0


def test_the_platform_issues_all_and_nobody_writes_a_receipt_for_himself() -> None:
    licence = issued(actor=system(TENANT))
    with pytest.raises(NotPermitted):
        issued(actor=citizen(), kind="receipt", template="receipt", fields=every_template()["receipt"])

    receipt = issued(actor=system(TENANT), kind="receipt", template="receipt", fields=every_template()["receipt"])

    assert (receipt.status, licence.status) == ("issued", "issued")


def test_a_higher_app_can_admit_others(monkeypatch: pytest.MonkeyPatch) -> None:
    class AdmitsReaders:
        def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
            return False

        def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
            return actor.kind == "citizen"

    paper = issued()
    with pytest.raises(NotPermitted):
        api.read_file(actor=citizen(), document_id=paper.id)

    monkeypatch.setattr(subject_policies, "_items", {"case": AdmitsReaders()})

    name, content = api.read_file(actor=citizen(), document_id=paper.id)
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF-")
    with pytest.raises(NotPermitted):
        api.find_document(actor=official(org_id=OTHER_ORG), document_id=paper.id)


def test_another_tenant_finds_nothing() -> None:
    paper = issued()

    with pytest.raises(NotFound):
        api.find_document(actor=official(tenant="980724"), document_id=paper.id)
    with pytest.raises(NotFound):
        api.withdraw_document(actor=official(tenant="980724"), document_id=paper.id, reason="不是我的")


def test_withdrawing_needs_a_reason_and_a_ground_and_happens_once() -> None:
    paper = issued()
    with pytest.raises(Invalid):
        api.withdraw_document(actor=official(), document_id=paper.id, reason=" ")
    with pytest.raises(Invalid):
        api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误", ground="whim")
    with pytest.raises(NotPermitted):
        api.withdraw_document(actor=official(org_id=OTHER_ORG), document_id=paper.id, reason="试试")

    withdrawn = api.withdraw_document(
        actor=official(), document_id=paper.id, reason="地址登记错误", ground=api.EndGround.MISTAKE
    )

    assert withdrawn.status == "withdrawn"
    assert acts_on(paper) == ["documents.issue", "documents.withdraw"]
    assert events_of(paper) == ["documents.document_issued.v1", "documents.document_withdrawn.v1"]
    with pytest.raises(Conflict):
        api.withdraw_document(actor=official(), document_id=paper.id, reason="再来一次")


def test_a_retry_after_a_withdrawal_makes_no_second_paper() -> None:
    subject = case_ref()
    paper = issued(object_ref=subject)
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")

    again = issued(object_ref=subject)

    assert (again.id, again.status) == (paper.id, "withdrawn")
    assert Document.objects.count() == 1


def test_a_new_paper_after_a_withdrawal_names_the_one_withdrawn() -> None:
    subject = case_ref()
    paper = issued(object_ref=subject)
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")
    with pytest.raises(Invalid):
        issued(object_ref=subject, supersedes=paper.id)
    with pytest.raises(NotPermitted):
        issued(object_ref=subject, supersedes=paper.id, reason="更正地址", actor=official(roles=("reviewer",)))

    new = issued(object_ref=subject, supersedes=paper.id, reason="更正地址")
    again = issued(object_ref=subject, supersedes=paper.id, reason="更正地址")

    assert again == new
    assert [one.status for one in api.documents_of(tenant=TENANT, object_ref=subject)] == ["withdrawn", "issued"]
    assert acts_on(paper) == ["documents.issue", "documents.withdraw"]


def test_superseding_ends_the_old_paper_and_is_idempotent() -> None:
    subject = case_ref()
    old = issued(object_ref=subject)

    new = issued(object_ref=subject, supersedes=old.id, reason="变更经营场所")
    again = issued(object_ref=subject, supersedes=old.id, reason="变更经营场所")

    assert again == new
    assert [paper.status for paper in api.documents_of(tenant=TENANT, object_ref=subject)] == ["superseded", "issued"]
    assert events_of(old) == ["documents.document_issued.v1", "documents.document_superseded.v1"]
    assert acts_on(old) == ["documents.issue", "documents.supersede"]


def test_the_first_paper_of_an_object_may_replace_one_of_another_object() -> None:
    old = issued()
    other_kind = issued(kind="refusal", template="refusal", fields=every_template()["refusal"])

    new = issued(supersedes=old.id, reason="准予延续", ground="renewed")
    again = issued(object_ref=new.object_ref, reason="准予延续")

    assert (again.id, new.object_ref == old.object_ref) == (new.id, False)
    assert events_of(old) == ["documents.document_issued.v1", "documents.document_superseded.v1"]
    assert api.document_view(actor=official(), document_id=old.id).ended_ground == "有效期延续，换发新证"
    for key in (old.id, other_kind.id):
        with pytest.raises(NotFound):
            issued(supersedes=key, reason="再来一次")


def test_only_the_paper_in_force_can_be_superseded() -> None:
    with pytest.raises(NotFound):
        issued(supersedes=uuid.uuid4(), reason="无")


@pytest.mark.parametrize(
    "change",
    [
        {"number": "改号"},
        {"holder_name": "李二"},
        {"fields": {}},
        {"valid_until": dt.date(2099, 1, 1)},
        {"offline_token": "EL1:A"},
        {"status": "draft"},
    ],
)
def test_the_database_refuses_to_change_an_issued_paper(change: dict[str, object]) -> None:
    paper = issued()

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=paper.id).update(**change)


def test_the_database_refuses_to_revive_delete_or_rewrite() -> None:
    paper = issued()
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=paper.id).update(status="issued", ended_at=None, ended_reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.filter(document_id=paper.id).update(sha256="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.filter(document_id=paper.id).delete()
