"""Where a drawing leaves a choice: decided by the variables of the case, or, in the soundness check, tried out."""

from collections.abc import Mapping
from typing import Protocol

from zhengtong.capabilities.cases.engine.model import Graph, Node, Refused

INSTANCES, INSTANCES_DONE, INSTANCES_OPEN, ITEM = "instances", "instances_done", "instances_open", "item"
BUILT_IN = {INSTANCES: "number", INSTANCES_DONE: "number", INSTANCES_OPEN: "number", ITEM: "text"}


class Chooser(Protocol):
    """Answers the four questions a token can ask."""

    def exclusive(self, node: Node, item: str | None) -> str:
        """The one arrow taken out of an exclusive gateway."""
        ...

    def inclusive(self, node: Node, item: str | None) -> tuple[str, ...]:
        """The arrows, at least one, taken out of an inclusive gateway."""
        ...

    def items(self, node: Node, item: str | None) -> tuple[str, ...]:
        """The entries for which a multi-instance activity opens."""
        ...

    def enough(self, node: Node, item: str | None, counts: Mapping[str, int]) -> bool:
        """Whether the completion condition of a multi-instance activity is met."""
        ...


class ByVariables:
    """The chooser of real cases: conditions over the variables."""

    def __init__(self, graph: Graph, variables: Mapping[str, object]) -> None:
        self.graph = graph
        self.variables = variables

    def _seen(self, item: str | None) -> Mapping[str, object]:
        return self.variables if item is None else {**self.variables, ITEM: item}

    def exclusive(self, node: Node, item: str | None) -> str:
        """First arrow in drawing order whose condition holds, else the default."""
        seen = self._seen(item)
        conditions = self.graph.conditions
        for flow in node.outgoing:
            if flow in conditions and conditions[flow].holds(seen):
                return flow
        return node.default or node.outgoing[0]

    def inclusive(self, node: Node, item: str | None) -> tuple[str, ...]:
        """All arrows whose condition holds, else the default."""
        seen = self._seen(item)
        conditions = self.graph.conditions
        chosen = tuple(flow for flow in node.outgoing if flow in conditions and conditions[flow].holds(seen))
        return chosen or (node.default,)

    def items(self, node: Node, item: str | None) -> tuple[str, ...]:
        """The list variable; refused when it is missing, no list of texts, or names somebody twice."""
        name = node.multi.collection if node.multi else ""
        value = self._seen(item).get(name)
        if not isinstance(value, (list, tuple)) or not all(isinstance(entry, str) and entry for entry in value):
            raise Refused(f"环节{node.label}需要名单“{name}”，但办件没有给出，请先确定参与部门或人员。", node.id)
        if len(set(value)) != len(value):
            raise Refused(f"环节{node.label}的名单“{name}”里有重复，请去掉重复的部门或人员。", node.id)
        return tuple(value)

    def enough(self, node: Node, item: str | None, counts: Mapping[str, int]) -> bool:
        """The completion condition over the variables and the three counts."""
        return self.graph.untils[node.id].holds({**self._seen(item), **counts})
