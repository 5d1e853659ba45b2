"""亮牌的一生：亮牌 → 说明或申诉 → 认定或撤销 → 整改 → 销号。

A cancelled card stays visible and does not score (地方电子监察规则；说明期限 3 至 5 个工作日, FROM MEMORY, 待核实).
"""

import dataclasses
import datetime as dt
import uuid
from typing import Literal

Move = Literal["explain", "appeal", "rectify", "confirm", "cancel", "close", "clear"]
Party = Literal["unit", "supervisor", "system"]


class NotAllowed(Exception):
    """The card is not in a state that allows the move; the message is a Chinese sentence."""


@dataclasses.dataclass(frozen=True)
class _Step:
    party: Party
    before: tuple[str, ...]
    after: str


_LIFE: dict[Move, _Step] = {
    "explain": _Step("unit", ("raised", "explained"), "explained"),
    "appeal": _Step("unit", ("raised", "explained"), "explained"),
    "rectify": _Step("unit", ("confirmed",), "confirmed"),
    "confirm": _Step("supervisor", ("raised", "explained"), "confirmed"),
    "cancel": _Step("supervisor", ("raised", "explained", "confirmed"), "cancelled"),
    "close": _Step("supervisor", ("confirmed",), "closed"),
    "clear": _Step("system", ("raised", "explained"), "closed"),
}
_REFUSALS: dict[Move, str] = {
    "explain": "这张牌已经核定，不能再作说明。",
    "appeal": "这张牌已经核定，不能再提出申诉。",
    "rectify": "认定以后、销号以前才能报告整改情况。",
    "confirm": "这张牌已经核定，不能再认定。",
    "cancel": "这张牌已经撤销或者销号，不能再撤销。",
    "close": "认定以后才能销号；不成立的牌请撤销并写明理由。",
    "clear": "这张牌已经核定，不能自动销号。",
}


def next_state(state: str, move: Move, *, today: dt.date, explain_until: dt.date) -> str:
    """The state after a move; raises NotAllowed.

    The unit has until ``explain_until`` (that day included) to speak; before, a card on which it has not spoken
    cannot be confirmed against it.
    """
    step = _LIFE[move]
    if state not in step.before:
        raise NotAllowed(_REFUSALS[move])
    if move == "confirm" and state == "raised" and today <= explain_until:
        last = f"{explain_until.year}年{explain_until.month}月{explain_until.day}日"
        raise NotAllowed(f"责任单位还可以在{last}前作出说明，说明之后或逾期没有说明才能认定。")
    return step.after


def moves_for(party: Party, state: str, *, today: dt.date, explain_until: dt.date) -> tuple[Move, ...]:
    """The moves that are open to a party now."""
    open_moves: list[Move] = []
    for move, step in _LIFE.items():
        if step.party != party:
            continue
        try:
            next_state(state, move, today=today, explain_until=explain_until)
        except NotAllowed:
            continue
        open_moves.append(move)
    return tuple(open_moves)


def responsible(
    scope: str, org: tuple[uuid.UUID, str], step_org: tuple[uuid.UUID | None, str]
) -> tuple[uuid.UUID, str]:
    """Who answers for a card: the unit of the step where the rule is about steps, else the unit of the case."""
    if scope == "step" and step_org[0] is not None:
        return step_org[0], step_org[1]
    return org


_DECISION_ENDS = ("acceptance", "promised", "statutory", "renewal", "hearing_ask", "hearing_hold")
_ACCEPTANCE_ENDS = frozenset({"accept", "supplement", "refuse", "approve", "reject"})


def met_kinds(outcome: str, *, phase: str) -> tuple[str, ...]:
    """Which deadlines of a case a completed task ends: the same acts that end them in the case engine."""
    if phase == "supplement":
        return ("step", "supplement")
    if outcome in ("approve", "reject"):
        return ("step", *_DECISION_ENDS)
    return ("step", "acceptance") if outcome in _ACCEPTANCE_ENDS else ("step",)
