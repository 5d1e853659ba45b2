"""Our own empty list for offices: one row an item, choices to pick from, and a sheet that explains the columns."""

import csv
import io

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from zhengtong.capabilities.catalogue.engine.elements import LABELS, MANDATORY
from zhengtong.capabilities.catalogue.engine.values import TYPE_NAMES

_COLUMNS: tuple[tuple[str, int, str, str], ...] = (
    ("name", 36, "规范名称，不加序号", "食品经营许可(新办)"),
    ("code", 34, "31 位实施编码，没有可以不填；本列已设为文本", ""),
    ("power_type", 14, "从下拉列表选择", "行政许可"),
    ("department", 26, "机构全称", "某县市场监督管理局"),
    ("legal_basis", 40, "法律法规名称和条款，几部法之间用分号", "食品安全法 第三十五条"),
    ("applicant_type", 14, "从下拉列表选择", "自然人和法人"),
    ("handling_kind", 12, "从下拉列表选择", "承诺件"),
    ("statutory_limit", 16, "数字和单位，照法律写工作日或日；没有规定的写“无”，当场办结的写“即办”", "20个工作日"),
    ("promised_limit", 16, "不得长于法定时限", "8个工作日"),
    ("joint_departments", 36, "单位名称(时限)，用顿号分开；没有不填", "县消防救援大队(5个工作日)"),
    ("special_steps", 30, "写明是否计时，用顿号分开", "专家评审(不计时)、现场勘验(计时)"),
    ("fee", 16, "不收费的写“否”", "否"),
    ("result_document", 24, "核发的证照或文书", "食品经营许可证"),
    ("validity", 12, "结果的有效期", "5年"),
    (
        "materials",
        50,
        "每份注明原件、复印件或数据共享，可容缺的注明，用分号分开",
        "申请书(原件)；营业执照(数据共享)；平面图(复印件,可容缺)",
    ),
    ("online_depth", 14, "从下拉列表选择", "IV 全程网办"),
    ("conditions", 30, "办理条件，用分号分开", ""),
    ("remarks", 20, "其他要说明的；不导入", ""),
)
_CHOICES = {
    "power_type": tuple(TYPE_NAMES.values()),
    "applicant_type": ("自然人", "法人", "自然人和法人"),
    "handling_kind": ("即办件", "承诺件", "其他"),
    "online_depth": ("I 窗口办理", "II 网上预审", "III 网上受理", "IV 全程网办"),
}
_ROWS = 2000  # rows that get choices and text format


def template_xlsx() -> bytes:
    """The empty list as a workbook with choices and explanations."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "事项清单"
    head = PatternFill("solid", fgColor="DDE8F5")
    for column, (element, width, _hint, _example) in enumerate(_COLUMNS, start=1):
        cell = sheet.cell(1, column, LABELS[element] + ("*" if element in MANDATORY else ""))
        cell.font, cell.fill = Font(bold=True), head
        cell.alignment = Alignment(horizontal="center", vertical="center")
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        if element in _CHOICES:
            _offer(sheet, letter, _CHOICES[element])
        if element in ("code", "statutory_limit", "promised_limit"):
            for row in range(2, _ROWS + 2):
                sheet.cell(row, column).number_format = "@"
    sheet.freeze_panes = "B2"
    _explain(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template_csv() -> bytes:
    """The headings of the list as CSV with the mark that makes spreadsheets read it as UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerow([LABELS[element] for element, *_rest in _COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _offer(sheet: Worksheet, letter: str, words: tuple[str, ...]) -> None:
    choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    choice.error, choice.errorTitle = "请从列表中选择。", "不在列表中"
    choice.add(f"{letter}2:{letter}{_ROWS + 1}")
    sheet.add_data_validation(choice)


def _explain(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("填写说明")
    sheet.append(["列", "填写要求", "例"])
    for element, _width, hint, example in _COLUMNS:
        must = "必填。" if element in MANDATORY else ""
        sheet.append([LABELS[element], must + hint, example])
    for letter, width in (("A", 16), ("B", 60), ("C", 50)):
        sheet.column_dimensions[letter].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
