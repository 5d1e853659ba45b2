"""An upgrade of the tables with a way back: checks, standstill, back-up, migrations, verification.

Nothing is written between the back-up and the end: visitors read the page of maintenance, loops and jobs stand still.
So the way back loses nothing. What was reached is noted in ``run/upgrade.json``; a run that was cut off goes on from
there with the back-up it made, never with a new one of half-made tables.
"""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from zhengtong.entry.backup import making
from zhengtong.entry.backup.making import KEY_FILE, KEY_VARIABLE
from zhengtong.entry.backup.restoring import restore, throw_away
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.backup.sets import BackupSet, Store
from zhengtong.entry.observing.pulse import Beat, beats
from zhengtong.entry.runtime.embedded_postgres import Cluster
from zhengtong.entry.runtime.problems import StartProblem
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.entry.upkeep import maintenance
from zhengtong.entry.upkeep.maintenance import Maintenance
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import recording_time

NOTE: Final = "upgrade.json"
_ROOM: Final = 1.2  # a migration may write a table anew
_STANDSTILL: Final = 120.0
_LOOK: Final = 0.2
#: their rows come and go with people and jobs, whatever an upgrade does
_PASSING: Final = ("django_session", "identity_cache", "procrastinate_", "usersessions_", "account_")

Say = Callable[[str], None]


class UpgradeProblem(StartProblem):
    """The upgrade did not go on; ``message`` says why, what stands now, and what to do."""


