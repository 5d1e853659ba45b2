"""One home page of a department's site: a plain file, our portal in three ways, and plain Wagtail with an equal page.

Every contestant is asked by the same program over the loopback, in turn, with one client and with eight. What is
published is asked for until it shows, through nginx.
"""

import html
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.context import Context
from benchmarks.database import database_beside
from benchmarks.results import Result
from benchmarks.web_servers import asked_by_wrk, fetch, granian, nginx, wait_for
from faults.machine_clock import MachineClock
from faults.town import Town, free_port

_CODE = "g22"
_PAGE = f"/gov/{_CODE}/"
_CLIENTS = (1, 8)
_FILE = """
server {{
    listen 127.0.0.1:{port};
    location / {{ root {folder}; default_type text/html; charset utf-8; index index.html; }}
}}
"""
_WAYS = {
    "file": "nginx 直接发送同一个文件",
    "deployed": "本平台，nginx 按 zhengtong nginx 的配置在前",
    "served": "本平台，没有 nginx，网站进程从已发布网页里取",
    "uncached": "本平台，不从已发布网页里取，每次重新生成",
    "wagtail": "Wagtail 8，内容相同的主页，同样两个进程",
}


def sites_serving(_context: Context, *, rounds: int, seconds: float, published: int) -> list[Result]:
    """Measure all contestants; ``seconds`` a turn, ``published`` articles for the time until they show."""
    with tempfile.TemporaryDirectory() as folder, database_beside("zt_bench_peer") as database:
        Path(folder).chmod(0o711)
        here = Path(folder)
        town = Town(here / "var", here / "log", {}, MachineClock(here))
        town.start()
        try:
            return _measured(database, town, here, rounds, seconds, published)
        finally:
            town.stop()


def _measured(
    database: dict[str, str], town: Town, here: Path, rounds: int, seconds: float, published: int
) -> list[Result]:
    wait_for(town.base + _PAGE, here / "log")
    body = fetch(town.base + _PAGE)[1]
    plain = here / "plain"
    plain.mkdir(mode=0o755)
    (plain / "index.html").write_bytes(body)
    ports = [free_port(), free_port()]
    ours = town.command(
        "nginx", "--upstream", town.base.removeprefix("http://"), "--listen", f"127.0.0.1:{ports[1]}"
    ).stdout
    variables = _peer(database, here, _words(body.decode()))
    addresses = {"file": f"http://127.0.0.1:{ports[0]}/", "deployed": f"http://127.0.0.1:{ports[1]}{_PAGE}"}
    with (
        nginx(here / "nginx", _FILE.format(port=ports[0], folder=plain) + ours[ours.index("# by") :]),
        granian("benchmarks.wagtail_peer.wsgi:application", variables, here / "peer.log") as peer,
    ):
        addresses |= {"served": town.base + _PAGE, "uncached": f"{town.base}{_PAGE}?fresh=1", "wagtail": f"{peer}/"}
        sizes = {way: len(fetch(address)[1]) for way, address in addresses.items()}
        rates = _taken_in_turn(addresses, rounds, seconds)
        found = [*_ratios(rates), *_rates(rates, sizes)]
        found += _until_shown(town, addresses["deployed"], published)
    return found


def _taken_in_turn(addresses: dict[str, str], rounds: int, seconds: float) -> dict[tuple[str, int], list[float]]:
    rates: dict[tuple[str, int], list[float]] = {(way, clients): [] for way in addresses for clients in _CLIENTS}
    for address in addresses.values():
        asked_by_wrk(address, clients=2, seconds=1)
    order = list(addresses)
    for _ in range(rounds):
        for clients in _CLIENTS:
            for way in order:
                rates[way, clients].append(asked_by_wrk(addresses[way], clients=clients, seconds=seconds))
        order = [*order[1:], order[0]]
    return rates


_RATIOS = (
    ("deployed", "file", "要求 0.9"),
    ("served", "file", "要求 0.25"),
    ("uncached", "wagtail", "要求 2"),
)


def _ratios(rates: dict[tuple[str, int], list[float]]) -> list[Result]:
    found = []
    for one, other, asked in _RATIOS:
        for clients in _CLIENTS:
            pairs = zip(rates[one, clients], rates[other, clients], strict=True)
            value = statistics.median(mine / theirs for mine, theirs in pairs)
            what = f"{_WAYS[one]}；{clients} 个同时；每轮内相比，取各轮中位数"
            name = f"sites_serving.{one}_to_{other}.{clients}"
            found.append(Result(name, value, what, f"{_WAYS[other]}；{asked}", "倍"))
    return found


