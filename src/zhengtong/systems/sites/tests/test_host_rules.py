"""Host names as people type them, and addresses between the two ways to say where something is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.sites.rules import hosted
from zhengtong.systems.sites.rules.addresses import is_host
from zhengtong.systems.sites.rules.hosts import UnfitHostError, could_be_host, kept_host, refusal, shown_host

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9]{0,20}[a-z0-9])?", fullmatch=True)
NAME = st.lists(LABEL, min_size=2, max_size=5).map(lambda labels: ".".join([*labels, "cn"]))
ANYTHING = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("www.qinghe.gov.cn", "www.qinghe.gov.cn", "www.qinghe.gov.cn"),
        (" WWW.QingHe.GOV.cn. ", "www.qinghe.gov.cn", "www.qinghe.gov.cn"),
        ("青禾县.政务", "xn--5nr179f9iu.xn--zfr164b", "青禾县.政务"),
        ("青禾县。政务", "xn--5nr179f9iu.xn--zfr164b", "青禾县.政务"),
        ("ｗｗｗ．青禾县．政务", "www.xn--5nr179f9iu.xn--zfr164b", "www.青禾县.政务"),
        ("xn--5nr179f9iu.xn--zfr164b", "xn--5nr179f9iu.xn--zfr164b", "青禾县.政务"),
        ("g22.localhost", "g22.localhost", "g22.localhost"),
    ],
)
def test_a_name_is_kept_as_dns_carries_it_and_shown_as_people_read_it(typed, kept, shown):
    assert (kept_host(typed), shown_host(kept)) == (kept, shown)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("https://www.a.gov.cn", "不写 http"),
        ("//www.a.gov.cn", "不写 http"),
        ("www.a.gov.cn/news", "斜线"),
        ("www.a.gov.cn?x", "斜线"),
        ("a@b.gov.cn", "斜线"),
        ("www.a.gov.cn:8080", "端口"),
        ("www.a.gov.cn:", "端口"),
        ("10.0.0.12", "IP"),
        ("１０.0.0.12", "IP"),
        ("[::1]", "IP"),
        ("2001:db8::1", "IP"),
        ("0x7f.1", "IP"),
        ("localhost", "完整的域名"),
        ("政务", "完整的域名"),
        ("*.a.gov.cn", "不能用的字"),
        ("a_b.gov.cn", "不能用的字"),
        ("-a.gov.cn", "不能用的字"),
        ("a..gov.cn", "不能用的字"),
        ("a b.gov.cn", "不能用的字"),
        ("a\x00.gov.cn", "不能用的字"),
        ("xn--a.gov.cn", "不能用的字"),
        ("a" * 64 + ".gov.cn", "太长"),
        ("青" * 60 + ".政务", "太长"),
        (".".join(["a" * 60] * 5), "太长"),
        ("", "完整的域名"),
    ],
)
def test_what_is_no_name_of_its_own_is_refused_with_a_sentence(typed, words):
    with pytest.raises(UnfitHostError, match=re.escape(words)):
        kept_host(typed)


@given(NAME)
def test_a_plain_name_is_kept_as_it_is(name):
    assert kept_host(name.upper()) == name
    assert could_be_host(name)


@given(ANYTHING)
def test_whatever_is_typed_is_a_host_name_or_refused(typed):
    host, said = "", ""
    try:
        host = kept_host(typed)
    except UnfitHostError as refused:
        said = str(refused)
    assert bool(host) != said.endswith("。")
    if host:
        assert is_host(host)
        assert could_be_host(host)
        assert kept_host(shown_host(host)) == kept_host(host) == host


def test_what_is_taken_says_by_whom():
    assert refusal("a.cn", main=frozenset(), taken_by="", formerly_of="") == ""
    assert "平台自己的域名" in refusal("a.cn", main=frozenset({"a.cn"}), taken_by="", formerly_of="")
    assert "“民政局”正在用" in refusal("a.cn", main=frozenset(), taken_by="民政局", formerly_of="")
    assert "“民政局”的旧域名" in refusal("a.cn", main=frozenset(), taken_by="", formerly_of="民政局")


def test_the_page_of_a_site_is_translated_in_its_tags_only():
    page = (
        '<a href="/gov/g22/news/?page=2#a">一</a><a href="/gov/g22/">二</a><a href="/">三</a><a href="/gov/g08/">四</a>'
        '<img src="/gov/-/pictures/5/ab/320" srcset="/gov/-/pictures/5/ab/640 2x, /gov/g22/x 3x">'
        '<form action="/search/"><input name="next" value="/gov/g22/">'
        '<i data-suggest="/search/suggest/?site=g22"></i></form>'
        '<a href="https://x.cn/gov/g22/">五</a><a href="//x.cn/">六</a><a href="#top">七</a>'
        '文中的 href="/gov/g22/" 照旧 <link href="/static/a.css"><div data-banners="/gov/-/banners/g22"></div>'
    )
    assert hosted.translated_page(page, code="g22", main="https://m") == (
        '<a href="/news/?page=2#a">一</a><a href="/">二</a><a href="https://m/">三</a><a href="https://m/gov/g08/">四</a>'
        '<img src="/gov/-/pictures/5/ab/320" srcset="/gov/-/pictures/5/ab/640 2x, /x 3x">'
        '<form action="https://m/search/"><input name="next" value="/gov/g22/">'
        '<i data-suggest="/search/suggest/?site=g22"></i>'
        '</form><a href="https://x.cn/gov/g22/">五</a><a href="//x.cn/">六</a><a href="#top">七</a>'
        '文中的 href="/gov/g22/" 照旧 <link href="/static/a.css"><div data-banners="/gov/-/banners/g22"></div>'
    )


@given(st.from_regex(r"/[a-z0-9/\\.:?#_-]{0,40}", fullmatch=True))
def test_no_address_of_ours_leads_to_a_stranger(path):
    for address in (path, "/gov/g22" + path):
        found = hosted.translated(address, code="g22", main="https://m")
        if address.startswith("//"):
            assert found == address
        else:
            assert found.startswith("https://m/") or re.match(r"/(?![/\\])", found)
