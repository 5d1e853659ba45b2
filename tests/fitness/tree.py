"""What the fitness tests walk: the files of the repository, its apps, models and syntax trees."""

import ast
import functools
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Model

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "src" / "zhengtong"
_NOT_OURS = {".git", ".venv", "var", "node_modules", "build", "dist", "vendor", "__pycache__"}


@functools.cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """All files of the repository that people write, by suffix (all without one)."""
    return tuple(path for path in _walk(REPOSITORY) if not suffixes or path.suffix in suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        if entry.is_dir():
            if entry.name not in _NOT_OURS and not (entry.name.startswith(".") and entry.name != ".ci"):
                yield from _walk(Path(entry.path))
        elif not entry.name.startswith(".venv"):
            yield Path(entry.path)


def is_test(path: Path) -> bool:
    """True for tests and what only tests use."""
    return "tests" in path.relative_to(REPOSITORY).parts or path.name in {"testing.py", "conftest.py"}


def named(path: Path) -> str:
    """The path as a reader of a failure wants it."""
    return path.relative_to(REPOSITORY).as_posix()


@functools.cache
def syntax(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@functools.cache
def product_modules() -> tuple[Path, ...]:
    """Python files of the product: no tests, no migrations."""
    return tuple(p for p in files(".py") if SOURCE in p.parents and not is_test(p) and "migrations" not in p.parts)


def module_name(path: Path) -> str:
    """The dotted name of a product file."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def own_apps() -> list[AppConfig]:
    """Configurations of all our apps."""
    return [config for config in apps.get_app_configs() if config.name.startswith("zhengtong.")]


def system_apps() -> list[AppConfig]:
    """Configurations of the capabilities and systems."""
    return [c for c in own_apps() if c.name.startswith(("zhengtong.capabilities.", "zhengtong.systems."))]


def own_models() -> list[type[Model]]:
    """All our models."""
    return [model for config in own_apps() for model in config.get_models()]


def project() -> dict[str, Any]:
    """The content of ``pyproject.toml``."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def height(app_name: str) -> int:
    """How high an app stands: the lower the number, the lower the floor; from the import contracts."""
    contracts = {contract["name"]: contract for contract in project()["tool"]["importlinter"]["contracts"]}
    floors = contracts["Five floors"]["layers"]
    order = contracts["Order among capabilities"]["layers"]
    floor, _, rest = app_name.removeprefix("zhengtong.").partition(".")
    above = len(floors) - floors.index(floor)
    if floor != "capabilities":
        return above * 100
    place = next(i for i, layer in enumerate(order) if rest.split(".")[0] in layer.replace(" ", "").split("|"))
    return above * 100 + len(order) - place
