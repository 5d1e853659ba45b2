"""A whole site in one file and back: the same digest, whatever the site holds; a changed archive does not come in."""

import contextlib
import hashlib
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import (
    ArticlePage,
    ColumnPage,
    GovernmentSite,
    HomePage,
    OldAddress,
    SiteLook,
    SitePicture,
)
from zhengtong.systems.sites.rules import archives
from zhengtong.systems.sites.services.importing import ArticleWords, import_articles
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import old_site as old

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


def _full(sites, editor, publisher, boss):
    """A site with everything an archive holds."""
    site = sites["g22"]
    shown, offered = town.picture(site, editor), town.document(site, editor)
    first = town.drafted(site, editor, title="有图有附件", body=town.with_files(shown, offered))
    api.publish_page(actor=publisher, page_id=first.pk)
    town.picture(site, editor, title="没有人用")
    town.drafted(site, editor, title="还是草稿")
    link = (
        f'<p><a linktype="page" id="{first.pk}">见前文</a> <a href="/gov/g22/news/">新闻</a> '
        '<a linktype="page" id="999999">没有</a></p>'
    )
    words = ArticleWords(slug="second", title="第二则 <&>", published_on=town.MONDAY.date(), source="局", text=link)
    import_articles(actor=boss, site_code="g22", articles={"notices": [words]})
    second = ArticlePage.objects.get(slug="second")
    below = ColumnPage(title="下级栏目", slug="inner", kind="news", tenant=site.tenant, site=site)
    town.column(site).add_child(instance=below)
    OldAddress.objects.create(
        tenant=site.tenant, site=site, address="/a.asp?id=1", key="a" * 64, page=second, digest="b" * 64
    )
    OldAddress.objects.create(tenant=site.tenant, site=site, address="/b.doc", key="c" * 64, document=offered)
    OldAddress.objects.create(tenant=site.tenant, site=site, address="/gone", key="d" * 64, digest="e" * 64)
    GovernmentSite.objects.filter(pk=site.pk).update(theme="green", icp="备 1 号", phone="0571-1")
    emblem = town.picture(site, editor, title="标识", size=(200, 200))
    SiteLook.objects.create(tenant=site.tenant, site=site, colour="#8a1538", tagline="为民服务", emblem=emblem)
    return first, second


def _back(boss, tmp_path, first="g22", other="g08"):
    """Export, restore as another site, export that one."""
    one = api.export_site(actor=boss, code=first, target=tmp_path / "one.zip")
    back = api.import_site(actor=boss, path=tmp_path / "one.zip", code=other)
    again = api.export_site(actor=boss, code=other, target=tmp_path / "two.zip")
    return one, back, again


def test_a_site_comes_back_as_it_was(sites, editor, publisher, boss, tmp_path, client):
    _first, second = _full(sites, editor, publisher, boss)

    one, back, again = _back(boss, tmp_path)

    assert one.digest == back.digest == again.digest
    assert (one.pages, one.files, one.lost) == (again.pages, again.files, 1)
    site = GovernmentSite.objects.get(code="g08")
    assert (site.theme, site.icp, site.name) == ("green", "备 1 号", sites["g22"].name)
    look = SiteLook.objects.get(site=site)
    assert (look.colour, look.tagline, look.header) == ("#8a1538", "为民服务", None)
    assert (look.emblem.title, look.emblem.collection_id) == ("标识", site.collection_id)
    there = ArticlePage.objects.get(site=site, slug="second")
    pictured = ArticlePage.objects.get(site=site, title="有图有附件")
    assert f'id="{pictured.pk}">见前文' in str(there.body.raw_data[0]["value"])
    assert "/gov/g08/news/" in str(there.body.raw_data[0]["value"])
    assert there.first_published_at == second.first_published_at
    assert not ArticlePage.objects.filter(site=site, title="还是草稿").exists()
    picture = SitePicture.objects.get(collection=site.collection, title="新广场")
    page = client.get(pictured.relative_address()).content.decode()
    assert picture.address(320) in page or picture.address() in page
    assert client.get(picture.address()).status_code == 200
    assert client.get("/gov/g08/a.asp?id=1").status_code in {301, 404}
    home = HomePage.objects.get(pk=site.home_id)
    own = set(ColumnPage.objects.filter(site=site).values_list("pk", flat=True))
    columns = {value for one in home.modules.raw_data for value in [one["value"].get("column")] if value}
    assert columns
    assert columns <= own


