"""您是不是要找: words that occur and were probably meant, where what was typed finds little."""

from typing import Any

from django.db import connection

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.rules.spelling import correctable, most_meant, slip_query
from zhengtong.capabilities.search.selectors.finding import Narrowing, scope
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
    """The words as they were probably meant, from titles the actor may find; empty where nothing is near.

    Of several words those that occur stay as they are.
    """
    pieces = correctable(words)
    alone = len(rules.fold(words).split()) == 1
    values: dict[str, Any] = scope(actor, narrowing) | {"most": _MOST_TITLES}
    found = rules.fold(words)
    with connection.cursor() as cursor:
        for piece in pieces:
            if not alone:
                cursor.execute(_OCCURS, values | {"query": rules.query(piece)})
                if cursor.fetchone() == (True,):
                    continue
            asked = slip_query(piece)
            if not asked:
                continue
            cursor.execute(_NEAR, values | {"query": asked})
            meant = most_meant(piece, [title for (title,) in cursor.fetchall()])
            found = found.replace(piece, meant) if meant else found
    found = " ".join(found.split())
    return "" if found == " ".join(rules.fold(words).split()) else found
