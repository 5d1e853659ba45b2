"""How a record stands in a log: one line that begins with its time in UTC; what came from outside begins none.

A reader, or a program that collects logs, may trust that a line which begins with a time was written by the platform:
line breaks within a record continue behind a bar, other control characters are written out.
"""

import datetime as dt
import logging
import re
from typing import Final

CONTINUED: Final = "\n  | "
_BREAKS: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# controls, and the marks that turn the direction of writing: both make a line read as what it is not
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class LineFormatter(logging.Formatter):
    """``2026-03-02T08:00:00.123Z WARNING name message``; a traceback follows behind bars."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole record, tracebacks included, safe against what its parts contain."""
        return one_line(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  (logging's name)
        """The moment in UTC with milliseconds (ISO 8601)."""
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def one_line(text: str) -> str:
    """``text`` with its line breaks behind bars and nothing that a terminal or a reader would take for a command."""
    lines = _BREAKS.split(text.rstrip("\n"))
    return CONTINUED.join(_HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in lines)
