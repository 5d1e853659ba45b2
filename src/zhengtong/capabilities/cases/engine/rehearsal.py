"""试运行: plays a drawing with a list of moves that name nodes, never tokens, so that they outlive a changed drawing.

Nothing is kept between two calls: the same graph and the same moves always give the same rehearsal.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from zhengtong.capabilities.cases.engine.advance import advance_play, begin_play, waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.choices import ByVariables
from zhengtong.capabilities.cases.engine.expressions import FLAG, LIST, NUMBER, TEXT
from zhengtong.capabilities.cases.engine.marking import WHOLE, Marking
from zhengtong.capabilities.cases.engine.model import CALLS, EngineError, Graph, Kind, Node
from zhengtong.capabilities.cases.engine.play import Play
from zhengtong.capabilities.cases.engine.steps import (
    Command,
    Complete,
    Ended,
    FireTimer,
    Message,
    ServiceDone,
    ServiceFailed,
)

LIMIT = 200
_DIGITS = 20
OUTCOME = "outcome"
START, TASK, SERVICE, TIMER, MESSAGE, ERROR = "start", "task", "service", "timer", "message", "error"
_DONE = (START, TASK, SERVICE, TIMER, MESSAGE, ERROR)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happened: `do` start|task|service|timer|message|error at `node` (for a list: of `item`).

    `outcome` is the outcome of a task, or the code of the error a service answers with.
    """

    do: str
    node: str = ""
    item: str = ""
    outcome: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the record of a trial."""
        plain = {"do": self.do, "node": self.node, "item": self.item, "outcome": self.outcome}
        return {key: value for key, value in plain.items() if value} | (
            {"variables": dict(self.variables)} if self.variables else {}
        )

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Rebuild a move; raises ValueError for anything else, and for what no table can keep."""
        if not isinstance(data, Mapping) or data.get("do") not in _DONE or not _keepable(data):
            raise ValueError("试运行的记录已经损坏，请重新开始试运行。")
        variables = data.get("variables", {})
        words = {key: data.get(key, "") for key in ("node", "item", "outcome")}
        if not isinstance(variables, Mapping) or not all(isinstance(word, str) for word in words.values()):
            raise ValueError("试运行的记录已经损坏，请重新开始试运行。")
        return cls(str(data["do"]), **words, variables={str(key): value for key, value in variables.items()})


