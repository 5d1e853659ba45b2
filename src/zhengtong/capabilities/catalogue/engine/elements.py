"""The elements of an item that a list may have columns for, and the many names offices give these columns."""

import functools
import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from zhengtong.capabilities.catalogue.engine.words import key, plain, without_brackets

LABELS: Mapping[str, str] = {
    "serial": "序号",
    "code": "实施编码",
    "basic_code": "基本编码",
    "name": "事项名称",
    "sub_name": "子项名称",
    "power_type": "事项类型",
    "department": "实施部门",
    "inner_unit": "承办科室",
    "legal_basis": "设定依据",
    "applicant_type": "服务对象",
    "handling_kind": "办件类型",
    "statutory_limit": "法定时限",
    "statutory_unit": "法定时限单位",
    "promised_limit": "承诺时限",
    "promised_unit": "承诺时限单位",
    "limits": "法定和承诺时限",
    "limit_unit": "时限单位",
    "joint_departments": "联办部门",
    "special_steps": "特别环节",
    "fee": "收费",
    "result_document": "办理结果",
    "validity": "有效期",
    "materials": "申请材料",
    "online_depth": "网办深度",
    "conditions": "办理条件",
    "flow": "办理程序",
    "quantity": "数量限制",
    "window": "办理窗口",
    "address": "办理地址",
    "hours": "办理时间",
    "phone": "咨询电话",
    "complaint": "监督投诉",
    "exercise_level": "行使层级",
    "themes": "主题",
    "adjustment": "调整意见",
    "remarks": "备注",
}
MANDATORY = ("name", "department", "power_type", "legal_basis", "statutory_limit", "promised_limit")

