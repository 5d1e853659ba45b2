"""``docs/security.md`` as rows."""

import ast
import dataclasses
import functools
import re
from collections.abc import Iterator

from tests.fitness.tree import REPOSITORY, syntax

_PATH = REPOSITORY / "docs" / "security.md"
ASVS = "## ASVS 5.0 level 2"
CHINESE_STANDARD = "## GB/T 22239—2019 level 3"
NOT_APPLICABLE = "not applicable:"
_NODE = re.compile(r"`([^`]+)`")


@dataclasses.dataclass(frozen=True)
class Row:
    """One requirement: its number or control, what it asks for, how it is held, and what proves it."""

    number: str
    asked: str
    held: str
    proof: str

    @property
    def not_applicable(self) -> str:
        """The reason why the product has no such thing; empty where a test proves the requirement."""
        return self.proof.partition(NOT_APPLICABLE)[2].strip() if self.proof.startswith(NOT_APPLICABLE) else ""

    @property
    def nodes(self) -> list[str]:
        """The tests that prove it, as pytest names them."""
        return _NODE.findall(self.proof)


def text() -> str:
    """The whole document."""
    return _PATH.read_text(encoding="utf-8")


def rows(heading: str) -> list[Row]:
    """The rows of all tables below a heading of the second level; the lines with the titles of columns are left out."""
    found = text().partition(f"\n{heading}\n")[2]
    return list(_rows(re.split(r"^## ", found, maxsplit=1, flags=re.MULTILINE)[0]))


def _rows(part: str) -> Iterator[Row]:
    lines = [line for line in part.splitlines() if line.startswith("|")]
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if set(line) <= set("|-: ") or (set(after) <= set("|-: ") and after):
            continue
        yield Row(*cells) if len(cells) == 4 else Row(cells[0], "", "", "")


def exists(node: str) -> bool:
    """True when a file of the repository defines the test that a pytest node id names."""
    name, _colons, function = node.partition("::")
    path = REPOSITORY / name
    return path.is_file() and re.sub(r"\[.*\]$", "", function) in _functions(name)


@functools.cache
def _functions(name: str) -> frozenset[str]:
    return frozenset(one.name for one in syntax(REPOSITORY / name).body if isinstance(one, ast.FunctionDef))
