"""Pages come and go at their moments, by the services and once; what cannot happen is told."""

import datetime as dt

import pytest

from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, Schedule
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import office

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def page(sites, editor):
    return town.drafted(sites["g22"], editor)


def _live(page):
    return ArticlePage.objects.get(pk=page.pk).live


def test_what_is_signed_for_a_moment_comes_then_and_goes_then(page, publisher, clock, client):
    api.publish_page(actor=publisher, page_id=page.pk, go_live_at=now() + HOUR, expire_at=now() + 3 * HOUR)
    assert (api.run_due(), _live(page)) == (0, False)
    assert api.waiting_to_be_signed(publisher) == []

    clock.shift(HOUR)
    assert (api.run_due(), api.run_due(), _live(page)) == (1, 0, True)
    assert client.get(page.relative_address()).status_code == 200
    clock.shift(2 * HOUR)
    assert (api.run_due(), _live(page)) == (1, False)

    assert client.get(page.relative_address()).status_code == 404
    assert set(Schedule.objects.values_list("state", flat=True)) == {"done"}
    acts = Entry.objects.filter(object_id=str(page.pk), act__in=["sites.publish", "sites.withdraw"])
    assert [(one.act, one.actor_kind) for one in acts.order_by("pk")] == [
        ("sites.publish", "system"),
        ("sites.withdraw", "system"),
    ]


def test_after_three_reviews_it_waits_for_its_moment(sites, editor, clock):
    office.process_in_force()
    office.three_reviews(sites["g22"])
    people = office.reviewers()
    page = town.drafted(sites["g22"], editor)
    api.submit_page(actor=editor, page_id=page.pk, go_live_at=now() + HOUR)
    for name, outcome in (("first", "pass"), ("second", "pass"), ("final", "sign")):
        office.judge(people[name], outcome)
    assert not _live(page)

    clock.shift(HOUR)
    api.run_due()

    assert _live(page)


def test_a_review_that_ends_after_the_moment_publishes_at_once(sites, editor, clock):
    office.process_in_force()
    office.three_reviews(sites["g22"])
    people = office.reviewers()
    page = town.drafted(sites["g22"], editor)
    api.submit_page(actor=editor, page_id=page.pk, go_live_at=now() + HOUR)
    clock.shift(2 * HOUR)

    for name, outcome in (("first", "pass"), ("second", "pass"), ("final", "sign")):
        office.judge(people[name], outcome)

    assert _live(page)
    assert not Schedule.objects.exists()


def test_moments_that_have_passed_or_cross_are_refused(page, publisher):
    with pytest.raises(Invalid, match="现在以后"):
        api.publish_page(actor=publisher, page_id=page.pk, go_live_at=now())
    with pytest.raises(Invalid, match="发布以后"):
        api.publish_page(actor=publisher, page_id=page.pk, go_live_at=now() + HOUR, expire_at=now() + HOUR)
    assert not _live(page)
    assert not Schedule.objects.exists()


def test_publishing_by_hand_before_the_moment_ends_the_moment(page, editor, publisher, clock):
    api.publish_page(actor=publisher, page_id=page.pk, go_live_at=now() + HOUR)
    office.changed(page, editor, "更新的一版")
    api.publish_page(actor=publisher, page_id=page.pk)
    clock.shift(HOUR)

    assert api.run_due() == 0
    assert ArticlePage.objects.get(pk=page.pk).title == "更新的一版"


def test_a_moment_is_taken_back_with_a_reason_by_who_signs(page, editor, publisher, clock):
    api.publish_page(actor=publisher, page_id=page.pk, go_live_at=now() + HOUR)
    row = Schedule.objects.get()
    with pytest.raises(NotPermitted):
        api.cancel_schedule(actor=editor, schedule_id=row.pk, reason="还要再改一改")
    stranger = town.keeper("stranger", "site_publisher", org=town.CIVIL)
    with pytest.raises(NotFound):
        api.cancel_schedule(actor=stranger, schedule_id=row.pk, reason="不让他们发布")
    with pytest.raises(Invalid, match="理由"):
        api.cancel_schedule(actor=publisher, schedule_id=row.pk, reason="")

    api.cancel_schedule(actor=publisher, schedule_id=row.pk, reason="会议改期，另行发布")
    clock.shift(HOUR)

    assert (api.run_due(), _live(page)) == (0, False)
    with pytest.raises(Conflict, match="已经执行或者取消"):
        api.cancel_schedule(actor=publisher, schedule_id=row.pk, reason="再取消一次看看")


def test_what_cannot_happen_at_its_moment_is_told_and_shown(sites, editor, publisher, clock):
    column = town.column(sites["g22"])
    api.schedule_down(actor=publisher, page_id=column.pk, at=now() + HOUR)
    page = town.drafted(sites["g22"], editor)
    api.publish_page(actor=publisher, page_id=page.pk)
    clock.shift(HOUR)

    assert api.run_due() == 1

    row = Schedule.objects.get()
    assert row.state == "failed"
    assert "已发布的网页" in row.note
    assert SiteMessage.objects.filter(person_id=publisher.person_id, title__contains="没有执行").count() == 1
    assert api.late_moments("980723") == (0, 1)


def test_a_worker_that_stands_still_is_late(page, publisher, clock):
    api.publish_page(actor=publisher, page_id=page.pk, go_live_at=now() + HOUR)
    clock.shift(HOUR + dt.timedelta(minutes=6))

    assert api.late_moments("980723") == (1, 0)
    api.run_due()
    assert api.late_moments("980723") == (0, 0)
