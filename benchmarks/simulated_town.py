"""``python -m benchmarks.simulated_town CASES DAYS SEED``: a demonstration county lives through a stretch of past.

In a process and a database of its own, because only a ledger that is still empty can become that of a demonstration.
Writes one line of JSON: how long it took, and for each kind of planted fault what supervision found of it.
"""

import argparse
import datetime as dt
import json
import logging
import os
import sys
import time
from typing import Any

import psycopg

from benchmarks.database import STATE, scratch_database

NAME = "zt_bench_town"


def lived_through(cases: int, days: int, seed: int) -> dict[str, Any]:
    """Load the county, live through the days before now, rebuild, measure; plain values."""
    from django.conf import settings

    from zhengtong.entry.demo.load import load
    from zhengtong.entry.simulator import behaviour, service
    from zhengtong.entry.simulator.measuring import measured, planted_in
    from zhengtong.entry.simulator.running import Run
    from zhengtong.kernel import clock, simulation
    from zhengtong.systems.supervision import api as supervision

    list(load(lambda _text: None))
    until = clock.now()
    row = simulation.begin(
        tenant=settings.ZHENGTONG_TENANT,
        from_at=until - dt.timedelta(days=days),
        until_at=until,
        wanted=cases,
        seed=seed,
    )
    run = Run(row, alone=service.deliver)
    begun = time.monotonic()
    while not run.done:
        run.step(10.0)
        print(f"{row.made}/{cases} {row.position:%Y-%m-%d}", file=sys.stderr, flush=True)
    service.deliver()
    took = time.monotonic() - begun
    planted = planted_in(run.planted_file)
    return {
        "seconds": took,
        "made": row.made,
        "refused": run.county.failed,
        "broken": run.county.broken,
        "kinds": len(behaviour.KINDS),
        "planted": {fault: sum(one == fault for one, _case in planted) for fault in behaviour.KINDS},
        "rules": [one.to_json() for one in measured(planted, supervision.flagged_cases(row.tenant))],
    }


def main() -> int:
    """Numbers on the command line, the outcome on standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulated_town")
    for name in ("cases", "days", "seed"):
        parser.add_argument(name, type=int)
    arguments = parser.parse_args()
    os.environ["ZHENGTONG_CLOCK_FILE"] = str(STATE / "town_clock")
    with scratch_database(NAME) as urls:
        logging.disable(logging.WARNING)
        with psycopg.connect(urls["owner"], autocommit=True) as owner:
            owner.execute("insert into ledger_simulationpermit (id) values (1)")
        found = lived_through(arguments.cases, arguments.days, arguments.seed)
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
