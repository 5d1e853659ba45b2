"""Counts the scores of a month again from an export, without any code of the platform, and compares.

    zhengtong supervision export-scores --month 2026-10 --out scores.json
    python score_recompute.py scores.json

Prints every unit, post and item with the exported and the recomputed score; ends with 1 when one differs.
Needs Python 3.11 and nothing else. The rules are those of the formula in the file (见“评分办法”页面).
"""

# ruff: noqa: T201  (a script for the command line speaks by printing)

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


def number(value: Any) -> Decimal:
    """Numbers of a formula are texts."""
    return Decimal(str(value))


def level_of(card: Row, formula: Row) -> str | None:
    """As what a card counts, None for one that does not score."""
    if card["state"] == "cancelled":
        return None
    if card["warning"] and not card["upheld"]:
        counted: dict[str, str] = {"warning": "hint", "card": card["level"]}
        return counted.get(formula["cleared"])
    if not card["upheld"] and not formula["count_pending"] and card["state"] != "closed":
        return None
    return str(card["level"])


def runs_of_warnings(days: Iterable[str], rule: Row) -> int:
    """Full runs of consecutive warnings."""
    runs = 0
    streak: list[date] = []
    for day in sorted(date.fromisoformat(one) for one in days):
        if streak and (day - streak[-1]).days > int(rule["gap_days"]):
            streak = []
        streak.append(day)
        if len(streak) == int(rule["run"]):
            runs, streak = runs + 1, []
    return runs


def ladder(value: Decimal | None, rule: Row) -> Decimal:
    """Points for a share: the first at the threshold, one more for every full step above it."""
    if value is None or value < number(rule["from"]):
        return Decimal(0)
    return number(rule["first"]) + number(rule["next"]) * ((value - number(rule["from"])) // number(rule["step"]))


class Count:
    """What is counted of one unit, post or item."""

    def __init__(self, workdays: Sequence[str]) -> None:
        self.workdays = workdays
        self.cards: list[Row] = []
        self.cases: list[Row] = []
        self.others: dict[str, int] = defaultdict(int)
        self.steps_early = self.steps_done = 0

    def days(self, first: str, last: str) -> int:
        """Working days after the first up to the last."""
        return sum(1 for day in self.workdays if first < day <= last)

    def total(self, formula: Row) -> Decimal | None:
        """The score; None for a model without points."""
        if formula["model"] == "C":
            return None
        lost, warnings = self.lost_on_cards(formula)
        lost[formula["card_part"]] += runs_of_warnings(warnings, formula["warnings"]) * number(
            formula["warnings"]["points"]
        )
        for one in formula["others"]:
            lost[one["part"]] += self.others[one["input"]] * number(one["points"])
        if formula["mode"] == "floor":
            left = [max(Decimal(0), number(part["weight"]) - lost[part["key"]]) for part in formula["parts"]]
            points = sum(left, Decimal(0))
        else:
            whole = sum((number(part["weight"]) for part in formula["parts"]), Decimal(0))
            points = whole - sum(lost.values(), Decimal(0))
        points += ladder(self.early(int(formula["smallest"])), formula["early"])
        points += ladder(self.cut(int(formula["smallest"])), formula["cut"])
        return min(max(points, Decimal(0)), number(formula["cap"])).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def lost_on_cards(self, formula: Row) -> tuple[dict[str, Decimal], list[str]]:
        """Part → points taken for cards, and the days of warnings."""
        lost: dict[str, Decimal] = defaultdict(Decimal)
        warnings: list[str] = []
        for card in self.cards:
            level = level_of(card, formula)
            if level is None:
                continue
            part = formula["parts_by_rule"].get(card["rule_key"], formula["card_part"])
            by_rule = formula["card_points"] == "rule"
            lost[part] += number(card["rule_points"] if by_rule else formula["cards"][level])
            if level == "hint":
                warnings.append(card["raised_on"])
        return lost, warnings

    def early(self, smallest: int) -> Decimal | None:
        """The share closed before the promised last day, in per cent."""
        if self.cases:
            part = sum(1 for case in self.cases if case["promised_last"] and case["closed_on"] < case["promised_last"])
            whole = len(self.cases)
        else:
            part, whole = self.steps_early, self.steps_done
        return Decimal(part) * 100 / whole if whole >= smallest else None

    def cut(self, smallest: int) -> Decimal | None:
        """By how much promised limits are shorter than those of law, in per cent."""
        promised = lawful = known = 0
        for case in self.cases:
            if case["accepted_on"] and case["promised_last"] and case["statutory_last"]:
                allowed = self.days(case["accepted_on"], case["statutory_last"])
                if allowed:
                    promised += self.days(case["accepted_on"], case["promised_last"])
                    lawful += allowed
                    known += 1
        return 100 - Decimal(promised) * 100 / lawful if known >= smallest and lawful else None


def recompute(export: Row) -> dict[tuple[str, str], str | None]:
    """(kind, key) → score as text, None for a model without points."""
    counts: dict[tuple[str, str], Count] = defaultdict(lambda: Count(export["workdays"]))

    def of(row: Row, *, post: str = "") -> Iterator[Count]:
        yield counts["unit", row["org_id"]]
        if row.get("item_code"):
            yield counts["item", row["item_code"]]
        if post:
            yield counts["post", f"{row['org_id']}|{post}"]

    for case in export["cases"]:
        for one in of(case):
            one.cases.append(case)
    for card in export["cards"]:
        for one in of(card, post=card["post"]):
            one.cards.append(card)
    for step in export["steps"]:
        for one in of(step, post=step["post"]):
            one.steps_early += step["early"]
            one.steps_done += step["done"]
    for key, rows in export["inputs"].items():
        for row in rows:
            for one in of(row):
                one.others[key] += bool(row["counted"])
    formula = export["formula"]["content"]
    totals = {key: one.total(formula) for key, one in counts.items()}
    return {key: None if total is None else str(total) for key, total in totals.items()}


def main(path: str) -> int:
    """0 when every score is the same, 1 when one differs."""
    export = json.loads(Path(path).read_text(encoding="utf-8"))
    found = recompute(export)
    stored = {(row["kind"], row["key"]): row for row in export["results"]}
    different = sum(found.get(key) != row["total"] for key, row in stored.items()) + len(found.keys() - stored.keys())
    for (kind, key), total in sorted(found.items()):
        row = stored.get((kind, key), {"name": key, "total": "（没有）"})
        mark = "一致" if row["total"] == total else "不一致"
        print(f"{mark}\t{kind}\t{row['name']}\t{row['total']}\t{total}")
    print(f"{export['month']}：重算 {len(found)} 项，不一致 {different} 项。")
    return 1 if different else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("用法：python score_recompute.py 导出的文件.json")
    sys.exit(main(sys.argv[1]))
