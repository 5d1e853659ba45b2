"""Visits: what is counted, what is not, and that nothing is kept of who reads."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel import retention
from zhengtong.kernel.actors import system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, VisitCount, VisitMark
from zhengtong.systems.sites.rules.visits import days_of, is_machine, slot
from zhengtong.systems.sites.selectors.visits import month_of
from zhengtong.systems.sites.tests import group as town

PHONE = "Mozilla/5.0 (Linux; Android 15) Chrome/139.0"
DESK = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@pytest.fixture
def article(sites):
    page = town.drafted(sites["g22"], town.keeper("editor", "site_editor"), slug="check")
    return api.publish_page(actor=town.keeper("signer", "site_publisher"), page_id=page.pk)


def _read(page, agent=PHONE, address="203.0.113.7", client=None):
    where = reverse("sites:seen", args=[page.site.code, page.pk])
    return (client or Client()).get(where, headers={"user-agent": agent}, REMOTE_ADDR=address)


def _swept():
    for key in ("sites.visit_marks", "sites.visits"):
        while retention.take_batch(key, actor=system("980723")):
            pass


def _counted(site):
    return {(row.page_id, row.views, row.visitors) for row in VisitCount.objects.filter(site=site)}


@pytest.mark.parametrize(
    "agent", ["", "Googlebot/2.1", "Baiduspider", "curl/8.5", "python-requests/2", "HeadlessChrome"]
)
def test_programs_that_say_so_are_not_people(agent):
    assert is_machine(agent)
    assert not is_machine(PHONE)


def test_half_hours_and_months():
    moment = dt.datetime(2026, 2, 9, 10, 59, tzinfo=SHANGHAI)
    assert slot(moment) == "2026-02-09 10:30"
    assert (len(days_of(moment.date())), days_of(moment.date())[-1]) == (28, dt.date(2026, 2, 28))
    assert days_of(dt.date(2026, 12, 31))[-1] == dt.date(2026, 12, 31)


@pytest.mark.django_db
def test_a_page_that_is_read_is_counted_once_in_half_an_hour(sites, article, clock):
    for _again in range(3):
        answer = _read(article)
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/gif", "no-store")
    assert _counted(sites["g22"]) == {(0, 1, 1), (article.pk, 1, 0)}

    clock.shift(1800)
    _read(article)
    _read(article, agent=DESK)
    _read(article, address="203.0.113.8")

    assert _counted(sites["g22"]) == {(0, 4, 3), (article.pk, 4, 0)}


@pytest.mark.django_db
def test_what_is_not_there_not_of_this_site_or_read_by_a_program_is_not_counted(sites, article):
    _read(article, agent="Baiduspider")
    for code, key in (("g08", article.pk), ("nowhere", article.pk), ("g22", 999_999_999), ("g22", 10**30)):
        assert Client().get(f"/gov/-/seen/{code}/{key}", headers={"user-agent": PHONE}).status_code in (200, 404)
    assert (
        Client().head(reverse("sites:seen", args=["g22", article.pk]), headers={"user-agent": PHONE}).status_code == 200
    )
    api.withdraw_page(actor=town.keeper("other", "site_publisher"), page_id=article.pk, reason="内容有误，核实再发")
    _read(article)

    assert not VisitCount.objects.exists()
    assert Client().post(reverse("sites:seen", args=["g22", article.pk])).status_code == 405


@pytest.mark.django_db
def test_nothing_is_kept_of_who_reads_and_marks_go_after_a_day(sites, article, clock):
    _read(article)

    marks = list(VisitMark.objects.values_list("mark", flat=True))
    assert len(marks) == len(set(marks)) == 2
    assert all(len(mark) == 64 and mark[:3] != "203" for mark in marks)
    clock.shift(dt.timedelta(days=2))
    _read(article)
    assert VisitMark.objects.count() == 4
    _swept()
    assert VisitMark.objects.count() == 2
    assert VisitCount.objects.filter(site=sites["g22"]).count() == 4
    clock.shift(dt.timedelta(days=401))
    _swept()
    assert set(VisitCount.objects.values_list("page_id", flat=True)) == {0}


@pytest.mark.django_db
def test_the_sums_of_a_month_open_to_days_columns_and_pages(sites, article, clock):
    home = sites["g22"].home
    home.site = sites["g22"]
    _read(article)
    _read(home)
    clock.shift(dt.timedelta(days=1))
    _read(article, agent=DESK)

    found = month_of(sites["g22"], town.MONDAY.date())

    assert (found.views, found.visitors) == (3, 2)
    assert [day for day in found.days if day[1]] == [(dt.date(2026, 11, 9), 2, 1), (dt.date(2026, 11, 10), 1, 1)]
    assert [(one.title, one.views) for one in found.columns] == [("工作动态", 2)]
    assert [(one.title, one.views) for one in found.pages] == [(article.title, 2), (home.title, 1)]
    assert found.pages[0].address == article.relative_address()
    assert month_of(sites["g22"], dt.date(2026, 10, 1)).views == 0


@pytest.mark.django_db
def test_a_page_says_that_it_was_read_and_a_preview_does_not(sites, article):
    page = Client().get(article.relative_address()).content.decode()
    assert reverse("sites:seen", args=["g22", article.pk]) in page
    editor = people.sign_in(Client(), town.keeper("third", "site_editor"))
    draft = editor.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk])).content.decode()
    assert "-/seen/" not in draft


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "allowed"), [("stranger", False), ("citizen", False), ("other", False), ("editor", True), ("boss", True)]
)
def test_only_who_keeps_a_site_sees_its_figures(sites, article, who, allowed):
    _read(article)
    actors = {
        "citizen": lambda: people.citizen("zhang"),
        "other": lambda: town.keeper("civil", "site_editor", org=town.CIVIL),
        "editor": lambda: town.keeper("market", "site_editor"),
        "boss": lambda: town.keeper("boss", "site_admin", org=town.OFFICE),
    }
    browser = Client() if who == "stranger" else people.sign_in(Client(), actors[who]())

    listed = browser.get(reverse("sites_desk:visits"))
    shown = browser.get(reverse("sites_desk:site_visits", args=[sites["g22"].pk]))
    sheet = browser.get(reverse("sites_desk:site_visits", args=[sites["g22"].pk]), {"form": "xlsx"})

    if allowed:
        assert (listed.status_code, shown.status_code, sheet.content[:2]) == (200, 200, b"PK")
        assert "青禾县市场监督管理局" in listed.content.decode()
        assert article.title in shown.content.decode()
        return
    assert {shown.status_code, sheet.status_code} <= {302, 403, 404}
    assert listed.status_code in (302, 403) or "青禾县市场监督管理局" not in listed.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("month", ["", "2026-13", "x" * 400, "2019-01", "2026-11\x00"])
def test_any_month_is_answered(sites, month):
    browser = people.sign_in(Client(), town.keeper("market", "site_editor"))

    for name, args in (("visits", []), ("site_visits", [sites["g22"].pk])):
        assert browser.get(reverse(f"sites_desk:{name}", args=args), {"month": month}).status_code == 200
    assert not ArticlePage.objects.exists()
