"""Jump, reassign and migrate: asked for by a process administrator, done when a second person approves."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import (
    Case,
    Deadline,
    DeadlineMove,
    Intervention,
    ProcessVersion,
    WorkItem,
    WorkItemMove,
)
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.services import intervening
from zhengtong.capabilities.cases.tests.clockwork import payload_of
from zhengtong.capabilities.cases.tests.county import (
    DRAWINGS,
    UNITS,
    citizen,
    found_county,
    officer,
    open_restaurant_case,
)
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import OutOfCalendar
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai
STANDARD = (DRAWINGS / "standard.bpmn").read_text(encoding="utf-8")
EXAMINE = '<bpmn:userTask id="examine" name="审查"'


@pytest.fixture
def county(monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    with time_machine.travel(START, tick=False):
        found_county()
        yield


@pytest.fixture
def admin(county):
    return factories.official("paul", "process_admin", org_code="G22", org_name=f"青禾县{UNITS['G22']}", name="李二")


@pytest.fixture
def second(county):
    return factories.official("ruth", "process_admin", org_code="G10", org_name=f"青禾县{UNITS['G10']}", name="王五")


@pytest.fixture
def clerks(county):
    return [
        factories.official(f"clerk{n}", "clerk", org_code="G22", org_name=f"青禾县{UNITS['G22']}", name=name)
        for n, name in enumerate(("张三", "赵六"))
    ]


@pytest.fixture
def case_id(county):
    return open_restaurant_case(citizen(), process_key="standard")


def item_of(case_id, node):
    return WorkItem.objects.filter(case_id=case_id, node=node, status="open").get()


def complete(actor, case_id, node, outcome, opinion="意见"):
    item = item_of(case_id, node)
    api.complete_step(
        actor=actor, work_item_id=item.id, outcome=outcome, opinion=opinion, command_key=f"{node}{item.token}"
    )


def new_version(change):
    xml = (DRAWINGS / "standard.bpmn").read_text(encoding="utf-8")
    assert change(xml) != xml
    return api.deploy_process(
        actor=officer("G22", "process_admin"),
        approver=officer("G22", "leader"),
        key="standard",
        title="一般办件",
        bpmn_xml=change(xml),
    )


def ask(admin, case_id, kind, **detail):
    return api.request_intervention(actor=admin, case_id=case_id, kind=kind, reason="办理陷入停顿", detail=detail)


def test_jump_needs_a_second_person_and_is_recorded(admin, second, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    item = item_of(case_id, "examine")

    request = ask(admin, case_id, "jump", work_item_id=str(item.id), node="decide")
    assert item_of(case_id, "examine").id == item.id
    with pytest.raises(NotPermitted, match="另一人"):
        api.approve_intervention(actor=admin, request_id=request)
    api.approve_intervention(actor=second, request_id=request, note="同意")

    assert item_of(case_id, "decide").status == "open"
    acts = [e.act for e in ledger.entries_of(object_ref=ObjectRef(kind="case", id=str(case_id)), tenant="980723")]
    assert "cases.intervene.jump" in acts
    with pytest.raises(Conflict, match="已经由王五处理"):
        api.approve_intervention(actor=officer("G22", "leader"), request_id=request)
    complete(officer("G22", "leader"), case_id, "decide", "approve")
    do_all_work()
    assert Case.objects.get(pk=case_id).outcome == "approved"


def test_never_one_of_the_three_administrators_and_never_an_ordinary_clerk(case_id, county):
    item = item_of(case_id, "accept")
    detail = {"work_item_id": str(item.id), "node": "examine"}

    for roles in (("sys_admin", "process_admin"), ("clerk",), ("leader",)):
        with pytest.raises(NotPermitted):
            api.request_intervention(
                actor=officer("G22", *roles), case_id=case_id, kind="jump", reason="x", detail=detail
            )


def test_leader_of_the_answerable_unit_may_approve_another_units_may_not(admin, case_id):
    item = item_of(case_id, "accept")
    request = ask(admin, case_id, "jump", work_item_id=str(item.id), node="examine")

    with pytest.raises(NotPermitted):
        api.approve_intervention(actor=officer("G10", "leader"), request_id=request)
    assert [one.id for one in api.pending_interventions(officer("G22", "leader"))] == [request]
    assert api.pending_interventions(officer("G10", "leader")) == ()
    api.approve_intervention(actor=officer("G22", "leader"), request_id=request)

    assert item_of(case_id, "examine")


def test_one_request_at_a_time_and_it_can_be_taken_back_or_refused(admin, second, case_id):
    item = item_of(case_id, "accept")
    first = ask(admin, case_id, "jump", work_item_id=str(item.id), node="examine")
    with pytest.raises(Conflict, match="等待批准"):
        ask(admin, case_id, "jump", work_item_id=str(item.id), node="examine")
    api.take_back_intervention(actor=admin, request_id=first)
    again = ask(admin, case_id, "jump", work_item_id=str(item.id), node="examine")
    with pytest.raises(Invalid):
        api.refuse_intervention(actor=second, request_id=again, reason="")

    api.refuse_intervention(actor=second, request_id=again, reason="没有必要")

    assert item_of(case_id, "accept").id == item.id
    assert sorted(Intervention.objects.values_list("state", flat=True)) == ["refused", "taken_back"]


def test_jump_back_behind_acceptance_is_refused_with_its_reason(admin, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")

    with pytest.raises(Conflict, match="已经受理"):
        ask(admin, case_id, "jump", work_item_id=str(item_of(case_id, "examine").id), node="accept")
    with pytest.raises(Invalid):
        ask(admin, case_id, "jump", node="accept")


def test_request_that_no_longer_fits_changes_nothing(admin, second, case_id):
    request = ask(admin, case_id, "jump", work_item_id=str(item_of(case_id, "accept").id), node="examine")
    complete(officer("G22", "clerk"), case_id, "accept", "accept")

    with pytest.raises(Conflict):
        api.approve_intervention(actor=second, request_id=request)

    assert Intervention.objects.get(pk=request).state == "pending"
    assert item_of(case_id, "examine")


def test_reassign_to_a_person_or_a_unit(admin, second, clerks, case_id):
    item = item_of(case_id, "accept")
    request = ask(admin, case_id, "reassign", work_item_id=str(item.id), person_id=str(clerks[1].person_id))

    api.approve_intervention(actor=second, request_id=request)

    assert item_of(case_id, "accept").holder == "赵六"
    with pytest.raises(NotPermitted):
        complete(clerks[0], case_id, "accept", "accept")
    with pytest.raises(Invalid, match="还没有人"):
        ask(admin, case_id, "reassign", work_item_id=str(item.id), org_code="H04")


def test_migration_carries_the_open_step_and_says_what_changes(admin, second, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    version = new_version(lambda xml: xml.replace(EXAMINE, '<bpmn:userTask id="examine" name="复核"'))

    preview = api.preview_migration(actor=admin, case_id=case_id, process_version_id=version.id)
    request = ask(admin, case_id, "migrate", process_version_id=str(version.id))
    api.approve_intervention(actor=second, request_id=request)

    assert preview.refusals == ()
    assert any("复核" in note for note in preview.notes)
    assert item_of(case_id, "examine").step == "复核"
    assert Case.objects.get(pk=case_id).process_id == version.id
    complete(officer("G22", "clerk"), case_id, "examine", "pass")
    assert item_of(case_id, "decide")


def test_migration_is_refused_when_the_open_step_is_gone(admin, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    version = new_version(lambda xml: xml.replace('"examine', '"check').replace("examine_di", "check_di"))

    preview = api.preview_migration(actor=admin, case_id=case_id, process_version_id=version.id)

    assert any("审查" in reason for reason in preview.refusals)
    with pytest.raises(Conflict, match="不能迁移"):
        ask(admin, case_id, "migrate", process_version_id=str(version.id))
    with pytest.raises(NotFound):
        ask(admin, case_id, "migrate", process_version_id=str(case_id))


def test_a_step_that_changes_between_applicant_and_office_is_not_carried(admin, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    line = next(line for line in STANDARD.splitlines() if EXAMINE in line)
    changed = line.replace('zt:role="clerk"', 'zt:role="applicant"').replace('zt:unit="lead"', 'zt:unit="applicant"')
    version = new_version(lambda xml: xml.replace(line, changed))

    preview = api.preview_migration(actor=admin, case_id=case_id, process_version_id=version.id)

    assert any("申请人和单位" in reason for reason in preview.refusals)
    with pytest.raises(Conflict, match="申请人和单位"):
        ask(admin, case_id, "migrate", process_version_id=str(version.id))


def test_a_taken_step_that_needs_another_role_waits_for_everybody_who_has_it(admin, second, clerks, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    api.claim_step(actor=clerks[0], work_item_id=item_of(case_id, "examine").id)
    line = next(line for line in STANDARD.splitlines() if EXAMINE in line)
    version = new_version(lambda xml: xml.replace(line, line.replace('zt:role="clerk"', 'zt:role="reviewer"')))

    api.approve_intervention(
        actor=second, request_id=ask(admin, case_id, "migrate", process_version_id=str(version.id))
    )

    item = item_of(case_id, "examine")
    assert (item.role, item.holder_id, item.holder) == ("reviewer", None, "")


def examined_by(xml, *, unit="", limit=""):
    """The drawing with another unit and limit of the examination."""
    line = next(line for line in xml.splitlines() if EXAMINE in line)
    changed = line.replace('zt:unit="lead"', f'zt:unit="{unit}"') if unit else line
    return xml.replace(line, changed.replace(" zt:phase", f' zt:limit="{limit}" zt:phase') if limit else changed)


def migrate(admin, second, case_id, version):
    request = ask(admin, case_id, "migrate", process_version_id=str(version.id))
    api.approve_intervention(actor=second, request_id=request)
    return payload_of(ObjectRef(kind="case", id=str(case_id)), "cases.intervene.migrate")


def test_migration_carries_unit_and_limit_and_counts_the_limit_from_the_arrival(admin, second, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    before = item_of(case_id, "examine")
    version = new_version(lambda xml: examined_by(xml, unit="G10", limit="3 WD"))
    factories.official("housing", "clerk", org_code="G10", org_name=f"青禾县{UNITS['G10']}", name="吴十")

    with time_machine.travel(START + dt.timedelta(days=1), tick=False):  # Tuesday
        preview = api.preview_migration(actor=admin, case_id=case_id, process_version_id=version.id)
        entry = migrate(admin, second, case_id, version)

    item = item_of(case_id, "examine")
    assert "“审查”由青禾县市场监督管理局改由青禾县住房和城乡建设局办理。" in preview.notes
    limit = "“审查”的时限由未规定时限改为3 个工作日，仍从2026年11月9日到达时起算，截至2026年11月12日。"
    assert limit in preview.notes
    assert (item.id, item.org_name) == (before.id, "青禾县住房和城乡建设局")
    assert local_date(item.due_at - dt.timedelta(seconds=1)) == dt.date(2026, 11, 12)
    assert entry["tasks"] == [
        {
            "step": "审查",
            "unit": {"old": "青禾县市场监督管理局", "new": "青禾县住房和城乡建设局"},
            "limit": {"old": "NONE", "new": "3 WD"},
            "due_at": {"old": None, "new": item.due_at.isoformat()},
        }
    ]
    assert WorkItemMove.objects.get(work_item_id=item.id).kind == "migrate"
    with pytest.raises(NotPermitted):
        complete(officer("G22", "clerk"), case_id, "examine", "pass")
    complete(officer("G10", "clerk"), case_id, "examine", "pass")


def test_a_limit_that_changes_again_moves_and_one_that_is_no_longer_drawn_ends(admin, second, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    migrate(admin, second, case_id, new_version(lambda xml: examined_by(xml, limit="3 WD")))
    deadline = Deadline.objects.get(work_item_id=item_of(case_id, "examine").id)

    migrate(admin, second, case_id, new_version(lambda xml: examined_by(xml, limit="6 WD")))

    deadline.refresh_from_db()
    assert (deadline.amount, deadline.state, deadline.due_on) == (6, "running", dt.date(2026, 11, 17))
    move = DeadlineMove.objects.get(deadline=deadline)
    assert (move.cause, move.old_due_on, move.new_due_on) == ("migrate", dt.date(2026, 11, 12), dt.date(2026, 11, 17))

    again = new_version(lambda xml: xml.replace(EXAMINE, '<bpmn:userTask id="examine" name="再审"'))
    migrate(admin, second, case_id, again)

    deadline.refresh_from_db()
    assert (deadline.state, item_of(case_id, "examine").due_at) == ("cancelled", None)


def test_what_was_sent_elsewhere_by_hand_stays_there(admin, second, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    factories.official("fire", "clerk", org_code="H05", org_name=f"青禾县{UNITS['H05']}", name="钱七")
    factories.official("housing", "clerk", org_code="G10", org_name=f"青禾县{UNITS['G10']}", name="吴十")
    item = item_of(case_id, "examine")
    api.transfer_step(actor=officer("G22", "leader"), work_item_id=item.id, org_code="H05", reason="涉及消防")
    version = new_version(lambda xml: examined_by(xml, unit="G10"))

    preview = api.preview_migration(actor=admin, case_id=case_id, process_version_id=version.id)
    migrate(admin, second, case_id, version)

    assert "“审查”此前已转给青禾县消防救援大队，迁移以后仍由它办理。" in preview.notes
    assert item_of(case_id, "examine").org_name == "青禾县消防救援大队"


def test_a_step_is_not_carried_to_a_unit_in_which_nobody_could_open_it(admin, case_id):
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    empty = new_version(lambda xml: examined_by(xml, unit="H04"))
    unknown = new_version(lambda xml: examined_by(xml, unit="Z99"))

    for version, why in ((empty, "那里还没有人能办理"), (unknown, "“审查”")):
        preview = api.preview_migration(actor=admin, case_id=case_id, process_version_id=version.id)
        assert any(why in reason for reason in preview.refusals), preview
        with pytest.raises(Conflict, match="不能迁移"):
            ask(admin, case_id, "migrate", process_version_id=str(version.id))


def all_moved(admin, second, old, version):
    """A whole version migrated: asked for by one, approved by another, done."""
    request = api.request_intervention(
        actor=admin,
        case_id=None,
        kind="migrate_all",
        reason="新版启用",
        detail={"from_version_id": str(old.id), "to_version_id": str(version.id)},
    )
    api.approve_intervention(actor=second, request_id=request)
    do_all_work()
    return Intervention.objects.get(pk=request)


def test_a_whole_version_moves_and_what_cannot_stays_with_its_reason(admin, second, county):
    stays = open_restaurant_case(citizen(), number="1", process_key="standard")
    moves = [open_restaurant_case(citizen(), number=f"{n}", process_key="standard") for n in (2, 3)]
    complete(officer("G22", "clerk"), stays, "accept", "accept")
    old = ProcessVersion.objects.get(key="standard", active=True)
    version = new_version(lambda xml: xml.replace('"examine', '"check').replace("examine_di", "check_di"))

    row = all_moved(admin, second, old, version)

    assert row.outcome["moved"] == 2
    assert list(row.outcome["kept"]) == [str(stays)]
    assert set(Case.objects.filter(process_id=version.id).values_list("id", flat=True)) == set(moves)
    assert item_of(stays, "examine")


def test_a_case_that_fails_keeps_no_other_from_moving(admin, second, county, monkeypatch):
    fails, refused, *moves = [open_restaurant_case(citizen(), number=f"{n}", process_key="standard") for n in range(4)]
    old = ProcessVersion.objects.get(key="standard", active=True)
    version = new_version(lambda xml: xml.replace('name="审查"', 'name="核查"'))
    real = intervening.carry_tasks

    def carried(actor, case, *rest, **more):
        if case.id == fails:
            raise ValueError("broken")
        if case.id == refused:
            raise OutOfCalendar("工作日历只编制到 2038 年")
        return real(actor, case, *rest, **more)

    monkeypatch.setattr(intervening, "carry_tasks", carried)

    row = all_moved(admin, second, old, version)

    assert row.outcome["moved"] == 2
    assert row.outcome["kept"][str(refused)] == "工作日历只编制到 2038 年"
    assert "办件没有改变" in row.outcome["kept"][str(fails)]
    assert set(Case.objects.filter(process_id=version.id).values_list("id", flat=True)) == set(moves)
