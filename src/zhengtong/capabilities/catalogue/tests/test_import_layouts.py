"""Lists in the layouts offices invent: each with what must come of every row."""

import datetime as dt
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from zhengtong.capabilities.catalogue.tests import sheets
from zhengtong.capabilities.catalogue.tests.sheets import HEAD, codes, item, judged, limits, told


def departments(judgement: Any) -> dict[int, str]:
    return {line.row: line.department for line in judgement.lines if line.verdict != "skipped"}


def test_section_rows_give_the_department_and_the_title_the_type() -> None:
    made = sheets.book(
        (
            "清单",
            [
                ["青禾县行政许可事项清单（2026年版）"],
                ["序号", "权力名称", "实施依据", "法定期限", "承诺期限"],
                ["一、县发展和改革局（共 2 项）"],
                ["1", "企业投资项目核准", "条例 第十条", "20个工作日", "8个工作日"],
                ["2", "固定资产投资项目节能审查", "节约能源法", "二十个工作日", "八个工作日"],
                ["二、县卫计委（共1项）"],
                ["3", "公共场所卫生许可", "条例", "20个工作日", "即办"],
                ["小计", None, None, None, "3项"],
                ["填表人：", None, "审核人：", None, "联系电话："],
            ],
        )
    )
    for row in (1, 3, 6):
        made["清单"].merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)

    judgement = judged(made)

    assert [verdict for _row, verdict, _name in told(judgement)] == [
        "skipped", "accepted", "accepted", "skipped", "accepted", "skipped", "skipped",
    ]  # fmt: skip
    assert departments(judgement) == {4: "青禾县发展和改革局", 5: "青禾县发展和改革局", 7: "青禾县卫生健康局"}
    assert limits(judgement) == {4: ("20 WD", "8 WD"), 5: ("20 WD", "8 WD"), 7: ("20 WD", "0 WD")}
    assert {line.content.power_type for line in judgement.lines if line.verdict == "accepted"} == {"01"}
    assert [next(iter(codes(judgement, row))) for row in (3, 8, 9)] == ["section_row", "total_row", "footnote"]


def test_sections_nest_types_and_departments() -> None:
    made = sheets.book(
        (
            "清单",
            [
                ["序号", "职权名称", "职权依据", "法定时限", "承诺时限"],
                ["一、行政许可"],
                ["（一）县民政局"],
                [1, "社会团体成立登记", "条例", "60日", "15个工作日"],
                ["（二）县司法局"],
                [2, "律师执业许可", "律师法", "20日", "10个工作日"],
                ["二、行政确认（1项）"],
                ["（一）县公安局"],
                [3, "居住证签发", "条例", "15日", "5个工作日"],
            ],
        )
    )

    judgement = judged(made)

    assert departments(judgement) == {4: "青禾县民政局", 6: "青禾县司法局", 9: "青禾县公安局"}
    assert [line.content.power_type for line in judgement.lines if line.verdict == "accepted"] == ["01", "01", "07"]


def test_one_sheet_for_each_department() -> None:
    head = ["序号", "事项名称", "事项类型", "设定依据", "法定时限", "承诺时限"]
    rows = [head, [1, "事项甲许可", "行政许可", "某法", "20个工作日", "8个工作日"]]
    made = sheets.book(("说明", [["请按模板填写"]]), ("公安局", rows), ("民政局", rows), ("旧", rows))
    made["旧"].sheet_state = "hidden"

    judgement = judged(made)

    assert [(line.sheet, line.verdict, line.department) for line in judgement.lines] == [
        ("公安局", "accepted", "青禾县公安局"),
        ("民政局", "accepted", "青禾县民政局"),
    ]
    assert codes(judgement, 2) >= {"department_from_sheet", "same_name_elsewhere"}
    assert [sheet.read for sheet in judgement.sheets] == [False, True, True, False]


