"""The layer before Django: pages on the shelf are sent by it, nothing personal and nothing old ever gets there."""

import gzip

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.entry.commands.nginx import configuration, page_headers
from zhengtong.entry.shelved import Shelved
from zhengtong.systems.sites import api
from zhengtong.systems.sites.engine.old_site.addresses import key_of
from zhengtong.systems.sites.models import OldAddress, OldHost
from zhengtong.systems.sites.selectors import hosts
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


class Web:
    """Asks the layer, and counts how often Django was called."""

    def __init__(self):
        self.calls = 0
        self.layer = Shelved(self._django)

    def _django(self, environ, start_response):
        self.calls += 1
        answer = ClientHandler()(environ)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    def get(self, path, *, query="", method="GET", **headers):
        told = []
        environ = Client()._base_environ(
            PATH_INFO=path, QUERY_STRING=query, REQUEST_METHOD=method, **{f"HTTP_{k}": v for k, v in headers.items()}
        )
        environ.pop("HTTP_COOKIE") if not headers.get("COOKIE") else None
        body = b"".join(self.layer(environ, lambda status, found, exc_info=None: told.append((status, dict(found)))))
        return told[-1][0][:3], told[-1][1], body


@pytest.fixture
def web(settings, tmp_path, sites):
    settings.ZHENGTONG_SITES_SHELF = str(tmp_path / "pages")
    editions.follow()
    return Web()


@pytest.fixture
def sites(db):
    return town.group()


def test_old_addresses_lead_on_beside_the_shelf(web, sites):
    site = sites["g22"]
    page = town.column(site)
    for address in ("/show.asp?id=12", "/news"):
        OldAddress.objects.create(tenant=site.tenant, site=site, address=address, key=key_of(address), page=page)
    OldHost.objects.create(tenant=site.tenant, site=site, host="www.old.gov.cn")
    own = page.relative_address()

    for _time in range(2):  # what led on is never kept
        assert web.get("/gov/g22/show.asp", query="id=12")[1]["Location"] == own
        assert web.get("/show.asp", query="id=12", HOST="www.old.gov.cn")[1]["Location"].endswith(own)
        assert web.get("/gov/g08/show.asp", query="id=12")[1].get("Location", "") != own
    assert web.get("/gov/g22/news/")[0] == "200"
    # the page's own address by the old host is no circle: it leads to our own host, where it answers
    assert web.get("/news/", HOST="www.old.gov.cn")[1]["Location"] == settings.ZHENGTONG_BASE_URL + own


def test_the_second_reader_does_not_meet_django(web):
    first = web.get("/gov/g22/")
    second = web.get("/gov/g22/")

    assert web.calls == 1
    assert first[0] == second[0] == "200"
    assert first[2] == second[2]
    assert "青禾县市场监督管理局".encode() in second[2]
    for name in (
        "Content-Security-Policy",
        "X-Frame-Options",
        "X-Content-Type-Options",
        "Content-Type",
        "Cache-Control",
    ):
        assert first[1][name] == second[1][name]


def test_what_was_published_or_taken_down_shows_at_once(web, sites, django_capture_on_commit_callbacks):
    editor, publisher = town.keeper("editor", "site_editor"), town.keeper("publisher", "site_publisher")
    page = town.drafted(sites["g22"], editor, title="新开的窗口")
    address = page.relative_address()
    assert web.get(address)[0] == "404"
    assert "新开的窗口".encode() not in web.get("/gov/g22/news/")[2]

    with django_capture_on_commit_callbacks(execute=True):
        api.publish_page(actor=publisher, page_id=page.pk)
    assert "新开的窗口".encode() in web.get("/gov/g22/news/")[2]
    assert web.get(address)[0] == web.get(address)[0] == "200"

    with django_capture_on_commit_callbacks(execute=True):
        api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，撤下更正")
    assert web.get(address)[0] == "404"
    assert "新开的窗口".encode() not in web.get("/gov/g22/news/")[2]
    assert not [place for place in api.shelf().places("980723", "g22") if f"/gov/g22/{place.rest}" == address]


