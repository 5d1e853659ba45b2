"""The door of search: put things into the index, take them out, find them."""

import datetime as dt
from collections.abc import Iterable, Sequence

from zhengtong.capabilities.search.constants import PAGE_SIZE, PUBLIC
from zhengtong.capabilities.search.registry import Entry, SearchSource
from zhengtong.capabilities.search.rules import Piece, access_tokens
from zhengtong.capabilities.search.selectors import KindCount, SearchHit, SearchPage, find, nearest
from zhengtong.capabilities.search.services import index_entries, rebuild_index, remove_entry
from zhengtong.kernel.actors import Actor

__all__ = [
    "PUBLIC",
    "Entry",
    "KindCount",
    "Piece",
    "SearchHit",
    "SearchPage",
    "SearchSource",
    "access_tokens",
    "index",
    "index_many",
    "nearest",
    "rebuild",
    "remove",
    "search",
]


def index(
    *,
    tenant: str,
    kind: str,
    object_id: str,
    title: str,
    url: str,
    summary: str = "",
    body: str = "",
    access: Sequence[str] = (PUBLIC,),
    weight: int = 0,
    updated_at: dt.datetime | None = None,
) -> None:
    """Let a thing be found, or renew what is known of it; call it in the transaction that changes the thing."""
    entry = Entry(
        kind=kind,
        object_id=object_id,
        title=title,
        url=url,
        summary=summary,
        body=body,
        access=tuple(access),
        weight=weight,
        updated_at=updated_at,
    )
    index_entries(tenant=tenant, entries=[entry])


def index_many(*, tenant: str, entries: Iterable[Entry]) -> int:
    """The same for many at once; returns how many."""
    return index_entries(tenant=tenant, entries=entries)


def remove(*, tenant: str, kind: str, object_id: str) -> None:
    """Let a thing no longer be found."""
    remove_entry(tenant=tenant, kind=kind, object_id=object_id)


def search(*, actor: Actor, query: str, kind: str | None = None, page: int = 1, size: int = PAGE_SIZE) -> SearchPage:
    """What contains all words of ``query`` and the actor may find: a page of hits, with counts by kind."""
    return find(actor=actor, words=query, kind=kind, page=page, size=size)


def rebuild(*, tenant: str) -> int:
    """Build the index of a tenant again from all registered sources; returns the number of entries."""
    return rebuild_index(tenant=tenant)
