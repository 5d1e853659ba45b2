"""What the watch over answers learns of complaints: the unit in charge, how many, since when; nothing else."""

import datetime as dt

import pytest

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.letters import Waiting, YearOfLetters, letter_boxes
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests import county as town

pytestmark = pytest.mark.django_db


def _box():
    return letter_boxes.get("complaints")


def test_what_waits_is_told_by_the_unit_in_charge_never_by_the_accused_one(county, office, clock):
    day = local_date()
    town.sent()
    row = town.assigned(office)
    clock.shift(dt.timedelta(days=91))
    today = local_date()

    found = _box().waiting(town.TENANT, today - dt.timedelta(days=90))

    assert {one.org_id: one for one in found} == {
        None: Waiting(None, 1, day),
        row.handler_org_id: Waiting(row.handler_org_id, 1, day),
    }
    assert _box().waiting(town.TENANT, day) == []
    assert _box().waiting("000000", today) == []


def test_what_was_answered_waits_no_more_and_counts_in_its_year(county, office, clock):
    row = town.assigned(office)
    moment = row.received_at + dt.timedelta(days=3)
    Complaint.objects.filter(pk=row.pk).update(answered_at=moment, closed_at=moment, state="closed", ending="answered")

    assert _box().waiting(town.TENANT, local_date() + dt.timedelta(days=1)) == []
    assert _box().year(town.TENANT, 2026) == {row.handler_org_id: YearOfLetters(received=1, ended=1, days=3)}
    assert _box().year(town.TENANT, 2025) == {row.handler_org_id: YearOfLetters()}
