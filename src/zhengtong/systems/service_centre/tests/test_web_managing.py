"""What the manager of a hall does by form: roster, leave, attendants, settings, windows, slots, closures, figures."""

import datetime as dt
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.capabilities.identity.tests.factories import sign_in
from zhengtong.systems.service_centre.models import Appointment, Closure, Duty, DutyRequest, Place, Window
from zhengtong.systems.service_centre.services import ask, call_next, finish, open_window
from zhengtong.systems.service_centre.tests import hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("item")]


def test_the_manager_fills_the_roster_and_gaps_are_named(client_of, county):
    client_of("clerk")
    duty = Duty.objects.get()
    client = client_of("manager")
    html = client.get(reverse("service_centre:roster")).content.decode()
    assert "个半天没有排人" in html
    name = f"d_{duty.window_id.hex}_20261110_am"
    twice = f"d_{hall.window(2).id.hex}_20261110_am"

    wrong = client.post(reverse("service_centre:roster"), {name: duty.person_id, twice: duty.person_id})
    assert wrong.status_code == 422
    assert "被排到了两个窗口" in wrong.content.decode()
    client.post(reverse("service_centre:roster"), {name: duty.person_id, "d_x_y_z": "1"})
    assert Duty.objects.get().day == dt.date(2026, 11, 10)
    client.post(reverse("service_centre:roster_copy") + "?week=2026-11-16")
    assert set(Duty.objects.values_list("day", flat=True)) == {dt.date(2026, 11, 10), dt.date(2026, 11, 17)}


def test_leave_and_exchange_take_the_managers_consent(client_of, county):
    one, two = hall.operator(1), hall.operator(2, "clerk2")
    mine, his = Duty.objects.get(person_id=one.person_id), Duty.objects.get(person_id=two.person_id)
    client = sign_in(Client(), one)
    page = reverse("service_centre:ask", args=[mine.id])
    assert client.post(page, {"reason": " "}).status_code == 422
    client.post(page, {"reason": "下乡调研", "other": str(his.id)})
    request = DutyRequest.objects.get()
    assert Duty.objects.get(pk=mine.id).person_id == one.person_id, "nothing is exchanged yet"

    boss = client_of("manager")
    decide = reverse("service_centre:decide", args=[request.id])
    boss.post(decide, {"decision": "refuse"})
    assert DutyRequest.objects.get().state == "asked", "a refusal needs its reason"
    boss.post(decide, {"decision": "approve"})

    assert Duty.objects.get(pk=mine.id).person_id == two.person_id
    assert Duty.objects.get(pk=his.id).person_id == one.person_id
    leave = ask(actor=one, duty_id=his.id, reason="发烧就医")
    boss.post(reverse("service_centre:decide", args=[leave.id]), {"decision": "approve"})
    assert not Duty.objects.filter(pk=his.id).exists()
    assert "已批准" in client.get(reverse("service_centre:duty")).content.decode()


def test_an_exchange_is_not_approved_with_another_than_who_was_asked_for(client_of, county):
    one, two = hall.operator(1), hall.operator(2, "clerk2")
    mine, his = Duty.objects.get(person_id=one.person_id), Duty.objects.get(person_id=two.person_id)
    request = ask(actor=one, duty_id=mine.id, reason="下乡调研", other_id=his.id)
    third = account("third", "clerk", name="赵六")
    Duty.objects.filter(pk=his.id).update(person_id=third.person_id, person_name="赵六")
    boss = client_of("manager")

    answer = boss.post(reverse("service_centre:decide", args=[request.id]), {"decision": "approve"}, follow=True)

    assert "值班表已经变了" in answer.content.decode()
    assert DutyRequest.objects.get().state == "asked"
    assert Duty.objects.get(pk=mine.id).person_id == one.person_id
    assert Duty.objects.get(pk=his.id).person_id == third.person_id


def test_the_answer_to_a_request_decided_meanwhile_is_given_back(client_of, county):
    one = hall.operator(1)
    request = ask(actor=one, duty_id=Duty.objects.get(person_id=one.person_id).id, reason="下乡调研")
    boss, browser = client_of("manager"), {"Origin": "http://testserver", "Accept": "text/html"}
    address, sent = (
        reverse("service_centre:decide", args=[request.id]),
        {"decision": "refuse", "answer": "当天人手不够"},
    )
    boss.post(address, sent)

    late = boss.post(address, sent, headers=browser)

    assert late.status_code == 409
    assert "<p>当天人手不够</p>" in late.content.decode()


