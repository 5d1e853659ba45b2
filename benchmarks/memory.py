"""Memory of each process of an installation over an hour in which people work, and how long it takes to open."""

import itertools
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from benchmarks.context import Context
from benchmarks.results import Result
from faults.machine_clock import MachineClock
from faults.processes import Process, processes
from faults.town import Town

_SETTLING = 0.2  # of the time: caches fill, every kind of page is met for the first time
_BETWEEN_SAMPLES, _BETWEEN_PAGES = 20.0, 0.3
_RATE = 400
#: what anybody may open, one after the other; the rest of the load is the simulator's
_PAGES = (
    "/",
    "/items/",
    "/search/?q=营业",
    "/complaints/",
    "/centre/",
    "/ratings/",
    "/api/v1/openapi.json",
    "/verify/",
)
_KINDS = {
    "supervisor": "主进程",
    "web_server": "网站主进程",
    "web": "网站工作进程（最大的一个）",
    "worker": "后台任务进程",
    "apart": "后台任务第二进程",
    "database": "数据库全部进程",
}


def memory(context: Context, *, minutes: float) -> list[Result]:
    """Open an installation from nothing and again, let it be used for so many minutes, sample what each process holds.

    Held is PSS (MB): shared pages are counted once over all who share them. The growth is the slope of a straight line
    through the samples after the first fifth of the time.
    """
    del context  # an installation of its own
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        town = Town(Path(folder) / "var", Path(folder) / "log", {}, MachineClock(Path(folder)))
        opening = [_opened(town)]
        town.stop()
        opening.append(_opened(town))
        try:
            samples = _used(town, minutes, Path(folder) / "simulator.log")
        finally:
            town.stop()
    return [
        Result("memory.first_start", opening[0], "从空的状态目录到第一页打开", "要求 60 秒", "秒"),
        Result("memory.start", opening[1], "停止以后再启动，到第一页打开", "", "秒"),
        *(result for kind in _KINDS if samples[kind] for result in _held(kind, samples[kind], minutes)),
    ]


def _opened(town: Town) -> float:
    begun = time.monotonic()
    town.start()
    return time.monotonic() - begun


def _used(town: Town, minutes: float, log: Path) -> dict[str, list[tuple[float, float]]]:
    """Kind → (hours since the beginning, MB) while pages are read and the simulator's people act."""
    over = threading.Event()
    reader = threading.Thread(target=_read_pages, args=(town, over))
    reader.start()
    samples: dict[str, list[tuple[float, float]]] = {kind: [] for kind in _KINDS}
    begun, people = time.monotonic(), _people(town, log)
    try:
        while (gone := time.monotonic() - begun) < 60 * minutes:
            if people.poll() is not None:
                if people.returncode:
                    raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
                people = _people(town, log)
            for kind, held in _held_now(town).items():
                samples[kind].append((gone / 3600, held))
            over.wait(min(_BETWEEN_SAMPLES, 60 * minutes / 10))
    finally:
        over.set()
        reader.join()
        people.terminate()
        people.wait()
    return samples


def _people(town: Town, log: Path) -> "subprocess.Popen[bytes]":
    words = ("simulate", "--days", "2", "--rate", str(_RATE), "--var", str(town.state))
    return town.beside("zhengtong.entry.main", *words, log=log)


def _read_pages(town: Town, over: threading.Event) -> None:
    for page in itertools.cycle(_PAGES):
        if over.wait(_BETWEEN_PAGES):
            return
        try:
            with urllib.request.urlopen(town.base + urllib.parse.quote(page, safe="/?=&"), timeout=60) as answer:
                answer.read()
        except urllib.error.HTTPError as refused:
            refused.close()


def _held_now(town: Town) -> dict[str, float]:
    everyone = processes()
    database = town.postmaster()
    servers = [p for p in everyone if p.parent == town.pid and "granian" in p.command]
    workers = [p for p in everyone if p.parent == town.pid and p.command.endswith("main worker")]
    of_servers, of_workers = {p.pid for p in servers}, {p.pid for p in workers}
    groups: dict[str, list[Process]] = {
        "supervisor": [p for p in everyone if p.pid == town.pid],
        "web_server": servers,
        "web": [p for p in everyone if p.parent in of_servers and "resource_tracker" not in p.command],
        "worker": workers,
        "apart": [p for p in everyone if p.parent in of_workers],
        "database": [p for p in everyone if database and database in (p.pid, p.parent)],
    }
    held = {kind: [_pss(p.pid) for p in found] for kind, found in groups.items() if found}
    return {kind: max(each) if kind == "web" else sum(each) for kind, each in held.items()}


def _pss(pid: int) -> float:
    """MB; 0 for one that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def _held(kind: str, samples: Sequence[tuple[float, float]], minutes: float) -> list[Result]:
    settled = [sample for sample in samples if sample[0] * 60 >= minutes * _SETTLING] or list(samples)
    what = _KINDS[kind]
    slope = statistics.linear_regression(*zip(*settled, strict=True)).slope if len(settled) > 1 else 0.0
    return [
        Result(f"memory.{kind}", settled[-1][1], f"{what}，{minutes:.0f} 分钟以后的内存（PSS）", "", "MB"),
        Result(f"memory.{kind}_growth", slope, f"{what}，前五分之一时间以后的增长", "要求不增长", "MB/小时"),
    ]
