"""Search sources: each app says what it lets be found, so that the whole index can be built again."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

from zhengtong.capabilities.search.constants import PUBLIC
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that can be found; ``access`` are words of ``rules.access_tokens`` of which one is needed.

    ``part`` is a word of its source's ``parts`` (what kind of article), ``site`` the site it stands on, ``org_code``
    and ``org_name`` whose it is, ``dated`` the day it bears. ``facts`` (label, text) and ``acts`` (label, address)
    stand on its card. ``weight`` raises an entry over others that fit equally well (0 to 100, per cent). A text of
    more than about 15,000 characters is split by its app into entries of its own (``object_id`` with a part number).
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
    part: str = ""
    site: str = ""
    org_code: str = ""
    org_name: str = ""
    dated: dt.date | None = None
    facts: tuple[tuple[str, str], ...] = ()
    acts: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SearchSource:
    """A kind of things: its label for readers, all its entries of a tenant, and a page to look through them.

    ``parts`` names what its entries are divided into, for filters and cards.
    """

    kind: str
    label: str
    entries: Callable[[str], Iterable[Entry]]
    browse_url: str = ""
    parts: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SearchSite:
    """A site to which a search can be narrowed: what stands on it, and what its unit publishes elsewhere."""

    code: str
    name: str
    url: str
    org_code: str
    theme: str = ""


search_sources: Registry[SearchSource] = Registry("search_sources")

#: name → what people call things and what they are called here, for a tenant: 开饭店 → 开办餐饮店
everyday_words: Registry[Callable[[str], Mapping[str, str]]] = Registry("everyday_words")

#: name → the open sites of a tenant by these codes; what is not among the answers cannot be searched by itself
search_sites: Registry[Callable[[str, Collection[str]], Mapping[str, SearchSite]]] = Registry("search_sites")
