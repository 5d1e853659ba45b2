"""The page of one paper: who sees it, what each may take away, who may withdraw."""

import io
import uuid
import zipfile

import pytest
from django.test import Client

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.registry import subject_policies
from zhengtong.capabilities.documents.tests.factories import issued
from zhengtong.capabilities.identity.tests import factories as identity
from zhengtong.capabilities.identity.tests.factories import sign_in
from zhengtong.kernel.actors import Actor, ObjectRef

pytestmark = pytest.mark.django_db


class _ItsApplicant:
    """Admits one citizen as the holder."""

    def __init__(self, holder: Actor) -> None:
        self._holder = holder

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        return actor.person_id == self._holder.person_id


@pytest.fixture
def unit() -> Actor:
    """A leader of the issuing unit."""
    return identity.official("leader1", "leader")


@pytest.fixture
def holder(monkeypatch: pytest.MonkeyPatch) -> Actor:
    """The citizen whom the paper's object belongs to."""
    person = identity.citizen()
    monkeypatch.setattr(subject_policies, "_items", {"case": _ItsApplicant(person)})
    return person


def paper_of(unit: Actor) -> api.IssuedDocument:
    assert unit.org_id is not None
    return issued(actor=unit, issuing_org_id=unit.org_id, issuing_org_name=unit.org_name)


ADDRESSES = ("/papers/{id}/", "/papers/{id}/file/pdf/", "/papers/{id}/file/ofd/", "/papers/{id}/archive.zip")


@pytest.mark.parametrize("address", ADDRESSES)
def test_four_actors_at_every_address(client: Client, unit: Actor, holder: Actor, address: str) -> None:
    path = address.format(id=paper_of(unit).id)
    wrong_role = identity.official("admin1", "sys_admin")
    wrong_unit = identity.official("leader2", "leader", org_code="G31", org_name="青禾县消防救援大队")

    assert client.get(path).status_code == 302
    refused = [sign_in(Client(), actor).get(path).status_code for actor in (wrong_role, wrong_unit)]
    assert set(refused) <= {403, 404}
    assert sign_in(Client(), unit).get(path).status_code == 200
    assert sign_in(Client(), holder).get(path).status_code == (403 if "archive" in path else 200)


def test_the_holder_takes_both_formats_and_sees_no_acts_of_the_unit(unit: Actor, holder: Actor) -> None:
    paper = paper_of(unit)
    client = sign_in(Client(), holder)

    page = client.get(f"/papers/{paper.id}/").content.decode()
    pdf = client.get(f"/papers/{paper.id}/file/pdf/")
    ofd = client.get(f"/papers/{paper.id}/file/ofd/")

    assert "下载 OFD" in page
    assert "撤回这份文书" not in page
    assert "归档包" not in page
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert (ofd["Content-Type"], ofd.content[:2]) == ("application/ofd", b"PK")
    assert "attachment" in ofd["Content-Disposition"]
    assert client.get(f"/papers/{paper.id}/file/docx/").status_code == 404


def test_the_verification_page_offers_the_files_to_readers_only(client: Client, unit: Actor, holder: Actor) -> None:
    paper = paper_of(unit)
    path = f"/verify/{paper.verification_code}/"

    assert f"/papers/{paper.id}/file/ofd/" not in client.get(path).content.decode()
    assert f"/papers/{paper.id}/file/ofd/" in sign_in(Client(), holder).get(path).content.decode()


def test_the_unit_takes_the_package_for_the_archive(unit: Actor) -> None:
    paper = paper_of(unit)

    response = sign_in(Client(), unit).get(f"/papers/{paper.id}/archive.zip")

    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        assert "manifest.sm3" in package.namelist()


def test_the_unit_withdraws_with_a_ground_and_a_reason(unit: Actor, holder: Actor) -> None:
    paper = paper_of(unit)
    client = sign_in(Client(), unit)

    empty = client.post(f"/papers/{paper.id}/", {"ground": "", "reason": ""})
    by_holder = sign_in(Client(), holder).post(f"/papers/{paper.id}/", {"ground": "other", "reason": "我不要了"})
    assert Document.objects.get().status == "issued"
    done = client.post(f"/papers/{paper.id}/", {"ground": "mistake", "reason": "地址登记错误"}, follow=True)

    assert empty.status_code == 422
    assert "请选择撤回原因" in empty.content.decode()
    assert by_holder.status_code == 403
    page = done.content.decode()
    assert "已撤回" in page
    assert "登记内容有误" in page
    assert "地址登记错误" in page
    assert "撤回这份文书" not in page
    again = client.post(f"/papers/{paper.id}/", {"ground": "mistake", "reason": "地址登记错误"})
    assert again.status_code == 422
    assert "不能重复操作" in again.content.decode()
    assert "地址登记错误" not in sign_in(Client(), holder).get(f"/papers/{paper.id}/").content.decode()


def test_a_replaced_paper_and_its_successor_lead_to_each_other(unit: Actor) -> None:
    old = paper_of(unit)
    assert unit.org_id is not None
    new = issued(
        actor=unit,
        issuing_org_id=unit.org_id,
        issuing_org_name=unit.org_name,
        object_ref=old.object_ref,
        supersedes=old.id,
        reason="变更经营场所",
    )
    client = sign_in(Client(), unit)

    assert f"/papers/{new.id}/" in client.get(f"/papers/{old.id}/").content.decode()
    assert f"/papers/{old.id}/" in client.get(f"/papers/{new.id}/").content.decode()


def test_the_page_lists_every_file(unit: Actor) -> None:
    paper = paper_of(unit)
    client = sign_in(Client(), unit)
    client.get(f"/papers/{paper.id}/file/ofd/")

    page = client.get(f"/papers/{paper.id}/").content.decode()

    assert "第 1 版，PDF" in page
    assert "第 1 版，OFD" in page
