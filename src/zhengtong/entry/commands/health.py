"""``zhengtong health``: what the health page says, for cron and for who has no browser at hand."""

import argparse
import json
import sys

HELP = "运行状况：逐项检查并给出建议；有需要处理的项时退出码为 1"
DESCRIPTION = "与控制台的“运行状况”页相同，不会启动数据库。可以放进 cron：退出码 1 为有红灯或者连接不上。"

_SIGNS = {"green": "正常", "yellow": "留意", "red": "处理"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")
    parser.add_argument("--quiet", action="store_true", help="只列出不正常的项（cron 用：没有输出就没有邮件）")


def handle(args: argparse.Namespace) -> int:
    """0 when no lamp is red, else 1."""
    rows = _rows(args)
    shown = [row for row in rows if not args.quiet or row["lamp"] != "green"]
    if args.json:
        print(json.dumps({"ok": not _red(rows), "findings": shown}, ensure_ascii=False, indent=1))
    else:
        for row in shown:
            print(f"[{_SIGNS[row['lamp']]}] {row['name']}：{row['value']}")
            if row["advice"]:
                print(f"       {row['advice']}")
    return 1 if _red(rows) else 0


def _red(rows: list[dict[str, str]]) -> bool:
    return any(row["lamp"] == "red" for row in rows)


def _rows(args: argparse.Namespace) -> list[dict[str, str]]:
    import os

    from zhengtong.entry.runtime.embedded_postgres import Cluster
    from zhengtong.entry.runtime.environment import connected
    from zhengtong.entry.runtime.state_folder import StateFolder

    state = StateFolder.chosen(args.var)
    if not os.environ.get("DATABASE_URL"):
        state.open(create=False)
        if not Cluster(state.database).is_running():
            advice = f"请用 zhengtong run 启动平台；已经启动的，请看 {Cluster(state.database).log_file}。"
            return [_row("数据库", "red", "内嵌数据库没有运行", advice)]
    with connected(state, role="app"):
        from django.db import Error, connection

        from zhengtong.entry.console.health import findings

        try:
            connection.ensure_connection()
        except Error as error:
            print(str(error).strip(), file=sys.stderr)
            return [_row("数据库", "red", "连接不上", "请检查数据库服务器和 DATABASE_URL。")]
        return [_row(one.name, one.lamp, one.value, one.advice) for one in findings()]


def _row(name: str, lamp: str, value: str, advice: str) -> dict[str, str]:
    return {"name": str(name), "lamp": lamp, "value": str(value), "advice": str(advice)}
