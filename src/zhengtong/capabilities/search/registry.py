"""Search sources: each app says what it lets be found, so that the whole index can be built again."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from zhengtong.capabilities.search.constants import PUBLIC
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that can be found; ``access`` are words of ``rules.access_tokens`` of which one is needed.

    ``weight`` raises an entry over others that fit equally well (0 to 100, per cent). A text of more than about
    15,000 characters is split by its app into entries of its own (``object_id`` with a part number).
    """

    kind: str
    object_id: str
    title: str
    url: str
    summary: str = ""
    body: str = ""
    access: tuple[str, ...] = (PUBLIC,)
    weight: int = 0
    updated_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SearchSource:
    """A kind of things: its label for readers, all its entries of a tenant, and a page to look through them."""

    kind: str
    label: str
    entries: Callable[[str], Iterable[Entry]]
    browse_url: str = ""


search_sources: Registry[SearchSource] = Registry("search_sources")

#: name → what people call things and what they are called here, for a tenant: 开饭店 → 开办餐饮店
everyday_words: Registry[Callable[[str], Mapping[str, str]]] = Registry("everyday_words")
