"""The calendar is changed by two persons, and every running limit follows: recorded, told, explained."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import CalendarChange, CalendarDay, Deadline, ProcessTimer, WorkItem
from zhengtong.capabilities.cases.selectors.calendar import calendar_changes, calendar_outlook
from zhengtong.capabilities.cases.services import calendar as services
from zhengtong.capabilities.cases.services import clock as clock_service
from zhengtong.capabilities.cases.services import timers
from zhengtong.capabilities.cases.tests.clockwork import (
    accepted_case,
    acts,
    at,
    boss,
    clerk,
    clock_of,
    do,
    payload_of,
    single_case,
    told,
)
from zhengtong.capabilities.cases.tests.county import (
    DRAWINGS,
    TENANT,
    citizen,
    found_county,
    officer,
    open_restaurant_case,
)
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
NOTICE = "国办发明电〔2026〕0号"
#: an invented arrangement of 2027: what it frees is what the test says
DECREE = (
    "2027-01-01,放假,元旦\n2027-01-02,放假,元旦\n2027-01-03,放假,元旦\n2027-01-09,上班,元旦\n2027-10-01,放假,国庆节"
)


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-12-24"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock):
    found_county()
    api.forget_calendars()
    yield
    api.forget_calendars()


def keeper():
    return officer("G22", "process_admin")


def decree(text=DECREE, year=2027):
    return services.propose_decree(actor=keeper(), year=year, notice=NOTICE, text=text)


def closure(first="2026-12-28", last="2026-12-29", title="暴雪停工", **more):
    return services.propose_local(
        actor=keeper(),
        first=dt.date.fromisoformat(first),
        last=dt.date.fromisoformat(last),
        title=title,
        source="青防指〔2026〕1号",
        **more,
    )


def grant(change_id, by=None):
    services.decide_change(actor=by or boss(), change_id=change_id, grant=True)
    do_all_work()


def test_a_year_without_notice_is_provisional_and_says_so(county):
    case_id = accepted_case()

    promised = clock_of(case_id, "promised")

    assert promised.provisional
    assert promised.due_on == dt.date(2027, 1, 5)  # Monday to Friday: 1 January counts
    assert promised.sentence.endswith("2027年的日期暂按周一至周五推算，待国务院办公厅公布放假安排后重算。")
    assert calendar_outlook(TENANT).lamp == "yellow"


def test_a_later_notice_projects_running_limits_anew_and_records_it(county):
    case_id = accepted_case()
    item = WorkItem.objects.filter(case_id=case_id, org_name="青禾县消防救援大队").get()
    before = item.due_at

    grant(decree())

    promised = clock_of(case_id, "promised")
    item.refresh_from_db()
    assert (promised.due_on, promised.provisional) == (dt.date(2027, 1, 6), False)
    assert promised.moves[-1].old_due_on == dt.date(2027, 1, 5)
    assert "因2027年放假安排公布（国办发明电〔2026〕0号）重新计算，截止日由2027年1月5日改为2027年1月6日" in promised.why
    assert before is not None
    assert acts(case_id).count("cases.deadline_moved") == 1
    moved = {event["kind"]: event for event in told("deadline_moved")}
    assert moved["promised"]["cause"] == "calendar"
    assert moved["promised"]["reason"] == "2027年放假安排公布（国办发明电〔2026〕0号）"
    assert not Deadline.objects.filter(case_id=case_id, provisional=True).exists()
    change = CalendarChange.objects.get()
    assert (change.checked, change.moved, change.finished_at is not None) == (1, len(told("deadline_moved")), True)


def test_a_closure_of_the_county_moves_the_dates_and_its_withdrawal_moves_them_back(county):
    case_id = accepted_case()
    before = clock_of(case_id, "promised").due_on

    grant(closure())
    closed = clock_of(case_id, "promised")
    lines = {line.day: line.reason for line in closed.days}
    change = CalendarChange.objects.get()
    grant(services.propose_withdrawal(actor=keeper(), change_id=change.id, source="青防指〔2026〕2号"))

    assert closed.due_on == dt.date(2027, 1, 7)
    assert lines[dt.date(2026, 12, 28)] == "本地放假（暴雪停工）"
    assert clock_of(case_id, "promised").due_on == before
    assert not CalendarDay.objects.filter(local=True).exists()


def test_taking_one_closure_back_leaves_the_days_of_another_that_overlaps_it(county):
    case_id = accepted_case()
    first, second = closure("2026-12-28", "2026-12-29"), closure("2026-12-29", "2026-12-30", title="暴雪停工延续")
    grant(first)
    grant(second)

    grant(services.propose_withdrawal(actor=keeper(), change_id=first, source="青防指〔2026〕2号"))

    stands = CalendarDay.objects.filter(local=True).order_by("day").values_list("day", "name")
    assert list(stands) == [(dt.date(2026, 12, 29), "暴雪停工延续"), (dt.date(2026, 12, 30), "暴雪停工延续")]
    assert clock_of(case_id, "promised").due_on == dt.date(2027, 1, 7)
    grant(services.propose_withdrawal(actor=keeper(), change_id=second, source="青防指〔2026〕3号"))
    assert not CalendarDay.objects.filter(local=True).exists()


def test_a_day_goes_back_to_what_the_earlier_arrangement_said(county):
    opening, rest = (
        closure("2026-12-26", "2026-12-29", is_workday=True, title="周末办公"),
        closure("2026-12-26", "2026-12-27"),
    )
    grant(opening)
    grant(rest)

    grant(services.propose_withdrawal(actor=keeper(), change_id=rest, source="青防指〔2026〕2号"))

    stands = CalendarDay.objects.filter(local=True).order_by("day").values_list("day", "is_workday", "source")
    assert list(stands) == [(dt.date(2026, 12, day), True, "青防指〔2026〕1号") for day in range(26, 30)]


def test_the_acceptance_limit_and_its_task_move_together(county):
    case_id = open_restaurant_case(citizen())

    grant(closure())

    item = WorkItem.objects.get(case_id=case_id, node="accept")
    assert clock_of(case_id, "acceptance").due_on == dt.date(2027, 1, 4)
    assert item.due_at == at("2027-01-05", "00:00")


def test_a_closure_declared_afterwards_takes_the_lamp_back_and_lights_it_again(county, clock):
    case_id = accepted_case()
    clock.move_to(at("2027-01-06"))
    do_all_work()
    red = clock_of(case_id, "promised").lamp

    grant(closure(first="2026-12-28", last="2026-12-31"))
    healed = clock_of(case_id, "promised")
    clock.move_to(at("2027-01-12"))
    do_all_work()

    assert (red, healed.lamp, healed.due_on) == ("red", "green", dt.date(2027, 1, 11))
    levels = [event["level"] for event in told("deadline_reached") if event["kind"] == "promised"]
    assert levels == ["red", "red"]


def test_a_capped_stop_follows_the_new_calendar(county):
    case_id = accepted_case()
    api.pause_clock(actor=clerk(), case_id=case_id, reason_code="testing", note="检测", cap=api.Limit.parse("3 WD"))

    grant(closure())

    assert api.case_view(actor=clerk(), case_id=case_id).pauses[0].cap_day == dt.date(2026, 12, 31)


def test_an_ended_limit_is_left_alone(county, clock):
    case_id = accepted_case()
    acceptance = clock_of(case_id, "acceptance")
    clock.shift(dt.timedelta(hours=1))

    grant(closure())

    assert clock_of(case_id, "acceptance") == acceptance


def test_a_calendar_that_was_replaced_since_does_not_explain_an_ended_limit_wrongly(county, clock):
    grant(closure())
    case_id = accepted_case()
    acceptance = clock_of(case_id, "acceptance")
    clock.shift(dt.timedelta(hours=1))

    grant(
        services.propose_withdrawal(
            actor=keeper(), change_id=CalendarChange.objects.get().id, source="青防指〔2026〕2号"
        )
    )

    ended = clock_of(case_id, "acceptance")
    assert (ended.due_on, ended.days) == (acceptance.due_on, ())
    assert "按当时的工作日历截至2027年1月4日" in ended.sentence


def test_nobody_changes_the_calendar_alone(county):
    change = closure()

    with pytest.raises(NotPermitted, match="不能是同一人"):
        grant(change, by=keeper())
    with pytest.raises(NotPermitted, match="另一名流程管理员"):
        grant(change, by=officer("H05", "leader"))
    with pytest.raises(NotPermitted):
        services.propose_decree(actor=boss(), year=2027, notice=NOTICE, text=DECREE)
    with pytest.raises(NotPermitted, match="第二人批准"):
        api.import_calendar(actor=keeper(), text="day,kind,name,notice\n")
    with pytest.raises(NotFound):
        services.decide_change(actor=boss(), change_id=clock_service.new_id(), grant=True)
    assert not CalendarDay.objects.filter(local=True).exists()

    grant(change, by=officer("G11", "process_admin"))
    with pytest.raises(Conflict, match="已经由"):
        grant(change)


def test_a_refusal_needs_a_reason_and_changes_nothing(county):
    change = closure()

    with pytest.raises(Invalid, match="理由"):
        services.decide_change(actor=boss(), change_id=change, grant=False)
    services.decide_change(actor=boss(), change_id=change, grant=False, note="文号有误")

    assert calendar_changes(TENANT)[0].state == "refused"
    assert not CalendarDay.objects.filter(local=True).exists()


def test_a_corrected_notice_leaves_no_day_of_the_first_one(county):
    grant(decree())

    grant(decree(DECREE.replace("2027-01-09,上班,元旦\n", "")))

    assert not CalendarDay.objects.filter(day=dt.date(2027, 1, 9)).exists()
    assert api.calendar_of(TENANT).decreed_years >= {2026, 2027}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2027-13-01,放假,元旦", "第 1 行：日期"),
        ("2027-01-01,休假,元旦", "第 1 行：类别"),
        ("2027-01-01,放假,", "缺少节日名称"),
        ("2026-06-01,放假,元旦", "不属于 2027 年"),
        ("2027-01-04,上班,元旦", "本来就是工作日"),
        ("2027-01-01,放假,元旦\n2027-01-01,放假,元旦", "重复"),
        ("2027-01-01,放假,元旦", "10 月 1 日"),
    ],
)
def test_an_arrangement_that_cannot_be_right_is_refused_by_line(county, text, problem):
    with pytest.raises(Invalid, match=problem) as refusal:
        decree(text)

    assert refusal.value.field == "text"


def test_projecting_twice_records_once(county):
    case_id = accepted_case()
    grant(decree())
    seen = acts(case_id)

    assert api.reproject_tenant(tenant=TENANT, change_id=CalendarChange.objects.get().id) == 0
    assert acts(case_id) == seen


def test_one_failing_case_holds_up_no_other(county, monkeypatch):
    first, second = accepted_case(number="a"), accepted_case(number="b")
    change = closure()
    services.decide_change(actor=boss(), change_id=change, grant=True)
    real = clock_service.reproject

    def failing(case, **more):
        if case.id == first:
            raise ValueError("broken")
        return real(case, **more)

    monkeypatch.setattr(clock_service, "reproject", failing)
    with pytest.raises(RuntimeError, match="1 cases"):
        api.reproject_tenant(tenant=TENANT, change_id=change)
    monkeypatch.undo()
    api.reproject_tenant(tenant=TENANT, change_id=change)

    dues = Deadline.objects.filter(kind="promised").values_list("case_id", "due_on")
    assert dict(dues) == {first: dt.date(2027, 1, 7), second: dt.date(2027, 1, 7)}


def test_another_county_keeps_its_own_calendar(county):
    grant(closure())

    assert not api.calendar_of("980724").describe(dt.date(2026, 12, 28)).reason.startswith("本地")


def test_the_alarm_says_how_far_the_calendar_reaches(county, clock):
    assert "2026年底" in calendar_outlook(TENANT).sentence
    grant(decree())
    assert calendar_outlook(TENANT).lamp == "yellow"  # a year and a week: less than 13 months
    clock.move_to(at("2026-11-20"))
    assert calendar_outlook(TENANT).lamp == "green"
    clock.move_to(at("2028-01-02"))
    api.forget_calendars()
    assert calendar_outlook(TENANT).lamp == "red"


# --- drawn timers --------------------------------------------------------------------------------------------------

#: after five working days without an examination the case goes to who decides
TIMER = """<bpmn:boundaryEvent id="slow" name="审查逾期" attachedToRef="examine">
<bpmn:timerEventDefinition id="slow_after"><bpmn:timeDuration>5 WD</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:sequenceFlow id="flow_slow" sourceRef="slow" targetRef="decide" />
"""


@pytest.fixture
def timed_case(county):
    """A case whose examination runs out after five working days, not by any limit of its own."""
    xml = (DRAWINGS / "standard.bpmn").read_text(encoding="utf-8")
    line = next(line for line in xml.splitlines() if 'id="examine"' in line)
    api.deploy_process(
        actor=keeper(), approver=boss(), key="standard", title="一般办件", bpmn_xml=xml.replace(line, TIMER + line)
    )
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    assert ProcessTimer.objects.get().due_at == at("2027-01-01", "00:00")
    return case_id


def test_a_drawn_timer_follows_the_calendar(timed_case, clock):
    change = closure()
    grant(change)

    timer = ProcessTimer.objects.get()
    assert timer.due_at == at("2027-01-05", "00:00")
    entry = payload_of(ObjectRef(kind="case", id=str(timed_case)), "cases.deadline_moved")
    assert [moved["timer"] for moved in entry["timers"]] == ["审查逾期"]
    assert CalendarChange.objects.get(pk=change).moved == 1 + len(entry["moves"])

    clock.move_to(at("2027-01-04"))
    do_all_work()
    assert WorkItem.objects.filter(case_id=timed_case, node="examine", status="open").exists()
    clock.move_to(at("2027-01-05", "00:00"))
    do_all_work()
    assert WorkItem.objects.get(case_id=timed_case, status="open").node == "decide"


def test_a_timer_that_has_fired_stays_as_it_was(timed_case, clock):
    clock.move_to(at("2027-01-01", "00:00"))
    do_all_work()
    assert ProcessTimer.objects.get().fired_at is not None

    grant(decree())

    assert ProcessTimer.objects.get().due_at == at("2027-01-01", "00:00")


def test_a_timer_that_was_moved_on_while_it_was_about_to_fire_does_not_fire(timed_case, clock):
    clock.move_to(at("2027-01-01", "00:00"))
    ProcessTimer.objects.update(due_at=at("2027-01-06", "00:00"))

    assert timers.take(ProcessTimer.objects.get().id) is None
