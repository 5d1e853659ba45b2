"""Making a set: one moment of the database, then the files and keys, which only ever grow."""

import dataclasses
import datetime as dt
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import OVERHEAD, Key, opened, pieces_of, seal
from zhengtong.entry.backup.sets import DATABASE, FILES, STATE, BackupSet, Manifest, Store
from zhengtong.entry.runtime.embedded_postgres import Cluster, ConnectionInfo
from zhengtong.entry.runtime.secrets import SECRETS
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.kernel.clock import recording_time

KEY_FILE: Final = "backup_key"
KEY_VARIABLE: Final = "ZHENGTONG_BACKUP_KEY"
#: what of the state folder is kept elsewhere in the set, made anew by itself, or of this machine and day only
_LEFT_OUT: Final = (
    "postgres",
    "files",
    "pictures",
    "backups",
    "log",
    "prepare.lock",
    "prepared.json",
    "address.json",
    "run",
    "test",
)
#: folders of a drill or of a way back
_PASSING: Final = ("postgres.", "restore-drill-", "upgrade-back-")
_ROOM: Final = 1.1
_PIECE: Final = 1 << 20


@dataclasses.dataclass(frozen=True)
class _Moment:
    """What belongs to the copy of the database: rows of each table, digests and sizes of files, bytes in all."""

    tables: dict[str, int]
    files: list[tuple[str, int]]
    postgres: str


def make(state: StateFolder, *, store: Store, key: Key, checkpoint: str, say: Callable[[str], None]) -> BackupSet:
    """Make a set in ``store``; the platform may run meanwhile. Raises BackupProblem and leaves nothing of the set.

    ``checkpoint`` is the ledger's newest one as text, read before; the copy then reaches at least so far.
    """
    begun = recording_time()
    cluster = Cluster(state.database)
    info = cluster.hold()
    try:
        with store.opened(), store.new_set(begun) as (name, folder):
            say("正在复制数据库……")
            moment = _database(cluster, info, folder / DATABASE, key, store)
            say(f"正在复制文件（{len(moment.files)} 个，已有的不再复制）……")
            kept, damaged = _files(state, moment.files, store, key)
            seal(key, [_lines(kept)], folder / FILES)
            seal(key, [_state(state)], folder / STATE)
            manifest = Manifest(
                name=name,
                begun=begun,
                ended=recording_time(),
                platform=metadata.version("zhengtong"),
                postgres=moment.postgres,
                demonstration=state.settle_kind({}),
                key_number=key.number,
                tables=moment.tables,
                files=len(kept),
                file_bytes=sum(size for _digest, size in kept),
                damaged=damaged,
                checkpoint=checkpoint,
                parts={part: (folder / part).stat().st_size for part in (DATABASE, STATE, FILES)},
            )
            (folder / "manifest.json").write_text(manifest.text(key), encoding="utf-8")
        return BackupSet.at(store.path / "sets" / name)
    except OSError as error:
        raise BackupProblem(f"备份没有完成：{error.strerror or error}。没有写完的部分已经删除。") from error
    finally:
        cluster.release()


def prune(store: Store, key: Key, *, keep: int) -> int:
    """Keep the newest ``keep`` sets and the newest one that a drill restored; returns how many sets went."""
    with store.opened():
        sets = store.sets()
        proven = next((report["set"] for report in store.reports() if report.get("ok")), "")
        old = [one for one in sets[: max(0, len(sets) - keep)] if one.manifest.name != proven]
        for one in old:
            store.remove(one)
        # a set of another key cannot say which files it needs: then no file goes
        left = store.sets()
        if old and all(one.manifest.key_number == key.number for one in left):
            store.sweep({key.name_of(digest) for one in left for digest, _size in files_of(one, key)})
    return len(old)


def files_of(backup: BackupSet, key: Key) -> list[tuple[str, int]]:
    """Digests and sizes of the files of a set; raises BackupProblem."""
    text = b"".join(list(opened(key, backup.folder / FILES))).decode("ascii")
    return [(digest, int(size)) for digest, size in (line.split() for line in text.splitlines())]


