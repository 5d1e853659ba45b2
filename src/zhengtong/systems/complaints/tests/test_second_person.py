"""What one of the office did another decides on: never his deputy, nor whom he stood in for, while there is one."""

import pytest
import time_machine

from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.kernel.actors import Actor, anonymous
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests.county import (
    MONDAY,
    TENANT,
    accepted,
    assigned,
    county,
    drafted,
    official,
    supervisor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place():
    with time_machine.travel(MONDAY, tick=False):
        county()
        yield


@pytest.fixture
def office() -> list[Actor]:
    """Who acts, for whom, a deputy, and another one."""
    return [supervisor(f"supervisor.{no}") for no in range(4)]


def for_review(acted: Actor, office: Actor) -> Complaint:
    row = assigned(office)
    drafted(official("handler", "clerk"), row)
    api.approve_answer(actor=acted, complaint_id=row.id)
    who = anonymous(TENANT)
    api.satisfy(actor=who, complaint_id=row.id, satisfaction="dissatisfied", bearer=True)
    return api.ask_review(actor=who, complaint_id=row.id, reason="只道歉，没有补收材料。", bearer=True)


def test_a_draft_of_the_office_is_approved_by_another_of_it(office: list[Actor]) -> None:
    first, absent, deputy, other = office
    row = api.handle_by_office(actor=first, complaint_id=accepted(first).id)
    drafted(acting_for(first, absent), row)

    for nobody in (first, absent, acting_for(deputy, first), acting_for(deputy, absent)):
        with pytest.raises(Conflict, match="另一人审定"):
            api.approve_answer(actor=nobody, complaint_id=row.id)
    assert api.approve_answer(actor=acting_for(deputy, other), complaint_id=row.id).state == "answered"


def test_a_review_is_done_by_another_than_who_approved_the_answer(office: list[Actor]) -> None:
    first, absent, deputy, other = office
    row = for_review(acting_for(first, absent), other)

    for nobody in (first, absent, acting_for(deputy, first), acting_for(deputy, absent)):
        with pytest.raises(Conflict, match="另一人办理"):
            api.redo(actor=nobody, complaint_id=row.id, reason="调查不充分，重新办理。")
    assert api.redo(actor=other, complaint_id=row.id, reason="调查不充分，重新办理。").turn == 2


def test_more_time_is_granted_by_another_than_who_asked_for_it(office: list[Actor]) -> None:
    first, absent, deputy, other = office
    row = assigned(other)
    unit = official("handler", "clerk")
    # both work in the unit besides
    api.ask_time(
        actor=acting_for(first, acting_for(absent, unit)), complaint_id=row.id, days=5, reason="需要补充调查。"
    )

    for nobody in (first, absent, acting_for(deputy, first), acting_for(deputy, absent)):
        with pytest.raises(Conflict, match="另一人决定"):
            api.decide_time(actor=nobody, complaint_id=row.id, grant=True, note="情况复杂，同意。")
    assert api.decide_time(actor=other, complaint_id=row.id, grant=True, note="情况复杂，同意。").state == "granted"


def test_who_is_alone_in_the_office_decides_himself() -> None:
    alone = supervisor()
    row = api.handle_by_office(actor=alone, complaint_id=accepted(alone).id)
    drafted(alone, row)

    assert api.approve_answer(actor=alone, complaint_id=row.id).state == "answered"
