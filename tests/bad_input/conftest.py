"""One county for all cases of a worker; each case is rolled back."""

import os
from collections.abc import Iterator

import pytest
import time_machine

from tests.bad_input import ground as grounds
from zhengtong.capabilities.cases import api as cases
from zhengtong.entry.testing import _clone, connected_to, drop
from zhengtong.kernel.testing.undone import undone


@pytest.fixture(scope="session")
def _county(template_database: str, django_db_blocker: object) -> Iterator[tuple[str, grounds.Ground]]:
    """The database with the county in it, made once."""
    name = f"zt_bad_input_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    _clone(template_database, name)
    unblocked = django_db_blocker.unblock()  # type: ignore[attr-defined]  # the plugin gives its blocker no type
    with unblocked, connected_to(name), time_machine.travel(grounds.MONDAY, tick=True):
        found = grounds.found()
    yield name, found
    drop(name)


@pytest.fixture
def ground(_county: tuple[str, grounds.Ground], django_db_blocker: object) -> Iterator[grounds.Ground]:
    """The county as it was founded, on a Monday morning; whatever a test does to it is undone."""
    name, found = _county
    cases.forget_calendars()
    unblocked = django_db_blocker.unblock()  # type: ignore[attr-defined]  # the plugin gives its blocker no type
    with unblocked, connected_to(name), time_machine.travel(grounds.MONDAY, tick=True), undone():
        yield found
    cases.forget_calendars()
