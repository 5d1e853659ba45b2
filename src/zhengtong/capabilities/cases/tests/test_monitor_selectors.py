"""The monitor: what stands where, for whom, at a flat cost."""

import dataclasses
import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Case, ProcessVersion, WorkItem
from zhengtong.capabilities.cases.selectors.monitor import (
    case_monitor,
    running_processes,
    standing_cases,
    version_monitor,
)
from zhengtong.capabilities.cases.tests.county import citizen, found_county, officer, open_restaurant_case
from zhengtong.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(clock):
    found_county()
    return [open_restaurant_case(citizen(), number=f"980723-2026-{number}") for number in (1, 2)]


def watcher():
    return officer("H05", "supervisor")


def version_id():
    return ProcessVersion.objects.get(key="restaurant").id


def accept(case_id):
    item = WorkItem.objects.get(case_id=case_id, node="accept", status="open")
    clerk = officer("G22", "clerk")
    api.complete_step(actor=clerk, work_item_id=item.id, outcome="accept", opinion="齐全", command_key=str(item.id))


def loads(actor):
    return {load.node: (load.count, load.late) for load in version_monitor(actor, version_id()).loads}


def test_numbers_follow_the_cases(town):
    assert loads(watcher()) == {"accept": (2, 0)}

    accept(town[0])

    assert loads(watcher()) == {
        "accept": (1, 0),
        "review_fire": (1, 0),
        "review_signboard": (1, 0),
        "review_housing": (1, 0),
        "review_tobacco": (1, 0),
    }


def test_late_work_is_counted_apart(town, clock):
    accept(town[0])
    clock.shift(dt.timedelta(days=9))

    found = loads(watcher())

    assert found["review_fire"] == (1, 1)
    assert running_processes(watcher())[0].late >= 2
    assert [row.late for row in standing_cases(watcher(), version_id(), node="review_fire").rows] == [True]


def test_the_drawing_carries_the_numbers(town):
    drawing = version_monitor(watcher(), version_id()).drawing

    assert "在办 2 件" in drawing
    assert 'class="counts"' in drawing


def test_the_cases_behind_a_number(town):
    accept(town[0])

    at_review = standing_cases(watcher(), version_id(), node="review_fire")
    everywhere = standing_cases(watcher(), version_id())

    assert [row.id for row in at_review.rows] == [town[0]]
    assert "青禾县消防救援大队" in at_review.rows[0].holders
    assert everywhere.total == 2
    assert standing_cases(watcher(), version_id(), node="nowhere").total == 0


def test_a_leader_sees_his_own_units_cases_and_a_clerk_none(town):
    own, other, clerk = officer("G22", "leader"), officer("H05", "leader"), officer("G22", "clerk")

    assert loads(own) == {"accept": (2, 0)}
    assert loads(other) == {}
    assert loads(clerk) == {}
    assert standing_cases(other, version_id()).total == 0
    with pytest.raises(NotFound):
        case_monitor(other, town[0])
    with pytest.raises(NotFound):
        case_monitor(clerk, town[0])


@pytest.mark.parametrize(
    ("code", "role", "scope", "seen"),
    [
        ("H05", "supervisor", "county", {"accept": (2, 0)}),
        ("H05", "supervisor", "unit", {}),
        ("G22", "supervisor", "unit", {"accept": (2, 0)}),
        ("G22", "process_admin", "subtree", {"accept": (2, 0)}),
        ("H05", "process_admin", "subtree", {}),
        ("H05", "leader", "county", {"accept": (2, 0)}),
        ("G22", "supervisor", "own", {}),
    ],
)
def test_a_watcher_sees_as_far_as_his_role_reaches(town, code, role, scope, seen):
    actor = dataclasses.replace(officer(code, role), scopes=((role, scope),))

    assert loads(actor) == seen
    assert standing_cases(actor, version_id()).total == sum(count for count, _late in seen.values())


def test_a_leader_who_stands_in_for_certain_items_watches_only_these(town):
    leader = officer("G22", "leader")

    assert loads(dataclasses.replace(leader, delegated_items=frozenset({"other"}))) == {}
    item = Case.objects.get(pk=town[0]).item_code
    assert loads(dataclasses.replace(leader, delegated_items=frozenset({item}))) == {"accept": (2, 0)}


def test_an_administrator_of_the_system_sees_nothing_even_with_another_role(town):
    assert loads(officer("G22", "supervisor", "sys_admin")) == {}


def test_one_case_with_its_history(town):
    accept(town[0])

    found = case_monitor(watcher(), town[0])

    first = found.steps[0]
    assert (first.name, first.status, first.opinions, first.who) == ("受理", "done", 1, "市场监督管理局clerk")
    assert {step.node for step in found.steps if step.status == "open"} == {
        "review_fire",
        "review_signboard",
        "review_housing",
        "review_tobacco",
    }
    assert 'data-node="review_fire"' in found.drawing
    assert found.version == 1


def test_a_case_that_waits_for_no_person_says_what_it_waits_for(town):
    Case.objects.filter(pk=town[0]).update(marking={"n": 9, "t": {"8": ["issue_licence", 0, None]}, "j": {}})
    WorkItem.objects.filter(case_id=town[0]).update(status="cancelled")

    assert case_monitor(watcher(), town[0]).waiting == ("制发证照（服务任务）",)
    assert [row.standing for row in standing_cases(watcher(), version_id(), node="issue_licence").rows] == [
        "制发证照（服务任务）"
    ]


def statements(version):
    with CaptureQueriesContext(connection) as context:
        version_monitor(watcher(), version)
        standing_cases(watcher(), version)
        running_processes(watcher())
    return len(context)


def test_the_cost_does_not_grow_with_the_cases(town):
    version = version_id()
    version_monitor(watcher(), version)  # the compiled graph is read once and kept
    few = statements(version)

    for number in range(3, 9):
        open_restaurant_case(citizen(), number=f"980723-2026-{number}")

    assert statements(version) == few
    assert few <= 12


def test_another_tenants_version_is_not_found(town):
    stranger = officer("H05", "supervisor")
    stranger = type(stranger)(**{**vars(stranger), "tenant": "110000"})

    with pytest.raises(NotFound):
        version_monitor(stranger, version_id())


def test_no_applicant_is_named(town):
    item = WorkItem.objects.get(case_id=town[0], node="accept", status="open")
    api.complete_step(
        actor=officer("G22", "clerk"), work_item_id=item.id, outcome="supplement", opinion="缺租赁合同", command_key="s"
    )
    own = WorkItem.objects.get(case_id=town[0], role="applicant", status="open")
    applicant = dataclasses.replace(citizen(), name="欧阳试")
    api.complete_step(actor=applicant, work_item_id=own.id, outcome="submit", command_key="d", as_applicant=True)

    steps = {step.node: step for step in case_monitor(watcher(), town[0]).steps if step.work_item_id == own.id}

    assert [step.org_name for step in steps.values()] == ["申请人"]
    assert "欧阳试" not in repr(case_monitor(watcher(), town[0]))
