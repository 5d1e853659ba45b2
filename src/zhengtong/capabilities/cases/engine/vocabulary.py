"""The words of the subset: which BPMN elements and attributes are read, what our own settings may say."""

import re
from collections.abc import Iterator, Mapping

from zhengtong.capabilities.cases.engine.expressions import TYPES
from zhengtong.capabilities.cases.engine.model import CALLS, Kind, parse_outcomes

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZT = "urn:zhengtong:bpmn"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XML = "http://www.w3.org/XML/1998/namespace"
_COLOUR = ("http://bpmn.io/schema/bpmn/biocolor/1.0", "http://www.omg.org/spec/BPMN/non-normative/color/1.0")
FOREIGN_ALLOWED = frozenset({_XSI, _XML, *_COLOUR})

NODE_KINDS = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.USER,
    "serviceTask": Kind.SERVICE,
    "sendTask": Kind.SEND,
    "businessRuleTask": Kind.RULE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
    "eventBasedGateway": Kind.EVENT_BASED,
    "subProcess": Kind.SUBPROCESS,
    "callActivity": Kind.CALL,
    "intermediateCatchEvent": Kind.TIMER,
    "boundaryEvent": Kind.BOUNDARY_TIMER,
}
IGNORED = frozenset({"documentation", "textAnnotation", "association", "group", "category"})
CONTAINERS = frozenset({"incoming", "outgoing", "multiInstanceLoopCharacteristics"})

NAMES = {
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "userTask": "人工任务",
    "serviceTask": "服务任务",
    "sendTask": "发送任务",
    "businessRuleTask": "规则任务",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关",
    "subProcess": "子流程",
    "intermediateCatchEvent": "中间事件",
    "boundaryEvent": "边界事件",
    "sequenceFlow": "连线",
    "process": "流程",
    "definitions": "文件",
    "lane": "泳道",
    "laneSet": "泳道",
    "participant": "泳池",
    "collaboration": "协作",
    "messageFlow": "消息流",
    "scriptTask": "脚本任务",
    "manualTask": "手工任务",
    "receiveTask": "接收任务",
    "task": "未分类任务",
    "callActivity": "调用活动",
    "transaction": "事务子流程",
    "adHocSubProcess": "自由子流程",
    "complexGateway": "复杂网关",
    "intermediateThrowEvent": "中间抛出事件",
    "dataObject": "数据对象",
    "dataObjectReference": "数据对象",
    "dataStoreReference": "数据存储",
    "ioSpecification": "输入输出映射",
    "dataInputAssociation": "输入映射",
    "dataOutputAssociation": "输出映射",
    "property": "属性",
    "standardLoopCharacteristics": "循环标记",
    "signal": "信号",
    "error": "错误",
    "escalation": "升级",
    "signalEventDefinition": "信号事件",
    "errorEventDefinition": "错误事件",
    "escalationEventDefinition": "升级事件",
    "conditionalEventDefinition": "条件事件",
    "linkEventDefinition": "链接事件",
    "compensateEventDefinition": "补偿事件",
    "cancelEventDefinition": "取消事件",
    "messageEventDefinition": "消息事件",
    "timerEventDefinition": "计时事件",
    "terminateEventDefinition": "终止事件",
}
KIND_NAMES = {
    **{kind: NAMES[tag] for tag, kind in NODE_KINDS.items()},
    Kind.MESSAGE_START: "消息开始事件",
    Kind.TERMINATE: "终止事件",
    Kind.ERROR_END: "错误结束事件",
    Kind.TIMER: "计时中间事件",
    Kind.MESSAGE: "消息中间事件",
    Kind.BOUNDARY_TIMER: "计时边界事件",
    Kind.BOUNDARY_MESSAGE: "消息边界事件",
    Kind.BOUNDARY_ERROR: "错误边界事件",
}

