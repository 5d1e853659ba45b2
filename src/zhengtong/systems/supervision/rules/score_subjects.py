"""From raw rows of a month to the subjects that are scored: units, posts, items. Pure, so that it can be repeated."""

import bisect
import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zhengtong.systems.supervision.rules.scores import (
    CardFact,
    CaseFact,
    Content,
    Inputs,
    Placed,
    Score,
    counts_as,
    places,
    rates,
    score,
    why_not,
)

Record = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class MonthRows:
    """Everything counted in a month, as plain records that can be exported and counted again by others.

    ``cases``: case_id, number, title, item_code, org_id, org_name, closed_on, in_time, and where told accepted_on,
    promised_last, statutory_last. ``cards``: id, number, level, warning, state, cleared, upheld, raised_on, rule_key,
    rule_name, rule_points, org_id, org_name, item_code, post. ``steps``: org_id, org_name, post, done, in_time, early.
    ``inputs``: key → records of org_id, org_name, item_code, counted. ``workdays``: the working days of the calendar
    that the cases touch.
    """

    cases: Sequence[Record]
    cards: Sequence[Record]
    steps: Sequence[Record]
    inputs: Mapping[str, Sequence[Record]]
    workdays: Sequence[str]

    @property
    def count(self) -> int:
        """How many rows."""
        rows = len(self.cases) + len(self.cards) + len(self.steps)
        return rows + sum(len(rows) for rows in self.inputs.values())

    def digest(self) -> str:
        """SHA-256 over all rows, whatever order they came in."""
        text = json.dumps(
            {
                "cases": _ordered(self.cases),
                "cards": _ordered(self.cards),
                "steps": _ordered(self.steps),
                "inputs": {key: _ordered(rows) for key, rows in self.inputs.items()},
                "workdays": sorted(self.workdays),
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _ordered(rows: Iterable[Record]) -> list[str]:
    return sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)


@dataclasses.dataclass
class Subject:
    """One that is scored, gathered row by row."""

    kind: str
    key: str
    name: str
    org_id: str = ""
    org_name: str = ""
    cases: list[CaseFact] = dataclasses.field(default_factory=list)
    cards: list[Record] = dataclasses.field(default_factory=list)
    steps: tuple[int, int, int] = (0, 0, 0)
    others: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)

    def inputs(self) -> Inputs:
        """As the rules take it."""
        cards = tuple(card_of(record) for record in self.cards)
        return Inputs(cards=cards, cases=tuple(self.cases), steps=self.steps, others=self.others)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scored:
    """A subject with its score, its rates and its place among those of its kind."""

    subject: Subject
    score: Score
    rates: Mapping[str, Any]
    place: int

    def detail(self, formula: Content) -> dict[str, Any]:
        """What is stored beside the total: parts, lines, counts, rates and every card with how it counted."""
        return {
            "parts": [
                {
                    "key": one.key,
                    "label": one.label,
                    **{k: str(getattr(one, k)) for k in ("weight", "deducted", "left")},
                }
                for one in self.score.parts
            ],
            "lines": [
                {"text": one.text, "points": str(one.points), "part": one.part, "opens": one.opens}
                for one in self.score.lines
            ],
            "counts": dict(self.score.counts),
            "rates": dict(self.rates),
            "cards": [_carded(record, formula) for record in self.subject.cards],
            "others": {key: list(pair) for key, pair in self.subject.others.items()},
        }


def _carded(record: Record, formula: Content) -> dict[str, Any]:
    card = card_of(record)
    level = counts_as(card, formula)
    kept = {key: record[key] for key in ("id", "number", "level", "raised_on", "rule_name")}
    return kept | {"counts_as": level, "why_not": "" if level else why_not(card)}


def card_of(record: Record) -> CardFact:
    """A card's record as the rules take it."""
    return CardFact(
        number=record["number"],
        level=record["level"],
        raised_on=dt.date.fromisoformat(record["raised_on"]),
        warning=record["warning"],
        state=record["state"],
        cleared=record["cleared"],
        upheld=record["upheld"],
        rule_key=record["rule_key"],
        rule_points=Decimal(record["rule_points"]),
    )


