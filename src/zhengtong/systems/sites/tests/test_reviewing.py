"""Three reviews: one person each, back with an opinion, exactly what was reviewed is published."""

import pytest

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.ledger.models import Entry, Payload
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, Submission
from zhengtong.systems.sites.services.reviewing import follow_review
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sites):
    office.process_in_force()
    office.three_reviews(sites["g22"])
    return office.reviewers()


@pytest.fixture
def page(sites, editor, desk):
    return town.drafted(sites["g22"], editor)


def test_three_people_review_and_the_last_publishes(page, editor, desk, client):
    api.submit_page(actor=editor, page_id=page.pk)
    assert [one.task.step for one in api.review_tasks(desk["first"])] == ["初审"]
    assert api.review_tasks(desk["second"]) == []

    office.judge(desk["first"], opinion="数字已核对")
    office.judge(desk["second"])
    assert client.get(page.relative_address()).status_code == 404
    row = office.judge(desk["final"], "sign")

    assert row.state == "signed"
    assert client.get(page.relative_address()).status_code == 200
    entry = Entry.objects.get(act="sites.publish", object_id=str(page.pk))
    assert entry.actor_person_id == desk["final"].person_id
    case = cases.case_view(actor=system("980723"), case_id=row.case_id)
    assert sorted(one.text for one in case.opinions) == ["", "", "数字已核对"]


def test_what_the_checks_block_is_approved_with_an_opinion_that_says_why(sites, editor, desk):
    page = town.drafted(sites["g22"], editor, source="　")
    api.submit_page(actor=editor, page_id=page.pk)

    with pytest.raises(Conflict, match="没有写明来源"):
        office.judge(desk["first"])
    with pytest.raises(Invalid, match="理由"):
        office.judge(desk["first"], opinion="同意")
    office.judge(desk["first"], opinion="转载自县志，县志没有单位署名")

    entry = Entry.objects.get(act="sites.override", object_id=str(page.pk))
    assert "县志没有单位署名" in Payload.objects.get(entry=entry.uuid).content
    assert office.judge(desk["second"], "return", "请补上来源").state == "returned"


def test_what_was_sent_back_comes_again_from_the_first_review(page, editor, desk):
    api.submit_page(actor=editor, page_id=page.pk)
    office.judge(desk["first"])
    with pytest.raises(Invalid, match="哪里要改"):
        office.judge(desk["second"], "return")
    row = office.judge(desk["second"], "return", "第二段的数字不对")

    assert row.state == "returned"
    assert SiteMessage.objects.filter(person_id=editor.person_id, title__contains="退回修改").count() == 1
    with pytest.raises(Conflict, match="还是退回的那一版"):
        api.submit_page(actor=editor, page_id=page.pk)
    office.changed(page, editor, "开展食品安全检查（改）")
    again = api.submit_page(actor=editor, page_id=page.pk)

    assert (again.pk, again.state, again.passed_by) == (row.pk, "review", [])
    for name, outcome in (("first", "pass"), ("second", "pass"), ("final", "sign")):
        office.judge(desk[name], outcome)
    assert ArticlePage.objects.get(pk=page.pk).title.endswith("（改）")


def test_nobody_reviews_twice_nor_what_he_wrote_or_sent_in(sites, desk):
    all_hands = town.keeper("allhands", "reviewer", "leader", "site_publisher", "site_editor")
    own = town.drafted(sites["g22"], all_hands, title="自己写的")
    api.submit_page(actor=all_hands, page_id=own.pk)
    with pytest.raises(NotPermitted, match="同一个人不能再审"):
        office.judge(all_hands)
    office.judge(desk["first"])
    api.withdraw_submission(actor=all_hands, page_id=own.pk, reason="暂时不发布了")

    other = town.keeper("writer", "site_editor")
    page = town.drafted(sites["g22"], other)
    api.submit_page(actor=other, page_id=page.pk)
    office.judge(all_hands)
    with pytest.raises(NotPermitted, match="同一个人不能再审"):
        office.judge(all_hands)
    office.judge(desk["second"])
    with pytest.raises(NotPermitted, match="同一个人不能再审"):
        office.judge(all_hands, "sign")
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_who_wrote_an_earlier_version_does_not_review_the_newest(sites, editor, desk):
    page = town.drafted(sites["g22"], desk["final"])
    office.changed(page, editor, "后来改过")
    api.submit_page(actor=editor, page_id=page.pk)
    office.judge(desk["first"])
    office.judge(desk["second"])

    with pytest.raises(NotPermitted, match="同一个人不能再审"):
        office.judge(desk["final"], "sign")


