"""Addresses outside: never a machine that is not public, dead only after two days, never for a fault of our own."""

import contextlib
import datetime as dt
import json
import socket
import threading

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.sites import api
from zhengtong.systems.sites.engine import outside as engine
from zhengtong.systems.sites.engine.outside import Answer, Reply, asked, host_of
from zhengtong.systems.sites.models import HomePage, OutsideLink, PageReading, SiteFinding
from zhengtong.systems.sites.rules.outside import Known, answered, failed, unheard, way_is_open
from zhengtong.systems.sites.services import inspecting
from zhengtong.systems.sites.services import outside as services
from zhengtong.systems.sites.tests import group as town

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::a00:1",
    "ff02::1",
    "not-an-address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_never_asked(address, monkeypatch):
    monkeypatch.setattr(engine, "_status", lambda *_all: pytest.fail("asked"))

    for found in ([address], ["93.184.216.34", address]):
        answer = asked("http://example.com/", timeout=1, resolve=lambda _host, _port, found=found: found)
        assert answer.reply is Reply.UNASKED


@given(
    st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7") | st.ip_addresses(network="127.0.0.0/8")
)
def test_no_address_of_an_office_is_public(address):
    assert not engine.is_public(str(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "http://user@example.com/",
        "http://example.com:22/",
        "http://example.com:99999/",
        "http://",
        "http://[::1",
        "javascript:x",
    ],
)
def test_strange_addresses_are_not_asked(url):
    answer = asked(url, timeout=1, resolve=lambda _host, _port: pytest.fail("resolved"))

    assert answer.reply is Reply.UNASKED


def test_a_name_nobody_knows_is_silent():
    def unknown(_host, _port):
        raise OSError("unknown")

    assert asked("https://example.com/", timeout=1, resolve=unknown) == Answer(Reply.SILENT, "找不到这个域名")


@pytest.fixture
def neighbour(monkeypatch):
    """Starts a server on this machine that the question may reach; gives the paths it was asked for."""
    with contextlib.ExitStack() as running:

        def start(serve):
            listener = running.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=serve, args=(listener,), daemon=True)
            thread.start()
            port = listener.getsockname()[1]
            monkeypatch.setattr(engine, "is_public", lambda address: address == "127.0.0.1")
            monkeypatch.setattr(engine, "_PORTS", {"http": port, "https": port})
            return thread

        yield start


def _here(_host, _port):
    return ["127.0.0.1"]


def _answering(words, asked_for=None):
    def serve(listener):
        line, _address = listener.accept()
        with line:
            head = line.recv(4096)
            if asked_for is not None:
                asked_for.append(head)
            line.sendall(words)

    return serve


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Answer(Reply.ANSWERS)),
        (301, Answer(Reply.ANSWERS)),
        (403, Answer(Reply.ANSWERS)),
        (429, Answer(Reply.ANSWERS)),
        (404, Answer(Reply.MISSING, "回答 404")),
        (410, Answer(Reply.MISSING, "回答 410")),
        (503, Answer(Reply.MISSING, "回答 503")),
    ],
)
def test_the_answer_counts_no_redirect_is_followed_and_no_body_is_read(neighbour, status, expected):
    heads = []
    words = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1/secret\r\nContent-Length: 99999999999\r\n\r\n".encode()
    thread = neighbour(_answering(words, heads))

    assert asked("http://example.com/路径?b=中 文#here", timeout=5, resolve=_here) == expected

    thread.join(5)
    [head] = heads
    assert head.startswith(b"GET /%E8%B7%AF%E5%BE%84?b=%E4%B8%AD%20%E6%96%87 HTTP/1.1\r\n")
    assert b"Host: example.com" in head
    for secret in (b"Cookie", b"Authorization", b"Referer"):
        assert secret not in head


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (b"", "连接不上"),
        (b"SSH-2.0-OpenSSH\r\n", "连接不上"),
        (b"HTTP/1.1 200 " + b"a" * 70_000, "连接不上"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, "连接不上"),
    ],
)
def test_what_talks_nonsense_does_not_answer(neighbour, words, said):
    neighbour(_answering(words))

    assert asked("http://example.com/", timeout=5, resolve=_here) == Answer(Reply.SILENT, said)


def test_who_says_nothing_is_left_after_a_while(neighbour):
    held = []
    neighbour(lambda listener: held.append(listener.accept()))

    answer = asked("http://example.com/", timeout=0.2, resolve=_here)

    assert answer == Answer(Reply.SILENT, "等了很久没有回答")
    for line, _address in held:
        line.close()


