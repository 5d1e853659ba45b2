"""The pages people open most ask the database no more for many matters than for one."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.complaints.tests import county as complaining
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import test_licence_life as life
from zhengtong.systems.supervision.tests import county as supervising

__all__ = ["cheap_key_store"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
#: what a page may ask besides once there are several, such as how many in all; never one statement for each
ONCE = 1
#: long enough for every case that lies still to have lost a limit
LATER = dt.timedelta(days=40)
#: who opens it, which page
TABLE = [
    ("citizen", "/"),
    ("", "/"),
    ("citizen", reverse("service_hall:home")),
    ("citizen", reverse("service_hall:mine")),
    ("citizen", "application"),
    ("citizen", reverse("service_hall:licences")),
    ("citizen", "licence"),
    ("citizen", reverse("complaints:mine")),
    ("citizen", reverse("notify:inbox")),
    ("", reverse("catalogue:items")),
    ("", reverse("catalogue:items") + "?department=G22&applicant=person"),
    ("", "guide"),
    ("", reverse("search:search") + "?q=小餐饮"),
    ("", "verification"),
    ("clerk", reverse("service_hall:desk")),
    ("clerk", reverse("service_hall:desk") + "?queue=all"),
    ("clerk", "case"),
    ("clerk", reverse("service_hall:desk-licences") + "?q=小餐饮"),
    ("clerk", reverse("supervision:mine")),
    ("supervisor", reverse("supervision:desk")),
    ("supervisor", reverse("supervision:board")),
    ("supervisor", reverse("supervision:cards")),
    ("supervisor", reverse("supervision:cards") + "?level=red"),
    ("supervisor", reverse("supervision:late")),
    ("supervisor", reverse("complaints:desk")),
]


@dataclasses.dataclass
class County:
    """People, and one matter of each kind whose page is looked at."""

    clock: time_machine.Traveller
    people: dict[str, Actor]
    places: dict[str, str] = dataclasses.field(default_factory=dict)

    def grow(self, *, upto: int, since: int = 0) -> None:
        """More matters of every kind, each as the one before; the cases among them lose a limit."""
        citizen = self.people["citizen"]
        for number in range(since, upto):
            code = f"{hall.SIMPLE[:-2]}{number + 10}"
            materials = tuple(
                catalogue.MaterialDraft(key=f"paper{n}", name=f"材料{n}", form="原件") for n in range(number + 1)
            )
            draft = hall.item_draft(code=code, name=f"小餐饮第{number + 1}项许可", materials=materials)
            catalogue.publish_item(actor=system(hall.TENANT), draft=draft)
            row = hall.submitted(citizen)
            licence = life.granted(citizen)
            complaining.sent(citizen)
            if not since and not number:
                self.places["application"] = reverse("service_hall:application", args=[row.id])
                self.places["case"] = reverse("service_hall:case", args=[row.case_id])
                self.places["licence"] = reverse("service_hall:licence", args=[licence.id])
                code = licence.paper.verification_code
                self.places["verification"] = reverse("documents:result", args=[code])
        self.places["guide"] = reverse("catalogue:item", args=[f"{hall.SIMPLE[:-2]}{upto + 9}"])
        self.clock.shift(LATER)
        do_all_work()

    def statements(self) -> dict[tuple[str, str], list[str]]:
        """What each page of the table asks at its second view: the first fills what is kept in memory."""
        clients = {who: complaining.signed_in(actor) for who, actor in self.people.items()} | {"": Client()}
        return {(who, page): _asked(clients[who], self.places.get(page, page)) for who, page in TABLE}


def _asked(client: Client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return [query["sql"] for query in taken]


@pytest.fixture
def county() -> Iterator[County]:
    """Monday in a county where rules are in force, with a citizen, a clerk and a supervisor."""
    with time_machine.travel(life.MONDAY, tick=False) as clock:
        hall.found_county("instant")
        for unit in (complaining.HANDLER, complaining.OFFICE):
            hall.people.organisation(*unit)
        supervising.install()
        people = {
            "citizen": hall.people.citizen(),
            "clerk": hall.people.official("clerk.market", "clerk"),
            "supervisor": complaining.supervisor(),
        }
        yield County(clock, people)
        life.cases.forget_calendars()


@pytest.mark.parametrize("more", [4, pytest.param(20, marks=pytest.mark.full)])
def test_pages_ask_no_more_for_many_matters_than_for_one(county: County, more: int) -> None:
    county.grow(upto=1)
    one = county.statements()

    county.grow(since=1, upto=more)
    many = county.statements()

    told = [
        f"{who or 'a stranger'} at {page}: {len(one[who, page])} -> {len(many[who, page])}\n" + _often(many[who, page])
        for who, page in TABLE
        if len(many[who, page]) > len(one[who, page]) + ONCE
    ]
    assert not told, "\n".join(told)


def _often(statements: list[str]) -> str:
    """The statements a page sends more than twice, without what differs between them."""
    plain = [re.sub(r"'[^']*'(::uuid)?|\b\d+\b", "?", text) for text in statements]
    often = sorted({text for text in plain if plain.count(text) > 2})
    return "".join(f"    {plain.count(text)} x {text[:150]}\n" for text in often)
