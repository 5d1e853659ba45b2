"""A county with its hall at ten on a Monday, a person, an appointment, a ticket, and clients of everybody."""

import uuid

import pytest
import time_machine
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity.tests.factories import citizen, sign_in, tenant
from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_centre.services import book, take_ticket
from zhengtong.systems.service_centre.tests import hall


class Item:
    """As much of a published item as the pages read."""

    code, name = hall.ITEM
    tenant = tenant()
    org_id = uuid.UUID(int=0x22)


@pytest.fixture
def item(monkeypatch):
    def find(_tenant, code):
        if code != Item.code:
            raise NotFound("没有这个事项。")
        return Item

    monkeypatch.setattr(catalogue, "find_item", find)


@pytest.fixture
def clock():
    with time_machine.travel(hall.START, tick=False) as traveller:
        cases.forget_calendars()
        yield traveller
    cases.forget_calendars()


@pytest.fixture
def county(clock):
    return hall.hall()


@pytest.fixture
def person(county):
    return citizen()


@pytest.fixture
def appointment(county, person):
    return book(actor=person, zone=hall.zone(), slot=hall.TUESDAY, item_code=Item.code, item_name=Item.name)


@pytest.fixture
def ticket(county):
    return take_ticket(actor=anonymous(tenant()), zone=hall.zone(), source="kiosk")


@pytest.fixture
def client_of(county, person):
    known = {}

    def sign(who):
        client = Client()
        if who == "stranger":
            return client
        if who not in known:
            known[who] = {
                "citizen": lambda: person,
                "neighbour": lambda: account("neighbour", "clerk"),
                "clerk": lambda: hall.operator(1),
                "manager": hall.manager,
                "other": lambda: hall.manager("east", ("T02", "青禾县东河镇人民政府")),
            }[who]()
        return sign_in(client, known[who])

    return sign
