"""The platform's worker as a process of its own, as in operation, but with the measured loops only."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class WorkerProcess:
    """A worker at work."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def cpu(self) -> float:
        """CPU seconds so far of the worker and of what it forked; 0 where the system does not tell (not Linux)."""
        return sum(_cpu(pid) for pid in (self._process.pid, *_children(self._process.pid)))

    def check(self) -> None:
        """Raises RuntimeError when the worker has ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"the worker ended with {self._process.returncode}")


@contextmanager
def running(database_url: str, loops: Sequence[str]) -> Iterator[WorkerProcess]:
    """A worker with these loops, from when it is ready; it has finished its batch at the end."""
    environ = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, "-m", "benchmarks.worker_process", *loops]
    folder = Path(__file__).parents[1]
    with subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            if process.stdout is None or not process.stdout.readline():
                raise RuntimeError("the worker did not start")
            yield WorkerProcess(process)
        finally:
            process.terminate()


def _cpu(pid: int) -> float:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def main() -> int:
    """Work with the loops that are named until SIGTERM."""
    import django

    django.setup()
    from zhengtong.entry import worker

    print("ready", flush=True)
    return worker.main(only=sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
