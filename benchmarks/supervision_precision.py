"""How much of what goes wrong supervision finds: a seeded town in which the simulator plants every kind of fault."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.context import Context
from benchmarks.results import Result

_SEED = 5107
_SOURCES = Path(__file__).parents[1]


def supervision_precision(_context: Context, *, cases: int, days: int) -> list[Result]:
    """A town of so many cases in so many days; one row for each rule, and what all of them find together."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.simulated_town", *map(str, (cases, days, _SEED))]
    done = subprocess.run(command, cwd=_SOURCES, stdout=subprocess.PIPE, text=True, check=True)
    town: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    planted = sum(town["planted"].values())
    shown = sum(number > 0 for number in town["planted"].values())
    rows = [row for row in town["rules"] if row["found"] + row["missed"] + row["false"]]
    found, missed, false = (sum(row[key] for row in rows) for key in ("found", "missed", "false"))
    where = f"{town['made']} 件、{days} 天，种子 {_SEED}"
    together = {"found": found, "missed": missed, "false": false}
    return [
        Result("supervision_precision.kinds", shown, f"植入了的差错种类（{where}）", f"共 {town['kinds']} 种", "种"),
        Result("supervision_precision.planted", planted, "植入的差错", "", "处"),
        Result(
            "supervision_precision.recall",
            _share(found, found + missed),
            f"全部规则合计：{_words(together)}",
            f"准确率 {_share(found, found + false):g}%",
            "% 查全率",
        ),
        *(
            Result(
                f"supervision_precision.{'+'.join(rule.partition('-')[0] for rule in row['rules'])}",
                row["recall"] or 0.0,
                f"{row['name']}：{_words(row)}",
                "没有亮牌" if row["precision"] is None else f"准确率 {row['precision']:g}%",
                "% 查全率" if row["recall"] is not None else "没有植入",
            )
            for row in rows
        ),
        Result(
            "supervision_precision.speed",
            town["made"] / town["seconds"],
            "模拟的速度：办件连同受理、审查、决定、评价、缴费、亮牌，一个进程",
            "",
            "件/秒",
        ),
    ]


def _words(row: Mapping[str, Any]) -> str:
    return f"查出 {row['found']}，漏掉 {row['missed']}，误报 {row['false']}"


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
