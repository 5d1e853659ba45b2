"""Counting what people search for, by day and site, without anybody's name.

A count is no record: nothing here is entered in the ledger, and all of it goes after its period.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from zhengtong.capabilities.search.constants import MARKS_PERIOD, MOST_WORDS_A_DAY, SEARCHED
from zhengtong.capabilities.search.models import HandledWord, SearchedWord, SearchMark
from zhengtong.capabilities.search.rules import counting
from zhengtong.kernel import parameters, retention
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ids import new_id

_MARK = """
insert into search_searchmark (id, tenant, created_at, mark) values (%s, %s, %s, %s) on conflict do nothing
"""
_COUNT = """
insert into search_searchedword (id, tenant, created_at, day, words, site, times, searchers, found, last_at)
select %(id)s::uuid, one.tenant, %(at)s::timestamptz, one.day, one.words, one.site, 1, 1, %(found)s::integer,
    %(at)s::timestamptz
from (
    select %(tenant)s::varchar as tenant, %(day)s::date as day, %(words)s::varchar as words, %(site)s::varchar as site
) one
where (select count(*) from search_searchedword w where w.tenant = one.tenant and w.day = one.day) < %(most)s::integer
    or exists (
        select from search_searchedword w
        where w.tenant = one.tenant and w.day = one.day and w.words = one.words and w.site = one.site
    )
on conflict (tenant, day, words, site) do update set
    times = search_searchedword.times + 1, searchers = search_searchedword.searchers + %(new)s::integer,
    found = excluded.found, last_at = excluded.last_at
"""


@transaction.atomic
def count_search(*, actor: Actor, words: str, site: str, found: int, who: str) -> bool:
    """Count a search of the public; False for what is not counted: searches of officials, somebody's numbers.

    ``who`` tells one visitor from another for the length of a day (a session, an address); only a mark is kept of it,
    made with the day and the words, so that two searches of one person cannot be joined.
    """
    short = counting.countable(words)
    if not short or actor.kind in ("official", "system"):
        return False
    day, instant = local_date(), now()
    mark = counting.mark(settings.SECRET_KEY, actor.tenant, day.isoformat(), site, short, who)
    most = int(parameters.value(MOST_WORDS_A_DAY, tenant=actor.tenant))
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [new_id(), actor.tenant, instant, mark])
        values: dict[str, Any] = {
            "id": new_id(),
            "tenant": actor.tenant,
            "at": instant,
            "day": day,
            "words": short,
            "site": site,
        }
        cursor.execute(_COUNT, values | {"found": found, "new": cursor.rowcount, "most": most})
        return bool(cursor.rowcount == 1)


def register_sweeps() -> None:
    """Let counts, marks and what was noted about words go after their periods."""
    retention.sweeps.register(
        "search.words",
        retention.Sweep(
            label="检索词统计", period=SEARCHED.period, does="删除", rows=_words_before, take=retention.delete
        ),
    )
    retention.sweeps.register(
        "search.handled",
        retention.Sweep(
            label="没有结果的检索词的处理",
            period=SEARCHED.period,
            does="删除",
            rows=_handled_before,
            take=retention.delete,
        ),
    )
    retention.sweeps.register(
        "search.marks",
        retention.Sweep(
            label="检索人次标记", period=MARKS_PERIOD, does="删除", rows=_marks_before, take=retention.delete
        ),
    )


def _words_before(tenant: str, moment: dt.datetime) -> "QuerySet[SearchedWord]":
    return SearchedWord.objects.filter(tenant=tenant, last_at__lt=moment)


def _handled_before(tenant: str, moment: dt.datetime) -> "QuerySet[HandledWord]":
    return HandledWord.objects.filter(tenant=tenant, created_at__lt=moment)


def _marks_before(tenant: str, moment: dt.datetime) -> "QuerySet[SearchMark]":
    return SearchMark.objects.filter(tenant=tenant, created_at__lt=moment)
