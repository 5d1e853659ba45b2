import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.engine.codes import grouped, new_code
from zhengtong.capabilities.documents.models import DocumentVersion
from zhengtong.capabilities.documents.tests.doubles import official
from zhengtong.capabilities.documents.tests.factories import file_of, issued, seal_id
from zhengtong.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


def upload(client: Client, content: bytes) -> tuple[int, str]:
    file = SimpleUploadedFile("licence.pdf", content, content_type="application/pdf")
    response = client.post("/verify/file/", {"file": file})
    return response.status_code, response.content.decode()


def test_a_stranger_types_the_code_and_reads_the_result(client: Client) -> None:
    paper = issued(holder=api.Holder(name="堃喆赟", is_person=True))

    assert "证照查验" in client.get("/verify/").content.decode()
    response = client.post("/verify/", {"code": grouped(paper.verification_code).lower()}, follow=True)

    page = response.content.decode()
    assert response.redirect_chain == [(f"/verify/{paper.verification_code}/", 302)]
    for expected in ("真：签发有效", paper.number, "食品经营许可证", "堃**", "青禾县市场监督管理局"):
        assert expected in page
    assert "喆" not in page
    assert "no-store" in response.headers["Cache-Control"]


def test_the_address_in_the_qr_code_opens_the_result(client: Client) -> None:
    paper = issued()

    path = "/" + paper.verify_url.split("/", 3)[3]

    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "请输入文书上的查验码"), ("ABC", "查验码有误"), ("<b>", "查验码有误")]
)
def test_a_bad_code_is_explained_beside_the_field(client: Client, typed: str, sentence: str) -> None:
    response = client.post("/verify/", {"code": typed})

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_unknown_and_broken_addresses_say_what_they_are(client: Client) -> None:
    unknown = client.get(f"/verify/{new_code()}/")
    broken = client.get("/verify/%3Cscript%3E/")

    assert (unknown.status_code, broken.status_code) == (404, 404)
    assert "不是本平台签发" in unknown.content.decode()
    assert "<script>" not in broken.content.decode().replace('<script type="module"', "")


def test_a_withdrawn_paper_shows_it(client: Client) -> None:
    paper = issued()
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")

    page = client.get(f"/verify/{paper.verification_code}/").content.decode()

    assert "已撤回" in page
    assert "地址登记错误" not in page


def test_the_file_is_compared_and_not_kept(client: Client) -> None:
    paper = issued(seal_id=seal_id())
    content = file_of(paper)
    stored = StoredFile.objects.count()

    status, page = upload(client, content)

    assert status == 200
    assert "真：签发有效" in page
    assert "完全一致" in page
    assert "文件中的电子印章" in page
    assert StoredFile.objects.count() == stored
    assert DocumentVersion.objects.count() == 1


def test_a_changed_file_is_called_changed(client: Client) -> None:
    content = bytearray(file_of(issued()))
    content[len(content) // 2] ^= 1

    status, page = upload(client, bytes(content))

    assert status == 200
    assert "已被改动" in page


@pytest.mark.parametrize(("content", "sentence"), [(b"", "空文件"), (b"hello", "不是 PDF")])
def test_a_wrong_file_is_explained_beside_the_field(client: Client, content: bytes, sentence: str) -> None:
    status, page = upload(client, content)

    assert status == 422
    assert sentence in page


def test_opening_the_upload_address_leads_to_the_form(client: Client) -> None:
    assert client.get("/verify/file/").headers["Location"] == "/verify/"
