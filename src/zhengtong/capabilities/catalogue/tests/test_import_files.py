"""Files as they come: the known workbook, our own template, hostile and broken files, size."""

import csv
import io
import json
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from zhengtong.capabilities.catalogue.engine import Unreadable, read_book
from zhengtong.capabilities.catalogue.engine.returning import REASONS, VERDICT, returned_book
from zhengtong.capabilities.catalogue.engine.template import template_csv, template_xlsx
from zhengtong.capabilities.catalogue.tests import county, sheets
from zhengtong.capabilities.catalogue.tests.sheets import HEAD, ORGANISATIONS, item, judged, told

KNOWN = Path(__file__).parent / "data" / "service-items-as-received.xlsx"
CLEAN = county.DATA / "service-items.csv"


def test_the_known_workbook_gets_exactly_the_expected_verdicts() -> None:
    expected = json.loads(KNOWN.with_suffix(".expected.json").read_text(encoding="utf-8"))["rows"]

    found = judged(KNOWN.read_bytes(), KNOWN.name).as_json()["rows"]

    keys = ("sheet", "row", "verdict", "name")
    assert [{key: row[key] for key in keys} for row in found] == [{key: row[key] for key in keys} for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        codes = {problem["code"] for problem in row["problems"]}
        assert ("unit 日" not in wanted["action"]) or "unit_day" in codes
        assert ("unit assumed" in wanted["action"]) == ("unit_assumed" in codes)


def test_the_known_workbook_is_read_as_it_is_written() -> None:
    text = CLEAN.read_text(encoding="utf-8")
    clean = {row["name"]: row for row in csv.DictReader(io.StringIO(text))}

    lines = [line for line in judged(KNOWN.read_bytes()).lines if line.verdict == "accepted"]

    assert {line.department for line in lines} == {clean[line.name]["department"] for line in lines}
    assert all(line.department == clean[line.name]["department"] for line in lines)
    differing = {line.row for line in lines if line.content.promised.text != clean[line.name]["promised_limit"]}  # type: ignore[union-attr]  # a judged line has its content
    assert differing == {7, 9, 17, 20, 28, 38, 48, 51, 60}  # 日 is written where the true unit is the working day


def test_the_clean_list_of_the_county_is_accepted_whole() -> None:
    data = CLEAN.read_bytes()
    clean = list(csv.DictReader(io.StringIO(data.decode())))

    judgement = judged(data, "service-items.csv")

    assert [line.name for line in judgement.lines] == [row["name"] for row in clean]
    assert {line.verdict for line in judgement.lines} == {"accepted"}
    assert [line.content.code for line in judgement.lines] == [row["item_code"] for row in clean]
    assert [line.content.promised.text for line in judgement.lines] == [row["promised_limit"] for row in clean]  # type: ignore[union-attr]  # a judged line has its content
    assert [line.content.statutory.text for line in judgement.lines] == [row["statutory_limit"] for row in clean]  # type: ignore[union-attr]  # a judged line has its content


def test_our_own_template_comes_back_clean() -> None:
    made = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    sheet = made["事项清单"]
    row = ["甲许可", None, "行政许可", "青禾县民政局", "某法 第一条", "自然人", "承诺件", "20个工作日", "即办"]
    for column, value in enumerate(row, start=1):
        sheet.cell(2, column, value)

    judgement = judged(made)

    assert [(line.row, line.verdict, [p.code for p in line.problems]) for line in judgement.lines] == [
        (2, "accepted", [])
    ]
    assert [(each.name, each.read) for each in judgement.sheets] == [("事项清单", True), ("填写说明", False)]
    assert template_csv().decode("utf-8-sig").startswith("事项名称,实施编码,")


def test_the_returned_workbook_keeps_the_layout_and_says_why() -> None:
    made = sheets.book(("表", [["标题"], HEAD, item(1, "甲许可"), item(2, "乙许可", basis=None), item(3, "甲许可")]))
    made["表"].merge_cells("A1:G1")
    content = sheets.saved(made)
    judgement = judged(content)
    lines = [
        {
            "sheet": line.sheet,
            "row": line.row,
            "verdict": line.verdict,
            "problems": [{"code": p.code, "severity": p.severity, "message": p.message} for p in line.problems],
        }
        for line in judgement.lines
    ]

    once = returned_book(content, "a.xlsx", lines, {"表": 2})
    twice = returned_book(once, "a.xlsx", lines, {"表": 2})

    for data in (once, twice):
        sheet = openpyxl.load_workbook(io.BytesIO(data))["表"]
        assert [sheet.cell(2, column).value for column in (8, 9, 10)] == [VERDICT, REASONS, None]
        assert [sheet.cell(row, 8).value for row in (3, 4, 5)] == ["可以导入", "退回核实", "重复，未导入"]
        assert "没有填写设定依据" in str(sheet.cell(4, 9).value)
        assert sheet.cell(4, 1).fill.fgColor.rgb != sheet.cell(3, 1).fill.fgColor.rgb
        assert "A1:G1" in [str(merged) for merged in sheet.merged_cells.ranges]
    assert told(judged(once)) == told(judgement)


def test_a_returned_text_list_keeps_formulas_as_text() -> None:
    content = sheets.text([HEAD, item(1, "甲许可", "=1+1")])

    data = returned_book(content, "a.csv", [{"sheet": "a", "row": 2, "verdict": "held", "problems": []}], {"a": 1})

    assert openpyxl.load_workbook(io.BytesIO(data))["a"]["F2"].data_type == "s"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_x", ".x"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"PK\x03\x04broken", "已损坏"),
        (b"%PDF-1.7 ...", "不是表格"),
        (b"<html><table></table></html>", "另存为网页"),
        (b"just some words\nwithout any columns", "分列"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 500, "密码"),
        (zipped(word__document_xml=b"<x/>"), "文字文档"),
        (zipped(readme=b"x"), "压缩包"),
        (zipped(xl__workbook_xml=b"<nonsense/>"), "已损坏"),
        (zipped(xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "不安全"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_book(data, "x.xlsx")


def test_open_document_sheets_are_read_with_a_remark() -> None:
    def cell(value: object) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (HEAD, item(1, "甲许可")))
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    table = f'<table:table table:name="表">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}>{body}</office:document-content>'
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    data = zipped(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF__manifest_xml": manifest,
            "content_xml": content.encode(),
        }
    )

    judgement = judged(data, "a.ods")

    assert told(judgement) == [(2, "accepted", "甲许可")]
    assert "旧格式" in judgement.remarks[0]


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b" " * (125 * 1024 * 1024))

    began = time.process_time()
    with pytest.raises(Unreadable, match="过大"):
        read_book(bomb)

    assert time.process_time() - began < 5


