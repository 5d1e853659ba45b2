"""Where a case may stand on its drawing, as its events told: tokens, each with the steps that brought it there."""

import dataclasses
from collections.abc import Iterable
from typing import Final, NamedTuple

#: a token on an arrow; one that may as well never have been there (a way an inclusive fork need not take, a reminder)
FLOW, SPARE = "flow", "spare"
#: a task that is open, one that was taken back; what holds a sub-process, and the list of several of the same
OPEN, DROPPED, INSIDE, BODY = "open", "dropped", "inside", "body"
WHOLE: Final = 0


class Token(NamedTuple):
    """``at`` an arrow or an element; ``inner`` is the scope it holds; ``cause`` the steps done just before it."""

    at: str
    scope: int
    kind: str
    step: int = -1
    inner: int = 0
    cause: frozenset[int] = frozenset()


class Fault(NamedTuple):
    """Something that does not fit the drawing: what, at which element, by which step (-1 none), at which move."""

    kind: str
    node: str
    step: int
    move: int


class Placed(NamedTuple):
    """An observed step on the drawing: after which steps it came, and in which round of what it is part of."""

    step: int
    node: str
    around: int
    cause: frozenset[int]


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """One way to understand what was observed so far; ``cost`` counts what does not fit."""

    tokens: tuple[Token, ...] = ()
    next: int = 1
    passed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    placed: tuple[Placed, ...] = ()
    cost: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for positions from which the same can follow."""
        return self.cost, tuple(sorted((one.at, one.scope, one.kind, one.step, one.inner) for one in self.tokens))

    def put(
        self, at: str, scope: int, kind: str, cause: frozenset[int], *, step: int = -1, inner: int = 0
    ) -> "Position":
        """With one more token."""
        token = Token(at, scope, kind, step, inner, cause)
        return dataclasses.replace(self, tokens=(*self.tokens, token))

    def on_arrow(self, flow: str, scope: int, cause: frozenset[int]) -> "Position":
        """With a token that has left an element by this arrow."""
        return self.put(flow, scope, FLOW, cause).passing(flow)

    def spare(self, flow: str, scope: int, cause: frozenset[int]) -> "Position":
        """With a token that may go this way, and need not; one is enough."""
        known = any(one.at == flow and one.scope == scope for one in self.tokens)
        return self if known else self.put(flow, scope, SPARE, cause)

    def without(self, *gone: Token) -> "Position":
        """Without these tokens, each once."""
        left = list(self.tokens)
        for token in gone:
            left.remove(token)
        return dataclasses.replace(self, tokens=tuple(left))

    def keeping(self, tokens: Iterable[Token]) -> "Position":
        """With these tokens only."""
        return dataclasses.replace(self, tokens=tuple(tokens))

    def passing(self, flow: str) -> "Position":
        """With this arrow passed once more."""
        return dataclasses.replace(self, passed=(*self.passed, flow))

    def fault(self, fault: Fault, *, cost: int = 1) -> "Position":
        """With something that does not fit."""
        return dataclasses.replace(self, faults=(*self.faults, fault), cost=self.cost + cost)

    def instead(self, old: Fault, new: Fault) -> "Position":
        """With a fault that turned out to be another."""
        return dataclasses.replace(self, faults=tuple(new if one == old else one for one in self.faults))

    def scope_number(self) -> tuple["Position", int]:
        """A number for a new scope."""
        return dataclasses.replace(self, next=self.next + 1), self.next

    def of_step(self, step: int) -> Token | None:
        """The token of an observed step, open or taken back."""
        return next((one for one in self.tokens if one.step == step), None)

    def inside(self, scope: int) -> list[Token]:
        """Tokens directly in a scope."""
        return [one for one in self.tokens if one.scope == scope]

    def within(self, scope: int) -> list[Token]:
        """Tokens in a scope and in all it holds."""
        found = self.inside(scope)
        return found + [deep for one in found if one.inner for deep in self.within(one.inner)]

    def holder(self, scope: int) -> Token | None:
        """The token that holds a scope; None for the whole process."""
        return next((one for one in self.tokens if one.inner == scope), None) if scope != WHOLE else None
