"""Opening sites: complete from the first minute, once a unit, by the hundred."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, Page

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite, HomePage
from zhengtong.systems.sites.rules.blueprints import BLUEPRINTS
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


def test_a_new_site_has_its_home_columns_folder_entry_and_event(sites):
    site = sites["g22"]

    home = HomePage.objects.get(pk=site.home_id)
    assert home.url_path == "/980723/g22/"
    assert home.live
    assert home.site == site
    assert [one.block_type for one in home.modules] == [one["type"] for one in BLUEPRINTS["department"].modules]
    # columns that the blueprint names are pages of this very site
    assert {one.value["column"].specific.site_id for one in home.modules if one.value.get("column")} == {site.pk}
    columns = ColumnPage.objects.child_of(home).order_by("path")
    assert [one.slug for one in columns][:3] == ["news", "notices", "policies"]
    assert all(one.live and one.site_id == site.pk and one.tenant == "980723" for one in columns)
    assert site.collection.name.endswith(site.name)
    assert Entry.objects.filter(act="sites.create", object_id=str(site.pk)).count() == 1
    assert OutboxEvent.objects.filter(name="sites.site_opened.v1", object_id=str(site.pk)).count() == 1


def test_the_tree_is_sound_after_planting(sites):
    assert Page.find_problems() == ([], [], [], [], [])
    assert Page.objects.get(url_path="/980723/").numchild == 3
    Collection.get_first_root_node().add_child(name="县里共用的图片")
    # found by treebeard: odd characters, odd lengths, orphans, wrong depth, wrong number of children
    assert Collection.find_problems() == ([], [], [], [], [])


def test_a_site_costs_the_same_however_many_there_are(sites):
    for number in range(10, 18):
        people.organisation(f"B{number}", f"青禾县第{number}局")
    opened = {}
    for number in (10, *range(17, 10, -1)):  # each name before those that are there: the dearest order
        with CaptureQueriesContext(connection) as asked:
            api.open_site(actor=system("980723"), org_code=f"B{number}", kind="department")
        opened[number] = len(asked)
    assert opened[11] == opened[17]


def test_one_site_a_unit_one_portal_a_county_one_code_a_site(sites):
    boss = system("980723")

    with pytest.raises(Conflict, match="一个单位开一个网站"):
        api.open_site(actor=boss, org_code="G22", kind="department", code="market")
    with pytest.raises(Conflict, match="门户网站已经开通"):
        api.open_site(actor=boss, org_code="G08", kind="portal", code="second")
    people.organisation("G26", "青禾县数据局")
    with pytest.raises(Conflict, match="已经有网站在用"):
        api.open_site(actor=boss, org_code="G26", kind="department", code="g22")
    assert GovernmentSite.objects.count() == 3


def test_bad_codes_unknown_units_and_strangers_are_refused(sites):
    with pytest.raises(Invalid, match="网站标识"):
        api.open_site(actor=system("980723"), org_code="C02", kind="department", code="a b")
    with pytest.raises(NotFound):
        api.open_site(actor=system("980723"), org_code="X99", kind="department")
    with pytest.raises(NotPermitted, match="网站群管理员"):
        api.open_site(actor=town.keeper("signer", "site_publisher"), org_code="C02", kind="department")


def test_the_keeper_of_the_group_opens_sites(sites):
    boss = town.keeper("boss", "site_admin", org=town.OFFICE)

    site = api.open_site(actor=boss, org_code="C02", kind="department")

    assert site.code == "c02"


def test_opening_by_the_hundred_leaves_what_is_there_and_can_be_repeated(sites):
    for no in range(30):
        people.organisation(f"P{no:02d}", f"青禾县第{no}单位")
    codes = ["G22", *(f"P{no:02d}" for no in range(30))]
    seen = []

    first = api.open_sites(actor=system("980723"), org_codes=codes, progress=lambda *at: seen.append(at))
    again = api.open_sites(actor=system("980723"), org_codes=codes)

    assert (len(first.new), first.there) == (30, ("g22",))
    assert seen[-1] == (31, 31)
    assert (again.new, len(again.there)) == ((), 31)
    assert Page.find_problems() == ([], [], [], [], [])
