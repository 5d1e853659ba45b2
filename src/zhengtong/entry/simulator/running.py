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
from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.acts import County, Work
from zhengtong.kernel import clock, simulation
from zhengtong.kernel.models import OutboxEvent, Simulation
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
_LIMITS = (cases.tick, cases.tick_pauses, cases.fire_timers, supervision.tick_limits)


class Run:
    """One stretch of past being lived through; made anew after an interruption it goes on where it was."""

    def __init__(
        self, row: Simulation, *, alone: Callable[[], None] | None = None, moves_the_clock: bool = False
    ) -> None:
        """``alone`` does the worker's work where none is running; ``moves_the_clock`` takes everybody along."""
        self.row, self._alone, self._moves_the_clock = row, alone, moves_the_clock
        self.county = County(row.tenant, row.seed, max(_FEWEST, row.wanted // _APPLICANTS), row.seed % _BLOCKS * _BLOCK)
        self._ticked = row.position
        self._queue: list[tuple[dt.datetime, int, Work]] = []
        self._count = 0
        self._told = 0
        comings = behaviour.comings(row.from_at, row.until_at, row.wanted, row.seed, self.county.calendar.is_workday)
        keys = [f"{row.seed}:{number}" for number in range(row.wanted)]
        for number in range(row.made, row.wanted):
            self._push(Work(comings[number], "arrive", keys[number]))
        if not moves_the_clock:
            with clock.simulated(row.until_at - _FOUNDED):
                self.county.seal_units(keys)
        self._take_up()

    @property
    def done(self) -> bool:
        """Nothing is left to happen before the end."""
        return not self._queue or self._queue[0][0] > self.row.until_at

    def step(self, seconds: float) -> int:
        """Let things happen for some real seconds; returns how many did."""
        end, happened = time.monotonic() + seconds, 0
        while not self.done and time.monotonic() < end and not self._worker_is_behind():
            at, _number, work = heapq.heappop(self._queue)
            self._pass_time(at)
            with self._living(at):
                following = self.county.act(work)
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
            if row.case_id is not None and self.county.lives_here(row.person_id):
                for work in self.county.tasks_of(row.case_id):
                    self._push(dataclasses.replace(work, at=max(work.at, self.row.position)))

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
                    pass
            if self._alone is not None:
                self._alone()

    def _worker_is_behind(self) -> bool:
        if self._alone is not None or self._count % 20:
            return False
        waiting = OutboxEvent.objects.filter(delivered_at__isnull=True)[:_AHEAD].count()
        return waiting + queued_jobs() >= _AHEAD

    def _note_planted(self) -> None:
        """Keep what was planted beside the other state, so that what supervision finds can be measured."""
        fresh, self._told = self.county.planted[self._told :], len(self.county.planted)
        path = Path(settings.ZHENGTONG_VAR) / "simulation" / "planted.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps({"fault": fault, "case": number}) + "\n" for fault, number in fresh)


def queued_jobs(queue: str = "") -> int:
    """Jobs that wait to be run, all of them or those of a queue."""
    waiting = ProcrastinateJob.objects.filter(status="todo")
    return (waiting.filter(queue_name=queue) if queue else waiting)[:_AHEAD].count()
