"""``zhengtong supervision``: rebuild what is watched, measure what is found, formulas of scores, rows of a month."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HELP = "电子监察：重建监察数据、核对查出率、装入评分办法、导出计分数据"
DESCRIPTION = (
    "rebuild 从留存的事件重写监察事件和监察办件，补齐漏掉的牌，不删牌，可重复执行；"
    "measure 把模拟器植入的差错与亮牌对照，给出查出、漏掉、误报；"
    "install-formulas 装入三种预置的评分办法（已有的不动）；"
    "export-scores 导出一个月（--month）或者一年各月和全年（--year）的全部计分数据、评分办法和得分（JSON），"
    "用 examples/score_recompute.py 可以独立重算。"
)
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = sorted(_ACTIONS)
    parser.add_argument("action", choices=actions, metavar="ACTION", help=f"要做的事：{' | '.join(actions)}")
    parser.add_argument("--tenant", metavar="CODE", help="行政区划代码（默认：本站的租户）")
    parser.add_argument("--planted", metavar="FILE", default="", help="measure：植入差错的清单（默认在状态目录）")
    parser.add_argument("--json", action="store_true", help="measure：输出 JSON")
    parser.add_argument("--month", metavar="YYYY-MM", default="", help="export-scores：月份")
    parser.add_argument("--year", metavar="YYYY", default="", help="export-scores：年度；--out 写一个文件夹")
    parser.add_argument("--formula", metavar="KEY", default="model-a", help="export-scores：评分办法（默认 model-a）")
    parser.add_argument("--out", metavar="FILE", default="", help="export-scores：写到哪个文件（默认：标准输出）")


def handle(args: argparse.Namespace) -> int:
    """0 when done, 1 after a refusal, 2 when something is missing on the command line or cannot be written."""
    from django.conf import settings

    from zhengtong.kernel.errors import DomainError

    try:
        return int(_ACTIONS[args.action](args, args.tenant or settings.ZHENGTONG_TENANT))
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1


def _rebuild(args: argparse.Namespace, tenant: str) -> int:
    from zhengtong.systems.supervision import api

    done = api.rebuild(tenant)
    print(
        f"监察事件 {done.entries} 条，重建办件 {done.cases} 件（读取事件 {done.events} 条），补齐亮牌 {done.cards} 张。"
    )
    return 0


def _measure(args: argparse.Namespace, tenant: str) -> int:
    from django.conf import settings

    from zhengtong.entry.simulator.measuring import measured, planted_in
    from zhengtong.systems.supervision import api

    path = Path(args.planted) if args.planted else Path(settings.ZHENGTONG_VAR) / "simulation" / "planted.jsonl"
    rows = [one.to_json() for one in measured(planted_in(path), api.flagged_cases(tenant))]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        rates = "、".join(
            f"{label} {'—' if row[key] is None else format(row[key], 'g') + '%'}"
            for key, label in (("precision", "准确率"), ("recall", "查全率"))
        )
        print(f"{row['name']}：查出 {row['found']}，漏掉 {row['missed']}，误报 {row['false']}；{rates}")
    return 0


def _install_formulas(args: argparse.Namespace, tenant: str) -> int:
    from zhengtong.kernel.actors import system
    from zhengtong.systems.supervision import api

    print(f"装入评分办法 {api.install_formulas(actor=system(tenant))} 个。")
    return 0


def _export_scores(args: argparse.Namespace, tenant: str) -> int:
    from zhengtong.systems.supervision import api

    if args.year:
        return _export_year(args, tenant)
    month = _month_of(args.month)
    if month is None:
        print("请用 --month 写明月份，例如 --month 2026-10；或者用 --year 写明年度。", file=sys.stderr)
        return 2
    found = api.export_scores(tenant, year=month[0], month=month[1], key=args.formula)
    if not args.out:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    return _write({Path(args.out): found}, args.out)


def _month_of(text: str) -> tuple[int, int] | None:
    year, _dash, month = text.partition("-")
    right = year.isdecimal() and month.isdecimal() and len(year) == 4 and 1 <= int(month) <= 12
    return (int(year), int(month)) if right else None


def _export_year(args: argparse.Namespace, tenant: str) -> int:
    """Every month that has scores, and the year, as files of a folder."""
    from zhengtong.systems.supervision import api

    if not (args.year.isdecimal() and len(args.year) == 4) or not args.out:
        print(
            "请用 --year 写明四位年度，用 --out 写明导出到哪个文件夹，例如 --year 2026 --out scores。", file=sys.stderr
        )
        return 2
    folder, year = Path(args.out), int(args.year)
    files = {folder / f"{year}.json": api.export_year(tenant, year=year, key=args.formula)}
    for name in api.months_with_scores(tenant, year, args.formula):
        month = int(name.partition("-")[2])
        files[folder / f"{name}.json"] = api.export_scores(tenant, year=year, month=month, key=args.formula)
    return _write(files, args.out)


def _write(files: Mapping[Path, Any], out: str) -> int:
    try:
        for path, found in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"写不到“{out}”：{error.strerror}。", file=sys.stderr)
        return 2
    print(f"已导出到 {out}。")
    return 0


_ACTIONS = {
    "rebuild": _rebuild,
    "measure": _measure,
    "install-formulas": _install_formulas,
    "export-scores": _export_scores,
}
