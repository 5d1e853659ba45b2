"""From draft to publication on the case engine: every hand, every way back, and nobody else's."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.tests import county, reviewing
from zhengtong.capabilities.catalogue.tests.reviewing import drafted, fresh, judge, published, submitted, task, who
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
TENANT = county.TENANT


@pytest.fixture(autouse=True)
def _office() -> Iterator[None]:
    with time_machine.travel("2026-11-20T02:00:00Z"):
        reviewing.found_office()
        yield


def acts(row: ItemVersion) -> list[str]:
    ref = ObjectRef(kind="item", id=str(row.item_id))
    return [entry.act.removeprefix("catalogue.item_") for entry in ledger.entries_of(tenant=TENANT, object_ref=ref)]


def test_a_draft_goes_through_three_hands_and_is_in_force() -> None:
    row = submitted()
    steps = []
    for name, outcome in (("leader", "agree"), ("lawyer", "pass"), ("keeper", "publish")):
        assert row.status == "review"
        steps.append((task(row).step, task(row).org_name))
        row = judge(row, name, outcome)

    assert [step for step, _org in steps] == ["部门审核", "合法性审核", "审定发布"]
    assert [org for _step, org in steps][:2] == ["青禾县市场监督管理局", "青禾县司法局"]
    assert steps[2][1].endswith("机构编制委员会办公室")
    assert (row.status, row.version, row.valid_from) == ("published", 1, local_date())
    assert api.find_item(TENANT, reviewing.whole().code).id == row.id
    assert acts(row) == ["drafted", "submitted", "published"]


def test_the_decision_and_the_publication_are_one_transaction() -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")

    row = judge(row, "keeper", "publish")

    assert row.case_id is not None
    case = cases.case_view(actor=county.BOSS, case_id=row.case_id)
    assert (case.status, case.outcome, row.status) == ("closed", "approved", "published")


def test_a_publication_that_cannot_be_leaves_the_decision_open() -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")
    ItemVersion.objects.filter(pk=row.pk).update(fees=[{"name": "工本费", "amount": "5", "basis": ""}])

    with pytest.raises(Invalid, match="第五十八条"):
        judge(row, "keeper", "publish")

    assert fresh(row).status == "review"
    assert task(row).node == "publication"


def test_events_of_the_case_change_nothing_more() -> None:
    row = published()

    do_all_work()

    assert (fresh(row).status, fresh(row).version) == ("published", 1)
    assert OutboxEvent.objects.filter(name="catalogue.item_published.v1").count() == 1
    assert not OutboxEvent.objects.exclude(last_error="").exists()


@pytest.mark.parametrize("hands", [("leader",), ("leader", "lawyer"), ("leader", "lawyer", "keeper")])
def test_each_may_send_it_back_with_points_and_it_comes_again(hands: tuple[str, ...]) -> None:
    good = {"leader": "agree", "lawyer": "pass", "keeper": "publish"}
    row = submitted()
    first = row.case_id
    for name in hands[:-1]:
        row = judge(row, name, good[name])

    row = judge(row, hands[-1], "return", "第二条依据已经废止，请更正。")

    view = api.review_view(actor=who("editor"), version_id=row.id)
    assert (row.status, row.returned) == ("draft", True)
    assert [point.text for point in view.points] == ["第二条依据已经废止，请更正。"]
    assert [message.title for message in notify.inbox(actor=who("editor")).rows] == [f"事项退回修改：{row.name}"]
    api.draft_item(actor=who("editor"), draft=reviewing.whole(legal_basis="行政许可法 第三十九条"), item_id=row.item_id)
    assert api.submit_draft(actor=who("editor"), version_id=row.id) == first
    assert task(row).node == "leader_review"
    row = judge(judge(judge(row, "leader", "agree"), "lawyer", "pass"), "keeper", "publish")
    assert (row.status, row.legal_basis) == ("published", "行政许可法 第三十九条")


@pytest.mark.parametrize(("name", "outcome"), [("leader", "disagree"), ("lawyer", "fail"), ("keeper", "disagree")])
def test_each_may_refuse_and_it_ends_there(name: str, outcome: str) -> None:
    row = submitted()
    for before, good in (("leader", "agree"), ("lawyer", "pass")):
        if before == name:
            break
        row = judge(row, before, good)

    row = judge(row, name, outcome, "没有设定依据。")

    assert (row.status, row.version) == ("refused", None)
    with pytest.raises(Conflict, match="审核未通过"):
        api.submit_draft(actor=who("editor"), version_id=row.id)
    again = api.draft_from_version(actor=who("editor"), version_id=row.id, reason="补充依据")
    assert (again.status, again.name) == ("draft", row.name)


def test_no_without_a_reason_is_refused() -> None:
    with pytest.raises(Invalid, match="请填写理由"):
        judge(submitted(), "leader", "return")


@pytest.mark.parametrize("name", ["editor", "stranger", "lawyer", "keeper", "process", "clerk"])
def test_only_the_leader_of_the_unit_judges_first(name: str) -> None:
    row = submitted()

    with pytest.raises((NotPermitted, NotFound)):
        judge(row, name, "agree")

    assert task(row).node == "leader_review"


@pytest.mark.parametrize("name", ["editor", "leader", "keeper", "process"])
def test_only_the_legal_reviewer_judges_the_law(name: str) -> None:
    row = judge(submitted(), "leader", "agree")

    with pytest.raises((NotPermitted, NotFound)):
        judge(row, name, "pass")


@pytest.mark.parametrize("name", ["editor", "leader", "lawyer", "process"])
def test_only_the_keeper_of_the_list_publishes(name: str) -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")

    with pytest.raises((NotPermitted, NotFound)):
        judge(row, name, "publish")


def test_nobody_judges_what_he_wrote_himself() -> None:
    row = judge(submitted(), "leader", "agree")
    ItemVersion.objects.filter(pk=row.pk).update(authors=[*row.authors, who("lawyer").person_id])

    with pytest.raises(NotPermitted, match="参与编制"):
        judge(row, "lawyer", "pass")


@pytest.mark.parametrize("name", ["stranger", "lawyer", "leader", "clerk", "process"])
def test_others_do_not_draft_submit_withdraw_or_discard(name: str) -> None:
    row = drafted()
    actor = who(name)

    with pytest.raises(NotPermitted):
        api.draft_item(actor=actor, draft=reviewing.whole(), item_id=row.item_id)
    with pytest.raises(NotPermitted):
        api.submit_draft(actor=actor, version_id=row.id)
    with pytest.raises(NotPermitted):
        api.discard_draft(actor=actor, version_id=row.id, reason="不需要")
    with pytest.raises(NotPermitted):
        api.withdraw_review(actor=actor, version_id=row.id, reason="不需要", command_key="1")
    assert fresh(row).revision == 1


def test_an_item_of_another_unit_is_not_drawn_over_to_ones_own() -> None:
    row = drafted()

    with pytest.raises(NotPermitted):
        api.draft_item(
            actor=who("stranger"),
            draft=reviewing.whole(department="青禾县住房和城乡建设局"),
            item_id=row.item_id,
        )


def test_strangers_do_not_learn_what_is_planned() -> None:
    row = drafted()

    for actor in (anonymous(TENANT), who("stranger"), who("clerk")):
        with pytest.raises(NotFound):
            api.draft_view(actor=actor, version_id=row.id)
    assert api.draft_view(actor=who("lawyer"), version_id=row.id).may_edit is False
    assert api.draft_view(actor=who("editor"), version_id=row.id).may_submit is True


def test_two_editors_meet_and_nothing_is_lost() -> None:
    row = drafted()
    seen = row.revision
    api.draft_item(actor=who("colleague"), draft=reviewing.whole(name="甲的名称"), item_id=row.item_id, revision=seen)

    with pytest.raises(api.DraftConflict, match="colleague甲已经在") as met:
        api.draft_item(actor=who("editor"), draft=reviewing.whole(name="乙的名称"), item_id=row.item_id, revision=seen)

    assert met.value.sent.name == "乙的名称"
    assert met.value.current is not None
    assert (met.value.current.name, met.value.revision) == ("甲的名称", seen + 1)
    assert fresh(row).name == "甲的名称"


def test_a_draft_that_was_published_meanwhile_is_a_conflict_too() -> None:
    row = published()

    with pytest.raises(api.DraftConflict, match="已经送审、发布或者作废") as met:
        api.draft_item(actor=who("editor"), draft=reviewing.whole(), item_id=row.item_id, revision=1)

    assert met.value.current is None


def test_a_second_press_sends_in_once() -> None:
    row = drafted()

    first = api.submit_draft(actor=who("editor"), version_id=row.id)
    second = api.submit_draft(actor=who("editor"), version_id=row.id)

    assert first == second
    assert fresh(row).reviews == 1


def test_a_decision_repeated_is_done_once() -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")
    wanted = task(row).id
    for _ in range(2):
        api.decide_review(actor=who("keeper"), work_item_id=wanted, outcome="publish", command_key="one")

    assert ItemVersion.objects.filter(item_id=row.item_id).count() == 1
    assert fresh(row).version == 1


def test_what_is_under_review_is_not_changed() -> None:
    row = submitted()

    with pytest.raises(Conflict, match="正在审核"):
        api.draft_item(actor=who("editor"), draft=reviewing.whole(name="改名"), item_id=row.item_id)
    with pytest.raises(Conflict, match="审核中"):
        api.discard_draft(actor=who("editor"), version_id=row.id, reason="不要了")


def test_a_review_taken_back_can_begin_anew_and_keeps_what_was_said() -> None:
    row = judge(submitted(), "leader", "agree", "同意。")
    first = row.case_id

    api.withdraw_review(actor=who("editor"), version_id=row.id, reason="材料有变", command_key="w1")
    second = api.submit_draft(actor=who("editor"), version_id=row.id)

    rounds = api.review_view(actor=who("editor"), version_id=row.id).rounds
    assert [one.case_id for one in rounds] == [first, second]
    assert [opinion.text for opinion in rounds[0].opinions] == ["同意。"]
    assert rounds[0].outcome_label == "申请人撤回"
    do_all_work()
    assert fresh(row).status == "review"


def test_a_draft_sent_back_and_given_up_ends_its_review() -> None:
    row = judge(submitted(), "leader", "return", "重复。")

    api.discard_draft(actor=who("editor"), version_id=row.id, reason="与另一事项重复")

    assert fresh(row).status == "discarded"
    assert row.case_id is not None
    assert cases.case_view(actor=county.BOSS, case_id=row.case_id).status == "closed"
    do_all_work()
    assert fresh(row).status == "discarded"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    row = drafted(
        fees=(api.Fee(name="工本费", amount="十元"),),
        materials=(api.MaterialDraft(key="a", name="申请书", form="原件", tolerable=True),),
        promised_limit="30 WD",
    )

    with pytest.raises(Invalid) as refusal:
        api.submit_draft(actor=who("editor"), version_id=row.id)

    assert set(refusal.value.errors) == {"fees", "materials", "promised_limit"}
    assert "第五十八条" in refusal.value.errors["fees"]
    assert fresh(row).status == "draft"


def test_what_looks_odd_wants_a_reason_first() -> None:
    row = drafted(visits=2)
    oddity = api.draft_view(actor=who("editor"), version_id=row.id).oddities[0]

    with pytest.raises(Invalid, match="不需要到现场") as refusal:
        api.submit_draft(actor=who("editor"), version_id=row.id)
    api.draft_item(
        actor=who("editor"),
        draft=reviewing.whole(visits=2),
        item_id=row.item_id,
        answers={oddity.key: "须现场核验人脸"},
    )
    api.submit_draft(actor=who("editor"), version_id=row.id)

    assert list(refusal.value.errors) == [f"answers.{oddity.key}"]
    assert fresh(row).status == "review"


def test_a_draft_without_a_reason_for_it_is_not_sent_in() -> None:
    row = api.draft_item(actor=who("editor"), draft=reviewing.whole())

    with pytest.raises(Invalid, match="理由"):
        api.submit_draft(actor=who("editor"), version_id=row.id)

    api.submit_draft(actor=who("editor"), version_id=row.id, reason=reviewing.REASON)


def test_a_draft_of_the_keeper_comes_back_to_the_keeper() -> None:
    row = drafted("keeper")
    api.submit_draft(actor=who("keeper"), version_id=row.id)

    row = judge(row, "leader", "return", "名称不规范")

    assert task(row).node == "revise_list"
    api.submit_draft(actor=who("keeper"), version_id=row.id)
    assert task(row).node == "leader_review"


def test_the_unit_stays_while_a_review_is_under_way() -> None:
    row = drafted("keeper")
    api.submit_draft(actor=who("keeper"), version_id=row.id)
    row = judge(row, "leader", "return", "名称不规范")

    with pytest.raises(Invalid, match="不能更换实施部门"):
        api.draft_item(
            actor=who("keeper"),
            draft=reviewing.whole(department="青禾县住房和城乡建设局"),
            item_id=row.item_id,
        )


def test_unknown_tasks_are_not_found() -> None:
    with pytest.raises(NotFound):
        api.decide_review(actor=who("leader"), work_item_id=uuid.uuid4(), outcome="agree", command_key="x")


def test_a_draft_sent_back_twice_goes_on_unchanged_each_time() -> None:
    row = submitted()
    for _ in range(2):
        row = judge(row, "leader", "return", "请再核对。")
        api.submit_draft(actor=who("editor"), version_id=row.id)
        assert (fresh(row).status, task(row).node) == ("review", "leader_review")


def test_a_draft_keeps_what_is_not_right_yet() -> None:
    row = api.draft_item(
        actor=who("editor"), draft=reviewing.whole(code="还没有编码", parent_code="x", statutory_limit="很快")
    )

    view = api.draft_view(actor=who("editor"), version_id=row.id)
    assert row.item.code is None
    assert (view.draft.code, view.draft.parent_code, view.draft.statutory_limit) == ("还没有编码", "x", "很快")
    assert {"code", "parent_code", "statutory_limit"} <= set(view.refusals)
    assert not view.ready


def test_what_is_too_long_is_said_in_words() -> None:
    with pytest.raises(Invalid, match="事项名称最多 200 个字，现在有 201 个"):
        drafted(name="长" * 201)
    with pytest.raises(Invalid, match="理由最多"):
        api.draft_item(actor=who("editor"), draft=reviewing.whole(), reason="长" * 501)
