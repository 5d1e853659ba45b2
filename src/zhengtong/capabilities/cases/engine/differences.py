"""What changed between two drawings, element by element, in Chinese; positions on the paper do not count."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from zhengtong.capabilities.cases.engine.calls import CALLED, PINNED
from zhengtong.capabilities.cases.engine.model import Flow, Graph, Kind, Node
from zhengtong.capabilities.cases.engine.vocabulary import KIND_NAMES

Say = Callable[[str, str], str]
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_SETTINGS = {
    "role": "办理角色",
    "unit": "办理单位",
    "limit": "时限",
    "phase": "阶段",
    "outcomes": "办理结果",
    "topic": "服务",
    "result": "办件结果",
    CALLED: "调用的流程",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: `kind` added|removed|changed, the element, and the sentence that names it."""

    kind: str
    element_id: str
    sentence: str


def differences(before: Graph, after: Graph, say: Say = lambda _name, value: value) -> tuple[Difference, ...]:
    """Every difference that a case would feel: nodes, arrows, the order in which conditions are asked, variables.

    ``say`` puts the value of a setting (its name first) into the words of the reader; a duration goes by "limit".
    """
    return (
        *_nodes(before, after, say),
        *_flows(before, after),
        *_orders(before, after),
        *_variables(before.variables, after.variables),
    )


def _nodes(before: Graph, after: Graph, say: Say) -> Iterator[Difference]:
    for node in after.nodes.values():
        old = before.nodes.get(node.id)
        if old is None:
            yield Difference(ADDED, node.id, f"{_named(node)}{_said(node, say)}。")
        else:
            changes = "；".join(_changes(old, node, say))
            if changes:
                yield Difference(CHANGED, node.id, f"{_named(old)}：{changes}。")
    for node in before.nodes.values():
        if node.id not in after.nodes:
            yield Difference(REMOVED, node.id, f"{_named(node)}。")


def _named(node: Node) -> str:
    return f"{KIND_NAMES.get(node.kind, '元素')}“{node.name or node.id}”"


def _said(node: Node, say: Say) -> str:
    said = [
        f"{_SETTINGS.get(key, key)} {say(key, value)}"
        for key, value in node.settings.items()
        if value and key != PINNED
    ]
    if node.duration:
        said.append(f"时长 {say('limit', node.duration)}")
    said += [f"{label} {value}" for label, value in (("消息", node.message), ("错误代码", node.error)) if value]
    if node.multi:
        said.append(f"会签{_multi(node)}")
    return f"（{'，'.join(said)}）" if said else ""


def _changes(old: Node, new: Node, say: Say) -> Iterator[str]:
    if old.kind is not new.kind:
        yield f"类型由{KIND_NAMES.get(old.kind, old.kind)}改为{KIND_NAMES.get(new.kind, new.kind)}"
    yield from _value("名称", old.name, new.name)
    for key in dict.fromkeys((*old.settings, *new.settings)):
        if key == PINNED:
            continue
        values = (say(key, value) if value else "" for value in (old.settings.get(key, ""), new.settings.get(key, "")))
        yield from _value(_SETTINGS.get(key, key), *values)
    pins = (old.settings.get(PINNED), new.settings.get(PINNED))
    if all(pins) and pins[0] != pins[1] and old.settings.get(CALLED) == new.settings.get(CALLED):
        yield "所调用的流程换成了它的另一版"
    yield from _value("时长", *(say("limit", one.duration) if one.duration else "" for one in (old, new)))
    yield from _value("消息", old.message, new.message)
    yield from _value("错误代码", old.error, new.error)
    yield from _value("附着的环节", old.attached_to, new.attached_to)
    if old.parent != new.parent:
        yield "移到了另一层子流程"
    if old.interrupting != new.interrupting:
        yield "改为触发后取消原环节" if new.interrupting else "改为触发后不取消原环节"
    if old.multi != new.multi:
        yield f"会签由{_multi(old)}改为{_multi(new)}"
    if old.default != new.default:
        yield "默认连线改变"


def _value(label: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        yield f"{label}由“{old}”改为“{new}”" if old and new else f"{label}设为“{new}”" if new else f"取消{label}“{old}”"


def _multi(node: Node) -> str:
    if node.multi is None:
        return "“无”"
    way = "逐个" if node.multi.sequential else "同时"
    until = f"，满足 {node.multi.until} 即结束" if node.multi.until else ""
    return f"“按名单 {node.multi.collection} {way}办理{until}”"


def _flows(before: Graph, after: Graph) -> Iterator[Difference]:
    for flow in after.flows.values():
        old = before.flows.get(flow.id)
        if old is None:
            yield Difference(ADDED, flow.id, f"连线：{_way(after, flow)}{_when(flow)}。")
            continue
        changes = list(_value("名称", old.name, flow.name)) + list(_value("条件", old.condition, flow.condition))
        if (old.source, old.target) != (flow.source, flow.target):
            changes.insert(0, f"改道，由{_way(before, old)}改为{_way(after, flow)}")
        if changes:
            yield Difference(CHANGED, flow.id, f"连线{_way(before, old)}：{'；'.join(changes)}。")
    for flow in before.flows.values():
        if flow.id not in after.flows:
            yield Difference(REMOVED, flow.id, f"连线：{_way(before, flow)}。")


def _orders(before: Graph, after: Graph) -> Iterator[Difference]:
    """Of several conditions that hold an exclusive gateway takes the first: their order decides."""
    for node in after.nodes.values():
        old = before.nodes.get(node.id)
        if old is None or {old.kind, node.kind} != {Kind.EXCLUSIVE}:
            continue
        first = [name for name in old.outgoing if name in after.conditions and name in before.conditions]
        then = [name for name in node.outgoing if name in first]
        first = [name for name in first if name in then]
        if first != then:
            ways = (
                "、".join(_way(graph, graph.flows[name]) for name in names)
                for graph, names in ((before, first), (after, then))
            )
            yield Difference(CHANGED, node.id, "{}：判断条件的先后由{}改为{}。".format(_named(old), *ways))


def _way(graph: Graph, flow: Flow) -> str:
    ends = (graph.nodes.get(name) for name in (flow.source, flow.target))
    source, target = (f"“{node.name or KIND_NAMES.get(node.kind, node.id)}”" if node else "“？”" for node in ends)
    return f"{source}→{target}"


def _when(flow: Flow) -> str:
    return f"，条件 {flow.condition}" if flow.condition else ""


def _variables(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name, kind in after.items():
        if name not in before:
            yield Difference(ADDED, "", f"流程变量 {name}（{kind}）。")
        elif before[name] != kind:
            yield Difference(CHANGED, "", f"流程变量 {name} 的类型由 {before[name]} 改为 {kind}。")
    for name in before:
        if name not in after:
            yield Difference(REMOVED, "", f"流程变量 {name}。")
