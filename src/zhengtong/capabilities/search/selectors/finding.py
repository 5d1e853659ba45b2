"""Reading the index: always inside a tenant and inside what the actor may find."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.constants import MOST_RANKED, MOST_SUGGESTED, PAGE_SIZE, Order
from zhengtong.capabilities.search.registry import SearchSite, everyday_words, search_sources
from zhengtong.capabilities.search.rules import Piece
from zhengtong.capabilities.search.rules.sounds import heard_in, spoken_query
from zhengtong.capabilities.search.rules.synonyms import Group, other_ways
from zhengtong.capabilities.search.selectors.synonyms import synonym_groups
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page

_SUMMARY_LENGTH = 120

# The filter is materialised first: with a plain ORDER BY the planner walks the wrong index for rare words.
_COUNT = """
with found as materialized (
    select kind, part, site, org_code, org_name from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(since)s::date is null or dated >= %(since)s) and (%(until)s::date is null or dated <= %(until)s)
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
)
select kind, part, site, org_code, max(org_name), count(*) from found group by kind, part, site, org_code
"""
_BEST = """
with found as materialized (
    select id, weight, updated_at from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(since)s::date is null or dated >= %(since)s) and (%(until)s::date is null or dated <= %(until)s)
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
        and (%(kind)s::varchar is null or kind = %(kind)s) and (%(part)s = '' or part = %(part)s)
        and (%(org)s = '' or org_code = %(org)s)
), best as (
    select id from found order by weight desc, updated_at desc, id limit %(most)s
)
select e.title, e.summary, e.body, e.url, e.kind, e.part, e.org_name, e.dated, e.facts, e.acts
from best join search_searchentry e on e.id = best.id
order by lower(e.title) = lower(%(words)s::text) desc,
    ts_rank(e.tsv, %(query)s::tsquery) * (100 + e.weight) desc, length(e.title), e.id
limit %(size)s offset %(offset)s
"""
_NEWEST = """
with found as materialized (
    select id, dated from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(since)s::date is null or dated >= %(since)s) and (%(until)s::date is null or dated <= %(until)s)
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
        and (%(kind)s::varchar is null or kind = %(kind)s) and (%(part)s = '' or part = %(part)s)
        and (%(org)s = '' or org_code = %(org)s)
), newest as (
    select id, dated from found order by dated desc, id desc limit %(size)s offset %(offset)s
)
select e.title, e.summary, e.body, e.url, e.kind, e.part, e.org_name, e.dated, e.facts, e.acts
from newest join search_searchentry e on e.id = newest.id
order by newest.dated desc, newest.id desc
"""

_NEAREST = """
with found as materialized (
    select id, tsv, title, summary, body, url, kind, part, org_name, dated, facts, acts, weight from search_searchentry
    where tsv @@ %(any)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
    limit %(most)s
)
select title, summary, body, url, kind, part, org_name, dated, facts, acts from found
order by (select count(*) from unnest(%(each)s::text[]) token where found.tsv @@ token::tsquery) desc,
    weight desc, length(title), id
