"""What is offered while somebody types, and the words many search for these days."""

import dataclasses
import datetime as dt
from typing import Any

from django.db import connection

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.constants import HOT_DAYS, HOT_SEARCHERS, MOST_HOT, Stand
from zhengtong.capabilities.search.models import WordStand
from zhengtong.capabilities.search.registry import SearchSite
from zhengtong.capabilities.search.rules.counting import countable
from zhengtong.capabilities.search.rules.sounds import typed_query
from zhengtong.capabilities.search.selectors.finding import Narrowing, everyday, label_of, scope
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.clock import local_date

_MOST_TITLES, _MOST_WORDS = 6, 3
_TITLES = """
with found as materialized (
    select title, url, kind, weight, dated from search_searchentry
    where tsv @@ %(query)s::tsquery and tenant = %(tenant)s and access && %(access)s::varchar[]
        and (%(site)s = '' or site = %(site)s or (site = '' and org_code = %(own)s))
    limit 1000
)
select title, url, kind from found order by weight desc, length(title), dated desc, url limit %(most)s
"""
_HOT = """
select words from search_searchedword
where tenant = %(tenant)s and day > %(since)s and found > 0
group by words having sum(searchers) >= %(least)s
order by sum(searchers) desc, max(last_at) desc, words limit %(most)s
"""


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A line under the search box: a thing with its address, or words to search for (then without one)."""

    text: str
    url: str = ""
    note: str = ""


def suggested(*, tenant: str, typed: str, site: SearchSite | None = None) -> list[Suggestion]:
    """Words and titles that go on from what was typed; only what anybody may find, whoever asks."""
    short = " ".join(typed.replace("\x00", "").split())[:40]
    query = typed_query(short)
    if not query:
        return []
    values = scope(anonymous(tenant), Narrowing(site=site)) | {"query": query, "most": 2 * _MOST_TITLES}
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, values)
        titles = {title: Suggestion(title, url, label_of(kind)) for title, url, kind in reversed(cursor.fetchall())}
    begun = rules.fold(short).strip()
    known = [said for said in everyday(tenant) if rules.fold(said).startswith(begun)]
    words = [Suggestion(one) for one in dict.fromkeys([*_searched(tenant, begun), *known])][:_MOST_WORDS]
    return [*words, *list(reversed(titles.values()))[:_MOST_TITLES]]


def hot_words(tenant: str) -> list[str]:
    """Words many different people searched for and found in the last days, and those an editor pinned, without hidden.

    What looks like somebody's number is not shown, whatever the table holds.
    """
    stands = dict(WordStand.objects.filter(tenant=tenant).order_by("created_at").values_list("words", "stand"))
    pinned = [words for words, stand in stands.items() if stand == Stand.PINNED]
    often = [words for words in _often(tenant) if words not in stands]
    return [words for words in [*pinned, *often] if countable(words) == words][:MOST_HOT]


def _searched(tenant: str, begun: str) -> list[str]:
    return [words for words in hot_words(tenant) if words.startswith(begun) and words != begun]


def _often(tenant: str) -> list[str]:
    set_values = parameters.values(HOT_DAYS, HOT_SEARCHERS, tenant=tenant)
    since = local_date() - dt.timedelta(days=int(set_values[HOT_DAYS]))
    # never a word that a single person may have made hot
    least = max(int(set_values[HOT_SEARCHERS]), 2)
    values: dict[str, Any] = {"tenant": tenant, "since": since, "least": least, "most": 4 * MOST_HOT}
    with connection.cursor() as cursor:
        cursor.execute(_HOT, values)
        return [words for (words,) in cursor.fetchall()]
