"""More lists as offices send them: what a left-out row says, headings in pieces, titles, units in one cell."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from zhengtong.capabilities.catalogue.engine.results import Judgement
from zhengtong.capabilities.catalogue.engine.returning import returned_book
from zhengtong.capabilities.catalogue.tests import sheets
from zhengtong.capabilities.catalogue.tests.sheets import HEAD, STRUCK, codes, item, judged, limits, told

NO_UNIT = ["序号", "事项名称", "事项类型", "设定依据", "法定时限", "承诺时限"]


def departments(judgement: Judgement) -> dict[int, str]:
    return {line.row: line.department for line in judgement.lines if line.verdict != "skipped"}


def without_unit(number: int, name: str) -> list[Any]:
    return [number, name, "行政许可", "行政许可法", "20个工作日", "8个工作日"]


def test_rows_left_out_still_say_what_the_rows_below_repeat() -> None:
    made = sheets.book(
        (
            "表",
            [
                HEAD,
                item(1, "甲许可", department="县发改局"),
                item(2, "乙许可", "60日", department="县民政局"),
                item(3, "丙许可", "同上", department=None),
                item(4, "丁许可", department="县司法局"),
                item(5, "戊许可", department=None),
                item(6, "己许可", "〃", department="〃"),
            ],
        )
    )
    for cell in made["表"][3]:
        cell.font = STRUCK
    made["表"].row_dimensions[5].hidden = True

    judgement = judged(made)

    assert [verdict for _row, verdict, _name in told(judgement)] == [
        "accepted", "skipped", "accepted", "skipped", "accepted", "accepted",
    ]  # fmt: skip
    assert departments(judgement) == {
        2: "青禾县发展和改革局", 4: "青禾县民政局", 6: "青禾县司法局", 7: "青禾县司法局",
    }  # fmt: skip
    assert limits(judgement)[4] == ("60 D", "8 WD")


def test_rows_of_no_height_are_hidden() -> None:
    made = sheets.book(("表", [HEAD, item(1, "甲许可"), item(2, "乙许可")]))
    made["表"].row_dimensions[3].height = 15.5
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheets.saved(made))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ht="15.5"', b'ht="0"'))

    judgement = judged(out.getvalue())

    assert [(line.verdict, codes(judgement, line.row) & {"hidden_row"}) for line in judgement.lines] == [
        ("accepted", set()),
        ("skipped", {"hidden_row"}),
    ]


def test_a_section_may_count_its_items_below_a_limit() -> None:
    rows: list[list[Any]] = [
        NO_UNIT,
        ["一", "县林业局", None, None, None, "共1项"],
        without_unit(1, "林木采伐许可证核发"),
        ["二", "县气象局", None, None, None, "1项"],
        without_unit(2, "雷电防护装置设计审核"),
        [None, "县气象局小计", None, None, None, "1项"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert departments(judgement) == {3: "青禾县林业局", 5: "青禾县气象局"}
    assert codes(judgement, 6) == {"total_row"}


def test_sections_in_frames_right_below_divided_headings() -> None:
    rows: list[list[Any]] = [
        ["事项名称", "序号", "办理期限", None, "实施依据", "权力类型"],
        [None, None, "法定", "承诺"],
        ["【县司法局】"],
        ["甲给付", "一", "七日", "三个工作日", "条例", "给付"],
        ["【县民政局】"],
        ["乙许可", "一", "六十日", "十五个工作日", "条例", "许可"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert departments(judgement) == {4: "青禾县司法局", 6: "青禾县民政局"}
    assert limits(judgement) == {4: ("7 D", "3 WD"), 6: ("60 D", "15 WD")}


def test_a_heading_of_the_same_level_ends_the_department_it_does_not_name() -> None:
    rows: list[list[Any]] = [
        NO_UNIT,
        ["一、县发展和改革局"],
        without_unit(1, "甲许可"),
        ["（一）重点事项"],
        without_unit(2, "乙许可"),
        ["二、驻县单位"],
        without_unit(3, "丙许可"),
        ["三、县气象局"],
        without_unit(4, "丁许可"),
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert departments(judgement) == {3: "青禾县发展和改革局", 5: "青禾县发展和改革局", 7: "", 9: "青禾县气象局"}
    assert codes(judgement, 7) == {"department_unknown"}


@pytest.mark.parametrize(
    "below", [[None, None, None, None, None, "（工作日）", "（工作日）"], ["甲", "乙", "丙", "丁", "戊", "1", "2"]]
)
def test_rows_right_below_the_headings_are_no_items(below: list[Any]) -> None:
    judgement = judged(sheets.book(("表", [HEAD, below, item(1, "甲许可", 20, "8个工作日")])))

    assert [line.row for line in judgement.lines if line.verdict != "skipped"] == [3]
    assert limits(judgement)[3] in (("20 WD", "8 WD"), ("", "8 WD"))


def test_headings_repeated_on_every_page_swallow_no_rows() -> None:
    head = ["职权名称", "事项类型", "实施主体", "法律依据", "法定时限", "承诺时限"]
    rows: list[list[Any]] = [head]
    for name in ("甲备案", "乙备案", "丙备案", "丁备案"):
        rows += [[name, "其他行政权力", "县民政局", "养老条例", "即办", "当场办结"]]
        rows += [head] if name != "甲备案" else []

    judgement = judged(sheets.book(("表", rows)))

    assert [line.name for line in judgement.lines if line.verdict == "accepted"] == [
        "甲备案",
        "乙备案",
        "丙备案",
        "丁备案",
    ]
    assert [report.headings for report in judgement.sheets] == [((1, 1),)]


def test_the_upper_heading_alone_may_stand_again() -> None:
    upper = [*HEAD[:5], "办理时限", None]
    rows = [upper, [None] * 5 + ["法定", "承诺"], item(1, "甲许可"), upper, item(2, "乙许可")]

    judgement = judged(sheets.book(("表", rows)))

    assert limits(judgement) == {3: ("20 WD", "8 WD"), 5: ("20 WD", "8 WD")}
    assert codes(judgement, 4) == {"repeated_header"}


def test_odd_orders_of_columns_hide_neither_sections_nor_totals() -> None:
    rows: list[list[Any]] = [
        ["申请材料", "设定依据", "法定时限", "承诺时限", "事项类型", "事项名称"],
        ["一、县民政局（1项）"],
        ["一、申请书", "条例", "20个工作日", "8个工作日", "行政许可", "甲许可"],
        ["二、申请表"],
        ["申请书", "条例", "20个工作日", "8个工作日", "行政许可", "乙许可"],
        ["小计", None, None, None, None, "1项"],
        [None, "合计", None, None, None, "1项"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert departments(judgement) == {3: "青禾县民政局", 5: "青禾县民政局"}
    assert [codes(judgement, row) for row in (2, 4, 6, 7)] == [
        {"section_row"}, {"continued_row"}, {"total_row"}, {"total_row"},
    ]  # fmt: skip


def test_a_sheet_without_headings_goes_on_with_the_list_before_it() -> None:
    made = sheets.book(
        ("清单", [HEAD, item(1, "甲许可")]),
        ("续", [item(2, "乙许可"), item(3, "丙许可", basis="《行政许可法》", promised="30个工作日")]),
        ("说明", [["一", "各单位", "请于三月底前", "报送", "本表"], ["二", "时限", "以", "工作日", "计"]]),
    )

    judgement = judged(made)
    back = openpyxl.load_workbook(io.BytesIO(_returned(made, judgement)))

    assert told(judgement) == [(2, "accepted", "甲许可"), (1, "accepted", "乙许可"), (2, "held", "丙许可")]
    assert "“续”没有表头，按工作表“清单”的列读取" in judgement.remarks[0]
    assert [cell.value for cell in back["续"][1]][:2] == [2, "乙许可"]
    assert "承诺时限" in str(back["续"]["I2"].value)


def _returned(made: openpyxl.Workbook, judgement: Judgement) -> bytes:
    lines = [
        {
            "sheet": line.sheet,
            "row": line.row,
            "verdict": line.verdict,
            "problems": [
                {"code": each.code, "severity": each.severity, "message": each.message} for each in line.problems
            ],
        }
        for line in judgement.lines
    ]
    headings = {report.name: report.headings[0][1] for report in judgement.sheets if report.headings}
    return returned_book(sheets.saved(made), "list.xlsx", lines, headings)


def test_both_limits_may_stand_below_each_other() -> None:
    head = [*HEAD[:5], "办理时限"]
    made = sheets.book(
        (
            "表",
            [
                head,
                item(1, "甲许可", "法定：20个工作日")[:6],
                [None, None, None, None, None, "承诺：5个工作日"],
                item(2, "乙许可", "法定：20个工作日；承诺：8个工作日")[:6],
            ],
        )
    )
    for column in "ABCDE":
        made["表"].merge_cells(f"{column}2:{column}3")

    judgement = judged(made)

    assert [verdict for _row, verdict, _name in told(judgement)] == ["accepted", "skipped", "accepted"]
    assert limits(judgement) == {2: ("20 WD", "5 WD"), 4: ("20 WD", "8 WD")}
    assert codes(judgement, 3) == {"continued_row"}


def test_a_number_format_may_show_the_unit() -> None:
    made = sheets.book(("表", [HEAD, item(1, "甲许可", 20, 8), item(2, "乙许可", 30, 8), item(3, "丙许可", 20, 8)]))
    for place, shown in {"F2": '0"个工作日"', "G2": '#"个工作日"', "F3": '0"日"', "G3": 'General"个工作日"'}.items():
        made["表"][place].number_format = shown

    judgement = judged(made)

    assert limits(judgement) == {2: ("20 WD", "8 WD"), 3: ("30 D", "8 WD"), 4: ("", "")}
    assert ("unit_day" in codes(judgement, 3), "unit_missing" in codes(judgement, 4)) == (True, True)


def test_headings_divided_without_merging() -> None:
    head = [*HEAD[:5], "法定时限", None, "承诺时限", None]
    rows = [
        head,
        [None, None, None, None, None, "数值", "单位", "数值", "单位"],
        [*item(1, "甲许可")[:5], 30, "日", 15, "工作日"],
        [*item(2, "乙许可")[:5], 3, "月", 30, "工作日"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert limits(judgement) == {3: ("30 D", "15 WD"), 4: ("3 MONTH", "30 WD")}
    assert {line.verdict for line in judgement.lines} == {"accepted"}


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("城关镇便民服务事项清单", "青禾县城关镇人民政府"),
        ("青禾县水利局“最多跑一次”事项目录", "青禾县水利局"),
        ("附件2：青禾县烟草专卖局权责清单（2026年版）", "青禾县烟草专卖局"),
        ("关于报送县残联政务服务事项的清单", "青禾县残疾人联合会"),
        ("青禾县政务服务事项清单", ""),
        ("青禾县人民政府部门权责清单", ""),
        ("青禾县行政审批服务局进驻部门事项清单", ""),
        ("青禾县教育体育局、科技和工业信息化局联合事项清单", ""),
        ("青禾县各乡镇便民服务事项清单", ""),
    ],
)
def test_a_title_gives_its_unit_but_never_the_county(title: str, unit: str) -> None:
    judgement = judged(sheets.book(("Sheet1", [[title], NO_UNIT, without_unit(1, "甲许可")])))

    line = judgement.lines[0]
    assert (line.department, line.verdict) == (unit, "accepted" if unit else "held")


@pytest.mark.parametrize("name", ["附件1-县气象局", "01县气象局", "气象局清单"])
def test_a_numbered_sheet_name_gives_its_unit(name: str) -> None:
    judgement = judged(sheets.book((name, [NO_UNIT, without_unit(1, "甲许可")])))

    assert judgement.lines[0].department == "青禾县气象局"


@pytest.mark.parametrize(
    "written",
    [
        "县住建局和县消防大队", "县住建局会同县消防大队", "县住建局 县消防大队", "县公安局+县司法局", "民政局及残联",
        "市监局＆卫健局", "县住建局县水利局",
    ],
)  # fmt: skip
def test_two_units_in_one_cell_are_never_taken_for_the_first(written: str) -> None:
    judgement = judged(sheets.book(("表", [HEAD, item(1, "甲许可", department=written)])))

    line = judgement.lines[0]
    assert (line.verdict, "department_several" in codes(judgement, 2)) == ("held", True)
    assert line.content.match
    assert len(line.content.match.proposals) == 2


def test_an_office_is_not_taken_for_a_centre_of_the_same_name() -> None:
    rows = [HEAD, item(1, "甲许可", department="县疾控局"), item(2, "乙许可", department="县疾控中心")]

    judgement = judged(sheets.book(("表", rows)))

    assert departments(judgement) == {2: "", 3: "青禾县疾病预防控制中心"}


def test_ditto_marks_do_not_count_as_written_departments() -> None:
    rows = [
        HEAD,
        item(1, "甲许可", department="县民政局"),
        item(2, "乙许可", department=None),
        item(3, "丙许可", department="〃"),
        item(4, "丁许可", department="县司法局"),
        item(5, "戊许可", department=None),
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert list(departments(judgement).values()) == ["青禾县民政局"] * 3 + ["青禾县司法局"] * 2


def test_items_an_office_gives_up_are_held() -> None:
    rows = [
        [*HEAD, "备注", "调整意见"],
        [*item(1, "甲许可"), "该事项已取消", "保留"],
        [*item(2, "乙许可"), "2025年取消", None],
        [*item(3, "丙许可"), None, "拟取消"],
        [*item(4, "丁许可"), "取消前置条件", "新增"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert [line.verdict for line in judgement.lines] == ["held", "held", "held", "accepted"]
    assert codes(judgement, 4) >= {"remark_void"}


def test_a_unit_may_differ_between_the_two_limits() -> None:
    note = ["注：法定时限单位为自然日，承诺时限单位为工作日。"]
    rows = [HEAD, item(1, "甲许可", 20, 8), item(2, "乙许可", 20, 8), note]

    judgement = judged(sheets.book(("表", rows)))

    assert limits(judgement) == {2: ("20 D", "8 WD"), 3: ("20 D", "8 WD")}


@pytest.mark.parametrize(
    ("statutory", "promised", "unit"),
    [
        ("法定时限 单位：工作日", "承诺时限 单位：工作日", "WD"),
        ("法定时限（以工作日计）", "承诺时限（以工作日计）", "WD"),
        ("法定时限（单位：天）", "承诺时限（单位：天）", "D"),
    ],
)
def test_units_told_in_headings(statutory: str, promised: str, unit: str) -> None:
    judgement = judged(sheets.book(("表", [[*HEAD[:5], statutory, promised], item(1, "甲许可", 20, 8)])))

    assert limits(judgement) == {2: (f"20 {unit}", f"8 {unit}")}


def test_a_second_list_to_the_right_is_told() -> None:
    rows = [[*HEAD, None, *HEAD], [*item(1, "甲许可"), None, *item(2, "乙许可")]]

    judgement = judged(sheets.book(("表", rows)))

    assert [line.name for line in judgement.lines] == ["甲许可"]
    assert "J 列起还有一组“事项名称”" in judgement.remarks[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_sixteen_bit_text_without_its_mark(encoding: str) -> None:
    judgement = judged(sheets.text([HEAD, item(1, "甲许可")], encoding=encoding, separator="\t"), "list.txt")

    assert told(judgement) == [(2, "accepted", "甲许可")]


def test_a_nought_is_no_basis() -> None:
    judgement = judged(sheets.book(("表", [HEAD, item(1, "甲许可", basis="0"), item(2, "乙许可", basis="待补充")])))

    assert [line.verdict for line in judgement.lines] == ["held", "held"]
    assert "basis_missing" in codes(judgement, 2) & codes(judgement, 3)