def _database(cluster: Cluster, info: ConnectionInfo, path: Path, key: Key, store: Store) -> _Moment:
    """Dump of one moment, sealed as it comes; the figures are taken in the same moment."""
    with psycopg.connect(info.superuser_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = _one(connection, "select pg_export_snapshot()")
        _check_room(store, int(_one(connection, "select pg_database_size(current_database())")))
        moment = _figures(connection)
        argv = ["--format=custom", f"--snapshot={snapshot}", f"--dbname={info.superuser_url}"]
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen([cluster.program("pg_dump"), *argv], stdout=subprocess.PIPE, stderr=said) as dump,
        ):
            seal(key, iter(partial(dump.stdout.read, _PIECE), b""), path)  # type: ignore[union-attr]  # a pipe was asked for
            if dump.wait() != 0:
                said.seek(0)
                raise BackupProblem(f"数据库没有复制完：{said.read().decode('utf-8', 'replace').strip()}")
    return moment


def _figures(connection: psycopg.Connection[Any]) -> _Moment:
    names = connection.execute(
        "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and relkind in ('r', 'p') and not relispartition order by relname"
    ).fetchall()
    tables = {
        name: int(connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()[0])  # type: ignore[index]  # a count has a row
        for (name,) in names
    }
    files = connection.execute("select digest, max(size) from kernel_storedfile group by digest order by digest")
    return _Moment(
        tables=tables,
        files=[(digest, int(size)) for digest, size in files.fetchall()],
        postgres=str(_one(connection, "show server_version")),
    )


def _files(
    state: StateFolder, wanted: list[tuple[str, int]], store: Store, key: Key
) -> tuple[list[tuple[str, int]], int]:
    """Have every file in the store, checked against its digest when copied; what is kept, how many are spoilt."""
    kept, damaged = [], 0
    for digest, size in wanted:
        target = store.file(key.name_of(digest))
        if not (target.is_file() and target.stat().st_size == size + OVERHEAD):
            source = state.path / "files" / digest[:2] / digest[2:4] / digest
            if not source.is_file() or _digest(source) != digest:
                damaged += 1
                continue
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = target.with_name(f".{target.name}.partial")
            seal(key, pieces_of(source), unfinished)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(target)
        kept.append((digest, size))
    return kept, damaged


def _state(state: StateFolder) -> bytes:
    """A tar of keys, secrets and notes; secrets that came by environment are in it as files."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for path in sorted(state.path.iterdir()):
            if path.name not in _LEFT_OUT and not path.name.startswith(_PASSING) and path != state.secrets:
                tar.add(path, arcname=path.name)
        ours = {KEY_FILE, *(secret.file_name for secret in SECRETS)}
        for path in sorted(state.secrets.glob("*")):
            if path.name not in ours:
                tar.add(path, arcname=f"{state.secrets.name}/{path.name}")
        for secret in SECRETS:
            file = state.secrets / secret.file_name
            value = os.environ.get(secret.variable) or (
                file.read_text(encoding="ascii").strip() if file.exists() else ""
            )
            entry = tarfile.TarInfo(f"{state.secrets.name}/{secret.file_name}")
            content = f"{value}\n".encode("ascii")
            entry.size, entry.mode, entry.mtime = len(content), 0o600, int(recording_time().timestamp())
            tar.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def _check_room(store: Store, needed: int) -> None:
    free = shutil.disk_usage(store.path).free
    if free < needed * _ROOM:
        raise BackupProblem(
            f"备份目录 {store.path} 空间不足：数据库约 {needed // 2**20} MiB，"
            f"只剩 {free // 2**20} MiB。请清理或换一个目录。"
        )


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(sql.SQL(query)).fetchone()
    return row[0] if row else None


def _lines(files: list[tuple[str, int]]) -> bytes:
    return "".join(f"{digest} {size}\n" for digest, size in files).encode("ascii")


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    for piece in pieces_of(path):
        found.update(piece)
    return found.hexdigest()


def age_of(backup: BackupSet) -> dt.timedelta:
    """How old the state of a set is now."""
    return recording_time() - backup.manifest.begun
