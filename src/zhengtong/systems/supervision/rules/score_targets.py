"""年度目标: how far a target is reached, and what a unit's targets give together."""

from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

REPORTED = "reported"
PERIODS = {
    "year": "全年",
    "h1": "上半年",
    "h2": "下半年",
    "q1": "第一季度",
    "q2": "第二季度",
    "q3": "第三季度",
    "q4": "第四季度",
}
#: measures of our own: key → label and unit; figures of others come beside these
MEASURES = {
    "score": ("月度得分平均值", "分"),
    "on_time": ("按期办结率", "%"),
    "early": ("提前办结率", "%"),
    "speed_up": ("提速率", "%"),
    "steps_on_time": ("环节按期率", "%"),
    "yellow": ("黄牌", "张"),
    "red": ("红牌和严重红牌", "张"),
}
_WHOLE = Decimal(1)
_NAMES = {"name": "目标名称", "unit_name": "单位", "year": "年度"}


def completion(actual: Decimal, goal: Decimal, *, at_most: bool) -> Decimal:
    """How far a target is reached, from 0 to 1: actual ÷ goal, or goal ÷ actual for one not to be exceeded."""
    if at_most:
        return _WHOLE if actual <= goal else max(Decimal(0), goal / actual)
    return _WHOLE if actual >= goal else max(Decimal(0), actual / goal)


def targets_score(rows: Iterable[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """Σ weight × completion ÷ Σ weight, of 100, two decimals; a target without a figure yet (None) is left out."""
    known = [(weight, reached) for weight, reached in rows if reached is not None]
    whole = sum((weight for weight, _reached in known), Decimal(0))
    if not whole:
        return None
    points = sum((weight * reached for weight, reached in known), Decimal(0)) * 100 / whole
    return points.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def typed_target(row: Mapping[str, str], *, measures: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a row of texts sets, and field → what is wrong with it; ``measures`` are label → key."""
    found: dict[str, Any] = {"name": row["name"][:80], "unit": row["unit"][:12], "basis": row["basis"][:200]}
    wrong = {key: f"请填写{label}。" for key, label in _NAMES.items() if not row[key].strip()}
    if not (row["year"].isdecimal() and len(row["year"]) == 4 and 2000 <= int(row["year"]) <= 2100):
        wrong["year"] = "年度应是四位数字，例如 2026。"
    else:
        found["year"] = int(row["year"])
    found["period"] = {label: key for key, label in PERIODS.items()}.get(row["period"] or PERIODS["year"], "")
    if not found["period"]:
        wrong["period"] = f"考核期应是{'、'.join(PERIODS.values())}之一。"
    found["measure"] = measures.get(row["measure"], "")
    if not found["measure"]:
        wrong["measure"] = f"没有指标“{row['measure']}”。可以填：{'、'.join(measures)}。"
    if row["bound"] not in ("", *BOUNDS):
        wrong["bound"] = f"要求应是{'或者'.join(BOUNDS)}。"
    found["at_most"] = row["bound"] == BOUNDS[1]
    for key, label, least in (("goal", "目标值", Decimal(0)), ("weight", "权重", Decimal("0.01"))):
        number = _number(row[key])
        if number is None or not least <= number < (Decimal(10) ** (9 if key == "goal" else 3)):
            wrong[key] = f"{label}应是{'大于 0 的' if key == 'weight' else ''}数字，最多两位小数。"
        else:
            found[key] = number
    return found, wrong


BOUNDS = ("不低于", "不超过")
_MOST_DIGITS = 20


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "").strip().rstrip("%"))
    except InvalidOperation:
        return None
    if not found.is_finite() or found.adjusted() > _MOST_DIGITS:  # no such number can be rounded
        return None
    return found if found == found.quantize(Decimal("0.01")) else None


def figure_of(measure: str, months: Collection[Mapping[str, Any]], totals: Collection[Decimal]) -> Decimal | None:
    """A measure over several months from their stored details; None where the denominator is nothing.

    Rates are the sum of the parts ÷ the sum of the wholes, not a mean of rates.
    """
    if measure == "score":
        return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP) if totals else None
    if measure in ("yellow", "red"):
        levels = ("red", "breach") if measure == "red" else ("yellow",)
        return Decimal(sum(int(one["counts"].get(level, 0)) for one in months for level in levels)) if months else None
    if measure in MEASURES:
        parts = sum(int(one["rates"][measure]["part"]) for one in months)
        whole = sum(int(one["rates"][measure]["whole"]) for one in months)
        share = Decimal(parts) * 100 / whole if whole else None
        return None if share is None else _rounded(100 - share if measure == "speed_up" else share)
    return None


def other_figure(key: str, months: Collection[Mapping[str, Any]], *, share: bool) -> Decimal | None:
    """A figure of others over several months: a share in per cent, or how many rows counted."""
    part = sum(int(one["others"].get(key, [0, 0])[0]) for one in months)
    whole = sum(int(one["others"].get(key, [0, 0])[1]) for one in months)
    if share:
        return _rounded(Decimal(part) * 100 / whole) if whole else None
    return Decimal(part) if months else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
