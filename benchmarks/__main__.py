"""``python -m benchmarks [name …]``: measure, print, write ``results.json`` and ``docs/benchmarks.md``."""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import results
from benchmarks.database import scratch_database

if TYPE_CHECKING:
    from benchmarks.context import Context

Benchmark = Callable[["Context"], Sequence[results.Result]]


def benchmarks(*, tiny: bool = False) -> dict[str, Benchmark]:
    """All benchmarks by name; ``tiny`` only proves that they run."""
    from benchmarks.branches import branches
    from benchmarks.case_flow import case_flow, engine_only
    from benchmarks.desk_pages import desk_pages
    from benchmarks.growth import growth
    from benchmarks.ledger_append import ledger_append
    from benchmarks.ledger_verify import ledger_verify
    from benchmarks.licences import licences
    from benchmarks.relay import relay
    from benchmarks.supervision_cards import supervision_cards
    from benchmarks.supervision_delay import supervision_delay
    from benchmarks.supervision_events import supervision_events
    from benchmarks.supervision_precision import supervision_precision
    from benchmarks.supervision_replay import supervision_replay

    rounds = 2 if tiny else 9
    few, many = (20, 40) if tiny else (1_000, 100_000)
    return {
        "case_flow": partial(case_flow, rounds=rounds, cases=2 if tiny else 8),
        "engine_only": partial(engine_only, rounds=rounds, cases=2 if tiny else 4),
        "branches": partial(branches, rounds=2 if tiny else 7, sizes=(2,) if tiny else (2, 20, 40)),
        "ledger_append": partial(ledger_append, rounds=rounds, entries=2 if tiny else 200),
        "ledger_verify": partial(ledger_verify, rounds=rounds, entries=20 if tiny else 20_000),
        "licences": partial(licences, rounds=rounds, papers=1 if tiny else 6),
        "relay": partial(relay, rounds=rounds, events=2 if tiny else 150),
        "supervision_cards": partial(supervision_cards, limits=40 if tiny else 5_000),
        "supervision_events": partial(supervision_events, rounds=1 if tiny else 3, cases=2 if tiny else 200),
        "supervision_delay": partial(supervision_delay, limits=4 if tiny else 300, seconds=1.0 if tiny else 60.0),
        "supervision_replay": partial(supervision_replay, cases=20 if tiny else 100_000),
        "supervision_precision": partial(supervision_precision, cases=6 if tiny else 200, days=12 if tiny else 45),
        "desk_pages": partial(
            desk_pages, rounds=2 if tiny else 5, pieces=2 if tiny else 16, cases=20 if tiny else 100_000
        ),
        "growth": partial(growth, rounds=2 if tiny else 5, cases=2 if tiny else 8, few=few, many=many),
    }


def full_benchmarks() -> dict[str, Benchmark]:
    """What takes hours and 40 GB: ten million events judged again, an hour of use, a million cases."""
    from benchmarks.growth import growth
    from benchmarks.memory import memory
    from benchmarks.supervision_replay import supervision_replay

    return {
        "supervision_replay_full": partial(supervision_replay, cases=700_000, name="supervision_replay_full"),
        "memory": partial(memory, minutes=60.0),
        "growth_full": partial(growth, rounds=9, cases=8, few=1_000, many=1_000_000, name="growth_full"),
    }


def sites_benchmarks(*, tiny: bool = False) -> dict[str, Benchmark]:
    """Searches, and public pages with nginx and a plain Wagtail site beside."""
    from benchmarks.site_search import site_search
    from benchmarks.sites_keeping import sites_keeping
    from benchmarks.sites_serving import sites_serving

    rounds, seconds, published = (1, 1.0, 1) if tiny else (5, 5.0, 20)
    sizes, pieces = ((40, 80), 8) if tiny else ((6_000, 60_000), 60)
    number = 3 if tiny else 240
    return {
        "sites_keeping": partial(
            sites_keeping, sites_number=number, sizes=sizes, rounds=rounds, pieces=2 if tiny else 10
        ),
        "site_search": partial(site_search, sizes=sizes, rounds=rounds, pieces=pieces),
        "sites_serving": partial(sites_serving, rounds=rounds, seconds=seconds, published=published),
    }


def main() -> int:
    """Run the chosen benchmarks, all of them by default; growth comes last because it fills the database."""
    parser = argparse.ArgumentParser(prog="make bench", description="性能测量：每项与上限和同类对照")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="名称",
        help="只跑这些：case_flow engine_only branches ledger_append ledger_verify licences relay supervision_cards"
        " supervision_events supervision_delay supervision_replay supervision_precision desk_pages growth",
    )
    parser.add_argument("--dry-run", action="store_true", help="只打印，不写 results.json 和 docs/benchmarks.md")
    parser.add_argument("--full", action="store_true", help="只跑需要很长时间的：存量一百万件（make bench-full）")
    parser.add_argument("--sites", action="store_true", help="只跑网站群的，需要 nginx 和 wrk（make bench-sites）")
    arguments = parser.parse_args()
    begun, found = time.monotonic(), []
    with scratch_database() as urls:
        from benchmarks.context import Context

        chosen = full_benchmarks() if arguments.full else sites_benchmarks() if arguments.sites else benchmarks()
        unknown = set(arguments.names) - set(chosen)
        if unknown:
            parser.error(f"没有这些测量：{'、'.join(sorted(unknown))}；可选：{' '.join(chosen)}")
        context = Context(urls)
        try:
            where = results.machine(context.server_version())
            print(f"机器：{where}（绝对数值只对这台机器、这一次有意义，比值才可以比较）")
            for name, run in chosen.items():
                if not arguments.names or name in arguments.names:
                    for result in run(context):
                        found.append(result)
                        print(f"  {result.name:36} {result.text:>8} {result.unit:8} {result.line}", flush=True)
        finally:
            context.close()
    if not arguments.dry_run:
        results.write(found, where=where, day=dt.datetime.now(dt.UTC).date())
        print(f"已写入 benchmarks/results.json 和 docs/benchmarks.md，用时 {time.monotonic() - begun:.0f} 秒。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
