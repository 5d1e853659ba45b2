"""Trying short messages without a contract: a simulated gateway, files instead of telephones, a test of the login."""

import functools
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from zhengtong.capabilities.notify.engine.line import Line
from zhengtong.capabilities.notify.engine.session import GatewayAccount
from zhengtong.capabilities.notify.engine.simulator import Arrived, Faults, SimulatedGateway
from zhengtong.capabilities.notify.services.texting import account_of_settings, login_stamp
from zhengtong.kernel.clock import now

_SOURCE = "demo01"


def simulated_gateway(
    *,
    source: str,
    secret: str,
    host: str,
    port: int,
    on_arrival: Callable[[Arrived], None],
    report_after: float = 0.0,
    **every: int,
) -> SimulatedGateway:
    """A gateway, not started yet, that fails every so many times (``engine.simulator.Faults``); may raise OSError."""
    faults = Faults(report_after=report_after)
    for name, count in every.items():
        setattr(faults, name, count)
    return SimulatedGateway(source=source, secret=secret, host=host, port=port, faults=faults, on_arrival=on_arrival)


def check_gateway() -> str:
    """Log in at the gateway of the settings and out again; empty when that went well, else what is wrong."""
    line = Line(account_of_settings(), stamp=login_stamp)
    line.open()
    line.close()
    return line.problem


@functools.cache
def built_in_account() -> GatewayAccount:
    """The account at a simulated gateway in this process, which writes what arrives into the folder ``sms``."""
    secret = secrets.token_hex(8)
    gateway = SimulatedGateway(source=_SOURCE, secret=secret, on_arrival=write_arrived).start()
    return GatewayAccount(host="127.0.0.1", port=gateway.port, source=_SOURCE, secret=secret, sender="10690000")


def write_arrived(message: Arrived, folder: Path | None = None) -> None:
    """Write a short message that reached a telephone as a file only we may read: the number, then the text."""
    folder = folder or Path(settings.ZHENGTONG_VAR) / "sms"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{message.number}\n{message.text}\n")
