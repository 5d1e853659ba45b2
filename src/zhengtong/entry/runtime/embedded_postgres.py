"""Life cycle of the embedded PostgreSQL: one cluster below one folder, reached by a private socket only.

Started by root, the server runs as ``nobody`` and owns nothing but the inner folder ``cluster``. Where that user
cannot pass the folders above it (a checkout below root's home), the programs get the inner folder as an open
descriptor (``/proc/self/fd/N``) instead of wider rights on those folders.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import stat
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zhengtong.entry.runtime import roles
from zhengtong.entry.runtime.postgres_tools import Toolbox, can_enter, open_toolbox, unprivileged_account
from zhengtong.entry.runtime.problems import StartProblem

SUPERUSER = "zt_super"
DATABASE = "zhengtong"
_PORT = 5432
_SETUP_VERSION = 1
_SOCKET_PATH_LIMIT = 100
_RETRY_SECONDS = 60
_RECOVERY_SECONDS = 1800
_LOG_LIMIT = 20 * 1024 * 1024

_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_NOT_DURABLE = dict.fromkeys(_DURABLE, "off")
_SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
}


@dataclass(frozen=True)
class ConnectionInfo:
    """Where the running server listens and the addresses of the three roles."""

    socket_dir: Path
    database: str = DATABASE

    def url(self, role: str, database: str | None = None) -> str:
        """A libpq address; the port is named so that PGPORT in the environment changes nothing."""
        query = urllib.parse.urlencode({"host": str(self.socket_dir), "port": _PORT})
        return f"postgresql://{role}@/{urllib.parse.quote(database or self.database)}?{query}"

    @property
    def superuser_url(self) -> str:
        """Address of the superuser: life cycle only."""
        return self.url(SUPERUSER)

    @property
    def owner_url(self) -> str:
        """Address of the owner of the tables: migrations only."""
        return self.url(roles.OWNER_ROLE)

    @property
    def app_url(self) -> str:
        """Address of the application: rows only."""
        return self.url(roles.APP_ROLE)


class Cluster:
    """The cluster in ``folder``; methods may be called by several processes at once (a lock file orders them)."""

    def __init__(self, folder: Path, *, durable: bool = True, say: Callable[[str], None] | None = None) -> None:
        """``durable=False`` trades safety at a power cut for speed: throw-away clusters of tests only."""
        self.folder = folder.absolute()
        self._inner = self.folder / "cluster"
        self._durable = durable
        self._say = say or (lambda _text: None)
        self._account = unprivileged_account(self._inner)
        self._users: int | None = None

    @property
    def exists(self) -> bool:
        """Whether the cluster was initialised."""
        return (self._inner / "data" / "PG_VERSION").exists()

    @property
    def log_file(self) -> Path:
        """The server's log."""
        return self._inner / "server.log"

    def is_running(self) -> bool:
        """Whether a server accepts connections on the socket."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
            probe.settimeout(2)
            try:
                probe.connect(str(self._socket_dir() / f".s.PGSQL.{_PORT}"))
            except OSError:
                return False
        return True

    def ensure_running(self) -> ConnectionInfo:
        """Initialise at first use, start when stopped, recover after a crash; returns when connections work."""
        with self._lock():
            self._prepare_folders()
            try:
                self._have_server()
            except StartProblem:
                if not self.is_running():
                    self._remove_runtime_dir()
                raise
            info = ConnectionInfo(self._socket_dir())
            if not self._is_set_up():
                self._set_up(info)
            return info

    def _have_server(self) -> None:
        tools = self._toolbox()
        with self._door() as (door, descriptors):
            if not self.exists:
                self._initialise(tools, door, descriptors)
            self._refuse_other_major(tools)
            if not self._answers(tools):
                self._start(tools, door, descriptors)

    def stop(self) -> None:
        """Stop the server in order (open transactions are rolled back); harmless when it does not run."""
        if not self.folder.exists():
            return
        with self._lock():
            if self.exists and (self._pid() is not None or self.is_running()):
                with self._door() as (door, descriptors):
                    data = f"{door}/data"
                    tools = self._toolbox()
                    for mode in ("fast", "immediate"):
                        tools.run("pg_ctl", "-D", data, "-m", mode, "-w", "-t", "60", "stop", descriptors=descriptors)
                        if not self.is_running():
                            break
                    else:
                        raise StartProblem(f"数据库没有按要求停止，日志：{self.log_file}")
            self._remove_runtime_dir()

    def hold(self) -> ConnectionInfo:
        """As ``ensure_running``, and note that this process uses the server until ``release``."""
        self._prepare_folders()
        self._users = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return self.ensure_running()

    def release(self) -> None:
        """End of use; the last user stops the server. A killed user counts as gone."""
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()
        except BlockingIOError:
            pass  # another process still uses it
        finally:
            os.close(self._users)
            self._users = None

    def program(self, name: str) -> str:
        """Path of one of the server's own programs (``pg_dump`` …), of the same version as the server."""
        with self._lock():
            self._prepare_folders()
            return str(self._toolbox().programs / name)

    # --- first start

    def _initialise(self, tools: Toolbox, door: str, descriptors: tuple[int, ...]) -> None:
        self._say("首次启动：正在初始化数据库……")
        unfinished = self._inner / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        answer = tools.run(
            "initdb", "-D", f"{door}/data.new", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8",
            "--data-checksums", "--auth-local=trust", "--auth-host=scram-sha-256", descriptors=descriptors,
        )  # fmt: skip
        if answer.returncode != 0:
            raise StartProblem(f"数据库初始化失败。initdb 的输出：\n{answer.stdout.strip()}")
        # renamed only when complete: an interrupted first start leaves nothing that looks like a cluster
        unfinished.rename(self._inner / "data")

    def _is_set_up(self) -> bool:
        try:
            return bool(json.loads(self._setup_file.read_text(encoding="utf-8"))["version"] == _SETUP_VERSION)
        except (FileNotFoundError, ValueError, KeyError):
            return False

    def _set_up(self, info: ConnectionInfo) -> None:
        """Roles, database, extensions and rights; every statement may be repeated after an interruption."""
        with psycopg.connect(info.url(SUPERUSER, "postgres"), autocommit=True) as superuser:
            roles.create_roles(superuser)
            roles.create_database(superuser, DATABASE)
        with (
            psycopg.connect(info.superuser_url, autocommit=True) as superuser,
            psycopg.connect(info.owner_url, autocommit=True) as owner,
        ):
            roles.equip_database(superuser, owner)
        self._setup_file.write_text(json.dumps({"version": _SETUP_VERSION}), encoding="utf-8")

    @property
    def _setup_file(self) -> Path:
        return self.folder / "setup.json"

    def _refuse_other_major(self, tools: Toolbox) -> None:
        made_by = int((self._inner / "data" / "PG_VERSION").read_text(encoding="ascii"))
        if made_by != tools.major:
            raise StartProblem(
                f"状态目录里的数据库由 PostgreSQL {made_by} 建立，当前程序是 {tools.major}，不能直接打开。"
                f"请用旧版本导出（pg_dump）后导入，或装回旧版本。数据没有改动。"
            )

    # --- start and recovery

    def _start(self, tools: Toolbox, door: str, descriptors: tuple[int, ...]) -> None:
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_LIMIT:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        settings = _SERVER_SETTINGS | (_DURABLE if self._durable else _NOT_DURABLE)
        settings["unix_socket_directories"] = str(self._derived_socket_dir())
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        give_up = time.monotonic() + _RETRY_SECONDS
        attempts = 0
        while True:
            attempts += 1
            self._drop_stale_pid_file()
            read_from = self.log_file.stat().st_size if self.log_file.exists() else 0
            tools.run(
                "pg_ctl", "-D", f"{door}/data", "-l", f"{door}/server.log", "-w", "-t", "30", "-o", options, "start",
                descriptors=descriptors,
            )  # fmt: skip
            if self._answers(tools) or self._recovers(tools):
                return
            news = self._log_since(read_from)
            # right after a kill -9 the orphaned children still hold the old lock for a moment
            held = "lock file" in news or "shared memory" in news
            if time.monotonic() > give_up or (not held and attempts >= 3):
                raise StartProblem(f"数据库启动失败，日志 {self.log_file} 的最后几行：\n{news[-2000:].strip()}")
            time.sleep(0.3)

    def _recovers(self, tools: Toolbox) -> bool:
        """Wait while the server replays its journal after a crash; False when it is not doing that."""
        started = time.monotonic()
        said = False
        while (code := self._readiness(tools)) == 1 and time.monotonic() - started < _RECOVERY_SECONDS:
            if not said:
                self._say("数据库上次没有正常停止，正在恢复，已提交的数据不会丢失……")
                said = True
            time.sleep(0.3)
        return code == 0

    def _answers(self, tools: Toolbox) -> bool:
        return self.is_running() and self._readiness(tools) == 0

    def _readiness(self, tools: Toolbox) -> int:
        """0 accepts connections, 1 starting or recovering, 2 no answer."""
        where = str(self._socket_dir())
        return tools.run("pg_isready", "-q", "-t", "2", "-h", where, "-p", str(_PORT)).returncode

    def _drop_stale_pid_file(self) -> None:
        """Remove the old server's lock files when their process is a zombie or another program.

        PostgreSQL takes any live process of that number for the old server, so a number used again after a reboot,
        or a zombie in a container without init, would block the start for ever. A server still attached to the old
        shared memory is noticed by PostgreSQL itself.
        """
        pid = self._pid()
        if pid is None or not Path("/proc/self/stat").exists():
            return
        try:
            name, state = _process_name_and_state(pid)
        except FileNotFoundError:
            return  # gone: PostgreSQL sees that by itself
        if state == "Z" or name != "postgres":
            (self._socket_dir() / f".s.PGSQL.{_PORT}.lock").unlink(missing_ok=True)
            (self._inner / "data" / "postmaster.pid").unlink(missing_ok=True)

    def _log_since(self, offset: int) -> str:
        try:
            with self.log_file.open("rb") as file:
                file.seek(offset)
                return file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    # --- places

    def _prepare_folders(self) -> None:
        self.folder.mkdir(mode=0o711 if self._account else 0o700, parents=True, exist_ok=True)
        self._own(self._inner)

    def _own(self, folder: Path) -> None:
        """Have ``folder``, private to the server's user; refuse one that somebody else put there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        wanted = self._account.uid if self._account else os.geteuid()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {wanted, os.geteuid()}:
            raise StartProblem(f"{folder} 属于其他用户，为安全起见没有使用。请用建立它的用户启动，或换一个状态目录。")
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid, follow_symlinks=False)
        folder.chmod(0o700)

    def _toolbox(self) -> Toolbox:
        runtime = self._runtime_dir()
        runtime.mkdir(mode=0o711 if self._account else 0o700, exist_ok=True)
        status = runtime.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise StartProblem(f"临时目录 {runtime} 属于其他用户，为安全起见没有使用。请删除它后重试。")
        self._own(self._derived_socket_dir())
        return open_toolbox(self._account, (self.folder / "server", runtime / "server"))

    @contextlib.contextmanager
    def _door(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The inner folder under a name that the server's user can open, and the descriptors this takes."""
        if self._account is None or can_enter(self._account, self._inner):
            yield str(self._inner), ()
            return
        descriptor = os.open(self._inner, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)

    def _runtime_dir(self) -> Path:
        """A short folder in the system's temporary folder: the kernel refuses long socket paths."""
        digest = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]
        name = f"zhengtong-{os.geteuid()}-{digest}"
        wished = Path(tempfile.gettempdir()) / name
        if len(str(wished)) < _SOCKET_PATH_LIMIT - len("/socket/.s.PGSQL.5432"):
            return wished
        return Path("/tmp") / name  # noqa: S108  (owner and mode are checked before use)

    def _remove_runtime_dir(self) -> None:
        shutil.rmtree(self._runtime_dir(), ignore_errors=True)

    def _derived_socket_dir(self) -> Path:
        return self._runtime_dir() / "socket"

    def _socket_dir(self) -> Path:
        """Where the running server listens: it may have been started under another TMPDIR."""
        lines = self._pid_file_lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else self._derived_socket_dir()

    def _pid(self) -> int | None:
        lines = self._pid_file_lines()
        return abs(int(lines[0])) if lines else None

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self._inner / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o711 if self._account else 0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "steps.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _process_name_and_state(pid: int) -> tuple[str, str]:
    """Name and state letter of a process (Linux); raises FileNotFoundError when there is none."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    name = text[text.index("(") + 1 : text.rindex(")")]
    return name, text[text.rindex(")") + 2]
