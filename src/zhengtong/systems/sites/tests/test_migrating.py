"""Old sites brought in: what comes, what is lost and why, once and again, cut in the middle, and led on."""

import shutil

import pytest
from django.conf import settings
from django.test import Client

from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.old_office import doc, xls
from zhengtong.systems.sites import api
from zhengtong.systems.sites.constants import MigrationState
from zhengtong.systems.sites.models import (
    ArticlePage,
    Migration,
    MigrationRow,
    OldAddress,
    OldHost,
    SiteDocument,
    SitePicture,
)
from zhengtong.systems.sites.services import migration_write
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import old_site as old

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture(autouse=True)
def imports(sites, tmp_path, settings):
    settings.ZHENGTONG_VAR = str(tmp_path)
    yield old.imports()
    shutil.rmtree(tmp_path, ignore_errors=True)


def _rows(row):
    return {one.address: (one.verdict, one.outcome, one.reason) for one in row.rows.order_by("number")}


def _html(text, kind="text/html"):
    return (kind, text.encode() if isinstance(text, str) else text)


_LINKED = (
    '<p>见<a href="/news/b.asp?id=2&utm_source=x">另一则</a>、<a href="/files/%E8%A1%A8.docx">申请表</a>、'
    '<a href="http://www.gov.cn/">国务院</a>、<a href="/gone.html">没了的</a></p><img src="/img/a.gif" alt="会场">'
)


def _archive(folder, name="a.warc.gz"):
    return old.warc(
        folder / name,
        ("/news/a.asp?id=1", *_html(old.page("第一则", _LINKED))),
        ("/img/a.gif", "image/gif", _gif()),
        ("/files/%E8%A1%A8.docx", "application/msword", town.docx()),
        ("/news/b.asp?id=2", *_html(old.page("第二则").encode("gb18030"), "text/html; charset=gb2312")),
        ("/first", "301 /second", b""),
        ("/second", "301 /news/a.asp?id=1", b""),
        ("/round", "301 /about", b""),
        ("/about", "301 /round", b""),
        ("/news/late.html", *_html(old.page("将来", day="2027-01-01"))),
        ("/news/none.html", *_html(old.page("坏日子", day="2019-02-30"))),
        ("/news/", *_html("<html><title>列表</title><meta name=PubDate content=2019-01-01><ul><li>x</ul></html>")),
        ("/other/x.html", *_html(old.page("没有栏目"))),
        ("http://weibo.com/1", *_html(old.page("别处的"))),
        ("/news/a.asp?id=1#top", *_html(old.page("第一则", _LINKED))),
        ("/news/id.html", *_html(old.page("名单", "<p>张三 11010519491231002X</p>"))),
    )


def _gif():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("P", (40, 30)).save(out, "GIF")
    return out.getvalue()


def test_a_web_archive_becomes_pages_files_and_leads_on(sites, boss, imports, client):
    _archive(imports)

    row = old.brought_in(boss, sites["g22"], "a.warc.gz")

    assert row.state == MigrationState.DONE
    found = _rows(row)
    assert found["/news/a.asp?id=1"][:2] == ("refused", "")  # the second time; the first is below by title
    assert {one.title: one.outcome for one in row.rows.filter(outcome="written", column="news")} == {
        "第一则": "written",
        "第二则": "written",
    }
    assert "相同" in found["/news/a.asp?id=1"][2]
    assert found["/round"][0] == found["/about"][0] == "refused"
    assert "成环" in found["/round"][2]
    assert "还没有到" in found["/news/late.html"][2]
    assert "不存在" in found["/news/none.html"][2]
    assert "没有找到正文" in found["/news"][2]
    assert "没有说明放进哪个栏目" in found["/other/x.html"][2]
    assert "别的网站" in found["/1"][2]
    assert found["/news/id.html"][:2] == ("new", "held")
    first = ArticlePage.objects.get(title="第一则")
    assert (str(first.published_on), first.source, first.live) == ("2019-03-05", "县农业局", True)
    picture, document = SitePicture.objects.get(), SiteDocument.objects.get()
    raw = first.body.get_prep_value()
    second = ArticlePage.objects.get(title="第二则")
    assert f'href="{second.relative_address()}">另一则' in raw[0]["value"]
    assert f'<a linktype="document" id="{document.pk}">申请表' in raw[0]["value"]
    assert 'href="http://www.gov.cn/">国务院' in raw[0]["value"]
    assert raw[1]["value"]["picture"] == {"image": picture.pk, "decorative": False, "alt_text": "会场"}
    assert "1 个链接指向没有迁移的旧网页" in row.rows.get(page=first).losses[0]
    assert not ArticlePage.objects.get(title="名单").live
    assert Entry.objects.filter(act="sites.migration_batch").count() == 1
    hits = search.search(actor=anonymous(first.tenant), query="第一则", kind="site_page").rows
    assert len(hits) == 1

    page = client.get(first.relative_address())
    assert page.status_code == 200
    assert "会场" in page.content.decode()
    for asked in ("/news/a.asp?id=1", "/news/a.asp?utm_source=x&id=1", "/first", "/second"):
        answer = client.get(asked, headers={"host": old.HOST})
        assert (answer.status_code, answer["Location"]) == (
            301,
            f"{settings.ZHENGTONG_BASE_URL}{first.relative_address()}",
        )
    answer = client.get("/files/%E8%A1%A8.docx", headers={"host": old.HOST})
    assert answer["Location"].endswith(document.url)
    assert client.get(document.url).status_code == 200
    assert client.get("/", headers={"host": old.HOST})["Location"].endswith("/gov/g22/")
    assert client.get("/gov/g22/news/a.asp?id=1")["Location"] == first.relative_address()
    assert client.get("/gov/g08/news/a.asp?id=1", follow=True).status_code == 404
    assert client.get("/news/a.asp?id=1", follow=True).status_code == 404
    assert client.get("/news/id.html", headers={"host": old.HOST}).status_code == 404