def test_a_look_the_archive_does_not_hold_goes(sites, editor, publisher, boss, tmp_path):
    SiteLook.objects.create(tenant="980723", site=sites["g08"], tagline="原来的")

    one, _back_here, again = _back(boss, tmp_path)

    assert one.digest == again.digest
    assert not SiteLook.objects.filter(site=sites["g08"]).exists()


def test_the_same_site_gives_the_same_file(sites, editor, publisher, boss, tmp_path):
    _full(sites, editor, publisher, boss)
    api.export_site(actor=boss, code="g22", target=tmp_path / "one.zip")
    api.export_site(actor=boss, code="g22", target=tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_site_that_holds_something_is_not_overwritten(sites, editor, publisher, boss, tmp_path):
    _full(sites, editor, publisher, boss)
    api.export_site(actor=boss, code="g22", target=tmp_path / "one.zip")
    before = ArticlePage.objects.count()

    with pytest.raises(Conflict, match="已经有文章"):
        api.import_site(actor=boss, path=tmp_path / "one.zip")

    assert ArticlePage.objects.count() == before


def _changed(path, change):
    """The same archive with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _signed_anew(parts):
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"] = {name: hashlib.sha256(parts[name]).hexdigest() for name in manifest["parts"] if name in parts}
    manifest["digest"] = archives.digest_of(manifest["parts"])
    parts["manifest.json"] = archives.plain(manifest)


def _evil_picture(parts):
    picture = town.jpeg(gps=True)
    name = next(one for one in parts if one.startswith("files/") and parts[one].startswith(b"\xff\xd8"))
    digest = hashlib.sha256(picture).hexdigest()
    listed = next(one for one in parts if one.startswith("files/0") and one.endswith(".jsonl"))
    parts[listed] = parts[listed].replace(name.removeprefix("files/").encode(), digest.encode())
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"][f"files/{digest}"] = manifest["parts"].pop(name)
    parts["manifest.json"] = archives.plain(manifest)
    parts[f"files/{digest}"] = picture
    _signed_anew(parts)


def _outside(parts):
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"]["../../etc/cron.d/x"] = hashlib.sha256(b"x").hexdigest()
    parts["../../etc/cron.d/x"] = b"x"
    parts["manifest.json"] = archives.plain(manifest | {"digest": archives.digest_of(manifest["parts"])})


def _wrong_kind(parts):
    parts["site.json"] = parts["site.json"].replace(b'"theme":"green"', b'"theme":"pink"')
    _signed_anew(parts)


def _unreadable(parts):
    parts["site.json"] = parts["site.json"].replace(b"#8a1538", b"#ffee00")
    _signed_anew(parts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda parts: parts.update({"site.json": b"{}"}), "已损坏、被改过"),
        (lambda parts: parts.pop("pages/00000.jsonl"), "已损坏、被改过"),
        (lambda parts: parts.pop("manifest.json"), "已损坏、被改过"),
        (_outside, "已损坏、被改过"),
        (_evil_picture, "附带信息"),
        (_wrong_kind, "不合要求"),
        (_unreadable, "太浅"),
    ],
)
def test_a_changed_archive_does_not_come_in(sites, editor, publisher, boss, tmp_path, change, words):
    _full(sites, editor, publisher, boss)
    path = tmp_path / "one.zip"
    api.export_site(actor=boss, code="g22", target=path)
    _changed(path, change)
    columns = list(ColumnPage.objects.filter(site=sites["g08"]).values_list("pk", flat=True))

    with pytest.raises(Invalid, match=words):
        api.import_site(actor=boss, path=path, code="g08")

    assert list(ColumnPage.objects.filter(site=sites["g08"]).values_list("pk", flat=True)) == columns
    assert not ArticlePage.objects.filter(site=sites["g08"]).exists()


def test_no_archive_at_all_is_said(sites, boss, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04")

    with pytest.raises(Invalid, match="已损坏"):
        api.import_site(actor=boss, path=tmp_path / "x.zip", code="g08")


def test_only_the_keeper_of_the_group_packs_sites(sites, boss, editor, publisher, tmp_path):
    api.export_site(actor=boss, code="g22", target=tmp_path / "one.zip")
    for actor in (editor, publisher):
        with pytest.raises(NotPermitted):
            api.export_site(actor=actor, code="g22", target=tmp_path / "two.zip")
        with pytest.raises(NotPermitted):
            api.import_site(actor=actor, path=tmp_path / "one.zip", code="g08")
    assert not (tmp_path / "two.zip").exists()


def test_old_addresses_and_old_host_come_along(sites, boss, tmp_path, client):
    old.imports().mkdir(exist_ok=True)
    words = ArticleWords(slug="x", title="旧文", published_on=town.MONDAY.date(), source="局", text="<p>文</p>")
    import_articles(actor=boss, site_code="g22", articles={"news": [words]})
    from zhengtong.systems.sites.engine.old_site.addresses import key_of

    page = ArticlePage.objects.get(slug="x")
    OldAddress.objects.create(
        tenant=page.tenant, site=page.site, address="/show.asp?id=3", key=key_of("/show.asp?id=3"), page=page
    )

    _back(boss, tmp_path)

    assert client.get("/gov/g08/show.asp?id=3")["Location"].startswith("/gov/g08/news/x")
    assert client.get("/gov/g22/show.asp?id=3")["Location"].startswith("/gov/g22/news/x")


_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(str.strip)
_ARTICLE = st.fixed_dictionaries(
    {
        "title": _TEXT,
        "text": _TEXT,
        "source": _TEXT,
        "summary": st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20),
        "day": st.dates(min_value=town.MONDAY.date().replace(year=1990), max_value=town.MONDAY.date()),
        "column": st.sampled_from(["news", "notices"]),
        "kind": st.sampled_from(["text", "table", "quote", "question"]),
    }
)
_VALUES = {
    "text": lambda words: f"<p>{words}</p>",
    "table": lambda words: {"caption": words, "headed": True, "cells": f"{words}\t甲\n乙\t{words}"},
    "quote": lambda words: {"text": words, "origin": ""},
    "question": lambda words: {"question": words, "answer": f"<p>{words}</p>"},
}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ARTICLE, max_size=6))
def test_any_small_site_comes_back_as_it_was(sites, boss, tmp_path, articles):
    from django.db import transaction

    class Undone(Exception):
        pass

    rounds = []
    with contextlib.suppress(Undone), transaction.atomic():
        for number, one in enumerate(articles):
            words = ArticleWords(
                slug=f"a{number}",
                title=one["title"],
                published_on=one["day"],
                source=one["source"],
                text="",
                summary=one["summary"],
            )
            import_articles(actor=boss, site_code="g22", articles={one["column"]: [words]})
            page = ArticlePage.objects.get(slug=f"a{number}")
            page.body = json.dumps([{"type": one["kind"], "value": _VALUES[one["kind"]](one["text"])}])
            page.save(clean=False)
        first, _restored, again = _back_inside(boss, tmp_path)
        assert first.digest == again.digest
        rounds.append(len(articles))
        raise Undone
    assert rounds == [len(articles)]


def _back_inside(boss, tmp_path):
    """The same round within a transaction of a test that is undone."""
    from zhengtong.systems.sites.services import unpacking

    real, unpacking.refuse_inside = unpacking.refuse_inside, lambda what: None
    try:
        return _back(boss, tmp_path)
    finally:
        unpacking.refuse_inside = real
