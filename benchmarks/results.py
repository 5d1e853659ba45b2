"""Results: one line each on the terminal, one entry each in ``results.json``, one table row each in the document."""

import dataclasses
import datetime as dt
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
DOCUMENT = HERE.parent / "docs" / "benchmarks.md"


@dataclasses.dataclass(frozen=True)
class Result:
    """A measured value: what was measured, against what, in which unit."""

    name: str
    value: float
    what: str
    against: str
    unit: str

    @property
    def text(self) -> str:
        """The value with three digits that mean something."""
        return f"{self.value:.0f}" if self.value >= 100 else f"{self.value:.3g}"

    @property
    def line(self) -> str:
        """What was measured, and against what."""
        return f"{self.what}；对照：{self.against}" if self.against else self.what


def machine(server_version: str) -> str:
    """The machine in one line: a value means something only together with it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system, python = platform.system(), platform.python_version()
    return f"{cores} × {_processor()}, {system}, Python {python}, PostgreSQL {server_version}{_load()}"


def _load() -> str:
    """How many processes wanted a processor when the run began: others may have been at work."""
    return f"；开始时一分钟平均负载 {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""


def write(results: Sequence[Result], *, where: str, day: dt.date) -> None:
    """Merge into ``results.json`` (a run of some benchmarks keeps the others) and write the document anew."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    groups = {result.name.partition(".")[0] for result in results}
    entries = {name: entry for name, entry in kept.items() if name.partition(".")[0] not in groups}
    for result in results:
        entry = {"value": float(result.text), "what": result.what, "against": result.against, "unit": result.unit}
        entries[result.name] = {**entry, "machine": where, "date": day.isoformat()}
    RESULTS.write_text(json.dumps(entries, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(entries), encoding="utf-8")


def document(entries: dict[str, dict[str, object]]) -> str:
    """The document: how to read it, then one table per benchmark."""
    lines = [(HERE / "document.md").read_text(encoding="utf-8").strip(), ""]
    for title, group in _TITLES.items():
        rows = {name: entry for name, entry in entries.items() if name.partition(".")[0] == group}
        if rows:
            first = next(iter(rows.values()))
            lines += [f"## {title}", "", f"{first['date']}；{first['machine']}", ""]
            lines += ["| 名称 | 数值 | 单位 | 量的是什么 | 对照 |", "|---|---:|---|---|---|"]
            for name, entry in rows.items():
                value = f"{entry['value']:g}"
                lines.append(f"| `{name}` | {value} | {entry['unit']} | {entry['what']} | {entry['against'] or '—'} |")
            lines.append("")
    return "\n".join(lines)


_TITLES = {
    "办件全程": "case_flow",
    "只算引擎": "engine_only",
    "并行审查": "branches",
    "责任认定记账": "ledger_append",
    "责任认定核验": "ledger_verify",
    "签发证照": "licences",
    "事件投递": "relay",
    "同一时刻亮牌": "supervision_cards",
    "监察实时路径": "supervision_events",
    "办件当中亮牌要多久": "supervision_delay",
    "规则重放一年": "supervision_replay",
    "监察查出多少植入的差错": "supervision_precision",
    "工作台页面": "desk_pages",
    "随存量增长": "growth",
    "站内检索（make bench-sites）": "site_search",
    "网站怎样送出（make bench-sites）": "sites_serving",
    "开通和编辑网站群（make bench-sites）": "sites_keeping",
    "规则重放一千万个事件（make bench-full）": "supervision_replay_full",
    "启动和一小时的内存（make bench-full）": "memory",
    "随存量增长（一百万件，make bench-full）": "growth_full",
}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
