"""``zhengtong sms``: a simulated short-message gateway to try with, and a test of the real one."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.capabilities.notify.api import Arrived

HELP = "短信网关：模拟网关、检查连接"
DESCRIPTION = (
    "simulate 在本机运行一个 CMPP 2.0、3.0 模拟网关，可以按设定的次数出错，收到的短信显示出来或者写入文件；"
    "check 用环境变量中的设置登录短信网关，不发短信。"
)
_FAULTS = {
    "fail-every": ("fail", "每第几次提交被拒绝（流量控制）"),
    "silence-every": ("silence", "每第几次提交不应答，短信丢弃"),
    "drop-every": ("drop", "每第几次提交时断开连接，短信丢弃"),
    "report-fail-every": ("report_fail", "每第几条短信手机收不到，状态报告为 UNDELIV"),
    "report-lose-every": ("report_lose", "每第几条短信没有状态报告"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("simulate", "check"), metavar="ACTION", help="要做的事：simulate | check")
    parser.add_argument("--host", default="127.0.0.1", help="模拟网关监听的地址（默认 127.0.0.1）")
    parser.add_argument("--port", type=int, default=7890, help="模拟网关监听的端口（默认 7890，0 为任意空闲端口）")
    parser.add_argument("--source", default="901234", help="模拟网关接受的企业代码（默认 901234）")
    parser.add_argument("--secret", default="simulated", help="模拟网关接受的口令（默认 simulated）")
    parser.add_argument(
        "--report-after", type=float, default=1.0, metavar="SECONDS", help="状态报告的延迟（默认 1 秒）"
    )
    parser.add_argument("--out", metavar="DIR", default="", help="收到的短信写入这个目录（默认：显示在屏幕上）")
    for name, (_field, words) in _FAULTS.items():
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"{words}（默认 0，从不）")


def handle(args: argparse.Namespace) -> int:
    """0 when done, 1 when the gateway cannot be used."""
    return _simulate(args) if args.action == "simulate" else _check()


def _simulate(args: argparse.Namespace) -> int:
    from zhengtong.entry.runtime.without_database import set_up_django

    set_up_django()
    from zhengtong.capabilities.notify.api import simulated_gateway, write_arrived

    folder = Path(args.out) if args.out else None

    def show(message: "Arrived") -> None:
        if folder is not None:
            write_arrived(message, folder)
        else:
            print(f"{message.number}  {message.text}", flush=True)

    faults = {field: getattr(args, name.replace("-", "_")) for name, (field, _words) in _FAULTS.items()}
    try:
        gateway = simulated_gateway(
            source=args.source,
            secret=args.secret,
            host=args.host,
            port=args.port,
            on_arrival=show,
            report_after=args.report_after,
            **faults,
        )
    except OSError as error:
        print(f"不能监听 {args.host}:{args.port}：{error.strerror}。请换一个端口。", file=sys.stderr)
        return 1
    print(f"模拟网关已就绪：{args.host}:{gateway.port}，企业代码 {args.source}，口令 {args.secret}。按 Ctrl-C 停止。")
    sys.stdout.flush()
    gateway.run()
    return 0


def _check() -> int:
    from zhengtong.entry.runtime.without_database import set_up_django

    set_up_django()
    from django.conf import settings

    from zhengtong.capabilities.notify.api import check_gateway

    if not settings.ZHENGTONG_SMS_HOST:
        print("没有设置 ZHENGTONG_SMS_HOST：不发短信（演示模式用内置模拟网关）。", file=sys.stderr)
        return 1
    problem = check_gateway()
    if problem:
        print(f"短信网关不能使用：{problem}。", file=sys.stderr)
        return 1
    place = f"{settings.ZHENGTONG_SMS_HOST}:{settings.ZHENGTONG_SMS_PORT}"
    print(f"登录成功：{place}，CMPP {settings.ZHENGTONG_SMS_VERSION}。")
    return 0
