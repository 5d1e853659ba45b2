"""``python -m faults.telephone VAR``: the secrets behind the officials' one-time codes, once, as one line of JSON.

To bring the platform up for each code takes longer than a code is good for on a busy machine.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_PERIOD, _DIGITS = 30, 6
_PAUSE = 1.0


class Telephone:
    """Shows the codes of all officials, none of them twice; ``now`` is the present of the town's machine."""

    def __init__(self, secrets: Mapping[str, str], now: Callable[[], float]) -> None:
        self._secrets, self._now, self._lock = secrets, now, threading.Lock()
        self._used: dict[str, int] = {}

    def code(self, name: str, stop: threading.Event) -> str:
        """The next code of an official; empty once ``stop`` is set."""
        while not stop.is_set():
            with self._lock:
                step = int(self._now()) // _PERIOD
                if step > self._used.get(name, -1):
                    self._used[name] = step
                    return one_time_code(self._secrets[name], step)
            time.sleep(_PAUSE)
        return ""


def one_time_code(secret: str, step: int) -> str:
    """Six digits of a secret (base 32) at a step of thirty seconds (RFC 4226, RFC 6238)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 0xF
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def main() -> int:
    """Print name and secret of each official who has one."""
    from zhengtong.entry.runtime.environment import connected
    from zhengtong.entry.runtime.state_folder import StateFolder

    with connected(StateFolder(Path(sys.argv[1])), role="app"):
        from allauth.mfa.models import Authenticator
        from allauth.mfa.utils import decrypt

        rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user")
        print(json.dumps({row.user.username: decrypt(row.data["secret"]) for row in rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
