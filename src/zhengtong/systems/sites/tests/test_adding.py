"""A new page on Wagtail's screen: what is sent twice makes one page."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db
TITLE = "停水公告"


@pytest.fixture
def browser(sites):
    return people.sign_in(Client(), town.keeper("editor", "site_editor"))


def _address(sites, column="news"):
    return reverse("wagtailadmin_pages:add", args=["sites", "articlepage", town.column(sites["g22"], column).pk])


def _sent(title=TITLE):
    return {"title": title, "slug": "", "source": "县市场监督管理局", "published_on": "2026-11-09", "body-count": "0"}


def test_a_button_pressed_twice_makes_one_page(sites, browser):
    first = browser.post(_address(sites), _sent())
    second = browser.post(_address(sites), _sent())

    page = ArticlePage.objects.get(draft_title=TITLE)
    assert first.status_code == second.status_code == 302
    assert second["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_what_was_changed_before_it_was_sent_again_is_kept(sites, browser):
    browser.post(_address(sites), _sent())
    browser.post(_address(sites), _sent() | {"source": "县水务公司", "keywords": "停水"})

    page = ArticlePage.objects.get(draft_title=TITLE).get_latest_revision_as_object()
    assert (page.source, page.keywords) == ("县水务公司", "停水")


def test_other_titles_columns_and_people_make_pages_of_their_own(sites, browser):
    second = people.sign_in(Client(), town.keeper("second", "site_editor"))

    browser.post(_address(sites), _sent())
    browser.post(_address(sites), _sent("停电公告"))
    browser.post(_address(sites, "notices"), _sent())
    second.post(_address(sites), _sent())

    assert ArticlePage.objects.count() == 4


def test_a_title_may_come_again_later(sites, browser, clock):
    browser.post(_address(sites), _sent())
    clock.shift(61)
    browser.post(_address(sites), _sent())

    assert ArticlePage.objects.filter(draft_title=TITLE).count() == 2


def test_a_page_is_saved_by_itself_only_once_it_is_there(sites, browser):
    new = browser.get(_address(sites)).content.decode()
    browser.post(_address(sites), _sent())
    page = ArticlePage.objects.get(draft_title=TITLE)
    old = browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert "data-w-autosave-interval-value" not in new
    assert "data-w-autosave-interval-value" in old
