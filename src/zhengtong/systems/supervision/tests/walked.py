"""A county whose cases the real engine runs, for tests of paths."""

import datetime as dt
import uuid

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.tests.county import TENANT, officer
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision.models import CasePath

MONDAY = dt.datetime(2026, 11, 9, 1, tzinfo=dt.UTC)
DAY = 86_400
REVIEWS = {"review_fire": "H05", "review_signboard": "G11", "review_housing": "G10", "review_tobacco": "H04"}


def open_item(case_id, node):
    return WorkItem.objects.get(case_id=case_id, node=node, status="open")


def complete(case_id, node, outcome, code="G22", role="clerk"):
    item = open_item(case_id, node)
    return cases.complete_step(
        actor=officer(code, role),
        work_item_id=item.id,
        outcome=outcome,
        opinion="已核对，理由见意见。",
        command_key=str(uuid.uuid4()),
    )


def reviewed(case_id, *nodes):
    for node in nodes or REVIEWS:
        complete(case_id, node, "agree", REVIEWS[node])


def decided(case_id):
    complete(case_id, "decide", "reject", role="leader")
    (token,) = Case.objects.get(pk=case_id).marking["t"]
    cases.finish_service(tenant=TENANT, case_id=case_id, token=int(token), result={})
    run_until_idle()


def path(case_id):
    return CasePath.objects.select_related("variant").get(case__case_id=case_id)
