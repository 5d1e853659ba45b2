"""Pictures and documents: what comes in is harmless, what is not published stays inside, what is published is light."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel import loose_files, storage
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.models import StoredFile
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import FileUse, SiteDocument, SitePicture
from zhengtong.systems.sites.services import files
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(editor):
    return people.sign_in(Client(), editor)


def _sent(browser, kind, content, name, **fields):
    upload = io.BytesIO(content)
    upload.name = name
    return browser.post(reverse(f"wagtail{kind}:add"), {"title": "新广场", "file": upload, **fields})


def _kept(row):
    return storage.read(tenant=row.tenant, file_id=row.stored_id)[1]


def _published(site, editor, publisher, *named, **fields):
    page = town.drafted(site, editor, body=town.with_files(*named), **fields)
    return api.publish_page(actor=publisher, page_id=page.pk)


def test_a_photograph_loses_where_and_by_what_it_was_taken(sites, browser):
    photo = town.jpeg(size=(600, 400), gps=True)
    assert b"SecretPhone" in photo

    answer = _sent(browser, "images", photo, "广场.jpg")

    assert answer.status_code == 302
    row = SitePicture.objects.get()
    assert b"SecretPhone" not in _kept(row)
    assert not Image.open(io.BytesIO(_kept(row))).getexif()
    assert (row.width, row.height, row.tenant) == (600, 400, "980723")
    assert row.collection_id == sites["g22"].collection_id
    assert Entry.objects.filter(act="sites.file_add").count() == 1
    assert not loose_files.unnamed("980723").exists()


def test_what_hides_behind_a_picture_is_gone_and_a_large_one_is_made_smaller(sites, browser):
    _sent(browser, "images", town.jpeg(size=(4000, 3000)) + b"<?php system('id'); ?>", "a.jpg")

    row = SitePicture.objects.get()
    assert b"<?php" not in _kept(row)
    assert (row.width, row.height) == (2400, 1800)


@pytest.mark.parametrize(
    ("kind", "name", "content", "words"),
    [
        ("images", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是可接收的类型"),
        ("images", "a.jpg", b"MZ\x90\x00" + b"\0" * 300, "不是可接收的类型"),
        ("images", "a.jpg", b"%PDF-1.4", "PDF"),
        ("images", "a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "已损坏"),
        ("docs", "a.html", b"<html><script>alert(1)</script></html>", "不是可接收的类型"),
        ("docs", "a.docx", town.docx(word__vbaProject_x_bin=b"x"), "宏"),
        ("docs", "a.docm", town.docx(word__embeddings__a_x_docx=b"x"), "夹带"),
        ("docs", "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "旧版或加密"),
        ("docs", "a.docx", town.docx(word__a_x_xml=b"\0" * 40_000_000), "过大"),
        ("docs", "a.docx", b"PK\x03\x04" + b"\0" * 300, "已损坏"),
    ],
)
def test_what_is_harmful_is_refused_with_a_sentence(sites, browser, kind, name, content, words):
    answer = _sent(browser, kind, content, name)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_picture_that_unfolds_beyond_measure_is_refused(sites, browser):
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")

    answer = _sent(browser, "images", out.getvalue(), "a.png")

    assert "尺寸过大" in answer.content.decode()
    assert not SitePicture.objects.exists()


def test_a_published_page_shows_its_picture_in_fitting_sizes(sites, editor, publisher, client):
    row, paper = town.picture(sites["g22"], editor), town.document(sites["g22"], editor)
    assert client.get(row.address()).status_code == 404
    assert client.get(paper.url).status_code == 404

    page = _published(sites["g22"], editor, publisher, row, paper)

    text = client.get(page.relative_address()).content.decode()
    assert 'alt="广场全景"' in text
    assert f"{row.address(480)} 480w" in text
    assert "改造后的广场" in text
    answer = client.get(row.address(480))
    assert Image.open(io.BytesIO(answer.content)).size == (480, 288)
    assert "max-age=2592000" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(row.address(480), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(row.address(481)).status_code == 404
    offered = client.get(paper.url)
    assert offered["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%94%B3")
    assert offered["Content-Disposition"].endswith(".docx")
    assert offered["X-Content-Type-Options"] == "nosniff"


def test_a_size_is_made_when_it_is_asked_for_and_once(sites, editor, publisher, client, monkeypatch):
    row = town.picture(sites["g22"], editor, colour="#123456")
    _published(sites["g22"], editor, publisher, row, None)
    folder = Path(settings.ZHENGTONG_VAR) / "pictures" / row.stored.digest[:2]
    for left in folder.glob(f"{row.stored.digest}-*"):  # of an earlier run
        left.unlink()

    first = client.get(row.address(240)).content
    monkeypatch.setattr("zhengtong.systems.sites.selectors.files._drawn", None)

    assert client.get(row.address(240)).content == first
    assert [path.name for path in folder.glob(f"{row.stored.digest}-*")] == [f"{row.stored.digest}-240"]


def test_the_file_of_a_page_taken_down_is_gone_unless_another_page_uses_it(sites, editor, publisher, client):
    row, paper = town.picture(sites["g22"], editor), town.document(sites["g22"], editor)
    first = _published(sites["g22"], editor, publisher, row, paper)
    second = _published(sites["g22"], editor, publisher, row, None)

    api.withdraw_page(actor=publisher, page_id=first.pk, reason="内容有误，须重新核实")

    assert client.get(row.address(240)).status_code == 200
    assert client.get(paper.url).status_code == 404
    api.withdraw_page(actor=publisher, page_id=second.pk, reason="内容有误，须重新核实")
    assert client.get(row.address(240)).status_code == 404
    assert people.sign_in(Client(), editor).get(row.address(240)).status_code == 200


def test_a_file_left_out_of_the_newest_version_is_no_longer_public(sites, editor, publisher, client):
    row = town.picture(sites["g22"], editor)
    page = _published(sites["g22"], editor, publisher, row, None)
    page.body = town.with_files(None, None)
    page.save_revision(user=page.owner)
    assert client.get(row.address()).status_code == 200

    api.publish_page(actor=publisher, page_id=page.pk)

    assert client.get(row.address()).status_code == 404


def test_rich_text_shows_pictures_and_offers_documents(sites, editor, publisher, client):
    row, paper = town.picture(sites["g22"], editor), town.document(sites["g22"], editor)
    text = (
        f'<p>见<a linktype="document" id="{paper.pk}">表格</a></p>'
        f'<embed embedtype="image" id="{row.pk}" format="fullwidth" alt="全景"/>'
    )

    page = town.drafted(sites["g22"], editor, body=[("text", text)])
    api.publish_page(actor=publisher, page_id=page.pk)

    read = client.get(page.relative_address()).content.decode()
    assert '<img alt="全景" class="richtext-image full-width" height="480" loading="lazy"' in read
    assert f'href="{paper.url}"' in read
    assert FileUse.objects.filter(page_id=page.pk).count() == 2
    assert client.get(row.address()).status_code == 200


@pytest.mark.parametrize(
    ("words", "fits"),
    [({}, False), ({"alt_text": " "}, False), ({"decorative": True}, True), ({"alt_text": "广场"}, True)],
)
def test_a_picture_needs_words_in_its_place_or_is_called_decoration(sites, editor, publisher, words, fits):
    row = town.picture(sites["g22"], editor)
    value = {"image": row.pk, "decorative": False, "alt_text": "", **words}
    body = json.dumps([{"type": "picture", "value": {"picture": value, "caption": ""}}])
    page = town.drafted(sites["g22"], editor, body=body)

    if fits:
        assert api.publish_page(actor=publisher, page_id=page.pk).live
    else:
        with pytest.raises(Conflict, match="替代文字"):
            api.publish_page(actor=publisher, page_id=page.pk)


def test_a_file_is_renamed_and_never_exchanged(sites, editor, browser):
    row = town.picture(sites["g22"], editor)
    before = row.stored_id
    upload = io.BytesIO(town.jpeg(colour="#ff0000"))
    upload.name = "b.jpg"

    browser.post(reverse("wagtailimages:edit", args=[row.pk]), {"title": "旧广场", "description": "", "file": upload})

    row.refresh_from_db()
    assert (row.title, row.stored_id) == ("旧广场", before)


def test_a_file_goes_for_good_with_its_sizes_but_not_from_under_a_page(
    sites, editor, publisher, client, browser, django_capture_on_commit_callbacks
):
    row = town.picture(sites["g22"], editor)
    page = _published(sites["g22"], editor, publisher, row, None)
    client.get(row.address(240))
    path = Path(settings.ZHENGTONG_VAR) / "pictures" / row.stored.digest[:2] / f"{row.stored.digest}-240"
    with pytest.raises(Conflict, match="已发布的网页"):
        files.remove_file(actor=editor, file=row)
    assert browser.post(reverse("wagtailimages:delete", args=[row.pk])).status_code == 409
    api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，须重新核实")
    assert path.is_file()

    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("wagtailimages:delete", args=[row.pk]))

    assert answer.status_code == 302
    assert not path.exists()
    assert not SitePicture.objects.exists()
    assert not StoredFile.objects.exists()
    assert not storage.path_of(row.stored.digest).exists()
    assert Entry.objects.filter(act="sites.file_remove").count() == 1


def test_a_document_taken_in_by_the_chooser_stands_in_the_folder_of_the_site(sites, browser):
    upload = io.BytesIO(town.docx())
    upload.name = "表.docx"

    answer = browser.post(
        reverse("wagtaildocs_chooser:create"),
        {"document-chooser-upload-title": "申请表", "document-chooser-upload-file": upload},
    )

    assert answer.json()["step"] == "chosen"
    row = SiteDocument.objects.get()
    assert (row.collection_id, row.stored.content_type[-8:]) == (sites["g22"].collection_id, "document")


def test_the_menu_leads_to_pictures_and_to_documents(sites, browser):
    for screen in ("wagtailimages:index", "wagtaildocs:index"):
        shown = browser.get(reverse(screen)).content.decode()

        assert f'"url": "{reverse("wagtailimages:index")}"' in shown
        assert f'"url": "{reverse("wagtaildocs:index")}"' in shown
