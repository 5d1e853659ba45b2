"""The compiled drawing: frozen graph with a plain JSON form stored once per process version; refusals and errors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from zhengtong.capabilities.cases.engine.blocks import Block, find_blocks, main_nodes, ways_beside
from zhengtong.capabilities.cases.engine.expressions import Expression, compile_expression
from zhengtong.capabilities.cases.engine.nodes import (
    ACTIVITIES,
    BOUNDARIES,
    CALLS,
    CATCHES,
    ENDS,
    GATEWAYS,
    ROOT,
    STARTS,
    Flow,
    Kind,
    Multi,
    Node,
    parse_outcomes,
)

__all__ = [
    "ACTIVITIES",
    "BOUNDARIES",
    "CALLS",
    "CATCHES",
    "ENDS",
    "GATEWAYS",
    "ROOT",
    "STARTS",
    "EngineError",
    "Flow",
    "Graph",
    "Kind",
    "Multi",
    "Node",
    "Refusal",
    "Refused",
    "Unsafe",
    "by_element",
    "parse_outcomes",
]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a drawing is not accepted; `element_id` is what the designer highlights, `message` is for people.

    `place` says where in the file or the drawing that is; a message begins with it.
    """

    element_id: str
    message: str
    place: str = ""

    @classmethod
    def at(cls, element_id: str, place: str, text: str) -> Self:
        """A refusal whose message begins with its place."""
        return cls(element_id, f"{place}：{text}", place)


def by_element(refusals: Iterable[Refusal]) -> dict[str, tuple[str, ...]]:
    """All messages of each element, in the order found; "" holds what concerns the whole file."""
    found: dict[str, tuple[str, ...]] = {}
    for refusal in refusals:
        found[refusal.element_id] = (*found.get(refusal.element_id, ()), refusal.message)
    return found


class EngineError(Exception):
    """Base of what the engine raises; `message` is a Chinese sentence for people, the marking is unchanged."""

    def __init__(self, message: str, element_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.element_id = element_id


class Refused(EngineError):
    """The command does not fit the present state of the case (for example somebody was faster)."""


class Unsafe(EngineError):
    """The drawing itself let tokens collide or run without end; the soundness check finds it before deployment."""

    def __init__(self, message: str, element_id: str, defect: str) -> None:
        super().__init__(message, element_id)
        self.defect = defect


@dataclass(frozen=True)
class Graph:
    """A parsed drawing.

    `returnable` and `branchable` are None until the soundness check has proved which nodes may be opened alone in
    their scope, and alone in their branch of a block (return, jump).
    """

    process_id: str
    name: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    variables: Mapping[str, str] = field(default_factory=dict)
    returnable: frozenset[str] | None = None
    branchable: frozenset[str] | None = None
    starts: Mapping[str, str] = field(init=False, repr=False, compare=False)
    conditions: Mapping[str, Expression] = field(init=False, repr=False, compare=False)
    untils: Mapping[str, Expression] = field(init=False, repr=False, compare=False)
    blocks: tuple[Block, ...] = field(init=False, repr=False, compare=False)
    main: frozenset[str] = field(init=False, repr=False, compare=False)
    beside: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive what every step looks up: starts, compiled conditions, fork/join blocks, main way, ways beside it."""
        derived: dict[str, object] = {
            "starts": {node.parent: node.id for node in self.nodes.values() if node.kind in STARTS},
            "conditions": {f.id: compile_expression(f.condition) for f in self.flows.values() if f.condition},
            "untils": {
                n.id: compile_expression(n.multi.until) for n in self.nodes.values() if n.multi and n.multi.until
            },
            "blocks": find_blocks(self.nodes, self.flows),
            "main": main_nodes(self.nodes, self.flows),
            "beside": ways_beside(self.nodes, self.flows),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)  # a frozen dataclass offers no other way to fill derived fields

    def children(self, parent: str) -> tuple[Node, ...]:
        """Nodes drawn directly in this sub-process (ROOT: in the process), in drawing order."""
        return tuple(node for node in self.nodes.values() if node.parent == parent)

    def user_tasks(self) -> tuple[Node, ...]:
        """All tasks people do, in drawing order."""
        return tuple(node for node in self.nodes.values() if node.kind is Kind.USER)

    def message_names(self) -> frozenset[str]:
        """Names of all messages the process can wait for."""
        return frozenset(node.message for node in self.nodes.values() if node.message)

    def with_targets(self, returnable: Iterable[str], branchable: Iterable[str]) -> Self:
        """The same graph, knowing which nodes a return or a jump may target."""
        return replace(self, returnable=frozenset(returnable), branchable=frozenset(branchable))

    def to_json(self) -> dict[str, Any]:
        """Plain data for the column of the process version; `from_json` gives an equal graph."""
        return {
            "format": FORMAT,
            "process": self.process_id,
            "name": self.name,
            "variables": dict(self.variables),
            "returnable": _sorted(self.returnable),
            "branchable": _sorted(self.branchable),
            "nodes": [_node_to_json(node) for node in self.nodes.values()],
            "flows": [[f.id, f.source, f.target, f.name, f.condition] for f in self.flows.values()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a graph from `to_json`; raises EngineError when a newer program wrote it."""
        if data.get("format") != FORMAT:
            raise EngineError("流程的编译格式与当前程序版本不一致，请重新编译该流程版本。")
        nodes = [_node_from_json(entry) for entry in data["nodes"]]
        flows = [Flow(*entry) for entry in data["flows"]]
        returnable, branchable = data["returnable"], data.get("branchable")
        return cls(
            process_id=data["process"],
            name=data["name"],
            nodes={node.id: node for node in nodes},
            flows={flow.id: flow for flow in flows},
            variables=dict(data["variables"]),
            returnable=None if returnable is None else frozenset(returnable),
            branchable=None if branchable is None else frozenset(branchable),
        )


def _sorted(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


_PLAIN = ("name", "parent", "line", "default", "attached_to", "duration", "message", "error")
_LISTS = ("incoming", "outgoing", "boundaries")


def _node_to_json(node: Node) -> dict[str, Any]:
    data: dict[str, Any] = {"id": node.id, "kind": node.kind.value}
    data |= {key: value for key in _PLAIN if (value := getattr(node, key))}
    data |= {key: list(value) for key in _LISTS if (value := getattr(node, key))}
    if node.settings:
        data["settings"] = dict(node.settings)
    if not node.interrupting:
        data["interrupting"] = False
    if node.multi:
        data["multi"] = [node.multi.collection, node.multi.sequential, node.multi.until]
    return data


def _node_from_json(data: Mapping[str, Any]) -> Node:
    plain: dict[str, Any] = {key: data[key] for key in _PLAIN if key in data}
    plain |= {key: tuple(data[key]) for key in _LISTS if key in data}
    return Node(
        id=data["id"],
        kind=Kind(data["kind"]),
        settings=dict(data.get("settings", {})),
        interrupting=data.get("interrupting", True),
        multi=Multi(*data["multi"]) if "multi" in data else None,
        **plain,
    )
