"""The mail server and the short-message gateway of the town: real ones on the loopback, which go away and come back."""

import contextlib
import subprocess
import sys
import threading
from collections import Counter
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from faults.town import Town, free_port

_SOURCE, _SECRET = "901234", "simulated"


class _Box(Handler):
    """Counts what arrived by Message-ID."""

    def __init__(self) -> None:
        super().__init__()
        self.received: Counter[str] = Counter()

    def handle_message(self, message: Message) -> None:
        self.received[str(message["Message-ID"]).strip("<>").partition("@")[0]] += 1


class Posts:
    """Both servers; ``received`` counts mails by the delivery they belong to."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._mail_port, self._sms_port = free_port(), free_port()
        self._box = _Box()
        self._mail: Any = None
        self._gateway: subprocess.Popen[bytes] | None = None

    @property
    def variables(self) -> dict[str, str]:
        """What the town has to know of them."""
        return {
            "ZHENGTONG_SMTP_HOST": "127.0.0.1",
            "ZHENGTONG_SMTP_PORT": str(self._mail_port),
            "ZHENGTONG_SMS_HOST": "127.0.0.1",
            "ZHENGTONG_SMS_PORT": str(self._sms_port),
            "ZHENGTONG_SMS_SOURCE": _SOURCE,
            "ZHENGTONG_SMS_SECRET": _SECRET,
        }

    @property
    def received(self) -> Counter[str]:
        """Mails that were taken, by delivery."""
        return Counter(self._box.received)

    @property
    def texts(self) -> int:
        """Short messages that reached a telephone."""
        return len(list((self._folder / "telephones").glob("*.txt")))

    def up(self, town: Town) -> None:
        """Both are there; harmless when they are."""
        with self._lock:
            if self._mail is None:
                self._mail = Controller(self._box, hostname="127.0.0.1", port=self._mail_port)
                self._mail.start()
            if self._gateway is None or self._gateway.poll() is not None:
                words = ["sms", "simulate", "--port", str(self._sms_port), "--report-after", "0.2"]
                words += ["--out", str(self._folder / "telephones"), "--source", _SOURCE, "--secret", _SECRET]
                with (self._folder / "gateway.log").open("ab") as out:
                    self._gateway = subprocess.Popen(
                        [sys.executable, "-m", "zhengtong.entry.main", *words],
                        env=town.environment,
                        stdout=out,
                        stderr=out,
                    )

    def down(self) -> None:
        """Both are gone, the gateway without taking leave."""
        with self._lock:
            if self._mail is not None:
                self._mail.stop()
                self._mail = None
            if self._gateway is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._gateway.kill()
                self._gateway.wait()
                self._gateway = None
