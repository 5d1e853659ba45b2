"""A paper as OFD, as package for the archive, as draft, and in renewed versions."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import ofdkit
import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from zhengtong.capabilities.documents import api, tasks
from zhengtong.capabilities.documents.engine.codes import new_code
from zhengtong.capabilities.documents.models import Document, DocumentRendition, DocumentVersion
from zhengtong.capabilities.documents.services.composing import composed
from zhengtong.capabilities.documents.tests.doubles import ORG_NAME, OTHER_ORG, TENANT, citizen, official
from zhengtong.capabilities.documents.tests.factories import case_ref, file_of, issued, seal_id, wanted
from zhengtong.capabilities.documents.tests.papers import every_template
from zhengtong.capabilities.documents.tests.reading import page_texts, qr_codes, text_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.capabilities.trust.registry import sealed_file_keepers
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db

RECEIPT_SCRIPT = Path(__file__).resolve().parents[5] / "examples" / "verify_ledger_receipt.py"


def acts_on(paper: api.IssuedDocument) -> list[str]:
    return [entry.act for entry in ledger.entries_of(ObjectRef(kind="document", id=str(paper.id)), TENANT)]


def ofd_of(paper: api.IssuedDocument) -> bytes:
    return api.read_file(actor=official(), document_id=paper.id, file_format="ofd")[1]


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_licence_gets_its_ofd_by_itself_and_it_is_sealed_and_recorded() -> None:
    paper = issued(seal_id=seal_id())

    do_all_work()

    made = DocumentRendition.objects.get()
    name, content = api.read_file(actor=official(), document_id=paper.id, file_format="ofd")
    assert name.endswith("〕1号）.ofd")
    assert (made.sha256, made.sm3) == (hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest())
    found = trust.verify_ofd(content)
    assert (found.valid, found.recorded, len(found.signatures)) == (True, True, 1)
    assert found.signatures[0].organisation == ORG_NAME
    assert found.signatures[0].stamped
    assert acts_on(paper).count("documents.render_ofd") == 1
    assert acts_on(paper).count("trust.seal_used") == 2


def test_the_ofd_says_what_the_pdf_says_and_its_seal_lies_in_the_same_place() -> None:
    paper = issued(seal_id=seal_id())

    content = ofd_of(paper)

    with ofdkit.open(io.BytesIO(content)) as document:
        text = "".join(document.text().split())
    assert sorted(text) == sorted(text_of(file_of(paper)))
    signature = etree.fromstring(unpacked(content)["Doc_0/Signs/Sign_0/Signature.xml"])
    stamp = signature.find(".//{http://www.ofdspec.org/2016}StampAnnot")
    assert stamp is not None
    left, top, width, height = (float(part) for part in stamp.get("Boundary", "").split())
    assert (width, height) == (42, 42)
    assert 297 / 2 < left < 297 - 42
    assert 100 < top < 210 - 42


def test_the_ofd_is_made_once_however_often_it_is_asked_for() -> None:
    paper = issued(seal_id=seal_id())

    first, second = ofd_of(paper), ofd_of(paper)
    tasks.make_ofd(tenant=TENANT, document_id=str(paper.id))

    assert first == second
    assert DocumentRendition.objects.count() == 1


def test_a_paper_without_a_seal_has_an_ofd_without_one() -> None:
    paper = issued(kind="receipt", template="receipt", fields=every_template()["receipt"])

    content = ofd_of(paper)

    assert trust.verify_ofd(content).signatures == ()
    assert api.verify_file(content).verdict is api.Verdict.GENUINE


def test_a_paper_that_ended_gets_no_new_ofd_and_keeps_the_old_one() -> None:
    kept, without = issued(seal_id=seal_id()), issued(seal_id=seal_id())
    content = ofd_of(kept)
    for paper in (kept, without):
        api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")

    assert ofd_of(kept) == content
    with pytest.raises(Conflict, match="PDF"):
        ofd_of(without)
    tasks.make_ofd(tenant=TENANT, document_id=str(without.id))
    assert api.verify_file(content).verdict is api.Verdict.WITHDRAWN


def test_a_seal_that_is_stopped_for_a_while_only_delays_the_ofd() -> None:
    seal = seal_id()
    paper = issued(seal_id=seal)
    trust.suspend_seal(actor=system(TENANT), seal_id=seal, reason="核查")

    with pytest.raises(Conflict, match="已停用"):
        tasks.make_ofd(tenant=TENANT, document_id=str(paper.id))
    trust.resume_seal(actor=system(TENANT), seal_id=seal, reason="无误")
    tasks.make_ofd(tenant=TENANT, document_id=str(paper.id))

    assert DocumentRendition.objects.filter(document=paper.id).exists()


def test_only_readers_get_the_ofd() -> None:
    paper = issued(seal_id=seal_id())

    for actor in (citizen(), official(org_id=OTHER_ORG), official(roles=("sys_admin",))):
        with pytest.raises(NotPermitted):
            api.read_file(actor=actor, document_id=paper.id, file_format="ofd")
    with pytest.raises(NotFound):
        api.read_file(actor=official(), document_id=paper.id, file_format="docx")
    assert DocumentRendition.objects.count() == 0


def test_the_uploaded_ofd_is_recognised_and_every_change_noticed() -> None:
    paper = issued(seal_id=seal_id())
    content = ofd_of(paper)

    same = api.verify_file(content)
    parts = unpacked(content)
    page = parts["Doc_0/Pages/Page_0/Content.xml"].decode()
    parts["Doc_0/Pages/Page_0/Content.xml"] = page.replace("味", "美").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    changed = api.verify_file(out.getvalue())

    assert (same.verdict, same.same_file, same.file_format) == (api.Verdict.GENUINE, True, "ofd")
    assert same.signatures[0].valid
    assert same.signatures[0].coverage == "整个文件"
    assert {check.label for check in same.signatures[0].checks} >= {
        "印章由制章者签名",
        "时间戳可信",
        "签章覆盖整个文件",
    }
    assert (changed.verdict, changed.number) == (api.Verdict.ALTERED, paper.number)
    assert not changed.signatures[0].valid
    assert changed.signatures[0].changed_after


def test_the_database_keeps_renditions_as_they_are() -> None:
    issued_ofd = ofd_of(issued())
    assert issued_ofd

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentRendition.objects.update(sm3="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentRendition.objects.all().delete()


def test_the_archive_package_proves_itself_without_the_platform(tmp_path: Path) -> None:
    paper = issued(seal_id=seal_id(), holder=api.Holder(name="堃喆赟", is_person=True))

    name, content = api.archive_package(actor=official(), document_id=paper.id)

    files = unpacked(content)
    assert name.endswith(".zip")
    assert {"version-1.pdf", "version-1.ofd", "metadata.xml", "signature-report.json", "README.txt"} <= set(files)
    assert files["version-1.pdf"] == file_of(paper)
    listed = dict(reversed(line.split("  ")) for line in files["manifest.sm3"].decode().splitlines())
    assert set(listed) == set(files) - {"manifest.sm3"}
    assert all(hashlib.new("sm3", files[one]).hexdigest() == digest for one, digest in listed.items())
    metadata = etree.fromstring(files["metadata.xml"])
    assert metadata.findtext("内容描述/文件编号") == paper.number
    assert metadata.findtext("内容描述/持有人") == "堃喆赟"
    report = json.loads(files["signature-report.json"])
    assert [one["valid"] for one in report["version-1.pdf"]] == [True, True]
    assert [one["valid"] for one in report["version-1.ofd"]] == [True]
    receipt = next(one for one in files if one.startswith("ledger/documents.issue-"))
    (tmp_path / "receipt.json").write_bytes(files[receipt])
    checked = subprocess.run(
        [sys.executable, str(RECEIPT_SCRIPT), str(tmp_path / "receipt.json")], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout.decode()
    assert acts_on(paper)[-1] == "documents.read"
    assert "documents.archive" in acts_on(paper)


def test_the_package_is_for_the_issuing_unit() -> None:
    paper = issued()

    for actor in (citizen(), official(org_id=OTHER_ORG), official(roles=("reviewer",))):
        with pytest.raises(NotPermitted):
            api.archive_package(actor=actor, document_id=paper.id)
    assert api.archive_package(actor=system(TENANT), document_id=paper.id)[1]


def test_a_paper_that_ended_without_an_ofd_is_archived_as_pdf() -> None:
    paper = issued(seal_id=seal_id())
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")

    files = unpacked(api.archive_package(actor=official(), document_id=paper.id)[1])

    assert "version-1.ofd" not in files
    assert etree.fromstring(files["metadata.xml"]).findtext("内容描述/失效理由") == "地址登记错误"


def draft(subject: ObjectRef, *, actor: Actor | None = None, **changes: object) -> tuple[str, bytes]:
    return api.preview_document(actor=actor or official(), paper=wanted(object_ref=subject, **changes))


def test_a_preview_shows_the_paper_as_a_draft_and_nothing_of_it_is_kept() -> None:
    subject = case_ref()

    name, pdf = draft(subject)

    assert "预览稿" in name
    text = page_texts(pdf)[0]
    assert "草稿" in text
    assert "尚未签发，不具效力" in text
    assert "青禾县味之源餐饮管理有限公司" in text
    assert qr_codes(pdf) == []
    assert not Document.objects.exists()
    assert api.documents_of(tenant=TENANT, object_ref=subject) == []
    assert [one.act for one in ledger.entries_of(subject, TENANT)] == ["documents.draft"]


def test_a_draft_that_was_kept_before_goes_with_the_issue() -> None:
    subject = case_ref()
    kept = composed(actor=official(), paper=wanted(object_ref=subject))
    kept.verification_code = new_code()
    kept.save(force_insert=True)

    paper = issued(object_ref=subject)

    assert list(Document.objects.values_list("pk", flat=True)) == [paper.id]
    assert paper.number.endswith("〕1号")


def test_who_may_not_issue_may_not_draft_and_a_draft_is_checked_as_the_paper() -> None:
    for actor in (citizen(), official(org_id=OTHER_ORG), official(roles=("sys_admin",))):
        with pytest.raises(NotPermitted):
            draft(case_ref(), actor=actor)
    with pytest.raises(Invalid, match="没有字形"):
        draft(case_ref(), holder=api.Holder(name="张😀", is_person=True))


def test_renewed_proof_becomes_a_new_version_and_both_files_are_genuine() -> None:
    paper = issued(seal_id=seal_id())
    original = file_of(paper)
    keeper = sealed_file_keepers.get("document")
    ref = ObjectRef(kind="document", id=str(paper.id))
    renewed = original + b"\n% archival time stamp\n"

    assert keeper.read(tenant=TENANT, object_ref=ref, digest=paper.sm3) == original
    assert keeper.read(tenant=TENANT, object_ref=ref, digest="0" * 64) is None
    with transaction.atomic():
        keeper.add_version(tenant=TENANT, object_ref=ref, digest=paper.sm3, pdf=renewed)

    assert api.find_document(actor=official(), document_id=paper.id).sm3 == hashlib.new("sm3", renewed).hexdigest()
    assert [version.no for version in DocumentVersion.objects.order_by("no")] == [1, 2]
    found = [api.verify_file(content) for content in (original, renewed)]
    assert [(one.same_file, one.version_no) for one in found] == [(True, 1), (True, 2)]


@pytest.mark.parametrize("change", [lambda pdf: b"%PDF-1.7 other", lambda pdf: pdf, lambda pdf: b"x" + pdf])
def test_what_is_no_renewed_form_of_the_newest_version_is_refused(change: object) -> None:
    paper = issued()
    pdf = change(file_of(paper))  # type: ignore[operator]  # a function

    with pytest.raises(Conflict, match="追加"), transaction.atomic():
        sealed_file_keepers.get("document").add_version(
            tenant=TENANT, object_ref=ObjectRef(kind="document", id=str(paper.id)), digest=paper.sm3, pdf=pdf
        )
