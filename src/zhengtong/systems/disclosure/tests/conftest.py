"""A Monday in a county whose units answer requests."""

import pytest
import time_machine

from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.systems.disclosure.tests import county as town

__all__ = ["cheap_key_store"]


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
def authority(county):
    return town.official("authority", "site_admin", org=town.OFFICE)
