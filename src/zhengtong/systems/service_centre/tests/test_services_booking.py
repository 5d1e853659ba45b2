"""Appointments: booked within the rules, given back, reminded of, noted when nobody comes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests.factories import agent, citizen, citizen_number, tenant
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.service_centre import api
from zhengtong.systems.service_centre.models import Appointment, Closure, Slot
from zhengtong.systems.service_centre.selectors import places, slots
from zhengtong.systems.service_centre.services import (
    book,
    cancel,
    change,
    close_place,
    remind_waiting,
    reopen_place,
)
from zhengtong.systems.service_centre.services.giving_back import ref_of
from zhengtong.systems.service_centre.tests import hall

pytestmark = pytest.mark.django_db
TUESDAY = hall.TUESDAY


def booked(actor, letter="A", slot=TUESDAY, item=hall.ITEM):
    return book(actor=actor, zone=hall.zone(letter), slot=slot, item_code=item[0], item_name=item[1])


def another(number):
    return citizen("李二", phone=f"1380000{number:04d}", number=citizen_number())


def test_a_citizen_books_a_slot_and_the_ledger_names_nobody(county):
    found = booked(citizen())

    assert found.state == "booked"
    assert len(found.code) == 8
    assert Slot.objects.get().taken == 1
    entry = ledger.entries_of(ref_of(found), tenant())[0]
    assert entry.act == "service_centre.book"
    assert OutboxEvent.objects.filter(name="service_centre.appointment_booked.v1").count() == 1


def test_slots_follow_hours_calendar_and_closures(county):
    days = {day.day: day for day in slots.slot_days(hall.zone())}

    assert min(days) == dt.date(2026, 11, 9)
    assert max(days) == dt.date(2026, 11, 16), "five working days ahead"
    assert days[dt.date(2026, 11, 14)].slots == ()
    assert days[dt.date(2026, 11, 14)].reason == "周末"
    today = {slot.key: slot.open for slot in days[dt.date(2026, 11, 9)].slots}
    assert not today["2026-11-09T10:00"], "half an hour's notice"
    assert today["2026-11-09T10:30"]


def test_a_makeup_saturday_is_open_and_a_holiday_is_not(county, clock):
    rows = "day,kind,name,notice\n2026-11-14,makeup_workday,测试节,测试通知\n2026-11-12,holiday,测试节,测试通知\n"
    cases.import_calendar(actor=system(tenant()), text=rows)
    cases.forget_calendars()

    days = {day.day.day: day for day in slots.slot_days(hall.zone())}

    assert len(days[14].slots) == 14
    assert days[12].slots == ()
    assert days[12].reason == "测试节"


def test_the_last_place_is_given_once(county):
    booked(another(1), "B")

    with pytest.raises(Conflict, match="约满"):
        booked(another(2), "B")
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.update(taken=2)


def test_one_appointment_for_an_item_but_a_firm_has_its_own(county):
    person = citizen()
    booked(person)

    with pytest.raises(Conflict, match="已经有一个预约"):
        booked(person, slot="2026-11-11T09:00")
    booked(person, slot="2026-11-11T09:00", item=("food", "食品经营许可"))
    assert booked(agent(person), slot="2026-11-11T14:00").holder_id != person.person_id


@pytest.mark.parametrize("slot", ["", "2026-11-10T09:07", "2026-11-14T09:00", "2027-01-04T09:00", "x"])
def test_what_is_no_slot_cannot_be_booked(county, slot):
    with pytest.raises(Invalid):
        booked(citizen(), slot=slot)


def test_officials_and_strangers_do_not_book(county):
    with pytest.raises(NotPermitted):
        booked(hall.manager())


def test_a_change_takes_the_new_place_and_gives_the_old_one_back(county):
    person = citizen()
    found = booked(person)

    change(actor=person, appointment_id=found.id, slot="2026-11-10T09:30")

    assert {(row.starts.hour, row.starts.minute, row.taken) for row in Slot.objects.all()} == {(9, 0, 0), (9, 30, 1)}
    with pytest.raises(Invalid):
        change(actor=person, appointment_id=found.id, slot="2026-11-10T09:30")


def test_a_change_to_a_full_slot_leaves_all_as_it_was(county):
    person = citizen()
    booked(another(1), "B")
    found = booked(person, "B", "2026-11-10T09:30")

    with pytest.raises(Conflict):
        change(actor=person, appointment_id=found.id, slot=TUESDAY)

    assert {row.taken for row in Slot.objects.all()} == {1}
    assert Appointment.objects.get(pk=found.id).slot_id == found.slot_id


def test_cancelling_frees_the_place_until_the_slot_begins(county, clock):
    person = citizen()
    first = booked(person)
    cancel(actor=person, appointment_id=first.id)
    assert Slot.objects.get().taken == 0
    second = booked(person)
    clock.move_to(dt.datetime(2026, 11, 10, 1, 1, tzinfo=dt.UTC))

    with pytest.raises(Conflict, match="已经开始"):
        cancel(actor=person, appointment_id=second.id)
    with pytest.raises(NotFound):
        cancel(actor=another(5), appointment_id=second.id)


def test_the_holder_is_reminded_once_the_day_before(county, clock):
    person = citizen()
    booked(person)
    clock.move_to(dt.datetime(2026, 11, 9, 0, 59, tzinfo=dt.UTC))
    assert remind_waiting() == 0, "not before nine"
    clock.move_to(dt.datetime(2026, 11, 9, 1, 1, tzinfo=dt.UTC))

    assert remind_waiting() == 1
    assert remind_waiting() == 0
    assert "明天到青禾县政务服务中心办事" in notify.inbox(actor=person).rows[0].title


def test_one_who_cannot_be_reminded_keeps_nobody_else_from_it(county, clock, monkeypatch):
    first, other = citizen(), another(1)
    for person in (first, other):
        booked(person)
    clock.move_to(dt.datetime(2026, 11, 9, 1, 1, tzinfo=dt.UTC))
    send = notify.send_message

    def broken(**words):
        if words["person_id"] == first.person_id:
            raise ValueError("no such person")
        return send(**words)

    monkeypatch.setattr(notify, "send_message", broken)
    with pytest.raises(RuntimeError, match="1 of what was due failed"):
        remind_waiting()
    assert [len(notify.inbox(actor=one).rows) for one in (first, other)] == [0, 1]

    monkeypatch.setattr(notify, "send_message", send)
    assert remind_waiting() == 1


def test_what_cannot_be_closed_at_the_end_of_a_day_keeps_nothing_else_open(county, clock, monkeypatch):
    appointments = [booked(citizen()), booked(another(1))]
    append = ledger.append

    def broken(**words):
        if words["object_ref"] == ref_of(appointments[0]):
            raise ValueError("not to be recorded")
        return append(**words)

    clock.move_to(dt.datetime(2026, 11, 11, 0, tzinfo=dt.UTC))
    monkeypatch.setattr(ledger, "append", broken)
    with pytest.raises(RuntimeError):
        api.end_day()

    assert [Appointment.objects.get(pk=one.pk).state for one in appointments] == ["booked", "missed"]


def test_who_does_not_come_three_times_rests_from_booking_over_the_net(county, clock):
    person = citizen()
    for day in (10, 11, 12):
        booked(person, slot=f"2026-11-{day}T09:00")
        clock.move_to(dt.datetime(2026, 11, day + 1, 0, tzinfo=dt.UTC))
        assert api.end_day() == 1
        assert api.end_day() == 0

    with pytest.raises(NotPermitted, match="12月12日"):
        booked(person, slot="2026-11-16T09:00")
    clock.move_to(dt.datetime(2026, 12, 14, 1, tzinfo=dt.UTC))
    assert booked(person, slot="2026-12-15T09:00").state == "booked"


def test_closing_the_hall_gives_appointments_back_and_says_why(county):
    person = citizen()
    morning, later = booked(person), booked(another(1), slot="2026-11-10T14:00")
    words = {"first_day": dt.date(2026, 11, 10), "last_day": dt.date(2026, 11, 10), "reason": "停电检修"}
    hours = {"from_time": dt.time(8), "until_time": dt.time(12)}

    told = close_place(actor=hall.manager(), place=county, **words, **hours)

    assert told == 1
    assert Appointment.objects.get(pk=morning.id).state == "cancelled"
    assert Appointment.objects.get(pk=later.id).state == "booked"
    assert "停电检修" in notify.inbox(actor=person).rows[0].body
    days = {day.day.day: day for day in slots.slot_days(hall.zone())}
    assert days[10].slots[0].span.start == dt.time(14)


def test_a_closure_can_be_taken_back(county):
    boss = hall.manager()
    day = dt.date(2026, 11, 9)
    close_place(actor=boss, place=county, first_day=day, last_day=day, reason="停电检修")
    assert places.open_state(county).words == "今天不开放（停电检修），11 月 10 日 08:30 开放"

    reopen_place(actor=boss, closure_id=Closure.objects.get().id)

    assert places.open_state(county).open


def test_only_the_manager_closes_and_nonsense_is_refused(county):
    day = dt.date(2026, 11, 10)
    words = {"place": county, "first_day": day, "last_day": day, "reason": "停电检修"}

    with pytest.raises(NotPermitted):
        close_place(actor=hall.manager("other", ("T02", "青禾县东河镇人民政府")), **words)
    with pytest.raises(Invalid):
        close_place(actor=hall.manager(), **{**words, "last_day": dt.date(2026, 11, 9), "reason": " "})
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "现在休息，08:30 开放"),
        (2, "正在开放，到 12:00"),
        (5, "现在休息，14:00 开放"),
        (10, "今天已经结束，11 月 10 日 08:30 开放"),
    ],
)
def test_the_open_state_says_until_or_from_when(county, clock, hour, words):
    clock.move_to(dt.datetime(2026, 11, 9, hour, 10, tzinfo=dt.UTC))

    assert places.open_state(county).words == words
