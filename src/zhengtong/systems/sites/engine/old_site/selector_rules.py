"""How pages of an old site are read: the rules of a site as data."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final

LONGEST, MOST_LINES = 300, 200
_TEXTS: Final = ("title", "day", "source", "author", "column", "body", "drop")


@dataclasses.dataclass(frozen=True)
class SelectorRules:
    """CSS selectors of what a page says, and what its words mean here.

    ``columns`` are (word of the old column or beginning of the path, slug here); ``only`` beginnings of paths of
    articles; ``patterns`` of days as ``strptime`` has them. What is empty is found by the marks of the national guide.
    """

    title: str = ""
    day: str = ""
    source: str = ""
    author: str = ""
    column: str = ""
    body: str = ""
    drop: str = ""
    patterns: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    default_column: str = ""
    host: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return dataclasses.asdict(self) | {"columns": [list(pair) for pair in self.columns]}

    def column_for(self, word: str, path: str) -> str:
        """The slug of the column a page goes to; empty where no rule and no default says it."""
        for said, slug in self.columns:
            if said == word or (said.startswith("/") and path.startswith(said)):
                return slug
        return self.default_column


def rules_of(kept: Mapping[str, Any]) -> SelectorRules:
    """Rules from what is kept or typed; what is unknown is left out. Raises ValueError with the name of a wrong one."""
    said: dict[str, Any] = {}
    for name in (*_TEXTS, "default_column", "host"):
        text = kept.get(name, "")
        if not isinstance(text, str) or len(text) > LONGEST:
            raise ValueError(name)
        said[name] = text.strip()
    for name in ("patterns", "only"):
        said[name] = tuple(_lines(kept.get(name, ()), name))
    pairs = kept.get("columns", ())
    if isinstance(pairs, str):
        pairs = [_pair(line) for line in _lines(pairs, "columns")]
    if (
        not isinstance(pairs, list | tuple) or len(pairs) > MOST_LINES or any(len(pair) != 2 for pair in pairs)
    ):  # a pair
        raise ValueError("columns")
    said["columns"] = tuple((str(word).strip(), str(slug).strip()) for word, slug in pairs)
    if any(not word or not slug for word, slug in said["columns"]):
        raise ValueError("columns")
    return SelectorRules(**said)


def _lines(kept: Any, name: str) -> list[str]:
    lines = kept.splitlines() if isinstance(kept, str) else kept
    if not isinstance(lines, list | tuple) or len(lines) > MOST_LINES:
        raise ValueError(name)
    return [str(line).strip()[:LONGEST] for line in lines if str(line).strip()]


def _pair(line: str) -> tuple[str, str]:
    word, _mark, slug = re.sub(r"[＝=]", "=", line).rpartition("=")
    return word.strip(), slug.strip()
