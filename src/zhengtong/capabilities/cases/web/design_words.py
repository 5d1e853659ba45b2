"""What the drawing page tells its scripts: palette, menus, fields of the panel, Chinese words, our attributes.

The scripts hold no list of their own: what may be drawn is said here, next to the compiler that judges it.
"""

from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, END_RESULTS
from zhengtong.capabilities.cases.engine.vocabulary import PHASES, SETTINGS, UNITS, ZT
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.selectors.drafts import versions
from zhengtong.capabilities.cases.selectors.processes import LIMIT_UNITS
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor

_ROLES = (Role.CLERK, Role.REVIEWER, Role.LEADER)
#: entries of the library's menu "change element" that give something the compiler accepts
_REPLACEMENTS = (
    "user-task service-task send-task rule-task call-activity expanded-subprocess subprocess exclusive-gateway "
    "parallel-gateway inclusive-gateway event-based-gateway none-start message-start none-end terminate-end "
    "message-intermediate-catch timer-intermediate-catch message-boundary timer-boundary error-boundary error-end "
    "non-interrupting-message-boundary non-interrupting-timer-boundary sequence-flow default-flow"
)
_KEPT = (
    "connect delete replace append.end-event append.gateway append.text-annotation append.timer-intermediate-event "
    "append.message-intermediate-event lane-insert-above lane-insert-below lane-divide-two lane-divide-three"
)


def design_words(actor: Actor) -> dict[str, Any]:
    """All of it, as plain data for the page."""
    return {
        "moddle": _moddle(),
        "palette": _palette(),
        "replacements": [f"replace-with-{name}" for name in _REPLACEMENTS.split()],
        "toggles": ["toggle-parallel-mi", "toggle-sequential-mi", "toggle-non-interrupting"],
        "pad": _KEPT.split(),
        "follow": _follow(),
        "fields": _fields(actor),
        "kinds": _kinds(),
        "units": [[unit, str(label)] for unit, label in LIMIT_UNITS.items()],
        "words": _words(),
        "translations": _translations(),
    }


def _moddle() -> dict[str, Any]:
    """Our attributes as an extension the library reads and writes: generated from what the compiler knows."""
    types = [
        {
            "name": f"{tag[0].upper()}{tag[1:]}Settings",
            "extends": [f"bpmn:{tag[0].upper()}{tag[1:]}"],
            "properties": [{"name": name, "isAttr": True, "type": "String"} for name in sorted(names)],
        }
        for tag, names in SETTINGS.items()
    ]
    return {"name": "Zhengtong", "uri": ZT, "prefix": "zt", "xml": {"tagAlias": "lowerCase"}, "types": types}


def _palette() -> list[dict[str, Any]]:
    """Shapes of the palette, in order; ``event`` is the kind of event, ``group`` separates the rows."""

    def shape(key: str, icon: str, title: str, kind: str, group: str, **more: Any) -> dict[str, Any]:
        return {"key": key, "icon": f"bpmn-icon-{icon}", "title": title, "type": f"bpmn:{kind}", "group": group, **more}

    timer = "bpmn:TimerEventDefinition"
    return [
        shape("start", "start-event-none", _("开始"), "StartEvent", "event"),
        shape("timer", "intermediate-event-catch-timer", _("计时等待"), "IntermediateCatchEvent", "event", event=timer),
        shape("end", "end-event-none", _("结束"), "EndEvent", "event"),
        shape("user", "user-task", _("人工任务"), "UserTask", "activity"),
        shape("service", "service-task", _("服务任务（系统办理）"), "ServiceTask", "activity"),
        shape("sub", "subprocess-expanded", _("子流程"), "SubProcess", "activity", expanded=True),
        shape("xor", "gateway-xor", _("排他网关（按条件走一条）"), "ExclusiveGateway", "gateway"),
        shape("and", "gateway-parallel", _("并行网关（同时办理）"), "ParallelGateway", "gateway"),
        shape("or", "gateway-or", _("包容网关（按条件走若干条）"), "InclusiveGateway", "gateway"),
        shape("pool", "participant", _("泳池（部门和角色画成泳道）"), "Participant", "frame"),
    ]


