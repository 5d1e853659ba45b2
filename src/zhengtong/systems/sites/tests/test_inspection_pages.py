"""The pages of the inspection: four kinds of readers, what each sees, and what each may do."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import InspectionRun, SiteFinding
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspected(sites):
    api.inspect_county(tenant=people.tenant())
    return sites


@pytest.fixture
def boss(sites):
    return people.sign_in(Client(), town.keeper("boss", "site_admin", org=town.OFFICE))


@pytest.fixture
def own(publisher):
    return people.sign_in(Client(), publisher)


@pytest.fixture
def civil(sites):
    return people.sign_in(Client(), town.keeper("civil", "site_editor", org=town.CIVIL))


def _pages(site):
    return [
        reverse("sites_desk:inspected", args=[site.pk]),
        reverse("sites_desk:league_rows", args=[site.pk]),
    ]


def test_own_site_another_unit_the_keeper_and_a_stranger(inspected, own, civil, boss):
    clerk = people.sign_in(Client(), town.keeper("clerk", "clerk"))
    for address in _pages(inspected["g22"]):
        answers = [browser.get(address).status_code for browser in (own, civil, boss, clerk, Client())]
        assert answers == [200, 404, 200, 403, 302]


def test_supervisors_read_every_site_and_change_nothing(inspected):
    watcher = people.official("watcher", "supervisor", org_code="C02", org_name=town.OFFICE[1], name="监察甲")
    browser = people.sign_in(Client(), watcher)
    row = SiteFinding.objects.filter(site=inspected["g22"]).first()

    board = browser.get(reverse("sites_desk:inspection")).content.decode()

    assert all(site.name in board for site in inspected.values())
    page = browser.get(reverse("sites_desk:inspected", args=[inspected["g22"].pk])).content.decode()
    assert "说明这不是问题" not in page
    explain = reverse("sites_desk:explain_finding", args=[inspected["g22"].pk, row.pk])
    assert browser.post(explain, {"words": "这不是问题呀"}).status_code == 403
    assert browser.post(reverse("sites_desk:inspect_again")).status_code == 403


def test_the_board_shows_the_worst_first_and_filters(inspected, boss):
    text = "<p>机密★</p>"
    words = api.ArticleWords(slug="s", title="文件", published_on=town.MONDAY.date(), source="民政局", text=text)
    api.import_articles(
        actor=town.keeper("keeper", "site_admin", org=town.OFFICE), site_code="g08", articles={"news": [words]}
    )
    boss.post(reverse("sites_desk:inspect_site", args=[inspected["g08"].pk]))

    page = boss.get(reverse("sites_desk:inspection"), {"kind": "department"}).content.decode()
    filtered = boss.get(reverse("sites_desk:inspection"), {"q": "民政"}).content.decode()

    assert inspected["portal"].name not in page.split("zt-filter")[-1]
    assert inspected["g22"].name not in filtered.split("zt-filter")[-1]
    shown = boss.get(reverse("sites_desk:inspected", args=[inspected["g08"].pk])).content.decode()
    assert "有严重表述错误" in shown
    assert "请立即撤下或者改正" in shown


def test_a_finding_is_explained_and_reviewed_on_its_page(inspected, own, boss, civil):
    site = inspected["g22"]
    row = SiteFinding.objects.filter(site=site, indicator="empty").first()
    explain = reverse("sites_desk:explain_finding", args=[site.pk, row.pk])
    review = reverse("sites_desk:review_finding", args=[site.pk, row.pk])
    assert civil.post(explain, {"words": "栏目正在改版中"}).status_code == 404
    assert own.post(explain, {"words": "短"}).status_code == 422
    assert own.post(explain, {"words": "栏目正在改版中"}).status_code == 302
    assert own.post(explain, {"words": "栏目正在改版中"}).status_code == 409
    assert own.post(review, {"decision": "accept"}).status_code == 403
    assert "等您审核的说明" in boss.get(reverse("sites_desk:inspection")).content.decode()
    assert boss.post(review, {"decision": "refuse", "opinion": ""}).status_code == 422
    assert boss.post(review, {"decision": "accept"}).status_code == 302
    row.refresh_from_db()
    assert row.explained == "accepted"
    rows = own.get(reverse("sites_desk:league_rows", args=[site.pk])).content.decode()
    assert row.place not in rows.split("<tbody")[-1] or "空白栏目" in rows


def test_the_keeper_starts_a_run_and_sees_how_far_it_is(inspected, boss):
    assert boss.post(reverse("sites_desk:inspect_again")).status_code == 302

    assert InspectionRun.objects.get().finished_at is None
    assert "正在监测：已完成 0 个，共 3 个网站" in boss.get(reverse("sites_desk:inspection")).content.decode()


def test_the_league_table_opens_and_is_taken_away(inspected, boss):
    page = boss.get(reverse("sites_desk:league"))
    book = boss.get(reverse("sites_desk:league"), {"format": "xlsx"})
    strange = boss.get(reverse("sites_desk:league"), {"month": "2026-99"})

    assert inspected["g22"].name in page.content.decode()
    assert book["Content-Type"].startswith("application/vnd")
    assert strange.status_code == 200
    assert "100 − " in boss.get(reverse("sites_desk:league_rows", args=[inspected["g22"].pk])).content.decode()
