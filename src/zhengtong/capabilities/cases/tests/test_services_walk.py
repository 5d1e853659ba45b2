import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Deadline, Opinion, WorkItem
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.selectors import desk as selectors
from zhengtong.capabilities.cases.tests.county import citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock, monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    found_county()


def item_of(case_id, node):
    return WorkItem.objects.filter(case_id=case_id, node=node, status="open").get()


def complete(actor, case_id, node, outcome, opinion="", key=None, **more):
    item = item_of(case_id, node)
    key = key or f"{node}-{item.token}"
    api.complete_step(actor=actor, work_item_id=item.id, outcome=outcome, opinion=opinion, command_key=key, **more)
    return item


def review_all(case_id):
    for code, node in {"H05": "fire", "G11": "signboard", "G10": "housing", "H04": "tobacco"}.items():
        complete(officer(code, "clerk"), case_id, f"review_{node}", "agree", "符合要求")


def test_whole_walk_from_application_to_licence(county):
    applicant = citizen()
    case_id = open_restaurant_case(applicant)

    complete(officer("G22", "clerk"), case_id, "accept", "supplement", "缺少场所证明")
    complete(applicant, case_id, "supplement", "submit", as_applicant=True)
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    review_all(case_id)
    complete(officer("G22", "leader"), case_id, "decide", "approve", "同意")
    do_all_work()

    case = api.case_view(actor=officer("G22", "clerk"), case_id=case_id)
    assert (case.status, case.outcome) == ("closed", "approved")
    assert len(case.opinions) == 8
    # the columns hold officials: whose application it is says the case itself
    assert "" in {one.who for one in case.opinions}
    assert applicant.name not in {one.who for one in case.opinions}
    assert not WorkItem.objects.filter(case_id=case_id, done_by=applicant.name).exists()
    acts = [
        entry.act for entry in ledger.entries_of(object_ref=ObjectRef(kind="case", id=str(case_id)), tenant="980723")
    ]
    assert acts.count("cases.review.agree") == 4
    assert {"cases.open", "cases.accept.supplement", "cases.decide.approve", "cases.service_done"} <= set(acts)
    assert not Deadline.objects.filter(case_id=case_id, state__in=["running", "paused"]).exists()


def test_four_departments_review_at_the_same_time_and_the_decision_opens_once(county):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")

    open_units = set(WorkItem.objects.filter(case_id=case_id, status="open").values_list("org_name", flat=True))
    review_all(case_id)

    assert len(open_units) == 4
    assert WorkItem.objects.filter(case_id=case_id, node="decide").count() == 1


def test_leader_returns_and_all_review_again(county):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    review_all(case_id)

    complete(officer("G22", "leader"), case_id, "decide", "return", "消防意见不明确")
    review_all(case_id)

    assert item_of(case_id, "decide").status == "open"
    assert Opinion.objects.filter(case_id=case_id, work_item__phase="review").count() == 8


def test_second_press_of_a_button_does_nothing(county):
    case_id = open_restaurant_case(citizen())
    item = complete(officer("G22", "clerk"), case_id, "accept", "accept", key="press")

    api.complete_step(actor=officer("G22", "clerk"), work_item_id=item.id, outcome="accept", command_key="press")

    assert WorkItem.objects.filter(case_id=case_id, phase="review").count() == 4
    with pytest.raises(Conflict):
        api.complete_step(actor=officer("G22", "clerk"), work_item_id=item.id, outcome="accept", command_key="other")


@pytest.mark.parametrize(
    ("code", "role"), [("H05", "clerk"), ("G22", "leader"), ("G22", "supervisor")], ids=["unit", "role", "watcher"]
)
def test_wrong_unit_or_role_changes_nothing(county, code, role):
    case_id = open_restaurant_case(citizen())
    before = OutboxEvent.objects.count()

    with pytest.raises(NotPermitted):
        complete(officer(code, role), case_id, "accept", "accept")

    assert item_of(case_id, "accept").status == "open"
    assert OutboxEvent.objects.count() == before


def test_official_cannot_answer_for_the_applicant(county):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "supplement", "缺材料")

    with pytest.raises(NotPermitted):
        complete(officer("G22", "clerk"), case_id, "supplement", "submit")


def test_refusal_needs_a_reason(county):
    case_id = open_restaurant_case(citizen())

    with pytest.raises(Invalid) as refusal:
        complete(officer("G22", "clerk"), case_id, "accept", "refuse", "  ")

    assert "理由" in refusal.value.message
    assert item_of(case_id, "accept").status == "open"


def test_case_is_invisible_to_a_unit_that_takes_no_part(county):
    case_id = open_restaurant_case(citizen())

    with pytest.raises(NotFound):
        api.case_view(actor=officer("H05", "clerk"), case_id=case_id)

    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    assert api.case_view(actor=officer("H05", "clerk"), case_id=case_id).number == "980723-2026-1"