_NAMES: Mapping[str, str] = {
    "serial": "序号 编号 序 次序 项次 no 号",
    "code": (
        "实施编码 实施清单编码 实施清单代码 事项编码 事项代码 职权编码 职权编号 权力编码 权力编号 "
        "项目编码 项目编号 编码 代码 事项编号 统一编码 itemcode 政务服务事项编码"
    ),
    "basic_code": "基本编码 基本目录编码 目录编码 基本码",
    "name": (
        "事项名称 项目名称 权力名称 职权名称 事项 权力事项 权力事项名称 政务服务事项 政务服务事项名称 "
        "服务事项 服务事项名称 审批事项 审批事项名称 许可事项 许可事项名称 行政许可事项 行政许可事项名称 "
        "实施事项名称 职权事项 办理事项 办理事项名称 行政权力名称 行政权力事项名称 主项名称 主项 大项名称 "
        "业务名称 项目 名称 name 清单事项 事项清单 办事事项 行政审批事项 具体事项 任务名称 职权项目 "
        "一件事 一件事名称 一件事事项 主题事项名称"
    ),
    "sub_name": ("子项名称 子项 小项名称 分项名称 子项事项名称 事项子项 业务办理项名称 业务办理项 办理项名称 办理项"),
    "power_type": (
        "事项类型 权力类型 职权类型 类型 类别 事项类别 权力类别 职权类别 项目类型 项目类别 权力种类 "
        "职权种类 种类 性质 事项性质 审批类别 审批类型 powertype 行政权力类型 行政权力类别 事项分类"
    ),
    "department": (
        "实施部门 实施机关 实施主体 实施单位 责任单位 责任部门 主管部门 主管单位 办理部门 办理单位 "
        "审批部门 审批机关 部门 单位 部门名称 单位名称 牵头部门 牵头单位 承办单位 承办部门 行使主体 "
        "权力主体 职权主体 行使单位 实施主体名称 受理部门 受理单位 执法主体 实施机构 department 部门单位 "
        "行权主体 主办部门 主办单位 所属部门 机构名称 实施层级主体 归口部门 具体实施单位"
    ),
    "inner_unit": (
        "承办科室 责任科室 科室 承办机构 内设机构 承办股室 责任股室 股室 办理科室 经办科室 承办处室 "
        "具体承办机构 责任科股室"
    ),
    "legal_basis": (
        "设定依据 法律依据 实施依据 依据 法定依据 政策依据 权力依据 职权依据 审批依据 办理依据 设立依据 "
        "法规依据 许可依据 设定和实施依据 设定及实施依据 法律法规依据 法律法规政策依据 法律法规名称及条款 "
        "法律法规 legalbasis 职权来源 权力来源及依据"
    ),
    "applicant_type": (
        "服务对象 申请人类别 申请人类型 办理对象 申请对象 面向对象 对象 申请人 申请主体 服务对象类型 "
        "服务对象类别 行政相对人类别 行政相对人 适用对象 applicanttype 受理对象 管理对象"
    ),
    "handling_kind": "办件类型 办理类型 办件类别 事项办理类型 即办承诺 办件性质 handlingkind 办理方式类型",
    "statutory_limit": (
        "法定时限 法定期限 法定办结时限 法定办理时限 法定时间 法定办理期限 法定审批时限 法定 法定办结期限 "
        "法定办结时间 法定工作日 法定时效 statutorylimit 办理时限法定 办结时限法定 时限法定 法律规定时限 "
        "法定天数 法定审批期限 法定要求时限"
    ),
    "promised_limit": (
        "承诺时限 承诺期限 承诺办结时限 承诺办理时限 承诺时间 承诺办理期限 承诺审批时限 承诺 承诺办结期限 "
        "承诺办结时间 承诺工作日 对外承诺时限 服务承诺时限 压缩后时限 优化后时限 promisedlimit "
        "办理时限承诺 办结时限承诺 时限承诺 承诺天数 承诺审批期限 公开承诺时限"
    ),
    "statutory_unit": "法定时限单位 法定办结时限单位 法定期限单位 法定办理时限单位 法定单位",
    "promised_unit": "承诺时限单位 承诺办结时限单位 承诺期限单位 承诺办理时限单位 承诺单位",
    "limit_unit": "时限单位 期限单位 计时单位 时间单位 办理时限单位",
    "limits": (
        "办理时限 办结时限 时限 办理期限 办结期限 审批时限 期限 法定时限承诺时限 法定承诺时限 "
        "法定和承诺时限 法定及承诺时限 办理时限法定承诺 时限法定承诺 法定承诺 办结时间 审批期限 工作时限 "
        "时限要求 法定期限承诺期限 法定与承诺时限"
    ),
    "joint_departments": (
        "联办部门 联办部门及时限 联办机构 配合部门 协办部门 协同部门 联办单位 配合单位 协办单位 会办部门 "
        "jointdepartments 参与部门 共同实施部门 涉及部门 并联审批部门 征求意见部门"
    ),
    "special_steps": "特别环节 特别程序 特殊环节 特殊程序 特殊环节及时限 特别程序时限 不计时环节 specialsteps 特殊情形",
    "fee": ("收费 是否收费 收费情况 收费标准 收费依据及标准 收费标准及依据 费用 fee 收费项目 收费依据 收费情况及标准"),
    "result_document": (
        "办理结果 办理结果名称 结果名称 审批结果 办结结果 结果文书 证照名称 核发证照 审批结果名称 "
        "办理结果名称及样本 resultdocument 结果 批准文件 批准形式 证件名称 发证名称"
    ),
    "validity": "有效期 有效期限 办理结果有效期 证照有效期 结果有效期 审批结果有效期 validity 有效时间",
    "materials": (
        "申请材料 申报材料 所需材料 提交材料 办理材料 材料清单 材料 申请材料目录 申请材料清单 "
        "申请材料名称 需提交材料 materials 申报资料 申请资料 要件 申请要件 应提交材料 办事材料 材料名称"
    ),
    "online_depth": (
        "网办深度 网上办理深度 在线办理深度 网上办理程度 网办程度 onlinedepth 互联网办理深度 线上办理深度 "
        "网办层级 网办级别 一网通办深度"
    ),
    "conditions": "办理条件 受理条件 申请条件 审批条件 许可条件 准予条件",
    "flow": "办理程序 办理流程 办理环节 审批流程 审批程序 流程",
    "quantity": "数量限制 是否有数量限制",
    "window": "办理窗口 受理窗口 窗口 窗口号",
    "address": "办理地址 办理地点 受理地点 受理地址 办公地址",
    "hours": "办公时间 受理时间 工作时间",
    "phone": "咨询电话 联系电话 咨询方式 联系方式 电话",
    "complaint": "监督投诉 投诉电话 监督电话 监督投诉方式 投诉方式",
    "exercise_level": "行使层级 实施层级 层级 权力层级 审批层级 行使级别",
    "themes": "主题 事项主题 主题分类 办事主题 分类主题 面向主题",
    "adjustment": "调整意见 调整情况 调整类型 调整建议 处理意见 清理意见 保留情况 是否保留 取消情况 拟处理意见",
    "remarks": "备注 说明 备注说明 其他说明 情况说明 source",
}
_EXACT = {key(name): element for element, names in _NAMES.items() for name in names.split()}
_WEAK = frozenset(
    [
        "代码",
        "单位",
        "号",
        "名称",
        "对象",
        "层级",
        "序",
        "性质",
        "承诺",
        "法定",
        "类别",
        "类型",
        "结果",
        "编号",
        "编码",
        "说明",
        "部门",
        "项目",
    ]
)
_SECOND = frozenset({"受理部门", "受理单位", "归口部门", "所属部门", "主管部门", "主管单位", "机构名称"})
_BOTH_LIMITS = re.compile(r"法定.{0,8}承诺|承诺.{0,8}法定")
_UNIT_MARK = re.compile(
    r"单位[:]?(?P<one>工作[日天]|自然[日天]|[日天])|^(?P<two>工作[日天]|自然[日天]|[日天])$"
    r"|[(\[](?:[^()\[\]]*[,;、/])?[以按]?(?P<three>个?工作[日天]|自然[日天]|[日天]|个?月)(?:计算?|为单位)?[)\]]"
)
_UNIT_TOLD = re.compile(r"单位:?(?:个?工作[日天]|自然[日天]|[日天]|个?月)")


