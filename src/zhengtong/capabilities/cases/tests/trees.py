"""Random block-structured drawings for the tests of the engine, and a slow model of where their tokens may stand.

A tree says what is drawn: `("task",)`, `("seq", parts)`, `("xor", parts)`, `("and", parts)`, `("or", parts)`,
`("loop", inner)`, `("sub", inner)`, `("lists", inner)` (a sub-process per department), `("multi",)`, `("series",)`,
`("service",)`, `("event",)`, `("late", inner)` (a timer that takes over), `("withdraw", inner)` (a message that does),
`("fails",)` (a service with an error event), `("warn",)` (a timer beside).
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.marking import WHOLE, Marking
from zhengtong.capabilities.cases.engine.model import Graph

Tree = tuple
EVERYTHING = frozenset(
    {
        "xor",
        "and",
        "or",
        "loop",
        "sub",
        "lists",
        "multi",
        "series",
        "service",
        "event",
        "late",
        "withdraw",
        "fails",
        "warn",
    }
)
_LEAVES = ("multi", "series", "service", "event", "fails", "warn")
_ONE = ("loop", "sub", "lists", "late", "withdraw")
_SEVERAL = ("xor", "and", "or")


def trees(kinds: frozenset[str] = EVERYTHING, leaves: int = 9) -> st.SearchStrategy[Tree]:
    """Trees of these kinds, beside tasks and sequences."""
    leaf = st.sampled_from([("task",), *((kind,) for kind in _LEAVES if kind in kinds)])

    def grow(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        several = st.lists(inner, min_size=2, max_size=3)
        shapes = [st.tuples(st.just("seq"), several)]
        shapes += [st.tuples(st.just(kind), several) for kind in _SEVERAL if kind in kinds]
        shapes += [st.tuples(st.just(kind), inner) for kind in _ONE if kind in kinds]
        return st.one_of(shapes)

    return st.recursive(leaf, grow, max_leaves=leaves)


@dataclass
class Region:
    """A piece of the drawing between its first and its last node; `exits` are the arrows into the join of a block."""

    first: str
    last: str
    nodes: tuple[str, ...] = ()
    parts: tuple["Region", ...] = ()
    exits: tuple[str, ...] = ()
    inside: dict[str, "Region"] = field(default_factory=dict)


@dataclass
class Drawer:
    """Turns a tree into lines; `wrap_loops`: a fork in a loop is a sub-process of its own, a reminder is left out."""

    wrap_loops: bool = False
    lines: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    count: int = 0

    def new(self, kind: str, options: str = "") -> str:
        """One more node."""
        self.count += 1
        name = f"{kind[0]}{self.count}"
        self.lines.append(f"{kind} {name} {options}".strip())
        return name

    def variable(self) -> str:
        """One more variable, the case's answer at one gateway."""
        self.variables.append(f"v{len(self.variables)}")
        return self.variables[-1]

    def arrow(self, source: str, target: str, condition: str = "", *, default: bool = False) -> None:
        """An arrow, perhaps with a condition."""
        sign = "=>" if default else "->"
        self.lines.append(f"{source} {sign} {target}" + (f" : {condition}" if condition else ""))

    def block(self, tree: Tree, *, looped: bool) -> Region:
        """Draw a tree."""
        match tree:
            case ("seq", parts):
                regions = [self.block(part, looped=looped) for part in parts]
                for before, after in pairwise(regions):
                    self.arrow(before.last, after.first)
                return Region(regions[0].first, regions[-1].last, parts=tuple(regions))
            case ("xor", parts):
                return self.choice(parts, looped=looped)
            case (("and" | "or"), _) if looped and self.wrap_loops:
                return self.block(("sub", tree), looped=False)
            case (("and" | "or") as kind, parts):
                return self.fork(kind, parts, looped=looped)
            case ("loop", inner):
                return self.loop(inner)
            case (("sub" | "lists") as kind, inner):
                return self.sub(inner, "multi=departments" if kind == "lists" else "")
            case (("late" | "withdraw") as kind, inner):
                return self.taken_over(kind, inner)
            case ("event",):
                return self.event()
            case ("fails",):
                return self.fails()
        return self.leaf(tree[0], looped=looped)

    def leaf(self, kind: str, *, looped: bool) -> Region:
        """A task of some kind."""
        if kind == "service":
            name = self.new("service", "topic=t")
        else:
            name = self.new("user", {"multi": "multi=departments", "series": "series=departments"}.get(kind, ""))
        if kind == "warn" and not (looped and self.wrap_loops):
            event, beside, end = self.new("boundary", f"on={name} for=P1D keep"), self.new("user"), self.new("end")
            self.arrow(event, beside)
            self.arrow(beside, end)
        return Region(name, name, (name,))

    def choice(self, parts: list[Tree], *, looped: bool) -> Region:
        """One of several ways."""
        gate, merge, variable = self.new("xor"), self.new("xor"), self.variable()
        regions = [self.block(part, looped=looped) for part in parts]
        for number, region in enumerate(regions):
            self.arrow(gate, region.first, f"{variable} == {number}" if number else "", default=number == 0)
            self.arrow(region.last, merge)
        return Region(gate, merge, parts=tuple(regions))

    def fork(self, kind: str, parts: list[Tree], *, looped: bool) -> Region:
        """All ways, or, for an inclusive gateway, those whose variable says so."""
        fork, join = self.new(kind), self.new(kind)
        regions, exits = [], []
        for number, part in enumerate(parts):
            region = self.block(part, looped=looped)
            condition = f"{self.variable()} == 1" if kind == "or" and number else ""
            self.arrow(fork, region.first, condition, default=kind == "or" and not number)
            self.arrow(region.last, join)
            regions.append(region)
            exits.append(f"{region.last}_{join}")
        return Region(fork, join, parts=tuple(regions), exits=tuple(exits))

    def loop(self, inner: Tree) -> Region:
        """Again and again while a variable says so, with a task in each round."""
        merge, gate, variable = self.new("xor"), self.new("xor"), self.variable()
        region = self.block(("seq", [("task",), inner]), looped=True)
        leave = self.new("user")
        self.arrow(merge, region.first)
        self.arrow(region.last, gate)
        self.arrow(gate, merge, f"{variable} == 1")
        self.arrow(gate, leave, default=True)
        return Region(merge, leave, (leave,), (region,))

    def sub(self, inner: Tree, options: str = "") -> Region:
        """A sub-process."""
        self.count += 1
        name = f"w{self.count}"
        self.lines.append(f"sub {name} {options} {{")
        start, end = self.new("start"), self.new("end")
        region = self.block(inner, looped=False)
        self.arrow(start, region.first)
        self.arrow(region.last, end)
        self.lines.append("}")
        return Region(name, name, (name,), inside={name: region})

    def taken_over(self, kind: str, inner: Tree) -> Region:
        """A sub-process with an event that interrupts it and goes another way."""
        region = self.sub(inner)
        if kind == "late":
            trigger = "for=P1D"
        else:
            self.messages.append(f"m{len(self.messages)}")
            trigger = f"name={self.messages[-1]}"
        event, instead, merge = self.new("boundary", f"on={region.first} {trigger}"), self.new("user"), self.new("xor")
        for source, target in ((event, instead), (instead, merge), (region.last, merge)):
            self.arrow(source, target)
        return Region(region.first, merge, (*region.nodes, instead), inside=region.inside)

    def event(self) -> Region:
        """Whatever comes first, a timer or a message."""
        self.messages.append(f"m{len(self.messages)}")
        gate, merge = self.new("event"), self.new("xor")
        timer, message = self.new("timer", "for=P1D"), self.new("message", f"name={self.messages[-1]}")
        tasks = [self.new("user"), self.new("user")]
        for caught, task in zip((timer, message), tasks, strict=True):
            for source, target in ((gate, caught), (caught, task), (task, merge)):
                self.arrow(source, target)
        return Region(gate, merge, (gate, timer, message, *tasks))

    def fails(self) -> Region:
        """A service whose error opens a task."""
        name, merge = self.new("service", "topic=t"), self.new("xor")
        event, repair = self.new("boundary", f"on={name} error=broken"), self.new("user")
        for source, target in ((name, merge), (event, repair), (repair, merge)):
            self.arrow(source, target)
        return Region(name, merge, (name, repair))


