"""The erasure list beside the back-ups: who was erased after a set was made must not come back with it.

One sealed file for each erasure, by pseudonyms only; it is written when the erasure was carried out and again, where it
is missing, with each back-up. A file bears the number of the key it was sealed with.
"""

import datetime as dt
import json
import logging
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhengtong.entry.backup.making import KEY_FILE, KEY_VARIABLE
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import Key, opened, seal
from zhengtong.entry.backup.sets import Store
from zhengtong.kernel.clock import recording_time

log = logging.getLogger(__name__)

FOLDER: Final = "erasures"
#: clocks of machines differ a little, and a set is of the moment its copy began
_MARGIN: Final = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Erased:
    """One erasure: the county, the person's pseudonym, the number of the request, when it was carried out."""

    tenant: str
    person_id: uuid.UUID
    request_id: uuid.UUID
    at: dt.datetime

    def text(self) -> bytes:
        """As JSON."""
        body = {
            "tenant": self.tenant,
            "person": str(self.person_id),
            "request": str(self.request_id),
            "at": self.at.isoformat(),
        }
        return json.dumps(body).encode()

    @classmethod
    def parse(cls, text: bytes) -> "Erased":
        """From JSON; raises BackupProblem."""
        try:
            body = json.loads(text)
            at = dt.datetime.fromisoformat(body["at"])
            return cls(body["tenant"], uuid.UUID(body["person"]), uuid.UUID(body["request"]), at)
        except (ValueError, KeyError, TypeError) as error:
            raise BackupProblem("抹除名单中有一条无法读取。") from error


def note(store: Store, key: Key, erased: Erased) -> bool:
    """Put an erasure on the list; False when it stands there already."""
    path = store.path / FOLDER / f"{erased.request_id}.{key.number}.sealed"
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        seal(key, [erased.text()], unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def bring_up_to_date(store: Store, key: Key, known: Iterable[Erased]) -> int:
    """Put what is missing on the list; returns how many were."""
    return sum(note(store, key, erased) for erased in known)


def listed(store: Store, key: Key) -> list[Erased]:
    """All erasures sealed with this key, the oldest first; raises BackupProblem when one was spoilt."""
    files = sorted((store.path / FOLDER).glob(f"*.{key.number}.sealed"))
    found = [Erased.parse(b"".join(list(opened(key, path)))) for path in files]
    return sorted(found, key=lambda one: (one.at, str(one.request_id)))


def to_repeat(store: Store, key: Key, begun: dt.datetime) -> list[Erased]:
    """Erasures that a set which began at that moment may not know of."""
    return [one for one in listed(store, key) if one.at >= begun - _MARGIN]


def note_carried_out(tenant: str, person_id: uuid.UUID, request_id: uuid.UUID) -> None:
    """What ``kernel.erasure`` tells after an erasure. Without a back-up key there is no set to protect yet.

    A store that cannot be reached is no reason to fail: the next back-up brings the list up to date.
    """
    from zhengtong.entry.backup import installation
    from zhengtong.entry.runtime.state_folder import StateFolder

    state = StateFolder(_state_path())
    if not os.environ.get(KEY_VARIABLE) and not (state.secrets / KEY_FILE).exists():
        return
    try:
        key, _fresh = installation.key_of(state)
        note(installation.store_of(), key, Erased(tenant, person_id, request_id, recording_time()))
    except (OSError, BackupProblem):
        log.exception("the erasure %s is not on the list beside the back-ups yet", request_id)


def _state_path() -> Path:
    from django.conf import settings

    return Path(settings.ZHENGTONG_VAR)
