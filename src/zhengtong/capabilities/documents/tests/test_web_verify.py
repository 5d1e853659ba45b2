import datetime as dt
import io
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.engine.codes import grouped, new_code
from zhengtong.capabilities.documents.engine.token import read_token
from zhengtong.capabilities.documents.models import DocumentVersion
from zhengtong.capabilities.documents.selectors import verification
from zhengtong.capabilities.documents.tests import tokens
from zhengtong.capabilities.documents.tests.doubles import TENANT, official
from zhengtong.capabilities.documents.tests.factories import file_of, issued, seal_id
from zhengtong.capabilities.documents.tests.reading import opened, photograph_of
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Invalid
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
    assert "其他原因，请向签发单位咨询" in page
    assert "地址登记错误" not in page


def test_the_file_is_compared_and_not_kept(client: Client) -> None:
    paper = issued(seal_id=seal_id())
    content = file_of(paper)
    stored = StoredFile.objects.count()

    status, page = upload(client, content)

    assert status == 200
    assert "真：签发有效" in page
    assert "完全一致" in page
    assert "文件中的电子印章和签名" in page
    assert "覆盖范围" in page
    assert "归档时间戳证明整个文件在" in page
    assert StoredFile.objects.count() == stored
    assert DocumentVersion.objects.count() == 1


def test_a_changed_file_is_called_changed(client: Client) -> None:
    content = bytearray(file_of(issued()))
    content[len(content) // 2] ^= 1

    status, page = upload(client, bytes(content))

    assert status == 200
    assert "已被改动" in page


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "空文件"), (b"hello", "不是 PDF"), (b"\x89PNG\r\n\x1a\nbroken", "没有读到")]
)
def test_a_wrong_file_is_explained_beside_the_field(client: Client, content: bytes, sentence: str) -> None:
    status, page = upload(client, content)

    assert status == 422
    assert sentence in page


def test_opening_the_upload_address_leads_to_the_form(client: Client) -> None:
    assert client.get("/verify/file/").headers["Location"] == "/verify/"


def test_the_ofd_is_examined_step_by_step(client: Client) -> None:
    paper = issued(seal_id=seal_id())
    content = api.read_file(actor=official(), document_id=paper.id, file_format="ofd")[1]

    status, page = upload(client, content)

    assert status == 200
    for expected in ("真：签发有效", "OFD，第 1 版", "逐步核验记录", "印章由制章者签名", "可信时间戳", "整个文件"):
        assert expected in page
    assert "签署时有效，没有被吊销" in page
    assert "盖章时制章者证书没有被吊销：已核对撤销列表" in " ".join(page.split())


@pytest.mark.parametrize(
    ("role", "label"),
    [
        ("seal", "盖章时签章证书没有被吊销"),
        ("maker", "盖章时制章者证书没有被吊销"),
        ("timestamp", "时间戳证书没有被吊销"),
    ],
)
def test_a_revoked_certificate_under_an_ofd_is_shown(client: Client, role: str, label: str) -> None:
    paper = issued(seal_id=seal_id())
    content = api.read_file(actor=official(), document_id=paper.id, file_format="ofd")[1]
    own = {one.serial: one for one in trust.certificates(tenant=TENANT)}
    row = next(one for one in own.values() if (one.role, one.algorithm) == (role, "SM2"))
    before = row.not_before + dt.timedelta(minutes=1)
    trust.revoke_certificate(actor=system(TENANT), certificate_id=row.id, reason="key_compromise", at=before)

    page = " ".join(upload(client, content)[1].split())

    assert "不能采信" in page
    assert f"<strong>未通过</strong> {label}" in page
    assert "吊销" in page


def test_a_paper_of_a_demonstration_has_no_effect_in_production(client: Client, settings: LazySettings) -> None:
    paper = issued(seal_id=seal_id())
    ofd = api.read_file(actor=official(), document_id=paper.id, file_format="ofd")[1]
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"

    for content in (file_of(paper), ofd):
        page = upload(client, content)[1]
        assert "由开发测试根证书签发），不具法律效力" in page
        assert "不能采信" in page
        assert "测试文书" in page
        assert "真：签发有效" not in page
    assert "测试文书" in client.get(f"/verify/{paper.verification_code}/").content.decode()
    token = client.post("/verify/token/", {"token": paper.offline_token}).content.decode()
    assert "由开发测试密钥签名，不具法律效力" in token
    assert "真：签发有效" not in token


def test_a_pasted_token_is_checked_and_its_paper_looked_up(client: Client) -> None:
    paper = issued()

    good = client.post("/verify/token/", {"token": paper.offline_token.lower()}).content.decode()
    changed = client.post("/verify/token/", {"token": paper.offline_token[:-9] + "AAAAAAAAA"}).content.decode()
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")
    after = client.post("/verify/token/", {"token": paper.offline_token}).content.decode()

    assert "真：签发有效" in good
    assert paper.number in good
    assert "离线核验码的签名有效" in good
    assert "已被改动" in changed
    assert paper.number not in changed
    assert "已撤回" in after
    assert client.post("/verify/token/", {"token": ""}).status_code == 422
    assert client.get("/verify/token/").headers["Location"] == "/verify/"


def test_a_token_of_another_platform_and_one_of_a_lost_paper_are_told_apart() -> None:
    foreign = api.verify_token(tokens.made())
    paper = issued()
    with mock.patch.object(verification, "content_digest", return_value="f" * 16):
        lost = api.verify_token(paper.offline_token)

    assert "不是由本平台的密钥签发" in foreign.message
    assert "没有登记" in lost.message
    assert {foreign.verdict, lost.verdict} == {api.Verdict.ALTERED}


@pytest.mark.parametrize("which", ["token", "address"])
def test_a_photograph_of_a_code_is_read(client: Client, which: str) -> None:
    paper = issued()
    text = paper.offline_token if which == "token" else paper.verify_url
    out = io.BytesIO()
    photograph_of(text).save(out, "JPEG", quality=70)

    status, page = upload(client, out.getvalue())

    assert status == 200
    assert paper.number in page
    assert ("离线核验码的签名有效" in page) == (which == "token")


def test_a_photograph_of_the_whole_licence_is_read(client: Client) -> None:
    paper = issued(seal_id=seal_id())
    with opened(file_of(paper)) as document:
        photograph = document[0].render(scale=200 / 72).to_pil()
    out = io.BytesIO()
    photograph.save(out, "PNG")

    status, page = upload(client, out.getvalue())

    assert status == 200
    assert "离线核验码的签名有效" in page


def test_a_huge_picture_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")

    with pytest.raises(Invalid, match="没有读到"):
        api.verify_file(out.getvalue())


def test_the_offline_page_carries_the_public_keys(client: Client) -> None:
    paper = issued()

    page = client.get("/verify/offline/").content.decode()
    keys = client.get("/verify/keys.json").json()["keys"]

    (key,) = keys
    assert key["key_id"].startswith(read_token(paper.offline_token).facts.key)
    assert key["key_id"] in page
    assert "PRIVATE" not in page + str(keys)
    assert "离线无法知道证照是否已被撤回" in page


def test_the_receipt_of_the_issue_can_be_had_by_code(client: Client) -> None:
    paper = issued(holder=api.Holder(name="堃喆赟", is_person=True))
    page = client.get(f"/verify/{paper.verification_code}/").content.decode()

    response = client.get(f"/verify/{paper.verification_code}/receipt.json")

    assert f"/verify/{paper.verification_code}/receipt.json" in page
    assert response.json()["leaf_data"]
    assert "喆" not in response.content.decode()
    assert client.get(f"/verify/{new_code()}/receipt.json").status_code == 404
