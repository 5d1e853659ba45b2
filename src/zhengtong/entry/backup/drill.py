"""The restore drill: a set is restored aside, compared, its ledger verified, timed, reported and thrown away."""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from zhengtong.entry.backup.making import age_of
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.restoring import Restored, restore, throw_away
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.backup.sets import BackupSet, Store
from zhengtong.kernel.clock import recording_time

#: variables that would lead the examined copy to the running installation's database and secrets
_OURS: Final = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "ZHENGTONG_VAR", "ZHENGTONG_DB_ROLE", "ZHENGTONG_DEMO",
    "ZHENGTONG_SECRET_KEY", "ZHENGTONG_FIELD_KEY", "ZHENGTONG_KEYSTORE_PASSPHRASE", "ZHENGTONG_CLOCK_FILE",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Report:
    """The outcome of a drill; ``faults`` are Chinese sentences, none when the set is good. Times in seconds."""

    set: str
    at: str
    ok: bool
    faults: tuple[str, ...]
    age: float
    seconds: dict[str, float]
    tables: int
    rows: int
    files: int
    ledger_entries: int
    checkpoints_compared: int
    fields_opened: int

    @property
    def total(self) -> float:
        """How long it took from nothing to a verified installation."""
        return sum(self.seconds.values())


def drill(
    backup: BackupSet, *, store: Store, aside: Path, key: Key, files: bool, say: Callable[[str], None]
) -> tuple[Report, Path]:
    """Restore below ``aside`` and examine; the report and where it is kept. A fault is in the report, never raised."""
    at = recording_time()
    age = age_of(backup).total_seconds()
    with store.opened():
        folder = Path(tempfile.mkdtemp(prefix="restore-drill-", dir=aside))
        try:
            restored = restore(backup, folder, key=key, say=say, files=files)
            say("正在核验账本和密钥……")
            begun = time.monotonic()
            answer = _examined(folder, backup.manifest.checkpoint)
            seconds = restored.seconds | {"verification": time.monotonic() - begun}
            report = _report(backup, at.isoformat(), age, restored, answer, seconds)
        except BackupProblem as problem:
            report = Report(backup.manifest.name, at.isoformat(), False, (problem.message,), age, {}, 0, 0, 0, 0, 0, 0)
        finally:
            throw_away(folder)
        return report, store.keep_report(dataclasses.asdict(report) | {"total": report.total}, at)


def _report(
    backup: BackupSet, at: str, age: float, restored: Restored, answer: dict[str, Any], seconds: dict[str, float]
) -> Report:
    faults = [f"表 {name} 的行数与备份时不同。" for name in restored.different]
    faults += [f"账本：{fault}" for fault in answer["ledger_faults"]]
    faults += [f"加密字段无法解开：{name}。" for name in answer["fields_shut"]]
    if backup.manifest.damaged:
        faults.append(f"备份时原系统里有 {backup.manifest.damaged} 个文件缺失或者损坏。")
    return Report(
        set=backup.manifest.name,
        at=at,
        ok=not faults,
        faults=tuple(faults),
        age=age,
        seconds=seconds,
        tables=restored.tables,
        rows=restored.rows,
        files=restored.files,
        ledger_entries=answer["ledger_entries"],
        checkpoints_compared=answer["ledger_compared"],
        fields_opened=answer["fields_opened"],
    )


def _examined(folder: Path, checkpoint: str) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    argv = [sys.executable, "-m", "zhengtong.entry.backup.examination", "--var", str(folder)]
    if checkpoint:
        kept = folder / ".checkpoint.json"
        kept.write_text(checkpoint, encoding="utf-8")
        argv += ["--checkpoint", str(kept)]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupProblem(f"恢复出来的系统不能启动：{done.stderr.strip()[-500:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))