def test_a_second_run_makes_no_doubles_and_brings_only_what_changed(sites, boss, imports):
    site = sites["g22"]
    pages = [
        ("/news/1.html", *_html(old.page("一"))),
        ("/news/2.html", *_html(old.page("二"))),
        ("/news/3.html", *_html(old.page("三"))),
    ]
    old.warc(imports / "a.warc", *pages, packed=False)
    old.brought_in(boss, site, "a.warc")
    before = {one.title: one.pk for one in ArticlePage.objects.all()}
    edited = ArticlePage.objects.get(title="三")
    edited.save_revision()
    pages[1] = ("/news/2.html", *_html(old.page("二", "<p>改过的正文。</p>")))
    pages[2] = ("/news/3.html", *_html(old.page("三", "<p>那边也改了。</p>")))
    old.warc(imports / "a.warc", *pages, packed=False)

    row = old.brought_in(boss, site, "a.warc")

    assert _rows(row) == {
        "/news/1.html": ("same", "", ""),
        "/news/2.html": ("changed", "written", ""),
        "/news/3.html": ("refused", "", "上次导入的文章已经在本平台改过，没有覆盖。"),
    }
    assert {one.title: one.pk for one in ArticlePage.objects.all()} == before
    assert "改过的正文" in str(ArticlePage.objects.get(title="二").body)


def test_an_import_that_is_killed_goes_on_where_it_stopped(sites, boss, imports, monkeypatch):
    pages = [(f"/news/{number:03}.html", *_html(old.page(f"第 {number} 则"))) for number in range(60)]
    old.warc(imports / "a.warc.gz", *pages)
    row = old.planned(boss, sites["g22"], "a.warc.gz")
    assert (row.total, row.counts["new"]) == (60, 60)
    assert not ArticlePage.objects.exists()
    api.start_migration(actor=boss, migration_id=row.pk)
    real, calls = migration_write._keep_addresses, []

    def dies(*args):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return real(*args)

    monkeypatch.setattr(migration_write, "_keep_addresses", dies)
    with pytest.raises(SystemExit):
        api.run_writing(actor=boss, migration_id=row.pk)
    assert ArticlePage.objects.count() == 25
    assert MigrationRow.objects.filter(outcome="written").count() == 25

    assert api.run_writing(actor=boss, migration_id=row.pk, seconds=0.0)
    row = api.work_through(actor=boss, migration_id=row.pk)

    assert row.state == MigrationState.DONE
    assert ArticlePage.objects.count() == OldAddress.objects.count() == 60
    assert row.counts["outcome_written"] == 60


def test_what_changed_between_trial_and_import_is_not_brought_in(sites, boss, imports):
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page("一"))), packed=False)
    row = old.planned(boss, sites["g22"], "a.warc")
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page("换了"))), packed=False)
    api.start_migration(actor=boss, migration_id=row.pk)

    row = api.work_through(actor=boss, migration_id=row.pk)

    assert "变了" in row.rows.get().reason
    assert not ArticlePage.objects.exists()