def test_attendants_are_found_by_their_unit(client_of, county):
    account("newcomer", "clerk", org_code="G05", org_name="青禾县公安局", name="王五")
    client = client_of("manager")
    page = reverse("service_centre:attendants") + "?place=county&unit=G05"
    assert "王五" in client.get(page).content.decode()
    person = account("newcomer", "clerk", org_code="G05", org_name="青禾县公安局", name="王五")

    client.post(page, {"person": str(person.person_id)})

    assert "王五" in client.get(reverse("service_centre:attendants")).content.decode()


def test_settings_of_a_hall_are_checked_and_nothing_typed_is_lost(client_of, county):
    client = client_of("manager")
    page = reverse("service_centre:place_settings")
    typed = {"name": "青禾县政务大厅", "address": "新址", "phone": "1", "hours_0": "25:00-26:00"}

    wrong = client.post(page, typed)
    assert wrong.status_code == 422
    assert "星期一" in wrong.content.decode()
    assert "25:00-26:00" in wrong.content.decode()
    client.post(page, typed | {"hours_0": "09:00-12:00"})
    place = Place.objects.get()
    assert (place.name, place.hours[0], place.hours[1]) == ("青禾县政务大厅", "09:00-12:00", "")


def test_windows_are_added_and_named_for_items_and_units(client_of, county):
    client = client_of("manager")
    client.post(reverse("service_centre:windows"), {"number": "9", "name": "公安", "zone": "A"})
    window = Window.objects.get(number=9)
    page = reverse("service_centre:window_settings", args=[window.id])
    assert client.post(reverse("service_centre:windows"), {"number": "9", "zone": "A"}).status_code == 422
    form = {"name": "公安窗口", "zone": "B", "planned": "on", "active": "on"}

    wrong = client.post(page, form | {"services": "没有的部门"})
    assert "不是事项编码，也不是部门名称" in wrong.content.decode()
    client.post(page, form | {"services": f"{hall.ITEM[0]}\n青禾县政务服务中心"})

    window.refresh_from_db()
    assert {service.kind for service in window.services.all()} == {"item", "org"}
    assert (window.name, window.zone.letter) == ("公安窗口", "B")


def test_a_refused_change_of_a_window_keeps_all_that_was_typed(client_of, county):
    client = client_of("manager")
    page = reverse("service_centre:window_settings", args=[hall.window(1).id])

    wrong = client.post(page, {"name": "夜间窗口", "zone": "B", "services": "没有的部门"})

    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="夜间窗口"' in html
    assert not re.search(r'name="(planned|active)"[^>]*checked', html)
    assert re.search(r'<option value="B"[^>]*selected', html)


def test_a_window_with_a_ticket_before_it_is_not_taken_out_of_use(client_of, ticket):
    actor = hall.operator(1)
    open_window(actor=actor, window_id=hall.window(1).id)
    call_next(actor=actor, window_id=hall.window(1).id)
    client, page = client_of("manager"), reverse("service_centre:window_settings", args=[hall.window(1).id])
    form = {"name": "综合窗口", "zone": "A"}

    wrong = client.post(page, form)

    assert wrong.status_code == 422
    assert "A001 号还在这个窗口办理" in wrong.content.decode()
    assert hall.window(1).active
    finish(actor=actor, window_id=hall.window(1).id)
    client.post(page, form)
    assert not hall.window(1).active


def test_slots_and_closures_by_form(client_of, appointment):
    client = client_of("manager")
    page = reverse("service_centre:slots")
    assert client.post(page, {"zone": "A", "minutes": "x", "capacity": "1"}).status_code == 422
    client.post(page, {"zone": "A", "minutes": "60", "capacity": "5"})
    assert hall.zone().slot_capacity == 5

    wrong = client.post(reverse("service_centre:closures"), {"first_day": "2026-11-10", "from_time": "9"})
    assert wrong.status_code == 422
    client.post(reverse("service_centre:closures"), {"first_day": "2026-11-10", "reason": "停电检修"})
    assert Appointment.objects.get().state == "cancelled"
    client.post(reverse("service_centre:reopen", args=[Closure.objects.get().id]))
    assert Closure.objects.get().ended_at


def test_statistics_come_as_a_page_and_as_a_workbook(client_of, ticket):
    client = client_of("manager")
    query = "?from=2026-11-01&until=2026-11-30&place=county"
    assert "2026-11-09" in client.get(reverse("service_centre:statistics") + query).content.decode()

    answer = client.get(reverse("service_centre:statistics_sheet") + query)

    book_ = load_workbook(io.BytesIO(answer.content))
    assert book_.sheetnames == ["按日期", "按窗口", "按事项", "预约"]
    assert [cell.value for cell in book_["按日期"][2]][:2] == ["2026-11-09", 1]
