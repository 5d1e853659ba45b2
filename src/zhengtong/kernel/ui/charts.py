"""Where the columns, lines and labels of a chart stand: drawn on the server, readable without JavaScript.

A chart never stands alone: the same values follow as a table for those who cannot see it.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

Kind = Literal["columns", "lines"]

WIDTH, HEIGHT = 560, 228
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 20, 34  # on a phone letters are larger: the lowest value stays clear of labels
_LABELS = 12  # more say nothing more
_WIDE, _NARROW, _BETWEEN = 12.0, 7.0, 8.0  # a Chinese character of a label, another one, what stays free between two
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 4


@dataclasses.dataclass(frozen=True)
class Tick:
    """A line across the chart with its value."""

    y: float
    label: str


@dataclasses.dataclass(frozen=True)
class Mark:
    """A column or a point of a line: ``tone`` is the place of its series, ``said`` what a pointer is told."""

    x: float
    y: float
    width: float
    height: float
    tone: int
    said: str


@dataclasses.dataclass(frozen=True)
class Chart:
    """A chart ready for the template: ticks, marks, runs of each line (``path`` data), labels under it."""

    kind: str
    ticks: list[Tick]
    marks: list[Mark]
    paths: list[tuple[int, str]]
    labels: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - _BOTTOM
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def scale_of(highest: float, *, whole: bool = False) -> list[float]:
    """Round values from 0 to just above ``highest``, at most five of them; ``whole`` for what is counted in pieces."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / _TICKS
    power = 1.0
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    steps = [size * power for size in _STEPS if size * power >= rough]
    step = next((one for one in steps if one.is_integer()), 1.0) if whole else steps[0]
    count = int(-(-highest // step))
    return [step * number for number in range(count + 1)]


def chart_of(points: Sequence[Mapping[str, Any]], series: Sequence[Mapping[str, str]], *, kind: Kind) -> Chart:
    """Points ``{label, <key of a series>: number or None}`` with series ``{key, label}``; None leaves a gap."""
    values = [float(point[one["key"]]) for point in points for one in series if point.get(one["key"]) is not None]
    scale = scale_of(max(values, default=0.0), whole=all(value.is_integer() for value in values))
    span = HEIGHT - _TOP - _BOTTOM
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(points), 1)

    def height_of(value: object) -> float:
        return round(max(float(str(value)), 0.0) / scale[-1] * span, 1)

    marks: list[Mark] = []
    paths: list[tuple[int, str]] = []
    for tone, one in enumerate(series):
        spots: list[tuple[int, Mark]] = []
        for place, point in enumerate(points):
            value = point.get(one["key"])
            if value is None:
                continue
            tall, said = height_of(value), f"{point['label']} {one['label']} {value}"
            if kind == "columns":
                width = min(slot * 0.72 / len(series), 36.0)
                x = _LEFT + slot * (place + 0.5) + width * (tone - len(series) / 2)
                spots.append((place, Mark(_r(x), _r(HEIGHT - _BOTTOM - tall), _r(width), tall, tone, said)))
            else:
                x = _LEFT + slot * (place + 0.5)
                spots.append((place, Mark(_r(x), _r(HEIGHT - _BOTTOM - tall), 0, 0, tone, said)))
        marks += [mark for _place, mark in spots]
        if kind == "lines":
            paths.append((tone, _path(spots)))
    labels = _labels([str(point["label"]) for point in points], slot)
    ticks = [Tick(_r(HEIGHT - _BOTTOM - value / scale[-1] * span), f"{value:g}") for value in scale]
    return Chart(kind, ticks, marks, paths, labels)


def _labels(words: Sequence[str], slot: float) -> list[tuple[float, str]]:
    """Every label, or every second, third…: as many as stand clear of each other and of the edge."""
    widest = max(map(_width, words), default=0.0)
    every = max(-(-len(words) // _LABELS), int(-(-(widest + _BETWEEN) // slot)), 1)
    found = [(_r(_LEFT + slot * (place + 0.5)), text) for place, text in enumerate(words) if not place % every]
    return [(x, text) for x, text in found if x + _width(text) / 2 <= WIDTH]


def _width(text: str) -> float:
    return sum(_WIDE if ord(letter) > 0x2E80 else _NARROW for letter in text)


def _path(spots: Sequence[tuple[int, Mark]]) -> str:
    """The line through the points; it breaks where a value is missing."""
    parts = [f"M{spots[0][1].x:g} {spots[0][1].y:g}"] if spots else []
    for (before, _mark), (place, mark) in pairwise(spots):
        parts.append(f"{'L' if place == before + 1 else 'M'}{mark.x:g} {mark.y:g}")
    return "".join(parts)


def _r(number: float) -> float:
    return round(number, 1)
