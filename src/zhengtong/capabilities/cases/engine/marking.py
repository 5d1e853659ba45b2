"""Where a case stands: tokens, and which arrows have arrived at which join, kept by arrow and by scope.

JSON form (a few hundred bytes in the case row):
`{"n": 6, "t": {"2": ["review", 0, null], "4": ["dept_b", 2, null]}, "j": {"2/join": ["f_join_a"]}}`
n = next token number; t = token → [node, scope, item]; j = "scope/join" → arrows that have arrived (never a count,
so that loops and returns stay right). Only when used: i = "scope/join" → arrows an inclusive join expects;
m = token of a multi-instance activity → [items done, items still to come]; f = token → events that have fired;
h = what has been done, in order, as ["scope/node", details]: a return may only go back to what is listed here
(details: arrows that had arrived at a join, items of a multi-instance activity).
A fourth part of a token is its mark: an added signer's place, or "done" for a task held open only by its signers;
a = token of a task → signers who come after it; u = completed token → [what its step took away, what it brought],
two small markings without what is empty, kept only while that step can still be recalled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

WHOLE = 0
BEFORE, AFTER, PARALLEL = "before", "after", "parallel"
SIGNERS = frozenset({BEFORE, AFTER, PARALLEL})
HELD = "done"


class Token(NamedTuple):
    """One token: an open activity, a waiting event, or the scope of what runs inside it.

    `mark`: "" as a rule; before, after or parallel for an added signer (its scope is the task it was added to);
    "done" for a task whose own work is done and which waits for its signers.
    """

    node: str
    scope: int
    item: str | None
    mark: str = ""

    def to_json(self) -> list[Any]:
        """Without the mark where there is none."""
        return list(self) if self.mark else list(self[:3])


@dataclass(frozen=True, slots=True)
class Marking:
    """Immutable by convention: the engine copies before it changes."""

    n: int = 1
    tokens: Mapping[int, Token] = field(default_factory=dict)
    arrived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    multi: Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    fired: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    history: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    undo: Mapping[int, tuple["Marking", "Marking"]] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether nothing is open any more."""
        return not self.tokens

    def active(self) -> frozenset[str]:
        """Ids of all nodes that hold a token, for drawing."""
        return frozenset(token.node for token in self.tokens.values())

    def to_json(self) -> dict[str, Any]:
        """Plain data for the case row; `from_json` gives an equal marking."""
        data: dict[str, Any] = {
            "n": self.n,
            "t": {str(number): token.to_json() for number, token in self.tokens.items()},
            "j": {key: list(flows) for key, flows in self.arrived.items()},
        }
        if self.expected:
            data["i"] = {key: list(flows) for key, flows in self.expected.items()}
        if self.multi:
            data["m"] = {str(number): [list(done), list(rest)] for number, (done, rest) in self.multi.items()}
        if self.fired:
            data["f"] = {str(number): list(events) for number, events in self.fired.items()}
        if self.history:
            data["h"] = [[key, list(details)] for key, details in self.history.items()]
        if self.after:
            data["a"] = {str(number): list(items) for number, items in self.after.items()}
        if self.undo:
            data["u"] = {str(number): [lost._part(), won._part()] for number, (lost, won) in self.undo.items()}
        return data

    def _part(self) -> dict[str, Any]:
        """The same without what is empty."""
        return {name: value for name, value in self.to_json().items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a marking from the case row."""
        more: dict[str, Any] = {}
        if "i" in data:
            more["expected"] = {key: tuple(flows) for key, flows in data["i"].items()}
        if "m" in data:
            more["multi"] = {int(n): (tuple(done), tuple(rest)) for n, (done, rest) in data["m"].items()}
        if "f" in data:
            more["fired"] = {int(number): tuple(events) for number, events in data["f"].items()}
        if "h" in data:
            more["history"] = {key: tuple(details) for key, details in data["h"]}
        if "a" in data:
            more["after"] = {int(number): tuple(items) for number, items in data["a"].items()}
        if "u" in data:
            more["undo"] = {int(n): (cls.from_json(lost), cls.from_json(won)) for n, (lost, won) in data["u"].items()}
        return cls(
            n=data.get("n", 0),
            tokens={int(number): Token(*token) for number, token in data.get("t", {}).items()},
            arrived={key: tuple(flows) for key, flows in data.get("j", {}).items()},
            **more,
        )