@pytest.mark.parametrize(
    ("heading", "cell", "both"),
    [
        ("办理时限（法定/承诺，工作日）", "20/8", ("20 WD", "8 WD")),
        ("办理时限（承诺/法定，工作日）", "8/20", ("20 WD", "8 WD")),
        ("法定时限/承诺时限", "20个工作日/8个工作日", ("20 WD", "8 WD")),
        ("办理时限", "20个工作日\n8个工作日", ("20 WD", "8 WD")),
        ("办理时限", "法定：三十日；承诺：两周", ("30 D", "14 D")),
        ("办理时限", "法定20个工作日（承诺即办）", ("20 WD", "0 WD")),
        ("办理时限（工作日）", "20→8", ("20 WD", "8 WD")),
        ("办结时限", "法定时限：无\n承诺时限：１个工作日", ("NONE", "1 WD")),
        ("办结时限", "即办", ("0 WD", "0 WD")),
    ],
)
def test_both_limits_in_one_column(heading: str, cell: str, both: tuple[str, str]) -> None:
    head = ["序号", "事项名称", "类型", "责任单位", "法律依据", heading]

    judgement = judged(sheets.book(("表", [head, [1, "某项许可", "许可", "民政局", "某法", cell]])))

    assert limits(judgement) == {2: both}
    assert judgement.lines[0].verdict == "accepted"


def test_one_limit_that_may_be_either_is_held() -> None:
    head = ["序号", "事项名称", "类型", "责任单位", "法律依据", "办理时限"]

    judgement = judged(sheets.book(("表", [head, [1, "某项许可", "许可", "民政局", "某法", "20个工作日"]])))

    assert (judgement.lines[0].verdict, codes(judgement, 2) - {"department_matched"}) == ("held", {"limit_ambiguous"})


def test_bare_numbers_need_a_rule() -> None:
    rows = [HEAD, item(1, "甲许可", 20, 8), item(2, "乙许可", 0, 0)]
    footnote = ["注：表中时限未注明单位的，均为工作日。"]
    natural = ["说明：本表期限均以自然日计算。"]
    unclear = [footnote, natural]

    assert [verdict for _row, verdict, _name in told(judged(sheets.book(("表", rows))))] == ["held", "accepted"]
    assert limits(judged(sheets.book(("表", [*rows, footnote])))) == {2: ("20 WD", "8 WD"), 3: ("0 WD", "0 WD")}
    assert limits(judged(sheets.book(("表", [*rows, natural])))) == {2: ("20 D", "8 D"), 3: ("0 D", "0 D")}
    assert told(judged(sheets.book(("表", [*rows, *unclear]))))[0][1] == "held"
    assert "unit_missing" in codes(judged(sheets.book(("表", rows))), 2)


def test_units_stand_in_the_heading_or_beside() -> None:
    headed = [*HEAD[:5], "法定时限（工作日）", "承诺时限(天)"]
    beside = [*HEAD[:5], "法定办结时限", "法定办结时限单位", "承诺办结时限", "承诺办结时限单位"]

    one = judged(sheets.book(("表", [headed, item(1, "甲许可", 20, "5")])))
    two = judged(sheets.book(("表", [beside, [*item(1, "甲许可")[:5], 20, "工作日", 1, "月"]])))

    assert limits(one) == {2: ("20 WD", "5 D")}
    assert "unit_from_header" in codes(one, 2)
    assert "unit_day" in codes(one, 2)
    assert limits(two) == {2: ("20 WD", "1 MONTH")}


