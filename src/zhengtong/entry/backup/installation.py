"""Where this installation puts its back-ups and under which key; for commands, worker and console."""

import os
from pathlib import Path

from django.conf import settings

from zhengtong.entry.backup.making import KEY_FILE, KEY_VARIABLE
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.backup.sets import Store
from zhengtong.entry.runtime.secrets import write_durably
from zhengtong.entry.runtime.state_folder import StateFolder


def store_of(given: str = "") -> Store:
    """The store of ``--to``, of ZHENGTONG_BACKUP_TO, or ``backups`` in the state folder."""
    return Store(Path(given or settings.ZHENGTONG_BACKUP_TO or Path(settings.ZHENGTONG_VAR) / "backups"))


def key_of(state: StateFolder) -> tuple[Key, bool]:
    """The installation's back-up key, and whether it was made just now."""
    given = os.environ.get(KEY_VARIABLE, "")
    path = state.secrets / KEY_FILE
    if given or path.exists():
        return Key.read(given or path.read_text(encoding="ascii")), False
    key = Key.new()
    write_durably(path, key.text)
    return key, True


def same_disk(store: Store) -> bool:
    """Whether the store lies on the disk of the state folder: then one broken disk takes both."""
    return _standing(store.path).stat().st_dev == _standing(Path(settings.ZHENGTONG_VAR)).stat().st_dev


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    while not folder.exists():
        folder = folder.parent
    return folder


def refuse_outside_database(state: StateFolder) -> None:
    """Raises BackupProblem when the platform does not use the embedded database."""
    from zhengtong.entry.runtime.embedded_postgres import Cluster

    cluster = Cluster(state.database)
    if (
        not cluster.exists
        or not cluster.is_running()
        or str(settings.DATABASES["default"].get("HOST", "")) != str(cluster.ensure_running().socket_dir)
    ):
        raise BackupProblem(
            "本命令只备份内嵌数据库。使用自备 PostgreSQL 的，请用 Barman 或 pgBackRest 备份数据库，"
            "做法见 docs/operations.md“Back-up and restore”。"
        )
