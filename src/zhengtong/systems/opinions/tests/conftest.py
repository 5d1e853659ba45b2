"""A Monday in a county whose units ask the public."""

import pytest
import time_machine

from zhengtong.systems.opinions.tests import town


@pytest.fixture
def clock():
    with time_machine.travel(town.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock):
    town.county()


@pytest.fixture
def clerk(county):
    return town.official("clerk", "clerk")


@pytest.fixture
def head(county):
    return town.official("head", "leader")


@pytest.fixture
def office(county):
    return town.official("office", "site_admin", org=town.OFFICE)
