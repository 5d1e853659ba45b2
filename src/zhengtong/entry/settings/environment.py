"""Every environment variable the platform reads, declared once: name, group, meaning, default.

``docs/operations.md`` prints this list; a test keeps the two together.
"""

import dataclasses
import os


@dataclasses.dataclass(frozen=True)
class Variable:
    """One environment variable; ``default`` None means that the platform refuses to start without it."""

    name: str
    group: str
    help: str
    default: str | None


VARIABLES: dict[str, Variable] = {}


def variable(name: str, *, group: str, help: str, default: str | None) -> str:  # noqa: A002  (the word for it)
    """Declare a variable and read it."""
    VARIABLES[name] = Variable(name, group, help, default)
    found = os.environ.get(name, default)
    if found is None:
        raise SystemExit(f"环境变量 {name} 没有设置：{help}。用 make run 启动时会自动生成。")
    return found


def flag(name: str, *, group: str, help: str, default: bool) -> bool:  # noqa: A002  (the word for it)
    """Declare a yes/no variable (1 or 0) and read it."""
    return variable(name, group=group, help=help, default="1" if default else "0") == "1"


def listed(name: str, *, group: str, help: str, default: str) -> list[str]:  # noqa: A002  (the word for it)
    """Declare a variable of several words with commas between them and read them; spaces around them do not count."""
    words = variable(name, group=group, help=help, default=default).split(",")
    return [word.strip() for word in words if word.strip()]