def test_feeds_and_site_maps_stand_there_too_and_fall_with_what_they_name(
    web, sites, django_capture_on_commit_callbacks
):
    editor, publisher = town.keeper("editor", "site_editor"), town.keeper("publisher", "site_publisher")
    page = town.drafted(sites["g22"], editor, title="新开的窗口")
    named = page.relative_address().encode()
    addresses = ("/gov/g22/rss.xml", "/gov/g22/news/atom.xml", "/gov/g22/sitemap.xml")
    assert not [one for one in addresses if named in web.get(one)[2]]

    with django_capture_on_commit_callbacks(execute=True):
        api.publish_page(actor=publisher, page_id=page.pk)
    assert [one for one in addresses if named in web.get(one)[2]] == list(addresses)
    assert web.get("/gov/g22/-/map/")[0] == "200"
    called = web.calls
    assert "工作动态".encode() in web.get("/gov/g22/-/map/")[2]
    for one in addresses:
        again = web.get(one, COOKIE="zt_large_print=1")
        assert (again[0], again[1]["Content-Type"]) == ("200", "application/xml; charset=utf-8")
    assert web.calls == called
    kept = [one.address for one in api.still_there("980723", str(page.pk)) if one.place == "页面缓存"]
    assert sorted(kept) == sorted(addresses)

    with django_capture_on_commit_callbacks(execute=True):
        api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，撤下更正")
    assert not [one for one in addresses if named in web.get(one)[2]]
    assert api.still_there("980723", str(page.pk)) == []


def test_a_page_a_person_signed_in_is_shown_is_not_kept(web):
    client = people.sign_in(Client(), people.citizen("张三"))

    web.get("/gov/g22/", COOKIE="; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))

    assert list(api.shelf().places("980723", "g22")) == []
    assert "data-person" not in web.get("/gov/g22/")[2].decode()


def test_large_print_and_standard_print_do_not_mix(web):
    web.get("/gov/g22/")
    large = web.get("/gov/g22/", COOKIE="zt_large_print=1")

    assert b"data-large-print" in large[2]
    assert b"data-large-print" in web.get("/gov/g22/", COOKIE="a=b; zt_large_print=1")[2]
    assert b"data-large-print" not in web.get("/gov/g22/")[2]
    assert web.calls == 2


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/gov/g22/", {"query": "page=2"}),
        ("/gov/g22/", {"method": "HEAD"}),
        ("/gov/g22/", {"method": "POST"}),
        ("/gov/g22/no-such-page/", {}),
        ("/gov/no-such-site/", {}),
        ("/gov/../items/", {}),
        ("/items/", {}),
    ],
)
def test_what_does_not_belong_there_never_gets_there(web, path, more):
    web.get(path, **more)
    web.get(path, **more)

    assert web.calls == 2
    assert list(api.shelf().places("980723", "g22")) == []


def test_a_browser_that_has_it_is_told_so_and_one_that_unpacks_gets_it_packed(web):
    web.get("/gov/g22/")
    plain = web.get("/gov/g22/")

    packed = web.get("/gov/g22/", ACCEPT_ENCODING="br, gzip")
    again = web.get("/gov/g22/", IF_NONE_MATCH=plain[1]["ETag"])

    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    assert (again[0], again[2]) == ("304", b"")
    assert web.calls == 1


def test_over_plain_http_a_town_with_https_shows_nothing(web, settings):
    web.get("/gov/g22/")
    settings.SECURE_SSL_REDIRECT = True

    assert web.get("/gov/g22/")[0] == "301"
    assert web.calls == 2


def test_nginx_sends_a_page_with_the_headers_the_platform_sends(client, sites):
    answer = client.get("/gov/g22/")

    ours = {name.lower(): text for name, text in answer.items()}
    told = {name.lower(): text for name, text in page_headers()}

    assert {name: ours.get(name) for name in told} == told
    assert set(ours) - set(told) <= {"content-type", "content-length", "x-request-id", "content-language"}


def test_the_configuration_names_shelf_county_and_cookie(settings, tmp_path):
    settings.ZHENGTONG_SITES_SHELF = str(tmp_path / "pages")
    settings.ALLOWED_HOSTS = ["zw.example.gov.cn"]
    plain = configuration("127.0.0.1:8123", "8080")
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    secure = configuration("127.0.0.1:8123", certificate="/etc/ssl/a.pem", key="/etc/ssl/a.key")

    assert f"root {tmp_path}/pages;" in plain
    assert "listen 8080;" in plain
    assert '"GET:" 980723;' in plain
    assert '"~(^|; )zt_large_print=1(;|$)" large;' in plain
    assert "ssl_certificate     /etc/ssl/a.pem;" in secure
    assert '"~(^|; )__Host-zt_large_print=1(;|$)" large;' in secure
    assert "Strict-Transport-Security" in secure
    assert "return 301 https://$host$request_uri;" in secure


