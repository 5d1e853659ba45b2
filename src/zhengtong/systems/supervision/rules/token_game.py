"""The drawing as a game of tokens, played backwards from what was observed.

What is observed is that tasks opened, were done or were taken back. Everything else (gateways, services, timers,
messages) is silent and moves only as far as the next observation needs: so no way is chosen before the case has shown
it, and a case that did go by the drawing is always understood. What cannot be reached so costs: a task passed over
is one fault.
"""

from collections.abc import Iterator
from typing import Final

from zhengtong.systems.supervision.rules.drawing import (
    CALLS,
    ENDS,
    ERROR_END,
    EVENTS,
    GATES,
    INCLUSIVE,
    PARALLEL,
    ROOT,
    STARTS,
    SUB,
    TASK,
    TERMINATE,
    Drawing,
    Element,
)
from zhengtong.systems.supervision.rules.positions import (
    BODY,
    DROPPED,
    FLOW,
    INSIDE,
    OPEN,
    SPARE,
    WHOLE,
    Fault,
    Placed,
    Position,
    Token,
)

Cause = frozenset[int]
#: a position in which the token wanted is taken, and which steps it came from
Ways = Iterator[tuple[Position, Cause]]
_NOTHING: Final[Cause] = frozenset()
#: after so many looks a search gives up: what it did not find counts as not there
_LOOKS: Final = 4000
SKIPPED, EARLY = "skipped", "early"


