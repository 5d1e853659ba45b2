import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.tests import county
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api as hall

LATER = dt.datetime(2026, 11, 19, 2, tzinfo=dt.UTC)


@pytest.fixture
def today():
    with time_machine.travel(LATER, tick=True):
        yield


def numbers(status):
    with connection.cursor() as cursor:
        cursor.execute("select number, id from cases_case where status = %s order by number", [status])
        return dict(cursor.fetchall())


def case_in(node):
    with connection.cursor() as cursor:
        cursor.execute("select case_id from cases_workitem where node = %s and status = 'open' limit 1", [node])
        return cursor.fetchone()[0]


def item_of(case_id, node):
    view = cases.case_view(actor=system(county.TENANT), case_id=case_id)
    return next(item for item in view.open_items if item.node == node)


def do(username, case_id, node, outcome):
    actor = identity.find_actor(username)
    item = item_of(case_id, node)
    hall.complete_task(
        actor=actor, work_item_id=item.id, outcome=outcome, opinion="符合要求", command_key=f"{node}-{outcome}"
    )
    do_all_work()


@pytest.mark.full
def test_a_populated_town_of_the_previous_release_goes_on(upgraded_town, today):
    before = numbers("closed")
    case_id = case_in("review_housing")

    assert ledger.verify().ok
    do("clerk.g10", case_id, "review_housing", "agree")
    do("clerk.h04", case_id, "review_tobacco", "agree")
    do("leader.g22", case_id, "decide", "approve")

    after = cases.case_view(actor=system(county.TENANT), case_id=case_id)
    assert (after.status, after.outcome) == ("closed", "approved")
    assert len([one for one in after.opinions if one.phase == "review"]) == 4
    assert set(numbers("closed")) > set(before)
    assert ledger.verify().ok


@pytest.mark.full
def test_papers_of_the_previous_release_still_verify(upgraded_town, today):
    with connection.cursor() as cursor:
        cursor.execute("select verification_code from documents_document where kind = 'licence' order by created_at")
        code = cursor.fetchone()[0]

    page = Client().get(f"/verify/{code}/", secure=True)

    assert page.status_code == 200
    assert re.search("有效|真实", page.content.decode())


@pytest.mark.full
def test_people_of_the_previous_release_sign_in_and_see_their_desks(upgraded_town, today):
    for username, address in (("clerk.g22", "/services/desk/"), ("leader.g22", "/services/desk/")):
        client = factories.sign_in(Client(), identity.find_actor(username))

        assert client.get(address, secure=True).status_code == 200
