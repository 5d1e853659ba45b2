"""Two presses that really arrive together, on a database that commits: one act is done, the other is told in words."""

import concurrent.futures
import datetime as dt
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.bad_input import files
from tests.bad_input.entrances import Named
from tests.bad_input.ground import MONDAY, Ground, text_of
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.payments.models import FeeOrder, Payment, SimulatedCharge
from zhengtong.capabilities.payments.tests import factories as paying
from zhengtong.entry.testing import _clone, connected_to, drop
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.systems.service_centre.models import Appointment, Ticket
from zhengtong.systems.service_centre.services import book
from zhengtong.systems.service_centre.tests import hall as centre
from zhengtong.systems.service_hall.models import MaterialFile, Pledge
from zhengtong.systems.service_hall.tests import factories as hall

_REFUSED = (409, 422)
#: a sentence of the platform that says what has happened meanwhile
_WORDS = ("已经", "已由", "不能", "没有", "刚刚", "变化")
Press = Callable[[Client], Any]


@pytest.fixture
def ground(_county: tuple[str, Ground], django_db_blocker: object) -> Iterator[Ground]:
    """The county in a database of its own, in which everything is committed."""
    name = f"zt_at_once_{secrets.token_hex(4)}"
    _clone(_county[0], name)
    cases.forget_calendars()
    unblocked = django_db_blocker.unblock()  # type: ignore[attr-defined]  # the plugin gives its blocker no type
    with unblocked, connected_to(name), time_machine.travel(MONDAY, tick=True):
        yield _county[1]
    drop(name)
    cases.forget_calendars()


def browser(actor: Actor) -> Client:
    """A session of somebody's own."""
    client = Client(raise_request_exception=False)
    people.sign_in(client, actor)
    return client


def at_once(*presses: tuple[Client, Press]) -> list[Any]:
    """The answers to presses that begin at the same moment."""
    gate = threading.Barrier(len(presses))

    def run(client: Client, press: Press) -> Any:
        try:
            gate.wait(timeout=20)
            return press(client)
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(len(presses)) as pool:
        return [one.result(timeout=120) for one in [pool.submit(run, *each) for each in presses]]


def one_is_told(answers: list[Any]) -> str:
    """What the page says to the one of two who came second; fails unless just one was."""
    done = [answer for answer in answers if answer.status_code == 302]
    told = [answer for answer in answers if answer.status_code in _REFUSED]
    assert (len(done), len(told)) == (1, 1), [(a.status_code, text_of(a)[100:420]) for a in answers]
    said = text_of(told[0])
    assert any(word in said for word in _WORDS), said[:600]
    return said


def acts_on(kind: str, key: object) -> list[str]:
    """What the ledger says was done to a thing."""
    return [entry.act for entry in ledger.entries_of(ObjectRef(kind=kind, id=str(key)), hall.TENANT)]


def colleague(username: str, role: str) -> Actor:
    """Another official of the market bureau."""
    return people.official(username, role, org_code="G22", org_name=hall.UNITS["G22"])


def posting(address: str, **sent: Any) -> Press:
    """A press that sends a form, each time with a key of its own."""
    return lambda client: client.post(address, {"command_key": uuid.uuid4().hex} | sent)


def test_two_colleagues_take_up_one_task(ground: Ground) -> None:
    clerks = [ground.people["clerk"], colleague("clerk.second", "clerk")]
    task = ground.task("submitted")
    press = posting(reverse("tasks:act", args=[task, "claim"]))

    said = one_is_told(at_once(*((browser(who), press) for who in clerks)))

    assert "签收" in said
    assert acts_on("case", ground.row("submitted").case_id).count("cases.move.claim") == 1


def test_two_leaders_decide_on_one_application(ground: Ground) -> None:
    leaders = [ground.people["leader"], colleague("leader.second", "leader")]
    row, address = ground.row("decidable"), ground.task_url("decidable", "leader")
    press = posting(address, outcome="reject", opinion="经审查，场所不符合要求，不予许可。")

    said = one_is_told(at_once(*((browser(who), press) for who in leaders)))

    assert "已经由他人办结" in said
    assert acts_on("case", row.case_id).count("cases.decide.reject") == 1


def test_one_order_is_paid_once_from_two_windows(ground: Ground) -> None:
    payer = ground.people["citizen"]
    order = paying.order(payer)
    windows = [browser(payer), browser(payer)]
    begin = posting(reverse("payments:pay", args=[order.pk]), gateway="simulated")

    begun = at_once(*((window, begin) for window in windows))
    assert {answer.status_code for answer in begun} <= {302, *_REFUSED}
    assert Payment.objects.filter(order=order).count() == 1
    charge = SimulatedCharge.objects.get()
    pay = posting(reverse("payments:simulated", args=[charge.token]), outcome="paid", refund_mode="at_once")

    one_is_told(at_once(*((window, pay) for window in windows)))

    paying.callbacks()
    order = FeeOrder.objects.get(pk=order.pk)
    assert (order.state, order.paid_fen) == ("paid", order.total_fen)


