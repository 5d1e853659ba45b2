"""The daily inspection: once a day and site, resumed where it broke, opened once, closed when mended, cheap."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel import letters
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import (
    DutyReminder,
    GovernmentSite,
    InspectionRun,
    PageReading,
    SiteCheck,
    SiteFinding,
    SiteReach,
)
from zhengtong.systems.sites.selectors import inspection_board as board
from zhengtong.systems.sites.services import inspecting, probing
from zhengtong.systems.sites.services.page_readings import read_pages
from zhengtong.systems.sites.services.reminding import remind
from zhengtong.systems.sites.services.words import keep_words
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


def _run():
    return api.inspect_county(tenant=people.tenant())


def _import(code, column, *, day=None, text="<p>本周对 42 家餐饮店开展检查。</p>", slug="a1"):
    words = api.ArticleWords(
        slug=slug, title="开展检查", published_on=day or local_date(), source="市场监管局", text=text
    )
    api.import_articles(actor=system(people.tenant()), site_code=code, articles={column: [words]})


def _open(site, indicator):
    return list(SiteFinding.objects.filter(site=site, indicator=indicator, closed_on=None))


def test_a_run_looks_at_every_site_once_a_day_and_a_second_call_does_nothing(sites):
    run = _run()
    entries, found = Entry.objects.count(), SiteFinding.objects.count()
    again = _run()

    assert (run.done, run.sites, run.finished_at is not None) == (3, 3, True)
    assert again.pk == run.pk
    assert SiteCheck.objects.count() == 3
    assert (Entry.objects.count(), SiteFinding.objects.count()) == (entries, found)
    assert OutboxEvent.objects.filter(name="sites.lamp_changed.v1").count() == 3


def test_a_run_that_broke_off_goes_on_where_it_stood(sites, monkeypatch):
    monkeypatch.setattr(inspecting, "_BATCH", 1)
    while not SiteCheck.objects.exists():
        inspecting.step(people.tenant())
    first = SiteCheck.objects.get()
    assert InspectionRun.objects.get().done == 1
    assert InspectionRun.objects.get().finished_at is None

    assert _run().done == 3
    assert SiteCheck.objects.get(site=first.site_id).pk == first.pk


def test_a_finding_opens_once_and_closes_when_mended_and_a_new_one_opens_when_it_comes_again(sites, clock):
    _run()
    [empty] = [one for one in _open(sites["g22"], "empty") if one.place == "通知公告"]
    clock.shift(dt.timedelta(days=1))
    _run()
    assert [one.pk for one in _open(sites["g22"], "empty") if one.place == "通知公告"] == [empty.pk]

    _import("g22", "notices")
    clock.shift(dt.timedelta(days=1))
    _run()

    empty.refresh_from_db()
    assert empty.closed_on == local_date()
    clock.shift(dt.timedelta(days=181))
    _run()
    [stale] = [one for one in _open(sites["g22"], "notice_stale") if one.place == "通知公告"]
    assert stale.opened_on == local_date()


def test_what_a_finding_says_is_never_overwritten(sites):
    _run()
    row = SiteFinding.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteFinding.objects.filter(pk=row.pk).update(evidence="没有问题")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    SiteFinding.objects.filter(pk=row.pk).update(closed_on=local_date())
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteFinding.objects.filter(pk=row.pk).update(closed_on=None)


def test_a_day_typed_later_than_the_page_came_online_does_not_freshen_a_column(sites, clock):
    _import("g22", "news", day=local_date() + dt.timedelta(days=20))
    clock.shift(dt.timedelta(days=15))

    _run()

    assert [one.place for one in _open(sites["g22"], "news_stale")] == ["工作动态"]


def test_wrong_words_and_dead_links_are_found_on_published_pages_and_close_when_the_page_is_down(sites, publisher):
    text = (
        '<p>机密★ 截止目前，见<a href="/gov/g08/news/none/">方案</a>、'
        '<a href="/gov/g08/news/">动态</a>、<a href="https://">外网</a>、<a href="https://www.gov.cn/">国务院</a></p>'
    )
    _import("g22", "news", text=text)
    _run()

    assert len(_open(sites["g22"], "serious")) == 1
    assert {one.evidence.split("“")[1].split("”")[0] for one in _open(sites["g22"], "dead_link")} == {"方案", "外网"}
    assert board.newest_check(sites["g22"]).lamp == "red"

    page = town.ArticlePage.objects.get(site=sites["g22"])
    api.withdraw_page(actor=publisher, page_id=page.pk, reason="误发，先撤下来改正")
    api.inspect_site(actor=publisher, site_id=sites["g22"].pk)
    assert not _open(sites["g22"], "serious")


def test_a_page_is_read_once_until_it_or_the_dictionary_changes(sites):
    _import("g22", "news")
    _run()
    ids = [site.pk for site in sites.values()]
    read = PageReading.objects.count()

    assert read_pages(people.tenant(), ids) == 0
    boss = town.keeper("boss", "site_admin", org=town.OFFICE)
    keep_words(actor=boss, text="餐饮店 餐饮单位", note="改用规范的说法", seen=0)
    assert read_pages(people.tenant(), ids) == read
    assert PageReading.objects.count() == read


def test_unanswered_letters_come_in_through_the_door_by_unit(sites, monkeypatch):
    oldest = local_date() - dt.timedelta(days=120)

    def waiting(_tenant, _before):
        return [letters.Waiting(sites["g22"].org_id, 2, oldest), letters.Waiting(None, 1, oldest)]

    box = letters.LetterBox("来信", waiting, lambda _tenant, _year: {})
    monkeypatch.setattr(letters.letter_boxes, "_items", {"letters": box})
    _run()

    assert [one.key for one in _open(sites["g22"], "unanswered")] == ["letters"]
    assert "2 件" in _open(sites["g22"], "unanswered")[0].evidence
    assert len(_open(sites["portal"], "unanswered")) == 1
    assert not _open(sites["g08"], "unanswered")


def _county_of(number):
    boss = system(people.tenant())
    for place in range(number):
        people.organisation(f"X{place:02}", f"第{place}局")
    api.open_sites(actor=boss, org_codes=[f"X{place:02}" for place in range(number)])


def _statements():
    tenant = people.tenant()
    found = list(GovernmentSite.objects.order_by("code"))
    while read_pages(tenant, [site.pk for site in found]):
        pass
    with CaptureQueriesContext(connection) as caught, transaction.atomic():
        inspecting.inspect_batch(system(tenant), found, local_date())
    return len(caught)


def test_thirty_sites_cost_as_many_statements_as_three(clock, db):
    town.county()
    _county_of(3)
    few = _statements()
    _county_of(30)
    many = _statements()

    assert GovernmentSite.objects.count() == 30
    assert many <= few + 1
    assert many < 25


def test_the_home_is_opened_through_the_platform_and_counted(sites):
    assert probing.problem_of(sites["g22"]) == ""
    GovernmentSite.objects.filter(pk=sites["g22"].pk).update(state="closed")
    assert probing.probe(sites["g22"]) == "回答 404"

    row = SiteReach.objects.get(site=sites["g22"])
    assert (row.tries, row.failures) == (1, 1)


def test_homes_are_opened_once_an_hour(sites, clock):
    assert probing.probe_due() == 3
    assert probing.probe_due() == 0
    clock.shift(dt.timedelta(minutes=61))
    assert probing.probe_due() == 3
    assert SiteReach.objects.get(site=sites["g22"]).tries == 2


def test_five_percent_of_a_week_of_failures_is_a_veto_that_closes_when_the_week_has_passed(sites, clock):
    row = SiteReach(tenant=people.tenant(), site=sites["g22"], day=local_date(), tries=24, failures=2, last_at=now())
    row.save()
    _run()
    assert len(_open(sites["g22"], "unreachable")) == 1
    clock.shift(dt.timedelta(days=7))
    _run()
    assert not _open(sites["g22"], "unreachable")


def test_the_findings_of_a_closed_site_are_closed_with_the_next_run(sites, clock):
    _run()
    GovernmentSite.objects.filter(pk=sites["g22"].pk).update(state="closed")
    clock.shift(dt.timedelta(days=1))
    _run()
    assert not SiteFinding.objects.filter(site=sites["g22"], closed_on=None).exists()
    assert SiteFinding.objects.filter(site=sites["g08"], closed_on=None).exists()


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


def test_an_accepted_explanation_takes_a_finding_out_of_the_count_and_needs_two_people(sites, publisher, boss):
    _run()
    row = _open(sites["g22"], "empty")[0]
    before = board.newest_check(sites["g22"]).counts["empty"]
    with pytest.raises(Invalid):
        api.explain_finding(actor=publisher, finding_id=row.pk, words="短")
    api.explain_finding(actor=publisher, finding_id=row.pk, words="栏目正在改版，本月底上线")
    with pytest.raises(NotPermitted):
        api.review_explanation(actor=publisher, finding_id=row.pk, accept=True)
    with pytest.raises(Invalid):
        api.review_explanation(actor=boss, finding_id=row.pk, accept=False, opinion="")

    api.review_explanation(actor=boss, finding_id=row.pk, accept=True)

    assert board.newest_check(sites["g22"]).counts["empty"] == before - 1
    with pytest.raises(Conflict):
        api.review_explanation(actor=boss, finding_id=row.pk, accept=True)
    own = _open(sites["portal"], "empty")[0]
    api.explain_finding(actor=boss, finding_id=own.pk, words="栏目正在改版，本月底上线")
    with pytest.raises(NotPermitted, match="另一人"):
        api.review_explanation(actor=boss, finding_id=own.pk, accept=True)


def test_nobody_explains_what_another_unit_answers_for(sites, publisher):
    _run()
    with pytest.raises(NotFound):
        api.explain_finding(actor=publisher, finding_id=_open(sites["g08"], "empty")[0].pk, words="不归我们管理")
    with pytest.raises(NotFound):
        api.inspect_site(actor=publisher, site_id=sites["g08"].pk)


def test_only_the_keeper_of_the_group_has_all_sites_looked_at_again(sites, publisher, boss):
    _run()
    with pytest.raises(NotPermitted):
        api.inspect_again(actor=publisher)
    found = set(SiteFinding.objects.values_list("pk", flat=True))

    api.inspect_again(actor=boss)
    assert InspectionRun.objects.get().finished_at is None
    inspecting.nightly()
    _run()

    assert SiteCheck.objects.count() == 3
    assert set(SiteFinding.objects.values_list("pk", flat=True)) == found


def test_the_night_begins_at_its_hour(sites, clock):
    clock.move_to(dt.datetime(2026, 11, 9, 16, 30, tzinfo=dt.UTC))  # half past midnight in the county
    assert inspecting.nightly() == 0
    clock.shift(dt.timedelta(minutes=30))
    assert inspecting.nightly() > 0


def test_who_answers_is_told_before_and_after_the_time_runs_out_once_a_day_in_one_message(sites, publisher, clock):
    editor, leader = town.keeper("writer", "site_editor"), town.keeper("head", "leader")
    for slug in ("news", "notices"):
        _import("g22", slug)
        api.set_duty(
            actor=publisher,
            site_id=sites["g22"].pk,
            column_id=town.column(sites["g22"], slug).pk,
            person_id=editor.person_id,
            cycle_days=10,
        )
    tenant = people.tenant()

    def told(person):
        return SiteMessage.objects.filter(person_id=person.person_id, link__contains="inspection").count()

    clock.shift(dt.timedelta(days=6))
    remind(tenant)
    assert told(editor) == 0
    clock.shift(dt.timedelta(days=1))
    remind(tenant)
    remind(tenant)
    assert (told(editor), told(leader)) == (1, 0)
    clock.shift(dt.timedelta(days=6))
    remind(tenant)
    assert (told(editor), told(leader)) == (2, 0)
    clock.shift(dt.timedelta(days=1))
    remind(tenant)
    assert (told(editor), told(leader)) == (3, 1)
    assert DutyReminder.objects.filter(person_id=editor.person_id).count() == 3
    last = SiteMessage.objects.filter(person_id=editor.person_id).order_by("-created_at").first()
    assert "工作动态" in last.body
    assert "通知公告" in last.body


def test_the_league_table_is_the_sum_of_its_rows(sites, boss, publisher):
    _run()
    points = board.points_of(people.tenant(), local_date())

    table = board.league(boss, local_date())

    assert {one.site.code for one in table} == {"portal", "g22", "g08"}
    for one in table:
        rows = board.league_rows(one.site, local_date())
        assert float(one.score) == pytest.approx(max(0, 100 - sum(points[row.indicator] for row in rows)))
        assert one.findings == rows.count()
    assert [one.site.code for one in board.league(publisher, local_date())] == ["g22"]
    assert board.league(boss, local_date() - dt.timedelta(days=60)) == []


def test_the_health_page_knows_a_night_without_inspection(sites, clock):
    assert "没有监测" in api.late_inspection(people.tenant())
    _run()
    assert api.late_inspection(people.tenant()) == ""
    clock.shift(dt.timedelta(days=1))
    assert "没有监测" in api.late_inspection(people.tenant())


def test_supervisors_and_keepers_of_the_group_see_all_sites_others_their_own(sites, boss, publisher):
    supervisor = people.official("watcher", "supervisor", org_code="C02", org_name=town.OFFICE[1], name="监察甲")
    leader = town.keeper("head", "leader")
    clerk = town.keeper("clerk", "clerk")

    def codes(actor):
        return {one.site.code for one in board.board(actor)}

    assert codes(boss) == codes(supervisor) == {"portal", "g22", "g08"}
    assert codes(publisher) == codes(leader) == {"g22"}
    assert codes(clerk) == set()
