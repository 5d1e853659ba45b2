"""Tickets and windows: taken, called, missed, handed on, finished; told in events without anybody's name."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.identity.tests.factories import citizen, tenant
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.service_centre import api
from zhengtong.systems.service_centre.models import Place, Ticket, Window
from zhengtong.systems.service_centre.selectors import figures, tickets
from zhengtong.systems.service_centre.services import (
    book,
    call_next,
    cancel_ticket,
    check_in,
    finish,
    open_window,
    recall,
    return_ticket,
    shut_window,
    skip,
    take_ticket,
    transfer,
)
from zhengtong.systems.service_centre.services import tickets as ticket_services
from zhengtong.systems.service_centre.tests import hall

pytestmark = pytest.mark.django_db


def take(letter="A", **more):
    return take_ticket(actor=anonymous(tenant()), zone=hall.zone(letter), source="kiosk", **more)


def sit(number, username=""):
    actor = hall.operator(number, username)
    open_window(actor=actor, window_id=hall.window(number).id)
    return actor


def state_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).state


def test_numbers_count_per_zone_and_day(county, clock):
    assert [take().number, take().number, take("B").number] == ["A001", "A002", "B001"]
    clock.move_to(hall.START + dt.timedelta(days=1))
    assert take().number == "A001"


def test_no_number_while_the_hall_is_closed(county, clock):
    clock.move_to(dt.datetime(2026, 11, 9, 5, tzinfo=dt.UTC))

    with pytest.raises(Conflict, match="现在休息，14:00 开放"):
        take()


def test_a_person_has_one_number_by_telephone(county):
    person = citizen()
    words = {"actor": person, "zone": hall.zone(), "source": "phone"}
    take_ticket(**words)

    with pytest.raises(Conflict, match="已经取过号"):
        take_ticket(**words)
    first = Ticket.objects.get()
    copy = {field.name: getattr(first, field.name) for field in Ticket._meta.concrete_fields}
    twin = Ticket(**copy | {"id": new_id(), "no": 2, "number": "A002", "code": "OTHER"})
    with pytest.raises(IntegrityError, match="one_each"), transaction.atomic():
        twin.save(force_insert=True)


def test_the_window_calls_in_the_order_of_the_rule(county, clock):
    usual = take()
    clock.shift(dt.timedelta(minutes=10))
    elderly = take(standing="elderly")
    clerk = sit(1)
    key = hall.window(1).id

    first = call_next(actor=clerk, window_id=key)
    with pytest.raises(Conflict, match="还没有办完"):
        call_next(actor=clerk, window_id=key)
    finish(actor=clerk, window_id=key)
    second = call_next(actor=clerk, window_id=key)

    assert [first.id, second.id] == [elderly.id, usual.id]
    finish(actor=clerk, window_id=key)
    assert call_next(actor=clerk, window_id=key) is None


def test_finishing_is_told_with_times_item_and_unit_but_without_the_person(county, clock):
    person = citizen()
    take_ticket(actor=person, zone=hall.zone(), source="phone")
    clerk = sit(1)
    key = hall.window(1).id
    clock.shift(dt.timedelta(minutes=7))
    call_next(actor=clerk, window_id=key)
    clock.shift(dt.timedelta(minutes=5))
    finish(actor=clerk, window_id=key, item_code=hall.ITEM[0], item_name=hall.ITEM[1])

    told = OutboxEvent.objects.get(name="service_centre.ticket_finished.v1").data
    assert (told["wait_seconds"], told["handling_seconds"], told["window"]) == (420, 300, 1)
    assert told["item_code"] == hall.ITEM[0]
    assert told["org_name"] == clerk.org_name
    assert str(person.person_id) not in str(told)


def test_an_appointment_is_checked_in_by_its_code_once(county, clock):
    person = citizen()
    clock.move_to(dt.datetime(2026, 11, 8, 23, tzinfo=dt.UTC))
    found = book(
        actor=person, zone=hall.zone(), slot="2026-11-09T10:30", item_code=hall.ITEM[0], item_name=hall.ITEM[1]
    )
    clock.move_to(hall.START)
    walk_in = take()
    clock.shift(dt.timedelta(minutes=5))
    words = {"actor": anonymous(tenant()), "place": county, "source": "kiosk"}

    ticket = check_in(code=f"{found.code[:4]} {found.code[4:].lower()}", **words)

    assert check_in(code=found.code, **words).id == ticket.id
    assert ticket.item_code == hall.ITEM[0]
    clerk = sit(1)
    called = call_next(actor=clerk, window_id=hall.window(1).id)
    assert called.id == walk_in.id, "the slot begins at half past ten, its head start at ten: who came at ten is first"
    with pytest.raises(NotFound):
        check_in(code="NOTACODE", **words)


def test_an_appointment_of_another_day_or_hall_takes_no_number(county, clock):
    there = hall.town()
    found = book(
        actor=citizen(), zone=hall.zone(), slot="2026-11-10T10:30", item_code=hall.ITEM[0], item_name=hall.ITEM[1]
    )
    stranger = anonymous(tenant())

    with pytest.raises(Conflict, match="不是今天"):
        check_in(actor=stranger, place=county, code=found.code, source="kiosk")
    with pytest.raises(Conflict, match="青禾县政务服务中心办理"):
        check_in(actor=stranger, place=there, code=found.code, source="kiosk")


def test_who_was_missed_comes_back_at_the_end_of_the_line(county, clock):
    first, second = take(), take()
    clerk = sit(1)
    key = hall.window(1).id
    call_next(actor=clerk, window_id=key)
    recall(actor=clerk, window_id=key)
    skip(actor=clerk, window_id=key)
    assert Ticket.objects.get(pk=first.pk).calls == 2
    clock.shift(dt.timedelta(minutes=1))

    return_ticket(actor=clerk, window_id=key, ticket_id=first.id)

    assert call_next(actor=clerk, window_id=key).id == second.id
    finish(actor=clerk, window_id=key)
    assert call_next(actor=clerk, window_id=key).id == first.id


def test_a_ticket_handed_on_goes_first_at_its_new_window_also_across_zones(county):
    take("B")
    moved = take()
    here, there = sit(1), sit(3, "clerk3")
    call_next(actor=here, window_id=hall.window(1).id)
    transfer(actor=here, window_id=hall.window(1).id, to_id=hall.window(3).id)
    Ticket.objects.filter(number="B001").update(since=hall.START + dt.timedelta(minutes=1))

    assert call_next(actor=here, window_id=hall.window(1).id) is None
    assert call_next(actor=there, window_id=hall.window(3).id).id == moved.id
    with pytest.raises(Invalid):
        transfer(actor=there, window_id=hall.window(3).id, to_id=hall.window(3).id)


def test_a_window_named_for_an_item_leaves_others_to_those_named_for_them(county):
    food, firm = take("B", item_code="food"), take("B", item_code=hall.ITEM[0])
    three, four = sit(3), sit(4, "clerk4")

    assert call_next(actor=three, window_id=hall.window(3).id).id == firm.id
    assert call_next(actor=four, window_id=hall.window(4).id).id == food.id


def test_only_who_is_on_the_roster_or_manages_the_hall_sits_at_a_window(county):
    clerk = hall.operator(1)
    with pytest.raises(NotPermitted, match="值班表没有安排您"):
        open_window(actor=clerk, window_id=hall.window(2).id)
    with pytest.raises(NotPermitted):
        open_window(actor=hall.manager("east", ("T02", "青禾县东河镇人民政府")), window_id=hall.window(1).id)

    open_window(actor=hall.manager(), window_id=hall.window(2).id)
    open_window(actor=clerk, window_id=hall.window(1).id)
    with pytest.raises(Conflict, match="开放窗口"):
        call_next(actor=hall.manager("second"), window_id=hall.window(1).id)


def test_nobody_sits_at_two_windows_and_nobody_leaves_with_a_ticket_open(county):
    take()
    boss = hall.manager()
    open_window(actor=boss, window_id=hall.window(1).id)
    with pytest.raises(Conflict, match="1号窗口"):
        open_window(actor=boss, window_id=hall.window(2).id)
    call_next(actor=boss, window_id=hall.window(1).id)
    with pytest.raises(Conflict, match="还没有办完"):
        shut_window(actor=boss, window_id=hall.window(1).id)
    finish(actor=boss, window_id=hall.window(1).id)
    shut_window(actor=boss, window_id=hall.window(1).id)
    assert Window.objects.get(number=1).opened_at is None


def test_giving_up_and_the_end_of_the_day(county, clock):
    gone, left, done = take(), take(), take()
    cancel_ticket(actor=anonymous(tenant()), code=gone.code)
    with pytest.raises(Conflict, match="已取消"):
        cancel_ticket(actor=anonymous(tenant()), code=gone.code)
    clerk = sit(1)
    call_next(actor=clerk, window_id=hall.window(1).id)
    finish(actor=clerk, window_id=hall.window(1).id)
    assert api.end_day() == 0
    clock.move_to(hall.START + dt.timedelta(days=1))

    assert api.end_day() == 1
    assert {state_of(one) for one in (gone, left, done)} == {"cancelled", "finished", "lapsed"}
    assert not tickets.window_desk(hall.window(1)).open, "a window opened yesterday counts as closed"


def test_a_ticket_that_cannot_lapse_keeps_neither_tickets_nor_appointments_open(county, clock, monkeypatch):
    stuck, left = take(), take()
    closed = []
    record = ticket_services.record

    def broken(actor, act, ticket, *more, **words):
        if ticket.pk == stuck.pk:
            raise ValueError("not to be recorded")
        record(actor, act, ticket, *more, **words)

    clock.move_to(hall.START + dt.timedelta(days=1))
    monkeypatch.setattr(ticket_services, "record", broken)
    monkeypatch.setattr(api, "note_missed", lambda: closed.append("appointments") or 0)
    with pytest.raises(RuntimeError):
        api.end_day()

    assert (state_of(stuck), state_of(left), closed) == ("waiting", "lapsed", ["appointments"])


def test_the_days_of_an_invented_past_are_left_to_its_simulator(county, clock, monkeypatch):
    left = take()
    clock.move_to(hall.START + dt.timedelta(days=1))

    monkeypatch.setattr(ticket_services, "not_before", lambda: hall.START + dt.timedelta(days=1))
    assert api.end_day() == 0
    monkeypatch.setattr(ticket_services, "not_before", lambda: hall.START)
    assert api.end_day() == 1
    assert state_of(left) == "lapsed"


def test_every_act_moves_the_version_that_displays_compare(county):
    seen = [Place.objects.get().version]
    take()
    seen.append(Place.objects.get().version)
    clerk = sit(1)
    for act in (call_next, recall, finish, shut_window):
        act(actor=clerk, window_id=hall.window(1).id)
        seen.append(Place.objects.get().version)

    assert seen == sorted(set(seen))


def test_the_holder_sees_how_many_are_before_him_and_about_how_long(county):
    take()
    take()
    mine = take()
    assert tickets.ticket_view(tenant(), mine.code).minutes is None, "no window is open"
    sit(1)

    view = tickets.ticket_view(tenant(), mine.code)

    assert (view.ahead, view.minutes) == (2, 20)


def test_the_board_and_the_statistics_count_what_happened(county, clock):
    for _number in range(3):
        take()
    clerk = sit(1)
    key = hall.window(1).id
    clock.shift(dt.timedelta(minutes=10))
    call_next(actor=clerk, window_id=key)
    clock.shift(dt.timedelta(minutes=6))
    finish(actor=clerk, window_id=key, item_code="food", item_name="食品经营许可")
    call_next(actor=clerk, window_id=key)

    board = figures.today_board(county)
    assert (board.taken, board.finished, board.waiting, board.longest) == (3, 1, 1, 16)
    assert (board.open_windows, board.planned, board.handling) == (1, 4, 6)
    assert board.windows[0].current == "A002"
    found = figures.statistics(county, dt.date(2026, 11, 1), dt.date(2026, 11, 9))
    assert (found.total.taken, found.total.wait_p50, found.total.wait_p90) == (3, 10, 16)
    assert {line.label for line in found.items} == {"食品经营许可", "未登记事项"}
    assert found.windows[0].label == "1 号窗口"


def test_the_rule_is_told_from_its_data(county):
    words = " ".join(tickets.rule_words(tenant()))

    assert "开始前 30 分钟算起" in words
    assert "老年人（60 岁以上）、残疾人" in words