class Game:
    """Finds the positions in which something observed can have happened, at no more than ``limit`` faults."""

    def __init__(self, drawing: Drawing, limit: int, move: int = -1, outcome: str = "") -> None:
        self.drawing = drawing
        self.limit = limit
        self.move = move
        self.outcome = outcome  # the conclusion last reached
        self._looks = 0

    # -- what is asked -------------------------------------------------------------------------------------------

    def opened(self, start: Position, node: str, step: int) -> Iterator[Position]:
        """A task was opened."""
        element = self.drawing.elements[node]
        for here, scope in self.scopes(start, element.parent):
            if any(one.at == node and one.kind == OPEN for one in here.inside(scope)):
                continue
            for found, cause in self._arrive(here, element, scope, frozenset()):
                yield self._begun(found, element, scope, step, cause)
            body = _holding(here, node, scope, BODY)
            if body is not None:
                yield _open(here, element, body.inner, step, body.cause)

    def ended(self, start: Position) -> Iterator[Position]:
        """The case came to its end."""
        for found, _cause in self._complete(start, WHOLE, frozenset()):
            yield found

    def _begun(self, here: Position, element: Element, scope: int, step: int, cause: Cause) -> Position:
        if element.multi:
            here, inner = here.scope_number()
            here = here.put(element.id, scope, BODY, cause, inner=inner)
            return self._beside(_open(here, element, inner, step, cause), element, scope, cause)
        return self._beside(_open(here, element, scope, step, cause), element, scope, cause)

    def _beside(self, here: Position, element: Element, scope: int, cause: Cause) -> Position:
        """Events that leave the activity open may occur from now on."""
        for event in self.drawing.borders[element.id]:
            if not event.interrupting:
                here = here.spare(self.drawing.outgoing[event.id][0], scope, cause)
        return here

    def _fault(self, kind: str, element: Element, step: int = -1) -> Fault:
        return Fault(kind, element.id, step, self.move)

    # -- scopes --------------------------------------------------------------------------------------------------

    def scopes(self, start: Position, parent: str) -> Iterator[tuple[Position, int]]:
        """Scopes in which elements of this sub-process may be: those that run, and one that could begin now."""
        if parent == ROOT:
            yield start, WHOLE
            return
        for token in start.tokens:
            if token.at == parent and token.kind == INSIDE:
                yield start, token.inner
        around = self.drawing.elements[parent]
        for here, outer in self.scopes(start, around.parent):
            for found, cause in self._arrive(here, around, outer, frozenset()):
                yield self.enter(found, around, outer, cause)
            body = _holding(here, parent, outer, BODY)
            if body is not None:
                yield self._instance(here, around, body)

    def enter(self, here: Position, around: Element, outer: int, cause: Cause) -> tuple[Position, int]:
        """A sub-process begins, or the first of several."""
        here = self._beside(here, around, outer, cause)
        here, number = here.scope_number()
        if around.multi:
            here = here.put(around.id, outer, BODY, cause, inner=number)
            return self._instance(here, around, here.tokens[-1])
        here = here.put(around.id, outer, INSIDE, cause, inner=number)
        return here.on_arrow(self.drawing.first[around.id], number, cause), number

    def _instance(self, here: Position, around: Element, body: Token) -> tuple[Position, int]:
        here, number = here.scope_number()
        here = here.put(around.id, body.inner, INSIDE, body.cause, inner=number)
        return here.on_arrow(self.drawing.first[around.id], number, body.cause), number

    # -- backwards: a token wanted on an arrow ---------------------------------------------------------------------

    def _take(self, here: Position, flow: str, scope: int, seen: frozenset[str]) -> Ways:
        self._looks += 1
        waiting = [one for one in here.tokens if one.at == flow and one.scope == scope]
        sure = next((one for one in waiting if one.kind == FLOW), None)
        if sure is not None:
            yield here.without(sure), sure.cause
            return
        for one in waiting[:1]:
            yield here.without(one).passing(flow), one.cause
        if flow in seen or self._looks > _LOOKS:
            return
        for found, cause in self._leave(here, self.drawing.source(flow), flow, scope, seen | {flow}):
            yield found.passing(flow), cause

    def _arrive(self, here: Position, element: Element, scope: int, seen: frozenset[str]) -> Ways:
        for flow in self.drawing.incoming[element.id]:
            yield from self._take(here, flow, scope, seen)

    def _leave(self, here: Position, element: Element, flow: str, scope: int, seen: frozenset[str]) -> Ways:
        if element.kind in STARTS or element.kind in ENDS:
            return
        if element.kind == TASK:
            yield from self._through_task(here, element, scope, seen)
        elif element.kind == SUB:
            yield from self._through_sub(here, element, scope, seen)
        elif element.kind in EVENTS:
            yield from self._event(here, element, flow, scope, seen)
        elif element.kind in GATES:
            for found, cause in self._joined(here, element, scope, seen):
                yield self._forked(found, element, scope, cause, flow), cause
        else:
            for found, cause in self._arrive(here, element, scope, seen):
                yield self._beside(found, element, scope, cause), cause

    def _forked(self, here: Position, gate: Element, scope: int, cause: Cause, taken: str) -> Position:
        """The other arrows of a gate get their tokens: all of them, or for an inclusive one perhaps."""
        for flow in self.drawing.outgoing[gate.id]:
            if flow != taken:
                spare = gate.kind == INCLUSIVE
                here = here.spare(flow, scope, cause) if spare else here.on_arrow(flow, scope, cause)
        return here

    def _joined(self, here: Position, gate: Element, scope: int, seen: frozenset[str]) -> Ways:
        arrows = self.drawing.incoming[gate.id]
        if gate.kind == PARALLEL or len(arrows) == 1:
            yield from self._take_all(here, arrows, scope, seen)
            return
        running = [flow for flow in arrows if self._runs(here, flow, scope)]
        for wanted in [running] if running else [[flow] for flow in arrows]:
            for found, cause in self._take_all(here, tuple(wanted), scope, seen):
                if not any(self._runs(found, flow, scope) for flow in arrows):
                    yield self._swept(found, arrows, scope), cause

    def _take_all(self, here: Position, arrows: tuple[str, ...], scope: int, seen: frozenset[str]) -> Ways:
        if not arrows:
            yield here, _NOTHING
            return
        for found, cause in self._take(here, arrows[0], scope, seen):
            for whole, more in self._take_all(found, arrows[1:], scope, seen):
                yield whole, cause | more

    def _runs(self, here: Position, flow: str, scope: int) -> bool:
        """Whether something is under way in the branch that reaches an inclusive join by this arrow."""
        branch = self.drawing.branch_into(flow)
        return any(one.at in branch and one.kind != SPARE for one in here.inside(scope))

    def _swept(self, here: Position, arrows: tuple[str, ...], scope: int) -> Position:
        """Ways the fork did not take are over once the join has let go."""
        branches = frozenset().union(*(self.drawing.branch_into(flow) for flow in arrows))
        return here.keeping(
            one for one in here.tokens if one.kind != SPARE or one.scope != scope or one.at not in branches
        )

    # -- through activities --------------------------------------------------------------------------------------

    def _through_task(self, here: Position, element: Element, scope: int, seen: frozenset[str]) -> Ways:
        body = _holding(here, element.id, scope, BODY)
        if body is not None:
            yield from self._list_over(here, element, body)
            return
        token = next((one for one in here.inside(scope) if one.at == element.id), None)
        if token is not None:
            kind = EARLY if token.kind == OPEN else SKIPPED
            if here.cost < self.limit:
                yield here.without(token).fault(self._fault(kind, element, token.step)), frozenset({token.step})
            return
        for found, cause in self._arrive(here, element, scope, seen):
            if element.multi:  # a list of nobody: nobody was to be asked
                yield found, cause
            elif found.cost < self.limit:
                yield found.fault(self._fault(SKIPPED, element)), cause

    def _list_over(self, here: Position, element: Element, body: Token) -> Ways:
        """All who had the task have done it, or enough of them."""
        left = here.without(body, *here.inside(body.inner))
        still = [one for one in here.inside(body.inner) if one.kind == OPEN]
        if here.cost + len(still) <= self.limit:
            for one in still:
                left = left.fault(self._fault(EARLY, element, one.step))
            yield left, body.cause

    def _through_sub(self, here: Position, element: Element, scope: int, seen: frozenset[str]) -> Ways:
        held = _holding(here, element.id, scope, INSIDE) or _holding(here, element.id, scope, BODY)
        if held is not None:
            yield from self._sub_over(here, held)
            return
        for found, cause in self._arrive(here, element, scope, seen):
            if element.multi:
                yield found, cause
            else:
                inner, number = self.enter(found, element, scope, cause)
                yield from self._sub_over(inner, inner.holder(number))

    def _sub_over(self, here: Position, held: Token | None) -> Ways:
        if held is None:
            return
        for found, cause in self._complete(here, held.inner, frozenset()):
            yield found.without(held), cause or held.cause
        inner = here.within(held.inner)
        cut_short = held.kind == BODY and any(one.kind == DROPPED for one in inner)
        if cut_short and not any(one.kind == OPEN for one in inner):  # enough of several had answered
            yield here.without(held, *inner), held.cause

    def _event(self, here: Position, event: Element, flow: str, scope: int, seen: frozenset[str]) -> Ways:
        """An event on the border of an activity: it ends the activity, or goes beside it."""
        activity = self.drawing.elements[event.attached_to]
        if not event.interrupting:
            if activity.kind in CALLS:
                for found, cause in self._arrive(here, activity, scope, seen):
                    yield found.on_arrow(self.drawing.outgoing[activity.id][0], scope, cause), cause
            elif activity.kind == SUB and _active(here, activity.id, scope) is None:
                for found, cause in self._arrive(here, activity, scope, seen):
                    entered, _number = self.enter(found, activity, scope, cause)
                    spare = next(one for one in entered.tokens if one.at == flow and one.kind == SPARE)
                    yield entered.without(spare), cause
            return
        token = _active(here, activity.id, scope)
        if token is not None:
            inner = here.within(token.inner) if token.inner else []
            if token.kind != OPEN and not any(one.kind == OPEN for one in inner):
                causes = [one.cause if one.step < 0 else frozenset({one.step}) for one in inner]
                own = frozenset({token.step}) if token.step >= 0 else _NOTHING
                yield here.without(token, *inner), own.union(*causes) or token.cause
        elif activity.kind != TASK:
            yield from self._arrive(here, activity, scope, seen)

    # -- forwards: a scope is to end -------------------------------------------------------------------------------

    def _complete(self, here: Position, scope: int, seen: frozenset[str]) -> Ways:
        """Everything in a scope goes on to an end."""
        self._looks += 1
        live = [one for one in here.inside(scope) if one.kind != SPARE]
        if not live:
            yield here.without(*here.inside(scope)), _NOTHING
            return
        if self._looks > _LOOKS:
            return
        for found, cause, arrows in self._onward(here, live[0]):
            if not seen & arrows:
                for end, more in self._complete(found, scope, seen | arrows):
                    yield end, cause | more

    def _onward(self, here: Position, token: Token) -> Iterator[tuple[Position, Cause, frozenset[str]]]:
        """One token goes one element further: the position, what ended by it, arrows it has taken."""
        if token.kind != FLOW:
            for found, cause, flow in self._out_of(here, token):
                if flow:
                    yield found.on_arrow(flow, token.scope, cause), _NOTHING, frozenset({flow})
                else:
                    yield found, cause, frozenset()
            return
        element = self.drawing.target(token.at)
        if element.kind in ENDS:
            yield from self._at_end(here, token, element)
        elif element.kind in GATES:
            yield from self._at_gate(here, token, element)
        elif element.kind == TASK:
            if element.multi or here.cost < self.limit:
                left = here.without(token)
                left = left if element.multi else left.fault(self._fault(SKIPPED, element))
                yield self._sent(left, element, token)
        elif element.kind == SUB:
            left = here.without(token)
            entered, _number = self.enter(left, element, token.scope, token.cause)
            yield entered, _NOTHING, frozenset({element.id})
            if element.multi:
                yield self._sent(left, element, token)
        else:
            for flow in self.drawing.likely(element.id, self.outcome):
                left = self._beside(here.without(token), element, token.scope, token.cause)
                yield left.on_arrow(flow, token.scope, token.cause), _NOTHING, frozenset({flow})
        if element.kind in CALLS:
            for event in self.drawing.borders[element.id]:
                if event.interrupting:
                    yield self._sent(here.without(token), event, token)

    def _sent(self, here: Position, element: Element, token: Token) -> tuple[Position, Cause, frozenset[str]]:
        flow = self.drawing.outgoing[element.id][0]
        return here.on_arrow(flow, token.scope, token.cause), _NOTHING, frozenset({flow})

    def _at_end(
        self, here: Position, token: Token, element: Element
    ) -> Iterator[tuple[Position, Cause, frozenset[str]]]:
        if element.kind == TERMINATE or (element.kind == ERROR_END and token.scope == WHOLE):
            others = here.within(token.scope)
            if not any(one.kind == OPEN for one in others):
                yield here.without(*others), token.cause, frozenset()
        elif element.kind != ERROR_END:
            yield here.without(token), token.cause, frozenset()

    def _at_gate(
        self, here: Position, token: Token, element: Element
    ) -> Iterator[tuple[Position, Cause, frozenset[str]]]:
        ways = self.drawing.outgoing[element.id]
        for found, cause in self._joined(here, element, token.scope, frozenset()):
            for flow in ways if element.kind == INCLUSIVE else ways[:1]:
                forked = self._forked(found, element, token.scope, cause, flow)
                yield forked.on_arrow(flow, token.scope, cause), _NOTHING, frozenset({flow})

    def _out_of(self, here: Position, token: Token) -> Iterator[tuple[Position, Cause, str]]:
        """Ways on from an activity that is under way; no arrow for one of several, which ends within its list."""
        element = self.drawing.elements[token.at]
        out = self.drawing.outgoing[element.id][0]
        if token.kind == BODY and element.kind == TASK:
            for found, cause in self._list_over(here, element, token):
                yield found, cause, out
        elif token.kind in (INSIDE, BODY):
            around = here.holder(token.scope)
            one_of_several = around is not None and around.kind == BODY
            for found, cause in self._sub_over(here, token):
                yield found, cause, "" if one_of_several else out
            if one_of_several:
                return
        elif here.cost < self.limit:
            kind = EARLY if token.kind == OPEN else SKIPPED
            yield here.without(token).fault(self._fault(kind, element, token.step)), frozenset({token.step}), out
        for event in self.drawing.borders[element.id]:
            flow = self.drawing.outgoing[event.id][0]
            if event.interrupting:
                for found, cause in self._event(here, event, flow, token.scope, frozenset()):
                    yield found, cause, flow


def _open(here: Position, element: Element, scope: int, step: int, cause: Cause) -> Position:
    here = here.put(element.id, scope, OPEN, cause, step=step)
    return Position(
        here.tokens,
        here.next,
        here.passed,
        here.faults,
        (*here.placed, Placed(step, element.id, _round(here, scope), cause)),
        here.cost,
    )


def _round(here: Position, scope: int) -> int:
    """The one of several sub-processes or tasks beside each other in which a scope lies; 0 for none."""
    held = here.holder(scope)
    while held is not None:
        outer = here.holder(held.scope)
        if held.kind == BODY or (outer is not None and outer.kind == BODY):
            return held.inner
        held = outer
    return WHOLE


def _holding(here: Position, node: str, scope: int, kind: str) -> Token | None:
    return next((one for one in here.tokens if one.at == node and one.scope == scope and one.kind == kind), None)


def _active(here: Position, node: str, scope: int) -> Token | None:
    """What of an activity is under way in a scope, its body rather than its parts."""
    found = [one for one in here.tokens if one.at == node and one.scope == scope]
    return next((one for one in found if one.inner), found[0] if found else None)


__all__ = ["DROPPED", "EARLY", "SKIPPED", "Game"]
