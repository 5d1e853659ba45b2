"""Traditional characters: what is read is converted, what is sent back or run is not."""

import re

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.ui.traditional import TRADITIONAL_COOKIE, TraditionalMiddleware, traditional, traditional_page
from zhengtong.kernel.ui.views import traditional_characters

_WORDS = st.text(st.sampled_from("头发布干部后台里面县政府 网站<>&\"'=/-a1\n"), max_size=30)


@pytest.mark.parametrize(
    ("page", "converted"),
    [
        ("<p>理发，发布</p>", "<p>理髮，發佈</p>"),
        ('<html lang="zh-CN" data-large-print>', '<html lang="zh-Hant" data-large-print>'),
        ('<img alt="县政府" src="/县.png">', '<img alt="縣政府" src="/县.png">'),
        (
            '<input placeholder="搜索" value="县政府" aria-label="检索">',
            '<input placeholder="搜索" value="县政府" aria-label="檢索">',
        ),
        ("<textarea name='a'>县政府</textarea>县", "<textarea name='a'>县政府</textarea>縣"),
        (
            '<script type="x">"县"</script><style>/*县*/</style><!-- 县 -->县',
            '<script type="x">"县"</script><style>/*县*/</style><!-- 县 -->縣',
        ),
        ('<a href="/查询/?q=县">县</a>', '<a href="/查询/?q=县">縣</a>'),
        ("没有网页", "沒有網頁"),
    ],
)
def test_words_are_converted_and_nothing_else(page, converted):
    assert traditional_page(page) == converted


@given(_WORDS, _WORDS)
def test_a_field_comes_back_as_it_was_sent(words, name):
    typed = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    shown = traditional_page(f'<p>县</p><input value="{typed}"><p>{typed}</p>')
    assert re.search(r'value="([^"]*)"', shown)[1] == typed
    assert shown.endswith(f"<p>{traditional(typed)}</p>")


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b class='县'>", "</b>", "县", "<br>", "<!--县-->"])))
def test_the_tags_stay_where_they_were(parts):
    page = "".join(parts)
    tags = re.compile(r"<[^>]*>")
    assert tags.findall(traditional_page(page)) == tags.findall(page)


def _answer(response, *, actor=None, chosen="1"):
    request = RequestFactory().get("/")
    request.COOKIES[TRADITIONAL_COOKIE], request.actor = chosen, actor
    return TraditionalMiddleware(lambda _request: response)(request)


def test_a_page_is_converted_for_who_chose_so():
    response = HttpResponse("<p>县</p>", headers={"Content-Length": "10"})
    shown = _answer(response, actor=anonymous("980723"))
    assert shown.content.decode() == "<p>縣</p>"
    assert shown.headers["Content-Length"] == str(len("<p>縣</p>".encode()))
    assert _answer(HttpResponse("<p>县</p>"), chosen="0").content.decode() == "<p>县</p>"


def test_desks_files_and_streams_stay(monkeypatch):
    official = anonymous("980723")
    object.__setattr__(official, "kind", "official")
    assert _answer(HttpResponse("县"), actor=official).content.decode() == "县"
    assert _answer(HttpResponse("县", content_type="application/json")).content.decode() == "县"
    assert b"".join(_answer(StreamingHttpResponse(["县".encode()]))).decode() == "县"


def test_the_choice_is_remembered_and_goes_back_only_inside():
    on = traditional_characters(RequestFactory().get("/traditional/?on=1&next=/guide/"))
    off = traditional_characters(RequestFactory().get("/traditional/?on=0&next=https://example.test/"))
    assert on.cookies[TRADITIONAL_COOKIE].value == "1"
    assert (on["Location"], off["Location"]) == ("/guide/", "/")
    assert off.cookies[TRADITIONAL_COOKIE].value == ""
