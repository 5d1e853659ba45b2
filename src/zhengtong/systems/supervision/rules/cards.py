"""亮牌的一生：亮牌 → 说明或申诉 → 认定或撤销 → 整改 → 复查 → 销号。

A cancelled card stays visible and does not score (地方电子监察规则；各项期限 FROM MEMORY, 待核实). Every state has at
most one limit that presses somebody: the unit's to explain, put right and reply, the supervisor's to judge and recheck.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Literal

Move = Literal[
    "explain",
    "appeal",
    "rectify",
    "confirm",
    "cancel",
    "send_back",
    "close",
    "transfer",
    "propose",
    "reply",
    "account",
    "keep",
    "clear",
]
Party = Literal["unit", "supervisor", "system"]

OPEN = ("raised", "explained", "confirmed", "rectified")
_STANDS = ("confirmed", "rectified")


class NotAllowed(Exception):
    """The card is not in a state that allows the move; the message is a Chinese sentence."""


@dataclasses.dataclass(frozen=True)
class _Step:
    party: Party
    before: tuple[str, ...]
    after: str  # empty: the state stays


_LIFE: Mapping[Move, _Step] = {
    "explain": _Step("unit", ("raised", "explained"), "explained"),
    "appeal": _Step("unit", ("raised", "explained", "confirmed"), "explained"),
    "rectify": _Step("unit", ("confirmed", "rectified"), "rectified"),
    "reply": _Step("unit", _STANDS, ""),
    "confirm": _Step("supervisor", ("raised", "explained"), "confirmed"),
    "cancel": _Step("supervisor", OPEN, "cancelled"),
    "keep": _Step("supervisor", OPEN, ""),
    "send_back": _Step("supervisor", ("rectified",), "confirmed"),
    "close": _Step("supervisor", _STANDS, "closed"),
    "transfer": _Step("supervisor", _STANDS, ""),
    "propose": _Step("supervisor", _STANDS, ""),
    "account": _Step("supervisor", (*_STANDS, "closed"), ""),
    "clear": _Step("system", ("raised", "explained"), "closed"),
}
_REFUSALS: Mapping[Move, str] = {
    "explain": "这张牌已经核定，不能再作说明。",
    "appeal": "这张牌已经了结或者正在复查，不能再提出申诉。",
    "rectify": "认定以后、销号以前才能报告整改情况。",
    "reply": "这张牌没有待回复的监察建议书。",
    "confirm": "这张牌已经核定，不能再认定。",
    "cancel": "这张牌已经撤销或者销号，不能再撤销。",
    "keep": "这张牌已经撤销或者销号，不需要再核定依据。",
    "send_back": "责任单位报告整改情况以后才能复查。",
    "close": "认定以后才能销号；不成立的牌请撤销并写明理由。",
    "transfer": "认定以后、销号以前才能转督查。",
    "propose": "认定以后、销号以前才能发出监察建议书。",
    "account": "认定以后才能提出责任追究。",
    "clear": "这张牌已经核定，不能自动销号。",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """What the moves of a card depend on besides its state; limits are last days, None where none was set.

    ``appealed``: the unit has used its one appeal against a confirmation. ``doubted``: what the card rests on has
    changed. ``awaits_reply``: a letter of supervision has not been answered.
    """

    today: dt.date
    explain_until: dt.date
    appeal_until: dt.date | None = None
    rectify_until: dt.date | None = None
    appealed: bool = False
    doubted: bool = False
    awaits_reply: bool = False


def next_state(state: str, move: Move, standing: Standing) -> str:
    """The state after a move; raises NotAllowed with the sentence why it is not open."""
    step = _LIFE[move]
    if state not in step.before:
        raise NotAllowed(_REFUSALS[move])
    why = _withheld(state, move, standing)
    if why:
        raise NotAllowed(why)
    return step.after or state


def _withheld(state: str, move: Move, standing: Standing) -> str:
    """Why a move that the state allows is not open yet, or no more."""
    today = standing.today
    if move == "confirm" and state == "raised" and today <= standing.explain_until:
        return f"责任单位还可以在{_cn(standing.explain_until)}前作出说明，说明之后或逾期没有说明才能认定。"
    if move == "appeal" and state == "confirmed":
        if standing.appealed:
            return "对认定的申诉已经处理过一次，不能再次申诉；新的情况请在整改报告中写明。"
        if standing.appeal_until is None or today > standing.appeal_until:
            last = f"（{_cn(standing.appeal_until)}）" if standing.appeal_until else ""
            return f"认定以后提出申诉的期限{last}已过。"
    if move == "close" and state == "confirmed" and (standing.rectify_until is None or today <= standing.rectify_until):
        last = f"{_cn(standing.rectify_until)}前" if standing.rectify_until else ""
        return f"请等责任单位{last}报告整改情况；逾期没有报告的，核查属实后可以直接销号。"
    if move == "keep" and not standing.doubted:
        return "这张牌的依据没有变化，不需要核定。"
    if move == "reply" and not standing.awaits_reply:
        return _REFUSALS["reply"]
    if move == "propose" and standing.awaits_reply:
        return "上一份监察建议书还没有回复，不能再发。"
    return ""


def _cn(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def moves_for(party: Party, state: str, standing: Standing) -> tuple[Move, ...]:
    """The moves that are open to a party now."""
    return tuple(move for move, why in choices(party, state, standing).items() if not why)


def choices(party: Party, state: str, standing: Standing) -> dict[Move, str]:
    """Every move of a party in the order of a card's life, with the sentence why it is not open; empty when it is."""
    found: dict[Move, str] = {}
    for move, step in _LIFE.items():
        if step.party != party:
            continue
        try:
            next_state(state, move, standing)
        except NotAllowed as refusal:
            found[move] = str(refusal)
        else:
            found[move] = ""
    return found


#: move → limits that end with it (met) and the limit that starts with it
_LIMITS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "raise": ((), ("explain",)),
    "explain": (("explain",), ("judge",)),
    "appeal": (("explain", "appeal", "rectify"), ("judge",)),
    "confirm": (("explain", "judge"), ("appeal", "rectify")),
    "rectify": (("rectify",), ("recheck",)),
    "send_back": (("recheck",), ("rectify",)),
    "propose": ((), ("reply",)),
    "reply": (("reply",), ()),
}
#: limit → the limit that starts when it passes: an unexplained card waits for its judge
PASSED: Mapping[str, str] = {"explain": "judge"}
#: limits whose passing is nobody's fault: a right not used
RIGHTS = frozenset({"appeal"})
#: limits that press the unit; the others press the supervisor
UNIT_LIMITS = frozenset({"explain", "appeal", "rectify", "reply"})


def limits_after(move: str, state: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which kinds of limits end and which start with a move that led to ``state``; a card that is over has none."""
    if state not in OPEN:
        return (("explain", "judge", "appeal", "rectify", "recheck", "reply"), ())
    return _LIMITS.get(move, ((), ()))


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
