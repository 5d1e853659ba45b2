"""正确性检查: explores every marking a drawing can reach, with the very `advance` that will run the cases.

A condition may go either way; a list has 0, 1 or 2 entries; a completion condition may hold or not; an event on a
border may occur or not. It stops at the first defect, or at 20 000 states. It also finds the nodes a return may target:
those that, alone in their scope, give a state the drawing reaches by itself.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

from zhengtong.capabilities.cases.engine.advance import advance_play, begin_play, waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.marking import HELD, WHOLE, Marking
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
from zhengtong.capabilities.cases.engine.signers import signers_before
from zhengtong.capabilities.cases.engine.steps import (
    Command,
    Complete,
    FireTimer,
    Jump,
    Message,
    ReturnTo,
    ServiceDone,
    ServiceFailed,
)

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


def twins_of(graph: Graph) -> dict[str, str]:
    """Tasks that make up a whole branch of a fork alone, and their arrows to the join, each with its first like.

    Swapping two of them gives the same drawing, so that states which differ by that only are one.
    """
    names: dict[str, str] = {}
    for block in graph.blocks:
        alike: dict[Kind, tuple[str, str]] = {}
        for branch in block.branches if graph.nodes[block.fork].kind is Kind.PARALLEL else ():
            if len(branch.nodes) != 1:  # several steps, or an arrow straight to the join
                continue
            (name,) = branch.nodes
            node = graph.nodes[name]
            if not node.boundaries and not node.multi and node.kind in CALLS | {Kind.USER}:
                names[name], names[branch.exit] = alike.setdefault(node.kind, (name, branch.exit))
    return names


def canonical(marking: Marking, twins: Mapping[str, str]) -> State:
    """The marking without token numbers and item names, twins under one name: nested, sorted."""

    def sorted_names(names: tuple[str, ...] | None) -> tuple[str, ...]:
        return tuple(sorted(twins.get(name, name) for name in names or ()))

    inside: dict[int, list[int]] = {}
    for number, token in marking.tokens.items():
        inside.setdefault(token.scope, []).append(number)

    def describe(scope: int) -> State:
        prefix = f"{scope}/"
        joins = sorted(
            (key[len(prefix) :], sorted_names(marking.arrived.get(key)), sorted_names(marking.expected.get(key)))
            for key in {*marking.arrived, *marking.expected}
            if key.startswith(prefix)
        )
        children = sorted(
            (
                twins.get(marking.tokens[number].node, marking.tokens[number].node),
                marking.tokens[number].mark,
                len(marking.after.get(number, ())),
                tuple(len(part) for part in marking.multi.get(number, ())),
                sorted_names(marking.fired.get(number)),
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
    return Proof(graph.with_targets(*explorer.targets()), (), len(explorer.seen))


def unsound_from(graph: Graph, marking: Marking) -> Refusal | None:
    """What is wrong with a marking the drawing may not reach by itself: a deadlock, or no way to the end."""
    explorer = _Explorer(graph)
    defect = explorer.explore(marking)
    return defect or explorer.without_end()


def _refusal(node: Node, text: str) -> Refusal:
    return Refusal.at(node.id, f"第 {node.line} 行{node.label}", text)


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
        self.twins = twins_of(graph)
        self.seen: dict[State, Marking] = {}
        self.origin: dict[State, tuple[State | None, str]] = {}
        self.natural: dict[State, set[State]] = {}
        self.entered: set[str] = set()
        self.moves = 0

    def explore(self, marking: Marking | None = None) -> Refusal | None:
        """All states from the start, or from this marking, or the first defect."""
        queue: deque[State] = deque()
        if marking is None:
            defect = self._run(None, "", lambda chooser: begin_play(self.graph, chooser), queue, natural=True)
        else:
            defect = self._run(None, "", lambda chooser: Play(self.graph, marking, chooser), queue, natural=True)
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
        failed = isinstance(command, ServiceFailed)
        return (node.name or node.id) + ("（出错）" if failed else ""), not failed

    def _commands(self, marking: Marking) -> list[Command]:
        graph = self.graph
        commands: list[Command] = []
        for number, token in marking.tokens.items():
            kind = graph.nodes[token.node].kind
            if number in marking.multi or token.mark == HELD or signers_before(marking, number):
                continue
            if kind is Kind.USER:
                commands.append(Complete(number))
            elif kind in CALLS:
                commands.append(ServiceDone(number))
                commands += [ServiceFailed(number, code) for code in self._codes(marking, number)]
        return [*commands, *waiting_timers(graph, marking), *waiting_messages(graph, marking)]

    def _codes(self, marking: Marking, number: int) -> set[str]:
        """The errors of a service that some event around it tells apart."""
        codes = set()
        while number != WHOLE:
            node = self.graph.nodes[marking.tokens[number].node]
            events = [self.graph.nodes[event] for event in node.boundaries]
            codes |= {event.error for event in events if event.kind is Kind.BOUNDARY_ERROR}
            number = marking.tokens[number].scope
        return codes

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
                    return _refusal(
                        node,
                        f"流程的状态超过 {STATES} 个或走法超过 {MOVES} 种，无法证明正确，请拆成几个流程或减少并行。",
                    )
                reached = play.marking()
                self.entered |= play.entered
                after = canonical(reached, self.twins)
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
        bad = self.without_end()
        return (bad,) if bad else ()

    def without_end(self) -> Refusal | None:
        """A state that never reaches the end."""
        good = {state for state, marking in self.seen.items() if marking.done}
        waiting = list(good)
        while waiting:
            for before in self.natural.get(waiting.pop(), ()):
                if before not in good:
                    good.add(before)
                    waiting.append(before)
        bad = next((state for state in self.seen if state not in good), None)
        if bad is None:
            return None
        token = next(iter(self.seen[bad].tokens.values()))
        text = "走到这里以后，不论怎样办理都到不了结束。请检查回路有没有出口、汇聚有没有等不到的分支。"
        return self._with_path(self.graph.nodes[token.node], text, bad, "")

    def targets(self) -> tuple[frozenset[str], frozenset[str]]:
        """Nodes that may be opened alone in their scope, and alone in their branch of a block."""
        kinds = ACTIVITIES | {Kind.PARALLEL, Kind.INCLUSIVE}
        wanted = [name for name, node in self.graph.nodes.items() if node.kind in kinds and name in self.graph.main]
        within = {name for name in wanted if any(block.branch_of(name) for block in self.graph.blocks)}
        alone = self._safe([name for name in wanted if name not in within], ReturnTo)
        return alone, self._safe(within, Jump)

    def _safe(self, targets: Collection[str], command: Callable[[int, str], Command]) -> frozenset[str]:
        tries = dict.fromkeys(targets, _TRIES)
        safe: set[str] = set()
        for marking in self.seen.values():
            for target in list(tries):
                verdict = self._is_safe(marking, target, command)
                if verdict is False:
                    tries[target] -= 1
                if verdict or not tries[target]:
                    tries.pop(target)
                    if verdict:
                        safe.add(target)
        alike = {self.twins.get(target, target) for target in safe}
        return frozenset(target for target in targets if self.twins.get(target, target) in alike)

    def _play(self, marking: Marking, command: Command, chooser: _Script) -> Play:
        return advance_play(self.graph, marking, chooser, command)

    def _is_safe(self, marking: Marking, target: str, command: Callable[[int, str], Command]) -> bool | None:
        """True or False when some token of this marking could go there, None when none can."""
        for number in marking.tokens:
            try:
                step = partial(self._play, marking, command(number, target))
                plays = list(_outcomes(step))
            except Refused:
                continue
            except EngineError:
                return False
            return all(canonical(play.marking(), self.twins) in self.seen for play in plays)
        return None


_ADVICE = {
    "double": "这个环节还没有办完就可能又被打开一次。并行分叉之后请用并行网关汇聚，不要直接并线；"
    "不取消原环节的边界事件，请各引到自己的环节，不要并到一处。",
    "pile": "分支还没有等齐，同一条线上就可能又来一次（令牌堆积）。"
    "不要从并行分支里面直接退回到分叉之前，请在汇聚之后退回。",
    "spin": "流程会空转，没有任何环节停下来等待。请在回路上放一个任务。",
}
