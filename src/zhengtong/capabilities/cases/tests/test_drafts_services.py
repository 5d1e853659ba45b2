"""Drafts of processes: saved without losing anything, tried out, approved by a second person, frozen."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import ProcessDraft, ProcessVersion
from zhengtong.capabilities.cases.selectors.drafts import draft_comparison, draft_view, drafts_to_decide, open_drafts
from zhengtong.capabilities.cases.services import drafts, trials
from zhengtong.capabilities.cases.services.processes import deploy_process
from zhengtong.capabilities.cases.tests.county import TENANT, found_county, officer
from zhengtong.capabilities.cases.tests.drawings import drawing
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db
MOVES = [{"do": "start"}, {"do": "task", "node": "accept", "outcome": "accept"}]


@pytest.fixture
def county():
    found_county()


def drawer():
    return officer("G22", "process_admin")


def second():
    return officer("H05", "process_admin")


def blank(key="food_licence", title="食品经营许可"):
    return drafts.create_draft(actor=drawer(), key=key, title=title)


def stored(draft_id):
    return ProcessDraft.objects.get(pk=draft_id)


def tried(key="food_licence"):
    """A draft with one complete trial."""
    draft_id = blank(key)
    trials.record_trial(actor=drawer(), draft_id=draft_id, title="直接受理", moves=MOVES)
    return draft_id


def submitted(key="food_licence"):
    draft_id = tried(key)
    drafts.submit_draft(actor=drawer(), draft_id=draft_id, rev=1)
    return draft_id


def acts(draft_id):
    found = ledger.entries_of(object_ref=ObjectRef(kind="process_draft", id=str(draft_id)), tenant=TENANT)
    return sorted(entry.act for entry in found)


def test_from_a_blank_drawing_to_a_version(county):
    draft_id = submitted()

    version_id = drafts.approve_draft(actor=second(), draft_id=draft_id, rev=1, note="同意启用")

    version = ProcessVersion.objects.get(pk=version_id)
    assert (version.key, version.version, version.active) == ("food_licence", 1, True)
    assert version.deployed_by_id == drawer().person_id
    assert version.approved_by_id == second().person_id
    assert stored(draft_id).state == "approved"
    assert acts(draft_id) == ["cases.draft_process", "cases.record_trial", "cases.submit_process"]
    deployed = ledger.entries_of(object_ref=ObjectRef(kind="process", id=str(version_id)), tenant=TENANT)
    assert [entry.act for entry in deployed] == ["cases.deploy_process"]


def test_nobody_approves_his_own_drawing(county):
    draft_id = submitted()

    with pytest.raises(NotPermitted, match="不能是同一人"):
        drafts.approve_draft(actor=drawer(), draft_id=draft_id, rev=1)

    assert not ProcessVersion.objects.filter(key="food_licence").exists()


def test_the_database_refuses_one_person_for_both(county):
    draft = stored(submitted())
    draft.state, draft.decided_by_id = "approved", draft.submitted_by_id
    draft.version = ProcessVersion.objects.first()

    with pytest.raises(IntegrityError, match="cases_draft_two_persons"), transaction.atomic():
        draft.save()


@pytest.mark.parametrize(
    ("code", "roles", "allowed"),
    [
        ("H05", ("process_admin",), True),
        ("G22", ("leader",), True),
        ("H05", ("leader",), False),
        ("G22", ("clerk",), False),
        ("H05", ("supervisor",), False),
        ("H05", ("process_admin", "sys_admin"), False),
        ("G22", ("leader", "audit_admin"), False),
    ],
)
def test_who_may_approve(county, code, roles, allowed):
    draft_id = submitted()
    actor = officer(code, *roles)

    if allowed:
        assert drafts.approve_draft(actor=actor, draft_id=draft_id, rev=1)
    else:
        with pytest.raises(NotPermitted):
            drafts.approve_draft(actor=actor, draft_id=draft_id, rev=1)


@pytest.mark.parametrize("roles", [("clerk",), ("leader",), ("supervisor",), ("process_admin", "sec_admin")])
def test_only_process_administrators_draw(county, roles):
    with pytest.raises(NotPermitted, match="流程管理员"):
        drafts.create_draft(actor=officer("G22", *roles), key="food_licence", title="食品经营许可")


@pytest.mark.parametrize("key", ["", "Food", "食品", "1a", "a b", "x" * 61])
def test_a_key_is_a_word_of_small_letters(county, key):
    with pytest.raises(Invalid) as caught:
        drafts.create_draft(actor=drawer(), key=key, title="食品经营许可")

    assert "key" in caught.value.errors


def test_a_process_has_one_open_draft(county):
    draft_id = blank()

    with pytest.raises(Conflict, match="已经有一份"):
        blank()
    drafts.discard_draft(actor=drawer(), draft_id=draft_id, reason="方案重新来过")

    assert blank() != draft_id


def test_saving_after_somebody_else_loses_nothing(county):
    draft_id = blank()
    original = stored(draft_id).bpmn_xml
    theirs = original.replace('name="受理"', 'name="对方的受理"')
    mine = original.replace('name="受理"', 'name="我的受理"')
    assert drafts.save_draft(actor=second(), draft_id=draft_id, rev=1, bpmn_xml=theirs) == 2

    with pytest.raises(Conflict, match="没有丢失"):
        drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, bpmn_xml=mine)
    assert stored(draft_id).bpmn_xml == theirs

    assert drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, bpmn_xml=mine, force=True) == 3
    assert stored(draft_id).bpmn_xml == mine


def test_what_is_no_xml_is_not_saved_but_an_unsound_drawing_is(county):
    draft_id = blank()
    half = stored(draft_id).bpmn_xml.replace('targetRef="end"', 'targetRef="nowhere"')

    with pytest.raises(Invalid, match="XML"):
        drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, bpmn_xml="<bpmn")
    drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, bpmn_xml=half)

    view = draft_view(drawer(), draft_id)
    assert [refusal.element_id for refusal in view.refusals] == ["flow_end"]
    with pytest.raises(Invalid, match="起点或终点不存在"):
        drafts.submit_draft(actor=drawer(), draft_id=draft_id, rev=2)


def test_nothing_is_submitted_without_a_complete_trial(county):
    draft_id = blank()

    with pytest.raises(Invalid, match="没有试运行记录"):
        drafts.submit_draft(actor=drawer(), draft_id=draft_id, rev=1)


def test_a_trial_that_does_not_end_is_not_recorded(county):
    draft_id = blank()

    with pytest.raises(Invalid, match="还没有结束"):
        trials.record_trial(actor=drawer(), draft_id=draft_id, title="半途", moves=MOVES[:1])
    wrong = [MOVES[0], {"do": "task", "node": "accept", "outcome": "approve"}]
    with pytest.raises(Invalid, match="没有“approve”"):
        trials.record_trial(actor=drawer(), draft_id=draft_id, title="错误", moves=wrong)


def test_a_recorded_trial_that_fails_on_the_new_drawing_blocks(county):
    draft_id = tried()
    changed = stored(draft_id).bpmn_xml.replace("accept:受理", "take:收下")
    drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, bpmn_xml=changed)

    assert "没有“accept”" in draft_view(drawer(), draft_id).trials[0].problem
    with pytest.raises(Invalid, match="直接受理"):
        drafts.submit_draft(actor=drawer(), draft_id=draft_id, rev=2)
    trial_id = draft_view(drawer(), draft_id).trials[0].id
    trials.remove_trial(actor=drawer(), draft_id=draft_id, trial_id=trial_id)
    again = [MOVES[0], {"do": "task", "node": "accept", "outcome": "take"}]
    trials.record_trial(actor=drawer(), draft_id=draft_id, title="直接收下", moves=again)

    drafts.submit_draft(actor=drawer(), draft_id=draft_id, rev=2)


def test_what_is_submitted_is_frozen_until_it_is_taken_back(county):
    draft_id = submitted()

    with pytest.raises(Conflict, match="待批准"):
        drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, title="别的名称")
    with pytest.raises(Conflict):
        trials.record_trial(actor=drawer(), draft_id=draft_id, title="又一次", moves=MOVES)
    drafts.recall_draft(actor=drawer(), draft_id=draft_id)

    assert drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, title="别的名称") == 2


def test_a_drawing_sent_back_keeps_everything_and_says_why(county):
    draft_id = submitted()

    with pytest.raises(Invalid, match="理由"):
        drafts.reject_draft(actor=second(), draft_id=draft_id, rev=1, reason="不")
    drafts.reject_draft(actor=second(), draft_id=draft_id, rev=1, reason="缺少补正环节，请补上")

    view = draft_view(drawer(), draft_id)
    assert (view.row.state, view.note, len(view.trials)) == ("editing", "缺少补正环节，请补上", 1)
    assert view.may_draw


def test_who_decides_has_seen_the_newest_drawing(county):
    draft_id = submitted()
    drafts.recall_draft(actor=drawer(), draft_id=draft_id)
    drafts.save_draft(actor=drawer(), draft_id=draft_id, rev=1, title="改过的名称")
    drafts.submit_draft(actor=drawer(), draft_id=draft_id, rev=2)

    with pytest.raises(Conflict, match="有改动"):
        drafts.approve_draft(actor=second(), draft_id=draft_id, rev=1)


def test_a_copy_of_a_version_brings_its_drawing_and_trials(county):
    version_id = drafts.approve_draft(actor=second(), draft_id=submitted(), rev=1)

    copy = drafts.create_draft(actor=drawer(), key="", title="", base_id=version_id)

    view = draft_view(drawer(), copy)
    assert (view.row.key, view.row.title) == ("food_licence", "食品经营许可")
    assert [trial.title for trial in view.trials] == ["直接受理"]
    assert view.problems == ("图纸与现行版本完全相同。",)
    comparison = draft_comparison(drawer(), copy)
    assert comparison.changes == ()
    assert not comparison.problem


def test_the_next_version_leaves_running_cases_alone(county):
    first_id = drafts.approve_draft(actor=second(), draft_id=submitted(), rev=1)
    copy = drafts.create_draft(actor=drawer(), key="", title="", base_id=first_id)
    changed = stored(copy).bpmn_xml.replace('name="受理"', 'name="收件受理"')
    drafts.save_draft(actor=drawer(), draft_id=copy, rev=1, bpmn_xml=changed)

    assert [change.sentence for change in draft_comparison(second(), copy).changes] == [
        "人工任务“受理”：名称由“受理”改为“收件受理”。"
    ]
    drafts.submit_draft(actor=drawer(), draft_id=copy, rev=2)
    drafts.approve_draft(actor=second(), draft_id=copy, rev=2)

    found = ProcessVersion.objects.filter(key="food_licence").order_by("version").values_list("version", "active")
    assert list(found) == [(1, False), (2, True)]


def test_lists_show_what_the_reader_may_open(county):
    draft_id = submitted()

    assert [row.id for row in open_drafts(drawer())] == [draft_id]
    assert [row.id for row in open_drafts(officer("G22", "leader"))] == [draft_id]
    assert open_drafts(officer("H05", "leader")) == ()
    assert open_drafts(officer("G22", "clerk")) == ()
    assert [drafts_to_decide(actor) for actor in (drawer(), second(), officer("G22", "leader"))] == [0, 1, 1]
    with pytest.raises(NotFound):
        draft_view(officer("H05", "leader"), draft_id)
    with pytest.raises(NotFound):
        draft_view(drawer(), uuid.UUID(int=0))


def test_deploying_by_command_still_needs_two_persons(county):
    xml = stored(blank()).bpmn_xml

    with pytest.raises(NotPermitted):
        api.deploy_process(actor=drawer(), approver=drawer(), key="other", title="其他", bpmn_xml=xml)


def test_a_draft_is_compared_with_the_process_that_is_frozen_into_its_version(county):
    def deploy(key, text):
        xml = drawing(text)
        return deploy_process(actor=drawer(), approver=second(), key=key, title=key, bpmn_xml=xml)

    called = "start s\nuser a role=clerk\nend e\ns -> a\na -> e"
    deploy("other", called)
    version = deploy("caller", "start s\ncall c key=other\nend e\ns -> c\nc -> e")
    deploy("other", called.replace("clerk", "leader"))

    copy = drafts.create_draft(actor=drawer(), key="", title="", base_id=version.id)

    assert [change.sentence for change in draft_comparison(drawer(), copy).changes] == [
        "子流程“c”：所调用的流程换成了它的另一版。",
        "人工任务“a”：办理角色由“经办人”改为“审批负责人”。",
    ]
