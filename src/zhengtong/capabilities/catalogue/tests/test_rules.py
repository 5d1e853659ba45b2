"""Limits, columns, routes and guides, without a database."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.rules import ItemDraft, JointUnit, Material
from zhengtong.capabilities.catalogue.tests import county

ALL_ROWS = county.rows("service-items.csv")


@pytest.mark.parametrize("line", ALL_ROWS, ids=lambda line: line["name"])
def test_each_line_of_the_county_is_understood(line: dict[str, str]) -> None:
    draft = rules.draft_of_row(line)

    assert rules.refusals(draft) == {}
    assert len(draft.materials) == line["materials"].count("[")


@pytest.mark.parametrize(
    ("text", "words"),
    [("8 WD", "8 个工作日"), ("30 D", "30 日"), ("0 WD", "当日"), ("NONE", "未规定"), ("3 MONTH", "3 个月")],
)
def test_limits_have_words(text: str, words: str) -> None:
    assert rules.words_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"), [("8 WD", "承诺 8 个工作日办结"), ("0 WD", "当日办结"), ("NONE", "没有规定办理时限")]
)
def test_a_promise_is_told_as_a_reader_hears_it(text: str, words: str) -> None:
    assert rules.promise_words(text) == words


@pytest.mark.parametrize("text", ["", "8", "WD", "8WD", "-1 WD", "8 DAYS", "八 WD", "8 WD ", "NONE WD"])
def test_what_is_no_limit_is_not_taken_for_one(text: str) -> None:
    assert not rules.is_limit(text)


@pytest.mark.parametrize(
    ("statutory", "promised", "odd"),
    [
        ("20 WD", "8 WD", False),
        ("20 WD", "20 WD", False),
        ("20 WD", "60 WD", True),
        ("7 D", "20 WD", True),
        ("30 D", "20 WD", False),
        ("20 WD", "30 D", False),
        ("NONE", "99 WD", False),
        ("20 WD", "NONE", False),
        ("3 MONTH", "30 WD", False),
    ],
)
def test_a_promise_that_surely_exceeds_the_statute_is_odd(statutory: str, promised: str, *, odd: bool) -> None:
    assert bool(rules.odd_promise(statutory, promised)) is odd


def test_materials_say_form_and_tolerance() -> None:
    paper, copy, shared = rules.materials("申请书[原件,可容缺];租赁合同(三年)[复印件];营业执照[数据共享]")

    assert (paper.key, paper.name, paper.form, paper.tolerable) == ("m01", "申请书", "原件", True)
    assert (copy.name, copy.form, copy.tolerable) == ("租赁合同(三年)", "复印件", False)
    assert shared.form == "数据共享"


@pytest.mark.parametrize("cell", ["申请书", "申请书[传真]", "[原件]", "申请书[原件", "甲[原件]乙"])
def test_an_unclear_material_is_named(cell: str) -> None:
    with pytest.raises(ValueError, match="没有写明形式"):
        rules.materials(cell)


def test_joint_units_carry_their_limits() -> None:
    fire, town = rules.joint_units("青禾县消防救援大队(5 WD);乡镇人民政府(以城关镇为例)(NONE)")

    assert (fire.name, fire.limit) == ("青禾县消防救援大队", "5 WD")
    assert (town.name, town.limit) == ("乡镇人民政府(以城关镇为例)", "NONE")


def test_special_steps_say_whether_the_clock_stops() -> None:
    hearing, notice = rules.special_steps("听证(stop_clock=yes,max=20 WD);公示(stop_clock=no,fixed_period=20 D)")

    assert (hearing.stops_clock, hearing.longest, hearing.length) == (True, "20 WD", "")
    assert (notice.stops_clock, notice.longest, notice.length) == (False, "", "20 D")


@given(st.text(max_size=80))
def test_no_cell_breaks_the_parsers(cell: str) -> None:
    for parse in (rules.materials, rules.joint_units, rules.special_steps):
        try:
            parse(cell)
        except ValueError as error:
            told = str(error)
        else:
            continue
        assert "请写" in told


def test_an_example_of_many_units_names_one() -> None:
    assert rules.unit_names("乡镇人民政府(以城关镇人民政府为例)")[1:] == ("城关镇人民政府", "城关镇")


FOUND = JointUnit(name="消防救援大队", limit="5 WD", org_code="H05")
UNKNOWN = JointUnit(name="乡镇人民政府", limit="5 WD")


@pytest.mark.parametrize(
    ("power_type", "kind", "units", "process"),
    [
        ("01", "1", (), "instant"),
        ("01", "2", (FOUND,), "joint"),
        ("01", "2", (UNKNOWN,), "standard"),
        ("01", "2", (), "standard"),
        ("20", "9", (), "standard"),
        ("02", "9", (), ""),
        ("06", "2", (FOUND,), ""),
    ],
)
def test_the_route_follows_from_kind_and_units(
    power_type: str, kind: str, units: tuple[JointUnit, ...], process: str
) -> None:
    assert rules.default_process(power_type=power_type, handling_kind=kind, joint_units=units) == process


@pytest.mark.parametrize(
    ("applicant", "legal", "allowed"),
    [
        ("person", False, True),
        ("person", True, False),
        ("legal", True, True),
        ("legal", False, False),
        ("both", True, True),
        ("both", False, True),
    ],
)
def test_who_may_apply(applicant: str, *, legal: bool, allowed: bool) -> None:
    assert rules.may_apply(applicant, as_legal_person=legal) is allowed


DRAFT: ItemDraft = county.draft()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "123"}, "code"),
        ({"code": DRAFT.code.lower()[:-1] + "z"}, "code"),
        ({"name": " "}, "name"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"statutory_limit": "20个工作日"}, "statutory_limit"),
        (
            {"materials": (Material(key="a", name="甲", form="原件"), Material(key="a", name="乙", form="原件"))},
            "materials",
        ),
    ],
)
def test_what_cannot_be_published_is_refused_by_field(changes: dict[str, object], field: str) -> None:
    assert list(rules.refusals(dataclasses.replace(DRAFT, **changes))) == [field]  # type: ignore[arg-type]  # by name


def test_a_unit_slower_than_the_promise_is_noted() -> None:
    slow = dataclasses.replace(DRAFT, joint_units=(dataclasses.replace(FOUND, limit="9 WD"),))

    assert ["消防救援大队" in sentence for sentence in rules.odd_limits(slow)] == [True]


def test_the_gaps_of_a_guide_follow_article_30() -> None:
    assert rules.guide_gaps(DRAFT) == ("条件", "数量", "程序", "申请书示范文本")


def test_a_complete_guide_has_no_gaps() -> None:
    complete = dataclasses.replace(
        DRAFT,
        conditions=("有营业执照",),
        quantity="没有数量限制",
        flow=("受理",),
        materials=(Material(key="form", name="申请书", form="原件", example="示例"),),
    )

    assert rules.guide_gaps(complete) == ()


def test_details_replace_the_words_of_the_line() -> None:
    line = county.row("食品经营许可(新办)")

    draft = rules.draft_of_row(line, {"phone": "12345", "faq": [{"question": "问", "answer": "答"}]})

    assert draft.phone == "12345"
    assert draft.faq[0].answer == "答"
    assert draft.name == line["name"]


def test_all_faults_of_a_line_are_told_at_once() -> None:
    line = county.row("食品经营许可(新办)") | {"power_type": "许可", "materials": "申请书"}

    with pytest.raises(rules.UnclearRow) as refusal:
        rules.draft_of_row(line)

    assert len(refusal.value.reasons) == 2
