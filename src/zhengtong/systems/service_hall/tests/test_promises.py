"""Tolerant acceptance and commitment: promised, followed up, kept or broken, and what comes of it."""

import datetime as dt
import uuid
from collections.abc import Iterator

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
from zhengtong.systems.service_hall.models import Application, BrokenPledge, Pledge
from zhengtong.systems.service_hall.registry import commitment_broken
from zhengtong.systems.service_hall.rules.promises import (
    Owed,
    commitment_refusal,
    next_due,
    refusal,
    standing,
    statement,
)
from zhengtong.systems.service_hall.selectors import promises as reads
from zhengtong.systems.service_hall.services import promising
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
WITHIN = "119807230072031936498" + "0139999011"
PROMISED = "119807230072031936498" + "0139999012"


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        hall.found_county("commitment")
        material = catalogue.MaterialDraft
        sign = material(key=hall.TOLERABLE, name="招牌效果图", form="原件", tolerable=True, within="3 WD")
        proof = material(key=hall.REQUIRED, name="场所证明", form="复印件", accept_standard="双方签字。")
        form = material(key=hall.FORM, name="申请表", form="原件")
        catalogue.publish_item(
            actor=system(hall.TENANT),
            draft=hall.item_draft(code=WITHIN, name="容缺测试许可", materials=(form, proof, sign)),
        )
        commitment = catalogue.Commitment(
            told="应当有固定的场所。",
            statement="我符合条件。",
            consequences="不实的撤销许可。",
            check_within="60 D",
            materials=(hall.REQUIRED,),
        )
        catalogue.publish_item(
            actor=system(hall.TENANT),
            draft=hall.item_draft(code=PROMISED, name="承诺测试许可", materials=(form, proof), commitment=commitment),
        )
        yield traveller
        cases.forget_calendars()


def handed_in(actor: Actor, code: str = WITHIN) -> Application:
    row = hall.draft(actor, code)
    if code == WITHIN:
        hall.give(actor, row)
    return api.submit_application(actor=actor, application_id=row.id)


def process_of(row: Application) -> str:
    assert row.case_id is not None
    found = cases.process_of_case(row.tenant, row.case_id)
    return found.key if found else ""


def test_without_a_promise_a_matter_that_lacks_what_may_follow_is_not_accepted(applicant: Actor) -> None:
    row = handed_in(applicant)

    with pytest.raises(Invalid, match="没有签署容缺受理承诺"):
        hall.act(row, "accept")

    api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)
    hall.act(row, "accept")


def test_the_time_runs_from_acceptance_and_never_beyond_the_promised_limit(applicant: Actor) -> None:
    row = handed_in(applicant)
    pledge = api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)
    assert "受理之日起 3 个工作日内补交" in pledge.text

    hall.act(row, "accept")
    do_all_work()

    pledge.refresh_from_db()
    assert (pledge.state, pledge.due_on) == ("running", dt.date(2026, 11, 12))
    assert SiteMessage.objects.filter(person_id=applicant.person_id, title="请按承诺补交材料").exists()
    item = catalogue.item_version(tenant=hall.TENANT, version_id=row.item_version_id)
    assert reads.limit_for(hall.TENANT, "20 WD", item) == item.promised_limit


def test_what_comes_in_time_keeps_the_promise_and_the_licence_may_be_granted(applicant: Actor) -> None:
    row = handed_in(applicant)
    pledge = api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)
    hall.act(row, "accept")
    do_all_work()
    hall.act(row, "pass")
    with pytest.raises(Invalid, match="还没有补齐"):
        hall.act(row, "approve", role="leader")

    hall.give(applicant, row, hall.TOLERABLE)

    pledge.refresh_from_db()
    assert pledge.state == "kept"
    with pytest.raises(Conflict):
        hall.give(applicant, row, hall.TOLERABLE)
    hall.act(row, "approve", role="leader")


def test_no_licence_is_granted_before_the_promise_has_begun_to_run_either(applicant: Actor) -> None:
    row = handed_in(applicant)
    api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)
    hall.act(row, "accept")
    hall.act(row, "pass")

    with pytest.raises(Invalid, match="还没有补齐"):  # the event of the acceptance is still on its way
        hall.act(row, "approve", role="leader")

    hall.give(applicant, row, hall.TOLERABLE)
    hall.act(row, "approve", role="leader")
    do_all_work()


