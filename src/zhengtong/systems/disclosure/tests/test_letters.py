"""What the watch over answers learns of requests for information: the unit, how many, since when; nothing else."""

import datetime as dt

import pytest

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.letters import Waiting, YearOfLetters, letter_boxes
from zhengtong.systems.disclosure.tests import county as town

pytestmark = pytest.mark.django_db


def test_a_request_waits_by_its_unit_until_it_is_answered(clock):
    town.county()
    box = letter_boxes.get("disclosure")
    clerk, head = town.official("clerk", "clerk"), town.official("head", "leader")
    row = town.sent().row
    row.refresh_from_db()
    after = row.received_on + dt.timedelta(days=1)

    assert box.waiting(town.TENANT, row.received_on) == []
    assert box.waiting(town.TENANT, after) == [Waiting(row.org_id, 1, row.received_on)]
    clock.shift(dt.timedelta(days=2))
    town.answered(clerk, head, row)

    assert box.waiting(town.TENANT, local_date()) == []
    assert box.year(town.TENANT, row.received_on.year) == {row.org_id: YearOfLetters(received=1, ended=1, days=2)}
