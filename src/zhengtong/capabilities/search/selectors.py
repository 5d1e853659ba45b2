"""Reading the index: always inside a tenant and inside what the actor may find."""

import dataclasses
from typing import Any

from django.db import connection

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.constants import MOST_RANKED, PAGE_SIZE
from zhengtong.capabilities.search.registry import search_sources
from zhengtong.capabilities.search.rules import Piece
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page

_SUMMARY_LENGTH = 120

# The filter is materialised first: with a plain ORDER BY the planner walks the wrong index for rare words.
_COUNT = """
with found as materialized (
    select kind from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
)
select kind, count(*) from found group by kind
"""
_BEST = """
with found as materialized (
    select id, weight, updated_at from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(kind)s::varchar is null or kind = %(kind)s)
), best as (
    select id from found order by weight desc, updated_at desc, id limit %(most)s
)
select e.title, e.summary, e.body, e.url, e.kind
from best join search_searchentry e on e.id = best.id
order by lower(e.title) = lower(%(words)s::text) desc,
    ts_rank(e.tsv, %(query)s::tsquery) * (100 + e.weight) desc, length(e.title), e.id
limit %(size)s offset %(offset)s
"""


@dataclasses.dataclass(frozen=True)
class SearchHit:
    """One thing found; ``title`` and ``summary`` are pieces of plain text, those searched for marked."""

    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    url: str
    kind: str
    kind_label: str


@dataclasses.dataclass(frozen=True)
class KindCount:
    """How many things of a kind were found."""

    kind: str
    label: str
    count: int


@dataclasses.dataclass(frozen=True)
class SearchPage(Page[SearchHit]):
    """A page of hits; ``matched`` counts all that fit, ``total`` those that can be paged through."""

    matched: int = 0
    kinds: tuple[KindCount, ...] = ()


def find(*, actor: Actor, words: str, kind: str | None = None, page: int = 1, size: int = PAGE_SIZE) -> SearchPage:
    """The things that contain all words and that the actor may find, the most fitting first.

    At most 1,000 are ranked (the weightiest and newest); nothing is found for words without letters and digits.
    """
    words = words.strip().replace("\x00", "")
    query = rules.query(words)
    if not query:
        return SearchPage(rows=[], number=1, size=size, total=0)
    values: dict[str, Any] = {"query": query, "tenant": actor.tenant, "access": rules.access_tokens(actor)}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        counts = dict(cursor.fetchall())
        matched = counts.get(kind, 0) if kind else sum(counts.values())
        total = min(matched, MOST_RANKED)
        number = min(max(page, 1), max(1, -(-total // size)))
        values |= {"kind": kind or None, "most": MOST_RANKED, "words": words}
        values |= {"size": size, "offset": (number - 1) * size}
        cursor.execute(_BEST, values)
        rows = [_hit(words, *row) for row in cursor.fetchall()]
    return SearchPage(rows=rows, number=number, size=size, total=total, matched=matched, kinds=_kinds(counts))


def label_of(kind: str) -> str:
    """The word for readers of a kind; the kind itself when its app is gone."""
    return search_sources.get(kind).label if kind in search_sources else kind


def _kinds(counts: dict[str, int]) -> tuple[KindCount, ...]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(KindCount(kind, label_of(kind), count) for kind, count in ranked)


def _hit(words: str, title: str, summary: str, body: str, url: str, kind: str) -> SearchHit:
    shown = summary if summary and rules.contains(f"{title}\n{summary}", words) else body or summary
    return SearchHit(
        title=rules.highlighted(title, words),
        summary=rules.highlighted(shown, words, length=_SUMMARY_LENGTH),
        url=url,
        kind=kind,
        kind_label=label_of(kind),
    )
