"""Keeps the processes of one machine running: starts them, restarts what crashes, stops all in order.

Every child leads a process group of its own, so that a Ctrl-C at the terminal reaches only the supervisor, which then
stops the children one after the other, and so that nothing a child started is left behind.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 50 * 1024 * 1024
_LOGS_KEPT = 4
_TAIL_LINES = 25


@dataclass(frozen=True)
class Child:
    """One process to keep running; ``label`` is what people call it, ``name`` that of its log file."""

    name: str
    label: str
    argv: Sequence[str]
    stop_seconds: float = 15.0


@dataclass
class Pace:
    """How fast a crashed child is started again, in seconds."""

    waits: Sequence[float] = (1, 2, 4, 8, 15, 30)
    # a child that lived this long starts again at the shortest wait
    healthy_after: float = 60.0
    # crashes in a row before everything has once been ready, after which the start is given up
    give_up_after: int = 3
    watch_every: float = 2.0


@dataclass
class _State:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    crashes: int = 0
    restart_at: float | None = None
    group: int = field(default=0)


class Supervisor:
    """Runs ``children`` until a signal; they are stopped in the order given.

    ``watch`` is called every few seconds in the supervising thread (the database is looked after there);
    ``say`` receives one sentence for everything that a person should know.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environ: Mapping[str, str],
        log_folder: Path,
        say: Callable[[str], None],
        watch: Callable[[], None] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._states = [_State(child) for child in children]
        self._environ = dict(environ)
        self._log_folder = log_folder
        self._say = say
        self._watch = watch
        self._pace = pace or Pace()
        self._signals: list[int] = []
        self._wake_reader, self._wake_writer = os.pipe()
        self.ready = threading.Event()
        self.stopping = threading.Event()

    def run(self, *, announce: Callable[["Supervisor"], None] | None = None) -> int:
        """Supervise until SIGINT, SIGTERM or SIGHUP; 0 after an ordered stop, 1 when the start was given up.

        ``announce`` runs in a thread of its own once the children are started; it sets ``ready`` when they answer.
        """
        self._log_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._log_folder.chmod(0o700)
        with self._signal_handlers():
            try:
                for state in self._states:
                    self._start(state)
                if announce is None:
                    self.ready.set()
                else:
                    threading.Thread(target=announce, args=(self,), daemon=True).start()
                return self._supervise()
            finally:
                self.stopping.set()
                self._stop_all()

    def is_alive(self, name: str) -> bool:
        """Whether the child of that name runs now."""
        return any(s.child.name == name and s.process is not None and s.process.poll() is None for s in self._states)

    def _supervise(self) -> int:
        next_watch = time.monotonic() + self._pace.watch_every
        while not self._signals:
            now = time.monotonic()
            if self._watch is not None and now >= next_watch:
                self._watch()
                for state in self._states:
                    trim(self._log_file(state.child))
                next_watch = time.monotonic() + self._pace.watch_every
            for state in self._states:
                if state.process is not None and state.process.poll() is not None:
                    self._sweep(state)
                    if not self._after_crash(state):
                        return 1
                elif state.restart_at is not None and now >= state.restart_at:
                    self._start_again(state)
            dates = [next_watch] if self._watch is not None else []
            dates += [state.restart_at for state in self._states if state.restart_at is not None]
            self._sleep(max(0.0, min(dates) - time.monotonic()) if dates else None)
        return 0

    def _after_crash(self, state: _State) -> bool:
        """Plan the next start of a child that ended by itself; False when the start as a whole is given up."""
        process = state.process
        state.process = None
        code = process.returncode if process is not None else 0
        how = f"被信号 {-code} 终止" if code < 0 else f"退出码 {code}"
        if time.monotonic() - state.started_at >= self._pace.healthy_after:
            state.crashes = 0
        state.crashes += 1
        log = self._log_file(state.child)
        if not self.ready.is_set() and state.crashes >= self._pace.give_up_after:
            self._say(
                f"{state.child.label}连续 {state.crashes} 次启动失败（{how}），已停止启动。"
                f"日志 {log} 的最后几行：\n{_tail(log)}"
            )
            return False
        wait = self._pace.waits[min(state.crashes, len(self._pace.waits)) - 1]
        state.restart_at = time.monotonic() + wait
        self._say(f"{state.child.label}意外退出（{how}），{wait:g} 秒后重新启动。日志：{log}")
        return True

    def _start_again(self, state: _State) -> None:
        """Start a child that has run before; where the machine cannot now (a full disk), later."""
        try:
            self._start(state)
        except OSError as error:
            wait = self._pace.waits[-1]
            state.restart_at = time.monotonic() + wait
            self._say(f"{state.child.label}没有启动（{error.strerror}），{wait:g} 秒后再试。")

    def _start(self, state: _State) -> None:
        again = state.restart_at is not None
        state.restart_at = None
        log = self._log_file(state.child)
        trim(log)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as output:
            state.process = subprocess.Popen(
                list(state.child.argv),
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(os.getpid()),
            )
        state.started_at = time.monotonic()
        state.group = state.process.pid
        if again:
            self._say(f"{state.child.label}已重新启动（进程 {state.process.pid}）。")

    def _stop_all(self) -> None:
        """Stop the children in order; a second signal meanwhile kills all of them at once."""
        seen = len(self._signals)
        killing = False
        if any(state.process is not None and state.process.poll() is None for state in self._states):
            self._say("正在停止" + "、".join(state.child.label for state in self._states) + "……")
        for state in self._states:
            process = state.process
            if process is not None and process.poll() is None:
                process.terminate()
            give_up = time.monotonic() + state.child.stop_seconds
            while process is not None and process.poll() is None:
                if len(self._signals) > seen and not killing:
                    killing = True
                    self._say("再次收到停止信号，立即终止所有进程。")
                elif not killing and time.monotonic() > give_up:
                    self._say(f"{state.child.label}在 {state.child.stop_seconds:g} 秒内没有停下，已强制终止。")
                    break
                if killing:
                    break
                self._sleep(0.2)
            self._sweep(state)

    def _sweep(self, state: _State) -> None:
        """Kill whatever is left in the child's process group, and collect the child."""
        if state.group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(state.group, signal.SIGKILL)
            if state.process is not None:
                state.process.wait()
            state.group = 0

    def _sleep(self, seconds: float | None) -> None:
        """Wait for the next signal (also of a child's end), at most ``seconds``."""
        ready, _, _ = select.select([self._wake_reader], [], [], seconds)
        if ready:
            os.read(self._wake_reader, 4096)

    @contextlib.contextmanager
    def _signal_handlers(self) -> Iterator[None]:
        def note(number: int, _frame: FrameType | None) -> None:
            self._signals.append(number)

        os.set_blocking(self._wake_writer, False)
        before_fd = signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        before = {number: signal.signal(number, note) for number in _STOP_SIGNALS}
        # a handler, though an empty one, is what makes the end of a child write into the wake-up pipe
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before_fd)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._wake_reader)
            os.close(self._wake_writer)

    def _log_file(self, child: Child) -> Path:
        return self._log_folder / f"{child.name}.log"


def trim(log: Path, *, limit: int = _LOG_LIMIT) -> None:
    """Put a log that has grown long aside (.1 is the newest) and begin again in the same file.

    The process holds it open to append, so it is copied and emptied: a line written in that instant may be lost.
    """
    if not log.exists() or log.stat().st_size <= limit:
        return
    for number in range(_LOGS_KEPT, 1, -1):
        older = log.with_suffix(f".log.{number - 1}")
        if older.exists():
            older.replace(log.with_suffix(f".log.{number}"))
    shutil.copyfile(log, log.with_suffix(".log.1"))
    log.with_suffix(".log.1").chmod(0o600)
    os.truncate(log, 0)


def end_with_parent(parent: int) -> Callable[[], None] | None:
    """What a child does first: ask for SIGTERM when the process that started it dies (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    set_option = ctypes.CDLL(None).prctl

    def ask() -> None:
        set_option(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-_TAIL_LINES:])