def draw_tree(tree: Tree, *, wrap_loops: bool = False) -> tuple[str, Drawer, Region]:
    """Lines of a whole process with a task before and one after the tree."""
    drawer = Drawer(wrap_loops=wrap_loops)
    start, end = drawer.new("start"), drawer.new("end")
    region = drawer.block(("seq", [("task",), tree, ("task",)]), looped=False)
    drawer.arrow(start, region.first)
    drawer.arrow(region.last, end)
    return "\n".join(drawer.lines), drawer, region


def check_positions(graph: Graph, region: Region, marking: Marking, scope: int = WHOLE) -> None:
    """Every running block has each branch open or arrived, exactly once, and no scope is in two places at once."""
    here = {number: token for number, token in marking.tokens.items() if token.scope == scope}
    arrived = {flow for key, flows in marking.arrived.items() if key.startswith(f"{scope}/") for flow in flows}
    awaited = {flow for key, flows in marking.expected.items() if key.startswith(f"{scope}/") for flow in flows}
    at = Counter(token.node for token in here.values())
    beside = set(at) - _all_nodes(region)
    assert _positions(region, at, arrived, awaited) == 1 or (beside and not arrived), (graph, marking)
    for number, token in here.items():
        inner = _inner(region, token.node)
        if inner is None:
            continue
        instances = [n for n, t in marking.tokens.items() if t.scope == number] if number in marking.multi else [number]
        for instance in instances:
            check_positions(graph, inner, marking, instance)


def _all_nodes(region: Region) -> set[str]:
    return set(region.nodes).union(*(_all_nodes(part) for part in region.parts))


def _inner(region: Region, name: str) -> Region | None:
    found = (region.inside.get(name), *(_inner(part, name) for part in region.parts))
    return next((inner for inner in found if inner), None)


def _positions(region: Region, at: Counter[str], arrived: set[str], awaited: set[str]) -> int:
    own = sum(at[name] for name in region.nodes)
    parts = [_positions(part, at, arrived, awaited) for part in region.parts]
    if not region.exits:
        assert own + sum(parts) <= 1, (region, at, arrived)
        return own + sum(parts)
    ways = [count + (flow in arrived) for count, flow in zip(parts, region.exits, strict=True)]
    if any(ways):
        expected = [int(flow in awaited) if awaited & set(region.exits) else 1 for flow in region.exits]
        assert ways == expected, (region, at, arrived, awaited)
    return int(any(ways))
