"""The clock of a complaint: working days, lamps, more time, stops with their cap, the end of the time for review."""

import datetime as dt

import pytest

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import anonymous, system
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.services import watching
from zhengtong.systems.complaints.services.handing_over import count_organisation_work, hand_over_organisation_work
from zhengtong.systems.complaints.tests.county import (
    MONDAY,
    TENANT,
    accepted,
    answered,
    assigned,
    drafted,
    official,
    sent,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def due(row: Complaint, kind: str) -> dt.date | None:
    return row.clocks.get(kind=kind).due_on


def levels(row: Complaint) -> list[tuple[str, str]]:
    found = OutboxEvent.objects.filter(object_id=str(row.id), name="complaints.complaint_due.v1").order_by("id")
    return [(one.data["stage"], one.data["level"]) for one in found]


def ticked() -> None:
    while api.tick():
        pass


def test_each_kind_has_its_limit_in_working_days(office) -> None:
    assert due(sent().row, "accept") == dt.date(2026, 11, 16)
    assert due(sent(kind="consult").row, "accept") == dt.date(2026, 11, 10)
    assert due(accepted(office), "answer") == dt.date(2026, 11, 30)
    assert due(accepted(office, kind="consult"), "answer") == dt.date(2026, 11, 12)
    assert due(accepted(office, kind="report"), "answer") == dt.date(2026, 12, 21)


def test_a_limit_turns_yellow_and_red_once_and_is_told(office, handler, clock) -> None:
    row = assigned(office)
    ticked()
    assert levels(row) == []

    clock.move_to(MONDAY + 17 * DAY)
    ticked()
    ticked()
    assert levels(row) == [("answer", "yellow")]
    assert api.queue(actor=handler).rows[0].lamp == "yellow"
    clock.move_to(MONDAY + 22 * DAY)
    ticked()
    ticked()

    assert levels(row) == [("answer", "yellow"), ("answer", "red")]
    assert [one.number for one in api.queue(actor=office, name="late").rows] == [row.number]
    drafted(handler, row)
    api.approve_answer(actor=office, complaint_id=row.id)
    row.refresh_from_db()
    assert row.in_time is False
    view = api.writer_view(row)
    assert [(one.kind, one.kept) for one in view.clocks] == [("accept", True), ("answer", False), ("ask_review", None)]
    assert "超过期限" in [one.title for one in view.acts]


def test_more_time_is_asked_for_once_and_in_time(office, handler, clock) -> None:
    row = assigned(office)

    with pytest.raises(Invalid):
        api.ask_time(actor=handler, complaint_id=row.id, days=16, reason="需要到外地核实。")
    api.ask_time(actor=handler, complaint_id=row.id, days=10, reason="需要到外地核实。")
    with pytest.raises(Conflict):
        api.ask_time(actor=handler, complaint_id=row.id, days=5, reason="需要到外地核实。")
    assert [one.number for one in api.queue(actor=office).rows] == [row.number]
    api.decide_time(actor=office, complaint_id=row.id, grant=True, note="同意，请按期报送。")

    assert due(row, "answer") == dt.date(2026, 12, 14)
    assert "延长 10 个工作日" in api.writer_view(row).clocks[1].limit_label
    late = assigned(office)
    clock.move_to(MONDAY + 30 * DAY)
    with pytest.raises(Conflict, match="已经过了"):
        api.ask_time(actor=handler, complaint_id=late.id, days=5, reason="需要到外地核实。")


def test_no_more_time_leaves_the_limit_and_may_be_asked_again(office, handler) -> None:
    row = assigned(office)
    api.ask_time(actor=handler, complaint_id=row.id, days=10, reason="需要到外地核实。")

    api.decide_time(actor=office, complaint_id=row.id, grant=False, note="事实清楚，不需要延长。")

    assert due(row, "answer") == dt.date(2026, 11, 30)
    assert api.ask_time(actor=handler, complaint_id=row.id, days=3, reason="补充一份录像。").days == 3


def test_a_stop_is_not_counted_and_ends_with_its_cap(office, clock) -> None:
    row = assigned(office)
    clock.move_to(MONDAY + DAY)
    pause = api.suspend(actor=office, complaint_id=row.id, reason="等待鉴定结论。")
    assert pause.cap_day == dt.date(2026, 12, 22)
    with pytest.raises(Conflict):
        api.suspend(actor=office, complaint_id=row.id, reason="等待鉴定结论。")

    clock.move_to(MONDAY + 8 * DAY)
    api.resume(actor=office, complaint_id=row.id)
    assert due(row, "answer") == dt.date(2026, 12, 7)
    api.suspend(actor=office, complaint_id=row.id, reason="等待法院判决。")
    clock.move_to(MONDAY + 60 * DAY)
    ticked()

    assert not row.pauses.filter(end_day__isnull=True).exists()
    assert "自动恢复" in row.acts.filter(kind="resume").last().text
    assert due(row, "answer") == dt.date(2027, 1, 19)


def test_a_stop_ends_with_the_matter_and_not_at_its_cap(office, clock) -> None:
    row = assigned(office)
    pause = api.suspend(actor=office, complaint_id=row.id, reason="等待鉴定结论。")
    clock.move_to(MONDAY + DAY)
    api.withdraw(actor=anonymous(row.tenant), complaint_id=row.id, bearer=True)

    clock.move_to(MONDAY + 90 * DAY)
    ticked()

    pause.refresh_from_db()
    assert pause.end_day == dt.date(2026, 11, 10)
    assert not row.acts.filter(kind="resume").exists()


def test_one_complaint_that_fails_keeps_no_other_from_its_lamp(office, clock, monkeypatch, caplog) -> None:
    first, second = assigned(office), assigned(office)
    light = watching._tell

    def failing(row, *more, **words):
        if row.pk == first.pk:
            raise ValueError("broken")
        light(row, *more, **words)

    monkeypatch.setattr(watching, "_tell", failing)
    clock.move_to(MONDAY + 40 * DAY)

    for _ in range(3):
        with pytest.raises(RuntimeError, match="1 of what was due failed"):
            watching.tick()

    levels = {row: row.clocks.get(ended_at__isnull=True).level for row in (first, second)}
    assert levels == {first: "", second: "red"}
    assert "broken" in caplog.text


def test_a_batch_of_complaints_that_always_fail_keeps_no_other_from_its_lamp(office, clock, monkeypatch) -> None:
    bad = [assigned(office) for _number in range(2)]
    clock.move_to(MONDAY + DAY)
    good = assigned(office)  # the last one whose turn comes
    light = watching._tell

    def failing(row, *more, **words):
        if row.pk != good.pk:
            raise ValueError("broken")
        light(row, *more, **words)

    monkeypatch.setattr(watching, "_tell", failing)
    monkeypatch.setattr(watching, "_BATCH", len(bad))
    clock.move_to(MONDAY + 40 * DAY)

    for _ in range(4):
        with pytest.raises(RuntimeError, match="of what was due failed"):
            watching.tick()
    assert good.clocks.get(ended_at__isnull=True).level == "red"

    monkeypatch.setattr(watching, "_tell", light)
    while watching.tick():
        continue
    assert {row.clocks.get(ended_at__isnull=True).level for row in bad} == {"red"}


def test_nobody_asked_for_a_review_in_time_so_it_is_closed(office, handler, clock) -> None:
    row = answered(office, handler)

    clock.move_to(MONDAY + 40 * DAY)
    ticked()

    row.refresh_from_db()
    assert (row.state, row.ending) == ("closed", "answered")
    assert levels(row) == []


def test_a_new_holiday_moves_the_limit_the_next_day(office, clock) -> None:
    row = accepted(office)
    head = "day,kind,name,notice\n"
    cases.import_calendar(actor=system(TENANT), text=head + "2026-11-12,holiday,本地放假,青禾县人民政府通知\n")
    cases.forget_calendars()

    clock.move_to(MONDAY + DAY)
    ticked()

    assert due(row, "answer") == dt.date(2026, 12, 1)


def test_an_heir_takes_over_what_is_open(office, handler) -> None:
    row = assigned(office)
    heir = identity.organisation(TENANT, official("heir", "clerk", org=("G30", "青禾县数据局")).org_code)
    old = row.handler_org_id
    assert old is not None
    assert count_organisation_work(tenant=TENANT, org_id=old) == 1
    moved = hand_over_organisation_work(actor=system(TENANT), from_org_id=old, to_org_id=heir.id, reason="机构改革")
    row.refresh_from_db()
    assert (moved, row.handler_org_name) == (1, "青禾县数据局")


def test_the_limits_of_an_invented_past_are_left_to_its_simulator(office, clock, monkeypatch) -> None:
    row = assigned(office)
    clock.move_to(MONDAY + 22 * DAY)

    monkeypatch.setattr(watching, "not_before", lambda: MONDAY + DAY)
    ticked()
    assert levels(row) == []
    monkeypatch.setattr(watching, "not_before", lambda: MONDAY - DAY)
    ticked()
    assert levels(row) == [("answer", "red")]
