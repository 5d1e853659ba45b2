"""Other names of organisations and their places in the tree."""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Alias:
    """Another name of an organisation; ``mark`` says what kind: 旧, 俗, 误, 挂牌 …, empty for a current one."""

    name: str
    mark: str = ""


def parse_aliases(text: str) -> tuple[Alias, ...]:
    """``建设局(旧);县建设局`` as aliases with their marks."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = re.fullmatch(r"(.+?)\((旧|俗|误|挂牌|并入|内设)\)", part)
        found.append(Alias(match[1], match[2]) if match else Alias(part))
    return tuple(found)


def organisation_paths(parents: dict[str, str]) -> dict[str, str]:
    """The path (``/C01/G22/``) of each code from a mapping of code to parent code (empty for a root).

    Raises ValueError for a parent that is not in the mapping and for a circle.
    """
    paths: dict[str, str] = {}
    for code in parents:
        chain: list[str] = []
        at = code
        while at and at not in paths:
            if at not in parents:
                raise ValueError(f"上级机构 {at} 不存在")
            if at in chain:
                raise ValueError(f"机构 {at} 的上级关系成环")
            chain.append(at)
            at = parents[at]
        path = paths[at] if at else "/"
        for step in reversed(chain):
            path = f"{path}{step}/"
            paths[step] = path
    return paths


def moved_path(path: str, old: str, new: str) -> str:
    """The place of an organisation at or below ``old`` after the whole subtree has gone to ``new``."""
    return new + path[len(old) :] if path.startswith(old) else path


def within(path: str, above: str) -> bool:
    """True when the place is ``above`` itself or lies below it."""
    return path.startswith(above)