def test_a_certificate_we_do_not_take_is_still_somebody(neighbour):
    def serve(listener):
        line, _address = listener.accept()
        with line:
            line.recv(4096)
            line.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # a fatal alert: handshake failure

    neighbour(serve)

    assert asked("https://example.com/", timeout=5, resolve=_here) == Answer(Reply.ANSWERS)


@given(st.lists(st.tuples(st.sampled_from(["answered", "failed", "unheard"]), st.integers(0, 2)), max_size=12))
def test_whatever_comes_an_address_fails_as_many_days_as_it_failed_on(replies):
    known, day, days = Known(NOON), NOON.date(), set()
    for reply, later in replies:
        day += dt.timedelta(days=later)
        if reply == "answered":
            known = answered(NOON, 7)
            days.clear()
        elif reply == "failed":
            known = failed(known, "回答 404", NOON, day)
            days.add(day)
        else:
            known = unheard(known, NOON)
        assert known.failed_days == len(days)
        assert known.failing_since == (min(days) if days else None)
        assert known.next_at > NOON


def test_silence_says_nothing_while_nobody_outside_answers():
    assert not way_is_open(answered=False, last_answer=None, moment=NOON)
    assert not way_is_open(answered=False, last_answer=NOON - dt.timedelta(days=1), moment=NOON)
    assert way_is_open(answered=False, last_answer=NOON - dt.timedelta(hours=23), moment=NOON)
    assert way_is_open(answered=True, last_answer=None, moment=NOON)


@pytest.fixture
def examined(settings):
    settings.ZHENGTONG_SITES_ASK_OUTSIDE = True


@pytest.fixture
def world(monkeypatch):
    """What the addresses outside answer, by address; and what was asked."""
    answers, heard = {}, []

    def answer(address, *, timeout):
        heard.append(address)
        return answers.get(address, Answer(Reply.ANSWERS))

    monkeypatch.setattr(services, "asked", answer)
    monkeypatch.setattr(services, "refuse_inside", lambda _what: None)
    return answers, heard


GONE, GOOD, INNER = "https://gone.example.cn/a", "https://good.example.cn/", "http://inner.example.cn/"


def _publish(sites, editor, publisher, *addresses):
    links = "".join(f'<a href="{one}">网址{no}</a>' for no, one in enumerate(addresses))
    page = town.drafted(sites["g22"], editor, body=[("text", f"<p>本周检查。{links}</p>")])
    return api.publish_page(actor=publisher, page_id=page.pk)


def _run():
    return api.inspect_county(tenant=people.tenant())


def _dead(site):
    return list(SiteFinding.objects.filter(site=site, indicator="dead_link", closed_on=None))


@pytest.mark.django_db
def test_a_dead_address_is_found_after_two_days_and_closes_when_it_answers(
    sites, editor, publisher, examined, world, clock
):
    answers, heard = world
    answers[GONE] = Answer(Reply.MISSING, "回答 404")
    _publish(sites, editor, publisher, GONE, GOOD)
    _run()
    first = local_date()
    for _ in range(2):
        assert not _dead(sites["g22"])
        services.ask_due()
        clock.shift(dt.timedelta(days=1))
        _run()

    [found] = _dead(sites["g22"])
    assert GONE in found.evidence
    assert f"（{first:%Y-%m-%d} 起，回答 404）" in found.evidence
    assert found.since == first
    assert found.page_id
    assert heard.count(GOOD) == 1
    answers[GONE] = Answer(Reply.MISSING, "回答 503")
    services.ask_due()
    clock.shift(dt.timedelta(days=1))
    _run()
    assert [one.pk for one in _dead(sites["g22"])] == [found.pk]

    answers[GONE] = Answer(Reply.ANSWERS)
    services.ask_due()
    clock.shift(dt.timedelta(days=1))
    _run()

    found.refresh_from_db()
    assert found.closed_on == local_date()


@pytest.mark.django_db
def test_while_our_own_way_out_is_shut_nobody_is_blamed(sites, editor, publisher, examined, world, clock):
    answers, _heard = world
    _publish(sites, editor, publisher, GONE, GOOD)
    _run()
    services.ask_due()
    for address in (GONE, GOOD):
        answers[address] = Answer(Reply.SILENT, "连接不上")
    OutsideLink.objects.update(next_at=now())
    clock.shift(dt.timedelta(days=2))

    for _ in range(4):
        services.ask_due()
        clock.shift(dt.timedelta(days=1))
        _run()

    assert not _dead(sites["g22"])
    assert set(OutsideLink.objects.values_list("failed_days", flat=True)) == {0}


