"""What belongs together: every line of the log names the request, loop or job it was written in.

The number of a request is made for each (or taken from a trusted proxy), goes back in a header, stands on pages of
errors as 错误编号 and in every line written meanwhile. What is said here holds no personal data.
"""

import contextlib
import contextvars
import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from zhengtong.kernel.ids import ALPHABET
from zhengtong.kernel.log_lines import LineFormatter

WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}\Z")
_SIGNS: Final = 12
_GROUP: Final = 4
#: attributes of every record, so that what a caller added is told apart from them
_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_current: contextvars.ContextVar[str] = contextvars.ContextVar("zhengtong_number", default="")
#: who counts statements now: gets the text and the seconds of each
_listener: contextvars.ContextVar[Callable[[str, float], None] | None] = contextvars.ContextVar(
    "zhengtong_statements", default=None
)


def new_number() -> str:
    """A number that people can read out: twelve unambiguous signs (56 bits) in three groups."""
    rest, signs = secrets.randbits(64), []
    for place in range(_SIGNS):
        rest, sign = divmod(rest, len(ALPHABET))
        signs.append(ALPHABET[sign] if place % _GROUP or not place else f"-{ALPHABET[sign]}")
    return "".join(signs)


def number() -> str:
    """The number of the request, loop or job this runs in; empty outside of any."""
    return _current.get()


def in_request() -> bool:
    """Whether this runs in a request, and not in a loop, a job or a command."""
    found = _current.get()
    return bool(found) and ":" not in found


@contextlib.contextmanager
def within(name: str) -> Iterator[None]:
    """Lines of the log written inside bear this number."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)


@contextlib.contextmanager
def listening(listener: Callable[[str, float], None]) -> Iterator[None]:
    """``listener(text, seconds)`` hears of every statement that goes past Django's cursors meanwhile."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextlib.contextmanager
def measured(text: str) -> Iterator[None]:
    """Around a statement that does not go through Django's cursor: whoever listens hears how long it took."""
    listener = _listener.get()
    if listener is None:
        yield
        return
    begun = time.perf_counter()
    try:
        yield
    finally:
        listener(text, time.perf_counter() - begun)


class Lines(LineFormatter):
    """One readable line: time in UTC, level, logger, number in brackets, message."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {number}{message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        found = _current.get()
        record.number = f"[{found}] " if found else ""
        return super().format(record)


class JsonLines(LineFormatter):
    """One JSON object a line, for programs that collect logs; what a caller added by ``extra`` stands beside."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        body: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "number": _current.get(),
            "process": record.process,
            "message": record.getMessage(),
        }
        body.update((name, value) for name, value in vars(record).items() if name not in _OWN and name != "number")
        if record.exc_info:
            body["exception"] = self.formatException(record.exc_info)
        return json.dumps(body, ensure_ascii=False, default=str)
