"""How a request is thrown: in a savepoint that is undone, with the fault behind a 500 named."""

import traceback
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import Client

from zhengtong.kernel.testing.undone import undone

SERVER_ERROR = 500


class Thrown:
    """Requests that are undone; ``faults`` are those the platform failed at, each with where and why."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.sent = 0

    def throw(self, what: str, send: Callable[[], HttpResponse], client: Client | None = None) -> HttpResponse | None:
        """Send it; whatever it changed is undone, also in the cookies of ``client``."""
        why: list[str] = []
        cookies = client.cookies.output(header="") if client else ""

        def note(sender: Any, **_more: Any) -> None:
            why.append(_last_lines())

        got_request_exception.connect(note)
        self.sent += 1
        response = None
        try:
            with undone():
                response = send()
                if getattr(response, "streaming", False):
                    b"".join(response)  # a stream fails only when it is read
        except Exception:  # noqa: BLE001  (whatever it is, it is the fault that is looked for)
            why.append(_last_lines())
        finally:
            got_request_exception.disconnect(note)
            if client is not None:
                client.cookies.clear()
                client.cookies.load(cookies.replace("\r\n", ";"))
        if why or response is None or response.status_code == SERVER_ERROR:
            self.faults.append(f"{what}: {' | '.join(why) or response}")
        return response

    def say(self) -> None:
        """Fail with all faults, the same ones together."""
        assert not self.faults, f"{len(self.faults)} of {self.sent}\n" + "\n".join(self.faults[:60])


def _last_lines() -> str:
    """The exception that is being handled, and the last places of our own code it passed."""
    lines = traceback.format_exc().strip().splitlines()
    ours = [line.strip() for line in lines if "/zhengtong/" in line and line.strip().startswith("File")]
    places = [line.rpartition("/zhengtong/")[2].replace('", line ', ":").split(", in")[0] for line in ours]
    failed = next((line for line in lines if line.startswith("AssertionError")), lines[-1])
    return f"{failed[:1200]} @ {' < '.join(reversed(places[-3:]))}"
