"""Paths of real cases: worked out from events alone, again when more is told, and built again from the log."""

import datetime as dt
import uuid

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.models import ProcessVersion
from zhengtong.capabilities.cases.tests.county import TENANT, citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.identity.tests.factories import official
from zhengtong.contracts import cases as contract
from zhengtong.kernel.clock import now
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision import api
from zhengtong.systems.supervision.models import Card, CasePath, PathDue, PathVariant, StepTime, TalliedMonth
from zhengtong.systems.supervision.selectors.path_times import PathFilter, step_figures
from zhengtong.systems.supervision.services.tallying import tally_months
from zhengtong.systems.supervision.tests.county import RULES, Matter, install, tell
from zhengtong.systems.supervision.tests.walked import (
    DAY,
    MONDAY,
    REVIEWS,
    complete,
    decided,
    open_item,
    path,
    reviewed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        found_county()
        yield traveller


def test_a_case_run_by_the_engine_has_taken_the_drawn_way(clock):
    case_id = open_restaurant_case(citizen())
    complete(case_id, "accept", "accept")
    reviewed(case_id)
    decided(case_id)

    found = path(case_id)
    assert found.faults == []
    assert (found.variant.fit, found.variant.whole, found.variant.loops) == (6, 6, 0)
    assert found.variant.flows["flow_accepted"] == found.variant.flows["flow_decided"] == 1
    assert not PathDue.objects.exists()


def test_cases_that_took_the_same_way_in_another_order_share_it(clock):
    for number, order in enumerate((list(REVIEWS), list(reversed(REVIEWS)))):
        case_id = open_restaurant_case(citizen(), number=f"980723-2026-{number}")
        complete(case_id, "accept", "accept")
        reviewed(case_id, *order)
    run_until_idle()

    assert CasePath.objects.count() == 2
    assert CasePath.objects.values("variant").distinct().count() == 1


def test_a_return_is_a_deviation_with_its_time_and_unit(clock):
    case_id = open_restaurant_case(citizen())
    complete(case_id, "accept", "accept")
    reviewed(case_id)
    clock.shift(DAY)
    cases.return_step(
        actor=officer("G22", "leader"),
        work_item_id=open_item(case_id, "decide").id,
        node="fork",
        reason="意见不全，请重新审查。",
        command_key="r1",
    )
    reviewed(case_id)
    run_until_idle()

    (fault,) = path(case_id).faults
    assert (fault["kind"], fault["node"], fault["name"]) == ("returned", "review_fire", "消防安全检查意见")
    assert fault["org"] == "青禾县消防救援大队"
    assert dt.datetime.fromisoformat(fault["at"]) == MONDAY + dt.timedelta(days=1)
    assert path(case_id).variant.loops == 5  # four reviews and the decision


def test_a_jump_and_a_reassignment_are_named(clock):
    official("housing", "clerk", org_code="G10", org_name="青禾县住房和城乡建设局")
    case_id = open_restaurant_case(citizen())
    complete(case_id, "accept", "accept")
    for kind, detail in (
        ("reassign", {"work_item_id": str(open_item(case_id, "review_fire").id), "org_code": "G10"}),
        ("jump", {"work_item_id": str(open_item(case_id, "review_tobacco").id), "node": "decide"}),
    ):
        request = cases.request_intervention(
            actor=officer("G22", "process_admin"), case_id=case_id, kind=kind, reason="工作需要", detail=detail
        )
        cases.approve_intervention(actor=officer("G22", "leader"), request_id=request)
    decided(case_id)

    found = path(case_id)
    assert [(one["kind"], one["node"]) for one in found.faults] == [("reassigned", "review_fire"), ("jumped", "decide")]
    assert (found.variant.fit, found.variant.whole) == (5, 6)


def test_waiting_ends_when_a_task_is_taken_and_rest_days_do_not_count(clock):
    case_id = open_restaurant_case(citizen())
    complete(case_id, "accept", "accept")
    clock.shift(2 * DAY)
    cases.claim_step(actor=officer("H05", "clerk"), work_item_id=open_item(case_id, "review_fire").id)
    clock.shift(5 * DAY)  # Saturday and Sunday among them
    reviewed(case_id, "review_fire")
    run_until_idle()

    row = StepTime.objects.get(node="review_fire")
    assert (row.waited, row.worked) == (2 * DAY, 3 * DAY)
    assert StepTime.objects.get(node="accept").worked == 0


def test_built_again_the_paths_come_out_the_same(clock):
    case_id = open_restaurant_case(citizen())
    complete(case_id, "accept", "supplement")
    run_until_idle()
    before = (path(case_id).variant.digest, path(case_id).faults, list(StepTime.objects.values_list("node", "waited")))
    PathVariant.objects.filter(pk=path(case_id).variant_id).update(loops=9)
    CasePath.objects.all().delete()

    api.rebuild(TENANT)
    run_until_idle()

    assert before == (
        path(case_id).variant.digest,
        path(case_id).faults,
        list(StepTime.objects.values_list("node", "waited")),
    )


def test_a_month_that_is_counted_tells_the_same_as_its_steps(clock):
    for number in range(3):
        case_id = open_restaurant_case(citizen(), number=f"980723-2026-{number}")
        clock.shift((1 + number) * DAY)
        complete(case_id, "accept", "accept")
    run_until_idle()
    clock.move_to(MONDAY + dt.timedelta(days=30))
    drawn = cases.drawn_process(path(case_id).process_id)
    wanted = PathFilter(since=dt.date(2026, 10, 15), until=dt.date(2026, 12, 3))
    before = step_figures(TENANT, drawn, wanted)

    assert tally_months(TENANT) == 1
    assert tally_months(TENANT) == 0
    assert step_figures(TENANT, drawn, wanted) == before
    (accept,) = before
    assert (accept.own.count, accept.own.total) == (3, (16 * DAY // 10, 2 * DAY))  # of 1.0, 1.6 and 2.0 days

    StepTime.objects.all().delete()
    assert step_figures(TENANT, drawn, wanted) == before  # from the counts alone


def test_what_changes_in_a_counted_month_takes_the_count_back(clock):
    case_id = open_restaurant_case(citizen())
    complete(case_id, "accept", "accept")
    run_until_idle()
    clock.move_to(MONDAY + dt.timedelta(days=30))
    tally_months(TENANT)

    reviewed(case_id, "review_fire")
    run_until_idle()

    assert not TalliedMonth.objects.exists()
    assert tally_months(TENANT) == 1


def hand_told(*nodes):
    """A case of the restaurant's process that only its events know, closed after these steps."""
    matter = Matter()
    version = ProcessVersion.objects.get(key="restaurant", active=True)
    tell(contract.CaseOpened(**matter.common(), process_id=version.id))
    for node in nodes:
        item = {"work_item_id": uuid.uuid4(), "node": node, "step": node, "phase": "review"}
        tell(contract.StepOpened(**matter.common(), **item))
        tell(contract.StepDone(**matter.common(), **item, outcome="agree", opened_at=now(), post_name="审查岗"))
    matter.closed()
    run_until_idle()
    return matter


def test_a_step_left_out_lights_a_card(clock):
    install(rows=[row for row in RULES if row["key"] == "68-off-the-drawing"])

    hand_told("accept", *REVIEWS, "decide")
    assert not Card.objects.exists()
    skipping = hand_told("accept", "decide")

    assert Card.objects.get().case_id == skipping.case_id
    assert "4 处" in Card.objects.get().explanation
    assert {one["kind"] for one in path(skipping.case_id).faults} == {"skipped"}


def test_a_case_whose_process_nobody_told_has_no_path(clock):
    matter = Matter()
    matter.opened()
    matter.closed()
    run_until_idle()

    assert not CasePath.objects.exists()
    assert not PathDue.objects.exists()
