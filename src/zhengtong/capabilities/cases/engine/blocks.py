"""Fork/join blocks of a drawing: which parallel or inclusive fork belongs to which join, and what lies in each branch.

Needed for two things: the inclusive join must know which branches to expect, and the return of one branch must
know which arrivals at the join to keep.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhengtong.capabilities.cases.engine.nodes import ENDS, STARTS, Flow, Kind, Node

_FORKS = frozenset({Kind.PARALLEL, Kind.INCLUSIVE})


@dataclass(frozen=True, slots=True)
class Branch:
    """One way from fork to join: the arrow that opens it, the nodes in it, the arrow by which it reaches the join."""

    entry: str
    nodes: frozenset[str]
    exit: str


@dataclass(frozen=True, slots=True)
class Block:
    """A fork, its join and the branches between, each branch separate from the others and from the outside."""

    fork: str
    join: str
    branches: tuple[Branch, ...]

    @property
    def nodes(self) -> frozenset[str]:
        """All nodes strictly between fork and join."""
        return frozenset().union(*(branch.nodes for branch in self.branches))

    def branch_of(self, node: str) -> Branch | None:
        """The branch that holds this node."""
        return next((branch for branch in self.branches if node in branch.nodes), None)


def find_blocks(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> tuple[Block, ...]:
    """All blocks, the outer before the inner; a fork without a clean join gives none."""
    found = []
    for fork, node in nodes.items():
        if node.kind in _FORKS and len(node.outgoing) > 1:
            block = _block_of(fork, nodes, flows)
            if block:
                found.append(block)
    return tuple(sorted(found, key=lambda block: -len(block.nodes)))


def main_nodes(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> frozenset[str]:
    """Nodes on the way from start to end; the others lie behind an event that leaves its activity open."""
    starts = [node.id for node in nodes.values() if node.kind in STARTS]
    return _reached(starts, nodes, flows, keeping=frozenset())


def ways_beside(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> dict[str, frozenset[str]]:
    """What each event that leaves its activity open brings, as far as nothing else leads there.

    Events beside its own tasks are not part of it: they bring ways of their own.
    """
    starts = [node.id for node in nodes.values() if node.kind in STARTS]
    beside = [node.id for node in nodes.values() if node.attached_to and not node.interrupting]
    return {
        event: _reached([event], nodes, flows, keeping=frozenset())
        - _reached(starts, nodes, flows, keeping=frozenset(beside) - {event})
        for event in beside
    }


def _reached(
    begin: Iterable[str], nodes: Mapping[str, Node], flows: Mapping[str, Flow], *, keeping: frozenset[str]
) -> frozenset[str]:
    """Nodes reached over arrows, events that interrupt, and these events that do not."""
    waiting, found = list(begin), set[str]()
    while waiting:
        node = nodes[waiting.pop()]
        if node.id not in found:
            found.add(node.id)
            waiting += [flows[flow].target for flow in node.outgoing]
            waiting += [event for event in node.boundaries if nodes[event].interrupting or event in keeping]
    return frozenset(found)


def _block_of(fork: str, nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> Block | None:
    split = nodes[fork]
    for join, node in nodes.items():
        fits = node.kind == split.kind and node.parent == split.parent and len(node.incoming) == len(split.outgoing)
        if not fits or join == fork:
            continue
        branches = [_branch(entry, fork, join, nodes, flows) for entry in split.outgoing]
        clean = [branch for branch in branches if branch]
        disjoint = sum(len(branch.nodes) for branch in clean) == len(frozenset().union(*(b.nodes for b in clean)))
        if len(clean) == len(branches) and disjoint:
            return Block(fork, join, tuple(clean))
    return None


def _branch(entry: str, fork: str, join: str, nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> Branch | None:
    """Follow one arrow of the fork; None when the branch ends elsewhere, is entered from outside or leaves twice."""
    main: set[str] = set()
    side: set[str] = set()
    exits = {entry} if flows[entry].target == join else set()
    waiting = [] if exits else [(flows[entry].target, False)]
    while waiting:
        current, beside = waiting.pop()
        if current in main or (beside and current in side):
            continue
        node = nodes[current]
        if current == fork or (node.kind in ENDS and not beside):
            return None
        (side if beside else main).add(current)
        waiting += [(event, beside or not nodes[event].interrupting) for event in node.boundaries]
        for flow in node.outgoing:
            if flows[flow].target == join:
                exits.add(flow)
            else:
                waiting.append((flows[flow].target, beside))
    inside, side = main | side, side - main
    entered = {flow for name in inside for flow in nodes[name].incoming if flows[flow].source not in inside}
    if len(exits) != 1 or entered - {entry} or any(flows[flow].source in side for flow in exits):
        return None
    return Branch(entry, frozenset(inside), next(iter(exits)))
