"""Cases of random drawings run by the real engine, told to supervision as the case engine tells them."""

import random
from collections.abc import Iterable, Sequence

from zhengtong.capabilities.cases.engine.advance import waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.model import Graph, Refused
from zhengtong.capabilities.cases.engine.steps import (
    CancelTask,
    Command,
    Complete,
    Done,
    Effect,
    OpenTask,
    ServiceDone,
    ServiceFailed,
)
from zhengtong.capabilities.cases.tests.drawings import Case
from zhengtong.systems.supervision.rules.conformance import Move
from zhengtong.systems.supervision.rules.drawing import Drawing, Element, drawing


def drawing_of(graph: Graph, key: str = "drawn") -> Drawing:
    """A compiled drawing as supervision reads it."""
    return drawing(
        key,
        [
            Element(n.id, n.kind.value, n.name, n.parent, n.attached_to, n.interrupting, n.multi is not None)
            for n in graph.nodes.values()
        ],
        [(flow.id, flow.source, flow.target) for flow in graph.flows.values()],
    )


class Told:
    """A case of the engine with the moves its events would tell."""

    def __init__(self, graph: Graph, **variables: object) -> None:
        self.case = Case(graph, **variables)
        self.moves: list[Move] = []
        self.steps: dict[int, tuple[int, str]] = {}
        self.adhoc: set[int] = set()
        self._tell(self.case.effects, "step")

    def do(self, command: Command, why: str = "step", **variables: object) -> None:
        """One command; raises Refused as the engine does."""
        effects = self.case.do(command, **variables)
        if isinstance(command, Complete) and command.token in self.steps:
            step, node = self.steps[command.token]
            self.moves.append(Move("done", step, node))
        self._tell(effects, why)

    def _tell(self, effects: Sequence[Effect], why: str) -> None:
        for effect in effects:
            if isinstance(effect, CancelTask) and effect.token in self.steps:
                step, node = self.steps.pop(effect.token)
                self.moves.append(Move("dropped", step, node, why))
        for effect in effects:
            if isinstance(effect, OpenTask) and not effect.adhoc:
                step = sum(move.kind == "opened" for move in self.moves)
                self.steps[effect.token] = (step, effect.node)
                self.moves.append(Move("opened", step, effect.node, why))
        if any(isinstance(effect, Done) for effect in effects):
            self.moves.append(Move("closed", why="approved"))

    def options(self) -> list[tuple[Command, str]]:
        """Everything the drawing lets happen now, with the act that would be told."""
        case = self.case
        found: list[tuple[Command, str]] = [(Complete(number), "step") for number in case.tasks]
        found += [(ServiceDone(number), "service_done") for number in case.services]
        found += [(ServiceFailed(number, "broken"), "service_failed") for number in case.services]
        found += [(timer, "timer") for timer in waiting_timers(case.graph, case.marking)]
        found += [(message, "withdraw") for message in waiting_messages(case.graph, case.marking)]
        return found

    def play(self, names: Iterable[str], chance: random.Random, *, most: int = 60) -> None:
        """Whatever may happen happens, in any order; at last the case goes to its end."""
        names = list(names)
        for turn in range(most * 3):
            if self.case.marking.done:
                return
            calm = turn > most
            chosen = {name: 0 if calm else chance.randint(0, 2) for name in names}
            options = self.options()
            if calm:  # timers and messages may go round for ever
                options = [one for one in options if isinstance(one[0], Complete | ServiceDone)] or options
            command, why = chance.choice(options)
            try:
                self.do(command, why, **chosen)
            except Refused:
                continue
        raise AssertionError(self.case.marking)
