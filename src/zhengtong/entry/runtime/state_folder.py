"""The state folder (``var``): everything an installation keeps, and what kind of installation it is."""

import contextlib
import fcntl
import json
import os
import pwd
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhengtong.entry.runtime.problems import StartProblem

_VARIABLE = "ZHENGTONG_VAR"
_DEMO_VARIABLE = "ZHENGTONG_DEMO"


class StateFolder:
    """One state folder; nothing outside it is needed to move or back up an installation."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.database = self.path / "postgres"
        self.secrets = self.path / "secrets"
        self.logs = self.path / "log"
        self.clock_file = self.path / "demo-clock"
        self.preparation_file = self.path / "prepared.json"
        self.address_file = self.path / "address.json"
        self.running = self.path / "run"

    @classmethod
    def chosen(cls, given: str | None, environ: Mapping[str, str] = os.environ) -> "StateFolder":
        """The folder of ``--var``, of ZHENGTONG_VAR, ``var`` of the checkout, or ``var`` where one stands."""
        named = given or environ.get(_VARIABLE)
        if named:
            return cls(Path(named))
        checkout = Path(__file__).parents[4]
        return cls((checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "var")

    def open(self, *, create: bool) -> None:
        """Have the folder; raises StartProblem when it is another user's, cannot be made, or must not be made."""
        if not create and not self.path.is_dir():
            raise StartProblem(
                f"状态目录 {self.path} 不存在。请先用 make run 启动一次，或用 --var 指定已有的状态目录。"
            )
        try:
            # root's database user has to pass through; everything inside is closed by its own rights
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StartProblem(
                f"不能建立状态目录 {self.path}：{error.strerror}。请用 --var 或环境变量 {_VARIABLE} 指定可写的目录。"
            ) from error
        owner = self.path.stat().st_uid
        if os.geteuid() not in {owner, 0}:
            with contextlib.suppress(KeyError):
                raise StartProblem(
                    f"状态目录 {self.path} 属于用户 {pwd.getpwuid(owner).pw_name}，当前用户无权使用。"
                    "请用该用户启动，或用 --var 指定别的目录。"
                )
            raise StartProblem(f"状态目录 {self.path} 属于其他用户（编号 {owner}）。请用 --var 指定别的目录。")

    @contextlib.contextmanager
    def preparing(self) -> Iterator[None]:
        """Only one process at a time prepares the folder; the others wait here."""
        descriptor = os.open(self.path / "prepare.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def settle_kind(self, environ: Mapping[str, str] = os.environ) -> bool:
        """Whether this is a demonstration; fixed by the first start, so that no demo data ever meets real data."""
        wished = environ.get(_DEMO_VARIABLE)
        kind_file = self.path / "kind"
        kind = kind_file.read_text(encoding="ascii").strip() if kind_file.exists() else ""
        if not kind:
            kind = "demo" if wished == "1" else "production"
            kind_file.write_text(kind + "\n", encoding="ascii")
        if wished is not None and (wished == "1") != (kind == "demo"):
            is_kind, is_asked = ("演示", "正式") if kind == "demo" else ("正式", "演示")
            raise StartProblem(
                f"状态目录 {self.path} 是{is_kind}环境，不能按{is_asked}环境启动（{_DEMO_VARIABLE}={wished}）。"
                "请用 --var 指定别的状态目录。"
            )
        return kind == "demo"

    def running_address(self) -> str:
        """The address another instance on this folder serves now, empty when there is none."""
        try:
            noted = json.loads(self.address_file.read_text(encoding="utf-8"))
            os.kill(noted["process"], 0)
        except (FileNotFoundError, ValueError, KeyError, ProcessLookupError):
            return ""
        except PermissionError:
            pass  # it lives, as another user
        return str(noted["address"])

    def note_address(self, address: str) -> None:
        """Remember the address that this process serves."""
        self.address_file.write_text(json.dumps({"process": os.getpid(), "address": address}), encoding="utf-8")

    def forget_address(self) -> None:
        """The counterpart of ``note_address`` at the end; another instance's note is left alone."""
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError):
            if json.loads(self.address_file.read_text(encoding="utf-8"))["process"] == os.getpid():
                self.address_file.unlink()
