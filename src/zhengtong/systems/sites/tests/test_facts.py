"""What a site says of itself: set on the desk, shown on every page, checked, in the ledger."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.rules.facts import LENGTHS, faults
from zhengtong.systems.sites.tests import group as town

GOOD = {
    "name": "青禾县市场监管局",
    "theme": "green",
    "identity_code": "9807230001",
    "icp": "演示 ICP 备 1 号",
    "police_filing": "演示公网安备 1 号",
    "phone": "0898-1234567 转 8",
    "address": "青禾县人民路 1 号",
}


def test_what_may_stand_in_head_and_foot():
    assert faults(GOOD, ("green",)) == {}
    assert faults(GOOD | {"identity_code": "bm55000001"}, ("green",)) == {}
    for field, most in LENGTHS.items():
        assert field in faults(GOOD | {field: "9" * (most + 1)}, ("green",))
    for field, text in (("name", "青"), ("theme", "pink"), ("identity_code", "98072３0001"), ("phone", "请打电话")):
        assert set(faults(GOOD | {field: text}, ("green",))) == {field}


@pytest.mark.django_db
def test_the_signer_sets_them_and_every_page_shows_them(sites):
    browser = people.sign_in(Client(), town.keeper("signer", "site_publisher"))
    edition = GovernmentSite.objects.get(code="g22").edition

    answer = browser.post(reverse("sites_desk:site_facts", args=[sites["g22"].pk]), GOOD, follow=True)

    assert "网站资料已经保存" in answer.content.decode()
    site = GovernmentSite.objects.get(code="g22")
    assert {field: getattr(site, field) for field in GOOD} == GOOD
    assert site.edition > edition
    page = Client().get(site.url).content.decode()
    for text in (*list(GOOD.values())[2:], "zs-theme-green", "青禾县市场监管局"):
        assert text in page
    entry = Entry.objects.get(act="sites.facts")
    assert entry.object_id == str(site.pk)


@pytest.mark.django_db
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(sites):
    browser = people.sign_in(Client(), town.keeper("signer", "site_publisher"))

    answer = browser.post(
        reverse("sites_desk:site_facts", args=[sites["g22"].pk]), GOOD | {"identity_code": "130", "address": "青禾路"}
    )

    page = answer.content.decode()
    assert (answer.status_code, "10 位数字" in page, 'value="青禾路"' in page) == (422, True, True)
    assert GovernmentSite.objects.get(code="g22").identity_code == ""
    assert not Entry.objects.filter(act="sites.facts").exists()


@pytest.mark.django_db
def test_the_same_again_is_no_change(sites):
    signer = town.keeper("signer", "site_publisher")
    for _again in range(2):
        api.set_facts(actor=signer, site_id=sites["g22"].pk, words=GOOD)

    assert Entry.objects.filter(act="sites.facts").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "citizen", "editor", "other"])
def test_nobody_else_sets_them(sites, who):
    actors = {
        "citizen": lambda: people.citizen("zhang"),
        "editor": lambda: town.keeper("editor", "site_editor"),
        "other": lambda: town.keeper("civil", "site_publisher", org=town.CIVIL),
    }
    browser = Client() if who == "stranger" else people.sign_in(Client(), actors[who]())

    answer = browser.post(reverse("sites_desk:site_facts", args=[sites["g22"].pk]), GOOD)

    assert answer.status_code in {302, 403, 404}
    assert GovernmentSite.objects.get(code="g22").phone == ""
    if who in {"editor", "other"}:
        with pytest.raises((NotPermitted, NotFound)):
            api.set_facts(actor=_actor(who), site_id=sites["g22"].pk, words=GOOD)


def _actor(who):
    return (
        town.keeper("second", "site_editor")
        if who == "editor"
        else town.keeper("third", "site_publisher", org=town.CIVIL)
    )
