"""Lists entered: drafts of good lines, nothing twice, what was put right is remembered, everybody only his own."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.constants import LineOutcome, ListState, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemList, ItemListLine, ItemVersion, ListMemory
from zhengtong.capabilities.catalogue.selectors.imports import Choices
from zhengtong.capabilities.catalogue.tests import county, sheets
from zhengtong.capabilities.catalogue.tests.sheets import HEAD, item
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
BOSS, TENANT = county.BOSS, county.TENANT
KNOWN = Path(__file__).parent / "data" / "service-items-as-received.xlsx"


@pytest.fixture(autouse=True)
def _county(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    county.found_county()


def listed(*rows: list[Any], head: list[str] | None = None) -> bytes:
    return sheets.saved(sheets.book(("表", [head or HEAD, *rows])))


def entered(content: bytes, **more: Any) -> ItemList:
    row = api.receive_list(actor=more.pop("actor", BOSS), name="清单.xlsx", content=content, **more)
    return api.enter_list(actor=BOSS, list_id=row.id, wait=True)


def outcomes(row: ItemList) -> list[str]:
    return list(ItemListLine.objects.filter(item_list=row).order_by("place").values_list("outcome", flat=True))


def test_good_rows_become_drafts_and_bad_ones_stay_out() -> None:
    row = entered(listed(item(1, "甲许可"), item(2, "乙许可", basis=None), item(3, "丙许可", "30日", "20日")))

    drafts = {draft.name: draft for draft in ItemVersion.objects.select_related("item")}
    assert set(drafts) == {"甲许可", "丙许可"}
    assert {draft.status for draft in drafts.values()} == {VersionStatus.DRAFT}
    assert (drafts["丙许可"].statutory_limit, drafts["丙许可"].promised_limit) == ("30 D", "20 D")
    assert (drafts["甲许可"].item.org_code, drafts["甲许可"].item.code, drafts["甲许可"].origin) == (
        "G05",
        None,
        "sheet",
    )
    assert any("单位是日" in note for note in drafts["丙许可"].notes)
    assert outcomes(row) == ["added", "", "added"]
    assert (row.state, row.summary["items"]["added"]) == (ListState.ENTERED, 2)


def test_judging_writes_nothing() -> None:
    judged = api.judge_list(actor=BOSS, name="清单.xlsx", content=listed(item(1, "甲许可")))

    assert judged.as_json()["summary"]["items"]["added"] == 1
    assert not ItemList.objects.exists()
    assert not Item.objects.exists()


def test_entering_again_changes_nothing() -> None:
    content = listed(item(1, "甲许可"), item(2, "乙许可（一）", "二十日", "即办"))
    entered(content)
    before = list(ItemVersion.objects.order_by("id").values())

    again = entered(content)

    assert list(ItemVersion.objects.order_by("id").values()) == before
    assert outcomes(again) == ["unchanged", "unchanged"]


def test_a_changed_row_changes_its_draft_alone() -> None:
    entered(listed(item(1, "甲许可"), item(2, "乙许可")))

    again = entered(listed(item(1, "甲 许可", promised="5个工作日"), item(2, "乙许可")))

    assert outcomes(again) == ["updated", "unchanged"]
    assert ItemVersion.objects.get(name="甲许可").promised_limit == "5 WD"
    assert Item.objects.count() == 2


def test_the_known_list_comes_upon_the_published_county_without_doubles() -> None:
    county.import_all()
    content = KNOWN.read_bytes()

    first = entered(content)
    second = entered(content)

    assert Item.objects.count() == 150
    assert first.summary["items"]["added"] == 0
    assert first.summary["items"]["updated"] > 0
    assert second.summary["items"] == {"added": 0, "updated": 0, "unchanged": 58, "refused": 0}
    assert ItemVersion.objects.filter(status=VersionStatus.PUBLISHED).count() == 150


def test_what_the_list_does_not_say_is_kept() -> None:
    county.import_all("社会团体成立登记")
    published = ItemVersion.objects.get(name="社会团体成立登记")

    entered(listed(item(1, "社会团体成立登记", "60日", "10个工作日", basis=published.legal_basis)))

    draft = ItemVersion.objects.get(name="社会团体成立登记", status=VersionStatus.DRAFT)
    assert (draft.item_id, draft.promised_limit) == (published.item_id, "10 WD")
    assert draft.materials == published.materials
    assert draft.online_depth == published.online_depth


def test_the_clean_list_of_the_county_enters_whole_and_once() -> None:
    content = (county.DATA / "service-items.csv").read_bytes()

    first = api.receive_list(actor=BOSS, name="service-items.csv", content=content)
    first = api.enter_list(actor=BOSS, list_id=first.id, wait=True)
    again = api.judge_list(actor=BOSS, name="service-items.csv", content=content)

    assert first.summary["items"] == {"added": 150, "updated": 0, "unchanged": 0, "refused": 0}
    assert again.as_json()["summary"]["items"] == {"added": 0, "updated": 0, "unchanged": 150, "refused": 0}
    assert ItemVersion.objects.filter(status=VersionStatus.DRAFT, item__code__isnull=False).count() == 150


def test_what_was_put_right_is_remembered_for_the_sender() -> None:
    head = [*HEAD[:3], "谁来办", *HEAD[4:]]
    content = listed(item(1, "甲许可", department="咱们局"), head=head)
    row = api.receive_list(actor=BOSS, name="清单.xlsx", content=content, sender="城关镇")
    assert row.summary["held"] == 1

    choices = Choices(columns={"谁来办": "department"}, departments={"咱们局": "G05"})
    fixed = api.correct_list(actor=BOSS, list_id=row.id, choices=choices)
    next_time = api.receive_list(actor=BOSS, name="清单.xlsx", content=content, sender="城关 镇")
    stranger = api.receive_list(actor=BOSS, name="清单.xlsx", content=content, sender="东河镇")

    assert [each.summary["accepted"] for each in (fixed, next_time, stranger)] == [1, 1, 0]
    assert ListMemory.objects.count() == 2


def test_putting_a_list_right_is_recorded() -> None:
    row = api.receive_list(actor=BOSS, name="清单.xlsx", content=listed(item(1, "甲许可", department="咱们局")))

    api.correct_list(actor=BOSS, list_id=row.id, choices=Choices(departments={"咱们局": "G05"}))

    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="item_list", id=str(row.id)), row.tenant)]
    assert sorted(acts) == ["catalogue.list_corrected", "catalogue.list_received"]


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


def test_a_short_list_is_entered_though_its_process_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengtong.capabilities.catalogue.services import importing_lists
    from zhengtong.capabilities.identity import api as identity

    editor = dataclasses.replace(county.officer("G05", "item_editor"), person_id=new_id(), post_id=new_id())
    monkeypatch.setattr(importing_lists, "_BATCH", 1)
    monkeypatch.setattr(identity, "actor_for", lambda tenant, **_who: editor)
    row = api.receive_list(actor=editor, name="清单.xlsx", content=listed(item(1, "甲许可"), item(2, "乙许可")))

    def killed(*_given: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        api.enter_list(actor=editor, list_id=row.id, progress=killed)
    ItemList.objects.update(state=ListState.ENTERING)  # nobody was left to write that it stopped
    assert Item.objects.count() == 1
    do_all_work()

    row.refresh_from_db()
    assert (row.state, row.done, Item.objects.count()) == (ListState.ENTERED, 2, 2)


def test_two_runs_do_not_enter_the_same_lines() -> None:
    row = api.receive_list(actor=BOSS, name="清单.xlsx", content=listed(item(1, "甲许可")))

    def meanwhile(*_given: object) -> None:
        api.run_entering(actor=BOSS, list_id=row.id)

    api.enter_list(actor=BOSS, list_id=row.id, progress=meanwhile)

    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="item_list", id=str(row.id)), row.tenant)]
    assert acts.count("catalogue.list_entered") == 1
    assert Item.objects.count() == 1


def test_an_editor_imports_only_his_own_unit() -> None:
    editor = county.officer("G05", "item_editor")
    content = listed(item(1, "甲许可"), item(2, "乙许可", department="公安局"))

    row = api.receive_list(actor=editor, name="清单.xlsx", content=content)
    api.enter_list(actor=editor, list_id=row.id)

    lines = list(ItemListLine.objects.filter(item_list=row).order_by("place"))
    assert [line.verdict for line in lines] == ["accepted", "held"]
    assert "not_your_unit" in {problem["code"] for problem in lines[1].problems}
    assert Item.objects.get().org_code == "G05"


@pytest.mark.parametrize("roles", [(), ("clerk",), ("leader",)])
def test_others_may_not_import(roles: tuple[str, ...]) -> None:
    with pytest.raises(NotPermitted):
        api.receive_list(actor=county.officer("G05", *roles), name="清单.xlsx", content=listed(item(1, "甲许可")))

    assert not ItemList.objects.exists()


def test_the_list_of_another_unit_is_not_found() -> None:
    row = api.receive_list(
        actor=county.officer("G05", "item_editor"), name="清单.xlsx", content=listed(item(1, "甲许可"))
    )

    with pytest.raises(NotFound):
        api.enter_list(actor=county.officer("G04", "item_editor"), list_id=row.id)
    api.enter_list(actor=county.officer("G25", "item_admin"), list_id=row.id)


def test_unreadable_files_are_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid, match="不是表格文件") as refusal:
        api.receive_list(actor=BOSS, name="x.pdf", content=b"%PDF-1.7")

    assert refusal.value.field == "file"
    assert not ItemList.objects.exists()


def test_receiving_and_entering_are_on_the_ledger() -> None:
    row = entered(listed(item(1, "甲许可")))

    ref = ObjectRef(kind="item_list", id=str(row.id))
    acts = [entry.act for entry in ledger.entries_of(tenant=TENANT, object_ref=ref)]
    assert acts == ["catalogue.list_received", "catalogue.list_entered"]


def test_an_item_under_review_is_left_alone() -> None:
    entered(listed(item(1, "甲许可")))
    ItemVersion.objects.update(status=VersionStatus.REVIEW)

    row = entered(listed(item(1, "甲许可", promised="5个工作日")))

    assert outcomes(row) == [LineOutcome.REFUSED]
    assert "正在审核" in ItemListLine.objects.get(item_list=row).outcome_note


def test_a_list_without_good_rows_is_not_entered() -> None:
    row = api.receive_list(actor=BOSS, name="清单.xlsx", content=listed(item(1, "甲许可", basis=None)))

    with pytest.raises(Invalid, match="没有可以导入的行"):
        api.enter_list(actor=BOSS, list_id=row.id)


def test_a_list_is_not_entered_twice_at_once() -> None:
    row = api.receive_list(actor=BOSS, name="清单.xlsx", content=listed(item(1, "甲许可")))
    ItemList.objects.update(state=ListState.ENTERING)

    with pytest.raises(Conflict):
        api.enter_list(actor=BOSS, list_id=row.id)
    with pytest.raises(Conflict):
        api.correct_list(actor=BOSS, list_id=row.id, choices=Choices())


def test_a_long_list_is_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengtong.capabilities.catalogue.services import importing_lists
    from zhengtong.capabilities.identity import api as identity

    editor = dataclasses.replace(county.officer("G05", "item_editor"), person_id=new_id(), post_id=new_id())
    monkeypatch.setattr(importing_lists, "AT_ONCE", 1)
    monkeypatch.setattr(identity, "actor_for", lambda tenant, **_who: editor)
    row = api.receive_list(actor=editor, name="清单.xlsx", content=listed(item(1, "甲许可"), item(2, "乙许可")))

    row = api.enter_list(actor=editor, list_id=row.id)
    assert (row.state, Item.objects.count()) == (ListState.ENTERING, 0)
    do_all_work()

    row.refresh_from_db()
    assert (row.state, row.done, Item.objects.count()) == (ListState.ENTERED, 2, 2)
