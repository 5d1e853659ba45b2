"""A drawn timer that runs out again while its first reminder is still open is settled and told, not tried for ever."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import ProcessTimer, WorkItem
from zhengtong.capabilities.cases.services import acts
from zhengtong.capabilities.cases.tests.clockwork import at, boss, clerk, do, payload_of, single_case
from zhengtong.capabilities.cases.tests.county import found_county, officer
from zhengtong.capabilities.cases.tests.drawings import drawing
from zhengtong.kernel.actors import ObjectRef

pytestmark = pytest.mark.django_db
ROUNDS = """start s
user w outcomes=again:重办;done:办结
boundary t on=w for=P1D keep
user r
end told
xor g
end e
s -> w
w -> g
g => e
g -> w : outcome == "again"
t -> r
r -> told
"""


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-11-09"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case_id(clock):
    found_county()
    api.deploy_process(
        actor=officer("G22", "process_admin"),
        approver=boss(),
        key="standard",
        title="一般办件",
        bpmn_xml=drawing(ROUNDS),
    )
    return single_case()


def test_a_timer_of_a_second_round_is_settled_while_the_first_reminder_is_open(case_id, clock):
    clock.shift(dt.timedelta(days=2))
    assert acts.fire_timers() == 1
    do(clerk(), case_id, "w", "again")
    clock.shift(dt.timedelta(days=2))

    assert acts.fire_timers() == 1

    assert WorkItem.objects.filter(case_id=case_id, node="r").count() == 1
    assert not ProcessTimer.objects.filter(case_id=case_id, fired_at__isnull=True, off=False).exists()
    assert payload_of(ObjectRef(kind="case", id=str(case_id)), "cases.timer") == {"node": "t", "still_open": ["t"]}
    assert acts.fire_timers() == 0
    do(clerk(), case_id, "r", "done")
    do(clerk(), case_id, "w", "done")
    assert api.case_view(actor=clerk(), case_id=case_id).status == "closed"