class _Days:
    """Working days between two days, counted from a list of them."""

    def __init__(self, workdays: Iterable[str]) -> None:
        self._sorted = sorted(workdays)

    def after(self, first: str, last: str) -> int:
        """Working days after ``first`` up to and including ``last``."""
        return bisect.bisect_right(self._sorted, last) - bisect.bisect_right(self._sorted, first)


def case_of(record: Record, days: _Days) -> CaseFact:
    """A closed case's record as the rules take it; early means closed on a day before the promised last one."""
    began, promised, lawful = record["accepted_on"], record["promised_last"], record["statutory_last"]
    return CaseFact(
        in_time=record["in_time"],
        early=bool(promised) and record["closed_on"] < promised,
        used=max(0, days.after(began, record["closed_on"])) if began else None,
        promised=days.after(began, promised) if began and promised else None,
        statutory=days.after(began, lawful) if began and lawful else None,
    )


def subjects_of(rows: MonthRows) -> list[Subject]:
    """Units, posts and items that something happened with in the month."""
    found: dict[tuple[str, str], Subject] = {}
    days = _Days(rows.workdays)

    def unit(record: Record) -> Subject:
        one = found.setdefault(
            ("unit", record["org_id"]),
            Subject("unit", record["org_id"], record["org_name"], record["org_id"], record["org_name"]),
        )
        one.name = one.org_name = max(one.name, record["org_name"])
        return one

    def post(record: Record, name: str) -> Subject:
        key = f"{record['org_id']}|{name}"
        return found.setdefault(("post", key), Subject("post", key, name, record["org_id"], record["org_name"]))

    def item(record: Record, title: str = "") -> Subject | None:
        code = record["item_code"]
        if not code:
            return None
        one = found.setdefault(("item", code), Subject("item", code, code))
        one.name = max(one.name, title) if one.name != code and title else title or one.name
        return one

    for record in rows.cases:
        case = case_of(record, days)
        unit(record).cases.append(case)
        if (of_item := item(record, record["title"])) is not None:
            of_item.cases.append(case)
    for record in rows.cards:
        for one in (unit(record), item(record), post(record, record["post"]) if record["post"] else None):
            if one is not None:
                one.cards.append(record)
    for record in rows.steps:
        for one in (unit(record), post(record, record["post"]) if record["post"] else None):
            if one is not None:
                more = (record["in_time"], record["early"], record["done"])
                one.steps = (one.steps[0] + more[0], one.steps[1] + more[1], one.steps[2] + more[2])
    for key, records in rows.inputs.items():
        for record in records:
            for one in (unit(record), item(record)):
                if one is not None:
                    part, whole = one.others.get(key, (0, 0))
                    one.others[key] = (part + bool(record["counted"]), whole + 1)
    return list(found.values())


def scored(rows: MonthRows, formula: Content, labels: Mapping[str, str]) -> list[Scored]:
    """Every subject with its score and place, by kind and place."""
    smallest, by_cards = int(formula["smallest"]), formula["model"] == "C"
    found, everyone = [], subjects_of(rows)
    for kind in ("unit", "post", "item"):
        subjects = [one for one in everyone if one.kind == kind]
        inputs = {one.key: one.inputs() for one in subjects}
        outcomes = {one.key: score(inputs[one.key], formula, labels) for one in subjects}
        told = {one.key: rates(inputs[one.key], smallest=smallest) for one in subjects}
        ranks = places((_placed(one, outcomes[one.key], told[one.key]) for one in subjects), by_cards=by_cards)
        found += [
            Scored(subject=one, score=outcomes[one.key], rates=told[one.key], place=ranks[one.key])
            for one in sorted(subjects, key=lambda one: (ranks[one.key], one.name, one.key))
        ]
    return found


def _placed(one: Subject, outcome: Score, told: Mapping[str, Any]) -> Placed:
    value = told["on_time"]["value"] or told["steps_on_time"]["value"]
    rate = None if value is None else Decimal(value)
    return Placed(key=one.key, name=one.name, total=outcome.total, counts=outcome.counts, on_time=rate)
