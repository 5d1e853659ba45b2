"""双随机: who is inspected, and by whom, drawn so that anybody can draw again and come to the same.

Method ``weighted-sha256-1``: a candidate's number is the first eight bytes of SHA-256(seed, line feed, key) as a share
u of 2^64; its rank is −ln(u) ÷ weight, rounded to twelve places. The lowest ranks are taken (Efraimidis and Spirakis,
weighted sampling without putting back). The same seed gives the inspectors of a visit, keys being target, line feed,
person, all of weight 1; whoever belongs to the unit inspected is passed over.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

METHOD = "weighted-sha256-1"
_SPACE = 2**64


@dataclass(frozen=True)
class Candidate:
    """What may be drawn; ``key`` must be unique, ``weight`` above zero."""

    key: str
    weight: float = 1.0


@dataclass(frozen=True)
class Person:
    """Who may inspect, and the unit he belongs to."""

    key: str
    org: str


def weight_of(counts: Mapping[str, int], each: Mapping[str, float], cap: float) -> float:
    """1 for a clean record, more for each card and complaint, never above the cap; two places."""
    found = 1.0 + sum(count * max(each.get(kind, 0.0), 0.0) for kind, count in counts.items())
    return round(min(found, max(cap, 1.0)), 2)


def rank_of(seed: str, key: str, weight: float = 1.0) -> float:
    """The rank of one candidate; the lowest are taken."""
    number = int.from_bytes(hashlib.sha256(f"{seed}\n{key}".encode()).digest()[:8], "big")
    return round(-math.log((number + 1) / _SPACE) / weight, 12)


def drawn(seed: str, candidates: Iterable[Candidate], size: int) -> list[str]:
    """The keys taken, in the order of the draw."""
    ranked = sorted((rank_of(seed, one.key, one.weight), one.key) for one in candidates)
    return [key for _rank, key in ranked[: max(size, 0)]]


def inspectors_for(
    seed: str, target: str, target_org: str, people: Sequence[Person], size: int, without: Iterable[str] = ()
) -> list[str]:
    """The people who inspect one target: nobody of its own unit, nobody of ``without`` (who has recused himself)."""
    gone = set(without)
    able = [one for one in people if one.org != target_org and one.key not in gone]
    ranked = sorted((rank_of(seed, f"{target}\n{one.key}"), one.key) for one in able)
    return [key for _rank, key in ranked[:size]]
