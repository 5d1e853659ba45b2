"""What supervision finds of what the simulator planted: found, missed, false, for each rule."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from zhengtong.kernel.errors import Invalid
from zhengtong.systems.supervision import api as supervision

_LATE = ("21-step-late", "31-case-late")
#: what is planted → the rules any of which finds it
FINDERS: dict[str, tuple[str, ...]] = {
    "accepted_late": ("11-acceptance-late",),
    "refused_in_two_words": ("43-thin-reason",),
    "reviewed_late": _LATE,
    "decided_late": _LATE,
    "reviewed_in_seconds": ("50-in-seconds",),
    "copied_opinion": ("51-copied-opinion",),
    "at_an_impossible_hour": ("52-at-night",),
    "entered_afterwards": ("53-entered-afterwards",),
    "paused_on_last_day": ("55-paused-on-last-day",),
    "rated_by_staff": ("56-rated-at-the-counter",),
    "split_into_three": ("58-split",),
    "decided_by_who_accepted": ("59-one-person",),
    "bad_rating_left": ("60-bad-rating-late",),
    "kept_waiting": ("61-waited-long",),
    "complaint_late": ("63-complaint-late",),
}


@dataclasses.dataclass(frozen=True)
class Measured:
    """One rule, or rules that look for the same: what was planted for it and how it did."""

    rules: tuple[str, ...]
    name: str
    faults: tuple[str, ...]
    result: supervision.Found

    def to_json(self) -> dict[str, Any]:
        """Plain values; rates in per cent, null where there is nothing to divide by."""
        precision, recall = self.result.precision, self.result.recall
        return {
            "rules": list(self.rules),
            "name": self.name,
            "planted": list(self.faults),
            "found": self.result.found,
            "missed": self.result.missed,
            "false": self.result.false,
            "precision": None if precision is None else float(precision),
            "recall": None if recall is None else float(recall),
        }


def planted_in(path: Path) -> list[tuple[str, str]]:
    """(fault, number of the case) of every line; Invalid for a file that is none of the simulator's."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        return [(str(row["fault"]), str(row["case"])) for row in rows]
    except FileNotFoundError:
        raise Invalid(f"没有找到文件 {path}。模拟演示数据时会写在状态目录的 simulation/planted.jsonl。") from None
    except (KeyError, TypeError, ValueError, OSError):
        raise Invalid(f"{path} 不是模拟器写的文件：每行应有 fault 和 case。") from None


def measured(planted: Iterable[tuple[str, str]], flagged: Mapping[str, supervision.FlaggedRule]) -> list[Measured]:
    """For each rule that finds planted faults: the cases it should and did flag; every case counts once."""
    groups: dict[tuple[str, ...], set[str]] = {rules: set() for rules in FINDERS.values()}
    for fault, case in planted:
        if fault in FINDERS:
            groups[FINDERS[fault]].add(case)
    found = []
    for rules, cases in groups.items():
        known = [flagged[key] for key in rules if key in flagged]
        got = {case for one in known for case in one.cases}
        found.append(
            Measured(
                rules=rules,
                name="、".join(one.name for one in known) or "、".join(rules),
                faults=tuple(fault for fault, finders in FINDERS.items() if finders == rules),
                result=supervision.compared(cases, got),
            )
        )
    return found
