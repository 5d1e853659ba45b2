"""正确性检查: explores every marking a drawing can reach, with the very `advance` that will run the cases.

A condition may go either way; a list has 0, 1 or 2 entries; a completion condition may hold or not; an event on the
border fires once each time its activity is opened. Stops at the first defect or at 20 000 states. It also finds the
nodes a return may target: those that, alone in their scope, give a state the drawing reaches by itself.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

from zhengtong.capabilities.cases.engine.advance import advance_play, begin_play, waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.marking import WHOLE, Marking
from zhengtong.capabilities.cases.engine.model import (
    ACTIVITIES,
    CALLS,
    ENDS,
    ROOT,
    EngineError,
    Graph,
    Kind,
    Node,
    Refusal,
    Refused,
    Unsafe,
)
from zhengtong.capabilities.cases.engine.play import Play
from zhengtong.capabilities.cases.engine.steps import Command, Complete, FireTimer, Message, ReturnTo, ServiceDone

STATES = 20_000
MOVES = 300_000
_TRIES = 25
_SIZES = (0, 1, 2)

State = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """`graph` (knowing its returnable nodes) is None when `refusals` is not empty; `states` were explored."""

    graph: Graph | None
    refusals: tuple[Refusal, ...]
    states: int


class _Script:
    """A chooser that follows a list of decisions and notes how many ways each one had."""

    def __init__(self, script: list[int]) -> None:
        self.script = script
        self.ways: list[int] = []

    def _pick(self, ways: int) -> int:
        position = len(self.ways)
        self.ways.append(ways)
        return self.script[position] if position < len(self.script) else 0

    def exclusive(self, node: Node, item: str | None) -> str:
        """Any arrow."""
        return node.outgoing[self._pick(len(node.outgoing))]

    def inclusive(self, node: Node, item: str | None) -> tuple[str, ...]:
        """Any arrows, at least one."""
        flows = node.outgoing
        sets = [chosen for size in range(1, len(flows) + 1) for chosen in combinations(flows, size)]
        return sets[self._pick(len(sets))]

    def items(self, node: Node, item: str | None) -> tuple[str, ...]:
        """None, one or two entries."""
        return tuple(str(number) for number in range(_SIZES[self._pick(len(_SIZES))]))

    def enough(self, node: Node, item: str | None, counts: Mapping[str, int]) -> bool:
        """Yes or no."""
        return bool(self._pick(2))


def _outcomes(step: Callable[[_Script], Play]) -> Iterator[Play]:
    """Run one step once for every combination of decisions it meets."""
    script: list[int] | None = []
    while script is not None:
        chooser = _Script(script)
        yield step(chooser)
        taken = script + [0] * (len(chooser.ways) - len(script))
        while taken and taken[-1] + 1 >= chooser.ways[len(taken) - 1]:
            taken.pop()
        script = [*taken[:-1], taken[-1] + 1] if taken else None


def _sorted(names: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(sorted(names or ()))


def canonical(marking: Marking) -> State:
    """The marking without token numbers and item names: nested, sorted."""
    inside: dict[int, list[int]] = {}
    for number, token in marking.tokens.items():
        inside.setdefault(token.scope, []).append(number)

    def describe(scope: int) -> State:
        prefix = f"{scope}/"
        joins = sorted(
            (key[len(prefix) :], _sorted(marking.arrived.get(key)), _sorted(marking.expected.get(key)))
            for key in {*marking.arrived, *marking.expected}
            if key.startswith(prefix)
        )
        children = sorted(
            (
                marking.tokens[number].node,
                tuple(len(part) for part in marking.multi.get(number, ())),
                _sorted(marking.fired.get(number)),
                describe(number),
            )
            for number in inside.get(scope, ())
        )
        return (tuple(joins), tuple(children))

    return describe(WHOLE)


def prove(graph: Graph) -> Proof:
    """Check a parsed drawing; the refusals name the element and the way that leads there."""
    spinning = _idle_loop(graph)
    if spinning:
        text = f"从{spinning.label}出发的回路上没有任何会停下来等待的任务，流程会空转。请在回路上放一个任务。"
        return Proof(None, (_refusal(spinning, text),), 0)
    explorer = _Explorer(graph)
    refusal = explorer.explore()
    refusals = (refusal,) if refusal else explorer.remaining_defects()
    if refusals:
        return Proof(None, refusals, len(explorer.seen))
    return Proof(graph.with_returnable(explorer.returnable()), (), len(explorer.seen))


def _refusal(node: Node, text: str) -> Refusal:
    return Refusal(node.id, f"第 {node.line} 行{node.label}：{text}")


def _idle_loop(graph: Graph) -> Node | None:
    """A loop that no token ever waits in; a multi-instance activity may be empty, so it does not count as waiting."""

    def passes(node: Node) -> bool:
        if node.multi:
            return True
        if node.kind is Kind.SUBPROCESS:
            return _passable(graph, node.id, passes)
        return node.kind in (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE)

    idle = {node.id: node for node in graph.nodes.values() if passes(node)}
    changed = True
    while changed:
        gone = [
            name for name, node in idle.items() if not any(graph.flows[flow].target in idle for flow in node.outgoing)
        ]
        for name in gone:
            del idle[name]
        changed = bool(gone)
    return next(iter(idle.values()), None)


def _passable(graph: Graph, parent: str, passes: Callable[[Node], bool]) -> bool:
    """Whether a token can cross a sub-process from start to end without waiting."""
    waiting, seen = [graph.starts[parent]], set[str]()
    while waiting:
        node = graph.nodes[waiting.pop()]
        if node.kind in ENDS:
            return True
        if node.id in seen or not (node.id == graph.starts[parent] or passes(node)):
            continue
        seen.add(node.id)
        waiting += [graph.flows[flow].target for flow in node.outgoing]
    return False


class _Explorer:
    """Breadth-first over all reachable markings."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.seen: dict[State, Marking] = {}
        self.origin: dict[State, tuple[State | None, str]] = {}
        self.natural: dict[State, set[State]] = {}
        self.entered: set[str] = set()
        self.moves = 0

    def explore(self) -> Refusal | None:
        """All states, or the first defect."""
        queue: deque[State] = deque()
        defect = self._run(None, "", lambda chooser: begin_play(self.graph, chooser), queue, natural=True)
        while queue and not defect:
            state = queue.popleft()
            for command in self._commands(self.seen[state]):
                defect = self._command(state, command, queue)
                if defect:
                    break
        return defect

    def _command(self, state: State, command: Command, queue: deque[State]) -> Refusal | None:
        marking = self.seen[state]
        label, natural = self._describe(marking, command)
        return self._run(state, label, partial(self._play, marking, command), queue, natural=natural)

    def _describe(self, marking: Marking, command: Command) -> tuple[str, bool]:
        """What a person would call this step, and whether it comes by itself (a message on the border need not)."""
        nodes = self.graph.nodes
        if isinstance(command, (FireTimer, Message)):
            node = nodes[command.node or ""]
            return node.name or node.id, node.kind is not Kind.BOUNDARY_MESSAGE
        node = nodes[marking.tokens[getattr(command, "token", 0)].node]
        return node.name or node.id, True

    def _commands(self, marking: Marking) -> list[Command]:
        graph = self.graph
        commands: list[Command] = []
        for number, token in marking.tokens.items():
            kind = graph.nodes[token.node].kind
            if number in marking.multi:
                continue
            if kind is Kind.USER:
                commands.append(Complete(number))
            elif kind in CALLS:
                commands.append(ServiceDone(number))
        return [*commands, *waiting_timers(graph, marking), *waiting_messages(graph, marking)]

    def _run(
        self,
        state: State | None,
        label: str,
        step: Callable[[_Script], Play],
        queue: deque[State],
        *,
        natural: bool,
    ) -> Refusal | None:
        try:
            for play in _outcomes(step):
                self.moves += 1
                if len(self.seen) > STATES or self.moves > MOVES:
                    node = self.graph.nodes[self.graph.starts[ROOT]]
                    return _refusal(node, f"流程的状态超过 {STATES} 个，无法证明正确，请拆成几个流程或减少并行。")
                reached = play.marking()
                self.entered |= play.entered
                after = canonical(reached)
                if after not in self.seen:
                    self.seen[after] = reached
                    self.origin[after] = (state, label)
                    queue.append(after)
                if natural and state is not None:
                    self.natural.setdefault(after, set()).add(state)
                stuck = self._stuck_join(reached)
                if stuck:
                    return self._with_path(stuck[0], stuck[1], after, "")
        except Unsafe as error:
            return self._with_path(self.graph.nodes[error.element_id], _ADVICE[error.defect], state, label)
        return None

    def _stuck_join(self, marking: Marking) -> tuple[Node, str] | None:
        """A scope in which nothing is open but a join still waits will wait for ever."""
        busy = {token.scope for token in marking.tokens.values()}
        for key, arrived in marking.arrived.items():
            scope, _, name = key.partition("/")
            if int(scope) in busy:
                continue
            node = self.graph.nodes[name]
            awaited = marking.expected.get(key, node.incoming)
            missing = "、".join(self._source(flow) for flow in awaited if flow not in arrived)
            return node, f"死锁：这里会一直等待来自{missing}的分支，而它不会再来。请检查分叉与汇聚的网关是否成对。"
        return None

    def _source(self, flow: str) -> str:
        return self.graph.nodes[self.graph.flows[flow].source].label

    def _with_path(self, node: Node, text: str, state: State | None, last: str) -> Refusal:
        steps = [last] if last else []
        while state is not None:
            state, label = self.origin[state]
            if label:
                steps.append(label)
        way = f"（办理顺序：{' → '.join(reversed(steps))}）" if steps else ""
        return _refusal(node, text + way)

    def remaining_defects(self) -> tuple[Refusal, ...]:
        """What only shows when all states are known: nodes never reached, states without a way to the end."""
        never = [node for node in self.graph.nodes.values() if node.id not in self.entered]
        if never:
            return tuple(_refusal(node, "永远走不到这里。请检查连线，或删去它。") for node in never)
        good = {state for state, marking in self.seen.items() if marking.done}
        waiting = list(good)
        while waiting:
            for before in self.natural.get(waiting.pop(), ()):
                if before not in good:
                    good.add(before)
                    waiting.append(before)
        bad = next((state for state in self.seen if state not in good), None)
        if bad is None:
            return ()
        token = next(iter(self.seen[bad].tokens.values()))
        text = "走到这里以后，不论怎样办理都到不了结束。请检查回路有没有出口、汇聚有没有等不到的分支。"
        return (self._with_path(self.graph.nodes[token.node], text, bad, ""),)

    def returnable(self) -> frozenset[str]:
        """Nodes to which a whole return is safe."""
        kinds = ACTIVITIES | {Kind.PARALLEL, Kind.INCLUSIVE}
        wanted = {node.id: _TRIES for node in self.graph.nodes.values() if node.kind in kinds}
        safe: set[str] = set()
        for marking in self.seen.values():
            for target in [name for name, tries in wanted.items() if tries and name not in safe]:
                verdict = self._return_is_safe(marking, target)
                if verdict:
                    safe.add(target)
                elif verdict is False:
                    wanted[target] -= 1
        return frozenset(safe)

    def _play(self, marking: Marking, command: Command, chooser: _Script) -> Play:
        return advance_play(self.graph, marking, chooser, command)

    def _return_is_safe(self, marking: Marking, target: str) -> bool | None:
        """True or False when some token of this marking could return there, None when none can."""
        for number in marking.tokens:
            try:
                step = partial(self._play, marking, ReturnTo(number, target))
                plays = list(_outcomes(step))
            except Refused:
                continue
            except EngineError:
                return False
            return all(canonical(play.marking()) in self.seen for play in plays)
        return None


_ADVICE = {
    "double": "这个环节还没有办完就可能又被打开一次。并行分叉之后请用并行网关汇聚，不要直接并线。",
    "pile": "分支还没有等齐，同一条线上就可能又来一次（令牌堆积）。"
    "不要从并行分支里面直接退回到分叉之前，请在汇聚之后退回。",
    "spin": "流程会空转，没有任何环节停下来等待。请在回路上放一个任务。",
}
