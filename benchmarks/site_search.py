"""Searching the group over 6 000 and 60 000 articles, beside a bare indexed query over the same index.

The bare statement counts what fits and takes the ten best of it; it knows no reader, no filters, no counts by kind,
site and unit, no everyday words, no synonyms, and marks nothing. So the ratio is what all of that costs.
"""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from benchmarks.context import Context
from benchmarks.measure import Contestant, ratio, take_turns
from benchmarks.results import Result
from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.api import Entry
from zhengtong.capabilities.search.rules import query
from zhengtong.kernel.actors import anonymous

_TENANT: Final = "980799"
_BARE: Final = """
with found as materialized (
    select id from search_searchentry where tsv @@ %(query)s::tsquery and tenant = %(tenant)s
), best as (select id from found order by id desc limit 1000)
select e.title, e.url, (select count(*) from found)
from best join search_searchentry e on e.id = best.id
order by ts_rank(e.tsv, %(query)s::tsquery) desc limit 10
"""
_SUBJECT_WORDS: Final = (
    "住房 食品 安全 农村 教育 医疗 养老 交通 环境 税务 就业 招商 防汛 消防 林业 水利 文化 旅游 社保 残联"
)
_MATTER_WORDS: Final = (
    "许可 登记 补贴 检查 规划 公示 招标 培训 整治 改造 申报 认定 备案 征收 验收 考核 评审 督查 通报 解读"
)
_KIND_WORDS: Final = "通知 公告 方案 意见 办法 报告 名单 计划 总结 简报"
_SUBJECTS, _MATTERS, _KINDS = _SUBJECT_WORDS.split(), _MATTER_WORDS.split(), _KIND_WORDS.split()
_BATCH = 500
_BODY_WORDS = 40


def site_search(context: Context, *, sizes: Sequence[int], rounds: int, pieces: int) -> list[Result]:
    """Fill to each size in turn and measure; ``pieces`` searches a turn."""
    drawn = random.Random(6)
    articles = _articles(drawn)
    words = _words(drawn, 60)
    bare = context.connect()
    found, filled = [], 0
    for size in sizes:
        for start in range(filled, size, _BATCH):
            api.index_many(tenant=_TENANT, entries=itertools.islice(articles, min(_BATCH, size - start)))
        filled = size
        with context.as_owner() as owner:
            owner.execute("analyze search_searchentry")
        ours = _Asking(words, lambda one: api.search(actor=anonymous(_TENANT), query=one))
        theirs = _Asking(
            words,
            lambda one: bare.execute(_BARE, {"query": query(one), "tenant": _TENANT}).fetchall(),
        )
        contestants = [Contestant("ours", ours.run, context.django_pid()), Contestant("bare", theirs.run)]
        standings = take_turns(contestants, rounds=rounds, pieces=pieces)
        bare.rollback()
        found += [
            Result(
                f"site_search.ratio.{size}",
                ratio(standings, "ours", "bare"),
                f"站内检索的速度，{size} 篇文章：权限、筛选、分类计数、常用说法、同义词、标红都在内",
                "同一索引上一条 SQL：计数，取最相关的十条",
                "倍",
            ),
            Result(f"site_search.p50.{size}", ours.at(0.5), f"站内检索，{size} 篇文章，中位数", "", "毫秒"),
            Result(f"site_search.p95.{size}", ours.at(0.95), f"站内检索，{size} 篇文章，九成五以内", "", "毫秒"),
            Result(f"site_search.bare_p50.{size}", theirs.at(0.5), f"一条 SQL，{size} 篇文章，中位数", "", "毫秒"),
        ]
    return found


class _Asking:
    """Runs searches for words in turn and remembers how long each took."""

    def __init__(self, words: Sequence[str], ask: Callable[[str], Any]) -> None:
        self._words = itertools.cycle(words)
        self._ask = ask
        self._took: list[float] = []

    def run(self, pieces: int) -> None:
        """So many searches."""
        for words in itertools.islice(self._words, pieces):
            begun = time.perf_counter()
            self._ask(words)
            self._took.append(time.perf_counter() - begun)

    def at(self, share: float) -> float:
        """Milliseconds within which this share of the searches were answered."""
        return 1000 * statistics.quantiles(self._took, n=100)[round(share * 100) - 1]


def _articles(drawn: random.Random) -> Iterator[Entry]:
    """Articles of twenty units; a word of a subject stands in every few of them, as in a county's news."""
    for number in itertools.count():
        unit = number % 20
        title = "".join(drawn.choice(part) for part in (_SUBJECTS, _MATTERS, _KINDS)) + f"第{number}号"
        body = "".join(
            drawn.choice((*_SUBJECTS, *_MATTERS)) + chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(_BODY_WORDS)
        )
        yield Entry(
            kind="site_page",
            object_id=str(number),
            title=title,
            url=f"/gov/g{unit}/news/{number}/",
            summary=title,
            body=body,
            part="news",
            site=f"g{unit}",
            org_code=f"G{unit}",
            org_name=f"第{unit}单位",
        )


def _words(drawn: random.Random, number: int) -> list[str]:
    """Two hanzi, four, two words, a number of an article: as people search."""
    found = []
    for place in range(number):
        subject, matter = drawn.choice(_SUBJECTS), drawn.choice(_MATTERS)
        found.append((subject, subject + matter, f"{subject} {matter}", f"第{drawn.randrange(6000)}号")[place % 4])
    return found