@pytest.fixture
def own_host(settings, sites):
    """A site under a host of its own, as it is when that act has ended."""
    settings.ZHENGTONG_BASE_URL = "http://zw.qinghe.gov.cn"
    hosts.forget()
    site = sites["g22"]
    site.host = "www.market.gov.cn"
    site.save(update_fields=["host"])
    editions.renew(site.tenant)
    editions.follow()
    yield site.host
    hosts.forget()


def test_under_its_host_the_second_reader_does_not_meet_django_and_by_path_nothing_is_kept(own_host, web):
    for address in ("/", "/news/", "/rss.xml", "/sitemap.xml"):
        first = web.get(address, HOST=own_host)
        called = web.calls
        second = web.get(address, HOST=own_host)
        assert (first[0], second[0], web.calls) == ("200", "200", called)
        assert first[2] == second[2]
        assert first[1].get("Content-Security-Policy") == second[1].get("Content-Security-Policy")
        for _time in range(2):
            led = web.get(f"/gov/g22{address}")
            assert (led[0], led[1]["Location"]) == ("302", f"http://{own_host}{address}")
    assert "form-action 'self' http://zw.qinghe.gov.cn;" in web.get("/", HOST=own_host)[1]["Content-Security-Policy"]
    assert {place.host for place in api.shelf().places("980723", "g22")} == {own_host}
    assert web.get("/", HOST="www.unknown.gov.cn")[2] != web.get("/", HOST=own_host)[2]


def test_what_is_taken_down_falls_under_the_host_too_and_the_command_looks_there(
    own_host, web, sites, django_capture_on_commit_callbacks
):
    editor, publisher = town.keeper("editor", "site_editor"), town.keeper("publisher", "site_publisher")
    page = town.drafted(sites["g22"], editor, title="新开的窗口", slug="window")
    with django_capture_on_commit_callbacks(execute=True):
        api.publish_page(actor=publisher, page_id=page.pk)
    assert web.get("/news/window/", HOST=own_host)[0] == "200"
    assert "新开的窗口".encode() in web.get("/rss.xml", HOST=own_host)[2]
    kept = [one.address for one in api.still_there("980723", str(page.pk)) if one.place == "页面缓存"]
    assert f"http://{own_host}/news/window/" in kept
    assert f"http://{own_host}/rss.xml" in kept
    assert api.still_there("980723", f"http://{own_host}/news/window/")

    with django_capture_on_commit_callbacks(execute=True):
        api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，撤下更正")
    assert web.get("/news/window/", HOST=own_host)[0] == "404"
    assert "新开的窗口".encode() not in web.get("/rss.xml", HOST=own_host)[2]
    assert api.still_there("980723", str(page.pk)) == []


def test_the_configuration_has_a_server_for_each_host_with_its_certificate(own_host, settings, sites, tmp_path, client):
    OldHost.objects.create(tenant="980723", site=sites["g08"], host="old.civil.gov.cn")
    settings.ALLOWED_HOSTS = ["zw.qinghe.gov.cn", "old.civil.gov.cn"]
    (tmp_path / f"{own_host}.pem").touch()
    settings.SECURE_SSL_REDIRECT = True
    text = configuration("127.0.0.1:8123", "443", "/etc/ssl/a.pem", "/etc/ssl/a.key", str(tmp_path))

    servers = {part.split("server_name ")[1].split(";")[0]: part for part in text.split("\nserver {\n")[1:]}
    assert set(servers) == {"zw.qinghe.gov.cn", own_host, "old.civil.gov.cn"}
    assert f"ssl_certificate     {tmp_path}/{own_host}.pem;" in servers[own_host]
    assert f"ssl_certificate_key {tmp_path}/{own_host}.key;" in servers[own_host]
    assert f"/$zt_county/g22/now/at/{own_host}/$zt_variant/$1index.html" in servers[own_host]
    assert "ssl_certificate     /etc/ssl/a.pem;" in servers["old.civil.gov.cn"]
    assert "/g08/" not in servers["old.civil.gov.cn"]
    settings.SECURE_SSL_REDIRECT = False
    told = dict(client.get("/", headers={"host": own_host}).items())
    ours = dict(page_headers(forms="http://zw.qinghe.gov.cn"))
    assert {name: told.get(name) for name in ours} == ours
