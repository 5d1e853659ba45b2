"""A Monday at ten in the county, with its hall where a test asks for it, and the people met most often."""

from collections.abc import Iterator

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall.tests import factories as items
from zhengtong.systems.service_hall.tests import hall_factories as hall


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """The clock stands; what earlier tests read of calendars is forgotten."""
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        cases.forget_calendars()
        yield traveller
    cases.forget_calendars()


@pytest.fixture
def hall_county(monday: time_machine.Traveller) -> time_machine.Traveller:
    """Monday in a county whose hall offers 开办餐饮店一件事."""
    hall.found_hall()
    cases.forget_calendars()
    return monday


@pytest.fixture
def county(monday: time_machine.Traveller) -> time_machine.Traveller:
    """Monday in a county with items, without a hall."""
    items.found_county()
    return monday


@pytest.fixture
def owner() -> Actor:
    """Whose data it is."""
    return factories.citizen()


@pytest.fixture
def applicant() -> Actor:
    return factories.citizen("张一")


@pytest.fixture
def clerk() -> Actor:
    return factories.official("clerk.market", "clerk", name="李岗")


@pytest.fixture
def second() -> Actor:
    return factories.official("second.market", "clerk", name="王岗")
