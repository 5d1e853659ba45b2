"""A Monday with a unit whose services can be rated."""

import pytest
import time_machine

from zhengtong.capabilities.ratings.tests.matters import MONDAY, county


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(clock):
    county()
