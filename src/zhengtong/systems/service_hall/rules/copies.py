"""副本: what is held about a person, as lines that he can read."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def lines_of(row: Mapping[str, Any], *, moment: Callable[[dt.datetime], str]) -> list[tuple[str, str]]:
    """Label and value of everything in a row that says something; what lies inside is named after what it lies in."""
    return [(label, value) for label, value in _lines("", row, moment) if value]


def _lines(label: str, value: Any, moment: Callable[[dt.datetime], str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _lines(f"{label}：{key}" if label else str(key), inner, moment)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for no, inner in enumerate(value, start=1):
            yield from _lines(f"{label}（{no}）" if len(value) > 1 else label, inner, moment)
    elif isinstance(value, bool):
        yield label, "是" if value else "否"
    elif isinstance(value, str) and _MOMENT.match(value):
        yield label, moment(dt.datetime.fromisoformat(value))
    else:
        yield label, "" if value is None else str(value)
