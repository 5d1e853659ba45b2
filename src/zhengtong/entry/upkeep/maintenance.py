"""Maintenance mode: a file in the state folder, so that it holds while there is no database.

``until`` and ``reason`` are what visitors read. ``still`` also stops every loop and job of the worker: nothing is
written while tables change. ``ends_with_start``: the platform ends it when it is started anew and answers. ``outage``
is the 系统故障时段 that supervision holds for it; empty while it could not be declared.
"""

import contextlib
import dataclasses
import datetime as dt
import json
import os
import time
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from zhengtong.kernel.clock import recording_time
from zhengtong.kernel.errors import Conflict, Invalid

FILE: Final = "maintenance.json"
_LOOK_AGAIN: Final = 0.5
_SHORTEST: Final = 2
_LONGEST: Final = 200


@dataclasses.dataclass(frozen=True)
class Maintenance:
    """Maintenance as it was switched on; ``by`` is who did (an account's name, or the command line)."""

    since: dt.datetime
    until: dt.datetime | None
    reason: str
    by: str
    still: bool = False
    ends_with_start: bool = False
    outage: str = ""

    @property
    def retry_after(self) -> int:
        """Seconds until a visitor should try again: to the expected end, ten minutes where it has passed."""
        left = (self.until - recording_time()).total_seconds() if self.until else 0
        return max(60, int(left)) if left > 0 else 600


_looked: tuple[float, str, Maintenance | None] = (float("-inf"), "", None)


def current() -> Maintenance | None:
    """The maintenance of this installation, None while there is none; looked up twice a second at most."""
    global _looked
    folder = str(settings.ZHENGTONG_VAR)
    at, where, found = _looked
    if time.monotonic() - at > _LOOK_AGAIN or where != folder:
        found = read(Path(folder))
        _looked = (time.monotonic(), folder, found)
    return found


def read(state: Path) -> Maintenance | None:
    """The maintenance of a state folder; a file that cannot be read counts as maintenance without words."""
    try:
        text = (state / "run" / FILE).read_text(encoding="utf-8")
    except OSError:
        return None
    try:
        body = json.loads(text)
        until = body.pop("until")
        return Maintenance(
            since=dt.datetime.fromisoformat(body.pop("since")),
            until=dt.datetime.fromisoformat(until) if until else None,
            **body,
        )
    except (ValueError, KeyError, TypeError):
        return Maintenance(since=recording_time(), until=None, reason="", by="")


def begin(
    state: Path, *, until: dt.datetime | None, reason: str, by: str, still: bool = False, ends_with_start: bool = False
) -> Maintenance:
    """Switch on; raises Invalid for what visitors could not read, Conflict while it is on."""
    words = " ".join(reason.replace("\x00", "").split()).rstrip("。")
    errors = {}
    if not _SHORTEST <= len(words) <= _LONGEST:
        errors["reason"] = f"请写明维护的原因，{_SHORTEST} 到 {_LONGEST} 个字，访问的人看得到。"
    if until is not None and until <= recording_time():
        errors["until"] = "预计恢复时间已经过去，请填将来的时间；说不准的请留空。"
    if errors:
        raise Invalid("没有开启维护模式，请更正：", errors=errors)
    if read(state) is not None:
        raise Conflict("维护模式已经开启，不用再次开启。要改原因或者时间，请先结束再开启。")
    begun = Maintenance(recording_time(), until, words, by, still=still, ends_with_start=ends_with_start)
    write(state, begun)
    return begun


def write(state: Path, maintenance: Maintenance) -> None:
    """Switch on, or change what is on; seen by every process within a second."""
    folder = state / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    body: dict[str, Any] = dataclasses.asdict(maintenance)
    body["since"] = maintenance.since.isoformat()
    body["until"] = maintenance.until.isoformat() if maintenance.until else ""
    partial = folder / f"{FILE}.{os.getpid()}.partial"
    partial.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    partial.replace(folder / FILE)
    _forget()


def clear(state: Path) -> None:
    """Switch off."""
    with contextlib.suppress(FileNotFoundError):
        (state / "run" / FILE).unlink()
    _forget()


def _forget() -> None:
    global _looked
    _looked = (float("-inf"), "", None)
