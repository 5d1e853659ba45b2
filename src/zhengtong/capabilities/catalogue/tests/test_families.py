"""Main items with their sub-items, bundles with their members, and items whose unit is no more."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.models import ItemSuccession
from zhengtong.capabilities.catalogue.tests import county, reviewing
from zhengtong.capabilities.catalogue.tests.reviewing import drafted, fresh, published, submitted, who
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
TENANT, BOSS = county.TENANT, county.BOSS
HEAD = "119807230072031936498"
MAIN, ONE, TWO = HEAD + "013900100Y", HEAD + "0139001001", HEAD + "0139001002"


@pytest.fixture(autouse=True)
def _office() -> Iterator[None]:
    with time_machine.travel("2026-11-20T02:00:00Z"):
        reviewing.found_office()
        yield


def material(name: str, **more: object) -> api.MaterialDraft:
    return dataclasses.replace(api.MaterialDraft(key=name, name=name, form="复印件"), **more)  # type: ignore[arg-type]  # an official of a test has a person and a post


def test_a_main_item_heads_its_sub_items_and_takes_no_application() -> None:
    main = published(code=MAIN, name="食品经营许可", kind="main", visits=None, materials=())
    published(code=ONE, name="食品经营许可（新办）", parent_code=MAIN)
    published(code=TWO, name="食品经营许可（变更）", parent_code=MAIN)

    item = api.find_item(TENANT, MAIN)
    assert (item.kind, item.on_application, item.process_key) == ("main", False, "")
    assert [one.name for one in api.sub_items(TENANT, MAIN)] == ["食品经营许可（新办）", "食品经营许可（变更）"]
    with pytest.raises(Conflict, match="子项还在使用"):
        api.retire_item(actor=who("keeper"), code=MAIN, reason="取消")
    assert fresh(main).status == "published"


def test_a_sub_item_without_its_main_item_is_refused() -> None:
    published(code=ONE, name="食品经营许可（新办）")
    row = drafted(code=TWO, name="食品经营许可（变更）", parent_code=ONE)

    with pytest.raises(Invalid, match="不是主项"):
        api.submit_draft(actor=who("editor"), version_id=row.id)


def test_a_bundle_is_proposed_from_what_its_members_say_today() -> None:
    published(code=ONE, name="甲许可", materials=(material("身份证"), material("合同", copies=2)))
    published(code=TWO, name="乙许可", promised_limit="12 WD", materials=(material("身份证", form="原件"),))

    merged = api.bundle_proposal(TENANT, [TWO, ONE])

    assert [(one.name, one.form, one.members) for one in merged.materials] == [
        ("身份证", "原件", (ONE, TWO)),
        ("合同", "复印件", (ONE,)),
    ]
    assert merged.promised_limit == "12 WD"
    with pytest.raises(NotFound):
        api.bundle_proposal(TENANT, [ONE, MAIN])


def test_a_bundle_goes_through_review_and_shows_its_members() -> None:
    published(code=ONE, name="甲许可")
    published(code=TWO, name="乙许可")
    members = tuple(
        api.Member(code=code, name=name, org_code="G22", org_name="青禾县市场监督管理局", version=1)
        for code, name in ((ONE, "甲许可"), (TWO, "乙许可"))
    )

    published(code=HEAD + "0139001009", name="甲乙一件事", kind="bundle", members=members)

    assert [one.code for one in api.find_item(TENANT, HEAD + "0139001009").members] == [ONE, TWO]
    api.retire_item(actor=who("leader"), code=TWO, reason="取消")
    assert [message.title for message in notify.inbox(actor=who("keeper")).rows] == ["一件事的成员事项已停用：乙许可"]


def test_a_bundle_with_a_retired_member_is_not_sent_in() -> None:
    published(code=ONE, name="甲许可")
    published(code=TWO, name="乙许可")
    api.retire_item(actor=who("leader"), code=TWO, reason="取消")
    members = tuple(api.Member(code=code, name=code, org_code="", org_name="") for code in (ONE, TWO))
    row = drafted(code=HEAD + "0139001009", name="甲乙一件事", kind="bundle", members=members)

    with pytest.raises(Invalid, match="没有发布或者已经停用"):
        api.submit_draft(actor=who("editor"), version_id=row.id)


def test_towns_that_carry_an_item_out_are_named() -> None:
    code = HEAD[:18] + "5" + "0101139001003"[:12]
    row = published(
        code=code, name="乡镇事项", exercise_level="5", executors=("城关镇",), exercise_note="由乡镇人民政府实施"
    )

    item = api.item_version(row.id)
    assert (item.executors, item.exercise_level) == (("青禾县城关镇人民政府",), "镇（乡、街道）级")


def test_the_code_of_another_item_is_not_taken() -> None:
    published(code=ONE, name="甲许可")
    row = drafted(code="", name="乙许可")
    api.draft_item(actor=who("editor"), draft=reviewing.whole(code=ONE, name="乙许可"), item_id=row.item_id)

    with pytest.raises(Invalid, match="已经由另一个事项使用"):
        api.submit_draft(actor=who("editor"), version_id=row.id)


def test_versions_are_compared_with_their_process_and_form() -> None:
    first = published()
    forms.declare_form(actor=BOSS, key="general", definition=reviewing.form("新申请表"))
    second = api.draft_from_version(actor=who("editor"), version_id=first.id, reason="缩短时限")
    api.draft_item(
        actor=who("editor"),
        draft=reviewing.whole(promised_limit="5 WD", process_key="standard"),
        item_id=first.item_id,
    )

    told = api.version_differences(actor=who("leader"), older_id=first.id, newer_id=second.id)

    assert [str(one) for one in told] == ["承诺时限：8 → 5 个工作日", "表单版本：1 → 2"]
    with pytest.raises(NotFound):
        api.version_differences(actor=who("stranger"), older_id=first.id, newer_id=second.id)


def merge() -> None:
    decree = identity.Decree(effective_on=dt.date(2026, 11, 20), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=BOSS, codes=["G22"], into_code="G25", decree=decree)


def test_items_of_a_merged_unit_are_listed_and_not_moved() -> None:
    row = published()

    merge()
    do_all_work()
    do_all_work()

    (waiting,) = api.successions(actor=who("keeper"))
    assert (waiting.name, waiting.heir_name) == (row.name, "青禾县行政审批服务局")
    assert api.find_item(TENANT, row.item.code or "").org_code == "G22"
    assert [message.title for message in notify.inbox(actor=who("keeper")).rows] == ["有事项的实施部门已经撤并"]
    for name in ("process", "lawyer"):
        with pytest.raises(NotPermitted):
            api.successions(actor=who(name))


def test_the_keeper_hands_them_to_the_heir_as_a_new_version() -> None:
    row = published()
    merge()
    do_all_work()
    (waiting,) = api.successions(actor=who("keeper"))

    with pytest.raises(NotPermitted):
        api.take_over_items(actor=who("process"), succession_ids=[waiting.id], reason="机构改革")
    with pytest.raises(Invalid, match="请写明依据"):
        api.take_over_items(actor=who("keeper"), succession_ids=[waiting.id], reason=" ")
    moved = [
        api.take_over_items(actor=who("keeper"), succession_ids=[waiting.id], reason="青政发〔2026〕1号")
        for _ in range(2)
    ]

    item = api.find_item(TENANT, row.item.code or "")
    acts = [
        one.act for one in ledger.entries_of(tenant=TENANT, object_ref=ObjectRef(kind="item", id=str(item.item_id)))
    ]
    assert moved == [1, 0]
    assert (item.org_code, item.version) == ("G25", 2)
    assert acts[-3:] == ["catalogue.item_orphaned", "catalogue.item_published", "catalogue.item_taken_over"]
    assert api.successions(actor=who("keeper")) == ()
    assert fresh(row).status == "retired"


def test_a_draft_of_a_merged_unit_goes_with_the_item() -> None:
    row = drafted()
    merge()
    do_all_work()

    api.take_over_items(
        actor=who("keeper"),
        succession_ids=[one.id for one in api.successions(actor=who("keeper"))],
        reason="青政发〔2026〕1号",
    )

    assert fresh(row).item.org_code == "G25"
    assert fresh(row).header["department"] == "青禾县行政审批服务局"


def test_a_review_under_way_goes_on_at_the_heir() -> None:
    row = submitted()

    merge()
    do_all_work()

    assert reviewing.task(row).org_name == "青禾县行政审批服务局"


def test_retiring_settles_the_succession() -> None:
    row = published()
    merge()
    do_all_work()

    api.retire_item(actor=who("keeper"), code=row.item.code or "", reason="不再实施")

    assert ItemSuccession.objects.get().outcome == "retired"