def test_a_promise_that_cannot_be_marked_late_keeps_no_other_from_it(
    applicant: Actor, county: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (applicant, factories.citizen("李二", phone="13800000002"))
    rows = [handed_in(one) for one in people]
    for actor, row in zip(people, rows, strict=True):
        api.sign_tolerance(actor=actor, application_id=row.id, agreed=True)
        hall.act(row, "accept")
    do_all_work()
    tell = promising.tell_applicant

    def broken(row: Application, title: str, body: str) -> None:
        if row.pk == rows[0].pk:
            raise ValueError("no such person")
        tell(row, title, body)

    monkeypatch.setattr(promising, "tell_applicant", broken)
    county.move_to(dt.datetime(2026, 11, 13, 2, tzinfo=dt.UTC))
    with pytest.raises(RuntimeError, match="1 of what was due failed"):
        api.tick_pledges()

    assert [Pledge.objects.get(application=row).state for row in rows] == ["running", "late"]


def test_what_does_not_come_is_said_and_the_unit_may_end_the_case_with_a_paper(
    applicant: Actor, county: time_machine.Traveller
) -> None:
    row = handed_in(applicant)
    pledge = api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)
    hall.act(row, "accept")
    do_all_work()
    clerk = hall.official("G22", "clerk")
    with pytest.raises(Conflict, match="期限还没有届满"):
        promising.terminate(actor=clerk, pledge_id=pledge.id, reason="没有补交", command_key="a")
    county.move_to(dt.datetime(2026, 11, 13, 2, tzinfo=dt.UTC))
    assert api.tick_pledges() == 1
    assert api.tick_pledges() == 0
    pledge.refresh_from_db()
    assert pledge.state == "late"
    assert [one.number for one in reads.follow_ups(clerk).rows] == [row.number]
    with pytest.raises(NotFound):
        promising.terminate(
            actor=hall.official("H05", "clerk"), pledge_id=pledge.id, reason="没有补交", command_key="b"
        )
    with pytest.raises(NotPermitted):
        promising.terminate(
            actor=hall.official("G22", "supervisor"), pledge_id=pledge.id, reason="没有补交", command_key="b"
        )
    with pytest.raises(Invalid):
        promising.terminate(actor=clerk, pledge_id=pledge.id, reason=" ", command_key="b")

    promising.terminate(actor=clerk, pledge_id=pledge.id, reason="多次提醒仍没有补交", command_key="c")
    do_all_work()

    row.refresh_from_db()
    assert (row.status, row.outcome_label) == ("closed", "终止办理")
    view = api.own_view(actor=applicant, application_id=row.id)
    assert "终止办理通知书" in {paper.title for paper in view.papers}
    assert view.sentence == "已经办结：终止办理。"
    broken = BrokenPledge.objects.get()
    assert (broken.person_id, broken.item_name) == (applicant.person_id, "容缺测试许可")


def test_who_broke_a_promise_may_not_promise_again_until_it_is_repaired(
    applicant: Actor, county: time_machine.Traveller
) -> None:
    first = handed_in(applicant)
    pledge = api.sign_tolerance(actor=applicant, application_id=first.id, agreed=True)
    hall.act(first, "accept")
    do_all_work()
    county.move_to(dt.datetime(2026, 11, 13, 2, tzinfo=dt.UTC))
    clerk = hall.official("G22", "clerk")
    promising.terminate(actor=clerk, pledge_id=pledge.id, reason="没有补交", command_key="c")
    do_all_work()

    second = handed_in(applicant)
    with pytest.raises(Conflict, match="信用修复以前不适用"):
        api.sign_tolerance(actor=applicant, application_id=second.id, agreed=True)
    third = hall.draft(applicant, PROMISED)
    with pytest.raises(Conflict, match="信用修复以前不适用"):
        api.choose_commitment(actor=applicant, application_id=third.id, agreed=True)

    with pytest.raises(NotPermitted):
        promising.repair(actor=clerk, pledge_id=pledge.id, note="已经补交")
    promising.repair(actor=hall.official("G22", "leader"), pledge_id=pledge.id, note="已经补交")
    assert api.sign_tolerance(actor=applicant, application_id=second.id, agreed=True).state == "signed"


