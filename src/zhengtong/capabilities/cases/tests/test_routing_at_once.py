"""A leader presses twice, or shares tasks out while one of their cases is being routed."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Absence, WorkItem
from zhengtong.capabilities.cases.services import routing, store
from zhengtong.capabilities.cases.tests.county import TENANT, UNITS, citizen, found_county, open_restaurant_case
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting

pytestmark = pytest.mark.usefixtures("committed_db", "county")
TODAY = dt.date(2026, 11, 9)


@pytest.fixture
def county(committed_db):
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        found_county()
        yield


def person(username: str, role: str) -> Actor:
    return factories.official(username, role, org_code="G22", org_name=f"青禾县{UNITS['G22']}", name=username)


def test_an_absence_noted_twice_at_once_is_noted_once():
    boss, li = person("boss", "leader"), person("liguan", "clerk")

    def note():
        return routing.note_absence(actor=boss, person_id=li.person_id, from_day=TODAY, until_day=TODAY)

    answer = meeting(note, note)

    assert isinstance(answer, Conflict)
    assert Absence.objects.count() == 1


def test_tasks_are_shared_out_while_one_of_their_cases_is_being_routed():
    boss, zhang, li = person("boss", "leader"), person("zhang", "clerk"), person("liguan", "clerk")
    items = []
    for number in "12":
        case_id = open_restaurant_case(citizen(), number=f"980723-2026-{number}")
        items.append(WorkItem.objects.get(case_id=case_id, node="accept"))
        api.claim_step(actor=li, work_item_id=items[-1].id)
    routing.set_routing(actor=boss, mode="turn", officers=[zhang.person_id, li.person_id])
    last = max(items, key=lambda one: one.case_id)

    answer = meeting(
        lambda: store.lock_case(last.case_id, TENANT),
        lambda: routing.share_out_tasks(actor=boss, person_id=li.person_id),
        meanwhile=lambda: routing._locked_rules(TENANT, last.org_id),  # as routing goes on with a case it has locked
    )

    assert answer == 2
    assert set(WorkItem.objects.filter(node="accept").values_list("holder", flat=True)) == {"zhang"}
