"""``zhengtong upper``: a simulated upper platform to report to, and a test of the real one's settings."""

import argparse
import sys
from pathlib import Path

HELP = "数据上报：模拟上级平台、检查设置"
DESCRIPTION = (
    "simulate 在本机运行一个接收上报包的模拟上级平台：核验签名、序号、要素，给出签名的回执，可以按设定出错；"
    "check 检查上级平台的地址和证书是否设置齐全，不发送数据。"
)
_FAULTS = {
    "fail-every": ("fail_every", "每第几包存好以后答复 HTTP 500"),
    "lose-every": ("lose_every", "每第几包存好以后断开，回执丢失"),
    "refuse-every": ("refuse_every", "每第几行退回"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("simulate", "check"), metavar="ACTION", help="要做的事：simulate | check")
    parser.add_argument("--host", default="127.0.0.1", help="模拟平台监听的地址（默认 127.0.0.1）")
    parser.add_argument("--port", type=int, default=7900, help="模拟平台监听的端口（默认 7900，0 为任意空闲端口）")
    parser.add_argument("--folder", metavar="DIR", default="upper", help="密钥、证书和收到的包放在哪里（默认 upper）")
    parser.add_argument(
        "--trust",
        metavar="FILE",
        action="append",
        default=[],
        help="只相信这些证书（PEM，可写多次；在“数据上报”页面下载）；不写则凡是签名正确的都接收",
    )
    parser.add_argument("--down", action="store_true", help="一直答复 HTTP 503")
    parser.add_argument("--slow", type=float, default=0.0, metavar="SECONDS", help="存好以后过多久才应答（默认 0）")
    parser.add_argument(
        "--verify-after", type=float, default=0.0, metavar="SECONDS", help="收到以后过多久给出逐行结论（默认 0，立即）"
    )
    for name, (_field, words) in _FAULTS.items():
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"{words}（默认 0，从不）")


def handle(args: argparse.Namespace) -> int:
    """0 when done, 1 when the platform cannot be used."""
    return _simulate(args) if args.action == "simulate" else _check()


def _simulate(args: argparse.Namespace) -> int:
    from zhengtong.entry.runtime.without_database import set_up_django

    set_up_django()
    from zhengtong.capabilities.exchange.api import Faults, UpperServer, simulated_platform
    from zhengtong.kernel.clock import now

    faults = Faults(down=args.down, slow=args.slow, verify_after=args.verify_after)
    for name, (field, _words) in _FAULTS.items():
        setattr(faults, field, getattr(args, name.replace("-", "_")))
    folder = Path(args.folder).absolute()
    try:
        believed = [Path(name).read_text(encoding="ascii") for name in args.trust]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        server = UpperServer(
            simulated_platform(folder, trusted=lambda: believed, faults=faults),
            host=args.host,
            port=args.port,
            clock=now,
            told=lambda line: print(line, flush=True),
        )
    except OSError as error:
        print(
            f"模拟平台没有启动：{error.strerror}（{error.filename or f'{args.host}:{args.port}'}）。", file=sys.stderr
        )
        return 1
    print(f"模拟上级平台已就绪：http://{args.host}:{server.port}，签名证书 {folder / 'keys' / 'certificate.pem'}。")
    print("请设置 ZHENGTONG_UPPER_URL 和 ZHENGTONG_UPPER_CERTIFICATE 后重新启动政通。按 Ctrl-C 停止。", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


def _check() -> int:
    from zhengtong.entry.runtime.without_database import set_up_django

    set_up_django()
    from zhengtong.capabilities.exchange.api import why_not_reporting

    problem = why_not_reporting()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    print("上级平台的地址和证书已设置齐全。")
    return 0