# Own settings (namespace urn:zhengtong:bpmn) by element.
_CALL = frozenset({"topic"})
SETTINGS: Mapping[str, frozenset[str]] = {
    "process": frozenset({"variables"}),
    "lane": frozenset({"role", "unit"}),
    "userTask": frozenset({"role", "unit", "limit", "phase", "outcomes"}),
    "serviceTask": _CALL,
    "sendTask": _CALL,
    "businessRuleTask": _CALL,
    "endEvent": frozenset({"result"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection"}),
}

# Plain BPMN attributes that are read, by element; and those that may stand anywhere with exactly this value ("" = any).
PLAIN: Mapping[str, frozenset[str]] = {
    "sequenceFlow": frozenset({"sourceRef", "targetRef"}),
    "exclusiveGateway": frozenset({"default"}),
    "inclusiveGateway": frozenset({"default"}),
    "boundaryEvent": frozenset({"attachedToRef", "cancelActivity"}),
    "callActivity": frozenset({"calledElement"}),
    "multiInstanceLoopCharacteristics": frozenset({"isSequential"}),
}
HARMLESS: Mapping[str, str] = {
    "id": "",
    "name": "",
    "isExecutable": "",
    "isClosed": "false",
    "processType": "",
    "gatewayDirection": "",
    "startQuantity": "1",
    "completionQuantity": "1",
    "isForCompensation": "false",
    "isInterrupting": "true",
    "triggeredByEvent": "false",
    "instantiate": "false",
    "eventGatewayType": "Exclusive",
    "parallelMultiple": "false",
    "behavior": "All",
    "isImmediate": "",
}

PHASES = {"accept": "受理", "review": "审查", "decide": "决定", "supplement": "补正", "issue": "制证送达"}
UNITS = {"lead": "牵头部门", "applicant": "申请人", "item": "会签名单中的部门"}
#: what an end event may say of its case; the words of ``constants.END_RESULTS``
RESULTS = ("granted", "rejected", "not_accepted", "withdrawn")
#: unit of a limit → the largest number; the working calendar reaches no further than some years ahead
_MOST = {"WD": 1250, "D": 1830, "H": 9999, "MIN": 9999, "MONTH": 60, "YEAR": 5}
_LIMIT = re.compile(r"([1-9][0-9]{0,3}) (WD|D|H|MIN|MONTH|YEAR)")
_ISO = re.compile(r"P(T?)([0-9]{1,4})([YMDH])")
_ISO_UNITS = {"Y": "YEAR", "M": "MONTH", "D": "D", "TH": "H", "TM": "MIN"}
#: characters the tables of cases keep of each
NAME_LIMIT, OUTCOME_LIMIT, LABEL_LIMIT = 120, 24, 40
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,23}")
_WORD = re.compile(rf"[a-z][a-z0-9_]{{0,{OUTCOME_LIMIT - 1}}}")
_TOPIC = re.compile(r"[a-z][a-z0-9_.]{0,99}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}")


def check_settings(kind: Kind, settings: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with our own settings of one node, as Chinese sentences."""
    for key, value in settings.items():
        if key == "role" and not _ROLE.fullmatch(value):
            yield f"办理角色“{value}”须是小写英文代码，最多 24 个字符，例如 clerk。"
        elif key == "result" and value not in RESULTS:
            yield f"办件结果“{value}”不认识，可用：{'、'.join(RESULTS)}。"
        elif key == "topic" and not _TOPIC.fullmatch(value):
            yield f"服务名“{value}”须是小写英文代码，例如 issue_licence。"
        elif key == "unit" and value not in UNITS and not _CODE.fullmatch(value):
            yield f"办理单位“{value}”须是 lead、applicant、item 或一个单位代码，例如 H05。"
        elif key == "limit":
            yield from _check_span("时限", value, _limit(value), "数字加单位，例如 5 WD（5 个工作日）、3 D、4 H")
        elif key == "phase" and value not in PHASES:
            yield f"阶段“{value}”不认识，可用：{'、'.join(PHASES)}。"
        elif key == "duration":
            span = _iso(value) or _limit(value)
            yield from _check_span("时长", value, span, "一个数字和一个单位，例如 P20D、PT4H 或 5 WD")
        elif key == "outcomes":
            yield from _check_outcomes(value)
    if kind in CALLS and not settings.get("topic"):
        yield "没有指定要调用的服务（zt:topic）。"


def _limit(text: str) -> tuple[int, str] | None:
    found = _LIMIT.fullmatch(text)
    return (int(found[1]), found[2]) if found else None


def _iso(text: str) -> tuple[int, str] | None:
    found = _ISO.fullmatch(text)
    unit = _ISO_UNITS.get(found[1] + found[3]) if found else None
    return (int(found[2]), unit) if found and unit else None


def _check_span(label: str, text: str, span: tuple[int, str] | None, shape: str) -> Iterator[str]:
    """A limit or a duration has one unit, and ends before the calendar does."""
    if span is None:
        yield f"{label}“{text}”写法不对，须是{shape}。"
    elif span[0] > _MOST[span[1]]:
        yield f"{label}“{text}”太长，最长约 5 年（1250 个工作日、1830 天、9999 小时、60 个月）。"


def _check_outcomes(text: str) -> Iterator[str]:
    keys = [part.partition(":")[0].strip() for part in text.split(";") if part.strip()]
    if not keys or any(not _WORD.fullmatch(key) for key in keys) or len(parse_outcomes(text)) != len(keys):
        shape = f"须是例如 accept:受理;refuse:不予受理，代码不能重复，最多 {OUTCOME_LIMIT} 个字符"
        yield f"办理结果“{text}”写法不对，{shape}。"
    if any(len(label) > LABEL_LIMIT for label in parse_outcomes(text).values()):
        yield f"办理结果的名称最多 {LABEL_LIMIT} 个字，请改短。"


def read_variables(text: str) -> dict[str, str]:
    """Read "departments:list;amount:number"; raises ValueError with a Chinese sentence."""
    declared: dict[str, str] = {}
    for part in (part.strip() for part in text.split(";") if part.strip()):
        name, _, kind = (piece.strip() for piece in part.partition(":"))
        if not name.isidentifier() or name.startswith("_") or kind not in TYPES or name in declared:
            known = "、".join(f"{key}（{label}）" for key, label in TYPES.items())
            raise ValueError(f"变量声明“{part}”写法不对，须是 名称:类型，类型可用：{known}；名称不能重复。")
        declared[name] = kind
    return declared
