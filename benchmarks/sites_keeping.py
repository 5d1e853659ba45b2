"""Keeping a group of 240 sites: opening it, and the screens of an editor of one of them, beside plain Wagtail.

Both do the same on databases of the same server: a home with a module, its columns, a folder, and who may edit it. Ours
writes the ledger and an event as well. The plain group has a site record and a group of editors for each site, as
Wagtail's manual says. The editor keeps one site of all.
"""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from benchmarks.context import Context
from benchmarks.database import database_beside
from benchmarks.measure import Contestant, ratio, take_turns
from benchmarks.results import Result
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.systems.sites import api as sites
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.rules.blueprints import BLUEPRINTS
from zhengtong.systems.sites.tests import group as town

_SUBJECTS: Final = "食品 住房 教育 医疗 养老 交通 环境 税务 就业 招商 防汛 消防 林业 水利 文化 旅游 社保"
_WORDS: Final = _SUBJECTS.split()
_SCREENS: Final = {
    "start": "编辑打开内容管理的首页",
    "explorer": "编辑打开自己的栏目，列出文章",
    "chooser": "编辑选择网页",
    "search": "编辑按标题找一篇文章",
}
_PEER: Final = "Wagtail 8，同样多的网站和文章，一个站一个编辑组"


def sites_keeping(
    context: Context, *, sites_number: int, sizes: Sequence[int], rounds: int, pieces: int
) -> list[Result]:
    """Open the group, fill it to each size in turn and measure the screens."""
    town.county()
    units = [f"B{number:03}" for number in range(sites_number)]
    rows = [identity.OrganisationRow(org_code=unit, name=f"第{unit}局") for unit in units]
    identity.import_organisations(actor=system(people.tenant()), rows=rows)
    slugs = [column.slug for column in BLUEPRINTS["department"].columns]
    with database_beside("zt_bench_keeping") as database, _peer(database) as ask:
        begun = time.perf_counter()
        for unit in units:
            sites.open_site(actor=system(people.tenant()), org_code=unit, kind="department")
        ours = time.perf_counter() - begun
        begun = time.perf_counter()
        ask("open", units, slugs)
        theirs = time.perf_counter() - begun
        found = [
            Result("sites_keeping.opening", theirs / ours, f"开通 {sites_number} 个网站的速度", _PEER, "倍"),
            Result("sites_keeping.opening.each", 1000 * ours / sites_number, "同上，每个网站", "", "毫秒"),
        ]
        screens = _Screens(units[0])
        filled = 0
        for size in sizes:
            _fill(context, ask, units, filled, size)
            filled = size
            found += _measured(context, ask, screens, size, rounds, pieces)
    return found


def _measured(
    context: Context, ask: Callable[..., Any], screens: "_Screens", size: int, rounds: int, pieces: int
) -> list[Result]:
    found = []
    for screen, words in _SCREENS.items():
        contestants = [
            Contestant("ours", partial(screens.visit, screen), context.django_pid()),
            Contestant("peer", partial(ask, "visit", screen, _title(0))),
        ]
        standings = take_turns(contestants, rounds=rounds, pieces=pieces)
        at = f"{words}，全部网站共 {size} 篇文章"
        name = f"sites_keeping.{screen}"
        found.append(Result(f"{name}.{size}", ratio(standings, "ours", "peer"), f"{at}：速度之比", _PEER, "倍"))
        for who, told in (("ours", "本平台"), ("peer", "Wagtail")):
            found.append(Result(f"{name}.{who}.{size}", 1000 / standings[who].rate, f"{at}；{told}", "", "毫秒/页"))
    there = sum(_WORDS[0] in _title(number) for number in range(size))
    recalls = {"ours": ("本平台", screens.found(_WORDS[0])), "peer": ("Wagtail", ask("found", _WORDS[0]))}
    for who, (told, number) in recalls.items():
        what = f"按标题中间的两字词在全部网站的 {size} 篇文章里找，查全率；{told}"
        found.append(Result(f"sites_keeping.recall.{who}.{size}", number / there, what, "", "比例"))
    return found


class _Screens:
    """The editor of one unit at the screens of the desk."""

    def __init__(self, unit: str) -> None:
        editor = people.official("bench.editor", "site_editor", org_code=unit, org_name=f"第{unit}局", name="编辑甲")
        self._client = Client(SERVER_NAME="localhost")
        people.sign_in(self._client, editor)
        site = sites.site_by_code(people.tenant(), unit.lower())
        if site is None:
            raise RuntimeError(unit)
        column = town.column(site)
        self._addresses = {
            "start": reverse("wagtailadmin_home"),
            "explorer": reverse("wagtailadmin_explore", args=[column.pk]),
            "chooser": reverse("wagtailadmin_choose_page_child", args=[column.pk]),
            "search": f"{reverse('wagtailadmin_pages:search_results')}?q={_title(0)}",
        }

    def found(self, word: str) -> int:
        """How many articles of all sites the administration's search finds by a word."""
        return int(ArticlePage.objects.all().autocomplete(word).count())

    def visit(self, screen: str, times: int) -> None:
        """Open it so often."""
        for _ in range(times):
            answer = self._client.get(self._addresses[screen])
            if answer.status_code != 200:
                raise RuntimeError(f"{screen}: {answer.status_code}")


def _fill(context: Context, ask: Callable[..., Any], units: Sequence[str], before: int, size: int) -> None:
    """The same titles for both, dealt out to the sites in turn."""
    ask("fill", [_title(number) for number in range(before, size)], before)
    boss, today = system(people.tenant()), local_date()
    for place, unit in enumerate(units):
        numbers = range(before + (place - before) % len(units), size, len(units))
        words = [
            sites.ArticleWords(
                slug=f"a{number}",
                title=_title(number),
                published_on=today,
                source="本局",
                text=f"<p>{_title(number)}</p>",
                summary=_title(number),
            )
            for number in numbers
        ]
        sites.import_articles(actor=boss, site_code=unit.lower(), articles={"news": words})
    with context.as_owner() as owner:
        owner.execute("vacuum (analyze)")


def _title(number: int) -> str:
    """A title with two of the words in its middle."""
    some = itertools.islice(itertools.cycle(_WORDS), number % len(_WORDS), None)
    return f"关于做好{next(some)}和{next(some)}工作的第{number}号通知"


@contextlib.contextmanager
def _peer(database: dict[str, str]) -> Iterator[Callable[..., Any]]:
    """The process of the plain group; what is yielded has it do something and waits."""
    variables = {f"PEER_{part}": text for part, text in database.items()} | {"PEER_PASSWORD": ""}
    argv = [sys.executable, "-W", "ignore", "-m", "benchmarks.wagtail_peer.desk"]
    process = subprocess.Popen(
        argv, env=os.environ | variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def answered() -> Any:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError("the plain group ended by itself; see its words above")
        return json.loads(line)

    def ask(*words: Any) -> Any:
        if process.stdin:
            print(json.dumps(words), file=process.stdin, flush=True)
        return answered()

    try:
        answered()
        yield ask
    finally:
        process.communicate()