def test_cells_that_spreadsheets_changed_are_held() -> None:
    rows = [
        HEAD,
        item(1, "甲许可", dt.date(2026, 7, 20), "8个工作日"),
        item(2, "乙许可", "=10+10", "8个工作日"),
        item(3, "丙许可", "20个工作日", -5),
        item(4, "丁许可", "7个工作日", "20个工作日"),
        item(5, "戊许可", "20个工作日", "8个工作日", basis=None),
        item(6, "己许可", "#REF!", "8个工作日"),
        item(7, "庚许可", "8-20", "8月20日"),
        item(8, "辛许可", 45858, "8个工作日"),
        item(9, "壬许可", "20个工作日", None),
        item(10, "癸许可", "按规定", "10（特殊情况15）"),
        ["=ROW()-1", *item(11, "子许可")[1:]],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert [line.verdict for line in judgement.lines] == ["held"] * 10 + ["accepted"]
    expected = {
        2: {"date_in_limit"},
        3: {"formula"},
        4: {"negative_limit"},
        5: {"promise_longer"},
        6: {"basis_missing"},
        7: {"cell_error"},
        8: {"limit_range", "date_in_limit"},
        9: {"limit_too_large"},
        10: {"limit_missing"},
        11: {"limit_unclear", "limit_conditional"},
    }
    for row, wanted in expected.items():
        assert wanted <= codes(judgement, row), row


def test_struck_and_hidden_rows() -> None:
    made = sheets.book(("表", [HEAD, *(item(n, f"第{n}项许可") for n in range(1, 6))]))
    sheet = made["表"]
    for cell in sheet[3]:
        cell.font = sheets.STRUCK
    sheet.row_dimensions[4].hidden = True
    sheet["G5"] = CellRichText(TextBlock(InlineFont(strike=True), "10个工作日"), TextBlock(InlineFont(), "5个工作日"))

    judgement = judged(made)

    assert [verdict for _row, verdict, _name in told(judgement)] == [
        "accepted", "skipped", "skipped", "accepted", "accepted",
    ]  # fmt: skip
    assert codes(judgement, 3) == {"struck_through"}
    assert codes(judgement, 4) == {"hidden_row"}
    assert "struck_part" in codes(judgement, 5)
    assert limits(judgement)[5] == ("20 WD", "5 WD")


def test_rows_hidden_by_a_filter_count() -> None:
    made = sheets.book(("表", [HEAD, item(1, "甲许可"), item(2, "乙许可", department="公安局")]))
    made["表"].auto_filter.ref = "A1:G3"
    made["表"].auto_filter.add_filter_column(3, ["县民政局"])
    made["表"].row_dimensions[3].hidden = True

    judgement = judged(made)

    assert [verdict for _row, verdict, _name in told(judgement)] == ["accepted", "accepted"]
    assert "shown_by_filter" in codes(judgement, 3)


def test_codes_that_became_numbers_are_told_and_not_used() -> None:
    head = ["实施编码", *HEAD[1:]]
    whole = "11980723007202000N4980111001000"
    rows = [
        head,
        [whole, *item(1, "甲许可")[1:]],
        [1.1980723007202e30, *item(2, "乙许可")[1:]],
        ["1.19807E+30", *item(3, "丙许可")[1:]],
        [131024000, *item(4, "丁许可")[1:]],
        [980131801000, *item(5, "戊许可")[1:]],
        ["'" + whole[:-1] + "1", *item(6, "己许可")[1:]],
        ["12345", *item(7, "庚许可")[1:]],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert {line.verdict for line in judgement.lines} == {"accepted"}
    assert [line.content.code for line in judgement.lines] == [whole, "", "", "", "", whole[:-1] + "1", ""]
    assert all("code_damaged" in codes(judgement, row) for row in (3, 4, 5))
    assert "code_number" in codes(judgement, 6)
    assert "code_unreadable" in codes(judgement, 8)


def test_three_rows_of_headings_repeated_on_every_page() -> None:
    rows: list[list[Any]] = [
        ["青禾县权责清单"],
        [None],
        ["填报单位：县政务办"],
        ["序号", "基本信息", None, None, "依据", "时限（工作日）", None, "备注"],
        [None, "名称", "类别", "主体", None, "法定", "承诺", None],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["1", "事项甲", "行政确认", "县司法局", "某法", 20, 5, None],
        ["序号", "基本信息", None, None, "依据", "时限（工作日）", None, "备注"],
        [None, "名称", "类别", "主体", None, "法定", "承诺", None],
        ["2", "事项乙", "行政确认", "县司法局", "某法", 20, 5, None],
    ]
    made = sheets.book(("表", rows))
    sheet = made["表"]
    for top in (4, 8):
        sheet.merge_cells(start_row=top, end_row=top, start_column=2, end_column=4)
        sheet.merge_cells(start_row=top, end_row=top, start_column=6, end_column=7)
        for column in (1, 5, 8):
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)

    judgement = judged(made)

    assert [(line.row, line.verdict) for line in judgement.lines] == [
        (6, "skipped"), (7, "accepted"), (8, "skipped"), (9, "skipped"), (10, "accepted"),
    ]  # fmt: skip
    assert limits(judgement) == {7: ("20 WD", "5 WD"), 10: ("20 WD", "5 WD")}


def test_a_department_written_once_is_filled_down() -> None:
    rows = [HEAD, item(1, "甲许可"), item(2, "乙许可", department=None), item(3, "丙许可", department=None)]
    full = [HEAD, item(1, "甲许可"), item(2, "乙许可"), item(3, "丙许可"), item(4, "丁许可", department="")]

    filled, missing = judged(sheets.book(("表", rows))), judged(sheets.book(("表", full)))

    assert set(departments(filled).values()) == {"青禾县民政局"}
    assert "department_filled_down" in codes(filled, 3)
    assert (missing.lines[3].verdict, codes(missing, 5)) == ("held", {"department_missing"})


def test_unknown_and_several_departments_are_held_with_proposals() -> None:
    rows = [
        HEAD,
        item(1, "甲许可", department="县市场局"),
        item(2, "乙许可", department="县公安局、县应急管理局"),
        item(3, "丙许可", department="各乡镇人民政府"),
        item(4, "丁许可", department="火星开发局"),
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert {line.verdict for line in judgement.lines} == {"held"}
    assert [
        line.content.match.proposals[0].unit.code
        for line in judgement.lines
        if line.content.match and line.content.match.proposals
    ][:2] == ["G22", "G04"]
    assert "department_several" in codes(judgement, 3)


def test_repeats_across_sheets_and_spellings() -> None:
    one = [HEAD, item(1, "民办学校（幼儿园）设立审批", department="教育局")]
    two = [
        HEAD,
        item(1, "民办学校(幼儿园)\n设立审批", department="县教体局"),
        item(2, "民办学校(小学)设立审批", department="县教体局"),
    ]
    three = [
        HEAD,
        item(1, "民办学校（幼儿园）设立审批（县级权限）", promised="5个工作日", department="青禾县教育体育局"),
    ]

    judgement = judged(sheets.book(("一", one), ("二", two), ("三", three)))

    assert [line.verdict for line in judgement.lines] == ["accepted", "duplicate", "accepted", "duplicate"]
    assert "duplicate_differs" not in {problem.code for problem in judgement.lines[1].problems}
    assert "duplicate_differs" in {problem.code for problem in judgement.lines[3].problems}
    assert judgement.lines[3].name == "民办学校(幼儿园)设立审批"


def test_a_held_row_does_not_shut_out_its_good_copy() -> None:
    rows = [HEAD, item(1, "甲许可", basis=None), item(2, "甲许可")]

    judgement = judged(sheets.book(("表", rows)))

    assert [line.verdict for line in judgement.lines] == ["duplicate", "accepted"]


def test_two_tables_on_one_sheet() -> None:
    rows = [
        ["表一 行政许可"],
        HEAD,
        item(1, "甲许可"),
        ["合计", 1],
        [],
        ["表二 公共服务"],
        ["编号", "服务事项名称", "责任单位", "服务依据", "承诺办结时限", "法定办结时限"],
        [1, "乙服务", "县人社局", "某办法", "当场办结", "无"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert [(line.row, line.name) for line in judgement.lines if line.verdict == "accepted"] == [
        (3, "甲许可"),
        (8, "乙服务"),
    ]
    assert limits(judgement)[8] == ("NONE", "0 WD")


def test_ditto_marks_and_main_items() -> None:
    head = ["序号", "主项名称", "子项名称", "职权类别", "行使主体", "职权依据", "法定期限", "承诺期限"]
    rows = [
        head,
        ["１", "食品经营许可", "新办", "行政许可", "市场监管局", "食品安全法", "20个工作日", "10个工作日"],
        ["２", "食品经营许可", "变更", "同上", "同上", "〃", "同上", "5个工作日"],
        ["３", "3.药品经营许可", "无", "许可", "市监局", "药品管理法", "20个工作日", "同法定时限"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert [line.name for line in judgement.lines] == ["食品经营许可(新办)", "食品经营许可(变更)", "药品经营许可"]
    assert limits(judgement)[3] == ("20 WD", "5 WD")
    assert limits(judgement)[4] == ("20 WD", "20 WD")
    assert {line.verdict for line in judgement.lines} == {"accepted"}


def test_cancelled_items_are_held_and_names_cleaned() -> None:
    rows = [
        [*HEAD, "备注"],
        [*item(1, "★ 甲 许可"), None],
        [*item(2, "乙许可"), "已取消"],
        [*item(3, "丙许可"), "取消收费"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert told(judgement) == [(2, "accepted", "甲许可"), (3, "held", "乙许可"), (4, "accepted", "丙许可")]


@pytest.mark.parametrize(
    ("encoding", "separator"), [("gb18030", ","), ("utf-8-sig", ";"), ("utf-8", "\t"), ("utf-16", ",")]
)
def test_separated_text_in_its_encodings(encoding: str, separator: str) -> None:
    data = sheets.text(
        [HEAD, item(1, "甲许可"), item(2, "㐂㐃许可", "30日", "7个工作日")], encoding=encoding, separator=separator
    )

    judgement = judged(data, "清单.csv")

    assert told(judgement) == [(2, "accepted", "甲许可"), (3, "accepted", "㐂㐃许可")]
    assert limits(judgement)[3] == ("30 D", "7 WD")


def test_the_reading_does_not_depend_on_openpyxl_alone() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in ([None] * 30, [None, *HEAD], [None, *item(1, "甲许可")]):
        sheet.append(row)

    assert told(judged(made)) == [(3, "accepted", "甲许可")]


def test_headings_in_pieces_and_page_footers() -> None:
    rows = [
        ["序号", "事项名称", "类别", "依据", "法定期限", "承诺期限"],
        ["一", "县民政局", None, None, None, None],
        ["1", "甲许可", "许可", "某法", "20个工作日", "8个工作日"],
        ["（二）", "责任单位：县司法局", "1项"],
        ["1", "乙许可", "许可", "某法", "二十个工作日", "两周"],
        ["第 1 页 共 1 页"],
    ]

    judgement = judged(sheets.book(("表", rows)))

    assert [line.verdict for line in judgement.lines] == ["skipped", "accepted", "skipped", "accepted", "skipped"]
    assert departments(judgement) == {3: "青禾县民政局", 5: "青禾县司法局"}


def test_materials_that_go_on_below() -> None:
    rows = [
        [*HEAD, "申请材料"],
        [*item(1, "甲许可"), "申请书（原件）"],
        [*[None] * 7, "身份证（复印件）"],
        [*[None] * 7, "照片（原件）"],
        [*item(2, "乙许可"), "申请书（原件）"],
        [*[None] * 7, "身份证（共享）"],
    ]
    made = sheets.book(("表", rows))
    for column in range(1, 8):
        made["表"].merge_cells(start_row=5, end_row=6, start_column=column, end_column=column)

    judgement = judged(made)

    assert [line.verdict for line in judgement.lines] == ["accepted", "skipped", "skipped", "accepted", "skipped"]
    assert [entry.form for entry in judgement.lines[0].content.materials] == ["原件", "复印件", "原件"]
    assert [entry.form for entry in judgement.lines[3].content.materials] == ["原件", "数据共享"]
