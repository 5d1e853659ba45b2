"""Where back-ups lie: a folder with one sub-folder a set, a store of files that the sets share, and reports of drills.

``sets/<name>/`` holds ``manifest.json`` (plain, sealed by its HMAC), ``database.sealed`` (pg_dump's own format),
``state.sealed`` (tar of keys, secrets and notes) and ``files.sealed`` (digests of the files that belong to it).
``files/ab/<name>`` is one sealed file each, written once: what an installation stores never changes.
"""

import contextlib
import dataclasses
import datetime as dt
import fcntl
import hmac
import itertools
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import Key
from zhengtong.kernel.calendar import SHANGHAI

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sealed"
STATE: Final = "state.sealed"
FILES: Final = "files.sealed"
_CRUMBS: Final = 24 * 3600


@dataclasses.dataclass(frozen=True)
class Manifest:
    """What a set says of itself; ``tables`` are the rows of every table in the very moment of the database's copy.

    ``damaged`` counts files that a row names and that were missing or spoilt in the installation itself; ``checkpoint``
    is the ledger's newest one, to compare a restored ledger with.
    """

    name: str
    begun: dt.datetime
    ended: dt.datetime
    platform: str
    postgres: str
    demonstration: bool
    key_number: str
    tables: dict[str, int]
    files: int
    file_bytes: int
    damaged: int
    checkpoint: str
    parts: dict[str, int]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())

    @property
    def part_bytes(self) -> int:
        """Bytes of the parts, without the shared files."""
        return sum(self.parts.values())

    def text(self, key: Key) -> str:
        """As JSON with its seal."""
        body = dataclasses.asdict(self) | {"begun": self.begun.isoformat(), "ended": self.ended.isoformat()}
        return json.dumps(body | {"seal": key.seal_of(_canonical(body))}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def parse(cls, text: str) -> tuple["Manifest", str, bytes]:
        """The manifest, the seal it bears and what the seal covers; raises BackupProblem."""
        try:
            body = json.loads(text)
            seal = str(body.pop("seal"))
            covered = _canonical(body)
            if body["format"] != FORMAT:
                raise BackupProblem(
                    f"这份备份的格式是 {body['format']}，本程序只认识 {FORMAT}。请用相应版本的程序恢复。"
                )
            begun, ended = (dt.datetime.fromisoformat(body.pop(name)) for name in ("begun", "ended"))
            return cls(begun=begun, ended=ended, **body), seal, covered
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupProblem("备份清单 manifest.json 无法读取，这份备份不能使用。") from error


@dataclasses.dataclass(frozen=True)
class BackupSet:
    """One set on disk."""

    folder: Path
    manifest: Manifest
    _seal: str
    _covered: bytes

    @classmethod
    def at(cls, folder: Path) -> "BackupSet":
        """The set in ``folder``; raises BackupProblem when there is none."""
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
        except OSError as error:
            raise BackupProblem(f"{folder} 里没有备份清单，不是一份完整的备份。") from error
        return cls(folder, *Manifest.parse(text))

    @property
    def store(self) -> "Store":
        """The store the set lies in."""
        return Store(self.folder.parent.parent)

    def check(self, key: Key) -> None:
        """The manifest is what was written and every part has its length; raises BackupProblem."""
        if key.number != self.manifest.key_number:
            raise BackupProblem(
                f"密钥不对：这份备份用编号 {self.manifest.key_number} 的密钥加密，给出的是 {key.number}。"
            )
        if not hmac.compare_digest(key.seal_of(self._covered), self._seal):
            raise BackupProblem("备份清单 manifest.json 被改动过，这份备份不能使用。")
        for part, size in self.manifest.parts.items():
            path = self.folder / part
            if not path.is_file() or path.stat().st_size != size:
                raise BackupProblem(f"备份文件 {part} 缺失或者不完整。")


class Store:
    """The folder of all back-ups of one installation."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._sets = self.path / "sets"
        self._drills = self.path / "drills"

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Have the folder, for one back-up or drill at a time; raises BackupProblem."""
        try:
            for folder in (self.path, self._sets, self._drills, self.path / "files"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise BackupProblem(
                f"不能使用备份目录 {self.path}：{error.strerror}。请检查目录是否已挂载、可写。"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise BackupProblem("另一个备份或演练正在进行，请等它结束。") from error
        finally:
            os.close(descriptor)

    def sets(self) -> list[BackupSet]:
        """All sets that can be read, the newest last."""
        found = []
        for folder in sorted(self._sets.glob("[0-9]*")) if self._sets.is_dir() else ():
            with contextlib.suppress(BackupProblem):
                found.append(BackupSet.at(folder))
        return found

    def newest(self) -> BackupSet | None:
        """The newest set."""
        return next(iter(reversed(self.sets())), None)

    @contextlib.contextmanager
    def new_set(self, begun: dt.datetime) -> Iterator[tuple[str, Path]]:
        """A folder that becomes a set when everything in it was written; a failure leaves nothing."""
        moment = f"{begun.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
        names = itertools.chain([moment], (f"{moment}-{number}" for number in itertools.count(2)))
        name = next(name for name in names if not (self._sets / name).exists())
        for left in self._sets.glob(".unfinished-*"):
            shutil.rmtree(left, ignore_errors=True)
        unfinished = self._sets / f".unfinished-{name}"
        unfinished.mkdir(mode=0o700)
        try:
            yield name, unfinished
            for path in unfinished.iterdir():
                _keep(path)
            unfinished.rename(self._sets / name)
            _keep(self._sets)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def file(self, name: str) -> Path:
        """Where the sealed file of this name lies."""
        return self.path / "files" / name[:2] / name

    def remove(self, one: BackupSet) -> None:
        """Take a set away; the files it alone used go with ``sweep``."""
        shutil.rmtree(one.folder)

    def sweep(self, needed: set[str]) -> int:
        """Remove stored files that no set needs, and what a killed writer left of an erasure; returns how many."""
        gone, old = 0, time.time() - _CRUMBS
        crumbs = [path for path in (self.path / "erasures").glob(".*.partial") if path.stat().st_mtime < old]
        for path in (*(self.path / "files").glob("*/*"), *crumbs):
            if path.name not in needed:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def reports(self) -> list[dict[str, Any]]:
        """Reports of drills, the newest first."""
        found = []
        for path in sorted(self._drills.glob("*.json"), reverse=True) if self._drills.is_dir() else ():
            with contextlib.suppress(ValueError, OSError):
                found.append(json.loads(path.read_text(encoding="utf-8")))
        return found

    def keep_report(self, report: dict[str, Any], at: dt.datetime) -> Path:
        """Write a drill's report; returns where."""
        path = self._drills / f"{at.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.json"
        path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _keep(path: Path) -> None:
    """Have what was written on the disk itself, not only in the machine's memory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
