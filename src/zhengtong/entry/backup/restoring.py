"""Restoring a set into an empty state folder, everything checked before it is believed."""

import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from zhengtong.entry.backup.making import files_of
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import Key, opened
from zhengtong.entry.backup.sets import DATABASE, STATE, BackupSet
from zhengtong.entry.runtime import roles
from zhengtong.entry.runtime.embedded_postgres import DATABASE as NAME
from zhengtong.entry.runtime.embedded_postgres import Cluster, ConnectionInfo
from zhengtong.entry.runtime.secrets import SECRETS
from zhengtong.entry.runtime.state_folder import StateFolder

_JOBS: Final = "2"


@dataclasses.dataclass(frozen=True)
class Restored:
    """What stands again; ``different`` names the tables whose number of rows is not that of the set."""

    tables: int
    rows: int
    files: int
    different: tuple[str, ...]
    seconds: dict[str, float]


def restore(backup: BackupSet, into: Path, *, key: Key, say: Callable[[str], None], files: bool = True) -> Restored:
    """Restore into a folder that does not exist yet or is empty; the database is stopped afterwards.

    ``files=False`` checks every stored file without writing it. Raises BackupProblem; what had been written stays
    below ``into`` and is to be thrown away.
    """
    backup.check(key)
    if into.exists() and any(into.iterdir()):
        raise BackupProblem(f"{into} 不是空目录。恢复只写入空目录，不会覆盖已有的数据。")
    state = StateFolder(into)
    state.open(create=True)
    seconds: dict[str, float] = {}
    begun = time.monotonic()
    say("正在恢复密钥和设置……")
    _state(backup, state, key)
    seconds["state"] = time.monotonic() - begun
    begun = time.monotonic()
    say("正在恢复文件……" if files else "正在核对文件……")
    count = _files(backup, state if files else None, key)
    seconds["files"] = time.monotonic() - begun
    begun = time.monotonic()
    say("正在恢复数据库……")
    found = _database(backup, state, key)
    seconds["database"] = time.monotonic() - begun
    wanted = backup.manifest.tables
    different = tuple(sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)))
    return Restored(len(found), sum(found.values()), count, different, seconds)


def _state(backup: BackupSet, state: StateFolder, key: Key) -> None:
    held = state.path / ".state.tar"
    try:
        _unseal(backup.folder / STATE, held, key)
        with tarfile.open(held) as tar:
            tar.extractall(state.path, filter="data")
    except tarfile.TarError as error:
        raise BackupProblem("备份里的密钥和设置无法读取，这份备份不能使用。") from error
    finally:
        held.unlink(missing_ok=True)
    state.secrets.chmod(0o700)
    for path in state.secrets.iterdir():
        path.chmod(0o600)


def _files(backup: BackupSet, state: StateFolder | None, key: Key) -> int:
    """Every file of the set, its seal and digest checked, into ``state`` where one is given."""
    count = 0
    for digest, size in files_of(backup, key):
        sealed = backup.store.file(key.name_of(digest))
        if not sealed.is_file():
            raise BackupProblem(f"备份中缺少文件 {digest}（{sealed}）。")
        target = state.path / "files" / digest[:2] / digest[2:4] / digest if state else None
        if target:
            target.parent.mkdir(parents=True, exist_ok=True)
        if _copy(sealed, target, key) != (digest, size):
            raise BackupProblem(f"备份中的文件 {digest} 与登记的摘要不符（{sealed}）。")
        count += 1
    return count


def _copy(sealed: Path, target: Path | None, key: Key) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    with (target or Path(os.devnull)).open("wb") as out:
        for piece in opened(key, sealed):
            found.update(piece)
            size += len(piece)
            out.write(piece)
    return found.hexdigest(), size


def _database(backup: BackupSet, state: StateFolder, key: Key) -> dict[str, int]:
    """The database from its dump; returns the rows of each table."""
    cluster = Cluster(state.database)
    dump = state.path / ".database.dump"
    info = cluster.hold()
    try:
        _unseal(backup.folder / DATABASE, dump, key)
        with psycopg.connect(info.url("zt_super", "postgres"), autocommit=True) as superuser:
            superuser.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(NAME)))
            roles.create_database(superuser, NAME)
        done = subprocess.run(
            [
                cluster.program("pg_restore"),
                "--exit-on-error",
                f"--jobs={_JOBS}",
                f"--dbname={info.superuser_url}",
                str(dump),
            ],
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise BackupProblem(f"数据库没有恢复成功：{done.stderr.decode('utf-8', 'replace').strip()}")
        return _rows(info, set(backup.manifest.tables))
    finally:
        dump.unlink(missing_ok=True)
        cluster.release()


def _rows(info: ConnectionInfo, wanted: set[str]) -> dict[str, int]:
    with (
        psycopg.connect(info.superuser_url, autocommit=True) as superuser,
        psycopg.connect(info.owner_url, autocommit=True) as owner,
    ):
        roles.equip_database(superuser, owner)
        superuser.execute("analyze")
        found = {}
        for name in wanted:
            try:
                row = superuser.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
            except psycopg.errors.UndefinedTable:
                continue
            found[name] = int(row[0]) if row else 0
    return found


def _unseal(sealed: Path, target: Path, key: Key) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        for piece in opened(key, sealed):
            out.write(piece)


def throw_away(folder: Path) -> None:
    """Stop the database of a folder restored aside and remove the folder."""
    state = StateFolder(folder)
    if state.database.exists():
        Cluster(state.database).stop()
    shutil.rmtree(folder, ignore_errors=True)


def in_restored(folder: Path, *words: str) -> bool:
    """Run one of our commands on a restored folder, in a process that knows nothing of another installation."""
    ours = {*(secret.variable for secret in SECRETS), "DATABASE_URL", "DATABASE_OWNER_URL", "ZHENGTONG_DB_ROLE"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    argv = [sys.executable, "-m", "zhengtong.entry.main", *words, "--var", str(folder)]
    return subprocess.run(argv, env=clean, check=False).returncode == 0
