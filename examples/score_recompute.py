"""Counts scores again from exports, without any code of the platform, and compares.

    zhengtong supervision export-scores --month 2026-10 --out scores.json
    python score_recompute.py scores.json
    zhengtong supervision export-scores --year 2026 --out scores
    python score_recompute.py scores

Takes files of months and of years, and folders of them. Prints every unit, post and item with the exported and the
recomputed score, then targets, quarters, half-years and years from the recomputed months; ends with 1 when one differs.
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
        self.steps_early = self.steps_done = self.steps_in_time = 0
        self.wholes: dict[str, int] = defaultdict(int)

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

    def rate(self, measure: str) -> tuple[int, int]:
        """Part and whole of a rate of the closed cases; of the speed-up days used and days of law."""
        if measure == "on_time":
            return sum(bool(case["in_time"]) for case in self.cases), len(self.cases)
        if measure == "early":
            early = [case for case in self.cases if case["promised_last"] and case["closed_on"] < case["promised_last"]]
            return len(early), len(self.cases)
        used = allowed = 0
        for case in self.cases:
            lawful = case["accepted_on"] and case["statutory_last"]
            whole = self.days(case["accepted_on"], case["statutory_last"]) if lawful else 0
            if whole:
                used += self.days(case["accepted_on"], case["closed_on"])
                allowed += whole
        return used, allowed

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


def counted(export: Row) -> dict[tuple[str, str], Count]:
    """(kind, key) → what is counted of it in a month."""
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
            one.steps_in_time += step["in_time"]
    for key, rows in export["inputs"].items():
        for row in rows:
            for one in of(row):
                one.others[key] += bool(row["counted"])
                one.wholes[key] += 1
    return counts


def recompute(export: Row) -> dict[tuple[str, str], str | None]:
    """(kind, key) → score as text, None for a model without points."""
    formula = export["formula"]["content"]
    totals = {key: one.total(formula) for key, one in counted(export).items()}
    return {key: None if total is None else str(total) for key, total in totals.items()}


#: period → its first month and how many there are
PERIODS = {"year": (1, 12), "h1": (1, 6), "h2": (7, 6), "q1": (1, 3), "q2": (4, 3), "q3": (7, 3), "q4": (10, 3)}
#: discipline counts in these
YEARLY = ("year", "h1", "h2")
CENT = Decimal("0.01")


class Year:
    """The months of a year that were recounted, and what the year's file says of it."""

    def __init__(self, export: Row, months: Mapping[str, Row]) -> None:
        self.export, self.formula = export, export["formula"]["content"]
        self.months = {name: one for name, one in months.items() if name.startswith(f"{export['year']}-")}
        self.counts = {name: counted(one) for name, one in self.months.items()}
        self.totals = {name: recompute(one) for name, one in self.months.items()}

    def names(self, period: str) -> list[str]:
        """The months of a period that are there."""
        first, number = PERIODS[period]
        return [name for name in sorted(self.months) if first <= int(name[5:7]) < first + number]

    def scores(self, org: str, period: str, *, published: bool) -> list[Decimal]:
        """A unit's recounted months of a period."""
        states = ("published",) if published else ("published", "proposed", "computed")
        found = [
            self.totals[name].get(("unit", org))
            for name in self.names(period)
            if (self.months[name]["run"] or {}).get("state") in states
        ]
        return [number(one) for one in found if one is not None]

    def figure(self, target: Row) -> Decimal | None:
        """What a target is measured by, over the months of its period."""
        org, measure = target["org_id"], target["measure"]
        if measure == "reported":
            return None if target["reported"] is None else number(target["reported"])
        if measure == "score":
            found = self.scores(org, target["period"], published=False)
            return (sum(found, Decimal(0)) / len(found)).quantize(CENT, ROUND_HALF_UP) if found else None
        rows = [
            (self.counts[name]["unit", org], self.months[name]["formula"]["content"])
            for name in self.names(target["period"])
            if ("unit", org) in self.counts[name]
        ]
        if measure in ("yellow", "red"):
            levels = ("red", "breach") if measure == "red" else ("yellow",)
            cards = sum(level_of(card, formula) in levels for count, formula in rows for card in count.cards)
            return Decimal(cards) if rows else None
        return rate_of(measure, [count for count, _formula in rows], share=target["share"])

    def targets(self) -> Iterator[tuple[Row, Decimal | None]]:
        """Every target with how far it is reached, from 0 to 1."""
        for target in self.export["targets"]:
            actual, goal = self.figure(target), number(target["goal"])
            if actual is None:
                yield target, Decimal(0) if target["measure"] == "reported" else None
            elif target["at_most"]:
                yield target, Decimal(1) if actual <= goal else max(Decimal(0), goal / actual)
            else:
                yield target, Decimal(1) if actual >= goal else max(Decimal(0), actual / goal)

    def targets_of(self, org: str) -> Decimal | None:
        """The points of a unit for its targets, of 100."""
        known = [(number(one["weight"]), reached) for one, reached in self.targets() if one["org_id"] == org]
        counting = [(weight, reached) for weight, reached in known if reached is not None]
        whole = sum((weight for weight, _reached in counting), Decimal(0))
        points = sum((weight * reached for weight, reached in counting), Decimal(0))
        return (points * 100 / whole).quantize(CENT, ROUND_HALF_UP) if whole else None

    def period(self, org: str, period: str) -> Decimal | None:
        """A unit's quarter, half-year or year."""
        found = self.scores(org, period, published=True)
        if not found:
            return None
        total = (sum(found, Decimal(0)) / len(found)).quantize(CENT, ROUND_HALF_UP)
        targets, share = self.targets_of(org), number(self.formula["target_share"])
        if period == "year" and targets is not None and share:
            total = ((100 - share) * total + share * targets) / 100
        lost = Decimal(0)
        if period in YEARLY:
            first, months = PERIODS[period]
            for one in self.export["deductions"]:
                if one["org_id"] == org and first <= int(one["decided_on"][5:7]) < first + months:
                    lost += number(self.formula["discipline"][one["kind"]]["points"]) * int(one["persons"])
        return max(Decimal(0), total - lost).quantize(CENT, ROUND_HALF_UP)


