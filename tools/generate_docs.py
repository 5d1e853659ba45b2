"""Writes what the documents can take from the code: table of systems, import graph, environment variables.

Each part stands between ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->``. ``--check`` writes nothing and
ends with 1 when a part is stale.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

import grimp

from zhengtong.entry.runtime.without_database import set_up_django

REPOSITORY = Path(__file__).parents[1]


def system_table(*, headings: tuple[str, ...]) -> str:
    """Name in the plan → other names → rows of the plan → folder with its page → address."""
    from zhengtong.entry.commands.where import all_systems

    rows = []
    for config in all_systems():
        folder = Path(config.path).relative_to(REPOSITORY).as_posix()
        address = f"`{config.home_url}`" if config.home_url else "–"
        refs = ", ".join(config.plan_refs) or "–"
        link = f"[{folder.removeprefix('src/zhengtong/')}]({folder}/README.md)"
        rows.append((str(config.verbose_name), "、".join(config.aliases) or "–", refs, link, address))
    return table(headings, rows)


def settings_table() -> str:
    """Every environment variable by subject."""
    import zhengtong.entry.settings.base  # noqa: F401  (declares the variables)
    from zhengtong.entry.settings.environment import VARIABLES

    parts = []
    for group, members in groupby(
        sorted(VARIABLES.values(), key=lambda v: _first_of_group(v.group)), lambda v: v.group
    ):
        rows = [(f"`{v.name}`", v.help, _default(v.default)) for v in members]
        parts.append(f"### {group}\n\n" + table(("变量", "含义", "默认值"), rows))
    return "\n\n".join(parts)


def _first_of_group(group: str) -> int:
    from zhengtong.entry.settings.environment import VARIABLES

    return [v.group for v in VARIABLES.values()].index(group)


def _default(value: str | None) -> str:
    if value is None:
        return "必填（`make run` 自动生成）"
    return f"`{value}`" if value else "空"


def level_table() -> str:
    """What each protection level demands."""
    from tools.data_levels import LEVELS

    headings = ("Level", "Name", "Holds", "Encrypted", "Read by", "Logged", "Kept and backed up")
    return table(headings, [(str(number), *words) for number, words in LEVELS.items()])


def data_table() -> str:
    """Every table with its protection level."""
    from tools.data_levels import rows

    return table(("Table", "Level", "Encrypted columns", "What, and how long"), rows())


def import_graph() -> str:
    """Which app imports which, as it is today, without tests."""
    graph = grimp.build_graph("zhengtong", cache_dir=None)
    floors = {name: sorted(graph.find_children(f"zhengtong.{name}")) for name in ("systems", "capabilities")}
    boxes = ["zhengtong.entry", *floors["systems"], *floors["capabilities"], "zhengtong.contracts", "zhengtong.kernel"]
    lines = ["```mermaid", "flowchart TD"]
    for floor, apps in floors.items():
        lines += [f"  subgraph {floor}", *(f"    {_short(app)}" for app in apps), "  end"]
    for upper in boxes[1:-2]:
        lines += [f"  {_short(upper)} --> {_short(lower)}" for lower in boxes[1:-2] if _uses(graph, upper, lower)]
    return "\n".join([*lines, "```"])


def _short(app: str) -> str:
    return app.rsplit(".", 1)[1]


def _uses(graph: grimp.ImportGraph, upper: str, lower: str) -> bool:
    if upper == lower:
        return False
    importers = {upper, *graph.find_descendants(upper)}
    return any(
        importer in importers and ".tests" not in importer
        for module in {lower, *graph.find_descendants(lower)}
        for importer in graph.find_modules_that_directly_import(module)
    )


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines: list[Sequence[str]] = [headings, ["---" for _ in headings], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def inventory_table() -> str:
    """Every field that holds personal data, as the models declare it."""
    from zhengtong.kernel.inventory import COLUMNS, inventory

    shown = ("app", "column", "field", "whose", "category", "purpose", "kept", "erasure")
    lines = [line.row() for line in inventory()]
    rows = [[f"`{row[key]}`" if key == "column" else row[key] for key in shown] for row in lines]
    return table([COLUMNS[key] for key in shown], rows)


def periods_table() -> str:
    """What goes after how many days."""
    from zhengtong.kernel import parameters, retention

    rows = []
    for _key, sweep in retention.sweeps.items():  # noqa: PERF102  (a Registry has no values)
        known = parameters.declared.get(sweep.period)
        doubt = "" if known.confirmed else "（待核实）"
        rows.append((sweep.label, sweep.does, f"{known.default}{doubt}", f"`{known.key}`", known.source))
    return table(("数据", "到期处理", "天数", "参数", "依据"), rows)


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {
        "systems": lambda: system_table(headings=("Name in the plan", "Also called", "Plan rows", "Folder", "Address"))
    },
    "README.zh-CN.md": {"systems": lambda: system_table(headings=("计划书名称", "别名", "需求编号", "目录", "网址"))},
    "docs/architecture.md": {"imports": import_graph},
    "docs/operations.md": {"settings": settings_table},
    "docs/personal-data.md": {
        "periods": periods_table,
        "inventory": inventory_table,
        "levels": level_table,
        "tables": data_table,
    },
}


def renewed(document: str) -> str:
    """The document with its generated parts as they must be; raises ValueError when a marker is missing."""
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    for name, make in PARTS[document].items():
        start, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
        found = pattern.findall(text)
        if len(found) != 1:
            raise ValueError(f"{document}: {len(found)} parts called {name}, expected 1")
        text = text.replace(found[0], f"{start}\n{make()}\n{end}")
    return text


def stale_documents() -> list[str]:
    """Documents whose generated parts differ from the code."""
    set_up_django()
    return [name for name in PARTS if renewed(name) != (REPOSITORY / name).read_text(encoding="utf-8")]


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which documents are stale")
    checking = parser.parse_args().check
    stale = stale_documents()
    for name in stale:
        if not checking:
            (REPOSITORY / name).write_text(renewed(name), encoding="utf-8")
        print(f"{'stale' if checking else 'written'}: {name}")
    return 1 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main())
