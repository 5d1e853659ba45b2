"""What tests of pages share: a morning, the rules in force, people who sign in."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests.factories import citizen, sign_in
from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.systems.supervision.tests.county import UNIT, Matter, install

START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def calendars():
    """Days off that another test had decreed are forgotten."""
    cases.forget_calendars()


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def matter(clock):
    install()
    return Matter()


@pytest.fixture
def client_of(clock):
    def sign(who):
        client = Client()
        if who == "stranger":
            return client
        if who == "citizen":
            return sign_in(client, citizen())
        code, name, roles = {
            "unit": (*UNIT, ("clerk",)),
            "neighbour": ("G22", "青禾县市场监督管理局", ("clerk",)),
            "supervisor": ("A02", "县纪委监委", ("supervisor",)),
        }[who]
        return sign_in(client, account(who, *roles, org_code=code, org_name=name))

    return sign
