"""What stands against publication, what looks odd, what changed between two versions; without a database."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.rules import (
    Commitment,
    Fee,
    ItemDraft,
    JointUnit,
    KnownItem,
    KnownProcess,
    Material,
    Member,
    Question,
    SpecialStep,
    Surroundings,
)
from zhengtong.capabilities.catalogue.tests import county

STANDARD = KnownProcess(key="standard", versions=frozenset({1, 2}), joint=frozenset(), active=2)
JOINT = KnownProcess(key="joint", versions=frozenset({1}), joint=frozenset({1}), active=1)
AROUND = Surroundings(process=STANDARD, form_versions=frozenset({1, 2}))
PAPER = Material(key="form", name="申请书", form="原件")


def draft(**changes: Any) -> ItemDraft:
    return county.draft(**{"visits": 0, "process_key": "standard", **changes})


def refused(around: Surroundings = AROUND, **changes: Any) -> dict[str, str]:
    return rules.all_refusals(draft(**changes), around)


def test_a_whole_draft_is_not_refused_and_looks_like_nothing_odd() -> None:
    assert refused() == {}
    assert rules.oddities(draft()) == ()


@pytest.mark.parametrize(
    ("field", "words", "changes"),
    [
        ("fees", "行政许可法 第五十八条", {"fees": (Fee(name="工本费", amount="5"),)}),
        ("fees", "看不懂", {"fees": (Fee(name="工本费", amount="五元", basis="某法"),)}),
        ("fees", "没有写名称", {"fees": (Fee(name="", basis="某法"),)}),
        (
            "commitment",
            "申请人承诺的内容",
            {"commitment": Commitment(told="条件", statement="", consequences="撤销", check_within="60 D")},
        ),
        (
            "commitment",
            "核查",
            {"commitment": Commitment(told="条件", statement="我承诺", consequences="撤销", check_within="")},
        ),
        (
            "commitment",
            "不在申请材料清单里",
            {
                "commitment": Commitment(
                    told="条件", statement="我承诺", consequences="撤销", check_within="60 D", materials=("x",)
                )
            },
        ),
        ("materials", "多长时间内补交", {"materials": (dataclasses.replace(PAPER, tolerable=True),)}),
        ("materials", "多长时间内补交", {"materials": (dataclasses.replace(PAPER, tolerable=True, within="NONE"),)}),
        ("materials", "超过了承诺时限", {"materials": (dataclasses.replace(PAPER, tolerable=True, within="9 WD"),)}),
        ("materials", "没有名称", {"materials": (dataclasses.replace(PAPER, name=" "),)}),
        ("materials", "没有选择材料形式", {"materials": (dataclasses.replace(PAPER, form="传真"),)}),
        ("materials", "不是这个一件事的成员", {"materials": (dataclasses.replace(PAPER, members=("x",)),)}),
        ("promised_limit", "只能缩短", {"promised_limit": "30 WD"}),
        ("exercise_level", "第 19 位", {"exercise_level": "5"}),
        ("applicant_type", "请选择服务对象", {"applicant_type": ""}),
        ("online_depth", "请选择网办深度", {"online_depth": "V"}),
        ("kind", "请选择事项形态", {"kind": "other"}),
        ("members", "只有一件事", {"members": (Member(code="a", name="甲", org_code="", org_name=""),)}),
        ("joint_units", "没有写明时限", {"joint_units": (JointUnit(name="甲", limit=""),)}),
        ("joint_units", "写了两次", {"joint_units": (JointUnit(name="甲", limit="5 WD"),) * 2}),
        ("process_key", "联办单位", {"joint_units": (JointUnit(name="甲", limit="5 WD", org_code="G10"),)}),
        ("process_version", "没有第 9 版", {"process_version": 9}),
        ("form_version", "没有第 7 版", {"form_version": 7}),
        ("parent_code", "没有实施编码为", {"parent_code": "x"}),
        ("special_steps", "看不懂", {"special_steps": (SpecialStep(name="听证", stops_clock=True, longest="很久"),)}),
        ("process_key", "主项不直接办理", {"kind": "main"}),
    ],
)
def test_each_fault_has_its_sentence(field: str, words: str, changes: dict[str, Any]) -> None:
    found = refused(**changes)

    assert words in found[field]


def test_a_process_that_names_the_units_itself_takes_them_and_no_others() -> None:
    drawn = KnownProcess(
        key="shop", versions=frozenset({1}), joint=frozenset(), active=1, named={1: frozenset({"G10"})}
    )
    around = dataclasses.replace(AROUND, process=drawn)
    named, other = (
        JointUnit(name="甲", limit="5 WD", org_code="G10"),
        JointUnit(name="乙", limit="5 WD", org_code="G11"),
    )

    assert refused(around, process_key="shop", joint_units=(named,)) == {}
    assert "联办单位" in refused(around, process_key="shop", joint_units=(named, other))["process_key"]


def test_conditions_that_do_not_fit_the_form_are_refused() -> None:
    around = dataclasses.replace(AROUND, condition_faults=("材料“招牌图”的条件引用的问题“sign”不存在。",))

    assert refused(around) == {"materials": "材料“招牌图”的条件引用的问题“sign”不存在。"}


def test_a_change_of_a_condition_is_told_and_a_bundle_drops_it() -> None:
    paper = dataclasses.replace(PAPER, when={"field": "sign", "values": ["yes"]})

    told = rules.differences(draft(materials=(PAPER,)), draft(materials=(paper,)))
    merged = rules.merged_materials([paper])

    assert [one.words for one in told] == [f"“{PAPER.name}”按表单答案判断的条件新增"]
    assert merged[0].when is None


def test_a_joint_licence_has_forty_five_working_days() -> None:
    units = (JointUnit(name="甲", limit="5 WD"),)

    assert rules.oddities(draft(statutory_limit="45 WD", joint_units=units)) == ()
    assert "45 个工作日" in rules.oddities(draft(statutory_limit="46 WD", joint_units=units))[0].sentence


def test_a_joint_process_takes_joint_units() -> None:
    around = dataclasses.replace(AROUND, process=JOINT)

    assert refused(around, joint_units=(JointUnit(name="甲", limit="5 WD", org_code="G10"),)) == {}


def test_a_process_and_a_form_must_be_there() -> None:
    found = refused(Surroundings())

    assert set(found) == {"process_key", "form_key"}


def members(*codes: str) -> tuple[Member, ...]:
    return tuple(Member(code=code, name=code, org_code="G22", org_name="甲局") for code in codes)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("至少由两个", ("one",)),
        ("写了两次", ("one", "one", "two")),
        ("没有实施编码为“none”", ("one", "none")),
        ("是一件事，不能", ("one", "bundle")),
        ("是主项，不能", ("one", "main")),
        ("没有发布或者已经停用", ("one", "gone")),
    ],
)
def test_members_of_a_bundle_are_single_items_in_force(words: str, codes: tuple[str, ...]) -> None:
    items = {
        code: KnownItem(
            code=code, name=code, kind=code if code in ("bundle", "main") else "single", published=code != "gone"
        )
        for code in ("one", "two", "bundle", "main", "gone")
    }
    around = dataclasses.replace(AROUND, items=items)

    assert words in refused(around, kind="bundle", members=members(*codes))["members"]
    assert "members" not in refused(around, kind="bundle", members=members("one", "two"))


def test_sub_items_hang_below_a_main_item_only() -> None:
    items = {kind: KnownItem(code=kind, name=kind, kind=kind, published=True) for kind in ("main", "single", "bundle")}
    around = dataclasses.replace(AROUND, items=items)

    assert refused(around, parent_code="main") == {}
    assert "不是主项" in refused(around, parent_code="single")["parent_code"]
    assert "不作为子项" in refused(around, parent_code="main", kind="bundle")["parent_code"]
    assert "再有主项" in refused(around, parent_code="main", kind="main", process_key="")["parent_code"]
    assert "只能是主项" in refused(dataclasses.replace(around, has_sub_items=True))["kind"]


@pytest.mark.parametrize(
    ("field", "words", "changes"),
    [
        ("visits", "不需要到现场", {"visits": 1}),
        ("visits", "没有写到现场次数", {"visits": None}),
        ("visits", "到现场 0 次", {"online_depth": "I"}),
        ("promised_limit", "即办件", {"handling_kind": "1"}),
        ("statutory_limit", "第四十二条", {"statutory_limit": "60 WD"}),
        ("fee", "没有列出收费标准", {"fee": "5 元"}),
        ("fee", "却列出了", {"fee": "不收费", "fees": (Fee(name="甲", basis="乙"),)}),
        ("fees", "减免依据", {"fees": (Fee(name="甲", basis="乙", reduction="学生减半"),)}),
        ("materials", "不用提交", {"materials": (dataclasses.replace(PAPER, form="数据共享", tolerable=True),)}),
        ("materials", "单位不同", {"materials": (dataclasses.replace(PAPER, tolerable=True, within="7 D"),)}),
        ("materials", "第 716 号", {"materials": (dataclasses.replace(PAPER, source="office"),)}),
        ("materials", "都叫", {"materials": (PAPER, dataclasses.replace(PAPER, key="b"))}),
        (
            "special_steps",
            "第四十五条列举",
            {"special_steps": (SpecialStep(name="公示", stops_clock=True, length="7 D"),)},
        ),
        ("special_steps", "书面告知", {"special_steps": (SpecialStep(name="听证", stops_clock=True),)}),
        ("joint_units", "比承诺时限", {"joint_units": (JointUnit(name="甲", limit="9 WD"),)}),
        ("executors", "由哪些单位", {"exercise_level": "5"}),
        ("kind", "00Y", {"code": "119807230072031936498" + "013999900Y"}),
    ],
)
def test_each_oddity_has_its_sentence(field: str, words: str, changes: dict[str, Any]) -> None:
    found = rules.oddities(draft(**changes))

    assert any(one.field == field and words in one.sentence for one in found)


def test_an_answer_holds_only_as_long_as_the_remark_stays() -> None:
    one, two = (rules.oddities(draft(visits=count))[0] for count in (1, 2))

    assert one.key != two.key
    assert one.key == rules.oddities(draft(visits=1, name="别的名称"))[0].key


OTHER: dict[str, Any] = {
    "name": "另一个名称",
    "code": "119807230072031936498" + "0139999001",
    "kind": "bundle",
    "parent_code": "x",
    "power_type": "07",
    "department": "青禾县民政局",
    "executors": ("城关镇人民政府",),
    "exercise_level": "5",
    "exercise_note": "县级负责",
    "legal_basis": "另一部法",
    "applicant_type": "legal",
    "handling_kind": "1",
    "statutory_limit": "15 WD",
    "promised_limit": "5 WD",
    "joint_units": (JointUnit(name="甲", limit="5 WD"),),
    "special_steps": (SpecialStep(name="听证", stops_clock=True),),
    "materials": (),
    "commitment": Commitment(told="a", statement="b", consequences="c", check_within="60 D"),
    "fee": "5 元",
    "fees": (Fee(name="工本费", basis="某法"),),
    "members": (Member(code="a", name="甲", org_code="", org_name=""),),
    "conditions": ("年满十八周岁",),
    "quantity": "10 个",
    "flow": ("受理",),
    "visits": 1,
    "online_depth": "I",
    "result_document": "证",
    "result_title": "证",
    "result_template": "letter",
    "validity": "5年",
    "window": "1 号",
    "address": "某路",
    "hours": "全天",
    "phone": "1",
    "complaint": "2",
    "responsibilities": ("受理责任",),
    "accountability": "追责",
    "faq": (Question(question="问", answer="答"),),
    "themes": ("开店经营",),
    "process_key": "joint",
    "process_version": 2,
    "form_key": "restaurant",
    "form_version": 2,
    "confirmed": ("fee",),
    "featured": 1,
}


def test_every_element_is_compared() -> None:
    assert set(OTHER) == {field.name for field in dataclasses.fields(ItemDraft)}


@pytest.mark.parametrize("field", OTHER)
def test_each_change_is_told_both_ways(field: str) -> None:
    older, newer = draft(), draft(**{field: OTHER[field]})

    for before, after in ((older, newer), (newer, older)):
        (told,) = rules.differences(before, after)
        assert told.field == field
        assert told.words


def test_equal_drafts_have_no_difference() -> None:
    assert rules.differences(draft(**OTHER), draft(**OTHER)) == ()


def test_changes_are_told_as_an_office_says_them() -> None:
    older = draft(
        promised_limit="8 WD",
        materials=(
            PAPER,
            Material(key="m02", name="租赁合同", form="原件"),
            Material(key="m03", name="照片", form="原件"),
        ),
        conditions=("甲", "乙"),
    )
    newer = draft(
        promised_limit="5 WD",
        materials=(
            PAPER,
            Material(key="m02", name="租赁合同", form="复印件", copies=2, tolerable=True, within="3 WD"),
            Material(key="m04", name="承诺书", form="原件"),
        ),
        conditions=("乙", "丙"),
    )

    told = {one.field: str(one) for one in rules.differences(older, newer)}

    assert told["promised_limit"] == "承诺时限：8 → 5 个工作日"
    assert told["conditions"] == "办理条件：新增：“丙”；取消：“甲”"
    assert told["materials"] == (
        "申请材料：新增：“承诺书”；取消：“照片”；"
        "“租赁合同”形式 原件 → 复印件，可容缺 否 → 是，份数 1 → 2，补交时限 （空） → 3 个工作日"
    )


def test_a_renamed_material_is_no_new_one() -> None:
    older, newer = draft(), draft(materials=(dataclasses.replace(PAPER, name="申请表"),))

    assert str(rules.differences(older, newer)[0]) == "申请材料：“申请书”名称 申请书 → 申请表"


def test_materials_numbered_anew_are_the_same_papers() -> None:
    first, second = Material(key="m01", name="甲", form="原件"), Material(key="m02", name="乙", form="原件")
    moved = dataclasses.replace(second, key="m01")

    (told,) = rules.differences(draft(materials=(first, second)), draft(materials=(moved,)))

    assert str(told) == "申请材料：取消：“甲”"


NAMES = st.sampled_from(["身份证", "身份 证", "营业执照", "租赁合同", "申请书"])
MATERIALS = st.builds(
    Material,
    key=st.sampled_from(["m01", "m02", "m03"]),
    name=NAMES,
    form=st.sampled_from(["原件", "复印件", "数据共享"]),
    tolerable=st.booleans(),
    copies=st.integers(0, 3),
    note=st.sampled_from(["", "盖章", "签字"]),
    issuer=st.sampled_from(["", "公安局"]),
    within=st.sampled_from(["", "3 WD", "5 D"]),
    condition=st.sampled_from(["", "委托办理的", "租赁场所的"]),
    source=st.sampled_from(["applicant", "office", "other"]),
    blank_file=st.sampled_from(["", "a", "b"]),
)
PARTS = st.lists(st.lists(MATERIALS, max_size=4), min_size=1, max_size=4).map(
    lambda lists: [
        rules.BundlePart(
            code=f"code{number}",
            name=f"事项{number}",
            org_code=f"G{number}",
            org_name=f"单位{number}",
            draft=draft(materials=tuple(materials), promised_limit=f"{number + 3} WD"),
        )
        for number, materials in enumerate(lists)
    ]
)
_STRICT = {"数据共享": 0, "复印件": 1, "原件": 2}


@settings(max_examples=150, deadline=None)
@given(parts=PARTS, data=st.data())
def test_nothing_a_member_asks_for_is_lost(parts: list[rules.BundlePart], data: st.DataObject) -> None:
    merged = rules.merge_members(parts)

    found = {material.key: material for material in merged.materials}
    assert len(found) == len(merged.materials)
    for part in parts:
        for material in part.draft.materials:
            kept = found[rules.bundles.same_paper(material)]
            assert part.code in kept.members
            assert _STRICT[kept.form] >= _STRICT[material.form]
            assert kept.copies >= material.copies
            assert not kept.tolerable or material.tolerable
            assert not kept.condition or material.condition in kept.condition.split("；")
            assert not material.note or material.note in kept.note.split("；")
    assert rules.merge_members(data.draw(st.permutations(parts))) == merged
    assert rules.merged_materials(merged.materials) == merged.materials
    assert set(rules.merged_materials((*merged.materials, *merged.materials))) == set(merged.materials)
    assert merged.promised_limit == f"{len(parts) + 2} WD"


def test_a_bundle_joins_the_units_of_its_members_without_the_lead() -> None:
    parts = [
        rules.BundlePart(
            code=code,
            name=code,
            org_code=org,
            org_name=org,
            draft=draft(promised_limit=limit, joint_units=(JointUnit(name="公安局", limit="2 WD", org_code="G04"),)),
        )
        for code, org, limit in (("a", "G22", "5 WD"), ("b", "G10", "8 WD"), ("c", "G04", "6 WD"))
    ]

    merged = rules.merge_members(parts, lead_org_code="G22")

    assert [(unit.org_code, unit.limit) for unit in merged.joint_units] == [("G04", "6 WD"), ("G10", "8 WD")]
    assert merged.promised_limit == "8 WD"


def test_a_bundle_beyond_the_joint_limit_is_noted() -> None:
    slow = draft(promised_limit="60 WD", statutory_limit="90 WD")
    part = rules.BundlePart(code="a", name="甲", org_code="G22", org_name="甲局", draft=slow)

    assert "45 个工作日" in rules.merge_members([part]).notes[0]
