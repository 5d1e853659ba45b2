"""The simulated upper platform behind HTTP: ``POST /v1/packages``, ``/v1/receipts``, ``/v1/totals``."""

import datetime as dt
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from zhengtong.capabilities.exchange.engine.upper import NoAnswer, UpperPlatform

_SUBJECTS: Final = {"/v1/packages": "packages", "/v1/receipts": "receipts", "/v1/totals": "totals"}
_MOST: Final = 64 * 1024 * 1024


class UpperServer(ThreadingHTTPServer):
    """Listens for one installation or several; ``clock`` says what time it is there."""

    daemon_threads = True

    def __init__(
        self,
        platform: UpperPlatform,
        *,
        host: str,
        port: int,
        clock: Callable[[], dt.datetime],
        told: Callable[[str], None] = lambda _line: None,
    ) -> None:
        super().__init__((host, port), _Handler)
        self.platform = platform
        self.clock = clock
        self.told = told
        self.one_at_a_time = threading.Lock()
        self.stopped = threading.Event()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def shut(self) -> None:
        """Stop listening; who waits for a slow answer waits no longer."""
        self.stopped.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: UpperServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """One signed request, one signed answer."""
        subject = _SUBJECTS.get(self.path, "")
        length = self.headers.get("Content-Length", "")
        if not subject or not length.isascii() or not length.isdigit() or int(length) > _MOST:
            self._say(404 if not subject else 413, b"")
            return
        body = self.rfile.read(int(length))
        try:
            with self.server.one_at_a_time:
                answer = self.server.platform.answer(subject, body, at=self.server.clock())
        except NoAnswer as fault:
            self.server.told(f"{subject}  {fault.status or '断开'}")
            if fault.status:
                self._say(fault.status, b"")
            else:
                self.close_connection = True
            return
        if self.server.platform.faults.slow:
            self.server.stopped.wait(self.server.platform.faults.slow)
        self.server.told(f"{subject}  200  {len(body)} 字节")
        self._say(200, answer)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the standard library's)
        """Nothing on standard error; ``told`` has it."""