def test_a_table_with_files_beside_it(sites, boss, imports):
    (imports / "文章.csv").write_bytes(
        "编号,标题,发布日期,栏目,正文,附件\r\n"
        "7,关于停水的公告,2018/7/1,公告,第一段\r\n"
        '8,附件公告,2018年7月2日,公告,"甲\n乙",files/a.docx|files/没有.pdf|../../etc/passwd\r\n'
        "9,没有这一天,2018-02-31,公告,x,\r\n".encode("gb18030")
    )
    old.zipped(imports / "files.zip", files__a_x_docx=town.docx())

    row = old.brought_in(boss, sites["g22"], "文章.csv", files_place="files.zip")

    assert [(one.verdict, one.outcome) for one in row.rows.order_by("number")] == [
        ("new", "written"),
        ("new", "written"),
        ("refused", ""),
    ]
    second = row.rows.get(number=2)
    assert [one[:2] for one in second.losses] == ["附件", "附件"]
    assert "来源里没有“没有.pdf”" in second.losses[0]
    page = ArticlePage.objects.get(title="附件公告")
    raw = page.body.get_prep_value()
    assert raw[0]["value"] == "<p>甲</p><p>乙</p>"
    assert raw[1]["value"]["files"][0]["value"]["words"] == "a.docx"
    assert page.get_parent().slug == "notices"


def test_files_of_before_2007_stay_what_they_were_unless_they_are_active(sites, boss, imports, client, tmp_path):
    text, table, macro = doc(), xls(), doc(**{"Macros/VBA/dir": b"x"})
    links = '<p><a href="/f/a.doc">通知</a><a href="/f/b.xls">点击下载</a><a href="/f/c.doc">有宏的</a></p>'
    old.warc(
        imports / "a.warc.gz",
        ("/news/a.html", *_html(old.page("有旧附件", links))),
        ("/f/a.doc", "application/msword", text),
        ("/f/b.xls", "application/vnd.ms-excel", table),
        ("/f/c.doc", "application/msword", macro),
    )

    row = old.brought_in(boss, sites["g22"], "a.warc.gz")

    [page] = row.rows.filter(outcome="written")
    assert any("有宏" in loss for loss in page.losses)
    kept = {one.filename: one for one in SiteDocument.objects.all()}
    assert set(kept) == {"通知.doc", "b.xls"}
    for name, content, kind in (
        ("通知.doc", text, "application/msword"),
        ("b.xls", table, "application/vnd.ms-excel"),
    ):
        answer = client.get(kept[name].url)
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, content, kind)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
    one = api.export_site(actor=boss, code="g22", target=tmp_path / "one.zip")
    assert api.import_site(actor=boss, path=tmp_path / "one.zip", code="g08").digest == one.digest
    assert SiteDocument.objects.filter(collection=sites["g08"].collection).count() == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.warc", b"not an archive", "不是网页存档"),
        ("a.xml", b"<html/>", "不是 WordPress"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "缺少这些列：标题、发布日期、正文"),
        ("a.zip", b"PK\x03\x04broken", "ZIP 文件已损坏"),
        ("a.xlsx", b"PK\x03\x04broken", "表格已损坏"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(sites, boss, imports, name, content, words):
    (imports / name).write_bytes(content)

    row = old.planned(boss, sites["g22"], name)

    assert row.state == MigrationState.FAILED
    assert words in row.message
    with pytest.raises(Conflict):
        api.start_migration(actor=boss, migration_id=row.pk)


def test_rules_and_places_that_are_none_are_refused(sites, boss, imports, tmp_path):
    site = sites["g22"]
    (imports / "a.zip").write_bytes(b"x")
    (tmp_path / "secret.csv").write_text("标题,日期,正文")
    for place in ("../secret.csv", "/etc/passwd", "没有.zip"):
        with pytest.raises(Invalid, match="没有"):
            api.begin_migration(actor=boss, site_id=site.pk, place=place)
    for rules, words in (
        ({"body": "<<<"}, "不是有效的选择器"),
        ({"host": "a b!"}, "不是域名"),
        ({"columns": "甲"}, "栏目对应"),
    ):
        with pytest.raises(Invalid, match=words):
            api.begin_migration(actor=boss, site_id=site.pk, place="a.zip", rules=rules)
    with pytest.raises(Invalid, match="认不出"):
        api.begin_migration(actor=boss, site_id=site.pk, name="a.exe", content=b"MZ")
    assert not Migration.objects.exists()


def test_only_the_keeper_of_the_group_brings_sites_in(sites, boss, editor, publisher, imports):
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page())))
    row = api.begin_migration(actor=boss, site_id=sites["g22"].pk, place="a.warc", rules=old.RULES)

    for actor in (editor, publisher):
        with pytest.raises(NotPermitted):
            api.begin_migration(actor=actor, site_id=sites["g22"].pk, place="a.warc")
        for act in (api.plan_migration, api.start_migration, api.stop_migration, api.samples):
            with pytest.raises(NotPermitted):
                act(actor=actor, migration_id=row.pk)
    with pytest.raises(NotFound):
        api.begin_migration(actor=boss, site_id=row.pk, place="a.warc")


