"""What the platform holds about a person: each app says which of its data are his, what for and how long they stay.

个人信息保护法 第十七条、第四十五条、第四十六条: purpose and period are told, a copy is given, mistakes are corrected.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class Holding:
    """One kind of data about a person: how much, what for, how long; ``rows`` gives a copy as plain JSON values.

    ``files`` gives what belongs to it as (name, content); ``url`` is where the person sees it himself.
    """

    key: str
    label: str
    count: int
    purpose: str
    kept: str
    rows: Callable[[], Iterable[dict[str, Any]]]
    files: Callable[[], Iterator[tuple[str, bytes]]] | None = None
    url: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Readable:
    """Objects of a kind that are about a person, and the acts in the ledger by which others read them."""

    kind: str
    ids: Collection[str]
    acts: Collection[str]


#: app → what it holds about who asks, in his present identity
holdings: Registry[Callable[[Actor], list[Holding]]] = Registry("personal_data.holdings")
#: app → the objects about who asks, whose readings he may see
readables: Registry[Callable[[Actor], list[Readable]]] = Registry("personal_data.readables")


def holdings_of(actor: Actor) -> list[Holding]:
    """Everything the apps hold about the actor, in the order of registration; kinds without data are left out."""
    return [one for _app, find in holdings.items() for one in find(actor) if one.count]


def readables_of(actor: Actor) -> list[Readable]:
    """The objects about the actor in all apps."""
    return [one for _app, find in readables.items() for one in find(actor) if one.ids]
