"""Inspection, expert review and public notice: who, when, whether the clock stops, and that a decision waits."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, SpecialStep
from zhengtong.systems.service_hall.rules.special import PlannedStep, people_problem, stop_of
from zhengtong.systems.service_hall.selectors import special as reads
from zhengtong.systems.service_hall.services import special_steps
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests.hall_factories import picture

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
TODAY, TOMORROW = dt.date(2026, 11, 9), dt.date(2026, 11, 10)
PLAIN = "119807230072031936498" + "0139999021"
STOPPING = "119807230072031936498" + "0139999022"


@pytest.fixture(autouse=True)
def county(monday: time_machine.Traveller) -> time_machine.Traveller:
    hall.found_county()
    material = catalogue.MaterialDraft(key=hall.REQUIRED, name="场所证明", form="复印件")
    stops = (catalogue.SpecialStepDraft(name="现场勘验", stops_clock=True, longest="10 WD"),)
    for code, name, steps in ((PLAIN, "平常测试许可", ()), (STOPPING, "停表测试许可", stops)):
        draft = hall.item_draft(code=code, name=name, materials=(material,), special_steps=steps)
        catalogue.publish_item(actor=system(hall.TENANT), draft=draft)
    cases.forget_calendars()
    return monday


@pytest.fixture
def row(applicant: Actor) -> Application:
    return hall.accepted(applicant, PLAIN)


def inspection(clerk: Actor, second: Actor, row: Application, **more: Any) -> SpecialStep:
    assert row.case_id is not None
    people = [{"id": str(one.person_id), "name": one.name, "title": "执法人员"} for one in (clerk, second)]
    planned = {
        "kind": "inspection",
        "plan": "核查场所布局，请派人到场。",
        "from_day": TOMORROW,
        "until_day": TOMORROW,
        "place": "城关镇老街 18 号",
        "people": people,
    }
    return special_steps.arrange(actor=clerk, case_id=row.case_id, **(planned | more))


def case_of(row: Application) -> cases.CaseView:
    assert row.case_id is not None
    return cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)


def test_an_inspection_is_told_recorded_with_photographs_and_bars_the_decision(
    row: Application, applicant: Actor, clerk: Actor, second: Actor, county: time_machine.Traveller
) -> None:
    step = inspection(clerk, second, row)
    do_all_work()
    told = SiteMessage.objects.get(person_id=applicant.person_id, title="请配合现场勘验").body
    assert "城关镇老街 18 号" in told
    assert "办理期限照常计算" in told
    assert not case_of(row).paused
    hall.act(row, "pass")
    with pytest.raises(Invalid, match="现场勘验还没有结束"):
        hall.act(row, "approve", role="leader")
    assert [one.id for one in reads.my_inspections(second)] == [step.id]
    with pytest.raises(Conflict, match="还没有到约定的日期"):
        special_steps.close(actor=second, step_id=step.id, findings="布局一致", result="passed")

    county.move_to(dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC))
    special_steps.add_photo(actor=second, step_id=step.id, name="门头.png", content=picture(), note="门头")
    with pytest.raises(Invalid):
        special_steps.add_photo(actor=second, step_id=step.id, name="x.pdf", content=hall.pdf())
    with pytest.raises(Invalid, match="照片说明最多 200 个字"):
        special_steps.add_photo(actor=second, step_id=step.id, name="x.png", content=picture(), note="长" * 201)
    with pytest.raises(Invalid):
        special_steps.close(actor=second, step_id=step.id, findings="布局一致", result="no_objection")
    special_steps.close(
        actor=second, step_id=step.id, findings="布局与图纸一致。", result="passed", applicant_said="没有意见"
    )
    do_all_work()

    view = api.own_view(actor=applicant, application_id=row.id)
    assert "现场勘验笔录" in {paper.title for paper in view.papers}
    hall.act(row, "approve", role="leader")


def test_an_inspection_stops_the_clock_only_where_the_guide_says_so(
    applicant: Actor, clerk: Actor, second: Actor, county: time_machine.Traveller
) -> None:
    row = hall.accepted(applicant, STOPPING)

    step = inspection(clerk, second, row)

    case = case_of(row)
    assert case.paused
    assert case.pauses[0].label == "现场勘验"
    assert "办事指南" in case.pauses[0].basis
    do_all_work()
    county.move_to(dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC))
    special_steps.close(actor=clerk, step_id=step.id, findings="布局一致", result="passed")
    assert not case_of(row).paused


def test_an_expert_review_stops_the_clock_by_law_and_its_end_lets_it_run(
    row: Application, applicant: Actor, clerk: Actor
) -> None:
    assert row.case_id is not None
    step = special_steps.arrange(
        actor=clerk,
        case_id=row.case_id,
        kind="expert_review",
        plan="需要组织消防专家评审，预计 5 个工作日。",
        from_day=TODAY,
        until_day=dt.date(2026, 11, 16),
        people=[{"name": "钱专家", "title": "高级工程师"}],
    )
    do_all_work()
    case = case_of(row)
    assert (case.paused, case.pauses[0].label) == (True, "专家评审")
    assert case.pauses[0].cap_day == dt.date(2026, 11, 16)
    papers = {paper.title for paper in api.own_view(actor=applicant, application_id=row.id).papers}
    assert "停止计时告知书" in papers

    special_steps.close(actor=clerk, step_id=step.id, findings="专家组认为符合规范。", result="passed")
    do_all_work()

    assert not case_of(row).paused
    papers = {paper.title for paper in api.own_view(actor=applicant, application_id=row.id).papers}
    assert "专家评审意见书" in papers


def notice(clerk: Actor, row: Application, **more: Any) -> SpecialStep:
    assert row.case_id is not None
    planned = {
        "kind": "public_notice",
        "plan": "拟准予开办。",
        "from_day": TODAY,
        "until_day": dt.date(2026, 11, 13),
        "place": "政务服务网",
    }
    return special_steps.arrange(actor=clerk, case_id=row.case_id, **(planned | more))


def test_a_public_notice_takes_objections_that_must_be_answered(
    row: Application, applicant: Actor, clerk: Actor, county: time_machine.Traveller
) -> None:
    step = notice(clerk, row)
    do_all_work()
    assert "公示" in {paper.title for paper in api.own_view(actor=applicant, application_id=row.id).papers}
    assert [one.applicant for one in reads.public_notices(hall.TENANT).rows] == ["张*"]
    neighbour = factories.citizen("李二", phone="13800000002")

    with pytest.raises(Invalid, match="异议最多 2000 个字"):
        special_steps.object_to(actor=neighbour, step_id=step.id, text="长" * 2001, phone="13800000002")
    objection = special_steps.object_to(actor=neighbour, step_id=step.id, text="油烟扰民", phone="13800000002")
    assert fates_of(neighbour) == {"没有答复的公示异议": "open", "公示异议的姓名和电话": ""}
    with pytest.raises(Conflict):
        special_steps.object_to(actor=neighbour, step_id=step.id, text="再说一次", phone="13800000002")
    with pytest.raises(NotPermitted):
        special_steps.object_to(actor=clerk, step_id=step.id, text="油烟", phone="13800000002")
    with pytest.raises(Invalid):
        special_steps.object_to(
            actor=factories.citizen("王三", phone="13800000003"), step_id=step.id, text="油烟", phone="1"
        )
    with pytest.raises(Conflict, match="期满以后"):
        special_steps.close(actor=clerk, step_id=step.id, findings="没有", result="no_objection")
    county.move_to(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC))
    with pytest.raises(Conflict, match="没有答复"):
        special_steps.close(actor=clerk, step_id=step.id, findings="有一条", result="objections")
    with pytest.raises(NotPermitted):
        special_steps.answer_objection(actor=hall.official("H05", "clerk"), objection_id=objection.id, text="不归我们")
    special_steps.answer_objection(actor=clerk, objection_id=objection.id, text="已经要求安装净化设备")
    with pytest.raises(Invalid, match="不一致"):
        special_steps.close(actor=clerk, step_id=step.id, findings="有一条", result="no_objection")

    special_steps.close(actor=clerk, step_id=step.id, findings="收到一条异议，已经答复。", result="objections")

    mine = reads.own_objection(neighbour, step.id)
    assert mine is not None
    assert mine.answer == "已经要求安装净化设备"
    assert reads.public_notices(hall.TENANT).rows == []
    assert fates_of(neighbour) == {"没有答复的公示异议": "", "公示异议的姓名和电话": "hide"}


def fates_of(actor: Actor) -> dict[str, str]:
    """What a request for erasure says of the actor's objections: kind → its fate, empty where there is none."""
    assert actor.person_id is not None
    found = {
        one.label: one.fate.name.lower() for one in api.what_would_go(tenant=hall.TENANT, person_id=actor.person_id)
    }
    return {label: found.get(label, "") for label in ("没有答复的公示异议", "公示异议的姓名和电话")}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"people": [{"id": "x", "name": "李岗", "title": ""}]}, "people"),
        ({"people": [{"id": "x", "name": "李岗"}, {"id": "y", "name": "李岗"}]}, "people"),
        ({"from_day": TODAY, "until_day": TODAY}, "from_day"),
        ({"plan": " "}, "plan"),
        ({"place": " "}, "place"),
        ({"until_day": TODAY}, "until_day"),
        ({"kind": "lunch"}, "kind"),
        ({"kind": "public_notice", "from_day": TODAY, "until_day": dt.date(2026, 11, 12)}, "until_day"),
        ({"kind": "expert_review", "people": []}, "people"),
    ],
)
def test_plans_that_make_no_sense_are_refused(
    row: Application, clerk: Actor, second: Actor, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        inspection(clerk, second, row, **wrong)

    assert refused.value.field == field
    assert not SpecialStep.objects.exists()


def test_only_the_unit_arranges_one_at_a_time_after_acceptance(
    row: Application, applicant: Actor, clerk: Actor, second: Actor
) -> None:
    other = factories.official("fire", "clerk", org_code="H05", org_name=hall.UNITS["H05"], name="消岗")
    with pytest.raises(NotPermitted):
        inspection(other, second, row)
    inspection(clerk, second, row)
    with pytest.raises(Conflict):
        inspection(clerk, second, row)
    fresh = hall.submitted(factories.citizen("李二", phone="13800000002"), PLAIN)
    with pytest.raises(Conflict, match="受理以后"):
        inspection(clerk, second, fresh)
    with pytest.raises(NotFound):
        reads.special_for(other, SpecialStep.objects.get().id)


def test_a_step_that_is_not_needed_is_dropped_with_a_reason(applicant: Actor, clerk: Actor, second: Actor) -> None:
    row = hall.accepted(applicant, STOPPING)
    step = inspection(clerk, second, row)
    with pytest.raises(Invalid):
        special_steps.drop(actor=clerk, step_id=step.id, reason="")

    special_steps.drop(actor=clerk, step_id=step.id, reason="材料已经能够说明")

    assert not case_of(row).paused
    hall.act(row, "pass")
    hall.act(row, "approve", role="leader")
    with pytest.raises(Conflict):
        special_steps.drop(actor=clerk, step_id=step.id, reason="再来")


def test_nothing_is_inspected_or_on_public_notice_after_the_case_was_withdrawn(
    row: Application, applicant: Actor, clerk: Actor, second: Actor
) -> None:
    step = notice(clerk, row)
    inspection(clerk, second, row)
    do_all_work()

    api.withdraw_application(actor=applicant, application_id=row.id, reason="不开店了", command_key="w")
    do_all_work()

    assert reads.public_notices(hall.TENANT).rows == []
    assert reads.my_inspections(second) == ()
    neighbour = factories.citizen("李二", phone="13800000002")
    with pytest.raises(Conflict, match="不在进行中"):
        special_steps.object_to(actor=neighbour, step_id=step.id, text="油烟扰民", phone="13800000002")
    assert set(SpecialStep.objects.values_list("state", "findings")) == {("dropped", "办件已经办结，不再进行。")}


def test_rules_of_special_steps() -> None:
    guide = [PlannedStep("现场勘验", stops_clock=True), PlannedStep("公示", stops_clock=False)]

    assert stop_of("expert_review", []) == ("expert_review", "")
    assert stop_of("inspection", []) is None
    found = stop_of("inspection", guide)
    assert found is not None
    assert found[0] == "现场勘验"
    assert stop_of("public_notice", guide) is None
    assert "两名以上" in people_problem("inspection", ["甲", " ".strip()])
    assert people_problem("public_notice", []) == ""
