"""Searching the group: from the box in the header of a site to the card of an article; only what stands open."""

import datetime as dt

import pytest
from django.test import Client

from zhengtong.capabilities.search import api as search
from zhengtong.capabilities.search.models import SearchEntry
from zhengtong.kernel.actors import anonymous
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


def published(site, editor, publisher, **fields):
    page = town.drafted(site, editor, **fields)
    api.publish_page(actor=publisher, page_id=page.pk)
    return page


def found(words: str, **asked: str) -> str:
    return Client().get("/search/", {"q": words, **asked}).content.decode()


def test_the_header_of_a_site_searches_it_and_the_portal_searches_all(sites) -> None:
    one = Client().get("/gov/g22/").content.decode()
    portal = Client().get("/gov/portal/").content.decode()

    assert '<input type="hidden" name="site" value="g22">' in one
    assert 'data-suggest="/search/suggest/?site=g22"' in one
    assert 'name="site"' not in portal
    assert 'data-suggest="/search/suggest/"' in portal
    for page in (one, portal):
        assert "ui/suggest" in page
        assert 'action="/search/"' in page


def test_an_article_is_found_with_site_column_and_date(sites, editor, publisher) -> None:
    published(sites["g22"], editor, publisher, title="食品安全检查通报", published_on="2026-11-05")

    page = found("食品安全")

    assert "<mark>食品安全</mark>检查通报" in page
    for words in ("<dt>网站</dt>", f"<dd>{sites['g22'].name}</dd>", "<dt>栏目</dt>", "2026年11月5日", "新闻动态"):
        assert words in page
    assert "食品安全" in found("shipinanquan")


def test_narrowed_to_a_site_only_that_site_answers(sites, editor, publisher) -> None:
    published(sites["g22"], editor, publisher, title="食品安全检查通报")

    assert "检查通报" in found("食品安全", site="g22")
    assert "检查通报" not in found("食品安全", site="g08")
    assert f"在{sites['g08'].name}搜索" in found("食品安全", site="g08")
    assert "没有这个网站" in found("食品安全", site="portal")


def test_drafts_and_what_was_taken_down_are_never_found_nor_suggested(sites, editor, publisher) -> None:
    town.drafted(sites["g22"], editor, title="尚未发布的食品安全通报")
    page = published(sites["g22"], editor, publisher, title="食品安全检查通报")
    api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，撤下核对")

    assert "没有找到" in found("食品安全")
    assert "通报" not in found("食品安全") + found("食品安金") + found("shipin")
    assert search.suggested(tenant=page.tenant, typed="食品安全") == []


def test_a_closed_site_is_found_no_more_even_after_the_index_was_built_again(clock, sites, editor, publisher) -> None:
    published(sites["g22"], editor, publisher, title="食品安全检查通报")
    clock.shift(dt.timedelta(minutes=1))
    GovernmentSite.objects.filter(code="g22").update(state="closed")

    search.rebuild(tenant=sites["g22"].tenant)

    assert "检查通报" not in found("食品安全")
    assert search.sites_by_code(sites["g22"].tenant, ["g22", "g08", "portal"]).keys() == {"g08"}


def test_rebuilding_tells_the_same_as_publishing(sites, editor, publisher) -> None:
    published(sites["g22"], editor, publisher, title="食品安全检查通报")
    fields = ("title", "url", "part", "site", "org_code", "dated", "facts", "tsv")
    before = SearchEntry.objects.filter(kind="site_page").values_list(*fields).order_by("object_id")
    before = list(before)

    search.rebuild(tenant=sites["g22"].tenant)

    assert list(SearchEntry.objects.filter(kind="site_page").values_list(*fields).order_by("object_id")) == before


def test_the_index_is_rebuilt_with_as_many_statements_for_many_articles_as_for_few(
    sites, editor, publisher, django_assert_max_num_queries
) -> None:
    for number in range(12):
        published(sites["g22"], editor, publisher, title=f"食品安全检查通报{number}")

    assert ColumnPage.objects.exists()
    with django_assert_max_num_queries(45):
        search.rebuild(tenant=sites["g22"].tenant)
    page = search.search(actor=anonymous(sites["g22"].tenant), query="食品安全", size=20)
    assert page.matched == 12