def test_two_files_for_one_material_leave_one_in_force(ground: Ground) -> None:
    row = ground.row("draft")
    address = reverse("service_hall:upload", args=[row.id, hall.REQUIRED])
    MaterialFile.objects.filter(application=row).delete()

    def giving(content: bytes) -> Press:
        return lambda client: client.post(address, {"file": Named("场所证明.pdf", content)})

    owner = ground.people["citizen"]
    answers = at_once((browser(owner), giving(files.pdf())), (browser(owner), giving(files.pdf("web-link"))))

    assert [answer.status_code for answer in answers] == [302, 302]
    states = MaterialFile.objects.filter(application=row).values_list("state", flat=True)
    assert sorted(states) == ["current", "replaced"]


def test_an_application_is_handed_in_once_and_its_promise_signed_once(ground: Ground) -> None:
    owner, row = ground.people["citizen"], ground.row("draft")
    hand_in = posting(reverse("service_hall:review", args=[row.id]), consent="on", truth="on")
    sign = posting(reverse("service_hall:promise", args=[row.id]), agreed="on")

    for press in (hand_in, sign):
        answers = at_once(*((browser(owner), press) for _each in range(2)))
        assert {answer.status_code for answer in answers} <= {302, *_REFUSED}, text_of(answers[0])[:500]

    assert acts_on("application", row.id).count("service_hall.submit") == 1
    [pledge] = Pledge.objects.filter(application=row, kind="tolerance")
    assert len(acts_on("pledge", pledge.id)) == 1


def test_an_application_is_taken_back_once(ground: Ground) -> None:
    owner, row = ground.people["citizen"], ground.row("accepted")
    press = posting(reverse("service_hall:withdraw", args=[row.id]), reason="已经不打算继续办理了，先撤回。")

    answers = at_once(*((browser(owner), press) for _each in range(2)))

    assert all(answer.status_code in {302, *_REFUSED} for answer in answers)
    assert acts_on("application", row.id).count("service_hall.withdraw") == 1


def booked(owner: Actor, slot: str = centre.TUESDAY) -> Appointment:
    return book(actor=owner, zone=centre.zone(), slot=slot, item_code=centre.ITEM[0], item_name=centre.ITEM[1])


def test_an_appointment_is_cancelled_once(ground: Ground) -> None:
    centre.hall()
    owner = ground.people["citizen"]
    made = booked(owner)
    press = posting(reverse("service_centre:cancel", args=[made.id]))

    answers = at_once(*((browser(owner), press) for _each in range(2)))

    assert all(answer.status_code in {302, *_REFUSED} for answer in answers), [a.status_code for a in answers]
    made.refresh_from_db()
    assert (made.state, made.slot.taken) == ("cancelled", 0)


def test_the_last_place_goes_to_one_of_two_people(ground: Ground) -> None:
    place = centre.hall()
    address = reverse("service_centre:book", args=[place.slug, "B"]) + f"?item={hall.SIMPLE}"
    press = posting(address, slot=centre.TUESDAY)

    said = one_is_told(at_once(*((browser(ground.people[who]), press) for who in ("citizen", "stranger"))))

    # the second came while the first was being written down, or a moment after
    assert "最后一个名额刚刚被约走" in said or "刚刚约满" in said
    assert Appointment.objects.get().slot.taken == 1


def test_one_person_books_one_place_from_two_windows(ground: Ground) -> None:
    place = centre.hall()
    address = reverse("service_centre:book", args=[place.slug, "A"]) + f"?item={hall.SIMPLE}"
    press, owner = posting(address, slot=centre.TUESDAY), ground.people["citizen"]

    answers = at_once(*((browser(owner), press) for _each in range(2)))

    assert all(answer.status_code in {302, *_REFUSED} for answer in answers)
    assert Appointment.objects.get().slot.taken == 1


def test_one_appointment_gives_one_number_at_two_machines(ground: Ground) -> None:
    place = centre.hall()
    with time_machine.travel(dt.datetime(2026, 11, 8, 23, tzinfo=dt.UTC)):
        made = booked(ground.people["citizen"], "2026-11-09T10:30")
    machines = [Client(raise_request_exception=False) for _each in range(2)]
    for machine in machines:
        machine.post(reverse("service_centre:kiosk", args=[place.slug]), {"key": place.kiosk_key})
    press = posting(reverse("service_centre:kiosk_appointment", args=[place.slug]), code=made.code)

    answers = at_once(*((machine, press) for machine in machines))

    assert all(answer.status_code in {302, *_REFUSED} for answer in answers)
    assert Ticket.objects.count() == 1
