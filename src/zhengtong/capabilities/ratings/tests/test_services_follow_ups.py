"""差评整改: opening, contact, rectification, second rating, judgement, and the clock."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.models import FollowUp, FollowUpAct
from zhengtong.capabilities.ratings.registry import CALENDAR, work_calendar
from zhengtong.capabilities.ratings.selectors import follow_ups as selectors
from zhengtong.capabilities.ratings.selectors import subjects
from zhengtong.capabilities.ratings.services import watching
from zhengtong.capabilities.ratings.services.follow_ups import read_contact
from zhengtong.capabilities.ratings.services.handing_over import hand_over_organisation_work
from zhengtong.capabilities.ratings.tests.matters import MONDAY, OTHER, bad, clerk, matter, rated
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import DayRow, WorkCalendar
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.loops import worker_loops
from zhengtong.kernel.models import OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TENANT = "980723"


def told(name: str) -> list[dict]:
    return [row.data for row in OutboxEvent.objects.filter(name=f"ratings.{name}.v1").order_by("id")]


def contact(actor: Actor, row: FollowUp, **changes) -> FollowUp:
    values = {"means": "phone", "reached": True, "text": "已电话说明情况并道歉。"} | changes
    return api.record_contact(actor=actor, follow_up_id=row.id, **values)


def test_a_bad_rating_opens_a_follow_up_with_limits_in_working_days() -> None:
    officer = clerk()
    with time_machine.travel(MONDAY + dt.timedelta(days=4), tick=False):  # a Friday
        row = bad(people.citizen())

    assert (row.state, row.org_name) == ("to_contact", officer.org_name)
    assert row.contact_due_at == dt.datetime(2026, 11, 16, 16, tzinfo=dt.UTC)  # 24:00 of Monday the 16th
    assert row.rectify_due_at == dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)
    assert told("bad_rating_due")[0]["stage"] == "contact"
    assert notify.unread(actor=officer) == 1


def test_from_contact_to_the_second_rating() -> None:
    owner, officer = people.citizen(), clerk()
    ref = matter(owner)
    row = bad(owner, ref=ref, text="来回跑了三次")

    contact(officer, row, reached=False, text="打了两次电话没有人接。")
    with pytest.raises(Conflict, match="请先联系"):
        api.report_rectified(actor=officer, follow_up_id=row.id, text="已经把材料清单改了。")
    contact(officer, row, is_complex=True)
    api.report_rectified(actor=officer, follow_up_id=row.id, text="已经把材料清单改了。")
    second = rated(owner, "very_satisfied", ref, turn="again")

    row.refresh_from_db()
    assert (row.state, row.is_complex, row.closed_at) == ("closed", True, MONDAY)
    assert row.rectify_due_at == dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
    assert list(row.acts.order_by("no").values_list("kind", flat=True)) == [
        "not_reached",
        "contact",
        "rectify",
        "again",
    ]
    assert [data["stage"] for data in told("bad_rating_answered")] == ["contact", "rectify"]
    assert all(data["in_time"] for data in told("bad_rating_answered"))
    assert told("bad_rating_closed")[0]["again"] == second.grade
    assert notify.unread(actor=owner) == 1
    with pytest.raises(Conflict):
        rated(owner, "satisfied", ref, turn="again")


def test_a_second_bad_rating_ends_it_too_and_opens_no_other() -> None:
    owner, officer = people.citizen(), clerk()
    ref = matter(owner)
    row = bad(owner, ref=ref)
    contact(officer, row)
    api.report_rectified(actor=officer, follow_up_id=row.id, text="已经重新培训窗口人员。")

    rated(owner, "very_dissatisfied", ref, turn="again")

    assert FollowUp.objects.get().state == "closed"
    assert told("bad_rating_closed")[0]["again"] == "very_dissatisfied"


def test_a_later_bad_rating_joins_the_open_follow_up() -> None:
    owner = people.citizen()
    ref = matter(owner)
    row = bad(owner, ref=ref)

    rated(owner, "very_dissatisfied", ref, turn="later", text="还是没有人管")

    assert FollowUp.objects.get() == row
    assert row.acts.get().text == "非常不满意。还是没有人管"


def test_only_the_unit_acts_and_only_supervisors_look_on() -> None:
    row = bad(people.citizen())
    neighbour, watcher = clerk("clerk.fire", org=OTHER), clerk("watcher", "supervisor", org=OTHER)

    with pytest.raises(NotFound):
        contact(neighbour, row)
    with pytest.raises(NotPermitted, match="可以查看"):
        contact(watcher, row)
    with pytest.raises(NotFound):
        selectors.follow_up(actor=neighbour, follow_up_id=row.id)
    view = selectors.follow_up(actor=watcher, follow_up_id=row.id)
    assert (view.reads_only, view.acts_now) == (True, frozenset())
    assert selectors.follow_ups(actor=neighbour).total == 0
    assert selectors.follow_ups(actor=watcher).total == 1


@pytest.mark.parametrize("changes", [{"text": "好"}, {"text": "好" * 1001}, {"means": "telepathy"}])
def test_a_call_back_without_words_or_means_is_refused(changes) -> None:
    officer, row = clerk(), bad(people.citizen())

    with pytest.raises(Invalid):
        contact(officer, row, **changes)

    assert not FollowUpAct.objects.exists()


def test_a_second_person_judges_that_a_rating_is_not_counted() -> None:
    owner, officer = people.citizen(), clerk()
    leader, asker = clerk("leader", "leader"), clerk("leader.two", "leader")
    row = bad(owner)
    api.ask_exclusion(actor=asker, follow_up_id=row.id, verdict="malicious", reason="同一人一天内重复辱骂。")

    for actor in (officer, asker):
        with pytest.raises(NotPermitted):
            api.judge(actor=actor, follow_up_id=row.id, exclude=True, reason="情况属实，认定。")
    api.judge(actor=leader, follow_up_id=row.id, exclude=True, reason="情况属实，认定。")

    row.refresh_from_db()
    assert (row.state, row.verdict, row.judged_by_id) == ("excluded", "malicious", leader.person_id)
    found = api.figures(TENANT)
    assert (found.rated, found.excluded) == (0, 1)
    assert api.ratings_of(TENANT, ObjectRef(kind=row.subject_kind, id=row.subject_id))[0].excluded == "恶意评价"
    assert told("bad_rating_judged")[0]["verdict"] == "malicious"
    assert notify.unread(actor=owner) == 1


def test_a_refused_request_leaves_the_rating_counted_and_can_be_made_again() -> None:
    officer, leader = clerk(), clerk("leader", "leader")
    row = bad(people.citizen())
    ask = {"actor": officer, "follow_up_id": row.id, "verdict": "not_ours", "reason": "说的是隔壁窗口。"}
    api.ask_exclusion(**ask)

    with pytest.raises(Conflict, match="已经申请过"):
        api.ask_exclusion(**ask)
    api.judge(actor=leader, follow_up_id=row.id, exclude=False, reason="评价说的就是我局。")
    api.ask_exclusion(**ask)

    row.refresh_from_db()
    assert (row.state, row.asked_verdict, row.verdict) == ("to_contact", "not_ours", "")
    assert api.figures(TENANT).bad == 1


def test_the_database_refuses_one_person_in_both_roles_and_changes_of_the_record() -> None:
    officer, row = clerk(), bad(people.citizen())
    contact(officer, row)

    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=row.pk).update(asked_by_id=officer.person_id, judged_by_id=officer.person_id)
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        FollowUpAct.objects.update(text="改过的话")


def test_limits_that_pass_are_told_once(clock) -> None:
    officer = clerk()
    row = bad(people.citizen())
    clock.move_to(row.contact_due_at - dt.timedelta(seconds=1))
    watching.tick()
    assert told("bad_rating_overdue") == []

    clock.move_to(row.contact_due_at)
    assert watching.tick() == 1
    assert watching.tick() == 0
    clock.move_to(row.rectify_due_at)
    watching.tick()

    row.refresh_from_db()
    assert [data["stage"] for data in told("bad_rating_overdue")] == ["contact", "rectify"]
    assert row.contact_late_at is not None
    assert row.rectify_late_at is not None
    assert notify.unread(actor=officer) == 3
    assert selectors.follow_ups(actor=officer, queue="late").total == 1
    contact(officer, row)
    assert told("bad_rating_answered")[0]["in_time"] is False


def test_the_worker_asks_and_the_time_to_rate_again_ends(clock) -> None:
    officer, row = clerk(), bad(people.citizen())
    contact(officer, row)
    row = api.report_rectified(actor=officer, follow_up_id=row.id, text="已经补办并当面道歉。")
    loop = worker_loops.get("ratings_follow_ups")

    clock.move_to(row.again_due_at)
    loop.fn()

    row.refresh_from_db()
    assert (loop.timed, row.state) == (True, "closed")
    assert row.acts.get(kind="close").person_name == "系统"
    assert told("bad_rating_closed")[0]["again"] == ""


def test_a_rest_day_decreed_later_moves_the_limits_of_the_next_day(clock, monkeypatch) -> None:
    row = bad(people.citizen())
    rest = DayRow(dt.date(2026, 11, 10), is_workday=False, name="本地", source="通知", local=True)
    changed = WorkCalendar([rest], first_year=2025, last_year=2028)
    monkeypatch.setattr(watching, "calendar_of", lambda tenant: changed)

    clock.move_to(MONDAY + dt.timedelta(days=1))
    watching.tick()

    row.refresh_from_db()
    assert row.contact_due_at == dt.datetime(2026, 11, 11, 16, tzinfo=dt.UTC)
    assert told("bad_rating_overdue") == []


def test_the_calendar_is_that_of_the_cases() -> None:
    assert CALENDAR in work_calendar
    assert subjects.calendar_of(TENANT).is_workday(dt.date(2026, 11, 9))


def test_one_failing_follow_up_holds_up_no_other(clock, monkeypatch, caplog) -> None:
    first, second = bad(people.citizen()), bad(people.citizen("李二", phone="13800000002"))
    original = watching._overdue

    def failing(row, *more):
        if row.pk == first.pk:
            raise ValueError("broken")
        original(row, *more)

    monkeypatch.setattr(watching, "_overdue", failing)
    clock.move_to(second.contact_due_at)

    with pytest.raises(RuntimeError, match="1 of what was due failed"):
        watching.tick()

    second.refresh_from_db()
    assert second.contact_late_at is not None
    assert "broken" in caplog.text


def test_reading_how_to_reach_the_person_is_recorded_and_not_open_for_the_anonymous() -> None:
    owner, officer = people.citizen(phone="13800000007"), clerk()
    row, hidden = bad(owner), bad(owner, anonymous=True)

    found = read_contact(actor=officer, follow_up_id=row.id)

    assert found.phone == "13800000007"
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="bad_rating", id=str(row.id)), TENANT)]
    assert "ratings.read_contact" in acts
    with pytest.raises(NotPermitted, match="没有向单位公开"):
        read_contact(actor=officer, follow_up_id=hidden.id)
    assert "匿名" in selectors.follow_up(actor=officer, follow_up_id=hidden.id).rater


def test_an_heir_takes_over_what_is_open() -> None:
    row = bad(people.citizen())
    heir = clerk("clerk.fire", org=OTHER)

    count = hand_over_organisation_work(
        actor=system(TENANT), from_org_id=row.org_id, to_org_id=heir.org_id, reason="机构改革"
    )

    row.refresh_from_db()
    assert (count, row.org_name, row.rating.org_name) == (1, heir.org_name, "青禾县市场监督管理局")
    assert contact(heir, row).state == "contacted"


def test_the_limits_of_an_invented_past_are_left_to_its_simulator(clock, monkeypatch) -> None:
    bad(people.citizen())
    clock.move_to(MONDAY + dt.timedelta(days=3))

    monkeypatch.setattr(watching, "not_before", lambda: MONDAY + dt.timedelta(days=1))
    assert api.tick() == 0
    monkeypatch.setattr(watching, "not_before", lambda: MONDAY - dt.timedelta(days=1))
    assert api.tick() == 1
