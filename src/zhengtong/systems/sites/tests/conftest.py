"""A Monday in a county with a group of sites."""

import pytest
import time_machine

from zhengtong.systems.sites.tests import group as town


@pytest.fixture
def clock():
    with time_machine.travel(town.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sites(clock, db):
    return town.group()


@pytest.fixture
def editor(sites):
    return town.keeper("editor", "site_editor")


@pytest.fixture
def publisher(sites):
    return town.keeper("publisher", "site_publisher")
