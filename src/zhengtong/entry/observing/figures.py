"""The figures for a monitoring system: counts of all processes, and what the database says at this moment.

Names and labels hold no personal data. Where the database gives no answer, the figures of processes and disks still
come, with ``zhengtong_database_up 0``.
"""

import datetime as dt
import logging
import shutil
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error, connection

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.trust import api as trust
from zhengtong.entry.backup import installation
from zhengtong.entry.backup.making import age_of
from zhengtong.entry.observing import pulse
from zhengtong.entry.observing.exposition import Family
from zhengtong.entry.observing.tallies import BUCKETS
from zhengtong.entry.upkeep import maintenance
from zhengtong.kernel.clock import now, recording_time
from zhengtong.kernel.models import OutboxEvent

log = logging.getLogger(__name__)

_STATES: Final = ("todo", "doing", "failed")


def exposition() -> str:
    """All families as text."""
    text = "".join(family.text for family in (*_requests(), *_processes(), *_disks(), *_backups()))
    up = 1
    try:
        # as one, so that a part that failed leaves no half figures
        text += "".join(family.text for part in _OF_DATABASE for family in part())
    except Error:
        log.exception("the database gives no figures")
        connection.close()
        up = 0
    alive = Family("zhengtong_database_up", "gauge", "1 while the database answers").add(up)
    return text + alive.text


def _requests() -> Iterator[Family]:
    found = pulse.counts(_running())["requests"]
    total = Family("zhengtong_requests_total", "counter", "Requests answered since the platform was started")
    took = Family("zhengtong_request_duration_seconds", "histogram", "Time from request to answer by route")
    asked = Family("zhengtong_request_statements_total", "counter", "Statements to the database by route")
    routes: dict[str, list[float]] = {}
    for key, row in sorted(found.items()):
        route, _tab, status = key.partition("\t")
        total.add(sum(row[:-2]), route=route, status=status)
        known = routes.setdefault(route, [0.0] * len(row))
        routes[route] = [left + right for left, right in zip(known, row, strict=True)]
    for route, row in routes.items():
        took.histogram(BUCKETS, row[:-2], row[-2], {"route": route})
        asked.add(row[-1], route=route)
    yield from (total, took, asked)


def _processes() -> Iterator[Family]:
    at, known = recording_time(), pulse.beats(_running())
    yield Family("zhengtong_info", "gauge", "The program").add(1, version=metadata.version("zhengtong"))
    count = Family("zhengtong_processes", "gauge", "Living processes by kind")
    silent = Family("zhengtong_process_beat_age_seconds", "gauge", "Age of the oldest beat of a kind of process")
    for kind in pulse.KINDS:
        alive = [beat for beat in known if beat.kind == kind]
        count.add(len(alive), kind=kind)
        if alive:
            silent.add(max((at - beat.at).total_seconds() for beat in alive), kind=kind)
    age = Family("zhengtong_loop_age_seconds", "gauge", "Seconds since a loop ended a round, or began the present one")
    failures = Family("zhengtong_loop_failures", "gauge", "How often a loop has failed in a row")
    for beat in known:
        for name, state in sorted(beat.loops.items()):
            since = state.began or state.ended
            if since:
                age.add(max(0.0, at.timestamp() - since), loop=name)
            failures.add(state.failures, loop=name)
    on = maintenance.current()
    mode = Family("zhengtong_maintenance", "gauge", "1 while maintenance is on").add(on is not None)
    yield from (count, silent, age, failures, mode)


def _disks() -> Iterator[Family]:
    free = Family("zhengtong_disk_free_bytes", "gauge", "Free room of a disk")
    size = Family("zhengtong_disk_size_bytes", "gauge", "Room of a disk")
    for place, folder in (("var", Path(settings.ZHENGTONG_VAR)), ("backup", installation.store_of().path)):
        while not folder.exists():
            folder = folder.parent
        usage = shutil.disk_usage(folder)
        free.add(usage.free, place=place)
        size.add(usage.total, place=place)
    yield from (free, size)


def _backups() -> Iterator[Family]:
    store = installation.store_of()
    age = Family("zhengtong_backup_age_seconds", "gauge", "Age of the newest back-up; absent before the first")
    drilled = Family("zhengtong_drill_age_seconds", "gauge", "Age of the last restore drill; absent before the first")
    good = Family("zhengtong_drill_ok", "gauge", "1 when the last restore drill proved its set")
    newest, last = store.newest(), next(iter(store.reports()), None)
    if newest is not None:
        age.add(age_of(newest).total_seconds())
    if last is not None:
        drilled.add((recording_time() - dt.datetime.fromisoformat(last["at"])).total_seconds())
        good.add(bool(last["ok"]))
    yield from (age, drilled, good)


def _jobs() -> Iterator[Family]:
    with connection.cursor() as cursor:
        cursor.execute("select status::text, count(*) from procrastinate_jobs group by status")
        counts = dict(cursor.fetchall())
    jobs = Family("zhengtong_jobs", "gauge", "Jobs by state")
    for state in _STATES:
        jobs.add(counts.get(state, 0), state=state)
    waiting = OutboxEvent.objects.filter(delivered_at__isnull=True)
    oldest = waiting.order_by("at").values_list("at", flat=True).first()
    lag = max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0
    yield jobs
    yield Family("zhengtong_outbox_waiting", "gauge", "Events not delivered to everybody").add(waiting.count())
    yield Family("zhengtong_outbox_lag_seconds", "gauge", "Age of the oldest such event").add(lag)
    failing = waiting.filter(attempts__gt=0).count()
    yield Family("zhengtong_outbox_failing", "gauge", "Such events that a handler failed at").add(failing)


def _ledger() -> Iterator[Family]:
    waiting = ledger.waiting_to_be_sealed()
    yield Family("zhengtong_ledger_unsealed", "gauge", "Ledger entries not yet in the tree").add(waiting.count)
    oldest = float(waiting.oldest_seconds)
    yield Family("zhengtong_ledger_unsealed_seconds", "gauge", "Age of the oldest such entry").add(oldest)


def _notices() -> Iterator[Family]:
    deliveries = Family("zhengtong_deliveries", "gauge", "Mails and short messages by state")
    reached = Family("zhengtong_channel_ok", "gauge", "1 when the gateway could be reached; absent before a trial")
    for one in notify.channel_summaries(tenant=settings.ZHENGTONG_TENANT):
        channel = str(one.channel)
        deliveries.add(one.count("waiting", "sending", "retry"), channel=channel, state="waiting")
        deliveries.add(one.count("sent"), channel=channel, state="sent")
        deliveries.add(one.count("delivered"), channel=channel, state="delivered")
        deliveries.add(one.count("given_up", "no_address"), channel=channel, state="lost")
        if one.ok is not None:
            reached.add(one.ok, channel=channel)
    yield from (deliveries, reached)


def _cases() -> Iterator[Family]:
    under_way, overdue = cases.open_and_overdue(tenant=settings.ZHENGTONG_TENANT)
    yield Family("zhengtong_cases_open", "gauge", "Cases under way").add(under_way)
    yield Family("zhengtong_cases_overdue", "gauge", "Cases under way past a limit of the whole case").add(overdue)
    ending = trust.expiring_certificates(tenant=settings.ZHENGTONG_TENANT)
    yield Family("zhengtong_certificates_expiring", "gauge", "Certificates that end within 30 days").add(len(ending))


_OF_DATABASE: Final[tuple[Callable[[], Iterator[Family]], ...]] = (_jobs, _ledger, _notices, _cases)


def _running() -> Path:
    return Path(settings.ZHENGTONG_VAR) / "run"