def test_a_tick_is_needed_and_a_second_press_gives_the_promise_that_stands(applicant: Actor) -> None:
    row = handed_in(applicant)

    with pytest.raises(Invalid):
        api.sign_tolerance(actor=applicant, application_id=row.id, agreed=False)
    first = api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)

    assert api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True) == first
    with pytest.raises(NotFound):
        api.sign_tolerance(actor=factories.citizen("李二", phone="13800000002"), application_id=row.id, agreed=True)


def test_a_withdrawn_matter_needs_no_promise_any_more(applicant: Actor) -> None:
    row = handed_in(applicant)
    pledge = api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)

    api.withdraw_application(actor=applicant, application_id=row.id, reason="不办了", command_key="w")
    do_all_work()

    pledge.refresh_from_db()
    assert pledge.state == "dropped"


def test_a_commitment_spares_papers_takes_the_short_way_and_is_checked_later(
    applicant: Actor, county: time_machine.Traveller
) -> None:
    row = hall.draft(applicant, PROMISED)
    with pytest.raises(Invalid):
        api.submit_application(actor=applicant, application_id=row.id)  # the paper is missing

    pledge = api.choose_commitment(actor=applicant, application_id=row.id, agreed=True)
    row = api.submit_application(actor=applicant, application_id=row.id)
    assert process_of(row) == "commitment"
    hall.act(row, "accept")
    hall.act(row, "approve", role="leader")
    do_all_work()

    pledge.refresh_from_db()
    assert (pledge.state, pledge.due_on) == ("running", dt.date(2027, 1, 8))
    clerk = hall.official("G22", "clerk")
    with pytest.raises(Invalid):
        promising.record_check(actor=clerk, pledge_id=pledge.id, kept=True, findings=" ")
    promising.record_check(actor=clerk, pledge_id=pledge.id, kept=True, findings="现场核对，与承诺一致")
    pledge.refresh_from_db()
    assert pledge.state == "kept"
    with pytest.raises(Conflict):
        promising.record_check(actor=clerk, pledge_id=pledge.id, kept=False, findings="再查")


def test_a_false_commitment_is_noted_and_told_to_who_revokes(applicant: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[uuid.UUID] = []
    monkeypatch.setitem(commitment_broken._items, "here", lambda actor, key, findings: told.append(key))
    row = hall.draft(applicant, PROMISED)
    pledge = api.choose_commitment(actor=applicant, application_id=row.id, agreed=True)
    row = api.submit_application(actor=applicant, application_id=row.id)
    hall.act(row, "accept")
    hall.act(row, "approve", role="leader")
    do_all_work()

    promising.record_check(actor=hall.official("G22", "clerk"), pledge_id=pledge.id, kept=False, findings="场所不存在")

    assert told == [row.id]
    assert BrokenPledge.objects.get().reason == "场所不存在"


def test_the_ordinary_way_is_open_while_nothing_is_handed_in(applicant: Actor) -> None:
    row = hall.draft(applicant, PROMISED)
    api.choose_commitment(actor=applicant, application_id=row.id, agreed=True)

    api.leave_commitment(actor=applicant, application_id=row.id)

    assert Pledge.objects.get().state == "dropped"
    hall.give(applicant, row)
    row = api.submit_application(actor=applicant, application_id=row.id)
    assert process_of(row) == "standard"
    with pytest.raises(Conflict):
        api.choose_commitment(actor=applicant, application_id=row.id, agreed=True)


def test_rules_of_promises() -> None:
    owed = (
        Owed("a", "甲", "原件", "3 个工作日", dt.date(2026, 11, 12)),
        Owed("b", "乙", "复印件", "5 个工作日", dt.date(2026, 11, 16), given=True),
    )

    assert standing(owed, dt.date(2026, 11, 12)) == "running"
    assert standing(owed, dt.date(2026, 11, 13)) == "late"
    assert standing(owed[1:], dt.date(2026, 12, 1)) == "kept"
    assert next_due(owed) == dt.date(2026, 11, 12)
    assert "2. 乙（复印件），受理之日起 5 个工作日内补交" in statement(owed, "某局")
    assert "不需要承诺" in refusal(missing=[], broken=[], accepted=False)
    assert "已经受理" in refusal(missing=["甲"], broken=[], accepted=True)
    assert refusal(missing=["甲"], broken=[], accepted=False) == ""
    assert "没有实行告知承诺" in commitment_refusal(offered=False, broken=[], handed_in=False)
    assert "不能再改" in commitment_refusal(offered=True, broken=[], handed_in=True)
