"""What must be done before the processes start: tables, demonstration data, first accounts; cheap when nothing is."""

import hashlib
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import psycopg

import zhengtong
from zhengtong.entry.runtime.environment import Installation
from zhengtong.entry.runtime.problems import StartProblem
from zhengtong.entry.runtime.progress import Progress

# packages that bring tables of their own: a new version may bring a migration
_PACKAGES_WITH_TABLES = ("django", "django-allauth", "procrastinate")
_APPLIED = "select count(*) || ':' || coalesce(md5(string_agg(app || '.' || name, ',' order by id)), '') from {table}"


def prepare(installation: Installation, progress: Progress) -> None:
    """Bring tables and first content up to date; does nothing, in well under a second, when they are."""
    files = migration_files_digest()
    noted = _read_note(installation.state.preparation_file)
    url = installation.variables(role="owner")["DATABASE_OWNER_URL"]
    applied = applied_digest(url)
    if noted.get("files") == files and applied and noted.get("applied") == applied:
        progress("数据表和初始数据已是最新。")
        return
    progress("正在建立或升级数据表……")
    _run(installation, progress, "数据表升级", ["zhengtong.entry.main", "migrate"], role="owner")
    _run(installation, progress, "装入初始数据", ["zhengtong.entry.runtime.first_content"], role="app")
    note = {"files": files, "applied": applied_digest(url)}
    installation.state.preparation_file.write_text(json.dumps(note), encoding="utf-8")


def migration_files_digest() -> str:
    """A digest of the names of all migrations and of the versions of the packages that bring some."""
    root = Path(zhengtong.__file__).parent
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("migrations/*.py"))
    names += [f"{package} {metadata.version(package)}" for package in _PACKAGES_WITH_TABLES]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def applied_digest(url: str) -> str:
    """A digest of the migrations the database says it has; empty for a new one.

    Compared too, because a database restored from a backup may be older than the note beside it.
    """
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute(_APPLIED.format(table="django_migrations")).fetchone()
    except psycopg.errors.UndefinedTable:
        return ""
    except psycopg.OperationalError as error:
        raise StartProblem(f"连接不上数据库：{error}".strip()) from error
    return str(row[0]) if row else ""


def _run(installation: Installation, progress: Progress, what: str, module: list[str], *, role: str) -> None:
    """One step in a process of its own: it needs another database role, and its memory goes with it."""
    environment = installation.process_environment(role=role) | progress.environment()
    done = subprocess.run([sys.executable, "-m", *module], env=environment, check=False)
    if done.returncode != 0:
        raise StartProblem(f"{what}没有完成（退出码 {done.returncode}），原因见上面的输出。改正后再次启动会接着做。")


def _read_note(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
