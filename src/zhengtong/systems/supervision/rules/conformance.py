"""遵循检查: the path a case took, held against the drawing of its process.

Fitness is (observed steps − steps that do not fit) ÷ (observed steps + skipped steps). Steps of added signers
(加签) are the holder's affair and are left out. A case that the engine ran without an intervention has fitness 1.
"""

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Literal, NamedTuple

from zhengtong.systems.supervision.rules.drawing import INCLUSIVE, PARALLEL, ROOT, TASK, Drawing
from zhengtong.systems.supervision.rules.positions import (
    DROPPED,
    FLOW,
    INSIDE,
    OPEN,
    WHOLE,
    Fault,
    Placed,
    Position,
    Token,
)
from zhengtong.systems.supervision.rules.token_game import EARLY, SKIPPED, Game

#: how something that does not fit is called; a migration and a reassignment are told and leave the fitness as it is
REPEATED, OUT_OF_ORDER, NOT_DRAWN, UNFINISHED = "repeated", "out_of_order", "not_drawn", "unfinished"
RETURNED, RECALLED, JUMPED, MIGRATED, REASSIGNED = "returned", "recalled", "jumped", "migrated", "reassigned"
DEVIATIONS: Final = (
    SKIPPED,
    EARLY,
    OUT_OF_ORDER,
    REPEATED,
    NOT_DRAWN,
    RETURNED,
    RECALLED,
    JUMPED,
    MIGRATED,
    REASSIGNED,
    UNFINISHED,
)
#: no act on record accounts for these
UNEXPLAINED: Final = frozenset({SKIPPED, EARLY, OUT_OF_ORDER, REPEATED, NOT_DRAWN, UNFINISHED})
#: the act that took a step back or opened it → what it is called
_COMMANDS: Final = {
    "return": RETURNED,
    "return_branch": RETURNED,
    "recall": RECALLED,
    "intervene.jump": JUMPED,
    "intervene.migrate": MIGRATED,
}
#: acts that take a step back without leaving the drawing
_QUIET: Final = frozenset({"remove_signer", "add_signer"})
#: outcomes of a case that ended before its drawing did, by an act of law
_CUT_SHORT: Final = frozenset({"withdrawn", "terminated"})
_MOST_POSITIONS: Final = 24
_MOST_FAULTS: Final = 4
_MOST_FOUND: Final = 40

MoveKind = Literal["opened", "done", "dropped", "migrated", "reassigned", "closed"]


class Move(NamedTuple):
    """One thing observed of a case: ``step`` counts its steps from 0, ``node`` is the place on the drawing.

    ``why`` is the act that opened or dropped the step, for ``done`` its conclusion, for ``migrated`` the key of the new
    drawing, for ``closed`` the outcome of the case.
    """

    kind: MoveKind
    step: int = -1
    node: str = ""
    why: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Visit:
    """A step of the path: where, after which earlier steps, and whether it is there for the second time or more."""

    step: int
    node: str
    after: tuple[int, ...]
    again: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Replay:
    """What holding a case against its drawing gave; ``fit`` of ``whole`` steps fit, ``flows`` are passages."""

    visits: tuple[Visit, ...]
    deviations: tuple[Fault, ...]
    flows: Mapping[str, int]
    fit: int
    whole: int
    ended: bool

    @property
    def loops(self) -> int:
        """How many steps were done again, drawn so or not."""
        return sum(visit.again for visit in self.visits)

    @property
    def conform(self) -> bool:
        """True when nothing deviates."""
        return not self.deviations


def replay(drawings: Mapping[str, Drawing], first: str, moves: Sequence[Move]) -> Replay:
    """Hold what was observed of a case, in its order, against the drawing ``first`` and those it migrated to."""
    walk = _Walk(drawings, drawings[first])
    for number, move in enumerate(moves):
        walk.move(number, move)
    return walk.result()


