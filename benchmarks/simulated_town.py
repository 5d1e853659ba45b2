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
from collections.abc import Mapping
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
    planted, flagged = planted_in(run.planted_file), supervision.flagged_cases(row.tenant)
    tell_apart(planted, flagged)
    return {
        "seconds": took,
        "made": row.made,
        "refused": run.county.failed,
        "broken": run.county.broken,
        "kinds": len(behaviour.KINDS),
        "planted": {fault: sum(one == fault for one, _case in planted) for fault in behaviour.KINDS},
        "rules": [one.to_json() for one in measured(planted, flagged)],
    }


def tell_apart(planted: list[tuple[str, str]], flagged: Mapping[str, Any]) -> None:
    """Which cases were missed and flagged falsely, and what their cards say; for whoever mends the rules."""
    from zhengtong.capabilities.cases.api import case_view
    from zhengtong.entry.simulator.measuring import FINDERS
    from zhengtong.kernel.actors import system
    from zhengtong.systems.service_hall import api as hall
    from zhengtong.systems.supervision.api import CardFilter, cards

    platform = system("980723")
    for rules in set(FINDERS.values()):
        wanted = {case for fault, case in planted if FINDERS.get(fault) == rules}
        got = {case for key in rules if key in flagged for case in flagged[key].cases}
        for case in sorted(wanted ^ got):
            kinds = [fault for fault, one in planted if one == case]
            print("missed" if case in wanted else "false", rules, case, kinds, file=sys.stderr)
            for row in cards(platform, CardFilter(number=case), size=50).rows:
                print("   ", row.rule_key, row.raised_at, row.step, row.case_title, row.state, file=sys.stderr)
            application = hall.Application.objects.filter(number=case).first()
            if application is not None and application.case_id is not None:
                view = case_view(actor=platform, case_id=application.case_id)
                for item in view.work_items:
                    print("   ", item.node, item.opened_at, item.due_at, item.done_at, item.outcome, file=sys.stderr)


def main() -> int:
    """Numbers on the command line, the outcome on standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulated_town")
    for name in ("cases", "days", "seed"):
        parser.add_argument(name, type=int)
    arguments = parser.parse_args()
    os.environ["ZHENGTONG_CLOCK_FILE"] = str(STATE / "town_clock")
    os.environ["ZHENGTONG_DEMO_CASES"] = "0"  # none but what is planted here
    with scratch_database(NAME) as urls:
        logging.disable(logging.WARNING)
        with psycopg.connect(urls["owner"], autocommit=True) as owner:
            owner.execute("insert into ledger_simulationpermit (id) values (1)")
        found = lived_through(arguments.cases, arguments.days, arguments.seed)
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
