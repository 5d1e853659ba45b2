"""Feeds, sitemaps, the overview for people: what is published, gone at once with what is taken down."""

import re

import pytest
from defusedxml import ElementTree
from django.db.models import F
from django.test import Client
from django.urls import reverse

from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite
from zhengtong.systems.sites.selectors import following
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def editor(sites):
    return town.keeper("editor", "site_editor")


@pytest.fixture
def signer(sites):
    return town.keeper("signer", "site_publisher")


@pytest.fixture
def article(sites, editor, signer):
    page = town.drafted(sites["g22"], editor, title="食品抽检 <通告> & 结果", slug="check", summary="共 42 家。")
    return api.publish_page(actor=signer, page_id=page.pk)


def _titles(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    root = ElementTree.fromstring(answer.content)
    return [one.text for one in (*root.iter(f"{ATOM}title"), *root.iter("title"))][1:]


def _mapped(client, address):
    root = ElementTree.fromstring(client.get(address).content)
    return [one.text for one in root.iter(f"{MAP}loc")]


def test_a_feed_tells_of_what_is_published_and_of_nothing_else(sites, article, editor, client):
    town.drafted(sites["g22"], editor, title="还没有签发", slug="draft")

    for form in ("atom", "rss"):
        assert _titles(client, reverse("sites:feed", args=[form, "g22"]))[-1] == article.title
        assert _titles(client, reverse("sites:feed", args=[form, "g22", "news"]))[-1] == article.title
        assert article.title not in _titles(client, reverse("sites:feed", args=[form, "g22", "notices"]))
        assert article.title not in _titles(client, reverse("sites:feed", args=[form, "g08"]))
    atom = ElementTree.fromstring(client.get(reverse("sites:feed", args=["atom", "g22"])).content)
    entry = atom.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href").endswith("/gov/g22/news/check/")
    assert entry.find(f"{ATOM}summary").text == "共 42 家。"
    assert entry.find(f"{ATOM}published").text.startswith(f"{article.published_on}T00:00:00+08:00")


def test_the_sitemap_lists_every_published_page_once(sites, article, client):
    found = _mapped(client, reverse("sites:sitemap", args=["g22"]))

    assert len(found) == len(set(found)) == 1 + ColumnPage.objects.filter(site=sites["g22"]).count() + 1
    assert found[0].endswith("/gov/g22/")
    assert any(one.endswith("/gov/g22/news/check/") for one in found)
    for address in found:
        assert client.get(re.sub(r"^https?://[^/]+", "", address)).status_code == 200


def test_what_is_taken_down_is_gone_from_feeds_and_sitemap_at_once(sites, article, signer, client):
    told = [address for one in api.still_there("980723", str(article.pk)) for address in [one.address]]
    assert {reverse("sites:feed", args=["atom", "g22"]), reverse("sites:sitemap", args=["g22"])} <= set(told)

    api.withdraw_page(actor=signer, page_id=article.pk, reason="数据有误，核实后再发")

    assert article.title not in _titles(client, reverse("sites:feed", args=["atom", "g22"]))
    assert not any("check" in one for one in _mapped(client, reverse("sites:sitemap", args=["g22"])))
    assert api.still_there("980723", str(article.pk)) == []


def test_below_a_column_that_is_hidden_nothing_is_told(sites, article, client):
    column = town.column(sites["g22"])
    ColumnPage.objects.filter(pk=column.pk).update(live=False)

    assert client.get(reverse("sites:feed", args=["atom", "g22", "news"])).status_code == 404
    assert article.title not in _titles(client, reverse("sites:feed", args=["atom", "g22"]))
    assert not any("/news/" in one for one in _mapped(client, reverse("sites:sitemap", args=["g22"])))


def test_who_holds_this_edition_is_told_so_and_a_change_is_sent_anew(sites, article, signer, client):
    for name, args in (("feed", ["atom", "g22"]), ("sitemap", ["g22"])):
        first = client.get(reverse(f"sites:{name}", args=args))
        known = {"If-None-Match": first["ETag"]}
        assert client.get(reverse(f"sites:{name}", args=args), headers=known).status_code == 304
        GovernmentSite.objects.filter(pk=sites["g22"].pk).update(edition=F("edition") + 1)
        assert client.get(reverse(f"sites:{name}", args=args), headers=known).status_code == 200


def test_the_index_leads_to_every_site(sites, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        found = _mapped(client, "/sitemap.xml")
    assert [one.rsplit("/", 1)[1] for one in found] == ["g08.xml", "g22.xml", "portal.xml"]


def test_a_long_site_takes_several_files(sites, article, client, monkeypatch):
    monkeypatch.setattr(following, "SITEMAP_LENGTH", 4)
    whole = 2 + ColumnPage.objects.filter(site=sites["g22"]).count()

    leaves = [one for one in _mapped(client, "/sitemap.xml") if "/g22" in one]
    found = [one for leaf in leaves for one in _mapped(client, re.sub(r"^https?://[^/]+", "", leaf))]

    assert len(leaves) == -(-whole // 4)
    assert len(set(found)) == whole
    assert client.get(reverse("sites:sitemap", args=["g22", 9])).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/gov/-/feeds/json/g22/",
        "/gov/-/feeds/atom/nowhere/",
        "/gov/-/feeds/atom/g22/no-column/",
        "/gov/-/sitemaps/nowhere.xml",
        "/gov/-/sitemaps/g22/0.xml",
        "/gov/-/overview/nowhere/",
    ],
)
def test_what_is_not_there_is_said_so(sites, address):
    assert Client().get(address).status_code == 404


def test_a_page_names_its_feed_and_says_what_it_is(sites, article, client):
    page = client.get(article.relative_address()).content.decode()
    column = client.get(town.column(sites["g22"]).relative_address()).content.decode()

    assert 'itemtype="https://schema.org/NewsArticle"' in page
    assert f'datetime="{article.published_on}"' in page
    assert 'property="og:type" content="article"' in page
    assert reverse("sites:feed", args=["atom", "g22", "news"]) in column
    assert reverse("sites:overview", args=["g22"]) in page


def test_the_overview_leads_people_to_every_column(sites, article, client):
    page = client.get(reverse("sites:overview", args=["g22"])).content.decode()

    for column in ColumnPage.objects.filter(site=sites["g22"]):
        assert column.relative_address() in page
    assert reverse("sites:feed", args=["rss", "g22"]) in page
