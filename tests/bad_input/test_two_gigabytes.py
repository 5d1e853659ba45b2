"""Two gigabytes sent to the real server: refused at once, neither the disk nor the memory takes them in."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_SIZE = 2 << 30
_CHUNK = b"x" * (1 << 20)
_HEAD = (
    b"POST /complaints/new/?about=unit&unit=G22 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="attachments"; filename="a.pdf"\r\n\r\n'
)
#: what may be on its way before the sender hears the answer
_ON_THE_WAY = 200 << 20

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


@pytest.fixture
def served(
    database_urls: dict[str, str], tmp_path: Path, socket_enabled: None
) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """The web server on a free port, with a folder of its own for temporary files."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environ = os.environ | {
        "DATABASE_URL": database_urls["app"],
        "ZHENGTONG_VAR": str(tmp_path),
        "TMPDIR": str(temporary),
        "DJANGO_SETTINGS_MODULE": "zhengtong.entry.settings.base",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*command, "zhengtong.entry.wsgi:application"], env=environ) as server:
        try:
            _wait(port)
            yield server, port, temporary
        finally:
            server.terminate()


def _wait(port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as asked:
                asked.request("GET", "/")
                asked.getresponse().read()
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


def test_two_gigabytes_are_refused_before_they_have_come(
    served: tuple[subprocess.Popen[bytes], int, Path],
) -> None:
    server, port, temporary = served
    sent, most = 0, 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(_HEAD % _SIZE)
        line.settimeout(5)
        try:
            while sent < _SIZE:
                line.sendall(_CHUNK)
                sent += len(_CHUNK)
                most = max(most, sum(path.stat().st_size for path in temporary.iterdir()))
        except OSError:
            pass  # the server has had enough
        answer = line.recv(65536)

    assert b" 413 " in answer.splitlines()[0]
    assert sent < _ON_THE_WAY
    assert most == 0
    assert _memory(server.pid) < 600 << 20
    assert tempfile.gettempdir() != str(temporary)
    _wait(port)


def _memory(pid: int) -> int:
    """Bytes the server and its workers hold."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if pid in (int(said["Pid"]), int(said["PPid"])):
            found += int(said.get("VmRSS", "0 kB").split()[0]) * 1024
    return found
