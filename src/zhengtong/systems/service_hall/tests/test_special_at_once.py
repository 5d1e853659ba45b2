"""A special step is arranged or ended while somebody stops the clock, or lets it run, by hand."""

import datetime as dt

import pytest

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.service_hall.models import Application, SpecialStep
from zhengtong.systems.service_hall.services import special_steps
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.usefixtures("committed_db", "monday")
ITEM = "119807230072031936498" + "0139999021"
CAP = cases.Limit(5, cases.Unit.WD)


@pytest.fixture
def row(committed_db: str, monday: object, applicant: Actor) -> Application:
    hall.found_county()
    material = catalogue.MaterialDraft(key=hall.REQUIRED, name="场所证明", form="复印件")
    draft = hall.item_draft(code=ITEM, name="平常测试许可", materials=(material,))
    catalogue.publish_item(actor=system(hall.TENANT), draft=draft)
    cases.forget_calendars()
    return hall.accepted(applicant, ITEM)


def review(clerk: Actor, row: Application) -> SpecialStep:
    assert row.case_id is not None
    return special_steps.arrange(
        actor=clerk,
        case_id=row.case_id,
        kind="expert_review",
        plan="需要组织消防专家评审，预计 5 个工作日。",
        from_day=dt.date(2026, 11, 9),
        until_day=dt.date(2026, 11, 16),
        people=[{"name": "钱专家", "title": "高级工程师"}],
    )


def stop(clerk: Actor, row: Application) -> None:
    assert row.case_id is not None
    cases.pause_clock(actor=clerk, case_id=row.case_id, reason_code="appraisal", note="需要鉴定", cap=CAP)


def test_a_step_is_arranged_while_the_clock_is_being_stopped(row: Application, clerk: Actor) -> None:
    step = meeting(lambda: stop(clerk, row), lambda: review(clerk, row))

    assert isinstance(step, SpecialStep)
    assert step.pause_id is None
    assert [one.label for one in view(row).pauses] == ["鉴定"]


def view(row: Application) -> cases.CaseView:
    assert row.case_id is not None
    return cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)


@pytest.mark.parametrize("again", [False, True])
def test_a_step_is_ended_while_its_stop_is_being_ended_by_hand(row: Application, clerk: Actor, again: bool) -> None:
    step = review(clerk, row)

    def by_hand() -> None:
        assert row.case_id is not None
        cases.resume_clock(actor=clerk, case_id=row.case_id)
        if again:
            stop(clerk, row)

    closed = meeting(
        by_hand,
        lambda: special_steps.close(actor=clerk, step_id=step.id, findings="专家组认为符合规范。", result="passed"),
    )

    assert isinstance(closed, SpecialStep)
    assert view(row).paused == again  # another stop goes on
