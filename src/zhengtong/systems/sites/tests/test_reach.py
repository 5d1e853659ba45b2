"""Feeds, site maps and what pages say to programs: what answers is named, what is taken down is named nowhere."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite
from zhengtong.systems.sites.selectors import reach
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db

FEEDS = ("/gov/g22/rss.xml", "/gov/g22/atom.xml", "/gov/g22/news/rss.xml", "/gov/g22/news/atom.xml")
MAP = "/gov/g22/sitemap.xml"


@pytest.fixture
def article(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor, title="检查 <42> 家 & 通报", summary="一句话")
    api.publish_page(actor=publisher, page_id=page.pk)
    return ArticlePage.objects.select_related("site__home").get(pk=page.pk)


def read(client, address, **asked):
    answer = client.get(address, **asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return ET.fromstring(answer.content)


def test_feeds_and_map_name_what_is_published_and_nothing_else(sites, article, editor, client, settings):
    town.drafted(sites["g22"], editor, title="没有签发的草稿", slug="draft")
    address = settings.ZHENGTONG_BASE_URL + article.relative_address()

    for feed in FEEDS:
        text = ET.tostring(read(client, feed), encoding="unicode")
        assert address in text
        assert "没有签发的草稿" not in text
    assert read(client, FEEDS[0]).findtext("channel/item/title") == "检查 <42> 家 & 通报"
    where = [one.text for one in read(client, MAP).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert address in where
    assert f"{settings.ZHENGTONG_BASE_URL}/gov/g22/" in where
    assert not [one for one in where if "draft" in one or "/g08/" in one]
    for one in where:
        assert client.get(one.removeprefix(settings.ZHENGTONG_BASE_URL)).status_code == 200


def test_the_map_of_the_group_names_each_open_site_and_robots_names_it(sites, client, settings):
    GovernmentSite.objects.filter(code="g08").update(state="closed")

    named = [one.text for one in read(client, "/gov/sitemap.xml").iter() if one.text and one.text.strip()]

    base = settings.ZHENGTONG_BASE_URL
    assert named == [f"{base}/gov/g22/sitemap.xml", f"{base}/gov/portal/sitemap.xml"]
    assert f"Sitemap: {base}/gov/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert client.get("/gov/g08/sitemap.xml").status_code == client.get("/gov/g08/rss.xml").status_code == 404


def test_what_was_taken_down_is_named_nowhere_and_the_command_looks(sites, article, publisher, client):
    word = article.relative_address()
    named = [one.address for one in api.still_there("980723", word) if one.place == "订阅和网站地图"]
    assert named == ["/gov/g22/rss.xml", "/gov/g22/news/rss.xml", MAP]

    api.withdraw_page(actor=publisher, page_id=article.pk, reason="内容有误，须重新核实")

    for address in (*FEEDS, MAP):
        assert word.encode() not in client.get(address).content
    assert api.still_there("980723", word) == []


def test_below_a_column_that_is_not_published_nothing_is_named(sites, article, client):
    ColumnPage.objects.filter(site=sites["g22"], slug="news").update(live=False)

    assert article.relative_address().encode() not in client.get("/gov/g22/rss.xml").content
    text = client.get(MAP).content.decode()
    assert "/gov/g22/news/" not in text
    assert client.get("/gov/g22/news/rss.xml").status_code == 404


def test_a_long_map_is_parted_and_every_page_stands_in_one_leaf(sites, article, client, monkeypatch):
    whole = [line.address for line in reach.map_leaf(sites["g22"], 1)]
    monkeypatch.setattr(reach, "MAP_LENGTH", 3)

    leaves = {site.code: number for site, number in reach.mapped_sites("980723")}["g22"]
    parted = [line.address for leaf in range(1, leaves + 1) for line in reach.map_leaf(sites["g22"], leaf)]

    assert leaves == -(-len(whole) // 3)
    assert parted == whole
    assert client.get(f"/gov/g22/sitemap-{leaves + 1}.xml").status_code == 404
    assert client.get("/gov/g22/sitemap-0.xml").status_code == 404


def test_a_forged_host_gets_into_no_address(sites, article, client):
    for address in (*FEEDS, MAP, "/gov/sitemap.xml", "/robots.txt", article.relative_address()):
        assert b"evil.example" not in client.get(address, headers={"host": "evil.example"}).content


def test_an_article_says_what_it_is(sites, article, client, settings):
    text = client.get(article.relative_address()).content.decode()

    said = dict(re.findall(r'<meta name="(\w+)" content="([^"]*)">', text))
    assert {name: said.get(name) for name in ("SiteName", "ColumnName", "ColumnType", "Description", "PubDate")} == {
        "SiteName": "青禾县市场监督管理局",
        "ColumnName": "工作动态",
        "ColumnType": "新闻动态",
        "Description": "一句话",
        "PubDate": "2026-11-09",
    }
    assert said["SiteDomain"] == "127.0.0.1" or said["SiteDomain"] in settings.ZHENGTONG_BASE_URL
    assert said["Url"] == settings.ZHENGTONG_BASE_URL + article.relative_address()
    assert '<meta property="og:type" content="article">' in text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    unit, way, news = data["@graph"]
    assert (unit["@type"], unit["name"]) == ("GovernmentOrganization", "青禾县市场监督管理局")
    assert [step["name"] for step in way["itemListElement"]][-2:] == ["工作动态", "检查 <42> 家 & 通报"]
    assert (news["@type"], news["headline"], news["url"]) == ("NewsArticle", "检查 <42> 家 & 通报", said["Url"])


def test_pages_lead_to_their_feeds(sites, article, client):
    home, column = (client.get(path).content.decode() for path in ("/gov/g22/", "/gov/g22/news/"))

    assert 'type="application/rss+xml" title="青禾县市场监督管理局" href="/gov/g22/rss.xml"' in home
    assert 'href="/gov/g22/news/atom.xml"' in column
    assert '<a href="/gov/g22/news/rss.xml" type="application/rss+xml">' in column


def test_what_has_no_feed_answers_so(sites, article, client):
    for path in (f"{article.relative_address()}rss.xml", "/gov/none/rss.xml", "/gov/g22/none/atom.xml"):
        assert client.get(path).status_code == 404


def test_people_find_every_column_that_answers_on_one_page(sites, article, client):
    assert 'href="/gov/g22/-/map/"' in client.get("/gov/g22/").content.decode()
    text = client.get("/gov/g22/-/map/").content.decode()
    assert '<a href="/gov/g22/news/">工作动态</a>' in text
    assert "/gov/g08/news/" not in text

    ColumnPage.objects.filter(site=sites["g22"], slug="news").update(live=False)

    assert "/gov/g22/news/" not in client.get("/gov/g22/-/map/").content.decode()
    assert client.get("/gov/none/-/map/").status_code == 404
