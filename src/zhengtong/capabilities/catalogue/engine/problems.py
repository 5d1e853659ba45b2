"""What can be wrong with a line: every problem has a stable code, a weight and an explanation."""

import dataclasses
from collections.abc import Mapping
from typing import Literal

Severity = Literal["hold", "warn", "info", "skip"]


@dataclasses.dataclass(frozen=True)
class Problem:
    """One finding about one line; ``field`` names the element (empty: the whole line)."""

    code: str
    field: str
    message: str

    @property
    def severity(self) -> Severity:
        """hold: the line does not enter; warn: it enters and somebody must look; info: told; skip: no item at all."""
        return CODES[self.code][0]


CODES: Mapping[str, tuple[Severity, str]] = {
    # lines that are no items
    "empty_row": ("skip", "空行"),
    "total_row": ("skip", "小计、合计行"),
    "footnote": ("skip", "表下注释、填表人等，文字已留存"),
    "section_row": ("skip", "分节标题行，用来确定下面各行的部门或类型"),
    "title_row": ("skip", "表中标题行"),
    "continued_row": ("skip", "上一个事项的续行，材料等已并入"),
    "repeated_header": ("skip", "重复的表头"),
    "column_numbers": ("skip", "列号行"),
    "struck_through": ("skip", "整行加了删除线，视为已由填报单位删除"),
    "hidden_row": ("skip", "被隐藏的行，视为填报单位不报"),
    "duplicate": ("skip", "与前面的行是同一事项，只导入一次"),
    "duplicate_differs": ("skip", "重复的行内容不一致，请填报单位确认以哪一行为准"),
    # held
    "name_missing": ("hold", "没有事项名称"),
    "name_too_long": ("hold", "事项名称超过 200 个字"),
    "department_missing": ("hold", "没有实施部门"),
    "department_unknown": ("hold", "实施部门对不上机构名录，或者对应不止一个单位"),
    "department_several": ("hold", "实施部门一栏写了几个单位，没有写明牵头的是哪一个"),
    "not_your_unit": ("hold", "不是您所在单位的事项"),
    "type_missing": ("hold", "没有事项类型"),
    "type_unknown": ("hold", "事项类型不在规定的范围内"),
    "basis_missing": ("hold", "没有设定依据"),
    "limit_missing": ("hold", "没有时限"),
    "unit_missing": ("hold", "时限只有数字，表里也没有写明单位"),
    "limit_unclear": ("hold", "时限看不懂"),
    "limit_range": ("hold", "时限是一个范围，不是一个期限"),
    "limit_conditional": ("hold", "时限按情形不同，不是一个期限"),
    "limit_ambiguous": ("hold", "只有一个时限，没有写明是法定的还是承诺的"),
    "limit_fraction": ("hold", "时限不是整数"),
    "limit_too_large": ("hold", "时限大得不合常理"),
    "negative_limit": ("hold", "时限是负数"),
    "date_in_limit": ("hold", "时限单元格里是日期"),
    "formula": ("hold", "单元格里是公式"),
    "cell_error": ("hold", "单元格里是表格软件的错误值"),
    "promise_longer": ("hold", "承诺时限比法定时限长"),
    "remark_void": ("hold", "备注写明事项已取消或停用"),
    "code_taken": ("hold", "同一个实施编码写在不同的事项上"),
    # entered, to be looked at
    "unit_day": ("warn", "写的是“日”或“天”，照写导入；是否应为工作日请部门确认"),
    "unit_assumed": ("warn", "时限只有数字，按表内说明的单位导入"),
    "unit_from_header": ("info", "时限的单位取自表头"),
    "unit_from_column": ("info", "时限的单位取自单位列"),
    "unit_shared": ("info", "两个时限合写，单位只写了一次"),
    "week_as_days": ("warn", "以周计的时限按每周 7 日换算"),
    "half_year": ("info", "半年按 6 个月"),
    "minutes_as_same_day": ("warn", "以分钟计的时限按当日办结"),
    "limit_order_assumed": ("warn", "两个时限合写而没有标明，按“法定在前、承诺在后”读取"),
    "limit_for_both": ("warn", "一个时限同时用作法定和承诺时限"),
    "limit_extension": ("warn", "写了可以延长，导入的是未延长的时限"),
    "limit_remark": ("info", "时限后面的说明文字没有导入"),
    "promise_none": ("warn", "有法定时限，但没有承诺时限"),
    "department_matched": ("info", "实施部门不是全称，已对应到机构名录"),
    "department_successor": ("warn", "实施部门已撤销，对应到承接的单位"),
    "department_filled_down": ("warn", "实施部门空白，沿用上一行"),
    "department_from_sheet": ("warn", "表里没有部门列，取自表题、填报单位或工作表名"),
    "type_from_title": ("warn", "表里没有类型列，取自表题、分节标题或工作表名"),
    "type_not_given": ("warn", "表里没有事项类型列，请在编制时补上"),
    "code_damaged": ("warn", "编码变成了数字，位数已经丢失，没有采用"),
    "code_unreadable": ("warn", "编码的位数或字符不符合规定，没有采用"),
    "code_other_unit": ("warn", "编码前 18 位不是实施部门的统一社会信用代码"),
    "code_number": ("info", "编码存成了数字，位数完整，已按文本采用"),
    "same_name_other_code": ("warn", "与前面的行同名同部门而编码不同，按两个事项导入"),
    "possible_duplicate": ("warn", "可能与前面的行重复，请确认"),
    "same_name_elsewhere": ("info", "别的部门也报了同名事项"),
    "struck_part": ("info", "单元格里加了删除线的文字没有采用"),
    "shown_by_filter": ("info", "行被筛选或分级折叠隐藏，仍按有效行导入"),
    "ditto": ("info", "“同上”，取上一行的内容"),
    "name_prefix": ("info", "名称前的序号和符号已去掉"),
    "formula_value": ("warn", "非必填的单元格里是公式，没有采用"),
    "materials_unclear": ("warn", "材料没有写明原件还是复印件，暂按原件"),
    "step_unclear": ("warn", "特别环节没有写明是否计时，听证等按行政许可法第四十五条停止计时"),
    "joint_unclear": ("warn", "联办部门或其时限不清楚"),
    "applicant_unclear": ("warn", "服务对象没有写明，暂按自然人和法人"),
    "depth_unclear": ("info", "网办深度没有写明，暂按窗口办理"),
}