def scores(heading: str) -> dict[str, float]:
    """How well a heading names each element, 0 to 100; elements it does not name at all are left out."""
    outside, inside = without_brackets(_UNIT_TOLD.sub("", plain(heading)))
    whole, core = key(_UNIT_TOLD.sub("", plain(heading))), key(outside)
    if not whole or len(whole) > 40:
        return {}
    if _BOTH_LIMITS.search(whole):
        return {"limits": 100.0}
    found: dict[str, float] = {}
    for text, full in ((whole, 100.0), (core, 98.0)):
        if text in _EXACT:
            found.setdefault(_EXACT[text], full - (12 if text in _WEAK else 6 if text in _SECOND else 0))
    for text in inside:
        if key(text) in ("法定", "承诺") and "时" in core + "时":
            found["statutory_limit" if key(text) == "法定" else "promised_limit"] = 99.0
    if found:
        if max(found.values()) >= 99 and "limits" in found:
            found.pop("limits") if len(found) > 1 else None
        return found
    return dict(_near(core or whole))


@functools.lru_cache(maxsize=4096)
def _near(text: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for name, element in _EXACT.items():
        if len(name) < 2 or name in _WEAK:
            continue
        score = 0.0
        if text.endswith(name):
            score = 88.0 + min(len(name), 6)
        elif text.startswith(name) and len(text) <= len(name) + 8:
            score = 80.0 + min(len(name), 6)
        elif len(name) >= 4 and name in text and len(text) <= len(name) + 10:
            score = 76.0
        elif len(text) >= 4 and (ratio := fuzz.ratio(text, name)) >= 74:
            score = ratio * 0.9
        if score > found.get(element, 0.0):
            found[element] = score
    return found


def unit_in_heading(heading: str) -> str:
    """The unit a heading gives for the numbers below (``法定时限（工作日）``) in its own word; empty for none."""
    found = _UNIT_MARK.search(plain(heading)) or re.search(r"(?P<one>工作[日天])$", plain(heading))
    if found is None:
        return ""
    return next((word for word in found.groupdict().values() if word), "")


def promised_first(heading: str) -> bool:
    """A heading of both limits that names the promise first."""
    text = plain(heading)
    return 0 <= text.find("承诺") < text.find("法定")