def _rates(rates: dict[tuple[str, int], list[float]], sizes: dict[str, int]) -> list[Result]:
    found = [
        Result(
            f"sites_serving.{way}.{clients}", statistics.median(each), f"{_WAYS[way]}；{clients} 个同时", "", "页/秒"
        )
        for (way, clients), each in rates.items()
    ]
    return [
        *found,
        *(Result(f"sites_serving.{way}.size", sizes[way], _WAYS[way], "", "字节") for way in ("file", "wagtail")),
    ]


def _until_shown(town: Town, home: str, published: int) -> list[Result]:
    argv = [sys.executable, "-m", "benchmarks.publishing_probe", str(town.state), _CODE, home, str(published)]
    told = subprocess.run(argv, env=town.environment, capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(told.stderr[-3000:])
    waits: Sequence[float] = json.loads(told.stdout.splitlines()[-1])
    what = f"发布一篇文章到主页上看到它，经 nginx；{len(waits)} 篇"
    return [
        Result("sites_serving.shown.p50", statistics.median(waits) * 1000, f"{what}的中位数", "要求 1000 毫秒", "毫秒"),
        Result("sites_serving.shown.worst", max(waits) * 1000, f"{what}中最慢的", "要求 1000 毫秒", "毫秒"),
    ]


# --- the plain Wagtail site ------------------------------------------------------------------------------------------


def _peer(database: dict[str, str], here: Path, words: dict[str, Any]) -> dict[str, str]:
    """Fill its database with the words; returns the variables of its processes."""
    variables = {f"PEER_{part}": text for part, text in database.items()} | {"PEER_PASSWORD": ""}
    (here / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    argv = [sys.executable, "-m", "benchmarks.wagtail_peer.fill", str(here / "words.json")]
    filled = subprocess.run(argv, env=os.environ | variables, capture_output=True, text=True, check=False)
    if filled.returncode:
        raise RuntimeError(filled.stderr[-3000:])
    return variables


_TEXT = re.compile(r"<[^>]+>")


def _words(page: str) -> dict[str, Any]:
    """Name, columns and modules of the peer, with the words that stand on our page."""
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)
    navigation = re.search(r'<nav class="zt-mainnav".*?</nav>', page, re.DOTALL)
    titles = [_bare(text) for text in re.findall(r"<a[^>]*>(.*?)</a>", navigation[0] if navigation else "")][1:]
    news = [_bare(text) for text in re.findall(r'<a class="zt-news-title"[^>]*>(.*?)</a>', page)]
    columns = [
        {
            "slug": f"c{place}",
            "title": title,
            "articles": [
                {
                    "title": news[(place + number) % len(news)],
                    "day": f"2026-10-{1 + number:02}",
                    "summary": news[number % len(news)] * 3,
                    "text": f"<p>{news[number % len(news)] * 6}</p>",
                }
                for number in range(20)
            ],
        }
        for place, title in enumerate(titles)
    ]
    tiles = [_bare(text) for text in re.findall(r'class="zt-tile[^"]*"[^>]*>(.*?)</a>', page, re.DOTALL)]
    return {
        "name": _bare(re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0]),
        "columns": columns,
        "services": [
            {"code": f"S{place:03}", "name": tile[:80], "note": tile[-30:]} for place, tile in enumerate(tiles)
        ],
        "modules": [
            _news(headings[0], "c0", lead=True),
            _news(headings[1], "c1"),
            {"type": "services", "value": {"heading": "政务服务", "number": 8}},
            _news(headings[3] if len(headings) > 3 else "政策文件", "c2"),
            {"type": "about", "value": {"heading": "机构职能", "column": "c3"}},
            {
                "type": "entrances",
                "value": {
                    "heading": "互动交流",
                    "links": [{"title": tile[:20], "words": tile, "url": "/talk/"} for tile in tiles[-4:]],
                },
            },
        ],
    }


def _news(heading: str, column: str, *, lead: bool = False) -> dict[str, Any]:
    return {"type": "news", "value": {"heading": _bare(heading), "column": column, "number": 7, "lead": lead}}


def _bare(text: str) -> str:
    return html.unescape(" ".join(_TEXT.sub(" ", text).split()))
