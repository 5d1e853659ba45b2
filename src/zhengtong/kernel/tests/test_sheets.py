import csv
import io

import openpyxl
import pytest

from zhengtong.kernel.sheets import Sheet, csv_lines, xlsx

COLUMNS = {"name": "名称", "count": "数量"}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "普通", "两\n行", "\x07铃"])
def test_a_text_stays_a_text_in_a_workbook(text: str) -> None:
    made = xlsx([Sheet("清单", COLUMNS, [{"name": text, "count": 3}])])

    page = openpyxl.load_workbook(io.BytesIO(made))["清单"]
    assert [cell.value for cell in page[1]] == ["名称", "数量"]
    assert page["A2"].value == text.replace("\x07", "")
    assert page["A2"].data_type == "s"
    assert page["B2"].value == 3


def test_what_looks_like_a_formula_is_made_harmless_in_csv() -> None:
    lines = "".join(
        csv_lines(Sheet("清单", COLUMNS, [{"name": "=cmd()", "count": 1}, {"name": '引"号，', "count": None}]))
    )

    assert lines.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(lines[1:]))) == [["名称", "数量"], ["'=cmd()", "1"], ['引"号，', ""]]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"])
def test_no_sign_that_begins_a_formula_stands_first_in_csv(text: str) -> None:
    lines = list(csv_lines(Sheet("清单", COLUMNS, [{"name": text, "count": 1}])))

    assert next(csv.reader(io.StringIO(lines[1])))[0] == f"'{text}"


def test_a_long_title_and_a_long_text_are_cut_to_what_a_workbook_holds() -> None:
    made = xlsx([Sheet("很长的标题" * 10, COLUMNS, [{"name": "字" * 40_000}])])

    page = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert len(page.title) == 31
    assert len(page["A2"].value) == 32_767


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("财政局/税务局", "财政局 税务局"),
        ("[一]:二?*\\三", "一 二 三"),
        ("'引号'", "引号"),
        ("///", "Sheet"),
        ("a\x07b", "ab"),
    ],
)
def test_signs_that_no_title_may_hold_are_left_out(title: str, kept: str) -> None:
    made = xlsx([Sheet(title, COLUMNS, [])])

    assert openpyxl.load_workbook(io.BytesIO(made)).sheetnames == [kept]