def _keepable(data: Mapping[str, Any]) -> bool:
    """Whether PostgreSQL keeps it as JSON: no infinite numbers, no NUL, no half of a character."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, TypeError):
        return False
    return "\\u0000" not in text


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place where the rehearsal waits for somebody or something; `do`, `node` and `item` make the next move."""

    do: str
    node: str
    item: str
    name: str
    role: str = ""
    unit: str = ""
    limit: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where a list of moves leads; `fault` says why move number `played` + 1 could not be made."""

    steps: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    active: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()
    variables: Mapping[str, object] = field(default_factory=dict)
    played: int = 0
    ended: bool = False
    ending: str = ""
    fault: str = ""

    @property
    def complete(self) -> bool:
        """Every move was made and the case came to its end."""
        return self.ended and not self.fault


def read_moves(data: object) -> tuple[Move, ...]:
    """A list of moves from plain data; raises ValueError with a Chinese sentence."""
    if not isinstance(data, Sequence) or isinstance(data, str) or len(data) > LIMIT:
        raise ValueError(f"一次试运行最多 {LIMIT} 步。")
    return tuple(Move.from_json(entry) for entry in data)


def read_value(text: str, kind: str) -> object:
    """What was typed for a variable of this type: a number, yes or no, a list, a text; raises ValueError."""
    text = text.strip()
    if kind == LIST:
        return [part for part in text.replace("，", ",").replace("、", ",").replace(" ", ",").split(",") if part]
    if kind == FLAG:
        return text in ("on", "true", "True", "1")
    if kind == NUMBER:
        try:
            number = float(text) if "." in text else int(text or 0)
        except ValueError:
            raise ValueError(f"“{text[:_DIGITS]}”不是数字。") from None
        if len(text) > _DIGITS or not math.isfinite(number):
            raise ValueError(f"“{text[:_DIGITS]}”不是平常的数字，最多 {_DIGITS} 位。")
        return number
    return text if kind == TEXT or text else None


def rehearse(graph: Graph, moves: Sequence[Move]) -> Rehearsal:
    """Play the moves one after the other; stops at the first that does not fit."""
    run = _Run(graph)
    for number, move in enumerate(moves):
        try:
            run.make(move)
        except EngineError as error:
            return run.result(number, f"第 {number + 1} 步走不下去：{error.message}")
    return run.result(len(moves), "")


class _Noting(ByVariables):
    """Chooses by variables and notes the arrows chosen."""

    def __init__(self, graph: Graph, variables: Mapping[str, object], chosen: set[str]) -> None:
        super().__init__(graph, variables)
        self.chosen = chosen

    def exclusive(self, node: Node, item: str | None) -> str:
        flow = super().exclusive(node, item)
        self.chosen.add(flow)
        return flow

    def inclusive(self, node: Node, item: str | None) -> tuple[str, ...]:
        flows = super().inclusive(node, item)
        self.chosen.update(flows)
        return flows


class _Run:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.marking: Marking | None = None
        self.variables: dict[str, object] = {}
        self.entered: set[str] = set()
        self.chosen: set[str] = set()
        self.steps: list[str] = []
        self.ending = ""

    def make(self, move: Move) -> None:
        """One move, with the sentence that tells it."""
        started = self.marking is not None
        if started == (move.do == START):
            raise EngineError("试运行已经开始。" if started else "试运行还没有开始。")
        variables = {**self.variables, **move.variables}
        if move.do == TASK:
            self._check_outcome(move)
            variables[OUTCOME] = move.outcome or "done"
        chooser = _Noting(self.graph, variables, self.chosen)
        if self.marking is None:
            play = begin_play(self.graph, chooser)
        else:
            play = advance_play(self.graph, self.marking, chooser, self._command(move))
        self.variables = variables
        self._take(play, self._sentence(move))

    def _take(self, play: Play, sentence: str) -> None:
        self.marking = play.marking()
        self.entered |= play.entered
        ends = [effect.node for effect in play.effects if isinstance(effect, Ended)]
        if self.marking.done:
            self.ending = next((name for end in reversed(ends) if (name := self._ending(end))), "")
        opened = [self.graph.nodes[name].name or name for name in self._fresh(play)]
        after = f"到达：{'、'.join(opened)}。" if opened else ""
        self.steps.append(sentence + (f"办件结束（{self.ending or '没有结果'}）。" if self.marking.done else after))

    def _ending(self, node: str) -> str:
        end = self.graph.nodes[node]
        return end.name or end.settings.get("result", "") or end.id

    def _fresh(self, play: Play) -> list[str]:
        tokens = {effect.token for effect in play.effects if hasattr(effect, "token")}
        names = [token.node for number, token in play.tokens.items() if number in tokens]
        return list(dict.fromkeys(name for name in names if self.graph.nodes[name].kind is not Kind.SUBPROCESS))

    def _check_outcome(self, move: Move) -> None:
        node = self.graph.nodes.get(move.node)
        if node is not None and node.outcomes and move.outcome not in node.outcomes:
            raise EngineError(f"环节{node.label}没有“{move.outcome}”这个办理结果。", move.node)

    def _command(self, move: Move) -> Command:
        assert self.marking is not None
        node = self.graph.nodes.get(move.node)
        if node is None:
            raise EngineError(f"图上已经没有“{move.node}”这个环节。", move.node)
        if move.do == TIMER:
            found = [timer for timer in waiting_timers(self.graph, self.marking) if timer.node == move.node]
            token = self._chosen_token([timer.token for timer in found], move, node)
            return FireTimer(token, move.node)
        if move.do == MESSAGE:
            waits = [message for message in waiting_messages(self.graph, self.marking) if message.node == move.node]
            token = self._chosen_token([wait.token for wait in waits if wait.token is not None], move, node)
            return Message(node.message, token, move.node)
        kinds = frozenset({Kind.USER}) if move.do == TASK else CALLS
        work = [
            number
            for number, token in self.marking.tokens.items()
            if token.node == move.node and node.kind in kinds and number not in self.marking.multi
        ]
        token = self._chosen_token(work, move, node)
        if move.do == ERROR:
            return ServiceFailed(token, move.outcome)
        return Complete(token) if move.do == TASK else ServiceDone(token)

    def _chosen_token(self, tokens: Sequence[int], move: Move, node: Node) -> int:
        assert self.marking is not None
        for number in tokens:
            if (self.marking.tokens[number].item or "") == move.item:
                return number
        raise EngineError(f"这时{node.label}没有在等待。", node.id)

    def _sentence(self, move: Move) -> str:
        if move.do == START:
            return "提出申请。"
        node = self.graph.nodes[move.node]
        name = f"“{node.name or node.id}”" + (f"（{move.item}）" if move.item else "")
        if move.do == TASK:
            label = node.outcomes.get(move.outcome, "")
            return f"{name}办结：{label}。" if label else f"{name}办结。"
        if move.do == ERROR:
            return f"{name}返回错误“{move.outcome}”。"
        return {SERVICE: f"{name}由系统办完。", TIMER: f"{name}到时。", MESSAGE: f"收到消息：{name}。"}[move.do]

    # -- what is shown -----------------------------------------------------------------------------------------------

    def result(self, played: int, fault: str) -> Rehearsal:
        """The state reached."""
        if self.marking is None:
            return Rehearsal(played=played, fault=fault)
        active = self.marking.active()
        return Rehearsal(
            steps=tuple(self.steps),
            waiting=tuple(self._waiting(self.marking)),
            active=active,
            done=frozenset(self.entered - active),
            flows=frozenset(self._path(active)),
            variables=self.variables,
            played=played,
            ended=self.marking.done,
            ending=self.ending,
            fault=fault,
        )

    def _waiting(self, marking: Marking) -> list[Waiting]:
        nodes = self.graph.nodes
        found = []
        for number, token in marking.tokens.items():
            node = nodes[token.node]
            if number in marking.multi or not (node.kind is Kind.USER or node.kind in CALLS):
                continue
            settings = {key: node.settings.get(key, "") for key in ("role", "unit", "limit")}
            do = TASK if node.kind is Kind.USER else SERVICE
            name, errors = node.name or node.id, self._errors(marking, number) if do == SERVICE else ()
            wait = Waiting(do, node.id, token.item or "", name, **settings, outcomes=node.outcomes, errors=errors)
            found.append(wait)
        events = [(TIMER, wait.token, wait.node) for wait in waiting_timers(self.graph, marking)]
        events += [(MESSAGE, w.token, w.node) for w in waiting_messages(self.graph, marking) if w.token and w.node]
        for do, number, name in events:
            found.append(Waiting(do, name, marking.tokens[number].item or "", nodes[name].name or name))
        return found

    def _errors(self, marking: Marking, number: int) -> tuple[str, ...]:
        """Codes that an error event on the task, or around it, catches; one that catches all is tried with a word."""
        found = []
        while number != WHOLE:
            token = marking.tokens[number]
            events = [self.graph.nodes[name] for name in self.graph.nodes[token.node].boundaries]
            found += [event.error or "error" for event in events if event.kind is Kind.BOUNDARY_ERROR]
            number = token.scope
        return tuple(dict.fromkeys(found))

    def _path(self, active: frozenset[str]) -> set[str]:
        """Arrows passed: the chosen ones, and the only way on from what was left."""
        path = set(self.chosen)
        for flow in self.graph.flows.values():
            source = self.graph.nodes[flow.source]
            choosing = len(source.outgoing) > 1 and source.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.EVENT_BASED)
            if not choosing and {flow.source, flow.target} <= self.entered and flow.source not in active:
                path.add(flow.id)
        return path
