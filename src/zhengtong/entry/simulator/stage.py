"""What everybody in the simulation stands on: the people, the calendar, the seed, and what is planted where."""

import dataclasses
import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator, Mapping

from zhengtong.capabilities.cases import api as cases
from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.people import Town
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall import api as hall


@dataclasses.dataclass(frozen=True)
class Work:
    """Something that is to happen: ``kind`` names the act, ``key`` what it is about.

    ``life`` is the application out of which it came, by the key of its arrival; everything about it is drawn by that.
    """

    at: dt.datetime
    kind: str
    key: str
    life: str = ""


Does = Callable[[Work], Iterator[Work]]


class Stage:
    """The tenant, its people and calendar; ``fates`` says what is planted in which life."""

    def __init__(self, tenant: str, seed: int, town: Town, fates: Mapping[str, str]) -> None:
        self.tenant, self.seed, self.town, self._fates = tenant, seed, town, fates
        self.calendar = cases.calendar_of(tenant)
        #: (fault, number): what was planted, for whoever measures what is found
        self.planted: list[tuple[str, str]] = []
        #: who has already written the opinion that is copied
        self.copyists: set[str] = set()

    @property
    def platform(self) -> Actor:
        """The platform itself, for looking at what stands open."""
        return self.town.platform

    def fate(self, life: str) -> str:
        """What is planted in a life, empty for nothing."""
        return self._fates.get(life, "")

    def dice(self, what: str, life: str) -> random.Random:
        """The dice of one thing in one life."""
        return behaviour.drawn(self.seed, f"{what}:{life}")

    def office_time(self, dice: random.Random, days: int = 0) -> dt.datetime:
        """A moment of office hours so many working days from now."""
        return behaviour.office_time(clock.now(), days, dice, self.calendar)

    def later(self, **span: float) -> dt.datetime:
        """So much later than now."""
        return clock.now() + dt.timedelta(**span)

    def plant(self, fault: str, number: str | None) -> None:
        """Write down what was planted, where it can be seen."""
        self.planted.append((fault, number or ""))

    def application(self, key: str | uuid.UUID) -> hall.Application:
        """The row of an application."""
        return hall.Application.objects.get(tenant=self.tenant, pk=key)
