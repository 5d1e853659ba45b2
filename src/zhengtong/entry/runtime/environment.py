"""The environment variables of the platform's processes, composed from the state folder and the database."""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator

from zhengtong.entry.runtime import secrets
from zhengtong.entry.runtime.database_address import checked_address
from zhengtong.entry.runtime.embedded_postgres import Cluster
from zhengtong.entry.runtime.problems import StartProblem
from zhengtong.entry.runtime.state_folder import StateFolder

SETTINGS_MODULE = "zhengtong.entry.settings.base"


class Installation:
    """One state folder with its database; used as a context, it holds the database until the end."""

    def __init__(self, state: StateFolder, *, say: Callable[[str], None] | None = None) -> None:
        self.state = state
        self._say = say or (lambda _text: None)
        # an outside server named by the operator goes before our own
        self._outside_url = os.environ.get("DATABASE_URL", "")
        self.cluster = None if self._outside_url else Cluster(state.database, say=say)
        self._urls: dict[str, str] = {}

    @property
    def database_exists(self) -> bool:
        """Whether there may already be data; an outside database always counts as filled once it was prepared."""
        return self.cluster.exists if self.cluster else self.state.preparation_file.exists()

    def connect(self) -> None:
        """Have the database running (or trust the outside one) and note its addresses."""
        if self.cluster is None:
            self._urls = {
                "DATABASE_URL": checked_address(self._outside_url),
                "DATABASE_OWNER_URL": checked_address(os.environ.get("DATABASE_OWNER_URL", self._outside_url)),
            }
            return
        info = self.cluster.hold()
        self._urls = {"DATABASE_URL": info.app_url, "DATABASE_OWNER_URL": info.owner_url}

    def disconnect(self) -> None:
        """End of use; the embedded database stops when nobody else uses it."""
        if self.cluster is not None:
            self.cluster.release()

    def look_after_database(self) -> None:
        """Start the embedded database again when it died; for the supervisor."""
        if self.cluster is not None and not self.cluster.is_running():
            self._say("数据库意外停止，正在重新启动……")
            try:
                self.cluster.ensure_running()
            except StartProblem as problem:
                self._say(f"数据库没有恢复，稍后再试：{problem.message}")
            except (OSError, subprocess.SubprocessError) as problem:
                # a full disk, a machine that is too busy: no reason to stop all the rest
                self._say(f"数据库没有恢复，稍后再试：{problem}")
            else:
                self._say("数据库已恢复，已提交的数据没有丢失。")

    def variables(self, *, role: str, base_url: str = "") -> dict[str, str]:
        """Variables for one process in the database role ``app`` or ``owner``; only the owner gets its address."""
        demo = self.state.settle_kind()
        values = {
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE),
            "DATABASE_URL": self._urls["DATABASE_URL"],
            "ZHENGTONG_DB_ROLE": role,
            "ZHENGTONG_VAR": str(self.state.path),
            "ZHENGTONG_DEMO": "1" if demo else "0",
            **secrets.load(self.state.secrets, data_exists=self.database_exists),
        }
        if role == "owner":
            values["DATABASE_OWNER_URL"] = self._urls["DATABASE_OWNER_URL"]
        if demo:
            values["ZHENGTONG_CLOCK_FILE"] = os.environ.get("ZHENGTONG_CLOCK_FILE", str(self.state.clock_file))
        if base_url:
            values["ZHENGTONG_BASE_URL"] = os.environ.get("ZHENGTONG_BASE_URL", base_url)
        return values

    def make_secrets(self) -> None:
        """Have the secrets before the database exists: afterwards a missing one is refused."""
        secrets.load(self.state.secrets, data_exists=self.database_exists)

    def process_environment(self, *, role: str, base_url: str = "") -> dict[str, str]:
        """The whole environment of a child process."""
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        return inherited | self.variables(role=role, base_url=base_url)


@contextlib.contextmanager
def connected(state: StateFolder, *, role: str, create: bool = False) -> Iterator[None]:
    """Bring this process's environment and Django up for one command, in the database role ``role``.

    A process started by ``zhengtong run`` finds its environment complete and touches nothing.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("ZHENGTONG_SECRET_KEY") and _role_is(role):
        _set_up_django()
        yield
        return
    state.open(create=create)
    installation = Installation(state)
    if not create and not installation.database_exists:
        raise StartProblem(f"状态目录 {state.path} 里还没有数据库。请先用 make run 启动一次。")
    with state.preparing():
        installation.make_secrets()
        installation.connect()
    try:
        os.environ.update(installation.variables(role=role))
        _set_up_django()
        yield
    finally:
        installation.disconnect()


def _role_is(role: str) -> bool:
    return os.environ.get("ZHENGTONG_DB_ROLE", "app") == role


def _set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    django.setup()
