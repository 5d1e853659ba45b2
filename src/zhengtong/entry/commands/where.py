"""``zhengtong where 电子监察``: from a name in the plan to its folder, page and address."""

import argparse
import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.kernel.systems import SystemConfig

HELP = "按计划书里的名称查找：代码目录、说明文件、网址、别名"
DESCRIPTION = "名称可以只写一部分，也可以写别名、目录名或需求编号（如 Q-21）。不写名称则列出全部。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("name", metavar="名称", nargs="?", default="", help="如：电子监察、并联审批、ledger、Q-24")


def handle(args: argparse.Namespace) -> int:
    """0 when something bears the name, 1 when nothing does; the nearest names are then told."""
    systems = all_systems()
    found = find(args.name, systems)
    if not found:
        print(f"没有找到“{args.name}”。{_nearest(args.name, systems)}", file=sys.stderr)
        return 1
    print("\n\n".join(describe(config) for config in found))
    return 0


def all_systems() -> "list[SystemConfig]":
    """Every capability and system, highest first; Django is set up without a database."""
    from zhengtong.entry.runtime.without_database import set_up_django

    set_up_django()
    from django.apps import apps

    from zhengtong.kernel.systems import SystemConfig

    return [config for config in reversed(list(apps.get_app_configs())) if isinstance(config, SystemConfig)]


def names(config: "SystemConfig") -> list[str]:
    """All words that mean the app."""
    return [str(config.verbose_name), *config.aliases, config.label, *config.plan_refs]


def find(name: str, systems: "list[SystemConfig]") -> "list[SystemConfig]":
    """Apps that bear the name exactly, else those whose names contain it."""
    wanted = name.strip().lower()
    exact = [config for config in systems if wanted in (word.lower() for word in names(config))]
    return exact or [config for config in systems if any(wanted in word.lower() for word in names(config))]


def describe(config: "SystemConfig") -> str:
    """What a newcomer needs to know, a line each."""
    folder = Path(config.path)
    repository = Path(__file__).parents[4]
    shown = folder.relative_to(repository) if folder.is_relative_to(repository) else folder
    page = shown / "README.md" if (folder / "README.md").exists() else "（没有）"
    lines = [
        ("目录", f"{shown}/"),
        ("说明", str(page)),
        ("网址", config.home_url or "（没有自己的页面）"),
        ("别名", "、".join(config.aliases) or "（没有）"),
        ("需求", "、".join(config.plan_refs) or "（没有登记）"),
    ]
    return "\n".join([str(config.verbose_name), *(f"  {label}  {value}" for label, value in lines)])


def _nearest(name: str, systems: "list[SystemConfig]") -> str:
    words = [word for config in systems for word in names(config)]
    near = difflib.get_close_matches(name, words, n=3, cutoff=0.1)
    hint = f"相近的名称：{'、'.join(near)}。" if near else ""
    return f"{hint}不写名称可以列出全部：zhengtong where"
