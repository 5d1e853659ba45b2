"""What the daily inspection of a government site finds: pure functions of what is known of it.

The indicators and their limits are those of 政府网站与政务新媒体检查指标 (国办秘函〔2019〕19号, 单项否决 and 扣分指标):
not reachable (5 % of a week), home not renewed for two weeks, columns of news not renewed for two weeks and of notices
for six months, empty columns, letters not answered for three months, serious errors of words, links that lead nowhere;
marks missing in the footer as 政府网站发展指引 (国办发〔2017〕47号) asks. All numbers come in as ``Limits`` (待核实).
"""

import dataclasses
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

#: kinds of columns whose age the national limits count
NEWS_KINDS: Final = frozenset({"news"})
NOTICE_KINDS: Final = frozenset({"notices", "policies", "disclosure"})
_STALE: Final = ("news_stale", "notice_stale")
_FULL: Final = Decimal(100)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """The thresholds in force; the names are those of the parameters."""

    home_days: int = 14
    news_days: int = 14
    notice_days: int = 180
    letter_days: int = 90
    stale_veto: int = 5
    cycle_veto: int = 10
    empty_veto: int = 5
    unreachable_percent: int = 5
    window_days: int = 7
    least_tries: int = 20
    remind_days: int = 3
    leader_days: int = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """A published column: ``articles`` counts those below it too, ``updated_on`` is the day of the newest of them.

    ``cycle_days`` is how often whoever answers for it promised to renew it.
    """

    key: int
    title: str
    kind: str
    made_on: dt.date
    articles: int = 0
    updated_on: dt.date | None = None
    modules: bool = False
    cycle_days: int | None = None

    @property
    def since(self) -> dt.date:
        """The day from which its age counts."""
        return self.updated_on or self.made_on


@dataclasses.dataclass(frozen=True)
class OnPage:
    """Something wrong on a page: its kind (``serious``, ``word``, ``dead_link``), where, and a sentence."""

    kind: str
    page: int
    title: str
    place: str
    words: str
    since: dt.date


