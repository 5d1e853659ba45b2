"""Scores of a month: parts, deductions, bonuses, rates, ranks. Exact decimals, no rounding but in means and rates.

Source of the shape: 绩效测评 of local supervision measures (model A: nine parts, deductions and bonuses; B: grades of
a quarter; C: a list by cards and on-time rate). Every number is in the formula, none is here.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from zhengtong.systems.supervision.rules.figures import share

Content = Mapping[str, Any]
ZERO = Decimal(0)
_LEVELS = ("breach", "red", "yellow", "hint")
LEVEL_WORDS = {"hint": "预警（提示）", "yellow": "黄牌", "red": "红牌", "breach": "严重红牌"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardFact:
    """A card as scoring reads it; ``cleared``: a warning that went away by itself, ``upheld``: it was confirmed."""

    number: str
    level: str
    raised_on: dt.date
    warning: bool = False
    state: str = "raised"
    cleared: bool = False
    upheld: bool = False
    rule_key: str = ""
    rule_points: Decimal = ZERO


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseFact:
    """A closed case as scoring reads it; days are working days after acceptance, None where nothing is told of them."""

    in_time: bool
    early: bool = False
    used: int | None = None
    promised: int | None = None
    statutory: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything that one subject's month is worked out from.

    ``steps`` are (in time, early, done); ``others`` input key → (part, whole), of which deductions take the part.
    """

    cards: Sequence[CardFact] = ()
    cases: Sequence[CaseFact] = ()
    steps: tuple[int, int, int] = (0, 0, 0)
    others: Mapping[str, tuple[int, int]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the arithmetic; ``opens`` says which rows it stands for, ``points`` is signed."""

    text: str
    points: Decimal
    part: str = ""
    opens: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One part: what it weighs, what was deducted, what is left."""

    key: str
    label: str
    weight: Decimal
    deducted: Decimal
    left: Decimal


@dataclasses.dataclass(frozen=True, kw_only=True)
class Score:
    """A month's outcome; ``total`` is None for a model that gives no points."""

    total: Decimal | None
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    sentence: str
    counts: Mapping[str, int]


def decimal_of(value: Any) -> Decimal:
    """A number of a formula, which is kept as text."""
    return Decimal(str(value))


def shown(value: Decimal) -> str:
    """A number without needless zeros: 90, 2.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal) -> str:
    """+3 or −5, with a real minus sign."""
    return f"+{shown(value)}" if value > 0 else f"−{shown(-value)}" if value < 0 else "0"


def counts_as(card: CardFact, formula: Content) -> str:
    """As what a card counts: a level, or empty for one that does not score (撤销的牌留存，不计分).

    A warning that went away by itself, or still may, counts only as the formula's ``cleared`` says: as nothing, as a
    warning, or as a card. A card nobody has judged yet counts unless the formula waits for the judgement.
    """
    if card.state == "cancelled":
        return ""
    if card.warning and not card.upheld:
        return {"warning": "hint", "card": card.level}.get(str(formula["cleared"]), "")
    if not card.upheld and not formula["count_pending"] and card.state != "closed":
        return ""
    return card.level


def why_not(card: CardFact) -> str:
    """In words why a card does not score."""
    if card.state == "cancelled":
        return "已撤销，不计分"
    if card.warning:
        return "预警，按期办理后自动销号，不计分" if card.cleared else "预警，时限还没有到，不计分"
    return "还没有认定，暂不计分"


def warning_runs(days: Iterable[dt.date], *, run: int, gap_days: int) -> int:
    """How many full runs of ``run`` consecutive warnings: one breaks when more than ``gap_days`` pass between two."""
    runs = length = 0
    last: dt.date | None = None
    for day in sorted(days):
        length = length + 1 if last is not None and (day - last).days <= gap_days else 1
        last = day
        if length == run:
            runs, length, last = runs + 1, 0, None
    return runs


def bonus(value: Decimal | None, ladder: Mapping[str, Any]) -> Decimal:
    """Points for a share in per cent: ``first`` from ``from`` on, ``next`` for every further full ``step``."""
    if value is None or value < decimal_of(ladder["from"]):
        return ZERO
    steps = ((value - decimal_of(ladder["from"])) / decimal_of(ladder["step"])).to_integral_value(ROUND_FLOOR)
    return decimal_of(ladder["first"]) + decimal_of(ladder["next"]) * steps


def per_cent(part: int, whole: int, *, smallest: int) -> Decimal | None:
    """The exact share in per cent, None below the smallest denominator."""
    return None if whole < max(smallest, 1) else Decimal(part) * 100 / Decimal(whole)


def early_share(given: Inputs, smallest: int) -> Decimal | None:
    """提前办结率 = closed before the promised last day ÷ closed; of steps where the subject closes no cases."""
    part, whole = early_of(given)
    return per_cent(part, whole, smallest=smallest)


def early_of(given: Inputs) -> tuple[int, int]:
    """The two numbers of the early share."""
    if given.cases:
        return sum(case.early for case in given.cases), len(given.cases)
    return given.steps[1], given.steps[2]


def cut_of(given: Inputs) -> tuple[int, int, int]:
    """承诺时限压缩: promised and statutory working days of the cases that have both, and how many these are."""
    both = [(case.promised, case.statutory) for case in given.cases]
    known = [(a, b) for a, b in both if a is not None and b]
    return sum(a for a, _b in known), sum(b for _a, b in known), len(known)


def speed_of(given: Inputs) -> tuple[int, int, int]:
    """提速: working days used and allowed by law, of the cases that have both, and how many these are."""
    both = [(case.used, case.statutory) for case in given.cases]
    known = [(a, b) for a, b in both if a is not None and b]
    return sum(a for a, _b in known), sum(b for _a, b in known), len(known)


def saved(days: tuple[int, int, int], smallest: int) -> Decimal | None:
    """1 − Σa ÷ Σb in per cent, None below the smallest denominator; negative where more was used than allowed."""
    used, allowed, number = days
    if number < max(smallest, 1) or allowed == 0:
        return None
    return 100 - Decimal(used) * 100 / Decimal(allowed)


def score(given: Inputs, formula: Content, labels: Mapping[str, str]) -> Score:
    """A month's score with its arithmetic; ``labels`` are the names of the inputs others give."""
    counts = _counts(given, formula)
    if formula["model"] == "C":
        return Score(total=None, parts=(), lines=(), sentence="本办法只按亮牌和按期办结率排名，不计分。", counts=counts)
    taken = [*_card_lines(given, formula), *_warning_lines(given, formula), *_other_lines(given, formula, labels)]
    added = _bonus_lines(given, formula)
    parts = tuple(_part(row, taken) for row in formula["parts"])
    total, sentence = _total(formula, parts, taken, added)
    return Score(total=total, parts=parts, lines=(*taken, *added), sentence=sentence, counts=counts)


def _counts(given: Inputs, formula: Content) -> dict[str, int]:
    levels = [counts_as(card, formula) for card in given.cards]
    return {level: levels.count(level) for level in _LEVELS}


def _card_lines(given: Inputs, formula: Content) -> list[Line]:
    groups: dict[tuple[str, str, Decimal], int] = {}
    for card in given.cards:
        level = counts_as(card, formula)
        if not level:
            continue
        points = card.rule_points if formula["card_points"] == "rule" else decimal_of(formula["cards"][level])
        part = str(formula["parts_by_rule"].get(card.rule_key) or formula["card_part"])
        if points:
            groups[part, level, points] = groups.get((part, level, points), 0) + 1
    return [
        Line(
            text=f"{LEVEL_WORDS[level]} {number} 张 × {shown(points)} 分",
            points=-points * number,
            part=part,
            opens=f"cards:{level}",
        )
        for (part, level, points), number in sorted(
            groups.items(), key=lambda one: (one[0][0], _LEVELS.index(one[0][1]))
        )
    ]


def _warning_lines(given: Inputs, formula: Content) -> list[Line]:
    rule = formula["warnings"]
    days = [card.raised_on for card in given.cards if counts_as(card, formula) == "hint"]
    runs = warning_runs(days, run=int(rule["run"]), gap_days=int(rule["gap_days"]))
    points = decimal_of(rule["points"])
    if not runs or not points:
        return []
    text = f"连续 {rule['run']} 次预警 {runs} 回 × {shown(points)} 分"
    return [Line(text=text, points=-points * runs, part=str(formula["card_part"]), opens="cards:hint")]


def _other_lines(given: Inputs, formula: Content, labels: Mapping[str, str]) -> list[Line]:
    lines = []
    for row in formula["others"]:
        number, points = given.others.get(row["input"], (0, 0))[0], decimal_of(row["points"])
        if number and points:
            text = f"{labels.get(row['input'], row['input'])} {number} × {shown(points)} 分"
            opens = f"input:{row['input']}"
            lines.append(Line(text=text, points=-points * number, part=row["part"], opens=opens))
    return lines


def _bonus_lines(given: Inputs, formula: Content) -> list[Line]:
    smallest, lines = int(formula["smallest"]), []
    part, whole = early_of(given)
    points = bonus(early_share(given, smallest), formula["early"])
    if points:
        noun = "件" if given.cases else "个环节"
        text = f"提前办结 {part} {noun}，占办结 {whole} {noun}的 {said(part, whole, smallest)}%"
        lines.append(Line(text=text, points=points, opens="cases:early" if given.cases else ""))
    cut = cut_of(given)
    value = saved(cut, smallest)
    points = bonus(value, formula["cut"])
    if points and value is not None:
        text = f"承诺时限压缩 {shown(_one_decimal(value))}%：{cut[2]} 件承诺 {cut[0]} 个工作日，法定 {cut[1]} 个"
        lines.append(Line(text=text, points=points, opens="cases"))
    return lines


def said(part: int, whole: int, smallest: int) -> str:
    """A share as it is printed, the sign for 'too few' below the smallest denominator."""
    found = share(part, whole, smallest=smallest)
    return "—" if found is None else shown(found)


def _one_decimal(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _part(row: Mapping[str, Any], lines: Sequence[Line]) -> Part:
    weight, deducted = decimal_of(row["weight"]), -sum((line.points for line in lines if line.part == row["key"]), ZERO)
    left = max(ZERO, weight - deducted)
    return Part(key=row["key"], label=row["label"], weight=weight, deducted=deducted, left=left)


def _total(
    formula: Content, parts: Sequence[Part], taken: Sequence[Line], added: Sequence[Line]
) -> tuple[Decimal, str]:
    base = sum((part.weight for part in parts), ZERO)
    if formula["mode"] == "floor":
        losses = [(part.label if part.left else f"{part.label}扣完", part.left - part.weight) for part in parts]
        losses = [(text, points) for text, points in losses if points]
    else:
        losses = [(line.text, line.points) for line in taken]
    raw = base + sum((points for _text, points in losses), ZERO) + sum((line.points for line in added), ZERO)
    cap = decimal_of(formula["cap"])
    total = min(max(raw, ZERO), cap)
    said = [shown(base), *(f"{signed(points)}（{text}）" for text, points in losses)]
    said += [f"{signed(line.points)}（{line.text}）" for line in added]
    sentence = f"{' '.join(said)} = {shown(raw)}" if len(said) > 1 else f"{shown(raw)} 分，没有扣分，也没有加分"
    if raw > cap:
        sentence += f"，封顶 {shown(cap)}"
    elif raw < 0:
        sentence += "，不低于 0"
    return total, sentence


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """The mean with two decimals, half up; None of nothing. The order of the values does not matter."""
    if not values:
        return None
    return (sum(values, ZERO) / len(values)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeriodScore:
    """A quarter, half-year or year of a subject; ``missing`` is how many of its months have no score."""

    total: Decimal | None
    months: int
    missing: int
    discipline: Decimal
    targets: Decimal | None
    grade: str
    sentence: str


def period_score(
    months: Sequence[Decimal],
    formula: Content,
    *,
    wanted: int,
    discipline: Mapping[str, int],
    targets: Decimal | None = None,
) -> PeriodScore:
    """Mean of the months less the deductions for discipline, never below 0; targets weigh their share of a year.

    ``discipline`` is kind → how many persons; of a quarter nothing is given there. A grade goes by the formula's
    cut-offs.
    """
    average = mean(months)
    if average is None:
        words = "这一时期还没有月度得分。"
        return PeriodScore(
            total=None, months=0, missing=wanted, discipline=ZERO, targets=targets, grade="", sentence=words
        )
    table = formula["discipline"]
    lost = sum((decimal_of(table[kind]["points"]) * number for kind, number in discipline.items()), ZERO)
    sentence = f"{len(months)} 个月的平均分 {shown(average)}"
    total = average
    if targets is not None and decimal_of(formula["target_share"]):
        weight = decimal_of(formula["target_share"])
        total = ((100 - weight) * average + weight * targets) / 100
        sentence += f" × {shown(100 - weight)}% + 年度目标得分 {shown(targets)} × {shown(weight)}%"
    for kind, number in sorted(discipline.items()):
        if number:
            row = table[kind]
            sentence += f" −{shown(decimal_of(row['points']) * number)}（{row['label']} {number} 人次）"
    total = max(ZERO, total - lost).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return PeriodScore(
        total=total,
        months=len(months),
        missing=max(0, wanted - len(months)),
        discipline=lost,
        targets=targets,
        grade=grade_of(total, formula),
        sentence=f"{sentence} = {shown(total)}",
    )


def grade_of(total: Decimal, formula: Content) -> str:
    """优秀、良好、合格、不合格 by the cut-offs of the formula, the highest that is reached."""
    rows = sorted(formula["grades"], key=lambda row: decimal_of(row["from"]), reverse=True)
    return next((str(row["label"]) for row in rows if total >= decimal_of(row["from"])), str(rows[-1]["label"]))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Placed:
    """What a subject is ranked by."""

    key: str
    name: str
    total: Decimal | None
    counts: Mapping[str, int]
    on_time: Decimal | None


def places(subjects: Iterable[Placed], *, by_cards: bool) -> dict[str, int]:
    """Subject → rank, the best first; equals share a rank, and the order they are given in does not matter.

    By points, or (model C) by the fewest severe, red and yellow cards and then the on-time rate; who has no rate
    stands behind those who have one.
    """

    def weight(one: Placed) -> tuple[Decimal, ...]:
        rate = Decimal(-1) if one.on_time is None else one.on_time
        cards = tuple(Decimal(one.counts.get(level, 0)) for level in ("breach", "red", "yellow"))
        return (*cards, -rate) if by_cards or one.total is None else (-one.total,)

    found: dict[str, int] = {}
    rank, last = 0, None
    for place, one in enumerate(sorted(subjects, key=lambda one: (weight(one), one.name, one.key)), start=1):
        if weight(one) != last:
            rank, last = place, weight(one)
        found[one.key] = rank
    return found


def rates(given: Inputs, *, smallest: int) -> dict[str, dict[str, Any]]:
    """The rates every model uses, each with its two numbers; ``value`` is None where the denominator is too small."""
    cases = len(given.cases)
    found: dict[str, dict[str, Any]] = {
        "on_time": _rate(sum(case.in_time for case in given.cases), cases, smallest),
        "early": _rate(sum(case.early for case in given.cases), cases, smallest),
        "steps_on_time": _rate(given.steps[0], given.steps[2], smallest),
    }
    used, allowed, number = speed_of(given)
    value = saved((used, allowed, number), smallest)
    found["speed_up"] = {"part": used, "whole": allowed, "value": None if value is None else str(_one_decimal(value))}
    for level in ("yellow", "red"):
        cards = sum(card.level == level and card.state != "cancelled" for card in given.cards)
        per_thousand = None if cases < smallest else str(_one_decimal(Decimal(cards) * 1000 / Decimal(cases)))
        found[f"{level}_per_thousand"] = {"part": cards, "whole": cases, "value": per_thousand}
    for key, (part, whole) in sorted(given.others.items()):
        if whole >= part and whole:
            found[key] = _rate(part, whole, smallest)
    return found


def _rate(part: int, whole: int, smallest: int) -> dict[str, Any]:
    value = share(part, whole, smallest=smallest)
    return {"part": part, "whole": whole, "value": None if value is None else str(value)}