class _Walk:
    """The positions in which a case may stand, move by move, the cheapest only; the first of them is told."""

    def __init__(self, drawings: Mapping[str, Drawing], drawing: Drawing) -> None:
        self.drawings, self.drawing = drawings, drawing
        begin = Position()
        if ROOT in drawing.first:
            begin = begin.on_arrow(drawing.first[ROOT], WHOLE, frozenset())
        self.here: list[Position] = [begin]
        self.opened: set[int] = set()
        self.seen_nodes: set[str] = set()
        self.ended = False
        self._command = ""  # the act that is being carried out, while its moves follow each other
        self._opening = False
        self._outcome = ""

    def move(self, number: int, move: Move) -> None:
        """Take one observation in."""
        command = _COMMANDS.get(move.why, "") if move.kind in ("opened", "dropped") else ""
        if command and (command != self._command or (self._opening and move.kind == "dropped")):
            self._note(Fault(command, "", -1, number))
            self._opening = False
        self._command = command
        match move.kind:
            case "opened":
                self._open(number, move, command)
                self._opening = bool(command)
            case "done":
                self._outcome = move.why
                self._each(lambda here: _done(self.drawing, here, move.step))
            case "dropped":
                lost = bool(command) or move.why in _QUIET
                self._each(lambda here: _dropped(here, move.step, lost=lost))
            case "migrated":
                self._migrate(number, move)
            case "reassigned":
                self._note(Fault(REASSIGNED, move.node, move.step, number))
            case "closed":
                self._close(number, move.why)

    def result(self) -> Replay:
        """What came of it."""
        told = self.here[0]
        unfit = {one.step for one in told.faults if one.kind != REASSIGNED}
        skipped = sum(one.kind == SKIPPED and one.step < 0 for one in told.faults)
        return Replay(
            visits=tuple(_visits(self.drawing, told.placed)),
            deviations=tuple(sorted(told.faults, key=lambda one: one.move)),
            flows=dict(Counter(told.passed)),
            fit=len(self.opened - unfit),
            whole=len(self.opened) + skipped,
            ended=self.ended,
        )

    # -- opening -------------------------------------------------------------------------------------------------

    def _open(self, number: int, move: Move, command: str) -> None:
        self.opened.add(move.step)
        element = self.drawing.elements.get(move.node)
        if element is None or element.kind != TASK:
            self._note(Fault(NOT_DRAWN, move.node, move.step, number))
            return
        again = move.node in self.seen_nodes
        self.seen_nodes.add(move.node)
        if command and not self._opening:
            self._each(lambda here: _sent(self.drawing, here, move, command))
            return

        def find(game: Game, here: Position) -> Iterator[Position]:
            if not command:
                yield from _late(here, move, number)
            yield from game.opened(here, move.node, move.step)

        def force(here: Position) -> Position:
            if command:
                return _forced(self.drawing, here, move)
            kind, cost = (REPEATED, 1) if again else (OUT_OF_ORDER, _MOST_FAULTS)
            fault = Fault(kind, move.node, move.step, number)
            return _forced(self.drawing, _without_newest(here), move).fault(fault, cost=cost)

        self._search(number, find, force)

    # -- the rest ------------------------------------------------------------------------------------------------

    def _migrate(self, number: int, move: Move) -> None:
        self._note(Fault(MIGRATED, "", -1, number))
        new = self.drawings.get(move.why)
        if new is None:
            return
        self.drawing = new
        known = new.elements.keys() | new.flows.keys()
        self._each(lambda here: here.keeping(one for one in here.tokens if one.at in known))

    def _close(self, number: int, outcome: str) -> None:
        self.ended = True
        if outcome in _CUT_SHORT:
            return
        unfinished = Fault(UNFINISHED, "", -1, number)
        self._search(
            number, lambda game, here: game.ended(here), lambda here: here.fault(unfinished, cost=_MOST_FAULTS)
        )

    def _search(
        self,
        number: int,
        find: Callable[[Game, Position], Iterator[Position]],
        force: Callable[[Position], Position],
    ) -> None:
        """Go on with the positions that explain an observation at the least cost; to force it has its own."""
        cheapest = self.here[0].cost
        forced = [force(here) for here in self.here]
        for limit in range(cheapest, max(one.cost for one in forced) + 1):
            found: dict[tuple[object, ...], Position] = {}
            for here, otherwise in zip(self.here, forced, strict=True):
                game = Game(self.drawing, limit, number, self._outcome)
                for after in islice(find(game, here), _MOST_FOUND):
                    if after.cost == limit:
                        found.setdefault(after.key, after)
                if otherwise.cost == limit > cheapest:
                    found.setdefault(otherwise.key, otherwise)
            if found:
                self.here = list(found.values())[:_MOST_POSITIONS]
                return
        self.here = forced

    def _each(self, change: Callable[[Position], Position]) -> None:
        found: dict[tuple[object, ...], Position] = {}
        for here in self.here:
            after = change(here)
            found.setdefault(after.key, after)
        self.here = list(found.values())

    def _note(self, fault: Fault) -> None:
        """Tell of an act that is no matter of how the case is understood."""
        self.here = [here.fault(fault, cost=0) for here in self.here]