@dataclasses.dataclass(frozen=True)
class Note:
    """What was reached: ``stage`` is backed_up, migrated or undone; the set, and where it lies."""

    stage: str
    set: str
    store: str
    at: str

    @classmethod
    def read(cls, state: StateFolder) -> "Note | None":
        """The note, None where no upgrade is under way."""
        try:
            return cls(**json.loads((state.running / NOTE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, state: StateFolder) -> None:
        """Keep it."""
        state.running.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = state.running / f"{NOTE}.partial"
        partial.write_text(json.dumps(dataclasses.asdict(self), ensure_ascii=False), encoding="utf-8")
        partial.replace(state.running / NOTE)

    @property
    def backup(self) -> BackupSet:
        """The set that was made before the tables changed."""
        return BackupSet.at(Store(Path(self.store)).path / "sets" / self.set)


def way_back(note: Note) -> str:
    """What to do after a failure, literally."""
    return (
        f"升级前的数据完整地保存在备份 {note.set} 里，升级开始以后没有写入过别的内容。请任选一种做法：\n"
        "  一、排除上面的原因后再次运行 zhengtong upgrade，接着升级；\n"
        "  二、退回升级以前：\n"
        "     1. 停止平台（make run 的窗口按 Ctrl-C，或者 systemctl stop）；\n"
        "     2. zhengtong upgrade --back\n"
        "     3. 把程序目录换回原来的版本；\n"
        "     4. 启动平台。\n"
        "在此之前访问的人看到维护页面。"
    )


def check_room(state: StateFolder, url: str) -> None:
    """Refuse before anything was changed when the disk could run full; raises UpgradeProblem."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    needed = int((row[0] if row else 0) * _ROOM)
    free = shutil.disk_usage(state.path).free
    if free < needed:
        raise UpgradeProblem(
            f"没有开始升级：状态目录所在的磁盘只剩 {free // 2**20} MiB，升级可能需要 {needed // 2**20} MiB。"
            "请先扩容或者清理。什么都没有改动。"
        )


def stand_still(state: StateFolder, say: Say) -> Maintenance | None:
    """Switch maintenance on so that nothing is written, and wait for it; gives what was on before.

    Raises UpgradeProblem; then everything is as it was before.
    """
    if state.running_address() and not beats(state.running):
        raise UpgradeProblem(
            "没有开始升级：平台的上一个版本正在运行，它不认识维护模式。请先停止平台，再运行 zhengtong upgrade。"
        )
    before = maintenance.read(state.path)
    if before is None:
        maintenance.begin(state.path, until=None, reason="正在升级平台", by="zhengtong upgrade", still=True)
    elif not before.still:
        maintenance.write(state.path, dataclasses.replace(before, still=True))
    say("维护模式已开启，正在等访问和后台任务停下……")
    give_up = time.monotonic() + _STANDSTILL
    since = recording_time()
    while moving := [beat.label for beat in beats(state.running) if _moves(beat, (beat.at - since).total_seconds())]:
        if time.monotonic() > give_up:
            # half-made tables of a run that was cut off stay closed, and so does what its keeper had closed
            if before is None:
                maintenance.clear(state.path)
            else:
                maintenance.write(state.path, before)
            raise UpgradeProblem(f"没有开始升级：{'、'.join(sorted(set(moving)))}没有停下。请停止平台后再升级。")
        threading.Event().wait(_LOOK)
    return before


def _moves(beat: Beat, later: float) -> bool:
    """Whether a process may still write: a worker that does not stand, a request that began before everybody knew."""
    if beat.kind == "web":
        return later < 1 or beat.busy > 0
    return not beat.standing


def back_up(state: StateFolder, *, store: Store, key: Key, checkpoint: str, say: Say) -> Note:
    """The set to which the way back leads."""
    made = making.make(state, store=store, key=key, checkpoint=checkpoint, say=say)
    note = Note("backed_up", made.manifest.name, str(store.path), recording_time().isoformat())
    note.write(state)
    say(f"升级前的备份：{made.folder}（{made.manifest.rows} 行，{made.manifest.files} 个文件）。")
    return note


def migrate(environment: dict[str, str]) -> bool:
    """Bring the tables up to date in a process of its own; whether that was done."""
    argv = [sys.executable, "-m", "zhengtong.entry.main", "migrate"]
    return subprocess.run(argv, env=environment, check=False).returncode == 0


def verified(note: Note, *, url: str, environment: dict[str, str]) -> list[str]:
    """Faults as Chinese sentences: rows that are gone, the ledger against its checkpoint, fields that stay shut."""
    manifest = note.backup.manifest
    faults = lost_rows(manifest.tables, rows_of(url, manifest.tables))
    answer = _examined(environment, manifest.checkpoint)
    if answer is None:
        return [*faults, "用新版本打不开升级后的数据，原因见上面的输出。"]
    faults += [f"账本：{fault}" for fault in answer["ledger_faults"]]
    faults += [f"加密字段无法解开：{name}。" for name in answer["fields_shut"]]
    return faults


def rows_of(url: str, names: Iterable[str]) -> dict[str, int]:
    """Rows of those of the tables that exist."""
    found = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            try:
                row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
            except psycopg.errors.UndefinedTable:
                continue
            found[name] = int(row[0]) if row else 0
    return found


def lost_rows(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """A sentence for each table that lost rows; a table that is gone lost all of them."""
    return [
        f"表 {name} 升级前有 {count} 行，升级后只有 {after.get(name, 0)} 行。"
        for name, count in sorted(before.items())
        if after.get(name, 0) < count and not name.startswith(_PASSING)
    ]


def _examined(environment: dict[str, str], checkpoint: str) -> dict[str, Any] | None:
    argv = [sys.executable, "-m", "zhengtong.entry.backup.examination", "--var", environment["ZHENGTONG_VAR"]]
    with tempfile.TemporaryDirectory() as folder:
        if checkpoint:
            kept = Path(folder) / "checkpoint.json"
            kept.write_text(checkpoint, encoding="utf-8")
            argv += ["--checkpoint", str(kept)]
        done = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return None
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def go_back(state: StateFolder, say: Say) -> Path:
    """Put the database of the set in the place of the present one; where the present one lies afterwards.

    Raises UpgradeProblem or BackupProblem; then everything is as it was. Files and keys stay: they only ever grow.
    """
    note = Note.read(state)
    if note is None or note.stage == "undone":
        raise UpgradeProblem("没有可以退回的升级。要恢复某一份备份，请用 zhengtong restore。")
    if os.environ.get("DATABASE_URL"):
        raise UpgradeProblem("使用自备 PostgreSQL 的，请按运维手册用自己的备份恢复数据库。")
    if address := state.running_address():
        raise UpgradeProblem(f"没有退回：平台正在运行（{address}）。请先停止平台，再运行 zhengtong upgrade --back。")
    backup, key = note.backup, _key(state)
    folder = Path(tempfile.mkdtemp(prefix="upgrade-back-", dir=state.path))
    try:
        restored = restore(backup, folder, key=key, say=say, files=False)
        if restored.different:
            names = "、".join(restored.different)
            raise UpgradeProblem(f"没有退回：备份恢复出来的表 {names} 与备份时不同。现在的数据没有改动。")
        Cluster(state.database).stop()
        aside = state.path / f"postgres.before-{recording_time().astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
        state.database.rename(aside)
        StateFolder(folder).database.rename(state.database)
    finally:
        throw_away(folder)
    state.preparation_file.unlink(missing_ok=True)
    dataclasses.replace(note, stage="undone").write(state)
    end_with_start(state)
    return aside


def end_with_start(state: StateFolder) -> None:
    """What stands now may be used again: the next start of the platform ends the maintenance; not before."""
    on = maintenance.read(state.path)
    if on is not None:
        maintenance.write(state.path, dataclasses.replace(on, ends_with_start=True))


def _key(state: StateFolder) -> Key:
    path = state.secrets / KEY_FILE
    given = os.environ.get(KEY_VARIABLE, "")
    if not given and not path.exists():
        raise UpgradeProblem(f"没有退回：缺少备份密钥（{path}），请用环境变量 {KEY_VARIABLE} 给出。")
    return Key.read(given or path.read_text(encoding="ascii"))
