"""Every address, four actors; what people do by form, at the machine and at the window."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests.factories import citizen, citizen_number, sign_in, tenant
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.pages import Matter
from zhengtong.systems.service_centre.models import Appointment, Closure, Duty, Place, Ticket, Window
from zhengtong.systems.service_centre.plugins.ratings import RateableTickets
from zhengtong.systems.service_centre.selectors import tickets
from zhengtong.systems.service_centre.services import book, take_ticket
from zhengtong.systems.service_centre.services.tickets import ref_of
from zhengtong.systems.service_centre.tests import hall
from zhengtong.systems.service_centre.web import urls
from zhengtong.systems.service_centre.web.blocks import applicant_act, guide_act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("item")]

#: address → what stranger, citizen, a clerk who is not on the roster, one who is, the manager and another hall's get
TABLE = {
    "home": (200, 200, 200, 200, 200, 200),
    "place": (200, 200, 200, 200, 200, 200),
    "display": (200, 200, 200, 200, 200, 200),
    "display_live": (200, 200, 200, 200, 200, 200),
    "find_ticket": (200, 200, 200, 200, 200, 200),
    "ticket": (200, 200, 200, 200, 200, 200),
    "ticket_live": (200, 200, 200, 200, 200, 200),
    "ticket_cancel": (405, 405, 405, 405, 405, 405),
    "kiosk": (200, 200, 200, 200, 200, 200),
    "kiosk_zone": (302, 302, 302, 302, 302, 302),
    "kiosk_appointment": (302, 302, 302, 302, 302, 302),
    "kiosk_taken": (302, 302, 302, 302, 302, 302),
    "here": (302, 200, 200, 200, 200, 200),
    "choose": (302, 302, 302, 302, 302, 302),
    "book": (302, 200, 200, 200, 200, 200),
    "appointments": (302, 200, 200, 200, 200, 200),
    "appointment": (302, 200, 404, 404, 404, 404),
    "change": (302, 200, 404, 404, 404, 404),
    "cancel": (302, 405, 405, 405, 405, 405),
    "duty": (302, 403, 200, 200, 200, 200),
    "ask": (302, 403, 404, 200, 404, 404),
    "withdraw": (302, 403, 405, 405, 405, 405),
    "window": (302, 403, 403, 200, 200, 403),
    "window_live": (302, 403, 403, 200, 200, 403),
    "act": (302, 403, 405, 405, 405, 405),
    "board": (302, 403, 403, 403, 200, 404),
    "board_live": (302, 403, 403, 403, 200, 404),
    "statistics": (302, 403, 403, 403, 200, 404),
    "statistics_sheet": (302, 403, 403, 403, 200, 404),
    "roster": (302, 403, 403, 403, 200, 404),
    "roster_copy": (302, 403, 403, 403, 405, 405),
    "attendants": (302, 403, 403, 403, 200, 404),
    "dismiss": (302, 403, 403, 403, 405, 405),
    "decide": (302, 403, 403, 403, 405, 405),
    "closures": (302, 403, 403, 403, 200, 404),
    "reopen": (302, 403, 403, 403, 405, 405),
    "slots": (302, 403, 403, 403, 200, 404),
    "place_settings": (302, 403, 403, 403, 200, 404),
    "renew_kiosk": (302, 403, 403, 403, 405, 405),
    "windows": (302, 403, 403, 403, 200, 404),
    "window_settings": (302, 403, 403, 403, 200, 403),
}
ACTORS = ("stranger", "citizen", "neighbour", "clerk", "manager", "other")
NOBODY = uuid.UUID(int=1)


def address(name, **more):
    place = Place.objects.get(slug="county")
    known = {
        "slug": "county",
        "letter": "A",
        "window_id": hall.window(1).id,
        "act": "next",
        "code": more.get("code", ""),
        "appointment_id": more.get("appointment_id", NOBODY),
        "duty_id": more.get("duty_id", NOBODY),
        "request_id": NOBODY,
        "attendant_id": NOBODY,
        "closure_id": NOBODY,
    }
    if name == "here":
        known["code"] = tickets.hall_code(place)
    pattern = next(one for one in urls.urlpatterns if one.name == name)
    arguments = {key: known[key] for key in pattern.pattern.converters}
    found = reverse(f"service_centre:{name}", kwargs=arguments)
    return f"{found}?item={hall.ITEM[0]}" if name in ("choose", "book") else found


def test_the_table_names_every_address():
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("position", range(6), ids=ACTORS)
def test_who_may_open_what(client_of, appointment, ticket, position):
    client_of("clerk")
    client = client_of(ACTORS[position])
    more = {"code": ticket.code, "appointment_id": appointment.id, "duty_id": Duty.objects.get().id}

    answers = {name: client.get(address(name, **more)).status_code for name in TABLE}

    assert answers == {name: expected[position] for name, expected in TABLE.items()}


def test_who_waits_gives_up_once(client_of, ticket):
    page, client = address("ticket", code=ticket.code), client_of("stranger")

    given_up = client.post(address("ticket_cancel", code=ticket.code), follow=True).content.decode()
    again = client.post(address("ticket_cancel", code=ticket.code))

    assert "已经放弃排队" in given_up
    assert again["Location"] == page
    assert Ticket.objects.get(pk=ticket.pk).state == "cancelled"


@pytest.mark.parametrize("who", ["stranger", "citizen", "neighbour", "other"])
@pytest.mark.parametrize("act", ["open", "next", "vanish"])
def test_who_may_not_sit_at_a_window_changes_nothing(client_of, ticket, who, act):
    response = client_of(who).post(reverse("service_centre:act", args=[hall.window(1).id, act]))

    assert response.status_code in (302, 403, 404)
    assert Ticket.objects.get().state == "waiting"
    assert Window.objects.get(number=1).opened_at is None


@pytest.mark.parametrize("who", ["stranger", "citizen", "clerk", "other"])
def test_who_does_not_manage_the_hall_changes_nothing_of_it(client_of, who):
    client = client_of(who)
    day = {"first_day": "2026-11-10", "reason": "停电检修"}

    answers = [
        client.post(reverse("service_centre:closures") + "?place=county", day),
        client.post(reverse("service_centre:renew_kiosk") + "?place=county"),
        client.post(reverse("service_centre:window_settings", args=[hall.window(1).id]), {"name": "x", "zone": "A"}),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not Closure.objects.exists()
    assert Window.objects.get(number=1).name == "综合窗口"


def test_everybody_sees_which_hall_is_open_and_how_long_the_line_is(client_of, ticket):
    html = client_of("stranger").get(reverse("service_centre:home")).content.decode()

    for words in ("青禾县政务服务中心", "正在开放，到 12:00", "1 人", "11月9日 10:30"):
        assert words in html
    html = client_of("stranger").get(reverse("service_centre:place", args=["county"])).content.decode()
    assert "怎么叫号" in html
    assert "待核实" in html


def test_booking_is_one_press_and_gives_a_code(client_of, county):
    client = client_of("citizen")
    page = address("book")
    assert "11月10日" in client.get(page).content.decode()

    answer = client.post(page, {"slot": hall.TUESDAY}, follow=True)

    made = Appointment.objects.get()
    assert made.code in "".join(answer.content.decode().split())
    assert "<svg" in answer.content.decode()
    assert made.item_name == hall.ITEM[1]
    again = client.post(page, {"slot": "2026-11-10T09:30"})
    assert again.status_code == 422
    assert "已经有一个预约" in again.content.decode()


def test_an_official_is_told_that_people_book_for_themselves(client_of, county):
    answer = client_of("neighbour").post(address("book"), {"slot": hall.TUESDAY})

    assert answer.status_code == 422
    assert "请换用办事人的身份" in answer.content.decode()


def test_an_appointment_is_changed_and_cancelled_by_its_holder_only(client_of, appointment):
    client = client_of("citizen")
    change = reverse("service_centre:change", args=[appointment.id])
    assert "原来的名额一直为您留着" in client.get(change).content.decode()
    client.post(change, {"slot": "2026-11-11T14:00"})
    assert Appointment.objects.get().slot.day == dt.date(2026, 11, 11)

    stranger = sign_in(Client(), citizen("王三", phone="13800000077", number=citizen_number()))
    assert stranger.post(reverse("service_centre:cancel", args=[appointment.id])).status_code == 404
    client.post(reverse("service_centre:cancel", args=[appointment.id]))
    assert Appointment.objects.get().state == "cancelled"


def test_the_guide_offers_a_visit_where_a_hall_deals_with_the_item(county, person, rf):
    request = rf.get("/")
    request.actor = anonymous(tenant())
    ref, org = ObjectRef(kind="item", id=str(NOBODY)), uuid.UUID(int=0x22)
    matter = Matter(ref=ref, code=hall.ITEM[0], org_id=org, org_name="", open=True, detail=None)

    html = guide_act(request, matter)
    assert "预约到窗口办理" in html
    assert "青禾县政务服务中心" in html
    assert (
        guide_act(request, Matter(ref=ref, code=hall.ITEM[0], org_id=org, org_name="", open=False, detail=None)) is None
    )
    assert applicant_act(request, matter) is None
    own = Matter(
        ref=ObjectRef(kind="application", id=str(NOBODY)),
        code=hall.ITEM[0],
        org_id=org,
        org_name="",
        open=True,
        detail=None,
    )
    assert "交原件" in applicant_act(request, own)
    request.actor = person
    made = book(actor=person, zone=hall.zone("B"), slot=hall.TUESDAY, item_code=hall.ITEM[0], item_name=hall.ITEM[1])
    assert str(made.id) in guide_act(request, matter)


def test_the_machine_gives_numbers_and_knows_appointments(client_of, county, person, clock):
    clock.move_to(dt.datetime(2026, 11, 8, 23, tzinfo=dt.UTC))
    made = book(actor=person, zone=hall.zone(), slot="2026-11-09T10:30", item_code=hall.ITEM[0], item_name=hall.ITEM[1])
    clock.move_to(hall.START)
    client = client_of("stranger")
    client.post(address("kiosk"), {"key": f" {county.kiosk_key[:4]} {county.kiosk_key[4:].lower()} "})

    paper = client.post(address("kiosk_zone"), {"standing": "elderly"}, follow=True).content.decode()
    assert "A001" in paper
    assert Ticket.objects.get().standing == "elderly"
    wrong = client.post(address("kiosk_appointment"), {"code": "ZZZZZZZZ"})
    assert wrong.status_code == 422
    assert "没有找到这个预约码" in wrong.content.decode()
    paper = client.post(address("kiosk_appointment"), {"code": made.code}, follow=True).content.decode()
    assert "A002" in paper


def test_a_machine_whose_key_was_renewed_has_to_be_bound_anew(client_of, county):
    machine = client_of("stranger")
    machine.post(address("kiosk"), {"key": county.kiosk_key})
    assert "data-keys" in machine.get(address("kiosk_appointment")).content.decode()

    client_of("manager").post(reverse("service_centre:renew_kiosk"))

    assert "设为取号机" in machine.get(address("kiosk")).content.decode()
    assert machine.post(address("kiosk_zone"), {"standing": "usual"})["Location"] == address("kiosk")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "3" * 16, "county"])
def test_only_the_key_binds_a_machine(client_of, county, key):
    client = client_of("citizen")

    answer = client.post(address("kiosk"), {"key": key})

    assert answer.status_code == 422
    assert "密钥不正确" in answer.content.decode()
    client.cookies["zt_ticket_machine"] = county.kiosk_key
    assert client.post(address("kiosk_zone"), {"standing": "usual"}).status_code == 302
    assert not Ticket.objects.exists()


def test_the_key_of_a_ticket_machine_stands_in_no_address(client_of, county):
    machine = client_of("stranger")

    bound = machine.post(address("kiosk"), {"key": county.kiosk_key})

    pages = [machine.get(address(name)).content.decode() for name in ("kiosk", "kiosk_zone", "kiosk_appointment")]
    kept = machine.cookies["zt_ticket_machine"]
    assert county.kiosk_key not in bound["Location"] + "".join(pages) + kept.value
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Strict", "/centre/kiosk/")
    settings_page = client_of("manager").get(address("place_settings")).content.decode()
    assert not [link for link in settings_page.split('href="')[1:] if county.kiosk_key in link.split('"')[0]]


def test_a_number_by_telephone_needs_the_code_that_hangs_in_the_hall(client_of, county, clock):
    client = client_of("citizen")
    page = address("here")
    answer = client.post(page, {"zone": "A", "standing": "usual"}, follow=True)
    assert "下一个就是您" in answer.content.decode()
    twice = client.post(page, {"zone": "B"})
    assert twice.status_code == 422
    assert "已经取过号" in twice.content.decode()

    clock.move_to(hall.START + dt.timedelta(days=1))
    assert client_of("citizen").get(page).status_code == 404, "the code of yesterday"


def test_the_display_is_silent_until_something_changes(client_of, ticket, django_assert_max_num_queries):
    client = client_of("stranger")
    live = reverse("service_centre:display_live", args=["county"])
    first = client.get(live)
    etag = first.headers["ETag"]
    assert "<html" not in first.content.decode()

    with django_assert_max_num_queries(2):
        assert client.get(live, headers={"If-None-Match": etag}).status_code == 304
    clerk = client_of("clerk")
    for act in ("open", "next"):
        clerk.post(reverse("service_centre:act", args=[hall.window(1).id, act]))
    fresh = client.get(live, headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    assert 'data-say="请A 0 0 1号，到1号窗口"' in fresh.content.decode()


def test_the_operator_works_a_number_through_and_its_holder_may_rate_it(client_of, county, person):
    mine = take_ticket(actor=person, zone=hall.zone(), source="phone")
    client = client_of("clerk")
    page = reverse("service_centre:window", args=[hall.window(1).id])
    assert "开放窗口" in client.get(page).content.decode()

    def press(act, **data):
        return client.post(reverse("service_centre:act", args=[hall.window(1).id, act]), data, follow=True)

    press("open")
    assert "A001" in press("next").content.decode()
    assert "已呼叫 2 次" in press("recall").content.decode()
    html = press("next", finish="1", item=hall.ITEM[0]).content.decode()
    assert "现在没有人在等这个窗口" in html
    mine.refresh_from_db()
    assert (mine.state, mine.item_code) == ("finished", hall.ITEM[0])
    assert "没有正在办理的号" in press("skip").content.decode()
    subject = RateableTickets().subject(tenant(), ref_of(mine))
    assert (subject.window, subject.title) == ("1", hall.ITEM[1])
    assert RateableTickets().may_rate(person, ref_of(mine))
    assert "评价这次服务" in client.get(reverse("service_centre:ticket", args=[mine.code])).content.decode()


def test_who_was_missed_is_returned_from_the_page(client_of, ticket):
    client = client_of("clerk")
    window = hall.window(1).id
    for act in ("open", "next", "skip"):
        client.post(reverse("service_centre:act", args=[window, act]))
    assert "回来了，重新排队" in client.get(reverse("service_centre:window", args=[window])).content.decode()

    client.post(reverse("service_centre:act", args=[window, "return"]), {"ticket": str(ticket.id)})

    assert Ticket.objects.get().state == "waiting"
    for nonsense in ({"ticket": "x"}, {}):
        assert client.post(reverse("service_centre:act", args=[window, "return"]), nonsense).status_code == 302


def test_nonsense_in_addresses_is_answered_in_words(client_of, county):
    client = client_of("manager")

    for path in (
        reverse("service_centre:statistics") + "?from=x&until=y",
        reverse("service_centre:roster") + "?week=z",
        reverse("service_centre:attendants") + "?unit=Q",
        reverse("service_centre:find_ticket") + "?code=%00",
    ):
        assert client.get(path).status_code == 200, path
    for path in (
        reverse("service_centre:board") + "?place=x",
        reverse("service_centre:place", args=["x"]),
        reverse("service_centre:ticket", args=["XXXXXXXX"]),
        reverse("service_centre:choose") + "?item=x",
    ):
        assert client.get(path).status_code == 404, path
