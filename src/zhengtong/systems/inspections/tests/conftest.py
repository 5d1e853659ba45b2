"""A Monday in the county of inspections."""

import pytest
import time_machine

from zhengtong.systems.inspections.tests import county


@pytest.fixture
def clock():
    with time_machine.travel(county.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(clock):
    return county.Town()
