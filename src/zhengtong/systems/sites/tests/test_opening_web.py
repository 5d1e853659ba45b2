"""Opening sites on the desk: one by the form, many by ticking, topics beside a unit's own site."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.selectors.coverage import coverage
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.web.opening import MOST_AT_ONCE

pytestmark = pytest.mark.django_db
TENANT = "980723"


@pytest.fixture
def boss():
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture
def browser(boss):
    return people.sign_in(Client(), boss)


@pytest.mark.parametrize("who", ["stranger", "citizen", "editor", "publisher"])
def test_only_the_keeper_of_the_group_opens_sites(sites, who):
    actors = {
        "citizen": lambda: people.citizen("zhang"),
        "editor": lambda: town.keeper("editor", "site_editor"),
        "publisher": lambda: town.keeper("publisher", "site_publisher"),
    }
    browser = Client() if who == "stranger" else people.sign_in(Client(), actors[who]())

    found = [
        browser.get(reverse("sites_desk:opening")).status_code,
        browser.post(reverse("sites_desk:opening"), {"org_code": "G08", "kind": "topic"}).status_code,
        browser.post(reverse("sites_desk:open_many"), {"units": ["C02"]}).status_code,
    ]

    assert set(found) <= {302, 403}
    assert GovernmentSite.objects.count() == 3


def test_a_topic_is_opened_beside_the_own_site(sites, browser):
    sent = {"org_code": "G22", "kind": "topic", "code": "food-safety", "name": "食品安全"}

    answer = browser.post(reverse("sites_desk:opening"), sent, follow=True)

    site = GovernmentSite.objects.get(code="food-safety")
    assert "“食品安全”已经开通" in answer.content.decode()
    assert (site.kind, site.org_code, site.name) == ("topic", "G22", "食品安全")
    assert [column.title for column in api.navigation(site)] == ["专题动态", "相关政策", "专题介绍"]
    assert Client().get(site.url).status_code == 200
    assert Entry.objects.filter(act="sites.create", object_id=str(site.pk)).exists()
    assert GovernmentSite.objects.get(code="g22").state == "open"


def test_a_unit_has_any_number_of_topics_and_one_site_of_its_own(sites):
    for code in ("one", "two"):
        api.open_site(actor=system(TENANT), org_code="G22", kind="topic", code=code, name=code)

    with pytest.raises(Conflict, match="一个单位开一个网站"):
        api.open_site(actor=system(TENANT), org_code="G22", kind="institution", code="third")
    assert coverage(TENANT).topics == 2


def test_a_topic_does_not_stand_for_the_site_of_its_unit(sites):
    people.organisation("G26", "青禾县数据局")
    api.open_site(actor=system(TENANT), org_code="G26", kind="topic", code="open-data", name="数据开放")

    assert [unit.code for unit in coverage(TENANT).without] == ["C02", "G26"]
    assert api.open_site(actor=system(TENANT), org_code="G26", kind="department").code == "g26"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"org_code": "", "kind": "topic", "code": "a", "name": "甲"}, "请选择主办单位"),
        ({"org_code": "X99", "kind": "department"}, "请选择主办单位"),
        ({"org_code": "G22", "kind": "palace"}, "请选择网站的类别"),
        ({"org_code": "G22", "kind": "department"}, "已经有网站在用"),
        ({"org_code": "G22", "kind": "department", "code": "market"}, "一个单位开一个网站"),
        ({"org_code": "G22", "kind": "portal", "code": "second"}, "门户网站已经开通"),
        ({"org_code": "G22", "kind": "topic", "name": "食品安全"}, "专题网站要写明网站标识和网站名称"),
        ({"org_code": "G22", "kind": "topic", "code": "食品", "name": "食品安全"}, "网站标识只能用小写字母"),
        ({"org_code": "G22", "kind": "topic", "code": "food", "name": "食" * 101}, "不能超过 100 个字"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(sites, browser, sent, said):
    answer = browser.post(reverse("sites_desk:opening"), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert sent.get("name", "") in page
    assert GovernmentSite.objects.count() == 3


def test_the_ticked_units_get_the_site_that_fits_and_twice_is_once(sites, browser):
    people.organisation("T01", "青禾县东河镇人民政府")
    for _again in range(2):
        answer = browser.post(reverse("sites_desk:open_many"), {"units": ["T01", "C02", "T01"]}, follow=True)

    assert "新开通 0 个网站，原来就有 2 个" in answer.content.decode()
    assert GovernmentSite.objects.get(code="t01").kind == "township"
    assert "每个单位都有网站了" in answer.content.decode()
    assert coverage(TENANT).covered == 4


@pytest.mark.parametrize(
    ("units", "said"),
    [([], "请勾选"), ([f"P{no}" for no in range(MOST_AT_ONCE + 1)], "一次最多开通"), (["X99"], "X99")],
)
def test_ticks_that_cannot_be_are_refused(sites, browser, units, said):
    answer = browser.post(reverse("sites_desk:open_many"), {"units": units})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_name_is_needed_as_well(sites):
    with pytest.raises(Invalid, match="写明") as refused:
        api.open_site(actor=system(TENANT), org_code="G22", kind="topic", code="food")
    assert refused.value.field == "name"
