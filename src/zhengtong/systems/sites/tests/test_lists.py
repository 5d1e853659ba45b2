"""Lists of the content desk: as many questions to the database for a long one as for a short one; no dead ends."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.permissions import below
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


def _articles(first: int, number: int) -> None:
    words = [
        api.ArticleWords(
            slug=f"a{place}", title=f"通知{place}号", published_on=local_date(), source="本局", text="<p>通知</p>"
        )
        for place in range(first, first + number)
    ]
    api.import_articles(actor=system(people.tenant()), site_code="g22", articles={"news": words})


def _explored(client: Client, column: int) -> str:
    return client.get(reverse("wagtailadmin_explore", args=[column])).content.decode()


def test_a_long_list_asks_no_more_than_a_short_one(sites, editor):
    client = Client()
    people.sign_in(client, editor)
    column = town.column(sites["g22"]).pk
    asked, shown = [], []
    for first, number in ((0, 3), (3, 20)):
        _articles(first, number)
        _explored(client, column)  # caches are filled
        with CaptureQueriesContext(connection) as questions:
            shown.append(_explored(client, column).count('href="/gov/g22/news/a'))
        asked.append(len(questions))
    assert shown[1] > shown[0] > 0
    assert asked[0] == asked[1]


def test_every_row_leads_to_its_page_and_to_no_screen_that_is_shut(sites, editor):
    _articles(0, 2)
    client = Client()
    people.sign_in(client, editor)
    shown = _explored(client, town.column(sites["g22"]).pk)
    assert 'href="/gov/g22/news/a0/"' in shown
    assert not [word for word in ("/delete/", "/move/", "/unpublish/", "/bulk/") if word in shown]


def test_who_keeps_all_sites_pays_no_more_for_more_of_them(sites):
    boss = town.keeper("boss", "site_admin")
    client = Client()
    people.sign_in(client, boss)
    screens = (
        reverse("wagtailadmin_explore", args=[sites["g22"].home.get_parent().pk]),
        reverse("wagtailadmin_pages:search_results") + "?q=青禾",
    )
    asked, shown = [], []
    for more in ((), ("B01", "B02", "B03", "B04", "B05", "B06")):
        for code in more:
            people.organisation(code, f"青禾县{code}局")
            api.open_site(actor=system(people.tenant()), org_code=code, kind="department")
        with CaptureQueriesContext(connection) as questions:
            shown.append([client.get(screen).content.decode().count("青禾县") for screen in screens])
        asked.append(sum(question["sql"].count("LIKE") for question in questions))
    assert all(more > before for before, more in zip(*shown, strict=True))
    assert asked[0] == asked[1]


def test_who_keeps_some_of_the_sites_sees_these_only(sites):
    people.organisation("G22A", "青禾县市场监管所", parent="G22")
    api.open_site(actor=system(people.tenant()), org_code="G22A", kind="institution")
    homes = [sites[code].home for code in ("g22", "g08")]
    seen = Page.objects.filter(below(homes)).values_list("url_path", flat=True)
    assert {path.split("/")[2] for path in seen} == {"g22", "g08"}
    assert not Page.objects.filter(below([])).exists()
    everything = below([site.home for site in GovernmentSite.objects.all()])
    seen = Page.objects.filter(everything).values_list("url_path", flat=True)
    assert {path.split("/")[2] for path in seen} == {"portal", "g22", "g08", "g22a"}