def test_one_migration_of_a_site_at_a_time_and_stopped_ones_go_on(sites, boss, imports):
    pages = [(f"/news/{number}.html", *_html(old.page(f"第 {number} 则"))) for number in range(30)]
    old.warc(imports / "a.warc", *pages)
    one = old.planned(boss, sites["g22"], "a.warc")
    api.start_migration(actor=boss, migration_id=one.pk)
    other = api.begin_migration(actor=boss, site_id=sites["g22"].pk, place="a.warc", rules=old.RULES)
    with pytest.raises(Conflict, match="另一次迁移"):
        api.plan_migration(actor=boss, migration_id=other.pk)
    assert api.run_writing(actor=boss, migration_id=one.pk, seconds=0.0)
    api.stop_migration(actor=boss, migration_id=one.pk)
    assert not api.run_writing(actor=boss, migration_id=one.pk)
    assert ArticlePage.objects.count() == 25

    api.start_migration(actor=boss, migration_id=one.pk)
    row = api.work_through(actor=boss, migration_id=one.pk)

    assert (row.state, ArticlePage.objects.count()) == (MigrationState.DONE, 30)


def test_an_old_host_belongs_to_one_site(sites, boss, imports):
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page())))
    old.brought_in(boss, sites["g22"], "a.warc")
    row = old.planned(boss, sites["g08"], "a.warc")

    with pytest.raises(Conflict, match="属于"):
        api.start_migration(actor=boss, migration_id=row.pk)

    assert OldHost.objects.get().site == sites["g22"]


def test_samples_show_old_and_new_and_write_nothing(sites, boss, imports):
    old.warc(
        imports / "a.warc", ("/", *_html("<html><title>首页</title></html>")), ("/news/1.html", *_html(old.page()))
    )
    row = api.begin_migration(actor=boss, site_id=sites["g22"].pk, place="a.warc", rules=old.RULES)

    first, second = api.samples(actor=boss, migration_id=row.pk)

    assert (first.new.title, first.new.column, first.new.refusal) == ("旧闻一则", "news", "")
    assert "没有找到正文" in second.new.refusal
    assert not MigrationRow.objects.exists()


def test_what_is_withdrawn_is_not_led_to(sites, boss, publisher, imports):
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page())))
    old.brought_in(boss, sites["g22"], "a.warc")
    page = ArticlePage.objects.get()
    browser = Client()
    assert browser.get("/gov/g22/news/1.html").status_code == 301

    api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，先撤下")

    assert browser.get("/gov/g22/news/1.html", follow=True).status_code == 404


def test_addresses_in_old_letters_and_of_taken_paths(sites, boss, imports, client):
    old.warc(
        imports / "a.warc",
        ("/news/%B9%AB%B8%E6.htm", *_html(old.page("国标编码的网址"))),
        ("/news/%E5%85%AC%E5%91%8A.htm", *_html(old.page("统一码的网址"))),
    )
    old.brought_in(boss, sites["g22"], "a.warc")

    for asked, title in (("/news/%B9%AB%B8%E6.htm", "国标编码的网址"), ("/news/公告.htm", "统一码的网址")):
        answer = client.get(asked, headers={"host": old.HOST})
        assert answer["Location"].endswith(ArticlePage.objects.get(title=title).relative_address())


def test_the_server_before_django_lets_old_addresses_through(sites, boss, imports, client, settings):
    from zhengtong.systems.sites.web.shelving import place_of

    old.warc(imports / "a.warc", ("/news/a", *_html(old.page())), ("/news/a.asp?id=1", *_html(old.page("另一则"))))
    old.brought_in(boss, sites["g22"], "a.warc")
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/news/a.asp", "QUERY_STRING": "id=1"}
    assert place_of(asked) is None
    # below a site's own address the shelf is looked at first, and nothing that led on was ever kept there
    place = place_of({"REQUEST_METHOD": "GET", "PATH_INFO": "/gov/g22/news/a/", "QUERY_STRING": ""})
    answer = client.get("/gov/g22/news/a/")

    assert answer.status_code == 301
    assert place is not None
    assert api.Shelf(api.shelf_folder()).find(place) is None


def test_what_was_taken_down_here_does_not_come_back(sites, boss, publisher, imports):
    site = sites["g22"]
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page("一"))))
    first = old.brought_in(boss, site, "a.warc")
    with pytest.raises(Conflict, match="报告要保留"):
        api.plan_migration(actor=boss, migration_id=first.pk)
    with pytest.raises(Conflict, match="规则不能再改"):
        api.save_rules(actor=boss, migration_id=first.pk, rules=old.RULES)
    api.withdraw_page(actor=publisher, page_id=ArticlePage.objects.get().pk, reason="内容有误，先撤下")
    old.warc(imports / "a.warc", ("/news/1.html", *_html(old.page("一", "<p>那边改了。</p>"))))

    again = old.brought_in(boss, site, "a.warc")

    assert "撤下" in again.rows.get().reason
    assert not ArticlePage.objects.get().live
    assert first.rows.get().outcome == "written"
