"""The web server itself: a message whose end is not certain is refused, so that none hides inside another."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_APPLICATION = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """granian, as the platform runs it, with an application that says which address was asked for."""
    (tmp_path / "echo.py").write_text(_APPLICATION, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(number), "echo:application"]
    server = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", number), timeout=1).close()
                break
            except OSError:
                assert server.poll() is None
        yield number
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int, message: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(message)
        got = b""
        while part := line.recv(4096):
            got += part
    return got


@pytest.mark.parametrize(
    "heads",
    [
        b"Content-Length: 4\r\nContent-Length: 30\r\n",
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Content-Length: x\r\n",
        b"Transfer-Encoding: xchunked\r\n",
    ],
)
def test_a_message_with_two_lengths_is_refused(port: int, heads: bytes) -> None:
    hidden = b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    got = _answers(port, b"POST /seen HTTP/1.1\r\nHost: x\r\n" + heads + b"\r\n" + hidden)

    assert got.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")) or got == b""
    assert b"/hidden" not in got


def test_an_honest_message_is_answered(port: int) -> None:
    got = _answers(port, b"POST /seen HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab")

    assert got.endswith(b"/seen")
