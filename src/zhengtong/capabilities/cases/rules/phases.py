"""环节与时限的关系：which limit starts or ends with which act. Pure data and functions.

收到申请起算受理期限（行政许可法 第三十二条）；受理之日起算办结时限（第四十二条）；
作出准予决定之日起算送达期限（第四十四条）。
"""

import dataclasses

NEGATIVE_OUTCOMES = frozenset({"refuse", "reject", "return", "supplement", "disagree", "fail"})

_DECIDED = ("acceptance", "promised", "statutory", "renewal", "hearing_ask", "hearing_hold")


@dataclasses.dataclass(frozen=True)
class ClockMoves:
    """Kinds of deadlines that an act ends (``met``) and starts (``started``), and whether it accepts the case."""

    met: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    accepts: bool = False


NO_MOVES = ClockMoves()


def clock_moves(phase: str, outcome: str, *, deemed: bool) -> ClockMoves:
    """What completing a task of ``phase`` with ``outcome`` does to the legal clock.

    ``deemed``: the case was already accepted by operation of law, so its clocks are running.
    """
    if outcome in ("approve", "reject"):
        return ClockMoves(met=_DECIDED, started=("delivery",) if outcome == "approve" else (), accepts=not deemed)
    if phase == "accept" and outcome == "accept":
        return ClockMoves(met=("acceptance",), started=() if deemed else ("promised", "statutory"), accepts=not deemed)
    if outcome == "supplement":
        return ClockMoves(met=("acceptance",), started=("supplement",))
    if outcome == "refuse":
        return ClockMoves(met=("acceptance",))
    if phase == "supplement":
        return ClockMoves(met=("supplement",), started=("acceptance",))
    return NO_MOVES


def accepts_cases(outcomes: tuple[str, ...]) -> bool:
    """Whether a task is the one that accepts: only there can an application be refused acceptance."""
    return "refuse" in outcomes


def opinion_needed(outcome: str) -> bool:
    """不予受理、不予许可、退回、补正都要说明理由（行政许可法 第三十八条第二款；第三十二条）."""
    return outcome in NEGATIVE_OUTCOMES


def may_supplement(*, deemed: bool) -> bool:
    """逾期不告知的，自收到申请材料之日起即为受理，不得再要求补正（行政许可法 第三十二条第一款第（四）项）."""
    return not deemed


def reopening_refusal(*, applicant: bool, outcomes: tuple[str, ...], accepted: bool, decided: bool) -> str:
    """Why a step must not be opened again by hand, in Chinese; empty when nothing speaks against it.

    已经受理的不得再要求补正、再次受理（行政许可法 第三十二条），决定作出后不再审查（第三十八条）.
    """
    if decided:
        return "决定已经作出，不能再退回或跳转；需要纠正的，依法撤销或变更决定。"
    if applicant:
        return "需要申请人补正的，请在受理环节作出“一次性告知补正”，不能直接退给申请人。"
    if accepted and accepts_cases(outcomes):
        return "办件已经受理，不能再回到受理环节。"
    return ""


def signer_places(phase: str) -> tuple[str, ...]:
    """Where signers may be added: what takes effect at once (受理、决定) cannot be signed afterwards or beside."""
    return ("before",) if phase in ("accept", "decide") else ("before", "after", "parallel")
