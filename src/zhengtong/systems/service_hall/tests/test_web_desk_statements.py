"""How many statements the pages of the desk send: no more for more rows, and no more than they have a reason for."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db
DESK = reverse("service_hall:desk")
#: who asks: session, account, posts (3); how much waits in the queues (2) and what is to be corrected; the rows, their
#: limits, their applicants, and what they may be narrowed to
MOST_OF_DESK = 10
#: who asks (3); the task and its limit (2); how much waits (3); the application and whether its case may be seen (2);
#: the entry of the reading in its transaction (3); item, case, limits, stops, extensions, moves, tasks, opinions,
#: parameters, hearing, notices, promises, special steps, form, materials, papers and their versions, phrases (18); of
#: each app that has a word on the page: messages and who may see them (3), fees, ratings and evaluators (3),
#: counter (3); what has happened (1)
MOST_OF_CASE = 41


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def sent(client: Client, address: str) -> list[str]:
    """The statements of a second view: the first one fills what stays in memory (calendar, drawings)."""
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        response = client.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in taken]


def told(statements: list[str]) -> str:
    """What a failing test shows."""
    return "\n".join(statement[:160] for statement in statements)


def test_the_desk_asks_no_more_for_more_rows() -> None:
    hall.submitted()
    client = hall.signed_in(hall.clerk())
    one = sent(client, DESK)

    for number, name in enumerate(("赵六", "钱七", "孙八", "周九")):
        hall.submitted(factories.citizen(name, phone=f"1380000002{number}"))
    five = sent(client, DESK)

    assert len(five) == len(one), told(five)
    assert len(five) <= MOST_OF_DESK, told(five)


def test_the_page_of_a_case_asks_no_more_when_more_has_happened() -> None:
    row = hall.submitted()
    clerk = hall.signed_in(hall.clerk())
    fresh = sent(clerk, hall.task_address(row))
    hall.do(hall.clerk(), row, "accept", "accept")
    do_all_work()
    accepted = sent(clerk, hall.case_address(row))

    for code, node in hall.REVIEWS.items():
        hall.do(hall.clerk(code), row, f"review_{node}", "agree")
    do_all_work()
    reviewed = sent(clerk, hall.case_address(row))

    assert len(fresh) <= MOST_OF_CASE, told(fresh)
    assert len(reviewed) == len(accepted), told(reviewed)
    assert len(reviewed) <= MOST_OF_CASE, told(reviewed)
