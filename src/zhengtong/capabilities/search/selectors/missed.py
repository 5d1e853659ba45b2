"""没有结果的检索词: what people looked for in vain, for those who can mend it."""

import dataclasses
import datetime as dt
from typing import Any

from django.db import connection

from zhengtong.capabilities.search.models import WordStand
from zhengtong.kernel.paging import Page, page_read

SIZE = 50
_MISSED = """
with newest as (
    select words, site, sum(times) as times, sum(searchers) as searchers, max(last_at) as last_at,
        (array_agg(found order by last_at desc))[1] as found
    from search_searchedword where tenant = %(tenant)s group by words, site
), missed as (
    select words, sum(times) as times, sum(searchers) as searchers, max(last_at) as last_at,
        array_agg(site order by site) as sites
    from newest where found = 0 group by words
), told as (
    select m.words, m.times, m.searchers, m.last_at, m.sites, h.note, h.synonym, h.created_at as handled_at,
        count(*) over () as total
    from missed m left join lateral (
        select note, synonym, created_at from search_handledword
        where tenant = %(tenant)s and words = m.words order by created_at desc limit 1
    ) h on true
    where %(all)s or h.created_at is null or h.created_at < m.last_at
)
select * from told order by searchers desc, times desc, last_at desc, words limit %(size)s offset %(offset)s
"""


@dataclasses.dataclass(frozen=True)
class Missed:
    """A word that finds nothing: how often and by how many, when last, on which sites (codes, empty: everywhere).

    ``note`` and ``handled_at`` tell of the last time somebody saw to it; searched for again after that, it is open.
    """

    words: str
    times: int
    searchers: int
    last_at: dt.datetime
    sites: tuple[str, ...]
    note: str
    synonym: str
    handled_at: dt.datetime | None

    @property
    def open(self) -> bool:
        """Whether nobody has seen to it since it was last searched for."""
        return self.handled_at is None or self.handled_at < self.last_at


def missed_words(tenant: str, *, number: object = 1, handled: bool = False, size: int = SIZE) -> Page[Missed]:
    """The words that find nothing, those that most people looked for first; with ``handled`` also what was seen to."""
    total = _read(tenant, handled=handled, size=1, offset=0)[1]

    def read(start: int, stop: int) -> list[Missed]:
        return _read(tenant, handled=handled, size=stop - start, offset=start)[0]

    return page_read(read, number, size=size, total=total)


def missed_word(tenant: str, words: str) -> bool:
    """Whether the word is among those that find nothing and nobody has seen to."""
    return any(one.words == words for one in _read(tenant, handled=False, size=10_000, offset=0)[0])


def word_stands(tenant: str) -> list[WordStand]:
    """What editors decided about words, the newest first."""
    return list(WordStand.objects.filter(tenant=tenant).order_by("-created_at"))


def _read(tenant: str, *, handled: bool, size: int, offset: int) -> tuple[list[Missed], int]:
    values: dict[str, Any] = {"tenant": tenant, "all": handled, "size": size, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, values)
        rows = cursor.fetchall()
    found = [
        Missed(words, int(times), int(people), last, tuple(sites), note or "", synonym or "", at)
        for words, times, people, last, sites, note, synonym, at, _total in rows
    ]
    return found, int(rows[0][-1]) if rows else 0
