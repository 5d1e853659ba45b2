"""The drawing of a process as supervision reads it: elements, arrows, and what can be worked out from them alone.

It knows nothing of conditions: which way a case takes at a gateway is the case's affair, that there is such a way is
the drawing's.
"""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

ROOT: Final = ""
TASK, SUB = "user", "subprocess"
EXCLUSIVE, PARALLEL, INCLUSIVE = "exclusive", "parallel", "inclusive"
TERMINATE, ERROR_END = "terminate", "error_end"
STARTS: Final = frozenset({"start", "message_start"})
ENDS: Final = frozenset({"end", TERMINATE, ERROR_END})
CALLS: Final = frozenset({"service", "send", "rule"})
EVENTS: Final = frozenset({"boundary_timer", "boundary_message", "boundary_error"})
GATES: Final = frozenset({PARALLEL, INCLUSIVE})


@dataclasses.dataclass(frozen=True, slots=True)
class Element:
    """One element; ``parent`` is the sub-process it is drawn in, ``attached_to`` the activity an event sits on."""

    id: str
    kind: str
    name: str = ""
    parent: str = ROOT
    attached_to: str = ""
    interrupting: bool = True
    multi: bool = False

    @property
    def label(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.id


@dataclasses.dataclass(frozen=True, eq=False)
class Drawing:
    """A frozen version of a process: elements and arrows (id → source and target) in the order of the drawing.

    ``outcomes``: arrow → conclusions with which it is taken, where its condition asks for nothing else. It helps to
    guess which way a case went where no later step shows it, and refuses none.
    """

    key: str
    elements: Mapping[str, Element]
    flows: Mapping[str, tuple[str, str]]
    outcomes: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)

    def source(self, flow: str) -> Element:
        """Where an arrow begins."""
        return self.elements[self.flows[flow][0]]

    def target(self, flow: str) -> Element:
        """Where an arrow ends."""
        return self.elements[self.flows[flow][1]]

    @functools.cached_property
    def incoming(self) -> dict[str, tuple[str, ...]]:
        """Element → arrows that end at it."""
        return self._arrows(1)

    @functools.cached_property
    def outgoing(self) -> dict[str, tuple[str, ...]]:
        """Element → arrows that begin at it."""
        return self._arrows(0)

    def _arrows(self, end: int) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {name: [] for name in self.elements}
        for flow, ends in self.flows.items():
            found[ends[end]].append(flow)
        return {name: tuple(flows) for name, flows in found.items()}

    @functools.cached_property
    def borders(self) -> dict[str, tuple[Element, ...]]:
        """Activity → events on its border."""
        found: dict[str, list[Element]] = {name: [] for name in self.elements}
        for element in self.elements.values():
            if element.attached_to:
                found[element.attached_to].append(element)
        return {name: tuple(events) for name, events in found.items()}

    @functools.cached_property
    def first(self) -> dict[str, str]:
        """Scope (sub-process or ROOT) → the arrow out of its start."""
        return {
            element.parent: self.outgoing[element.id][0]
            for element in self.elements.values()
            if element.kind in STARTS and self.outgoing[element.id]
        }

    @functools.cached_property
    def steps(self) -> tuple[str, ...]:
        """The tasks of people, in the order of the drawing."""
        return tuple(element.id for element in self.elements.values() if element.kind == TASK)

    @functools.cached_property
    def follows(self) -> dict[str, frozenset[str]]:
        """Step → steps that may directly follow it, each way of each gateway taken as possible."""
        return {name: frozenset(self._next(name)) for name in self.steps}

    @functools.cached_property
    def opening(self) -> frozenset[str]:
        """Steps a case may begin with."""
        return frozenset(self._reached(self.first.get(ROOT, "")))

    def _next(self, name: str) -> Iterator[str]:
        for flow in (*self.outgoing[name], *(way for event in self.borders[name] for way in self.outgoing[event.id])):
            yield from self._reached(flow)
        # an event that takes over the sub-process around it may come at any moment
        around = self.elements[name].parent
        while around:
            for event in self.borders[around]:
                for flow in self.outgoing[event.id]:
                    yield from self._reached(flow)
            around = self.elements[around].parent

    def _reached(self, flow: str) -> set[str]:
        """Tasks reached from an arrow without passing a task; a list of nobody lets its task pass."""
        found, seen, waiting = set(), set(), [flow] if flow else []
        while waiting:
            flow = waiting.pop()
            if flow in seen:
                continue
            seen.add(flow)
            element = self.target(flow)
            if element.kind == TASK:
                found.add(element.id)
            if element.kind != TASK or element.multi:
                waiting += self._onward(element)
        return found

    def _onward(self, element: Element) -> list[str]:
        if element.kind in ENDS:
            outer = element.parent
            return list(self.outgoing[outer]) if outer else []
        ways = list(self.outgoing[element.id])
        if element.kind == SUB:
            ways = [self.first[element.id], *(ways if element.multi else ())] if element.id in self.first else ways
        return ways + [way for event in self.borders[element.id] for way in self.outgoing[event.id]]

    @functools.cached_property
    def backward(self) -> frozenset[str]:
        """Arrows that lead back to what lies before them: each passage is one more round."""
        found: set[str] = set()
        state: dict[str, int] = {}
        for begin in (element.id for element in self.elements.values() if element.kind in STARTS):
            self._search(begin, state, found)
        return frozenset(found)

    def _search(self, begin: str, state: dict[str, int], found: set[str]) -> None:
        """Depth first without recursion; 1 is on the way here, 2 is left behind."""
        state[begin] = 1
        stack = [(begin, iter(self._ways(begin)))]
        while stack:
            name, ways = stack[-1]
            for flow in ways:
                target = self.flows[flow][1]
                if state.get(target) == 1:
                    found.add(flow)
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(self._ways(target))))
                    break
            else:
                state[name] = 2
                stack.pop()

    def _ways(self, name: str) -> list[str]:
        return [*self.outgoing[name], *(way for event in self.borders[name] for way in self.outgoing[event.id])]

    def likely(self, name: str, outcome: str) -> list[str]:
        """Arrows out of a gateway, those first that the conclusion last reached leads to."""
        ways = self.outgoing[name]
        return sorted(
            ways, key=lambda flow: 1 if flow not in self.outcomes else 2 * (outcome not in self.outcomes[flow])
        )

    # -- branches ------------------------------------------------------------------------------------------------

    def after(self, name: str) -> frozenset[str]:
        """Arrows behind an element within its branch: up to the first join that awaits another branch as well."""
        found: set[str] = set()
        waiting = list(self._ways(name))
        held: set[str] = set()
        while True:
            while waiting:
                flow = waiting.pop()
                if flow in found:
                    continue
                found.add(flow)
                target = self.target(flow)
                if target.kind in GATES and len(self.incoming[target.id]) > 1:
                    held.add(target.id)
                else:
                    waiting += self._ways(target.id)
            whole = [gate for gate in held if set(self.incoming[gate]) <= found]
            if not whole:
                return frozenset(found)
            held -= set(whole)
            waiting = [way for gate in whole for way in self._ways(gate) if way not in found]

    def beside(self, name: str) -> bool:
        """Whether an element lies in one of several branches that a join awaits."""
        inside = self.after(name)
        gates = {self.flows[flow][1] for flow in inside if self.target(flow).kind in GATES}
        return any(not set(self.incoming[gate]) <= inside for gate in gates)

    def fork_before(self, name: str) -> Element | None:
        """The fork an element directly follows, nothing but gateways and services between."""
        seen = set()
        while name not in seen:
            seen.add(name)
            arrows = self.incoming[name]
            if len(arrows) != 1:
                return None
            before = self.source(arrows[0])
            if before.kind in GATES and len(self.outgoing[before.id]) > 1:
                return before
            if before.kind in STARTS or before.kind == TASK or before.kind == SUB:
                return None
            name = before.id
        return None

    def branch_into(self, flow: str) -> frozenset[str]:
        """Elements and arrows of the branch that reaches an inclusive join by this arrow, its fork left out."""
        known = self._branches.get(flow)
        return known if known is not None else self._branches.setdefault(flow, self._branch(flow))

    @functools.cached_property
    def _branches(self) -> dict[str, frozenset[str]]:
        return {}

    def _branch(self, flow: str) -> frozenset[str]:
        found: set[str] = {flow}
        seen: set[tuple[str, int]] = set()
        waiting = [(self.flows[flow][0], 0)]
        while waiting:
            name, depth = waiting.pop()
            element = self.elements[name]
            if element.kind == INCLUSIVE and len(self.outgoing[name]) > 1:
                if depth == 0:
                    continue
                depth -= 1
            if (name, depth) in seen or depth > len(self.elements):
                continue
            seen.add((name, depth))
            found.add(name)
            inner = depth + int(element.kind == INCLUSIVE and len(self.incoming[name]) > 1)
            for arrow in self.incoming[name]:
                found.add(arrow)
                waiting.append((self.flows[arrow][0], inner))
            if element.attached_to:
                waiting.append((element.attached_to, inner))
        return frozenset(found)


def drawing(
    key: str,
    elements: Iterable[Element],
    flows: Iterable[tuple[str, str, str]],
    outcomes: Mapping[str, Iterable[str]] | None = None,
) -> Drawing:
    """A drawing of its elements and arrows (id, source, target); ``key`` tells one frozen version from another."""
    arrows = {name: (source, target) for name, source, target in flows}
    asked = {flow: frozenset(words) for flow, words in (outcomes or {}).items()}
    return Drawing(key, {one.id: one for one in elements}, arrows, asked)
