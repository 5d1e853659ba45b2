"""The desk's pages of taking over old sites: who may open them, and the way from a file to the report."""

import io
import shutil

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, Migration
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import old_site as old

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture
def browser(boss):
    return people.sign_in(Client(), boss)


@pytest.fixture(autouse=True)
def imports(sites, tmp_path, settings):
    settings.ZHENGTONG_VAR = str(tmp_path)
    yield old.imports()
    shutil.rmtree(tmp_path, ignore_errors=True)


def _begun(boss, sites, imports, text="<p>正文第一段。</p>"):
    old.warc(imports / "a.warc", ("/news/1.html", "text/html", old.page(text=text).encode()))
    return api.begin_migration(actor=boss, site_id=sites["g22"].pk, place="a.warc", rules=old.RULES)


_ACTS = ("migration_rules", "migration_plan", "migration_start", "migration_stop")
_PAGES = ("migration", "migration_samples", "migration_report")


@pytest.mark.parametrize("who", ["stranger", "citizen", "editor", "publisher", "boss"])
def test_only_the_keeper_of_the_group_opens_these_pages(sites, boss, imports, who):
    row = _begun(boss, sites, imports)
    actors = {
        "citizen": lambda: people.citizen("zhang"),
        "editor": lambda: town.keeper("editor", "site_editor"),
        "publisher": lambda: town.keeper("publisher", "site_publisher"),
        "boss": lambda: boss,
    }
    browser = Client() if who == "stranger" else people.sign_in(Client(), actors[who]())
    allowed = who == "boss"

    found = [browser.get(reverse("sites_desk:migrations")).status_code]
    found += [browser.get(reverse(f"sites_desk:{name}", args=[row.pk])).status_code for name in _PAGES]
    done = [browser.post(reverse(f"sites_desk:{name}", args=[row.pk])).status_code for name in _ACTS]

    if allowed:
        assert found == [200] * 4
        assert done == [302, 302, 409, 302]
        return
    assert set(found + done) <= {302, 403}
    row.refresh_from_db()
    assert (row.state, row.rules["body"]) == ("new", "#text")
    assert Migration.objects.count() == 1


def test_from_a_file_to_the_report(sites, boss, browser, imports):
    upload = io.BytesIO(
        "标题,发布日期,栏目,网址,正文\n停水公告,2018-07-01,公告,/a.asp?id=1,<p>甲</p>\n坏行,昨天,公告,/b.asp,乙\n".encode()
    )
    upload.name = "旧文章.csv"
    answer = browser.post(reverse("sites_desk:migrations"), {"site": sites["g22"].pk, "file": upload}, follow=True)
    row = Migration.objects.get()
    assert "旧文章.csv" in answer.content.decode()

    bad = browser.post(reverse("sites_desk:migration_rules", args=[row.pk]), {"host": "不是域名"})
    assert (bad.status_code, "不是域名" in bad.content.decode()) == (422, True)
    sent = {"host": old.HOST, "columns": "公告＝notices"}
    answer = browser.post(reverse("sites_desk:migration_rules", args=[row.pk]), sent, follow=True)
    assert "停水公告" in answer.content.decode()
    browser.post(reverse("sites_desk:migration_plan", args=[row.pk]))
    waiting = browser.get(reverse("sites_desk:migration", args=[row.pk]))
    assert waiting["Refresh"]
    api.work_through(actor=boss, migration_id=row.pk)
    planned = browser.get(reverse("sites_desk:migration", args=[row.pk]), {"verdict": "refused"}).content.decode()
    assert "日期“昨天”认不出来" in planned
    assert not ArticlePage.objects.exists()
    browser.post(reverse("sites_desk:migration_start", args=[row.pk]))
    api.work_through(actor=boss, migration_id=row.pk)

    lines = b"".join(browser.get(reverse("sites_desk:migration_report", args=[row.pk])).streaming_content).decode()
    assert "/a.asp?id=1,停水公告,notices,新增,已导入" in lines
    sheet = browser.get(reverse("sites_desk:migration_report", args=[row.pk]), {"form": "xlsx"})
    assert sheet.content.startswith(b"PK")
    page = ArticlePage.objects.get()
    led = Client().get("/a.asp?id=1", headers={"host": old.HOST})
    assert led["Location"] == settings.ZHENGTONG_BASE_URL + page.relative_address()


def test_a_hostile_page_is_harmless_in_the_samples(sites, boss, browser, imports):
    row = _begun(
        boss,
        sites,
        imports,
        '<script>steal()</script><p onclick="x()">甲<img src=x onerror=alert(1)></p><a href="javascript:x">乙</a>'
        '<svg onload=alert(2)><script>alert(3)</script></svg><iframe src="//evil"></iframe>&lt;script&gt;丙',
    )

    said = browser.get(reverse("sites_desk:migration_samples", args=[row.pk])).content.decode()

    sample = said[said.index('class="zs-sample"') :]
    for mark in ("<script>steal", "onerror=alert", "onclick=", "javascript:x", "<svg onload", "<iframe"):
        assert mark not in sample
    assert "&lt;script&gt;丙" in sample


def test_a_form_without_a_file_or_site_says_what_is_missing(sites, browser):
    for sent, words in (({}, "请选择导入到哪个网站"), ({"site": str(sites["g22"].pk)}, "请选择要导入的文件")):
        answer = browser.post(reverse("sites_desk:migrations"), sent)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Migration.objects.exists()
