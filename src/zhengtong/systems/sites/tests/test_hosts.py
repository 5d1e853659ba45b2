"""Sites under hosts of their own: who gives them, what answers there, what never does, how the ways lead back."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.db import Error, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, OldHost, VisitCount
from zhengtong.systems.sites.selectors import hosts
from zhengtong.systems.sites.services.probing import problem_of
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db

HOST, MAIN = "www.market.gov.cn", "https://zw.qinghe.gov.cn"


@pytest.fixture(autouse=True)
def main(settings):
    """The platform at its own name; every process looks anew."""
    settings.ZHENGTONG_BASE_URL = MAIN
    settings.ALLOWED_HOSTS = ["zw.qinghe.gov.cn", "testserver"]
    hosts.forget()
    yield
    hosts.forget()


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture
def article(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor, title="检查通报", slug="one", summary="一句话")
    api.publish_page(actor=publisher, page_id=page.pk)
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture
def give(boss, sites, django_capture_on_commit_callbacks):
    """Give a site a host, as it is when the act has ended."""

    def given(host, code="g22"):
        with django_capture_on_commit_callbacks(execute=True):
            return api.set_host(actor=boss, site_id=sites[code].pk, host=host)

    return given


def read(path, host=HOST, **asked):
    return Client().get(path, headers={"host": host}, **asked)


# --- who gives it ----------------------------------------------------------------------------------------------------


def test_the_keeper_of_the_group_gives_changes_and_takes_it_away(sites, boss, django_capture_on_commit_callbacks):
    browser = people.sign_in(Client(), boss)
    address = reverse("sites_desk:site_host", args=[sites["g22"].pk])
    edition = GovernmentSite.objects.get(code="portal").edition

    said = browser.post(address, {"host": "市场监管.政务"}, follow=True).content.decode()

    site = GovernmentSite.objects.get(code="g22")
    assert site.host.startswith("xn--")
    assert site.shown_host == "市场监管.政务"
    assert "域名已经保存" in said
    assert 'value="市场监管.政务"' in said
    # other sites name it in full, as the original of what it shared
    assert GovernmentSite.objects.get(code="portal").edition > edition
    browser.post(address, {"host": ""})
    assert GovernmentSite.objects.get(code="g22").host == ""
    assert OldHost.objects.get().host == site.host
    assert [one.object_id for one in Entry.objects.filter(act="sites.host")] == [str(site.pk)] * 2


def test_what_cannot_be_is_said_at_the_field_and_nothing_changes(sites, boss):
    browser = people.sign_in(Client(), boss)
    answer = browser.post(reverse("sites_desk:site_host", args=[sites["g22"].pk]), {"host": "https://a.gov.cn"})

    page = answer.content.decode()
    assert (answer.status_code, "只写域名" in page, 'value="https://a.gov.cn"' in page) == (422, True, True)
    assert not GovernmentSite.objects.exclude(host="").exists()
    assert not Entry.objects.filter(act="sites.host").exists()


def test_the_names_of_the_platform_and_of_other_sites_are_refused(sites, boss, give):
    give(HOST)
    OldHost.objects.create(tenant="980723", site=sites["g08"], host="old.civil.gov.cn")
    for host, words in (
        ("zw.qinghe.gov.cn", "平台自己的域名"),
        ("ZW.qinghe.gov.cn", "平台自己的域名"),
        (HOST, "“青禾县市场监督管理局”正在用"),
        ("old.civil.gov.cn", "“青禾县民政局”的旧域名"),
    ):
        with pytest.raises(Invalid, match=words):
            api.set_host(actor=boss, site_id=sites["portal"].pk, host=host)
    assert GovernmentSite.objects.get(code="portal").host == ""


def test_an_old_host_may_become_its_sites_own_and_one_given_up_anothers(sites, boss, give, settings):
    OldHost.objects.create(tenant="980723", site=sites["g08"], host="old.civil.gov.cn")
    settings.ALLOWED_HOSTS = ["zw.qinghe.gov.cn", "old.civil.gov.cn"]
    assert give("old.civil.gov.cn", "g08").host == "old.civil.gov.cn"
    with pytest.raises(NotFound):
        api.free_host(actor=boss, host="old.civil.gov.cn")

    give("", "g08")
    api.free_host(actor=boss, host="old.civil.gov.cn")
    settings.ALLOWED_HOSTS = ["zw.qinghe.gov.cn"]
    assert give("old.civil.gov.cn", "g22").host == "old.civil.gov.cn"
    assert Entry.objects.filter(act="sites.free_host").count() == 1


def test_the_database_takes_no_other_name_either(sites):
    for host in ("https://a.gov.cn", "a.gov.cn:80", "A.gov.cn", "a", "市.政务"):
        with pytest.raises(IntegrityError), transaction.atomic():
            GovernmentSite.objects.filter(code="g22").update(host=host)
    GovernmentSite.objects.filter(code="g22").update(host=HOST)
    with pytest.raises(IntegrityError), transaction.atomic():
        GovernmentSite.objects.filter(code="g08").update(host=HOST)


def test_a_column_that_would_stand_behind_the_platforms_own_address_is_named(sites, boss):
    town.column(sites["g22"]).__class__.objects.filter(site=sites["g22"], slug="news").update(slug="static")
    with pytest.raises(Invalid, match="static"):
        api.set_host(actor=boss, site_id=sites["g22"].pk, host=HOST)


def test_a_closed_site_keeps_what_it_has(sites, boss, give):
    give(HOST)
    GovernmentSite.objects.filter(code="g22").update(state="closed")
    with pytest.raises(Conflict, match="已经关停"):
        api.set_host(actor=boss, site_id=sites["g22"].pk, host="")


@pytest.mark.parametrize("who", ["stranger", "citizen", "editor", "signer", "other"])
def test_nobody_else_gives_it(sites, who):
    actors = {
        "citizen": lambda: people.citizen("zhang"),
        "editor": lambda: town.keeper("writer", "site_editor"),
        "signer": lambda: town.keeper("signer", "site_publisher"),
        "other": lambda: town.keeper("civil", "site_publisher", org=town.CIVIL),
    }
    actor = None if who == "stranger" else actors[who]()
    browser = Client() if actor is None else people.sign_in(Client(), actor)

    answer = browser.post(reverse("sites_desk:site_host", args=[sites["g22"].pk]), {"host": HOST})

    assert answer.status_code in {302, 403, 404}
    if actor is not None:
        with pytest.raises(NotPermitted):
            api.set_host(actor=actor, site_id=sites["g22"].pk, host=HOST)
        with pytest.raises(NotPermitted):
            api.free_host(actor=actor, host=HOST)
    assert not GovernmentSite.objects.exclude(host="").exists()
    if who == "signer":
        page = browser.get(reverse("sites_desk:site", args=[sites["g22"].pk])).content.decode()
        assert "保存网站资料" in page
        assert "保存域名" not in page


def test_a_site_is_opened_with_its_host_or_not_at_all(sites, boss):
    browser = people.sign_in(Client(), boss)
    sent = {"org_code": "C02", "kind": "topic", "code": "flood", "name": "防汛专题", "host": "a b.gov.cn"}
    address = reverse("sites_desk:opening")

    assert browser.post(address, sent).status_code == 422
    assert not GovernmentSite.objects.filter(code="flood").exists()
    browser.post(address, sent | {"host": "flood.qinghe.gov.cn"})
    assert GovernmentSite.objects.get(code="flood").host == "flood.qinghe.gov.cn"


# --- what answers there ----------------------------------------------------------------------------------------------


def test_its_pages_answer_there_with_short_addresses_and_all_say_the_same(sites, article, give):
    give(HOST)
    home, page = read("/"), read("/news/one/")

    assert (home.status_code, page.status_code) == (200, 200)
    for words, address in ((home.content.decode(), "/"), (page.content.decode(), "/news/one/")):
        here = f"https://{HOST}{address}"
        assert f'rel="canonical" href="{here}"' in words
        assert f'property="og:url" content="{here}"' in words
        assert f'"url": "https://{HOST}/' in words
        assert f'content="{HOST}"' in words
        assert "/gov/g22/news" not in re.sub(r'value="[^"]*"', "", words)
        assert 'href="/news/"' in words
        assert f'action="{MAIN}/search/"' in words
        assert 'data-suggest="/search/suggest' in words
        assert f'<a href="{MAIN}/">' in words
        assert f'href="{MAIN}/gov/portal/"' in words
        assert re.search(r'src="/gov/-/seen/g22/\d+"', words)
    assert f"form-action 'self' {MAIN};" in page["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


def test_feeds_maps_and_robots_name_the_host(sites, article, give):
    give(HOST)
    for address in ("/rss.xml", "/atom.xml", "/news/rss.xml", "/sitemap.xml"):
        answer = read(address)
        assert answer.status_code == 200
        text = ET.tostring(ET.fromstring(answer.content), encoding="unicode")
        assert f"https://{HOST}/news/one/" in text
        assert "/gov/g22" not in text
    assert f"Sitemap: https://{HOST}/sitemap.xml" in read("/robots.txt").content.decode()
    assert f"https://{HOST}/sitemap.xml" in Client().get("/gov/sitemap.xml").content.decode()
    assert f'rel="canonical" href="https://{HOST}/-/map/"' in read("/-/map/").content.decode()


def test_what_a_page_loads_answers_there(sites, article, give):
    give(HOST)
    home = GovernmentSite.objects.get(code="g22").home_id
    for address in (f"/gov/-/seen/g22/{home}", "/gov/-/banners/g22", "/search/suggest/?q=a"):
        assert read(address, HTTP_USER_AGENT="Mozilla/5.0").status_code == 200, address
    assert Client().head("/static/sites/sites.css", headers={"host": HOST}).status_code == 200
    assert VisitCount.objects.exists()
    large = read("/large-print/?on=1&next=/gov/g22/news/")
    assert large["Location"] == f"https://{HOST}/news/"
    assert "zt_large_print=1" in large.cookies.output()
    assert b"data-large-print" in read("/news/", HTTP_COOKIE="zt_large_print=1").content
    assert read("/news")["Location"] == f"https://{HOST}/news/"


def test_by_path_it_leads_to_the_host_and_back_when_the_host_is_taken_away(sites, article, give):
    give(HOST)
    for path, there in (
        ("/gov/g22/", "/"),
        ("/gov/g22/news/one/?a=1", "/news/one/?a=1"),
        ("/gov/g22/rss.xml", "/rss.xml"),
        ("/gov/g22/sitemap.xml", "/sitemap.xml"),
        ("/gov/g22/-/map/", "/-/map/"),
    ):
        for asked in (Client().get(path), read(path)):
            assert (asked.status_code, asked["Location"]) == (302, f"https://{HOST}{there}")
            assert asked["Cache-Control"] == "no-cache"
        assert read(there).status_code == 200
    assert Client().get("/gov/g22/none/").status_code == 404

    give("")
    for path, there in (("/gov/g22/", "/"), ("/gov/g22/news/one/", "/news/one/")):
        assert Client().get(path).status_code == 200
        back = read(there)
        assert (back.status_code, back["Location"]) == (302, MAIN + path)
        assert back["Cache-Control"] == "no-cache"
    give("new.market.gov.cn")
    assert read("/news/one/")["Location"] == "https://new.market.gov.cn/news/one/"


def test_old_addresses_of_a_site_lead_on_to_its_host(sites, article, give):
    from zhengtong.systems.sites.engine.old_site.addresses import key_of
    from zhengtong.systems.sites.models import OldAddress

    old = "/show.asp?id=12"
    OldAddress.objects.create(tenant="980723", site=sites["g22"], address=old, key=key_of(old), page=article)
    OldHost.objects.create(tenant="980723", site=sites["g22"], host="www.old.gov.cn")
    there = f"https://{HOST}/news/one/"
    give(HOST)

    for host in (HOST, "www.old.gov.cn"):
        assert (read(old, host).status_code, read(old, host)["Location"]) == (301, there)
    assert read("/news/one/", "www.old.gov.cn")["Location"] == there
    assert read("/accounts/login/", "www.old.gov.cn")["Location"] == f"{MAIN}/accounts/login/"
    give("www.old.gov.cn")
    assert read("/", "www.old.gov.cn").status_code == 200
    assert read(old, "www.old.gov.cn")["Location"] == "https://www.old.gov.cn/news/one/"


def test_the_hourly_look_opens_its_home_by_the_host(sites, give, tmp_path, settings):
    settings.ZHENGTONG_SITES_SHELF = str(tmp_path)
    site = give(HOST)
    assert problem_of(site) == ""
    GovernmentSite.objects.get(code="g22").home.specific_class.objects.filter(pk=site.home_id).update(live=False)
    assert problem_of(site) == "回答 404"


# --- what never does -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/sites/", "/cms/", "/console/", "/search/?q=a", "/items/", "/gov/g08/", "/gov/portal/news/"],
)
def test_everything_else_is_on_the_main_host(give, path):
    give(HOST)
    answer = read(path)
    assert (answer.status_code, answer["Location"]) == (302, MAIN + path)


def test_nobody_is_signed_in_there_and_nothing_is_sent_there(sites, give, boss):
    give(HOST)
    browser = people.sign_in(Client(), boss)

    page = browser.get("/", headers={"host": HOST})
    assert page.status_code == 200
    assert b"data-person" not in page.content
    assert page["Cache-Control"] == "no-cache"
    assert browser.get("/sites/", headers={"host": HOST})["Location"] == f"{MAIN}/sites/"
    for path in ("/", "/accounts/login/", f"/sites/keep/{sites['g22'].pk}/host/", "/news/"):
        for send in (browser.post, browser.put, browser.delete):
            assert send(path, {"host": ""}, headers={"host": HOST}).status_code == 405
    assert GovernmentSite.objects.get(code="g22").host == HOST


def test_only_what_is_published_of_this_site_is_shown(sites, article, give, editor):
    give(HOST)
    give("www.civil.gov.cn", "g08")
    town.drafted(sites["g22"], editor, title="没有签发", slug="draft")

    assert read("/news/draft/").status_code == 404
    assert "没有签发" not in read("/news/").content.decode()
    assert read("/news/one/", "www.civil.gov.cn").status_code == 404
    assert read("/g22/news/one/", "www.civil.gov.cn").status_code == 404
    assert read("/gov/g22/news/one/", "www.civil.gov.cn")["Location"] == f"{MAIN}/gov/g22/news/one/"
    assert "青禾县民政局" in read("/", "www.civil.gov.cn").content.decode()


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "a.www.market.gov.cn",
        "www.market.gov.cn.evil.com",
        "www.market.gov.cn@evil.com",
        "market.gov.cn",
        "",
        "10.0.0.1",
    ],
)
def test_an_unknown_host_is_400(give, host):
    give(HOST)
    assert read("/", host).status_code == 400
    assert read("/gov/g22/", host).status_code == 400


@pytest.mark.parametrize("host", ["WWW.Market.gov.CN", "www.market.gov.cn:443", "www.market.gov.cn."])
def test_other_spellings_of_the_host_are_the_same_host(give, host):
    give(HOST)
    answer = read("/", host)
    assert answer.status_code == 200
    assert f'rel="canonical" href="https://{HOST}/"' in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["//evil.com/", "//evil.com/news", "/gov/g22//evil.com/", "/gov/g22/\\evil.com", "/\\evil.com/"]
)
def test_no_redirect_leads_to_a_stranger(give, path):
    give(HOST)
    answer = Client().get("/", headers={"host": HOST, "x-forwarded-host": "evil.com"}, PATH_INFO=path)
    assert answer.get("Location", f"https://{HOST}/").startswith((f"https://{HOST}/", f"{MAIN}/"))


def test_over_plain_http_the_site_leads_to_https_on_its_own_host(give, settings):
    give(HOST)
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/news/", headers={"host": HOST})["Location"] == f"https://{HOST}/news/"
    assert read("/news/", HTTP_X_FORWARDED_PROTO="https").status_code == 200


def test_the_host_of_another_county_is_unknown_here(sites, give, settings):
    give(HOST)
    settings.ZHENGTONG_TENANT = "other"
    hosts.forget()
    assert read("/").status_code == 400


def test_without_the_database_the_last_known_hosts_count(give, monkeypatch):
    give(HOST)
    assert hosts.led_by(HOST) is not None

    def broken(_tenant):
        raise Error("down")

    monkeypatch.setattr(hosts, "hosts", broken)
    monkeypatch.setattr(hosts.connection, "close", lambda: None)
    hosts.forget()
    assert hosts.led_by(HOST).code == "g22"
    assert hosts.led_by("unknown.gov.cn") is None


def test_a_closed_site_shows_nothing_there(sites, give, boss):
    give(HOST)
    GovernmentSite.objects.filter(code="g22").update(state="closed")
    hosts.forget()
    assert read("/").status_code == 404
