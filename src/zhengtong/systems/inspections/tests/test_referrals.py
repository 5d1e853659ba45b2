"""Cards that supervision refers: taken into a plan or set aside by two, hidden from the unit, answered."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import REFERRAL
from zhengtong.systems.inspections.models import Plan, Referral
from zhengtong.systems.inspections.rules import referring
from zhengtong.systems.inspections.services.handing_over import hand_over_organisation_work
from zhengtong.systems.inspections.tests.county import (
    HOUSING,
    LENDING,
    MARKET,
    OFFICE,
    TENANT,
    Town,
    browser,
    member,
    move_card,
    note,
    referred,
    words,
)

pytestmark = pytest.mark.django_db


def acts(row: Referral) -> list[str]:
    ref = ObjectRef(kind=REFERRAL, id=str(row.id))
    return sorted(entry.act.split(".")[1] for entry in ledger.entries_of(tenant=TENANT, object_ref=ref))


def inbox(actor: Actor) -> list[str]:
    return [message.title for message in notify.inbox(actor=actor).rows]


def answers() -> list[dict]:
    return [one.data for one in OutboxEvent.objects.filter(name="inspections.referral_answered.v1").order_by("id")]


def planned(town: Town, row: Referral, **changes) -> Plan:
    plan = api.draft_for_referral(actor=town.office, referral_id=row.id, words=words(**changes))
    api.submit_plan(actor=town.office, plan_id=plan.id)
    return api.approve_plan(actor=town.second, plan_id=plan.id)


def test_a_card_referred_is_looked_into_and_supervision_learns_what_was_found(town: Town) -> None:
    row = referred(town)
    assert (row.state, row.due_on, api.waiting(town.office)) == ("waiting", dt.date(2026, 11, 16), 1)
    assert "收到督查线索" in inbox(town.office)

    plan = planned(town, row)
    api.draw(actor=town.office, plan_id=plan.id)
    row.refresh_from_db()
    visit = row.visit
    assert visit is not None
    pair = town.inspectors(visit)
    api.start_visit(actor=pair[0], visit_id=visit.id, place="办事大厅 3 号窗口")
    for no in (1, 2, 3):
        note(pair[0], visit, no)
    for one in pair:
        api.sign_visit(actor=one, visit_id=visit.id)

    row.refresh_from_db()
    assert (row.state, row.running) == ("done", False)
    (told,) = answers()
    assert (told["card_id"], told["ending"], told["findings"], told["office"]) == (
        str(row.card_id),
        "clean",
        0,
        OFFICE[1],
    )
    assert "检查 3 条，不合格 0 条，未发现问题" in told["words"]
    assert acts(row) == ["answer_referral", "receive_referral", "take_referral"]
    assert api.waiting(town.office) == 0


def test_the_unit_learns_nothing_before_the_visit_was_done(town: Town) -> None:
    row = referred(town)
    own = member("insider", "supervisor", "clerk", org=MARKET)
    plan = planned(town, row)
    api.draw(actor=town.office, plan_id=plan.id)

    for who in (town.market, town.head, own):
        with pytest.raises(NotFound):
            api.referral_view(actor=who, referral_id=row.id)
    page = browser(own)
    assert page.get(reverse("inspections:plan", args=[plan.id])).status_code == 404
    assert plan.number not in page.get(reverse("inspections:plans")).content.decode()
    assert row.card_number not in page.get(reverse("inspections:referrals")).content.decode()
    assert not [title for title in inbox(town.market) if "督查" in title]

    row.refresh_from_db()
    pair = town.inspectors(row.visit)
    assert api.referral_view(actor=pair[0], referral_id=row.id).row == row
    api.start_visit(actor=pair[0], visit_id=row.visit_id, place="办事大厅 3 号窗口")
    for no in (1, 2, 3):
        note(pair[0], row.visit, no)
    for one in pair:
        api.sign_visit(actor=one, visit_id=row.visit_id)
    view = api.referral_view(actor=town.market, referral_id=row.id)
    assert (view.acts, view.acts_now, view.row.outcome != "") == ((), frozenset(), True)
    with pytest.raises(NotFound):
        api.referral_view(actor=town.housing, referral_id=row.id)


def test_a_draft_of_the_unit_takes_it_with_one_point_more(town: Town) -> None:
    row = referred(town)
    of_others = api.draft_plan(actor=town.office, words=words(targets=HOUSING[1]))
    plan = api.draft_plan(actor=town.office, words=words())
    assert api.referral_view(actor=town.second, referral_id=row.id).drafts == (plan,)
    with pytest.raises(Invalid, match="不从"):
        api.take_up(actor=town.second, referral_id=row.id, plan_id=of_others.id)

    api.take_up(actor=town.second, referral_id=row.id, plan_id=plan.id)

    point = plan.points.order_by("-no").first()
    assert (point.no, point.title) == (4, "核查亮牌 JC20260001 的事实")
    plan.refresh_from_db()
    assert plan.made_by_id == town.second.person_id
    with pytest.raises(Conflict, match="已列入计划"):
        api.take_up(actor=town.office, referral_id=row.id, plan_id=plan.id)


@pytest.mark.parametrize("how", ["changed", "not drawn", "cancelled"])
def test_it_comes_back_where_the_plan_does_not_reach_the_unit(town: Town, how: str) -> None:
    row = referred(town)
    if how == "changed":
        plan = api.draft_for_referral(actor=town.office, referral_id=row.id, words=words())
        api.change_plan(actor=town.office, plan_id=plan.id, words=words(targets=HOUSING[1]))
    elif how == "cancelled":
        plan = planned(town, row)
        api.draw(actor=town.office, plan_id=plan.id)
        api.cancel_visit(actor=town.office, visit_id=plan.visits.get().id, reason="窗口已经撤销")
    else:
        while True:
            plan = planned(town, row, targets=f"{MARKET[1]}\n{HOUSING[1]}", pool=LENDING[1])
            api.draw(actor=town.office, plan_id=plan.id)
            if plan.visits.get().org_id == town.housing.org_id:
                break
            row.refresh_from_db()
            assert row.visit.org_id == town.market.org_id
            api.cancel_visit(actor=town.office, visit_id=row.visit_id, reason="换一份计划再抽")

    row.refresh_from_db()
    assert (row.state, row.plan, row.visit, row.running) == ("waiting", None, None, True)
    assert "release_referral" in acts(row)
    assert "督查线索退回待处理" in inbox(town.second)


def test_setting_it_aside_needs_a_reason_and_a_second_person(town: Town) -> None:
    row = referred(town)
    with pytest.raises(Invalid):
        api.set_aside(actor=town.office, referral_id=row.id, reason="不用")
    api.set_aside(actor=town.office, referral_id=row.id, reason="上月已经专项检查过这个窗口。")
    with pytest.raises(NotPermitted, match="另一位"):
        api.look_again(actor=town.office, referral_id=row.id, agreed=True, reason="同意不列入。")
    assert (api.waiting(town.office), api.waiting(town.second)) == (0, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(state="dropped", second_by_id=town.office.person_id)

    api.look_again(actor=town.second, referral_id=row.id, agreed=False, reason="上次没有看这个岗位。")
    assert Referral.objects.get().state == "waiting"
    api.set_aside(actor=town.second, referral_id=row.id, reason="已经由部门自查并且整改。")
    api.look_again(actor=town.office, referral_id=row.id, agreed=True, reason="查过自查报告，同意。")

    row.refresh_from_db()
    assert (row.state, row.running) == ("dropped", False)
    assert [(one["ending"], one["words"]) for one in answers()] == [("aside", "不另行督查：已经由部门自查并且整改。")]


def test_the_limit_to_take_it_up_passes_and_tells(town: Town, clock) -> None:
    row = referred(town)
    clock.move_to(row.yellow_at)
    do_all_work()
    clock.move_to(row.due_at)
    do_all_work()
    do_all_work()

    assert [title for title in inbox(town.second) if "期" in title] == ["督查线索已经超期", "督查线索临近期限"]
    assert acts(row) == ["overdue_referral", "receive_referral", "warn_referral"]
    assert api.referral_view(actor=town.office, referral_id=row.id).limit.lamp == "red"
    assert not [title for title in inbox(town.market) if "线索" in title]


def test_one_per_card_and_a_second_transfer_after_the_answer_begins_anew(town: Town, clock) -> None:
    row = referred(town)
    same = referred(town, card_id=row.card_id, to_inspect="再看一次收件窗口。")
    assert (same.id, same.reason, Referral.objects.count()) == (row.id, "再看一次收件窗口。", 1)
    api.set_aside(actor=town.office, referral_id=row.id, reason="上月已经专项检查过这个窗口。")
    api.look_again(actor=town.second, referral_id=row.id, agreed=True, reason="同意不列入。")
    clock.shift(dt.timedelta(days=7))

    again = referred(town, card_id=row.card_id)

    assert (again.id, again.state, again.outcome, again.due_on) == (row.id, "waiting", "", dt.date(2026, 11, 23))
    move_card(
        card_id=row.card_id,
        card_number=row.card_number,
        org_id=row.org_id,
        org_name=row.org_name,
        act="cancel",
        state="cancelled",
    )
    assert "督查线索的亮牌已撤销" in inbox(town.office)
    with pytest.raises(DatabaseError), transaction.atomic():
        again.acts.all().delete()


def test_a_merged_unit_gives_its_referrals_to_its_heir(town: Town) -> None:
    row = referred(town)

    hand_over_organisation_work(
        actor=town.office, from_org_id=town.market.org_id, to_org_id=town.housing.org_id, reason="机构改革"
    )

    row.refresh_from_db()
    assert row.org_name == HOUSING[1]


def test_only_the_office_acts_and_not_in_its_own_matter(town: Town) -> None:
    row, own = referred(town), referred(town, org=town.office, card_number="JC20260002")

    for who in (town.housing, town.market, town.lent):
        with pytest.raises(NotFound):
            api.set_aside(actor=who, referral_id=row.id, reason="我觉得不用督查。")
    with pytest.raises(NotFound):
        api.set_aside(actor=town.office, referral_id=own.id, reason="我们自己的不用督查。")
    with pytest.raises(NotFound):
        api.draft_for_referral(actor=town.office, referral_id=uuid.uuid4(), words=words())
    with pytest.raises(Invalid) as refused:
        api.draft_for_referral(actor=town.office, referral_id=row.id, words=words(targets=HOUSING[1]))
    assert set(refused.value.errors) == {"targets"}
    assert not Plan.objects.exists()


def test_the_desk_from_the_referral_to_the_plan(town: Town) -> None:
    row = referred(town)
    desk, second = browser(town.office), browser(town.second)
    page = reverse("inspections:referral", args=[row.id])
    assert row.card_number in desk.get(reverse("inspections:desk")).content.decode()
    assert row.card_number in desk.get(reverse("inspections:referrals")).content.decode()
    shown = desk.get(page).content.decode()
    for said in ("红牌", "环节超过办理时限", "同一岗位三次超期", MARKET[1], "5 个工作日", "起草专项督查"):
        assert said in shown

    def act(client, name: str, **data: str) -> int:
        return int(client.post(reverse("inspections:referral_act", args=[row.id, name]), data).status_code)

    assert (act(desk, "take"), act(desk, "aside", reason="短"), act(desk, "vanish")) == (422, 422, 404)
    assert act(desk, "aside", reason="上月已经专项检查过这个窗口。") == 302
    assert "等另一位监察员复核" in desk.get(page).content.decode()
    assert act(desk, "agree", second="同意不列入。") == 403
    assert act(second, "reopen", second="上次没有看这个岗位。") == 302
    assert act(second, "reopen", second="上次没有看这个岗位。") == 409
    new = f"{reverse('inspections:plan_new')}?referral={row.id}"
    form = desk.get(new).content.decode()
    for filled in (MARKET[1], "环节超过办理时限专项督查", "监察编号 JC20260001", "核查亮牌 JC20260001 的事实｜红牌"):
        assert filled in form
    assert desk.get(f"{reverse('inspections:plan_new')}?referral=x").status_code == 404
    typed = {name: getattr(words(), name) for name in words().__dataclass_fields__}
    assert desk.post(new, typed | {"targets": HOUSING[1]}).status_code == 422
    assert desk.post(new, typed).status_code == 302
    assert desk.get(new).status_code == 409
    plan = Plan.objects.get()
    assert row.card_number in desk.get(reverse("inspections:plan", args=[plan.id])).content.decode()
    assert plan.number in desk.get(page).content.decode()
    assert "2026" in desk.get(reverse("inspections:referrals"), {"queue": "taken"}).content.decode()


def test_the_points_of_a_card_are_lines_of_a_form() -> None:
    card = referring.CardFacts(
        number="JC1", level="红牌", rule="规" * 100, unit="某局", case_number="", reason="第一行｜第二格\n第二行|完"
    )

    lines = referring.lines(referring.points_of(card)).splitlines()

    assert [line.count("｜") for line in lines] == [2, 2, 2]
    assert len(referring.subject_of(card)) == 80
