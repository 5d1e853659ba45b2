"""The passing of simulated time: what is due happens in order, limits are lit, and it can stop anywhere."""

import contextlib
import dataclasses
import datetime as dt
import heapq
import json
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.payments import api as payments
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.acts import County, life_of
from zhengtong.entry.simulator.stage import Work
from zhengtong.kernel import clock, simulation
from zhengtong.kernel.models import OutboxEvent, Simulation
from zhengtong.systems.complaints import api as complaints
from zhengtong.systems.service_centre import api as centre
from zhengtong.systems.service_hall import api as hall
from zhengtong.systems.supervision import api as supervision

_TICK = dt.timedelta(hours=1)
_APPLICANTS = 12  # applications per applicant and year
_FEWEST = 40
#: how long before the present the county's units have had their seals
_FOUNDED = dt.timedelta(days=390)
#: applicants of one stretch of time are numbered apart from those of others
_BLOCKS, _BLOCK = 4, 2000
#: events and jobs that may wait for the worker before the simulator waits for it
_AHEAD = 150
_LIMITS = (
    cases.tick,
    cases.tick_pauses,
    cases.fire_timers,
    supervision.tick_limits,
    ratings.tick,
    complaints.tick,
    payments.expire_orders,
    centre.end_day,
)


class Run:
    """One stretch of past being lived through; made anew after an interruption it goes on where it was."""

    def __init__(
        self, row: Simulation, *, alone: Callable[[], None] | None = None, moves_the_clock: bool = False
    ) -> None:
        """``alone`` does the worker's work where none is running; ``moves_the_clock`` takes everybody along."""
        self.row, self._alone, self._moves_the_clock = row, alone, moves_the_clock
        calendar = cases.calendar_of(row.tenant)
        comings = behaviour.comings(row.from_at, row.until_at, row.wanted, row.seed, calendar.is_workday)
        self.county = County(
            row.tenant,
            row.seed,
            times=comings,
            until=row.until_at,
            applicants=max(_FEWEST, row.wanted // _APPLICANTS),
            first=row.seed % _BLOCKS * _BLOCK,
        )
        self._file = Path(settings.ZHENGTONG_VAR) / "simulation" / f"{row.pk}.json"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._ticked = row.position
        self._queue: list[tuple[dt.datetime, int, Work]] = []
        self._count = 0
        self._told = 0
        self._stirred = True  # something happened since the worker's part was last done
        lives = [life_of(row.seed, number) for number in range(row.wanted)]
        if not moves_the_clock:
            with clock.simulated(row.until_at - _FOUNDED):
                self.county.seal_units(lives)
        kept = self._kept()
        for work in kept or [Work(comings[n], "arrive", lives[n], lives[n]) for n in range(row.made, row.wanted)]:
            self._push(work)
        if not kept:
            self._take_up()
            self._push(Work(behaviour.next_morning(row.position, 1, calendar), "cards", ""))

    @property
    def done(self) -> bool:
        """Nothing is left to happen before the end."""
        return not self._queue or self._queue[0][0] > self.row.until_at

    @property
    def planted_file(self) -> Path:
        """What was planted in this installation, line by line."""
        return self._file.parent / "planted.jsonl"

    def step(self, seconds: float) -> int:
        """Let things happen for some real seconds; returns how many did."""
        end, happened = time.monotonic() + seconds, 0
        while not self.done and time.monotonic() < end and not self._worker_is_behind():
            at, _number, work = heapq.heappop(self._queue)
            self._pass_time(at)
            with self._living(at):
                following = self.county.act(work)
            self._stirred = True
            for one in following:
                self._push(dataclasses.replace(one, at=max(one.at, at)))
            self.row.made += work.kind == "arrive"
            happened += 1
        if self.done:
            self._pass_time(self.row.until_at)
        position = self.row.until_at if self.done else self._queue[0][0]
        if self._moves_the_clock:
            self.row.position = position
        else:
            self._keep()
            simulation.advance(self.row, position=max(self.row.position, position), made=self.row.made, ended=self.done)
        self._note_planted()
        return happened

    def _push(self, work: Work) -> None:
        self._count += 1
        heapq.heappush(self._queue, (work.at, self._count, work))

    def _take_up(self) -> None:
        """The cases of simulated people that stand open, after an interruption."""
        if not self.row.made:
            return
        rows = hall.Application.objects.filter(
            tenant=self.row.tenant, status__in=("submitted", "supplement"), submitted_at__gte=self.row.from_at
        )
        for row in rows.filter(submitted_at__lte=self.row.position):
            if self.county.lives_here(row.person_id):
                for work in self.county.take_up(row):
                    self._push(dataclasses.replace(work, at=max(work.at, self.row.position)))

    def _keep(self) -> None:
        """Write down what is still to happen, so that whoever goes on does so as if nothing had come between."""
        if self.done:
            self._file.unlink(missing_ok=True)
            return
        told = {
            "made": self.row.made,
            "copyists": sorted(self.county.stage.copyists),
            "queue": [[work.at.isoformat(), work.kind, work.key, work.life] for _at, _no, work in sorted(self._queue)],
        }
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(told), encoding="utf-8")
        partial.replace(self._file)

    def _kept(self) -> list[Work]:
        """What an interrupted run has left to do; empty where that is not known, or not that of this position."""
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        if self._moves_the_clock or told["made"] != self.row.made:
            return []
        self.county.stage.copyists.update(told["copyists"])
        return [Work(dt.datetime.fromisoformat(at), kind, key, life) for at, kind, key, life in told["queue"]]

    def _living(self, at: dt.datetime) -> contextlib.AbstractContextManager[None]:
        if not self._moves_the_clock:
            return clock.simulated(at)
        clock.set_simulated_offset(max(at - clock.recording_time(), clock.simulated_offset()))
        return contextlib.nullcontext()

    def _pass_time(self, until: dt.datetime) -> None:
        """Light the limits that pass on the way, hour by hour; with everybody along, the worker does."""
        if self._moves_the_clock:
            return
        while self._ticked + _TICK <= until:
            self._ticked += _TICK
            with clock.simulated(self._ticked):
                while sum(tick() for tick in _LIMITS):
                    self._stirred = True
            if self._alone is not None and self._stirred:
                self._alone()
            self._stirred = False

    def _worker_is_behind(self) -> bool:
        if self._alone is not None or self._count % 20:
            return False
        waiting = OutboxEvent.objects.filter(delivered_at__isnull=True)[:_AHEAD].count()
        return waiting + queued_jobs() >= _AHEAD

    def _note_planted(self) -> None:
        """Keep what was planted beside the other state, so that what supervision finds can be measured."""
        planted = self.county.stage.planted
        fresh, self._told = planted[self._told :], len(planted)
        with self.planted_file.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps({"fault": fault, "case": number}) + "\n" for fault, number in fresh)


def queued_jobs(queue: str = "") -> int:
    """Jobs that wait to be run, all of them or those of a queue."""
    waiting = ProcrastinateJob.objects.filter(status="todo")
    return (waiting.filter(queue_name=queue) if queue else waiting)[:_AHEAD].count()
