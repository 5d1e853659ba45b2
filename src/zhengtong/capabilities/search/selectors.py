"""Reading the index: always inside a tenant and inside what the actor may find."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.db import connection

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.constants import MOST_RANKED, MOST_SUGGESTED, PAGE_SIZE
from zhengtong.capabilities.search.registry import everyday_words, search_sources
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

_NEAREST = """
with found as materialized (
    select id, tsv, title, summary, body, url, kind, weight from search_searchentry
    where tsv @@ %(any)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
    limit %(most)s
)
select title, summary, body, url, kind from found
order by (select count(*) from unnest(%(each)s::text[]) token where found.tsv @@ token::tsquery) desc,
    weight desc, length(title), id
limit %(size)s
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
    """A page of hits; ``matched`` counts all that fit, ``total`` those that can be paged through.

    ``called`` are the words of this place that were looked for besides what was typed.
    """

    matched: int = 0
    kinds: tuple[KindCount, ...] = ()
    called: tuple[str, ...] = ()


def find(*, actor: Actor, words: str, kind: str | None = None, page: int = 1, size: int = PAGE_SIZE) -> SearchPage:
    """The things that contain all words and that the actor may find, the most fitting first.

    At most 1,000 are ranked (the weightiest and newest); nothing is found for words without letters and digits.
    Everyday words also find what carries the name that things have here.
    """
    words = words.strip().replace("\x00", "")
    query = rules.query(words)
    if not query:
        return SearchPage(rows=[], number=1, size=size, total=0)
    meant = rules.everyday_in(words, _everyday(actor.tenant)).values()
    called = tuple(one for one in dict.fromkeys(meant) if rules.query(one))
    query = " | ".join(f"({rules.query(one)})" for one in (words, *called))
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
        rows = [_hit((words, *called), *row) for row in cursor.fetchall()]
    return SearchPage(
        rows=rows, number=number, size=size, total=total, matched=matched, kinds=_kinds(counts), called=called
    )


def nearest(*, actor: Actor, words: str, size: int = MOST_SUGGESTED) -> list[SearchHit]:
    """Where nothing contains all words: things whose titles share most with them, none where none shares anything."""
    each = [f"{rules.quoted(token)}:A" for token in rules.title_tokens(words, _everyday(actor.tenant))]
    if not each:
        return []
    values: dict[str, Any] = {"any": " | ".join(each), "each": each, "most": MOST_RANKED, "size": size}
    values |= {"tenant": actor.tenant, "access": rules.access_tokens(actor)}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, values)
        return [_hit((words,), *row) for row in cursor.fetchall()]


def _everyday(tenant: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for known in [known for _name, known in everyday_words.items()]:
        found |= known(tenant)
    return found


def label_of(kind: str) -> str:
    """The word for readers of a kind; the kind itself when its app is gone."""
    return search_sources.get(kind).label if kind in search_sources else kind


def _kinds(counts: dict[str, int]) -> tuple[KindCount, ...]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(KindCount(kind, label_of(kind), count) for kind, count in ranked)


def _hit(sought: Sequence[str], title: str, summary: str, body: str, url: str, kind: str) -> SearchHit:
    words = " ".join(sought)
    near = any(rules.contains(f"{title}\n{summary}", one) for one in sought)
    shown = summary if summary and near else body or summary
    return SearchHit(
        title=rules.highlighted(title, words),
        summary=rules.highlighted(shown, words, length=_SUMMARY_LENGTH),
        url=url,
        kind=kind,
        kind_label=label_of(kind),
    )