@pytest.mark.django_db
def test_one_of_a_host_at_a_time_and_who_answers_is_left_in_peace_for_a_week(
    sites, editor, publisher, examined, world, clock
):
    _answers, heard = world
    _publish(sites, editor, publisher, GOOD, f"{GOOD}second", "https://else.example.cn/")
    _run()

    services.ask_due()
    assert sorted(host_of(one) for one in heard) == ["else.example.cn", "good.example.cn"]
    services.ask_due()
    services.ask_due()
    assert len(heard) == 3

    clock.shift(dt.timedelta(days=6))
    services.ask_due()
    assert len(heard) == 3
    clock.shift(dt.timedelta(days=1, minutes=1))
    services.ask_due()
    assert len(heard) == 5


@pytest.mark.django_db
def test_where_nobody_asks_nothing_is_dead_and_the_page_says_so(sites, editor, publisher, world, settings):
    _answers, heard = world
    settings.ZHENGTONG_SITES_ASK_OUTSIDE = True
    _publish(sites, editor, publisher, GONE)
    _run()
    OutsideLink.objects.update(failed_days=3, failing_since=local_date(), failed_on=local_date())
    settings.ZHENGTONG_SITES_ASK_OUTSIDE = False
    services.ask_due()
    inspecting.inspect_site(actor=editor, site_id=sites["g22"].pk)

    assert not heard
    assert not _dead(sites["g22"])
    browser = people.sign_in(Client(), editor)
    address = reverse("sites_desk:inspected", args=[sites["g22"].pk])
    assert "没有检查：这套平台没有开通对外访问" in browser.get(address).content.decode()


@pytest.mark.django_db
def test_the_page_of_a_site_says_how_many_were_looked_at(sites, editor, publisher, examined, world):
    answers, _heard = world
    answers[INNER] = Answer(Reply.UNASKED, "地址不在公共网络上")
    _publish(sites, editor, publisher, GOOD, GONE, INNER)
    _run()
    services.ask_due()
    OutsideLink.objects.filter(url=GONE).update(
        failed_days=2, failing_since=local_date(), failed_on=local_date(), reply="missing"
    )

    browser = people.sign_in(Client(), editor)
    page = browser.get(reverse("sites_desk:inspected", args=[sites["g22"].pk])).content.decode()

    assert "链接到站外的网址 3 个，已检查 2 个，打不开 1 个；1 个不在公共网络上，不能检查。" in " ".join(page.split())
    other = browser.get(reverse("sites_desk:inspected", args=[sites["g08"].pk]))
    assert other.status_code == 404


@pytest.mark.django_db
def test_what_no_page_names_any_more_is_asked_no_more(sites, editor, publisher, examined, world, clock):
    page = _publish(sites, editor, publisher, GOOD)
    _run()
    assert OutsideLink.objects.count() == 1

    api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容已经过时，不再有效。")
    clock.shift(dt.timedelta(days=1))
    _run()

    assert not OutsideLink.objects.exists()


@pytest.mark.django_db
def test_looking_again_has_what_fails_asked_at_once(sites, editor, publisher, examined, world):
    answers, heard = world
    answers[GONE] = Answer(Reply.MISSING, "回答 404")
    _publish(sites, editor, publisher, GONE, GOOD)
    _run()
    services.ask_due()
    heard.clear()
    services.ask_due()
    assert not heard

    inspecting.inspect_site(actor=editor, site_id=sites["g22"].pk)
    services.ask_due()

    assert heard == [GONE]


@pytest.mark.django_db
def test_an_address_in_a_field_of_a_module_is_a_link_too(sites, examined, world):
    home = HomePage.objects.get(pk=sites["g22"].home_id)
    link = {"type": "item", "id": "1", "value": {"words": "省局", "address": GONE}}
    home.modules = json.dumps([{"type": "links", "id": "2", "value": {"heading": "友情链接", "links": [link]}}])
    home.save()

    _run()

    assert list(OutsideLink.objects.values_list("url", flat=True)) == [GONE]
    reading = PageReading.objects.get(page_id=home.pk)
    assert ["out", GONE, "省局"] in reading.links
