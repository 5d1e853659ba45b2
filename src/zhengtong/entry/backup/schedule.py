"""The worker's own back-up each night and the drill each week, in a process of its own."""

import datetime as dt
import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

from django.conf import settings

from zhengtong.entry.backup import installation
from zhengtong.entry.backup.sets import Store
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import recording_time

log = logging.getLogger(__name__)

_AGAIN: Final = dt.timedelta(hours=1)
_DRILL_EVERY: Final = dt.timedelta(days=7)
_running: subprocess.Popen[bytes] | None = None
_tried: dict[str, dt.datetime] = {}


def look() -> int:
    """Begin what is due; a failed one is tried again after an hour. Returns 0: the worker need not call at once."""
    global _running
    if _running is not None:
        if _running.poll() is None:
            return 0
        if _running.returncode != 0:
            log.error("%s ended with %s, see above", _running.args, _running.returncode)
        _running = None
    at = recording_time()
    command = due(installation.store_of(), at)
    if (
        command
        and at - _tried.get(command, at - _AGAIN) >= _AGAIN
        and StateFolder(Path(settings.ZHENGTONG_VAR)).database.exists()
    ):
        _tried[command] = at
        log.info("%s begins", command)
        _running = subprocess.Popen([sys.executable, "-m", "zhengtong.entry.main", command])
    return 0


def due(store: Store, at: dt.datetime) -> str:
    """The command that is due at this moment: ``backup`` once a day from the hour on, then ``restore-drill`` weekly."""
    hour = settings.ZHENGTONG_BACKUP_AT
    if hour == "off":
        return ""
    local = at.astimezone(SHANGHAI)
    begins = dt.datetime.combine(local.date(), dt.time.fromisoformat(hour), tzinfo=SHANGHAI)
    if local < begins:
        begins -= dt.timedelta(days=1)
    newest = store.newest()
    if newest is None or newest.manifest.begun < begins:
        return "backup"
    last = next(iter(store.reports()), None)
    if last is None or at - dt.datetime.fromisoformat(last["at"]) >= _DRILL_EVERY:
        return "restore-drill"
    return ""