def _late(here: Position, move: Move, number: int) -> Iterator[Position]:
    """A step that had been passed over comes after all: it was not skipped, its order is wrong."""
    skipped = next((one for one in here.faults if one[:3] == (SKIPPED, move.node, -1)), None)
    if skipped is not None:
        placed = Placed(move.step, move.node, WHOLE, frozenset())
        late = here.instead(skipped, Fault(OUT_OF_ORDER, move.node, move.step, number))
        yield dataclasses.replace(late, placed=(*here.placed, placed))


def _sent(drawing: Drawing, here: Position, move: Move, command: str) -> Position:
    """The first step that a return, a recall or a jump opens; the fault that stands for the act names it."""
    act = next(one for one in reversed(here.faults) if one.kind == command and one.step < 0)
    return _cleared(drawing, here.instead(act, act._replace(node=move.node, step=move.step)), move)


def _done(drawing: Drawing, here: Position, step: int) -> Position:
    """A task was done: its token goes on, or stays with the others of its list."""
    token = here.of_step(step)
    if token is None:
        return here
    body = here.holder(token.scope)
    if drawing.elements[token.at].multi and body is not None and body.at == token.at:
        with_cause = body._replace(cause=body.cause | {step})
        return here.keeping(with_cause if one == body else one for one in here.tokens if one != token)
    flow = drawing.outgoing[token.at][0]
    return here.without(token).on_arrow(flow, token.scope, frozenset({step}))


def _dropped(here: Position, step: int, *, lost: bool) -> Position:
    """A task was taken back: gone by command, or waiting for what the drawing has to say about it."""
    token = here.of_step(step)
    if token is None:
        return here
    if lost:
        return here.without(token)
    return here.keeping(one._replace(kind=DROPPED) if one == token else one for one in here.tokens)


def _without_newest(here: Position) -> Position:
    """Without the token that moved last: a step that came out of turn took its place."""
    moving = [one for one in here.tokens if one.kind == FLOW]
    if not moving:
        return here
    return here.without(max(moving, key=lambda one: max(one.cause, default=-1)))


def _forced(drawing: Drawing, here: Position, move: Move) -> Position:
    """With a task open where nothing led to it."""
    here, scope = _scope_for(drawing, here, drawing.elements[move.node].parent)
    if any(one.at == move.node and one.scope == scope for one in here.tokens):
        return here
    here = here.put(move.node, scope, OPEN, frozenset(), step=move.step)
    placed = Placed(move.step, move.node, WHOLE, frozenset())
    return dataclasses.replace(here, placed=(*here.placed, placed))