def test_exactly_what_was_reviewed_is_published_and_later_changes_wait(page, editor, desk, client):
    api.submit_page(actor=editor, page_id=page.pk)
    office.judge(desk["first"])
    office.changed(page, editor, "没有审过的标题")
    office.judge(desk["second"])
    office.judge(desk["final"], "sign")

    kept = ArticlePage.objects.get(pk=page.pk)
    assert (kept.title, kept.has_unpublished_changes) == ("开展食品安全检查", True)
    assert "没有审过的标题" not in client.get(page.relative_address()).content.decode()


def test_a_signature_alone_does_not_go_past_the_reviews(page, editor, desk):
    with pytest.raises(Conflict, match="须经审核"):
        api.publish_page(actor=desk["final"], page_id=page.pk)
    api.submit_page(actor=editor, page_id=page.pk)
    with pytest.raises(Conflict, match="已经在审核"):
        api.submit_page(actor=editor, page_id=page.pk)
    assert api.waiting_to_be_signed(desk["final"]) == []


@pytest.mark.parametrize(("reviews", "steps"), [(1, ["终审签发"]), (2, ["初审", "终审签发"])])
def test_a_column_may_ask_for_fewer_reviews_than_its_site(sites, editor, desk, reviews, steps):
    column = town.column(sites["g22"])
    api.set_reviews(actor=desk["final"], site_id=sites["g22"].pk, column_id=column.pk, reviews=reviews)
    page = town.drafted(sites["g22"], editor)
    row = api.submit_page(actor=editor, page_id=page.pk)

    if reviews == 2:
        office.judge(desk["first"])
    office.judge(desk["final"], "sign")

    # the clock stands still, so all were written at the same instant
    case = cases.case_view(actor=system("980723"), case_id=row.case_id)
    assert {one.step for one in case.opinions} == set(steps)
    assert ArticlePage.objects.get(pk=page.pk).live


def test_without_reviews_there_is_nothing_to_send_in(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor)
    with pytest.raises(Conflict, match="不用送审"):
        api.submit_page(actor=editor, page_id=page.pk)


def test_without_a_process_in_force_nothing_is_sent_in(sites, editor):
    office.three_reviews(sites["g22"])
    page = town.drafted(sites["g22"], editor)
    with pytest.raises(Conflict, match="流程没有启用"):
        api.submit_page(actor=editor, page_id=page.pk)
    assert not Submission.objects.exists()


def test_a_submission_taken_back_may_come_anew_and_its_tasks_are_gone(page, editor, desk):
    first = api.submit_page(actor=editor, page_id=page.pk)
    task = office.task_of(desk["first"])
    with pytest.raises(Invalid, match="理由"):
        api.withdraw_submission(actor=editor, page_id=page.pk, reason="")
    api.withdraw_submission(actor=editor, page_id=page.pk, reason="还要补充照片")

    assert api.review_tasks(desk["first"]) == []
    with pytest.raises(Conflict):
        api.decide_review(actor=desk["first"], work_item_id=task.id, outcome="pass", command_key="late")
    second = api.submit_page(actor=editor, page_id=page.pk)
    assert second.pk != first.pk
    assert Submission.objects.filter(page_id=page.pk).count() == 2


def test_another_unit_neither_sends_in_nor_reviews_nor_takes_back(sites, page, editor, desk):
    stranger = town.keeper("stranger", "site_editor", "reviewer", "site_publisher", org=town.CIVIL)
    with pytest.raises(NotFound):
        api.submit_page(actor=stranger, page_id=page.pk)
    api.submit_page(actor=editor, page_id=page.pk)
    task = office.task_of(desk["first"])

    assert api.review_tasks(stranger) == []
    with pytest.raises(NotFound):
        api.decide_review(actor=stranger, work_item_id=task.id, outcome="pass", command_key="x")
    with pytest.raises(NotFound):
        api.withdraw_submission(actor=stranger, page_id=page.pk, reason="不让他们发布")
    with pytest.raises(NotFound):
        api.set_reviews(actor=stranger, site_id=sites["g22"].pk, column_id=None, reviews=0)


def test_an_editor_does_not_say_how_many_reviews_his_articles_need(sites, editor):
    with pytest.raises(NotPermitted):
        api.set_reviews(actor=editor, site_id=sites["g22"].pk, column_id=None, reviews=0)
    with pytest.raises(NotFound):
        api.set_reviews(
            actor=town.keeper("boss2", "site_admin", org=town.OFFICE),
            site_id=sites["g22"].pk,
            column_id=town.column(sites["g08"]).pk,
            reviews=0,
        )


def test_a_case_ended_by_another_hand_ends_the_submission(page, editor, desk):
    row = api.submit_page(actor=editor, page_id=page.pk)
    cases.terminate_case(actor=desk["second"], case_id=row.case_id, reason="整批作废", command_key="end")

    follow_review(tenant="980723", case_id=row.case_id)
    follow_review(tenant="980723", case_id=row.case_id)

    row.refresh_from_db()
    assert (row.state, ArticlePage.objects.get(pk=page.pk).live) == ("withdrawn", False)
