"""A Monday in a county with a supervisor's office."""

import pytest
import time_machine

from zhengtong.systems.complaints.tests import county as town


@pytest.fixture
def clock():
    with time_machine.travel(town.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock):
    town.county()


@pytest.fixture
def office(county):
    return town.supervisor()


@pytest.fixture
def handler(county):
    return town.official("handler", "clerk")
