"""``zhengtong courier``: a simulated courier whose system reports what becomes of parcels, with faults to try with."""

import argparse
import dataclasses
import datetime as dt
import http.client
import json
import os
import sys
import urllib.parse
from collections.abc import Iterator

HELP = "寄递企业：模拟回报寄递进展"
DESCRIPTION = (
    "simulate 按寄递企业的接口向本平台逐条回报单号的进展（揽收、运输途中、签收或者拒收），可以按设定的次数出错："
    "重复、乱序、重放、伪造签名、时间过期、丢失。平台一侧须设置相同的 ZHENGTONG_COURIER_SECRET。"
)
_FAULTS = {
    "refuse-every": "每第几个邮件收件人拒收",
    "swap-every": "每第几个邮件的回报倒着发",
    "double-every": "每第几条回报再发一次（新的签名）",
    "replay-every": "每第几条回报原样重放（应答 409）",
    "forge-every": "每第几条回报的签名是伪造的（应答 400）",
    "stale-every": "每第几条回报的时间戳是昨天的（应答 400）",
    "lose-every": "每第几条回报丢失，不发",
}
_WAY = ("collected", "in_transit")
_TIMEOUT = 10


@dataclasses.dataclass(frozen=True)
class Message:
    """A report to post: what it is, and what is wrong with it."""

    number: str
    step: str
    fault: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("simulate",), metavar="ACTION", help="要做的事：simulate")
    parser.add_argument("number", nargs="+", metavar="NUMBER", help="寄递单号，可以有几个")
    parser.add_argument(
        "--to",
        default="http://127.0.0.1:8000/services/delivery/reports/courier/",
        metavar="URL",
        help="平台接收回报的地址（默认 http://127.0.0.1:8000/services/delivery/reports/courier/）",
    )
    parser.add_argument("--secret", default="", help="约定的签名密钥（默认：环境变量 ZHENGTONG_COURIER_SECRET）")
    for name, words in _FAULTS.items():
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"{words}（默认 0，从不）")


def handle(args: argparse.Namespace) -> int:
    """0 when every report was answered, 1 without a secret or when the platform cannot be reached."""
    secret = args.secret or os.environ.get("ZHENGTONG_COURIER_SECRET", "")
    if not secret:
        print("没有签名密钥。请用 --secret 给出，或者设置 ZHENGTONG_COURIER_SECRET。", file=sys.stderr)
        return 1
    faults = {name: getattr(args, name.replace("-", "_")) for name in _FAULTS}
    for message in planned(args.number, faults):
        if message.fault == "lose":
            print(f"{message.number}  {message.step}  丢失，没有发出")
            continue
        body, headers = sealed(message, secret.encode())
        for _time in range(2 if message.fault == "replay" else 1):
            try:
                status, said = _post(args.to, body, headers)
            except (ValueError, http.client.InvalidURL):
                print(f"地址不正确：{args.to}。请写成 http://主机:端口/路径 的样子。", file=sys.stderr)
                return 1
            except (OSError, http.client.HTTPException) as error:
                print(f"平台没有应答：{args.to}（{error}）。", file=sys.stderr)
                return 1
            print(f"{message.number}  {message.step}{f'（{message.fault}）' if message.fault else ''}  {status} {said}")
            sys.stdout.flush()
    return 0


def planned(numbers: list[str], faults: dict[str, int]) -> Iterator[Message]:
    """The reports of all parcels in the order in which they go out, with their faults."""
    sent = 0
    for place, number in enumerate(numbers, 1):
        end = "refused" if _hit(faults["refuse-every"], place) else "delivered"
        steps = [*_WAY, end]
        for step in reversed(steps) if _hit(faults["swap-every"], place) else steps:
            sent += 1
            fault = next(
                (name for name in ("lose", "forge", "stale", "replay") if _hit(faults[f"{name}-every"], sent)), ""
            )
            yield Message(number, step, fault)
            if _hit(faults["double-every"], sent):
                yield Message(number, step)


def sealed(message: Message, secret: bytes) -> tuple[bytes, dict[str, str]]:
    """Body and signed headers of a report; the event has the same id whenever it is told."""
    from zhengtong.kernel.clock import recording_time
    from zhengtong.kernel.signed_messages import signed_headers

    instant = recording_time()
    order = (*_WAY, "delivered", "refused").index(message.step)
    body = json.dumps(
        {
            "tracking_no": message.number,
            "event_id": f"{message.number}-{message.step}",
            "step": message.step,
            "at": (instant - dt.timedelta(minutes=len(_WAY) + 1 - min(order, len(_WAY)))).isoformat(),
        }
    ).encode()
    key = b"forged" if message.fault == "forge" else secret
    at = instant - dt.timedelta(days=1) if message.fault == "stale" else instant
    return body, signed_headers(key, prefix="X-Courier", at=at, body=body)


def _hit(every: int, count: int) -> bool:
    return every > 0 and count % every == 0


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=_TIMEOUT)
    try:
        connection.request("POST", parts.path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()
