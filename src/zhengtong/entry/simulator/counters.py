"""Days in the county's hall: appointments, numbers, waiting, windows; some come there to collect their paper."""

import datetime as dt
import functools
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.simulator.behaviour import LOCAL
from zhengtong.entry.simulator.stage import Does, Stage, Work
from zhengtong.entry.simulator.voices import Voices
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.systems.service_centre import api as centre
from zhengtong.systems.service_hall import api as hall

_ROSTERS = Path(__file__).parents[1] / "demo" / "data" / "centre.json"
_HALL = "county"
#: share of the applicants who book a talk at the hall first, and of those granted who come for their paper
_ASKING, _COLLECTING = 0.12, 0.2
#: share of those who collect at a window and rate on the evaluator that stands there
_RATING_THERE = 0.15
_STAYING_AWAY = 0.08
_KEPT_WAITING = 3600
_BUSY = dt.timedelta(minutes=4)
_CLOSING = dt.time(17, 20)


class Counters:
    """The hall as its visitors and its operators live through it."""

    def __init__(self, stage: Stage, voices: Voices) -> None:
        self._stage, self._voices = stage, voices
        self._manned: dt.date | None = None

    def does(self) -> dict[str, Does]:
        """The acts by their names."""
        return {
            "book": self.book,
            "come": self.come,
            "collect": self.collect,
            "call": self.call,
            "finish": self.finish,
            "rate_there": self.rate_there,
        }

    def after_submission(self, row: hall.Application, life: str) -> Iterator[Work]:
        """Some book a talk at the hall about what they have handed in."""
        dice, kept = self._stage.dice("ask", life), self._stage.fate(life) == "kept_waiting"
        if kept or dice.random() < _ASKING:
            yield Work(self._stage.later(minutes=30), "book", str(row.id))

    def after_decision(self, row: hall.Application, life: str, *, granted: bool) -> Iterator[Work]:
        """Some of those granted come for their paper instead of downloading it."""
        dice = self._stage.dice("collect", life)
        if granted and dice.random() < _COLLECTING:
            yield Work(self._stage.office_time(dice, dice.randrange(1, 4)), "collect", str(row.id))

    def book(self, work: Work) -> Iterator[Work]:
        """The next free place at the windows for the item; a few do not come."""
        row, dice = self._stage.application(work.key), self._stage.dice("book", work.life)
        zone = self._zone(row)
        slot = centre.next_free(zone.place, [zone]).get(zone.id) if zone else None
        if zone is None or slot is None:
            return
        booked = centre.book(
            actor=self._stage.town.applicant_of(row),
            zone=zone,
            slot=slot.key,
            item_code=row.item_code,
            item_name=row.item_name,
            org_id=str(row.org_id),
            application_id=row.id,
        )
        if self._stage.fate(work.life) == "kept_waiting" or dice.random() >= _STAYING_AWAY:
            yield Work(slot.starts_at + dt.timedelta(minutes=dice.randrange(1, 6)), "come", f"{row.id}:{booked.code}")

    def come(self, work: Work) -> Iterator[Work]:
        """Somebody turns his appointment into a number; where it is planted nobody calls him for more than an hour."""
        key, _colon, code = work.key.partition(":")
        row, dice = self._stage.application(key), self._stage.dice("come", work.life)
        zone = self._zone(row)
        if zone is None:
            return
        self._man_the_windows()
        ticket = centre.check_in(actor=self._stage.platform, place=zone.place, code=code, source="kiosk")
        kept = self._stage.fate(work.life) == "kept_waiting"
        minutes = dice.randrange(66, 95) if kept else dice.randrange(2, 24)
        yield Work(self._stage.later(minutes=minutes), "call", f"{key}:{ticket.id}")

    def collect(self, work: Work) -> Iterator[Work]:
        """Somebody takes a number to fetch his paper."""
        row, dice = self._stage.application(work.key), self._stage.dice("collecting", work.life)
        zone = self._zone(row)
        if zone is None:
            return
        self._man_the_windows()
        ticket = centre.take_ticket(
            actor=self._stage.town.applicant_of(row),
            zone=zone,
            source="phone" if dice.random() < 0.4 else "kiosk",
            standing="elderly" if dice.random() < 0.1 else "usual",
            item_code=row.item_code,
            item_name=row.item_name,
            org_id=str(row.org_id),
        )
        yield Work(self._stage.later(minutes=dice.randrange(2, 30)), "call", f"{work.key}:{ticket.id}")
        if dice.random() < _RATING_THERE:
            yield Work(self._stage.later(minutes=40), "rate_there", work.key)

    def call(self, work: Work) -> Iterator[Work]:
        """A window that is free calls the next number, whoever's it is; in a busy hall a little later."""
        key, _colon, _ticket = work.key.partition(":")
        row, dice = self._stage.application(key), self._stage.dice("call", work.life)
        zone = self._zone(row)
        if zone is None:
            return
        for operator, window in self._windows(zone):
            try:
                centre.open_window(actor=operator, window_id=window.id)
                called = centre.call_next(actor=operator, window_id=window.id)
            except (Conflict, NotPermitted):
                continue
            if called is not None:
                ends = self._stage.later(minutes=dice.triangular(3, 25, 8))
                yield Work(ends, "finish", f"{window.id}:{operator.person_id}:{operator.post_id}")
            return
        if clock.now().astimezone(LOCAL).time() < _CLOSING:
            yield Work(clock.now() + _BUSY, "call", work.key)

    def finish(self, work: Work) -> Iterator[Work]:
        """The matter at a window is dealt with."""
        window, person, post = work.key.split(":")
        operator = identity.actor_for(self._stage.tenant, person_id=uuid.UUID(person), post_id=uuid.UUID(post))
        ticket = centre.finish(actor=operator, window_id=uuid.UUID(window))
        waited = ticket.first_called_at - ticket.taken_at if ticket.first_called_at else dt.timedelta()
        if ticket.appointment_id is not None and waited.total_seconds() >= _KEPT_WAITING:
            self._stage.plant("kept_waiting", f"{ticket.day:%Y%m%d}-{ticket.number}")
        yield from ()

    def rate_there(self, work: Work) -> Iterator[Work]:
        """Who collected his paper rates on the evaluator at the window, as he may."""
        self._voices.rate_on_device(self._stage.application(work.key), "satisfied")
        yield from ()

    def _zone(self, row: hall.Application) -> "centre.Zone | None":
        """The zone of the county's hall that serves an application and has windows that are manned."""
        for place, zones in centre.zones_serving(self._stage.tenant, row.item_code, str(row.org_id)):
            if place.slug == _HALL:
                return next((zone for zone in zones if self._is_manned(zone)), None)
        return None

    def _is_manned(self, zone: "centre.Zone") -> bool:
        return any(str(window.number) in _rosters() for window in zone.windows.all())

    def _man_the_windows(self) -> None:
        """The roster of the day, once."""
        if self._manned != local_date():
            self._manned = local_date()
            people = {int(number): names for number, names in _rosters().items()}
            centre.install_roster(actor=self._stage.platform, slug=_HALL, people=people, days=0)

    def _windows(self, zone: "centre.Zone") -> "list[tuple[Actor, centre.Window]]":
        """Who may sit where in a zone today; a window at which somebody sits in the present is left to him."""
        names = sorted({name for team in _rosters().values() for name in team})
        actors = [identity.find_actor(name, tenant=self._stage.tenant) for name in names]
        found = [(one, window) for one in actors for window in centre.windows_today(one) if window.zone_id == zone.id]
        return [(one, window) for one, window in found if not (window.opened_at and window.opened_at > clock.now())]


@functools.cache
def _rosters() -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = json.loads(_ROSTERS.read_text(encoding="utf-8"))["rosters"][_HALL]
    return found
