"""At the same moment: the last place goes to one, a ticket to one window, and nobody is left out."""

import concurrent.futures
import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection

from zhengtong.capabilities.identity.tests.factories import citizen, citizen_number, official, tenant
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.service_centre.models import Appointment, Duty, DutyRequest, Slot, Ticket, Window
from zhengtong.systems.service_centre.services import (
    add_window,
    ask,
    book,
    call_next,
    change,
    close_place,
    copy_week,
    decide,
    finish,
    open_window,
    set_duties,
    take_ticket,
)
from zhengtong.systems.service_centre.tests import hall

pytestmark = pytest.mark.usefixtures("committed_db", "clock")


def together(*works):
    """What each work answers, all begun at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait(timeout=10)
            return work()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(len(works)) as pool:
        return [one.result(timeout=30) for one in [pool.submit(run, work) for work in works]]


def test_the_last_place_goes_to_one_of_many():
    hall.hall()
    people = [citizen("李二", phone=f"1380000{n:04d}", number=citizen_number()) for n in range(5)]
    zone = hall.zone("B")

    def booking(person):
        words = {"slot": "2026-11-10T09:00", "item_code": hall.ITEM[0], "item_name": hall.ITEM[1]}
        return lambda: book(actor=person, zone=zone, **words)

    answers = together(*map(booking, people))

    assert sum(isinstance(one, Appointment) for one in answers) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == 4
    assert Slot.objects.get().taken == 1 == Appointment.objects.filter(state="booked").count()


def test_two_who_change_into_each_others_slots_do_not_lock_each_other_out():
    hall.hall()
    people = [citizen("李二", phone=f"1380000{n:04d}", number=citizen_number()) for n in range(2)]
    days = ("2026-11-10T09:00", "2026-11-10T09:30")
    words = {"zone": hall.zone("A"), "item_code": hall.ITEM[0], "item_name": hall.ITEM[1]}
    kept = [book(actor=person, slot=day, **words) for person, day in zip(people, days, strict=True)]

    answers = together(
        lambda: change(actor=people[0], appointment_id=kept[0].id, slot=days[1]),
        lambda: change(actor=people[1], appointment_id=kept[1].id, slot=days[0]),
    )

    assert all(isinstance(one, Appointment) for one in answers)
    assert sorted(Slot.objects.values_list("taken", flat=True)) == [1, 1]


def test_two_operators_who_press_at_once_call_everybody_once():
    hall.hall()
    stranger, zone = anonymous(tenant()), hall.zone()
    for _number in range(6):
        take_ticket(actor=stranger, zone=zone, source="kiosk")
    clerks = {number: hall.operator(number) for number in (1, 2)}
    windows = {number: hall.window(number).id for number in clerks}
    for number, clerk in clerks.items():
        open_window(actor=clerk, window_id=windows[number])

    called = []
    for _round in range(3):
        answers = together(*(pressing(clerks[n], windows[n]) for n in clerks))
        called += [one.number for one in answers]
        for number, clerk in clerks.items():
            finish(actor=clerk, window_id=windows[number])

    assert sorted(called) == [f"A{n:03d}" for n in range(1, 7)]
    assert set(Ticket.objects.values_list("state", flat=True)) == {"finished"}


def pressing(clerk, window_id):
    return lambda: call_next(actor=clerk, window_id=window_id)


def test_tickets_taken_at_once_have_numbers_without_gap_or_double():
    hall.hall()
    stranger, zone = anonymous(tenant()), hall.zone()

    answers = together(*[lambda: take_ticket(actor=stranger, zone=zone, source="kiosk")] * 6)

    assert sorted(one.no for one in answers) == [1, 2, 3, 4, 5, 6]
    assert Ticket.objects.filter(day=dt.date(2026, 11, 9)).count() == 6


def test_of_two_who_add_a_window_of_one_number_the_second_is_told():
    hall.hall()
    boss, zone = hall.manager(), hall.zone()

    refused = meeting(
        lambda: add_window(actor=boss, zone=zone, number=77, name="甲"),
        lambda: add_window(actor=boss, zone=zone, number=77, name="乙"),
    )

    assert isinstance(refused, Invalid)
    assert Window.objects.get(number=77).name == "甲"


def test_one_operator_opens_one_of_two_windows_at_once():
    hall.hall()
    clerk = hall.operator(1)
    hall.put(clerk, 2, half="pm")
    one, two = hall.window(1), hall.window(2)

    answer = meeting(
        lambda: open_window(actor=clerk, window_id=one.id), lambda: open_window(actor=clerk, window_id=two.id)
    )

    assert isinstance(answer, Conflict)
    assert list(Window.objects.filter(opened_at__isnull=False).values_list("number", flat=True)) == [1]


def test_a_roster_that_is_saved_twice_at_once_is_saved():
    place = hall.hall()
    boss, clerk = hall.manager(), hall.operator(1)
    day = dt.date(2026, 11, 10)
    wanted = [(hall.window(1).id, day, "am", clerk.person_id)]

    def save():
        return set_duties(actor=boss, place=place, days=[day], wanted=wanted)

    assert meeting(save, save) is None
    assert Duty.objects.filter(day=day).count() == 1


def test_what_a_colleague_fills_in_meanwhile_is_not_lost_to_a_copied_week():
    place = hall.hall()
    boss, clerk, other = hall.manager(), hall.operator(1), hall.operator(2)
    day = dt.date(2026, 11, 16)
    wanted = [(hall.window(2).id, day, "pm", other.person_id)]

    copied = meeting(
        lambda: set_duties(actor=boss, place=place, days=[day], wanted=wanted),
        lambda: copy_week(actor=boss, place=place, monday=day),
    )

    assert copied == 2
    names = set(Duty.objects.filter(day=day).values_list("window__number", "half", "person_id"))
    assert names == {(1, "am", clerk.person_id), (2, "am", other.person_id), (2, "pm", other.person_id)}


def words(letter="A", slot=hall.TUESDAY):
    return {"zone": hall.zone(letter), "slot": slot, "item_code": hall.ITEM[0], "item_name": hall.ITEM[1]}


def closing(place):
    tuesday = dt.date(2026, 11, 10)
    return lambda: close_place(
        actor=hall.manager(), place=place, first_day=tuesday, last_day=tuesday, reason="停电检修"
    )


def test_who_books_while_the_hall_is_being_closed_is_told_so():
    place, person = hall.hall(), citizen()

    answer = meeting(closing(place), lambda: book(actor=person, **words()))

    assert isinstance(answer, Conflict | Invalid)
    assert not Appointment.objects.exists()


def test_an_appointment_just_being_booked_is_given_back_when_the_hall_is_closed():
    place, person = hall.hall(), citizen()

    assert meeting(lambda: book(actor=person, **words()), closing(place)) == 1

    assert Appointment.objects.get().state == "cancelled"


def test_nobody_changes_into_a_day_on_which_the_hall_is_being_closed():
    place, person = hall.hall(), citizen()
    kept = book(actor=person, **words(slot="2026-11-11T09:00"))

    answer = meeting(closing(place), lambda: change(actor=person, appointment_id=kept.id, slot=hall.TUESDAY))

    assert isinstance(answer, Conflict | Invalid)
    assert Appointment.objects.get().slot.day == dt.date(2026, 11, 11)


def test_an_exchange_approved_while_another_one_changes_its_half_day_is_looked_at_anew():
    hall.hall()
    first, second, third = (
        official(f"clerk{n}", "clerk", name=name) for n, name in enumerate(("赵一", "钱二", "孙三"))
    )
    for number, who in enumerate((first, second, third), start=1):
        hall.put(who, number, day=dt.date(2026, 11, 9 + number))
    duties = {one.person_id: one.id for one in Duty.objects.all()}
    boss = hall.manager()
    asks = [
        ask(actor=who, duty_id=duties[who.person_id], other_id=duties[second.person_id], reason="家中有事").id
        for who in (first, third)
    ]
    before = Counter(Duty.objects.values_list("person_id", flat=True))

    answer = meeting(*(lambda one=one: decide(actor=boss, request_id=one, approved=True) for one in asks))

    assert isinstance(answer, Conflict)
    assert Counter(Duty.objects.values_list("person_id", flat=True)) == before
    assert sorted(DutyRequest.objects.values_list("state", flat=True)) == ["approved", "asked"]


def test_the_roster_is_replaced_while_a_request_about_it_is_decided():
    place = hall.hall()
    first, boss = hall.operator(1), hall.manager()
    duty = Duty.objects.get()
    request = ask(actor=first, duty_id=duty.id, reason="发烧就医")

    answer = meeting(
        lambda: set_duties(actor=boss, place=place, days=[duty.day], wanted=[]),
        lambda: decide(actor=boss, request_id=request.id, approved=True),
    )

    assert isinstance(answer, Conflict)
    assert (Duty.objects.count(), DutyRequest.objects.get().state) == (0, "asked")
