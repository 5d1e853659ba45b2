"""``zhengtong demo``: load the demonstration county, show a one-time code, move the clock."""

import argparse
import datetime as dt
import re

HELP = "演示用：装入演示县（load）、查看动态口令（code 账号）、拨快时钟（clock）"
DESCRIPTION = "只在演示模式下可用。时钟只能向前拨，网页和后台任务在一秒内跟上。"
NEEDS_DJANGO = True

_STEP = re.compile(r"(\d{1,4})([dhm])$")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("load", "code", "clock"), help="load 装入数据，code 动态口令，clock 时钟")
    parser.add_argument("name", nargs="?", default="", help="账号（code 时必填）")
    parser.add_argument("--forward", metavar="STEP", help="把时钟向前拨，如 3d（天）、5h（小时）、30m（分钟）")
    parser.add_argument("--reset", action="store_true", help="时钟回到真实时间（请只在重新装入演示数据前使用）")


def handle(args: argparse.Namespace) -> int:
    """Do one of the three."""
    from django.conf import settings

    from zhengtong.kernel.errors import NotPermitted

    if not settings.ZHENGTONG_DEMO:
        raise NotPermitted("这个命令只在演示模式下可用（make run 启动的就是演示模式）。")
    if args.action == "load":
        return _load()
    return _code(args.name) if args.action == "code" else _clock(args.forward, reset=args.reset)


def _load() -> int:
    from zhengtong.entry.demo.load import load
    from zhengtong.entry.runtime.first_accounts import show_each
    from zhengtong.entry.runtime.progress import Progress

    for line in show_each(load(Progress())):
        print(line, flush=True)
    return 0


def _code(name: str) -> int:
    from django.conf import settings

    from zhengtong.capabilities.identity import api as identity
    from zhengtong.kernel.errors import Invalid

    if not name:
        raise Invalid("请写明账号，例如：zhengtong demo code clerk.market")
    print(identity.totp_code(name, tenant=settings.ZHENGTONG_TENANT))
    return 0


def _clock(forward: str | None, *, reset: bool) -> int:
    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.kernel import clock
    from zhengtong.kernel.calendar import SHANGHAI
    from zhengtong.kernel.errors import Conflict, Invalid

    if (reset or forward) and not ledger.may_simulate():
        raise Conflict("这个县的账本不是为演示建立的，不能记模拟的时间。要拨时钟，请在空的状态目录里重新装入演示县。")
    if reset:
        clock.set_simulated_offset(dt.timedelta(0))
    elif forward:
        found = _STEP.match(forward)
        if not found:
            raise Invalid("拨动的时长应写成 3d（天）、5h（小时）或 30m（分钟）。")
        step = dt.timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})
        clock.set_simulated_offset(clock.simulated_offset() + step)
    local = clock.now().astimezone(SHANGHAI)
    print(f"现在的演示时间：{local.year}年{local.month}月{local.day}日 {local:%H:%M}")
    return 0
