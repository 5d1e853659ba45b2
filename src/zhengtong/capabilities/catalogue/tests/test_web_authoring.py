"""The pages where an office makes an item: lists, parts, rows, files, saving, meeting another's changes."""

import uuid
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.tests import county, reviewing
from zhengtong.capabilities.catalogue.tests.desk_pages import (
    FIRE,
    MARKET,
    address,
    begin,
    client_of,
    edit,
    fields_of,
    fresh,
    opened,
)

pytestmark = pytest.mark.django_db

PARTS = (
    "basic", "basis", "limits", "materials", "fees", "commitment", "form", "process", "service", "faq", "duties",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _office(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    reviewing.found_office()


@pytest.fixture
def desk() -> Client:
    return client_of("editor")


def pdf(tmp_path: Path, name: str) -> SimpleUploadedFile:
    path = tmp_path / name
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    return SimpleUploadedFile(name, path.read_bytes(), "application/pdf")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_and_saving_it_untouched_changes_nothing(desk: Client, part: str) -> None:
    row = begin(desk)

    again = edit(desk, row, part, {})

    assert again.status_code == 302, again.content.decode()
    assert fresh(row).revision == row.revision


@pytest.mark.parametrize("part", PARTS)
def test_a_whole_item_survives_every_page(desk: Client, part: str) -> None:
    row = reviewing.drafted(
        name="完整事项", department=MARKET,
        joint_units=(api.JointUnit(name=FIRE, limit="3 WD", org_code="H05"),),
        fees=(api.Fee(name="工本费", amount="10", unit="证", basis="某条例 第一条"),),
        special_steps=(api.SpecialStepDraft(name="专家评审", stops_clock=True, longest="10 WD"),),
        faq=(api.QuestionDraft(question="要多久", answer="八个工作日"),),
        commitment=api.Commitment(
            told="条件", statement="符合", consequences="撤销", check_within="60 D", materials=("form",)
        ),
        conditions=("符合规划", "结构安全"), flow=("申请", "决定"), responsibilities=("受理责任",),
        legal_basis="某法 第一条;某条例 第二条", result_document="许可证;附件", themes=("开店经营",),
        executors=(FIRE,), confirmed=("legal_basis", "fee", "materials"), visits=0,
    )  # fmt: skip

    again = edit(desk, row, part, {})

    assert again.status_code == 302, again.content.decode()
    assert fresh(row).revision == row.revision, api.differences(
        reviewing.whole(), api.draft_view(actor=reviewing.who("editor"), version_id=row.id).draft
    )


def test_a_limit_is_a_number_and_a_unit_and_is_judged_beside_the_other(desk: Client) -> None:
    row = begin(desk)

    edit(desk, row, "limits", {"statutory_limit_0": "20", "statutory_limit_1": "WD", "promised_limit_1": "TODAY"})
    today = (fresh(row).statutory_limit, fresh(row).promised_limit)
    edit(desk, row, "limits", {"promised_limit_0": "30", "promised_limit_1": "WD"})
    page = desk.get(address(row, "limits")).content.decode()

    assert today == ("20 WD", "0 WD")
    assert "承诺时限（30 个工作日）比法定时限（20 个工作日）长" in page


def test_half_a_limit_is_kept_and_named_as_missing(desk: Client) -> None:
    row = begin(desk)

    edit(desk, row, "limits", {"statutory_limit_0": "20", "statutory_limit_1": ""})
    page = desk.get(address(row, "limits")).content.decode()

    assert fields_of(page)["statutory_limit_0"] == ["20"]
    assert "法定时限没有填完整" in page


def test_rows_are_added_moved_and_removed_without_scripts(desk: Client) -> None:
    row = begin(desk)
    edit(desk, row, "materials", {"materials-0-name": "甲", "op": "materials:add"})
    edit(desk, row, "materials", {"materials-1-name": "乙", "op": "materials:add"}, query="?add=materials")
    edit(desk, row, "materials", {"materials-2-name": "丙"}, query="?add=materials")
    keys = [each["key"] for each in fresh(row).materials]

    edit(desk, row, "materials", {"op": "materials:up:2"})
    moved = [each["name"] for each in fresh(row).materials]
    edit(desk, row, "materials", {"op": "materials:remove:0"})

    assert keys == ["m01", "m02", "m03"]
    assert moved == ["甲", "丙", "乙"]
    assert [(each["key"], each["name"]) for each in fresh(row).materials] == [("m03", "丙"), ("m02", "乙")]


def test_a_press_beside_a_row_keeps_what_was_typed_elsewhere(desk: Client) -> None:
    row = begin(desk)

    answer = edit(desk, row, "fees", {"fee": "10 元", "op": "fees:add"})

    assert answer["Location"].endswith("?add=fees#fees-new")
    assert fresh(row).fee == "10 元"
    assert "fees-0-name" in opened(desk, row, "fees", "?add=fees")


def test_a_row_without_its_name_is_kept_too(desk: Client) -> None:
    row = begin(desk)

    edit(desk, row, "process", {"joint_units-0-limit_0": "5", "joint_units-0-limit_1": "WD"}, query="?add=joint_units")

    assert [unit["limit"] for unit in fresh(row).joint_departments] == ["5 WD"]


def test_a_joint_unit_is_chosen_from_the_register_and_shown_on_the_way(desk: Client) -> None:
    row = begin(desk)

    edit(
        desk, row, "process", {"joint_units-0-name": FIRE, "joint_units-0-limit_0": "3", "joint_units-0-limit_1": "WD"}
    )
    page = desk.get(address(row, "process")).content.decode()

    assert fresh(row).joint_departments[0]["org_code"] == "H05"
    assert "受理后同时收到一份审查任务，3 个工作日内出具意见" in page
    assert "<svg" in page


def test_tolerance_is_typed_beside_the_materials_of_the_list(desk: Client) -> None:
    row = begin(desk)
    edit(desk, row, "materials", {"materials-0-name": "租赁合同"})

    edit(
        desk, row, "commitment",
        {"tolerance-0-tolerable": "on", "tolerance-0-within_0": "5", "tolerance-0-within_1": "WD", "told": "条件"},
    )  # fmt: skip

    [material] = fresh(row).materials
    assert (material["name"], material["tolerable"], material["within"]) == ("租赁合同", True, "5 WD")
    assert fresh(row).commitment["told"] == "条件"


def test_a_blank_form_and_a_sample_are_uploaded_shown_and_taken_away(desk: Client, tmp_path: Path) -> None:
    row = begin(desk)

    edit(desk, row, "materials", {"materials-0-name": "申请表", "materials-0-sample": pdf(tmp_path, "样表.pdf")})
    [kept] = fresh(row).materials
    shown = desk.get(f"/items/desk/{row.item_id}/files/{kept['sample_file']}/")
    other = client_of("stranger").get(f"/items/desk/{row.item_id}/files/{kept['sample_file']}/")
    edit(desk, row, "materials", {"op": "materials:unsample:0"})

    assert shown["Content-Type"] == "application/pdf"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert other.status_code == 404
    assert fresh(row).materials[0]["sample_file"] == ""


def test_a_file_that_may_not_come_in_loses_nothing_typed(desk: Client) -> None:
    row = begin(desk)
    bad = SimpleUploadedFile("样表.pdf", b"not a pdf", "application/pdf")

    answer = edit(desk, row, "materials", {"materials-0-name": "申请表", "materials-0-sample": bad})

    assert answer.status_code == 422
    assert "不是可接收的类型" in answer.content.decode()
    assert fields_of(answer.content.decode())["materials-0-name"] == ["申请表"]


def test_saving_by_itself_answers_with_what_is_still_missing(desk: Client) -> None:
    row = begin(desk)
    sent = opened(desk, row, "basis")

    answer = desk.post(address(row, "basis") + "autosave/", sent | {"legal_basis": "某法 第一条\n某条例 第二条"})
    again = desk.post(address(row, "basis") + "autosave/", sent | {"seen": answer.json()["seen"], "quantity": "不限"})

    assert fresh(row).legal_basis == ""
    assert again.status_code == 200
    assert "没有填写设定依据" in again.json()["live"]["missing"]
    assert "没有填写设定依据" not in answer.json()["live"]["missing"]


def test_two_who_type_in_the_same_part_keep_both_contents(desk: Client) -> None:
    row = begin(desk)
    mine = opened(desk, row, "basis")
    edit(client_of("colleague"), row, "basis", {"quantity": "每年 10 家"})

    met = desk.post(address(row, "basis"), mine | {"quantity": "没有数量限制"})
    page = met.content.decode()
    kept = fresh(row).quantity
    desk.post(address(row, "basis"), fields_of(page))

    assert met.status_code == 409
    assert "每年 10 家" in page
    assert "colleague甲" in page
    assert fields_of(page)["quantity"] == ["没有数量限制"]
    assert kept == "每年 10 家"
    assert fresh(row).quantity == "没有数量限制"


def test_saving_by_itself_never_writes_over_another(desk: Client) -> None:
    row = begin(desk)
    mine = opened(desk, row, "basis")
    edit(client_of("colleague"), row, "basis", {"quantity": "每年 10 家"})

    answer = desk.post(address(row, "basis") + "autosave/", mine | {"quantity": "没有数量限制"})

    assert answer.status_code == 409
    assert fresh(row).quantity == "每年 10 家"


def test_two_who_type_in_different_parts_do_not_meet(desk: Client) -> None:
    row = begin(desk)
    mine = opened(desk, row, "faq")
    edit(client_of("colleague"), row, "basis", {"quantity": "每年 10 家"})

    answer = desk.post(address(row, "faq"), mine | {"faq-0-question": "要多久", "faq-0-answer": "八天"})

    assert answer.status_code == 302
    assert (fresh(row).quantity, fresh(row).faq[0]["question"]) == ("每年 10 家", "要多久")


def test_a_name_that_is_emptied_is_refused_with_everything_typed_still_there(desk: Client) -> None:
    row = begin(desk)

    answer = edit(desk, row, "basic", {"name": "", "visits": "1"})

    assert answer.status_code == 422
    assert "没有填写事项名称" in answer.content.decode()
    assert fields_of(answer.content.decode())["visits"] == ["1"]


def test_a_new_item_of_a_known_name_leads_to_the_one_that_exists(desk: Client) -> None:
    row = begin(desk)

    answer = desk.post("/items/desk/new/", {"name": row.name, "department": MARKET, "power_type": "01"})

    assert answer.status_code == 422
    assert f"/items/desk/{row.item_id}/" in answer.content.decode()
    assert Item.objects.count() == 1


def test_an_editor_makes_items_of_the_own_unit_only(desk: Client) -> None:
    answer = desk.post("/items/desk/new/", {"name": "别家的事", "department": FIRE, "power_type": "01"})

    assert answer.status_code == 422
    assert not Item.objects.exists()


def test_the_list_filters_by_state_type_problems_and_what_is_missing(desk: Client) -> None:
    begin(desk, "缺依据的事项")
    reviewing.published(name="完整的事项", conditions=("符合规划",), flow=("申请",))

    def found(**query: str) -> set[str]:
        page = desk.get("/items/desk/", query).content.decode()
        return {name for name in ("缺依据的事项", "完整的事项") if f">{name}</a>" in page}

    assert found() == {"缺依据的事项", "完整的事项"}
    assert found(state="draft") == {"缺依据的事项"}
    assert found(state="published") == {"完整的事项"}
    assert found(missing="basis") == {"缺依据的事项"}
    assert found(problems="no") == {"完整的事项"}
    assert found(q="完整") == {"完整的事项"}
    assert found(power_type="02") == set()


def test_one_sees_the_items_of_the_own_unit_and_the_list_keeper_those_of_the_county(desk: Client) -> None:
    begin(desk)

    assert "测试事项许可" not in client_of("stranger").get("/items/desk/").content.decode()
    assert "测试事项许可" in client_of("keeper").get("/items/desk/?unit=G22").content.decode()


def test_several_drafts_are_sent_at_once_and_those_not_ready_are_named(desk: Client) -> None:
    ready = reviewing.drafted(name="齐全的事项")
    lacking = begin(desk, "不齐的事项")

    answer = desk.post("/items/desk/submit/", {"item": [ready.item_id, lacking.item_id], "reason": "年度调整"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert (fresh(ready).status, fresh(lacking).status) == ("review", "draft")
    assert "不齐的事项：" in page
    assert "年度调整" in page


def test_the_preview_is_the_guide_and_may_stand_in_a_frame_of_our_own_only(desk: Client) -> None:
    row = reviewing.drafted(name="预览的事项", promised_limit="8 WD")

    page = desk.get(f"/items/desk/{row.item_id}/preview/")
    guide = desk.get(f"/items/desk/{row.item_id}/preview/{row.id}/")

    assert page.content.decode().count("<iframe") == 2
    assert "预览的事项" in guide.content.decode()
    assert "8 个工作日" in guide.content.decode()
    assert guide["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in guide["Content-Security-Policy"]


def test_a_half_written_draft_can_be_previewed(desk: Client) -> None:
    row = begin(desk)
    edit(
        desk,
        row,
        "limits",
        {"statutory_limit_0": "5", "special_steps-0-name": "听证", "special_steps-0-longest_0": "3"},
    )
    edit(desk, row, "process", {"joint_units-0-name": FIRE, "joint_units-0-limit_0": "3"}, query="?add=joint_units")

    guide = desk.get(f"/items/desk/{row.item_id}/preview/{row.id}/")

    assert guide.status_code == 200
    assert "还没有填写" in guide.content.decode()


def test_a_bundle_merges_the_papers_of_its_members_and_lets_them_be_split(desk: Client) -> None:
    licence = api.MaterialDraft(key="m01", name="营业执照", form="复印件")
    codes = ["1198072300720319364980139998" + number for number in ("001", "002")]
    for code, unit, days in zip(codes, (MARKET, FIRE), ("8", "15"), strict=True):
        own = api.MaterialDraft(key="m02", name=f"{unit}申请表", form="原件")
        draft = county.draft(
            code=code, name=f"{unit}测试许可", department=unit, promised_limit=f"{days} WD", materials=(licence, own)
        )
        api.publish_item(actor=county.BOSS, draft=draft)
    bundle = begin(desk, "开办测试店一件事", kind="bundle/")
    members = f"/items/desk/{bundle.item_id}/members/"

    found = desk.get(members, {"q": "测试许可"}).content.decode()
    for code in codes:
        desk.post(members, {"op": f"add:{code}"})
    merged = fresh(bundle)
    page = desk.get(members).content.decode()
    [shared] = [each for each in merged.materials if len(each["members"]) == 2]
    desk.post(members, {"op": f"split:{shared['key']}"})
    split = fresh(bundle)
    desk.post(members, {"op": f"remove:{codes[0]}"})

    assert found.count('value="add:') == 2
    assert [member["version"] for member in merged.members] == [1, 1]
    assert merged.promised_limit == "15 WD"
    assert [unit["org_name"] for unit in merged.joint_departments] == [FIRE]
    assert shared["name"] == "营业执照"
    assert "营业执照" in page
    assert len(merged.materials) == 3
    assert len(split.materials) == 4
    assert [member["code"] for member in fresh(bundle).members] == codes[1:]


def test_papers_of_a_bundle_are_put_together_and_said_to_serve_whom(desk: Client) -> None:
    row = reviewing.drafted(
        name="合并一件事", kind="bundle",
        members=(
            api.Member(code="A" * 31, name="甲", org_code="G22", org_name=MARKET, version=1),
            api.Member(code="B" * 31, name="乙", org_code="H05", org_name=FIRE, version=1),
        ),
        materials=(
            api.MaterialDraft(key="m01", name="房产证明", form="复印件", members=("A" * 31,)),
            api.MaterialDraft(key="m02", name="场地使用证明", form="原件", members=("B" * 31,)),
            api.MaterialDraft(key="m03", name="承诺书", form="原件"),
        ),
    )  # fmt: skip
    members = f"/items/desk/{row.item_id}/members/"

    desk.post(members, {"op": "serves", "serves": [f"m01 {'A' * 31}", f"m02 {'B' * 31}", f"m03 {'B' * 31}"]})
    served = fresh(row).materials[2]["members"]
    desk.post(members, {"op": "join", "join": ["m01", "m02"]})

    assert served == ["B" * 31]
    joined, kept = fresh(row).materials
    assert (joined["name"], joined["form"], joined["members"]) == ("房产证明", "原件", ["A" * 31, "B" * 31])
    assert kept["name"] == "承诺书"


def test_the_pages_of_a_draft_take_as_many_statements_for_four_rows_as_for_two(
    desk: Client,
) -> None:
    def statements(count: int, page: str) -> int:
        codes = [f"{number:031d}" for number in range(count)]
        row = reviewing.drafted(
            name=f"{count} 项一件事",
            kind="bundle",
            members=tuple(
                api.Member(code=code, name="甲", org_code="G22", org_name=MARKET, version=1) for code in codes
            ),
            materials=tuple(
                api.MaterialDraft(key=f"m{code[-2:]}", name="表", form="原件", blank_file=str(uuid.uuid4()))
                for code in codes
            ),
        )
        address = f"/items/desk/{row.item_id}/{page}/"
        desk.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(address).status_code == 200
        return len(seen)

    for page in ("members", "edit/materials"):
        assert statements(4, page) == statements(2, page)


def test_a_bundle_under_review_says_why_a_press_does_nothing(desk: Client) -> None:
    row = reviewing.drafted(name="合并一件事", kind="bundle")
    ItemVersion.objects.filter(pk=row.pk).update(status="review", reviews=1, case_id=uuid.uuid4())

    answer = desk.post(f"/items/desk/{row.item_id}/members/", {"op": "refresh"})

    assert answer.status_code == 409
    assert "正在审核" in answer.content.decode()


def test_ticks_on_papers_of_an_earlier_saving_take_nobody_elses_away(desk: Client) -> None:
    codes = ("A" * 31, "B" * 31)
    row = reviewing.drafted(
        name="合并一件事",
        kind="bundle",
        members=tuple(api.Member(code=code, name="甲", org_code="G22", org_name=MARKET, version=1) for code in codes),
        materials=(api.MaterialDraft(key="m01", name="承诺书", form="原件"),),
    )
    members = f"/items/desk/{row.item_id}/members/"
    page = desk.get(members).content.decode()
    [seen] = {control.get("value") for control in html.fromstring(page).xpath("//input[@name='rev']")}

    first = desk.post(members, {"op": "serves", "serves": [f"m01 {codes[0]}"], "rev": seen})
    late = desk.post(members, {"op": "serves", "serves": [f"m01 {codes[1]}"], "rev": seen})

    assert (first.status_code, late.status_code) == (302, 409)
    assert "保存过这件事" in late.content.decode()
    assert fresh(row).materials[0]["members"] == [codes[0]]