def test_a_sheet_of_two_hundred_thousand_rows_is_refused_at_once() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 200_001))
    huge = zipped(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"<sheetData>" + rows + b"</sheetData>")
    lines = b"\n".join(b"a,b,c" for _ in range(200_000))

    began = time.process_time()
    for data in (huge, lines):
        with pytest.raises(Unreadable, match="超过 20000 行"):
            read_book(data)

    assert time.process_time() - began < 5


def test_macros_are_not_run_and_told() -> None:
    content = sheets.saved(sheets.book(("表", [HEAD, item(1, "甲许可")])))
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")

    judgement = judged(out.getvalue(), "a.xlsm")

    assert told(judgement) == [(2, "accepted", "甲许可")]
    assert "宏没有运行" in judgement.remarks[0]


def test_five_thousand_rows_are_judged_in_seconds() -> None:
    rows = [item(n, f"第{n}项许可", department="县民政局" if n % 2 else "公安局治安大队") for n in range(1, 5001)]
    content = sheets.saved(sheets.book(("表", [HEAD, *rows])))

    began = time.process_time()
    judgement = judged(content)

    assert len(judgement.lines) == 5000
    assert time.process_time() - began < 10


def test_the_units_of_the_tests_are_those_of_the_county() -> None:
    assert ORGANISATIONS.exists()
