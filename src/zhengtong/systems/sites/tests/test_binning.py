"""Deleted pages leave every list, come back for thirty days, and are removed with an entry."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, DeletedPage
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db
REASON = "写重复了，另有一篇"


@pytest.fixture
def page(sites, editor):
    return town.drafted(sites["g22"], editor, title="写重复的文章", slug="twice")


def test_a_deleted_page_is_in_no_list_and_comes_back_to_its_column(sites, page, editor, publisher):
    row = api.delete_page(actor=editor, page_id=page.pk, reason=REASON)

    assert api.waiting_to_be_signed(publisher) == []
    with pytest.raises(NotFound):
        api.page_in_reach(editor, page.pk)
    browser = people.sign_in(Client(), editor)
    listed = browser.get(reverse("wagtailadmin_explore", args=[town.column(sites["g22"]).pk])).content.decode()
    assert "写重复的文章" not in listed
    assert browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code in {302, 403, 404}
    assert Page.find_problems() == ([], [], [], [], [])

    api.restore_page(actor=editor, deleted_id=row.pk)

    back = ArticlePage.objects.get(pk=page.pk)
    assert (back.url_path, back.get_parent().slug, back.live) == (page.url_path, "news", False)
    assert Page.find_problems() == ([], [], [], [], [])
    assert Entry.objects.filter(act__in=["sites.delete", "sites.restore"], object_id=str(page.pk)).count() == 2


def test_an_address_taken_meanwhile_is_left_to_who_took_it(sites, page, editor):
    row = api.delete_page(actor=editor, page_id=page.pk, reason=REASON)
    town.drafted(sites["g22"], editor, slug="twice")

    api.restore_page(actor=editor, deleted_id=row.pk)

    assert ArticlePage.objects.get(pk=page.pk).slug == f"twice-{page.pk}"


def test_what_the_public_reads_and_what_has_pages_below_is_not_deleted(sites, page, editor, publisher):
    column = town.column(sites["g22"])
    for target in (sites["g22"].home_id, column.pk):
        with pytest.raises(Conflict):
            api.delete_page(actor=editor, page_id=target, reason=REASON)
    api.publish_page(actor=publisher, page_id=page.pk)
    with pytest.raises(Conflict, match="请先撤下"):
        api.delete_page(actor=editor, page_id=page.pk, reason=REASON)
    api.withdraw_page(actor=publisher, page_id=page.pk, reason=REASON)
    api.delete_page(actor=editor, page_id=page.pk, reason=REASON)


def test_the_bin_of_another_unit_is_shut(page, editor):
    stranger = town.keeper("stranger", "site_editor", "site_publisher", org=town.CIVIL)
    with pytest.raises(NotFound):
        api.delete_page(actor=stranger, page_id=page.pk, reason=REASON)
    row = api.delete_page(actor=editor, page_id=page.pk, reason=REASON)
    with pytest.raises(NotFound):
        api.restore_page(actor=stranger, deleted_id=row.pk)


def test_after_thirty_days_it_is_removed_for_good(page, editor, clock):
    row = api.delete_page(actor=editor, page_id=page.pk, reason=REASON)
    clock.shift(dt.timedelta(days=29, hours=23))
    assert api.empty_bins() == 0
    clock.shift(dt.timedelta(hours=1))

    assert (api.empty_bins(), api.empty_bins()) == (1, 0)

    assert not Page.objects.filter(pk=page.pk).exists()
    assert not DeletedPage.objects.exists()
    assert Entry.objects.filter(act="sites.purge", object_id=str(page.pk)).count() == 1
    assert Page.find_problems() == ([], [], [], [], [])
    with pytest.raises(NotFound):
        api.restore_page(actor=editor, deleted_id=row.pk)