def rate_of(measure: str, counts: Sequence[Count], *, share: bool) -> Decimal | None:
    """A rate over several months: the sum of the parts by the sum of the wholes; a count where it is no share."""
    if measure in ("on_time", "early", "speed_up"):
        pairs = [one.rate(measure) for one in counts]
    elif measure == "steps_on_time":
        pairs = [(one.steps_in_time, one.steps_done) for one in counts]
    else:
        pairs = [(one.others[measure], one.wholes[measure]) for one in counts]
        if not share:
            return Decimal(sum(part for part, _whole in pairs)) if counts else None
    part, whole = sum(one for one, _whole in pairs), sum(one for _part, one in pairs)
    if not whole:
        return None
    found = Decimal(part) * 100 / whole
    return (100 - found if measure == "speed_up" else found).quantize(CENT, ROUND_HALF_UP)


def told(*, same: bool, kind: str, name: str, before: object, after: object) -> int:
    """Print one comparison; 1 when it differs."""
    print(f"{'一致' if same else '不一致'}\t{kind}\t{name}\t{before}\t{after}")
    return 0 if same else 1


def compare_month(export: Row) -> tuple[int, int]:
    """How many scores of a month were recounted, and how many differ."""
    found = recompute(export)
    stored = {(row["kind"], row["key"]): row for row in export["results"]}
    different = 0
    for kind, key in sorted(found.keys() | stored.keys()):
        row = stored.get((kind, key), {"name": key, "total": "（没有）"})
        total = found.get((kind, key), "（没有）")
        different += told(same=row["total"] == total, kind=kind, name=row["name"], before=row["total"], after=total)
    print(f"{export['month']}：重算 {len(found)} 项，不一致 {different} 项。")
    return len(found), different


def compare_year(export: Row, months: Mapping[str, Row]) -> tuple[int, int]:
    """As ``compare_month``, for the targets and periods of a year."""
    year, done, different = Year(export, months), 0, 0
    missing = sorted(set(export["months"]) - set(year.months))
    if missing:
        print(f"{export['year']}：缺少 {'、'.join(missing)} 的月度文件，无法重算。")
        return 0, len(missing)
    for target, reached in year.targets():
        mine = None if reached is None else str((reached * 100).quantize(CENT, ROUND_HALF_UP))
        different += told(
            same=target["reached"] == mine, kind="目标", name=target["name"], before=target["reached"], after=mine
        )
        done += 1
    for period, rows in export["periods"].items():
        for row in rows:
            total = year.period(row["org_id"], period)
            mine = None if total is None else str(total)
            different += told(same=row["total"] == mine, kind=period, name=row["name"], before=row["total"], after=mine)
            done += 1
    print(f"{export['year']} 年：重算 {done} 项，不一致 {different} 项。")
    return done, different


def files_of(names: Iterable[str]) -> Iterator[Path]:
    """The files, those of folders by name."""
    for name in names:
        path = Path(name)
        yield from sorted(path.glob("*.json")) if path.is_dir() else [path]


def main(*names: str) -> int:
    """0 when every score is the same, 1 when one differs."""
    exports = [json.loads(path.read_text(encoding="utf-8")) for path in files_of(names)]
    months = {one["month"]: one for one in exports if "month" in one}
    found = [compare_month(one) for one in months.values()]
    found += [compare_year(one, months) for one in exports if "year" in one]
    done, different = sum(one for one, _other in found), sum(one for _other, one in found)
    if len(found) > 1:
        print(f"共 {len(found)} 份：重算 {done} 项，不一致 {different} 项。")
    return 1 if different or not found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("用法：python score_recompute.py 导出的文件.json… 或者导出的文件夹")
    sys.exit(main(*sys.argv[1:]))
