"""The sentence for each problem: what was found, where, and what to do."""

import dataclasses

from zhengtong.capabilities.catalogue.engine.elements import LABELS
from zhengtong.capabilities.catalogue.engine.problems import CODES, Problem


@dataclasses.dataclass(frozen=True)
class Place:
    """Where something stands: sheet, row from 1, letter of the column (empty for the whole line)."""

    sheet: str
    row: int
    letter: str = ""

    def __str__(self) -> str:
        column = f" {self.letter} 列" if self.letter else ""
        return f"“{self.sheet}”第 {self.row} 行{column}"


_SENTENCES = {
    "empty_row": "空行，已跳过。",
    "total_row": "“{raw}”是小计或合计行，已跳过。",
    "footnote": "“{raw}”是表下的注释，已跳过，文字留存备查。",
    "section_row": "“{raw}”是分节标题，{detail}。",
    "title_row": "“{raw}”是标题行，已跳过。",
    "continued_row": "是第 {detail} 行事项的续行，材料等内容已并入该行。",
    "repeated_header": "重复的表头，已跳过。",
    "column_numbers": "列号行，已跳过。",
    "struck_through": "整行加了删除线，视为填报单位已删除，没有导入。如果仍要报，请去掉删除线。",
    "hidden_row": "这一行被隐藏，视为不报，没有导入。如果仍要报，请取消隐藏。",
    "duplicate": "与{detail}是同一事项，只导入一次。",
    "duplicate_differs": "与{detail}，没有导入。请填报单位确认以哪一行为准。",
    "name_missing": "没有填写事项名称。请补填；如果不是事项，请删去这一行。",
    "name_too_long": "事项名称超过 200 个字。请改用规范名称。",
    "department_missing": "没有填写实施部门，上面也没有可以沿用的部门。请补填机构全称。",
    "department_unknown": "实施部门“{raw}”对不上机构名录（{detail}）。请选择或改用机构全称。",
    "department_several": "实施部门“{raw}”写了几个单位（{detail}）。请只写一个，或写明哪一个牵头。",
    "not_your_unit": "这是{detail}的事项。您只能导入本单位的事项，请交该单位或权力清单管理员导入。",
    "type_missing": "没有填写事项类型。请从行政许可等十类行政权力和公共服务中选一个。",
    "type_unknown": "事项类型“{raw}”不在规定的范围内。请改为行政许可、行政确认、行政给付、其他行政权力、公共服务等。",
    "basis_missing": "没有填写设定依据。请写明法律法规名称和条款。",
    "limit_missing": "没有填写{label}{detail}。请补填数字和单位，法律没有规定的写“无”。",
    "unit_missing": "{label}“{raw}”只有数字，表头和表下说明也没有写明单位。请写明是工作日还是日。",
    "limit_unclear": "{label}“{raw}”看不懂。请写成“20个工作日”“30日”“3个月”“即办”或“无”。",
    "limit_range": "{label}“{raw}”是一个范围。请写一个确定的期限。",
    "limit_conditional": "{label}“{raw}”按情形有不同的期限。请写一个确定的期限，或者按情形拆成几个事项。",
    "limit_ambiguous": "只有一个时限“{raw}”，没有写明是法定时限还是承诺时限。请分别写明。",
    "limit_fraction": "{label}“{raw}”不是整数。请写整数。",
    "limit_too_large": "{label}“{raw}”大得不合常理，可能是误填或日期变成的数字。请核对。",
    "negative_limit": "{label}“{raw}”是负数。请核对。",
    "date_in_limit": "{label}单元格里是日期“{raw}”，可能是输入“8-20”等被表格软件改成的。请把单元格设为文本后重新填写。",
    "formula": "{label}单元格里是公式{detail}，结果可能随别的表变化，没有采用。请粘贴为数值后再导入。",
    "cell_error": "{label}单元格里是错误值“{raw}”。请重新填写。",
    "promise_longer": "承诺时限（{raw}）比法定时限（{detail}）长。承诺只能缩短，不能延长，请核对。",
    "remark_void": "备注写明“{raw}”。如果事项仍然有效，请改备注；如果已取消，请删去这一行。",
    "code_taken": "实施编码“{raw}”已写在{detail}上。一个编码只能有一个事项，请核对。",
    "unit_day": "{label}写的是“{raw}”，单位是日，照写按日（自然日）导入。{detail}",
    "unit_assumed": "{label}“{raw}”没有写单位，按{detail}导入。法律写“日”的事项请改写清楚。",
    "unit_from_header": "{label}“{raw}”没有写单位，按表头“{detail}”的单位导入。",
    "unit_from_column": "{label}“{raw}”的单位取自单位列“{detail}”。",
    "unit_shared": "“{raw}”的单位只写了一次，两个时限都按“{detail}”。",
    "week_as_days": "{label}“{raw}”以周计，按每周 7 日换算成日。请确认。",
    "half_year": "{label}“{raw}”按 6 个月导入。",
    "minutes_as_same_day": "{label}“{raw}”以分钟计，按当日办结导入。",
    "limit_order_assumed": "两个时限合写成“{raw}”，没有标明，按“法定在前、承诺在后”读取。请确认。",
    "limit_for_both": "只写了一个时限“{raw}”，同时用作法定时限和承诺时限。请确认。",
    "limit_extension": "{label}“{raw}”写了可以延长，导入的是未延长的时限。",
    "limit_remark": "{label}“{raw}”里的说明文字没有导入。",
    "promise_none": "有法定时限，但承诺时限写的是“{raw}”。请确认是否不作承诺。",
    "department_matched": "实施部门“{raw}”已对应到{detail}。",
    "department_successor": "实施部门“{raw}”：{detail}。请改用现在的名称。",
    "department_filled_down": "实施部门空白，沿用上一行的“{raw}”。请确认。",
    "department_from_sheet": "表里没有部门，按{detail}取{raw}。请确认。",
    "type_from_title": "表里没有填类型，按{detail}取{raw}。",
    "type_not_given": "表里没有事项类型一列，草稿暂按其他行政权力，送审前请改正；也可以在“核对列”里为整张表选定类型。",
    "code_damaged": "编码“{raw}”变成了数字，位数已经丢失，没有采用。请把该列设为文本后重新填写。",
    "code_unreadable": "编码“{raw}”不是 31 位实施编码，也不是 12 位基本编码，没有采用。",
    "code_other_unit": "编码“{raw}”的前 18 位不是{detail}的统一社会信用代码。请核对。",
    "code_number": "编码“{raw}”存成了数字，位数完整，已采用。",
    "same_name_other_code": "与{detail}同名同部门而编码不同，按两个事项导入。请确认。",
    "possible_duplicate": "可能与{detail}重复（{raw}）。请确认。",
    "same_name_elsewhere": "{detail}也有同名事项。请确认各自的权限。",
    "struck_part": "{label}里加了删除线的文字“{raw}”没有采用。",
    "shown_by_filter": "这一行因筛选或分级折叠没有显示，仍按有效行处理。",
    "ditto": "{label}写的是“同上”，取上一行的内容。",
    "name_prefix": "事项名称前的序号或符号“{raw}”已去掉。",
    "formula_value": "{label}单元格里是公式，没有采用。",
    "materials_unclear": "材料“{raw}”没有写明原件还是复印件，暂按原件。请在编制时核对。",
    "step_unclear": "特别环节“{raw}”没有写明是否计时，{detail}。请在编制时核对。",
    "joint_unclear": "联办部门“{raw}”{detail}。请在编制时核对。",
    "applicant_unclear": "服务对象“{raw}”不清楚，暂按自然人和法人。请在编制时核对。",
    "depth_unclear": "网办深度“{raw}”不清楚，暂按窗口办理。请在编制时核对。",
}
_LONG = 60


def problem(code: str, field: str, place: Place, *, raw: str = "", detail: str = "") -> Problem:
    """The finding with its sentence and its place."""
    shown = " ".join(raw.split())
    if len(shown) > _LONG:
        shown = shown[:_LONG] + "…"
    sentence = _SENTENCES[code].format(label=LABELS.get(field, ""), raw=shown, detail=detail)
    if CODES[code][0] == "skip":
        return Problem(code, field, sentence)
    return Problem(code, field, f"{sentence}（{place}）")
