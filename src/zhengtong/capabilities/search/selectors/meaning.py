"""您是不是要找: words that occur and were probably meant, where what was typed finds little."""

from typing import Any

from django.db import connection

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.rules.spelling import correctable, most_meant, slip_query
from zhengtong.capabilities.search.selectors.finding import Narrowing, everyday, scope
from zhengtong.capabilities.search.selectors.synonyms import synonym_groups
from zhengtong.kernel.actors import Actor

_MOST_TITLES = 200
_OCCURS = """
select exists (
    select from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
)
"""
_NEAR = """
with found as materialized (
    select title, weight from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
)
select title from found order by weight desc, length(title), title limit %(most)s
"""


def probably_meant(*, actor: Actor, words: str, narrowing: Narrowing) -> str:
    """The words as they were probably meant, as they occur in what the actor may find; empty where nothing is near.

    They are taken from titles, synonyms and everyday words. Of several words those that occur stay as they are.
    """
    pieces = correctable(words)
    alone = len(rules.fold(words).split()) == 1
    values: dict[str, Any] = scope(actor, narrowing) | {"most": _MOST_TITLES}
    found = rules.fold(words)
    for piece in pieces:
        if not alone and _occurs(piece, values):
            continue
        meant = most_meant(piece, _titles_near(piece, values))
        if not meant:
            known = most_meant(piece, _known(actor.tenant))
            meant = known if known and _occurs(known, values) else ""
        found = found.replace(piece, meant) if meant else found
    found = " ".join(found.split())
    return "" if found == " ".join(rules.fold(words).split()) else found


def _occurs(words: str, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_OCCURS, values | {"query": rules.query(words)})
        return bool(cursor.fetchone() == (True,))


def _titles_near(piece: str, values: dict[str, Any]) -> list[str]:
    asked = slip_query(piece)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, values | {"query": asked})
        return [title for (title,) in cursor.fetchall()]


def _known(tenant: str) -> list[str]:
    """Words that stand in no title perhaps, but that people say or that mean the same."""
    pairs = everyday(tenant).items()
    return [*(word for group in synonym_groups(tenant) for word in group), *(word for pair in pairs for word in pair)]