limit %(size)s
"""


@dataclasses.dataclass(frozen=True)
class Narrowing:
    """What of all that fits is wanted: a site, a kind and part of it, a unit, days; and in which order."""

    site: SearchSite | None = None
    kind: str = ""
    part: str = ""
    org: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    order: Order = Order.FIT

    @property
    def whole(self) -> bool:
        """Whether all that stands on the site, or anywhere, is wanted."""
        return not (self.kind or self.part or self.org or self.since or self.until)


@dataclasses.dataclass(frozen=True)
class SearchHit:
    """One thing found; ``title`` and ``summary`` are pieces of plain text, those searched for marked.

    ``facts`` (label, text) and ``acts`` (label, address) stand on its card.
    """

    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    url: str
    kind: str
    kind_label: str
    part_label: str = ""
    org_name: str = ""
    dated: dt.date | None = None
    facts: tuple[tuple[str, str], ...] = ()
    acts: tuple[tuple[str, str], ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """Kind or part of it, and unit: what its facts do not say already."""
        told = {text for _label, text in self.facts}
        sort = self.part_label if self.part_label and self.part_label not in told else self.kind_label
        return tuple(one for one in (sort, self.org_name) if one and one not in told)

    @property
    def plain_title(self) -> str:
        """The title without marks."""
        return "".join(piece.text for piece in self.title)


@dataclasses.dataclass(frozen=True)
class KindCount:
    """How many things of a kind were found, or of a part of one, of a unit, on a site."""

    kind: str
    label: str
    count: int


@dataclasses.dataclass(frozen=True)
class SearchPage(Page[SearchHit]):
    """A page of hits; ``matched`` counts all that fit, ``total`` those that can be paged through.

    ``called`` are the words of this place that were looked for besides what was typed. ``kinds`` counts what other
    kinds would give, ``parts`` what the parts of the wanted kind would, ``orgs`` the units; ``sites`` has codes only.
    """

    matched: int = 0
    kinds: tuple[KindCount, ...] = ()
    called: tuple[str, ...] = ()
    parts: tuple[KindCount, ...] = ()
    orgs: tuple[KindCount, ...] = ()
    sites: tuple[KindCount, ...] = ()


@dataclasses.dataclass(frozen=True)
class _Facet:
    kind: str
    part: str
    site: str
    org: str
    org_name: str
    count: int


@dataclasses.dataclass(frozen=True)
class Asked:
    """What is looked for: the query, the words to mark, and how things are called here besides."""

    query: str
    sought: tuple[str, ...]
    called: tuple[str, ...]


def find(
    *,
    actor: Actor,
    words: str,
    kind: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
    narrowing: Narrowing | None = None,
) -> SearchPage:
    """The things that contain all words and that the actor may find, the most fitting first.

    At most 1,000 are ranked (the weightiest and newest); nothing is found for words without letters and digits.
    Everyday words and synonyms also find what carries the name that things have here; letters also find titles that
    sound like them or whose initials they are.
    """
    wanted = narrowing or Narrowing(kind=kind or "")
    words = words.strip().replace("\x00", "")
    asked = _asked(actor.tenant, words)
    if asked is None:
        return SearchPage(rows=[], number=1, size=size, total=0)
    values = scope(actor, wanted) | {"query": asked.query}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        facets = [_Facet(*row) for row in cursor.fetchall()]
        matched = sum(one.count for one in facets if _within(one, wanted))
        total = min(matched, MOST_RANKED)
        number = min(max(page, 1), max(1, -(-total // size)))
        values |= {"kind": wanted.kind or None, "part": wanted.part, "org": wanted.org, "most": MOST_RANKED}
        values |= {"words": words, "size": size, "offset": (number - 1) * size}
        cursor.execute(_NEWEST if wanted.order == Order.NEWEST else _BEST, values)
        rows = [_hit(asked.sought, words, *row) for row in cursor.fetchall()]
    counted: dict[str, Any] = _counted(facets, wanted)
    return SearchPage(rows=rows, number=number, size=size, total=total, matched=matched, called=asked.called, **counted)


def nearest(
    *, actor: Actor, words: str, size: int = MOST_SUGGESTED, narrowing: Narrowing | None = None
) -> list[SearchHit]:
    """Where nothing contains all words: things whose titles share most with them, none where none shares anything."""
    each = [f"{rules.quoted(token)}:A" for token in rules.title_tokens(words, _everyday(actor.tenant))]
    if not each:
        return []
    values: dict[str, Any] = {"any": " | ".join(each), "each": each, "most": MOST_RANKED, "size": size}
    values |= scope(actor, narrowing or Narrowing())
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, values)
        return [_hit((words,), words, *row) for row in cursor.fetchall()]


def scope(actor: Actor, wanted: Narrowing) -> dict[str, Any]:
    """What every statement is told of who asks and of how far: tenant, access, site, days."""
    site = wanted.site
    return {
        "tenant": actor.tenant,
        "access": rules.access_tokens(actor),
        "site": site.code if site else "",
        "own": site.org_code if site else "",
        "since": wanted.since,
        "until": wanted.until,
    }


def label_of(kind: str, part: str = "") -> str:
    """The word for readers of a kind or of a part of it; the kind itself when its app is gone, empty for no part."""
    source = search_sources.get(kind) if kind in search_sources else None
    if part:
        return str(source.parts.get(part, "")) if source else ""
    return source.label if source else kind


def everyday(tenant: str) -> dict[str, str]:
    """What people call things and what they are called here."""
    return _everyday(tenant)


def _asked(tenant: str, words: str) -> Asked | None:
    if not rules.query(words):
        return None
    meant = list(rules.everyday_in(words, _everyday(tenant)).values())
    called = tuple(
        one for one in dict.fromkeys([*meant, *_otherwise(words, synonym_groups(tenant))]) if rules.query(one)
    )
    query = " | ".join(f"({spoken_query(one)})" for one in (words, *called))
    return Asked(query, (words, *called), called)


def _otherwise(words: str, groups: Sequence[Group]) -> list[str]:
    return [" ".join(one.split()) for one in other_ways(words, groups)]


def _everyday(tenant: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for known in [known for _name, known in everyday_words.items()]:
        found |= known(tenant)
    return found


def _within(one: _Facet, wanted: Narrowing, *but: str) -> bool:
    """Whether it fits what is wanted, without looking at ``but``."""
    pairs = {"kind": one.kind, "part": one.part, "org": one.org}
    return all(not getattr(wanted, key) or getattr(wanted, key) == has for key, has in pairs.items() if key not in but)


def _counted(facets: Sequence[_Facet], wanted: Narrowing) -> dict[str, tuple[KindCount, ...]]:
    kinds = ((one.kind, label_of(one.kind), one.count) for one in facets if _within(one, wanted, "kind", "part"))
    parts = (
        (one.part, label_of(one.kind, one.part), one.count)
        for one in facets
        if one.part and wanted.kind and _within(one, wanted, "part")
    )
    orgs = ((one.org, one.org_name, one.count) for one in facets if one.org and _within(one, wanted, "org"))
    sites = ((one.site, one.site, one.count) for one in facets if one.site and _within(one, wanted))
    return {"kinds": _ranked(kinds), "parts": _ranked(parts), "orgs": _ranked(orgs), "sites": _ranked(sites)}


def _ranked(counts: Iterable[tuple[str, str, int]]) -> tuple[KindCount, ...]:
    found: dict[str, KindCount] = {}
    for key, label, count in counts:
        before = found[key].count if key in found else 0
        found[key] = KindCount(key, label or key, before + count)
    return tuple(sorted(found.values(), key=lambda one: (-one.count, one.kind)))


def _hit(
    sought: Sequence[str],
    typed: str,
    title: str,
    summary: str,
    body: str,
    url: str,
    kind: str,
    part: str,
    org_name: str,
    dated: dt.date,
    facts: str,
    acts: str,
) -> SearchHit:
    words = " ".join(sought)
    near = any(rules.contains(f"{title}\n{summary}", one) for one in sought)
    shown = summary if summary and (near or not any(rules.contains(body, one) for one in sought)) else body or summary
    return SearchHit(
        title=rules.highlighted(title, " ".join((words, *heard_in(title, typed)))),
        summary=rules.highlighted(shown, words, length=_SUMMARY_LENGTH),
        url=url,
        kind=kind,
        kind_label=label_of(kind),
        part_label=label_of(kind, part),
        org_name=org_name,
        dated=dated,
        facts=tuple((label, text) for label, text in json.loads(facts)),
        acts=tuple((label, address) for label, address in json.loads(acts)),
    )