def _scope_for(drawing: Drawing, here: Position, parent: str) -> tuple[Position, int]:
    if parent == ROOT:
        return here, WHOLE
    held = next((one for one in here.tokens if one.at == parent and one.kind == INSIDE), None)
    if held is not None:
        return here, held.inner
    here, outer = _scope_for(drawing, here, drawing.elements[parent].parent)
    here, number = here.scope_number()
    return here.put(parent, outer, INSIDE, frozenset(), inner=number), number


def _cleared(drawing: Drawing, here: Position, move: Move) -> Position:
    """What a return, a recall or a jump leaves, with its step open: of its scope nothing, or of its branch nothing."""
    here, scope = _scope_for(drawing, here, drawing.elements[move.node].parent)
    fork = drawing.fork_before(move.node) if move.why == "return" else None
    if drawing.beside(move.node) and fork is None:
        branch = drawing.after(move.node)
        gone = [one for one in here.inside(scope) if one.kind != OPEN and one.at in branch]
    else:
        gone = [one for one in here.inside(scope) if not _open_within(here, one)]
    deep = [inner for one in gone if one.inner for inner in here.within(one.inner)]
    here = here.without(*gone, *deep)
    if fork is not None and fork.kind in (PARALLEL, INCLUSIVE):
        for flow in drawing.outgoing[fork.id]:
            if _leads_to(drawing, flow, move.node):
                continue
            none = frozenset[int]()
            here = here.spare(flow, scope, none) if fork.kind == INCLUSIVE else here.on_arrow(flow, scope, none)
    return _forced(drawing, here, move)


def _open_within(here: Position, token: Token) -> bool:
    return token.kind == OPEN or any(one.kind == OPEN for one in here.within(token.inner) if token.inner)


def _leads_to(drawing: Drawing, flow: str, node: str) -> bool:
    """Whether an arrow of a fork goes to a task through gateways and services alone."""
    while drawing.flows[flow][1] != node:
        ways = drawing.outgoing[drawing.flows[flow][1]]
        if len(ways) != 1 or drawing.target(flow).kind == TASK:
            return False
        flow = ways[0]
    return True


def _visits(drawing: Drawing, placed: Iterable[Placed]) -> Iterator[Visit]:
    seen: set[tuple[str, int]] = set()
    for one in placed:
        place = (one.node, one.around)
        again = place in seen and not _of_list(drawing, one)
        seen.add(place)
        yield Visit(one.step, one.node, tuple(sorted(one.cause)), again)


def _of_list(drawing: Drawing, placed: Placed) -> bool:
    return drawing.elements[placed.node].multi and placed.around != WHOLE


# --- 同一条路 ---------------------------------------------------------------------------------------------


class Leg(NamedTuple):
    """One step of a path: its place, after which legs of the path, how often it stands there side by side."""

    node: str
    after: tuple[int, ...]
    times: int


def path_of(found: Replay) -> tuple[Leg, ...]:
    """The path without persons and times: the same for cases whose parallel steps came in another order.

    Steps at one place after the same steps (several units asked at once) are one leg with a number.
    """
    depth: dict[int, int] = {}
    for visit in found.visits:
        depth[visit.step] = 1 + max((depth.get(one, 0) for one in visit.after), default=0)
    leg_of: dict[int, int] = {}
    legs: list[Leg] = []
    for level in sorted(set(depth.values())):
        groups: dict[tuple[tuple[int, ...], str], list[int]] = {}
        for visit in found.visits:
            if depth[visit.step] == level:
                before = tuple(sorted({leg_of[one] for one in visit.after if one in leg_of}))
                groups.setdefault((before, visit.node), []).append(visit.step)
        for (before, node), steps in sorted(groups.items()):
            leg_of |= dict.fromkeys(steps, len(legs))
            legs.append(Leg(node, before, len(steps)))
    return tuple(legs)


def digest_of(found: Replay) -> str:
    """Short fingerprint of a path: its steps and arrows, what deviates on it, and whether it is over."""
    told = [
        [list(leg) for leg in path_of(found)],
        sorted((one.kind, one.node) for one in found.deviations),
        sorted(found.flows.items()),
        found.ended,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:32]
