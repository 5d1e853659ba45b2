"""Handing a site over, closing it, who answers for it, locks, links for readers without an account."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import Closing, GovernmentSite, PreviewLink
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import office

pytestmark = pytest.mark.django_db
REASON = "职责调整，由新的单位主办"


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture
def page(sites, editor):
    return town.drafted(sites["g22"], editor)


def test_a_site_handed_over_belongs_to_the_other_unit_at_once(sites, page, editor, boss):
    people.organisation("G30", "青禾县知识产权局")
    heir = town.keeper("heir", "site_editor", org=("G30", "青禾县知识产权局"))

    api.hand_over_site(actor=boss, site_id=sites["g22"].pk, org_code="G30", reason=REASON)

    assert api.own_sites(editor) == []
    with pytest.raises(NotFound):
        api.page_in_reach(editor, page.pk)
    assert api.page_in_reach(heir, page.pk).pk == page.pk
    entries = Entry.objects.filter(act="sites.hand_over")
    assert sorted(entries.values_list("object_kind", flat=True)) == ["organisation", "organisation", "site"]


def test_reviews_end_where_others_review_from_now_on(sites, page, editor, boss):
    office.process_in_force()
    office.three_reviews(sites["g22"])
    first = office.reviewers()["first"]
    row = api.submit_page(actor=editor, page_id=page.pk)
    people.organisation("G30", "青禾县知识产权局")

    api.hand_over_site(actor=boss, site_id=sites["g22"].pk, org_code="G30", reason=REASON)

    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert api.review_tasks(first) == []


def test_who_may_hand_over_and_to_whom(sites, publisher, boss):
    with pytest.raises(NotPermitted):
        api.hand_over_site(actor=publisher, site_id=sites["g22"].pk, org_code="G08", reason=REASON)
    with pytest.raises(Conflict, match="一个单位开一个网站"):
        api.hand_over_site(actor=boss, site_id=sites["g22"].pk, org_code="G08", reason=REASON)
    with pytest.raises(Conflict, match="本来就由"):
        api.hand_over_site(actor=boss, site_id=sites["g22"].pk, org_code="G22", reason=REASON)


def test_a_site_is_closed_step_by_step_and_says_where_it_went(sites, page, publisher, boss, clock, client):
    api.publish_page(actor=publisher, page_id=page.pk)
    row = api.ask_to_close(
        actor=publisher, site_id=sites["g22"].pk, reason=REASON, moved_to="县人民政府门户网站", moved_url="/gov/portal/"
    )
    assert "关停" not in client.get(sites["g22"].url).content.decode()
    api.decide_closing(actor=boss, closing_id=row.pk, agree=True)
    assert "以后关停，内容转到县人民政府门户网站" in client.get(sites["g22"].url).content.decode()
    with pytest.raises(Conflict, match="期满以后"):
        api.close_site(actor=boss, closing_id=row.pk)
    clock.shift(dt.timedelta(days=31))

    row = api.close_site(actor=boss, closing_id=row.pk)

    for address in (sites["g22"].url, page.relative_address(), f"{sites['g22'].url}nowhere/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "县人民政府门户网站" in answer.content.decode()
    assert search.search(actor=anonymous("980723"), query="餐饮店").rows == []
    assert row.archived_pages > 1
    assert len(row.archive_digest) == 64
    assert GovernmentSite.objects.get(pk=sites["g22"].pk).state == "closed"
    with pytest.raises(Conflict, match="已经关停"):
        api.withdraw_page(actor=publisher, page_id=page.pk, reason="关停以后还想改动")


def test_who_asked_does_not_decide_and_the_portal_stays(sites, boss):
    both = town.keeper("both", "site_admin", "site_publisher", org=town.OFFICE)
    row = api.ask_to_close(actor=both, site_id=sites["g22"].pk, reason=REASON, moved_to="门户网站")
    with pytest.raises(NotPermitted, match="另一人"):
        api.decide_closing(actor=both, closing_id=row.pk, agree=True)
    with pytest.raises(Invalid, match="理由"):
        api.decide_closing(actor=boss, closing_id=row.pk, agree=False)
    api.decide_closing(actor=boss, closing_id=row.pk, agree=False, opinion="职责没有调整，不应关停")
    assert Closing.objects.get().state == "refused"
    with pytest.raises(Conflict, match="门户"):
        api.ask_to_close(actor=both, site_id=sites["portal"].pk, reason=REASON, moved_to="别处")


def test_duties_are_held_by_two_people_of_the_unit(sites, editor, publisher):
    stranger = town.keeper("stranger", "site_editor", org=town.CIVIL)
    column = town.column(sites["g22"])
    said = {"actor": publisher, "site_id": sites["g22"].pk, "column_id": column.pk}
    with pytest.raises(Invalid, match="主办单位的网站编辑"):
        api.set_duty(**said, person_id=stranger.person_id)
    with pytest.raises(Invalid, match="另一位"):
        api.set_duty(**said, person_id=editor.person_id, backup_id=editor.person_id)
    with pytest.raises(NotPermitted):
        api.set_duty(**{**said, "actor": editor}, person_id=editor.person_id)

    api.set_duty(**said, person_id=editor.person_id, backup_id=publisher.person_id, cycle_days=14)
    row = api.set_duty(**said, person_id=publisher.person_id, cycle_days=7)

    assert (row.person, row.backup, row.cycle_days) == (publisher.name, "", 7)
    assert sites["g22"].duties.count() == 1
    api.end_duty(**said)
    assert sites["g22"].duties.count() == 0


def test_a_lock_is_taken_over_with_a_reason_and_the_other_is_told(page, editor, publisher):
    api.hold_page(actor=editor, page_id=page.pk)
    with pytest.raises(Conflict, match="锁定"):
        api.hold_page(actor=publisher, page_id=page.pk)
    with pytest.raises(Conflict, match="请接手"):
        api.release_page(actor=publisher, page_id=page.pk)

    api.take_over_page(actor=publisher, page_id=page.pk, reason="编辑人休假，急需更正")

    message = SiteMessage.objects.get(person_id=editor.person_id)
    assert "编辑人休假，急需更正" in message.body
    api.release_page(actor=publisher, page_id=page.pk)
    with pytest.raises(Conflict, match="没有被别人锁定"):
        api.take_over_page(actor=editor, page_id=page.pk, reason="没有人锁定的网页")


def test_a_link_shows_one_version_to_a_stranger_for_three_days(page, editor, clock):
    link = api.make_preview_link(actor=editor, page_id=page.pk, purpose="请县融媒体中心核对")
    office.changed(page, editor, "以后改过的标题")
    address = reverse("sites_desk:preview", args=[api.token_of(link)])

    answer = Client().get(address)

    text = answer.content.decode()
    assert "开展食品安全检查" in text
    assert "以后改过的标题" not in text
    assert (answer["X-Robots-Tag"], "no-store" in answer["Cache-Control"]) == ("noindex, nofollow", True)
    assert Entry.objects.filter(act="sites.preview_read", object_id=str(page.pk)).count() == 1
    assert PreviewLink.objects.get().reads == 1
    assert Client().get(address[:-3] + "xx/").status_code == 404
    clock.shift(dt.timedelta(hours=73))
    assert Client().get(address).status_code == 404


def test_a_link_is_ended_by_who_keeps_the_site_only(page, editor):
    link = api.make_preview_link(actor=editor, page_id=page.pk, purpose="请县融媒体中心核对")
    stranger = town.keeper("stranger", "site_editor", org=town.CIVIL)
    with pytest.raises(NotFound):
        api.end_preview_link(actor=stranger, link_id=link.pk)

    api.end_preview_link(actor=editor, link_id=link.pk)

    assert Client().get(reverse("sites_desk:preview", args=[api.token_of(link)])).status_code == 404
