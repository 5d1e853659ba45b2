"""The library of modules: each kind, layout and frame is a rendering of its own, sound, bounded and safe."""

import datetime as dt
import re

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from lxml import etree, html

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import anonymous, system
from zhengtong.kernel.pages import page_modules
from zhengtong.systems.sites import api
from zhengtong.systems.sites.blocks import MODULES, combinations
from zhengtong.systems.sites.blocks.module import FRAMES, GROUPS
from zhengtong.systems.sites.models import HomePage
from zhengtong.systems.sites.selectors import sources
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.web.gallery import rendered

pytestmark = pytest.mark.django_db
KINDS = sorted(MODULES)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def request_(sites):
    request = RequestFactory().get("/gov/g22/")
    request.actor = anonymous("980723")
    return request


@pytest.fixture
def filled(sites):
    """Each site with articles in each of its columns."""
    boss = system("980723")
    for code in ("portal", "g22", "g08"):
        for slug in ("news", "notices", "policies", "about"):
            words = [
                api.ArticleWords(
                    slug=f"{slug}{day}",
                    title=f"第{day}篇文章",
                    published_on=dt.date(2026, 9 + day % 2, day),
                    source="来源单位",
                    text="<p>正文一段。</p>",
                    summary="摘要一句。",
                )
                for day in range(1, 10)
            ]
            api.import_articles(actor=boss, site_code=code, articles={slug: words})
    return sites


def _variants(key):
    block = MODULES[key]()
    return block, list(block.variants())


def test_the_library_has_sixty_kinds_and_more_than_a_thousand_renderings():
    assert len(MODULES) >= 60
    assert combinations() > 1000
    assert {kind.GROUP for kind in MODULES.values()} == set(GROUPS)
    for key, kind in MODULES.items():
        assert str(kind.PURPOSE), key
        assert len(dict(kind.LAYOUTS)) == len(kind.LAYOUTS) >= 2, key
        known = {*sources.LISTS, *sources.GROUPS, *(name for name, _asked in page_modules.items())}
        assert not kind.SOURCE or kind.SOURCE in known or ":" in kind.SOURCE, key


def _parts(text):
    return html.fragment_fromstring(text, create_parent=True)


def _sound(key, text):
    """Nothing a browser or a reading aid stumbles over."""
    found = _parts(text)
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids)), key
    assert set(found.xpath("//label/@for")) <= set(ids), key
    assert not found.xpath("//script | //style | //@style"), key
    assert "{%" not in text, key
    assert "None" not in html.tostring(found, method="text", encoding="unicode"), key
    levels = [int(one.tag[1]) for one in found.iter() if isinstance(one.tag, str) and re.fullmatch("h[1-6]", one.tag)]
    # the page has the one of the first level
    assert all(2 <= level <= 3 for level in levels), key
    assert all(one.xpath(".//th[@scope]") for one in found.xpath("//table")), key
    for one in found.xpath("//ul | //ol"):
        assert all(child.tag == "li" for child in one if isinstance(child.tag, str)), (key, etree.tostring(one))
    for one in found.xpath("//a"):
        assert one.get("href"), key
        assert "".join(one.itertext()).strip(), key


def test_every_rendering_is_sound_and_unlike_every_other(filled, request_):
    number = 0
    for key in KINDS:
        block, variants = _variants(key)
        seen = {}
        for stored in variants:
            text = rendered(block, stored, request_, filled["g22"])
            _sound(key, text)
            form = re.sub(r"-\d+", "", " ".join(text.split()))
            assert form not in seen, (key, stored["layout"], stored["frame"], seen[form])
            seen[form] = (stored["layout"], stored["frame"])
        number += len(seen)
    assert number == combinations()


def _filled_with(value, words, kept):
    """The sample with every text replaced; choices, numbers, days and addresses stay."""
    if isinstance(value, dict):
        return {key: held if key in kept else _filled_with(held, words, kept) for key, held in value.items()}
    if isinstance(value, list):
        return [_filled_with(one, words, kept) for one in value]
    if isinstance(value, str) and not re.fullmatch(r"[\d.\-]+", value):
        return words
    return value


def test_hostile_words_stay_words(filled, request_):
    # rich text is cleaned when it is saved
    kept = {"layout", "frame", "kind", "type", "address", "number", "column", "text"}
    for key in KINDS:
        block, variants = _variants(key)
        for stored in variants[:: len(FRAMES)]:
            bad = _filled_with(stored, HOSTILE, kept - ({"text"} if key == "folds" else set()))
            text = rendered(block, bad, request_, filled["g22"])
            assert not _parts(text).xpath("//script | //img | //@onerror"), key


def test_an_empty_site_shows_decent_modules(sites, request_):
    for key in KINDS:
        block, variants = _variants(key)
        for stored in variants[:: len(FRAMES)]:
            assert rendered(block, stored, request_, sites["g08"]).strip(), key


def test_a_column_of_another_site_shows_nothing(filled, request_):
    block, variants = _variants("news")
    other = town.column(filled["g08"])

    text = rendered(block, {**variants[0], "column": other.pk}, request_, filled["g22"])

    assert "暂无内容" in text
    assert "第9篇文章" not in text


def test_a_page_of_thirty_modules_asks_little(filled, client, django_assert_max_num_queries):
    home = HomePage.objects.get(pk=filled["g22"].home_id)
    news = town.column(filled["g22"])
    home.modules = [
        *[
            ("news", {"heading": f"列表{n}", "column": news, "frame": "open", "layout": "dated", "number": 7})
            for n in range(20)
        ],
        *[("links", {"heading": f"链接{n}", "frame": "open", "layout": "list", "links": []}) for n in range(10)],
    ]
    home.save()
    assert client.get(home.specific.relative_address() or "/gov/g22/").status_code == 200

    with django_assert_max_num_queries(31):
        client.get("/gov/g22/")


def test_the_gallery_shows_every_kind_and_narrows(filled, editor):
    browser = people.sign_in(Client(), editor)

    library = browser.get(reverse("sites_desk:modules")).content.decode()
    one = browser.get(reverse("sites_desk:module", args=["news"]), {"theme": "ink", "layout": "cards"}).content.decode()

    assert all(f"/sites/modules/{key}/" in library for key in KINDS)
    assert one.count('class="zs-shown"') == len(FRAMES)
    assert "zs-theme-ink" in one
    assert browser.get("/sites/modules/nothing/").status_code == 404
