"""Extension points: a lower app declares a registry, a higher one registers in ``apps.ready()``."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one type, in the order of registration; a second use of a name is an error."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, T] = {}

    def register(self, key: str, item: T) -> T:
        """Add ``item`` under ``key``; raises ValueError when another item already holds it."""
        if self._items.setdefault(key, item) is not item:
            raise ValueError(f"{self.name}: {key} is registered twice")
        return item

    def get(self, key: str) -> T:
        """The item under ``key``; raises LookupError that names what is registered."""
        try:
            return self._items[key]
        except KeyError:
            raise LookupError(f"{self.name}: no {key}; there are {', '.join(self._items) or 'none'}") from None

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def items(self) -> Iterator[tuple[str, T]]:
        """All (key, item) pairs in the order of registration."""
        return iter(list(self._items.items()))
