"""The door of search: put things into the index, take them out, find them."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from zhengtong.capabilities.search.constants import FEW, PAGE_SIZE, PUBLIC, Order
from zhengtong.capabilities.search.registry import Entry, SearchSite, SearchSource
from zhengtong.capabilities.search.rules import Piece, access_tokens
from zhengtong.capabilities.search.selectors import (
    KindCount,
    Narrowing,
    SearchHit,
    SearchPage,
    find,
    hot_words,
    nearest,
    probably_meant,
    sites_by_code,
    suggested,
)
from zhengtong.capabilities.search.services import (
    count_search,
    handle_missed,
    index_entries,
    keep_synonyms,
    rebuild_index,
    release_word,
    remove_entry,
    set_stand,
)
from zhengtong.kernel.actors import Actor

__all__ = [
    "PUBLIC",
    "Answer",
    "Entry",
    "KindCount",
    "Narrowing",
    "Order",
    "Piece",
    "SearchHit",
    "SearchPage",
    "SearchSite",
    "SearchSource",
    "access_tokens",
    "answer",
    "count_search",
    "handle_missed",
    "hot_words",
    "index",
    "index_many",
    "keep_synonyms",
    "nearest",
    "rebuild",
    "release_word",
    "remove",
    "search",
    "set_stand",
    "sites_by_code",
    "suggested",
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
    """Let a thing be found, or renew what is known of it; call it in the transaction that changes the thing.

    What has more to tell (a site, a unit, a card) is given as an ``Entry`` to ``index_many``.
    """
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


def search(
    *,
    actor: Actor,
    query: str,
    kind: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
    narrowing: Narrowing | None = None,
) -> SearchPage:
    """What contains all words of ``query`` and the actor may find: a page of hits, with counts by kind."""
    return find(actor=actor, words=query, kind=kind, page=page, size=size, narrowing=narrowing)


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the public page shows: hits, the words that were probably meant, whether the hits are already of these.

    ``own`` counts what was found for the words as they were typed.
    """

    page: SearchPage
    meant: str = ""
    instead: bool = False
    own: int = 0
    near: Sequence[SearchHit] = ()


def answer(*, actor: Actor, words: str, narrowing: Narrowing, page: int = 1) -> Answer:
    """Search as the public page does: where little is found, look for slips; where nothing, show what was meant."""
    found = find(actor=actor, words=words, page=page, narrowing=narrowing)
    if not words or found.matched >= FEW or not narrowing.whole:
        return Answer(found, own=found.matched)
    meant = probably_meant(actor=actor, words=words, narrowing=narrowing)
    if found.matched:
        return Answer(found, meant=meant, own=found.matched)
    other = find(actor=actor, words=meant, page=page, narrowing=narrowing) if meant else found
    if other.matched:
        return Answer(other, meant=meant, instead=True)
    return Answer(found, near=nearest(actor=actor, words=words, narrowing=narrowing))


def rebuild(*, tenant: str) -> int:
    """Build the index of a tenant again from all registered sources; returns the number of entries."""
    return rebuild_index(tenant=tenant)