def _follow() -> list[dict[str, str]]:
    """What the panel offers to add after the chosen element, for those who work by keyboard."""
    pairs = (
        ("UserTask", _("人工任务")),
        ("ServiceTask", _("服务任务")),
        ("ExclusiveGateway", _("排他网关")),
        ("ParallelGateway", _("并行网关")),
        ("InclusiveGateway", _("包容网关")),
        ("EndEvent", _("结束")),
    )
    return [{"type": f"bpmn:{kind}", "label": label} for kind, label in pairs]


def _field(kind: str, label: str, *, name: str = "", hint: str = "", options: Any = ()) -> dict[str, Any]:
    return {"kind": kind, "name": name, "label": label, "help": hint, "options": [list(pair) for pair in options]}


def _fields(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    roles = [("", _("（未设置）")), *((role.value, str(role.label)) for role in _ROLES), (APPLICANT_ROLE, _("申请人"))]
    units = [*UNITS.items(), *((unit.code, unit.short_name) for unit in identity.organisations(actor.tenant))]
    who = [
        _field("choice", _("办理角色"), name="role", options=roles),
        _field("suggest", _("办理单位"), name="unit", options=units, hint=_("lead 是牵头部门；也可以写单位代码。")),
    ]
    name = _field("name", _("名称"))
    topic = _field(
        "suggest", _("要调用的服务"), name="topic", options=[(key, key) for key, _topic in service_topics.items()]
    )
    repeat = [
        _field("multi", _("会签"), hint=_("名单里每个部门或人员各办一次。")),
        _field("collection", _("名单变量")),
        _field("until", _("提前结束的条件"), hint=_("例如 instances_done >= 2；不填则全部办完。")),
    ]
    outcomes = _field("pairs", _("办理结果"), name="outcomes", hint=_("一行一个，代码:名称，例如 accept:受理。"))
    phases = [("", _("（未设置）")), *PHASES.items()]
    task = [
        name,
        *who,
        outcomes,
        _field("limit", _("时限"), name="limit"),
        _field("choice", _("阶段"), name="phase", options=phases, hint=_("阶段决定时限从哪里起算、在哪里结束。")),
        *repeat,
    ]
    results = [("", _("（未设置）")), *((key, str(value.label)) for key, value in END_RESULTS.items())]
    active = [(row.key, f"{row.title}（{row.key}）") for row in versions(actor) if row.active]
    called = [("", _("（请选择）")), *active]
    event = [name, _field("interrupting", _("触发后取消原环节")), _field("duration", _("等多久")), _message(), _error()]
    return {
        "bpmn:Process": [
            name,
            _field("pairs", _("流程变量"), name="variables", hint=_("一行一个，名称:类型，例如 departments:list。")),
        ],
        "bpmn:UserTask": task,
        "bpmn:ServiceTask": [name, topic, *repeat],
        "bpmn:SendTask": [name, topic, *repeat],
        "bpmn:BusinessRuleTask": [name, topic, *repeat],
        "bpmn:SubProcess": [name, *repeat],
        "bpmn:StartEvent": [name, _message()],
        "bpmn:EndEvent": [name, _field("choice", _("办件结果"), name="result", options=results), _error()],
        "bpmn:CallActivity": [name, _field("called", _("要调用的流程"), name="calledElement", options=called), *repeat],
        "bpmn:IntermediateCatchEvent": event[:1] + event[2:],
        "bpmn:BoundaryEvent": event,
        "bpmn:SequenceFlow": [name, _field("default", _("默认连线（其他条件都不成立时走）")), _condition()],
        "bpmn:Lane": [name, *who],
        "*": [name],
    }


def _message() -> dict[str, Any]:
    return _field("message", _("消息名称"), hint=_("withdraw 是申请人撤回。"), options=[("withdraw", _("申请人撤回"))])


def _error() -> dict[str, Any]:
    return _field("error", _("错误代码"), hint=_("边界上的错误事件不填代码，就接住所有错误。"))


def _condition() -> dict[str, Any]:
    return _field("condition", _("条件"), hint=_('例如 outcome == "accept"；可以用下面的选择框填写。'))


def _kinds() -> dict[str, str]:
    return {
        "bpmn:Process": _("流程"),
        "bpmn:Collaboration": _("流程"),
        "bpmn:Participant": _("泳池"),
        "bpmn:Lane": _("泳道"),
        "bpmn:UserTask": _("人工任务"),
        "bpmn:ServiceTask": _("服务任务"),
        "bpmn:SendTask": _("发送任务"),
        "bpmn:BusinessRuleTask": _("规则任务"),
        "bpmn:CallActivity": _("调用活动"),
        "bpmn:SubProcess": _("子流程"),
        "bpmn:StartEvent": _("开始事件"),
        "bpmn:EndEvent": _("结束事件"),
        "bpmn:IntermediateCatchEvent": _("中间事件"),
        "bpmn:BoundaryEvent": _("边界事件"),
        "bpmn:ExclusiveGateway": _("排他网关"),
        "bpmn:ParallelGateway": _("并行网关"),
        "bpmn:InclusiveGateway": _("包容网关"),
        "bpmn:EventBasedGateway": _("事件网关"),
        "bpmn:SequenceFlow": _("连线"),
    }


def _words() -> dict[str, str]:
    return {
        "task": _("人工任务"),
        "timer": _("计时等待"),
        "add": _("在后面添加"),
        "connect": _("连到"),
        "choose": _("（请选择）"),
        "remove": _("删去这个元素"),
        "element": _("图上的元素"),
        "multi_none": _("否"),
        "multi_parallel": _("同时办理"),
        "multi_sequential": _("逐个办理"),
        "fill": _("填入条件"),
        "yes": _("是"),
        "no": _("否"),
        "variable": _("变量"),
        "operator": _("比较"),
        "value": _("值"),
        "saved": _("已保存"),
        "saving": _("正在保存"),
        "unsaved": _("有改动还没有保存"),
        "failed": _("没有保存成功，稍后自动再试；图纸还在页面上。"),
        "unreadable": _("这张图纸不能在这里打开：图中没有图形位置，或文件已经损坏。请上传一份完整的图纸。"),
        "no_answer": _("暂时联系不上服务器，检查结果可能不是最新的。"),
    }


def _translations() -> dict[str, str]:
    """What the library's Chinese dictionary does not have, or has in other words than ours."""
    return {
        "Activate hand tool": _("移动画布"),
        "Activate lasso tool": _("框选"),
        "Activate create/remove space tool": _("拉开或收拢间距"),
        "Activate global connect tool": _("连线"),
        "Align elements": _("对齐"),
        "Align elements ": _("对齐"),
        "Distribute elements horizontally": _("横向等距"),
        "Distribute elements vertically": _("纵向等距"),
        "Change element": _("更换类型"),
        "Toggle non-interrupting": _("触发后是否取消原环节"),
        "Boundary event": _("边界事件"),
        "Expanded pool/participant": _("展开的泳池"),
        "Event based instantiating Gateway": _("由事件启动的网关"),
        "Parallel Event based instantiating Gateway": _("由事件并行启动的网关"),
        "Ad-hoc sub-process": _("自由子流程"),
        "Business rule task": _("规则任务"),
        "Service task": _("服务任务"),
        "Send task": _("发送任务"),
        "User task": _("人工任务"),
        "Exclusive gateway": _("排他网关"),
        "Parallel gateway": _("并行网关"),
        "Inclusive gateway": _("包容网关"),
        "Event-based gateway": _("事件网关"),
        "Parallel multi-instance": _("会签：同时办理"),
        "Sequential multi-instance": _("会签：逐个办理"),
        "Append task": _("接一个人工任务"),
        "Append gateway": _("接一个网关"),
        "Append end event": _("接结束"),
        "Append intermediate/boundary event": _("接计时等待"),
        "Add text annotation": _("加说明文字"),
        "Connect to other element": _("连到别的元素"),
        "Delete": _("删去"),
        "Search": _("查找"),
        "Default flow": _("默认连线"),
        "Sequence flow": _("普通连线"),
        "Sub-process": _("子流程"),
    }
