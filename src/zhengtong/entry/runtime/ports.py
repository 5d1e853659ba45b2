"""The port of the web server: the wished one, or the next free one with a sentence that says so."""

import errno
import socket
from collections.abc import Callable

from zhengtong.entry.runtime.problems import StartProblem

_TRIES = 100
_HIGHEST = 65_535


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on ``host:port`` now; raises StartProblem where that can never work."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # without it a port whose last connections are still closing looks taken for a minute
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror as error:
        raise StartProblem(
            f"监听地址“{host}”无法识别。请用 --host 指定本机地址，例如 127.0.0.1 或 0.0.0.0。"
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        if error.errno == errno.EACCES:
            raise StartProblem(
                f"当前用户不能使用端口 {port}（1024 以下的端口需要特权）。请用 --port 指定 1024 以上的端口。"
            ) from error
        if error.errno == errno.EADDRNOTAVAIL:
            raise StartProblem(
                f"本机没有地址“{host}”。请用 --host 指定本机地址，例如 127.0.0.1 或 0.0.0.0。"
            ) from error
        raise
    return True


def next_free(host: str, wished: int, say: Callable[[str], None], *, reason: str = "") -> int:
    """``wished`` or the next free port above it; ``say`` gets one sentence when another one is taken.

    ``reason`` names who holds the wished port, when that is known.
    """
    if not 0 < wished <= _HIGHEST:
        raise StartProblem(f"端口号 {wished} 无效：应在 1 到 {_HIGHEST} 之间。")
    for port in range(wished, min(wished + _TRIES, _HIGHEST + 1)):
        if is_free(host, port):
            if port != wished:
                say(f"端口 {wished} 已被{reason or '其他程序'}占用，改用下一个空闲端口 {port}。")
            return port
    raise StartProblem(
        f"端口 {wished} 到 {min(wished + _TRIES - 1, _HIGHEST)} 都已被占用。"
        "请关闭占用端口的程序，或用 --port 指定别的端口。"
    )
