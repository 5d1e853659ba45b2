"""调用活动: the called process is frozen into the drawing that calls it, as a sub-process with names of its own.

A called node is named "call~node", so that nothing collides; what is called cannot change under a running case.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zhengtong.capabilities.cases.engine.model import ROOT, Flow, Graph, Kind, Node, Refusal

#: settings of a call activity: key of the called process, digest of what was frozen in
CALLED, PINNED = "called", "pinned"
NAME_LIMIT = 80


@dataclass(slots=True)
class Inlined:
    """Nodes, arrows and variables with all calls replaced."""

    nodes: dict[str, Node]
    flows: dict[str, Flow]
    variables: dict[str, str]
    refusals: list[Refusal] = field(default_factory=list)


def inline_calls(
    nodes: Mapping[str, Node], flows: Mapping[str, Flow], variables: Mapping[str, str], called: Mapping[str, Graph]
) -> Inlined:
    """Replace every call activity by the process it calls."""
    result = Inlined(dict(nodes), dict(flows), dict(variables))
    for node in nodes.values():
        if node.kind is Kind.CALL:
            _inline(result, node, called.get(node.settings[CALLED]))
    return result


def digest_of(graph: Graph) -> str:
    """Short fingerprint of a compiled process."""
    text = json.dumps(graph.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _inline(result: Inlined, call: Node, graph: Graph | None) -> None:
    place = f"第 {call.line} 行调用活动{call.label}"
    if graph is None:
        text = f"要调用的流程“{call.settings[CALLED]}”没有启用的版本，请先启用它。"
        result.refusals.append(Refusal.at(call.id, place, text))
        return
    for text in _unfit(result, call, graph):
        result.refusals.append(Refusal.at(call.id, place, text))
    settings = {**call.settings, PINNED: digest_of(graph)}
    result.nodes[call.id] = replace(call, kind=Kind.SUBPROCESS, settings=settings)
    result.nodes |= {f"{call.id}~{node.id}": _renamed(call, node) for node in graph.nodes.values()}
    for flow in graph.flows.values():
        name, source, target = (f"{call.id}~{part}" for part in (flow.id, flow.source, flow.target))
        result.flows[name] = replace(flow, id=name, source=source, target=target)
    result.variables |= graph.variables


def _unfit(result: Inlined, call: Node, graph: Graph) -> list[str]:
    found = []
    if any(node.kind is Kind.MESSAGE_START for node in graph.nodes.values()):
        found.append("要调用的流程由消息启动，不能被调用。")
    if any(len(f"{call.id}~{name}") > NAME_LIMIT for name in graph.nodes):
        found.append(f"编号太长：它与被调用流程中环节的编号合起来超过 {NAME_LIMIT} 个字符，请改短。")
    for name, kind in graph.variables.items():
        if result.variables.get(name, kind) != kind:
            found.append(f"变量“{name}”与被调用流程中的同名变量类型不同，请改名。")
    return found


def _renamed(call: Node, node: Node) -> Node:
    def name(part: str) -> str:
        return f"{call.id}~{part}" if part else ""

    return replace(
        node,
        id=name(node.id),
        parent=name(node.parent) if node.parent != ROOT else call.id,
        line=call.line,
        incoming=tuple(name(flow) for flow in node.incoming),
        outgoing=tuple(name(flow) for flow in node.outgoing),
        boundaries=tuple(name(event) for event in node.boundaries),
        default=name(node.default),
        attached_to=name(node.attached_to),
    )
