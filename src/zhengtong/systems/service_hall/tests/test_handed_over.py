"""A unit that is merged: its applications, open or still drafts, are its heir's."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    with time_machine.travel(hall.MONDAY, tick=False):
        hall.found_hall()
        yield


def merge() -> identity.OrganisationInfo:
    decree = identity.Decree(effective_on=dt.date(2026, 11, 9), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=system(hall.TENANT), codes=["G22"], into_code="G10", decree=decree)
    return identity.organisation(hall.TENANT, "G10")


def test_papers_of_an_open_application_are_the_heirs(town):
    row = hall.submitted()

    heir = merge()
    do_all_work()

    row.refresh_from_db()
    assert (row.org_id, row.org_name) == (heir.id, heir.name)


def test_an_application_for_an_item_of_a_merged_unit_comes_to_its_heir(town):
    heir = merge()

    row = hall.submitted(factories.citizen("张一"))

    assert Application.objects.get(pk=row.pk).org_id == heir.id
    assert cases.desk(actor=hall.clerk("G10"), queue="todo").total == 1
    assert api.application_of_case(tenant=hall.TENANT, case_id=hall.case_id(row)) == row.id