def test_withdrawal_closes_everything(county):
    applicant = citizen()
    case_id = open_restaurant_case(applicant)
    complete(officer("G22", "clerk"), case_id, "accept", "accept")

    api.withdraw_case(actor=applicant, case_id=case_id, reason="不开了", command_key="w")

    case = api.case_view(actor=applicant, case_id=case_id, as_applicant=True)
    assert (case.status, case.outcome, case.open_items) == ("closed", "withdrawn", ())


def test_acceptance_that_nobody_answers_becomes_acceptance_by_law(county, clock):
    case_id = open_restaurant_case(citizen())

    clock.move_to(dt.datetime(2026, 11, 16, 16, 0, 1, tzinfo=dt.UTC))  # 24:00 of the fifth working day
    do_all_work()

    case = api.case_view(actor=officer("G22", "clerk"), case_id=case_id)
    assert case.deemed_accepted
    assert case.accepted_on == dt.date(2026, 11, 9)
    promised = next(c for c in case.clocks if c.kind == "promised")
    assert promised.due_on == dt.date(2026, 11, 19)
    with pytest.raises(Invalid, match="视为受理"):
        complete(officer("G22", "clerk"), case_id, "accept", "supplement", "缺材料")
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    assert Deadline.objects.filter(case_id=case_id, kind="promised").count() == 1


def test_lamps_come_yellow_then_red_then_breach_each_once(county, clock):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")

    for day in range(1, 40):
        clock.move_to(START + dt.timedelta(days=day))
        do_all_work()

    events = OutboxEvent.objects.filter(name="cases.deadline_reached.v1").order_by("id")
    seen = [(e.data["kind"], e.data["level"]) for e in events if e.data["kind"] in ("promised", "statutory")]
    assert seen == [("promised", "yellow"), ("promised", "red"), ("statutory", "breach")]
    assert sum(e.data["kind"] == "step" and e.data["level"] == "red" for e in events) == 4


def test_pause_stops_and_resume_moves_the_deadline(county, clock):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    clerk = officer("G22", "clerk")
    before = next(c for c in api.case_view(actor=clerk, case_id=case_id).clocks if c.kind == "promised").due_on

    clock.move_to(START + dt.timedelta(days=1))
    api.pause_clock(
        actor=clerk, case_id=case_id, reason_code="expert_review", note="专家评审需 3 日", cap=api.Limit.parse("NONE")
    )
    stopped = next(c for c in api.case_view(actor=clerk, case_id=case_id).clocks if c.kind == "promised")
    clock.move_to(START + dt.timedelta(days=4))
    api.resume_clock(actor=clerk, case_id=case_id)
    after = next(c for c in api.case_view(actor=clerk, case_id=case_id).clocks if c.kind == "promised")

    assert stopped.due_on is None
    assert stopped.state == "paused"
    assert (before, after.due_on) == (dt.date(2026, 11, 19), dt.date(2026, 11, 24))
    assert sum(line.counted for line in after.days) == 8


def test_two_counties_do_not_see_each_other(county):
    case_id = open_restaurant_case(citizen())
    stranger = officer("G22", "supervisor")
    other = type(stranger)(**{**vars(stranger), "tenant": "980724"})

    with pytest.raises(NotFound):
        api.case_view(actor=other, case_id=case_id)


def test_withdrawal_after_the_decision_is_refused_and_the_paper_comes(county):
    applicant = citizen()
    case_id = open_restaurant_case(applicant)
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    review_all(case_id)
    complete(officer("G22", "leader"), case_id, "decide", "approve", "同意")

    with pytest.raises(Conflict, match="不能再撤回"):
        api.withdraw_case(actor=applicant, case_id=case_id, reason="不开了", command_key="late")

    do_all_work()
    assert api.case_view(actor=applicant, case_id=case_id, as_applicant=True).outcome == "approved"


def test_a_pause_that_outlives_its_cap_stops_the_clock_no_more(county, clock):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    clerk = officer("G22", "clerk")
    api.pause_clock(
        actor=clerk, case_id=case_id, reason_code="expert_review", note="专家评审", cap=api.Limit.parse("2 WD")
    )

    for day in range(1, 40):
        clock.move_to(START + dt.timedelta(days=day))
        do_all_work()

    case = api.case_view(actor=clerk, case_id=case_id)
    promised = next(c for c in case.clocks if c.kind == "promised")
    assert promised.lamp == "red"
    assert not case.paused


def test_what_is_done_is_counted_so_far_and_listed_to_its_end(county, clock, monkeypatch):
    monkeypatch.setattr(selectors, "_COUNTED", 3)
    clerk = officer("G22", "clerk")
    for number in range(5):
        complete(clerk, open_restaurant_case(citizen(), number=str(number)), "accept", "accept")
        clock.shift(dt.timedelta(minutes=1))

    first = api.desk(actor=clerk, queue="done", size=2)
    last = api.desk(actor=clerk, queue="done", page=3, size=2)

    assert (first.total, first.more, [row.number for row in first.rows]) == (3, True, ["4", "3"])
    assert (last.total, last.more, [row.number for row in last.rows]) == (5, False, ["0"])
    assert api.desk(actor=clerk, queue="waiting", size=2).total == 20  # what waits is counted in full