@dataclasses.dataclass(frozen=True)
class Letters:
    """Letters of one kind that have waited for too long."""

    box: str
    label: str
    count: int
    oldest: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    """A site as the inspection knows it on a day."""

    opened_on: dt.date
    updated_on: dt.date | None = None
    columns: tuple[Column, ...] = ()
    on_pages: tuple[OnPage, ...] = ()
    letters: tuple[Letters, ...] = ()
    missing: tuple[str, ...] = ()
    tries: int = 0
    failures: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """A finding: ``key`` is the same as long as it is the same thing, ``since`` the day from which it holds."""

    indicator: str
    key: str
    place: str
    evidence: str
    since: dt.date
    column: int | None = None
    page: int | None = None


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The lamp of a site and, for each single veto, a sentence."""

    lamp: str
    vetoes: tuple[str, ...]


def passed(since: dt.date, days: int, today: dt.date) -> bool:
    """True when more than ``days`` days lie between: two weeks without news on the fifteenth day."""
    return (today - since).days > days


def findings(known: Known, limits: Limits, today: dt.date) -> list[Found]:
    """Everything found on a day, each key once."""
    every = [
        *_of_reach(known, limits, today),
        *_of_home(known, limits, today),
        *(one for column in known.columns for one in _of_column(column, limits, today)),
        *(_of_letters(one, limits) for one in known.letters if passed(one.oldest, limits.letter_days, today)),
        *(_of_page(one) for one in known.on_pages),
        *(
            Found(indicator="footer", key=mark, place="页脚", evidence=f"页脚没有{mark}", since=known.opened_on)
            for mark in known.missing
        ),
    ]
    return list({(one.indicator, one.key): one for one in every}.values())


def share_failed(tries: int, failures: int) -> Decimal:
    """Percent of the tries that failed, to one digit; nothing where nobody tried."""
    return (Decimal(failures * 100) / tries).quantize(Decimal("0.1")) if tries else Decimal(0)


def verdict(counts: Mapping[str, int], limits: Limits) -> Verdict:
    """From how many findings of each indicator are open: red by any veto, yellow by anything else, else green.

    ``stale`` vetoes count columns of news and of notices together, as the national table does.
    """
    vetoes = [
        words
        for words, there in (
            ("打不开的次数占比达到限度", counts.get("unreachable", 0) > 0),
            ("首页没有按期更新", counts.get("home_stale", 0) > 0),
            ("有严重表述错误", counts.get("serious", 0) > 0),
            ("公众来信超期没有答复", counts.get("unanswered", 0) > 0),
            (_many("没有按期更新的栏目", sum(counts.get(one, 0) for one in _STALE)), _stale(counts, limits)),
            (
                _many("超过更新周期的栏目", counts.get("cycle_passed", 0)),
                counts.get("cycle_passed", 0) >= limits.cycle_veto,
            ),
            (_many("空白栏目", counts.get("empty", 0)), counts.get("empty", 0) >= limits.empty_veto),
        )
        if there
    ]
    lamp = "red" if vetoes else "yellow" if any(counts.values()) else "green"
    return Verdict(lamp, tuple(vetoes))


def points_off(indicators: Iterable[str], points: Mapping[str, float]) -> dict[str, Decimal]:
    """By indicator, what its findings take off."""
    return {name: Decimal(str(points.get(name, 0))) * number for name, number in sorted(Counter(indicators).items())}


def score(off: Mapping[str, Decimal]) -> Decimal:
    """A hundred less what is taken off, never below nothing."""
    return max(Decimal(0), _FULL - sum(off.values(), Decimal(0)))


def places(scores: Iterable[tuple[int, Decimal]]) -> list[int]:
    """The place of each site, (vetoes, score) in, in the order given: fewer vetoes first, then the higher score.

    Equal ones share a place, and the next ones leave it out: 1, 2, 2, 4.
    """
    every = [(vetoes, -points) for vetoes, points in scores]
    before = sorted(every)
    return [before.index(one) + 1 for one in every]


def cycle_of(column: Column, limits: Limits) -> int | None:
    """How often a column must be renewed: as promised, else as its kind asks; None where nothing is asked."""
    if column.cycle_days is not None:
        return column.cycle_days
    if column.kind in NEWS_KINDS:
        return limits.news_days
    return limits.notice_days if column.kind in NOTICE_KINDS else None


def days_left(column: Column, limits: Limits, today: dt.date) -> int | None:
    """How many days remain until a column must have been renewed: 0 on the last of them, less when it is over."""
    cycle = cycle_of(column, limits)
    return None if cycle is None else cycle - (today - column.since).days


def kind_of_error(kind: str, *, blocks: bool) -> str:
    """The indicator of what the checks of words found, a word of ``rules.checks``; empty for what none counts.

    Secrets, forbidden words, numbers of persons and dates that do not exist are the serious errors of the national
    table; other remarks are for who writes the page.
    """
    if blocks and kind in ("secret", "forbidden", "citizen_number", "card_number", "date"):
        return "serious"
    return "word" if kind == "word" else ""


def advice(indicator: str) -> str:
    """What to do about a finding, in one sentence."""
    return _ADVICE[indicator]


_ADVICE: Final = {
    "unreachable": "请平台管理员查看后台健康页，恢复访问后占比会逐日回落。",
    "home_stale": "请发布新的文章，首页会随之更新。",
    "news_stale": "请在这个栏目发布近期动态，或者把不再更新的栏目并入别的栏目。",
    "notice_stale": "请在这个栏目发布新的通知、政策，或者把不再更新的栏目并入别的栏目。",
    "cycle_passed": "请责任人更新栏目，周期定得不合适的由签发人修改。",
    "empty": "请发布内容，没有内容可放的撤下这个栏目。",
    "unanswered": "请承办单位尽快答复，答复办结后自动销号。",
    "serious": "请立即撤下或者改正这个网页，涉及国家秘密的按保密规定处理。",
    "word": "请改正后重新发布；确实没有错的，写明说明，由网站群管理员审核。",
    "dead_link": "请改正或者删去这个链接后重新发布。",
    "footer": "请网站群管理员补上网站信息。",
}


def _many(what: str, number: int) -> str:
    return f"{what} {number} 个"


def _stale(counts: Mapping[str, int], limits: Limits) -> bool:
    return sum(counts.get(one, 0) for one in _STALE) >= limits.stale_veto


def _of_reach(known: Known, limits: Limits, today: dt.date) -> Iterator[Found]:
    share = share_failed(known.tries, known.failures)
    if known.tries >= limits.least_tries and share >= limits.unreachable_percent:
        yield Found(
            indicator="unreachable",
            key="reach",
            place="首页",
            evidence=f"最近 {limits.window_days} 天打开 {known.tries} 次，{known.failures} 次打不开，占 {share}%",
            since=today,
        )


def _of_home(known: Known, limits: Limits, today: dt.date) -> Iterator[Found]:
    since = known.updated_on or known.opened_on
    if passed(since, limits.home_days, today):
        yield Found(
            indicator="home_stale",
            key="home",
            place="首页",
            evidence=f"最近一次更新是 {since:%Y-%m-%d}，限度 {limits.home_days} 天",
            since=since + dt.timedelta(days=limits.home_days + 1),
        )


def _of_column(column: Column, limits: Limits, today: dt.date) -> Iterator[Found]:
    if not column.articles and not column.modules:
        yield _on_column("empty", column, f"“{column.title}”没有任何内容", column.made_on)
        return
    if not column.articles:
        return  # it is made of modules, which renew themselves
    for indicator, kinds, days in (
        ("news_stale", NEWS_KINDS, limits.news_days),
        ("notice_stale", NOTICE_KINDS, limits.notice_days),
    ):
        if column.kind in kinds and passed(column.since, days, today):
            yield _late(indicator, column, days)
    if column.cycle_days is not None and passed(column.since, column.cycle_days, today):
        yield _late("cycle_passed", column, column.cycle_days)


def _late(indicator: str, column: Column, days: int) -> Found:
    words = f"最近一次更新是 {column.since:%Y-%m-%d}，限度 {days} 天"
    return _on_column(indicator, column, words, column.since + dt.timedelta(days=days + 1))


def _on_column(indicator: str, column: Column, words: str, since: dt.date) -> Found:
    return Found(
        indicator=indicator,
        key=str(column.key),
        place=column.title,
        evidence=words,
        since=since,
        column=column.key,
    )


def _of_letters(one: Letters, limits: Limits) -> Found:
    words = f"{one.label} {one.count} 件超过 {limits.letter_days} 天没有答复，最早 {one.oldest:%Y-%m-%d} 收到"
    since = one.oldest + dt.timedelta(days=limits.letter_days + 1)
    return Found(indicator="unanswered", key=one.box, place=one.label, evidence=words, since=since)


def _of_page(one: OnPage) -> Found:
    mark = hashlib.sha256(f"{one.place}|{one.words}".encode()).hexdigest()[:16]
    return Found(
        indicator=one.kind,
        key=f"{one.page}:{mark}",
        place=one.title[:200],
        evidence=f"{one.place}：{one.words}"[:500],
        since=one.since,
        page=one.page,
    )
