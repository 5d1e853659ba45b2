"""Who acts in the demonstration's matters, and on which working day of the past."""

import contextlib
import datetime as dt
import functools
from collections.abc import Iterator

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry.demo import cast
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, anonymous
from zhengtong.kernel.calendar import SHANGHAI

UNIT_ROLES = ("clerk", "leader")
ACCOUNTS = {"applicant": cast.APPLICANT, "owner": cast.OWNER}


class Town:
    """Who acts, and when."""

    def __init__(self, tenant: str, today: dt.date) -> None:
        self.tenant, self._today = tenant, today
        self._calendar = cases.calendar_of(tenant)
        self._past = ledger.may_simulate()

    def day(self, workdays: int) -> dt.date:
        """So many working days ago."""
        return self._calendar.add_workdays(self._today, -workdays)

    def instant(self, workdays: int, at: str) -> dt.datetime:
        """A time of day so many working days ago."""
        return dt.datetime.combine(self.day(workdays), dt.time.fromisoformat(at), SHANGHAI).astimezone(dt.UTC)

    @contextlib.contextmanager
    def at(self, workdays: int, at: str) -> Iterator[None]:
        """Live then, where the past may be simulated."""
        if not self._past:
            yield
            return
        with clock.simulated(self.instant(workdays, at)):
            yield

    @functools.cache  # noqa: B019  (a town lives as long as one load)
    def named(self, username: str) -> Actor:
        """An official by the name he signs in with."""
        return identity.find_actor(username, tenant=self.tenant)

    @functools.cache  # noqa: B019  (a town lives as long as one load)
    def of_unit(self, code: str) -> Actor:
        """Somebody who handles things in a unit."""
        org = identity.organisation(self.tenant, code)
        found = next(one for role in UNIT_ROLES for one in identity.people_in(self.tenant, org.id, role))
        return identity.actor_for(self.tenant, person_id=found.person_id, post_id=found.post_id)

    @functools.cache  # noqa: B019  (a town lives as long as one load)
    def writer(self, by: str) -> Actor:
        """Who hands in at the portal: one of the accounts, or a stranger."""
        if by not in ACCOUNTS:
            return anonymous(self.tenant)
        person_id = identity.person_with_phone(self.tenant, ACCOUNTS[by].phone)
        return identity.actor_for(self.tenant, person_id=person_id, as_self=True)
