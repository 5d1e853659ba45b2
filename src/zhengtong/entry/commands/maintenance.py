"""``zhengtong maintenance``: visitors read why and until when, the system administrator works on."""

import argparse
import datetime as dt
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.entry.runtime.state_folder import StateFolder

HELP = "维护模式：开启、结束、查看；访问的人看到维护页面和预计恢复时间"
DESCRIPTION = (
    "数据库停着也能开启。系统管理员照常登录使用，/healthz、/metrics 照常。按时刻动作的后台循环停下，结束以后补做；"
    "法定时限照常计算，维护期间届满的不直接亮牌，平台自动登记系统故障时段，由监察员核定。"
)
_BY = "命令行"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("on", "off", "status"), help="on 开启，off 结束，status 查看")
    parser.add_argument("--reason", metavar="TEXT", default="", help="on：原因，访问的人看得到")
    parser.add_argument("--until", metavar="TIME", default="", help="on：预计恢复时间，如“2026-01-31 18:00”或者 18:00")


def handle(args: argparse.Namespace) -> int:
    """0 when afterwards it is as asked for; ``status``: 0 while it is on, else 1."""
    from zhengtong.entry.runtime.state_folder import StateFolder
    from zhengtong.entry.upkeep import maintenance

    state = StateFolder.chosen(args.var)
    state.open(create=False)
    if args.action == "status":
        on = maintenance.read(state.path)
        words = f"维护模式已开启：{on.reason or '没有写明原因'}（{_until(on.until)}）。" if on else "维护模式没有开启。"
        print(words)
        return 0 if on else 1
    return _on(state, args) if args.action == "on" else _off(state)


def _on(state: "StateFolder", args: argparse.Namespace) -> int:
    """Where the database is away the file alone holds; ledger and outage follow at the end."""
    from zhengtong.entry.runtime.embedded_postgres import Cluster
    from zhengtong.entry.runtime.environment import connected
    from zhengtong.entry.upkeep import maintenance
    from zhengtong.kernel.actors import system
    from zhengtong.kernel.errors import Invalid

    try:
        begun = maintenance.begin(state.path, until=_moment(args.until), reason=args.reason, by=_BY)
    except Invalid as refusal:
        print("\n".join([refusal.message, *refusal.errors.values()]), file=sys.stderr)
        return 2
    if os.environ.get("DATABASE_URL") or Cluster(state.database).is_running():
        with connected(state, role="app"):
            from django.conf import settings

            from zhengtong.entry.upkeep.switching import record_begin

            begun = record_begin(state.path, begun, actor=system(settings.ZHENGTONG_TENANT))
    print(f"维护模式已开启（{_until(begun.until)}）。结束时运行：zhengtong maintenance off")
    if not begun.outage:
        print("数据库没有运行，责任认定账目和系统故障时段在结束维护时补登记。")
    return 0


def _off(state: "StateFolder") -> int:
    from zhengtong.entry.runtime.environment import connected
    from zhengtong.kernel.actors import system
    from zhengtong.kernel.calendar import SHANGHAI

    with connected(state, role="app"):
        from django.conf import settings

        from zhengtong.entry.upkeep.switching import switch_off

        ended = switch_off(actor=system(settings.ZHENGTONG_TENANT))
    since = f"{ended.since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    print(f"维护模式已结束。从 {since} 起的系统故障时段已登记，受影响的时限由监察员核定。")
    return 0


def _moment(text: str) -> dt.datetime | None:
    """The end that was named: a day and a time, or the next such time of day; raises Invalid."""
    from zhengtong.kernel.calendar import SHANGHAI
    from zhengtong.kernel.clock import local_date, recording_time
    from zhengtong.kernel.dates import read_moment
    from zhengtong.kernel.errors import Invalid

    if not text.strip():
        return None
    at = recording_time()
    try:
        if " " in text.strip() or "T" in text:
            return read_moment(text).replace(tzinfo=SHANGHAI)
        found = read_moment(f"{local_date(at)} {text}").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid("没有开启：--until 请写成“2026-01-31 18:00”或者 18:00。", errors={}) from None
    return found if found > at else found + dt.timedelta(days=1)


def _until(until: dt.datetime | None) -> str:
    from zhengtong.kernel.calendar import SHANGHAI

    return f"预计 {until.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 恢复" if until else "恢复时间未定"
