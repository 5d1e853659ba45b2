"""Figures of a time: what was asked, how many took part, what was adopted, whether feedback came in time."""

import dataclasses
import datetime as dt
from collections import defaultdict

from django.db.models import Count, Q

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.systems.opinions.constants import State, Verdict
from zhengtong.systems.opinions.models import Poll, Topic
from zhengtong.systems.opinions.permissions import visible
from zhengtong.systems.opinions.rules.polls import share_of


@dataclasses.dataclass
class Tally:
    """The figures of one unit or month."""

    label: str
    topics: int = 0
    opinions: int = 0
    adopted: int = 0
    judged: int = 0
    answered: int = 0
    in_time: int = 0
    late: int = 0
    polls: int = 0
    ballots: int = 0

    @property
    def adopted_share(self) -> str:
        """Adopted and partly adopted of the judged, per cent."""
        return share_of(self.adopted, self.judged)

    @property
    def in_time_share(self) -> str:
        """Feedback published in time of all that was published, per cent."""
        return share_of(self.in_time, self.answered)


@dataclasses.dataclass(frozen=True)
class Statistics:
    """The figures of a time by unit and by month."""

    since: dt.date
    until: dt.date
    total: Tally
    units: list[Tally]
    months: list[Tally]


def statistics(*, actor: Actor, since: dt.date, until: dt.date) -> Statistics:
    """What was published from a day to a day, of the actor's reach."""
    total, units = Tally("合计"), defaultdict[str, Tally](lambda: Tally(""))
    months = {key: Tally(key) for key in _months(since, until)}
    within = Q(published_at__gte=start_of_day(since), published_at__lt=end_of_day(until)) & visible(actor)
    kinds = [Verdict.ADOPTED, Verdict.PARTLY]
    topics = Topic.objects.filter(within).annotate(
        n=Count("comments"),
        adopted=Count("comments", filter=Q(comments__reply__verdict__in=kinds)),
        judged=Count("comments", filter=Q(comments__reply__verdict__in=[*kinds, Verdict.NOT_ADOPTED])),
    )
    for row in topics:
        late = row.due_on is not None and row.due_on < local_date() and row.state == State.PUBLISHED
        for tally in _into(total, units, months, row.org_name, row.published_at):
            tally.topics += 1
            tally.opinions += row.n
            tally.adopted += row.adopted
            tally.judged += row.judged
            tally.answered += row.state == State.ANSWERED
            tally.in_time += bool(row.in_time)
            tally.late += late
    for poll in Poll.objects.filter(within).annotate(n=Count("ballots")):
        for tally in _into(total, units, months, poll.org_name, poll.published_at):
            tally.polls += 1
            tally.ballots += poll.n
    return Statistics(since, until, total, sorted(units.values(), key=lambda one: one.label), list(months.values()))


def _into(
    total: Tally, units: dict[str, Tally], months: dict[str, Tally], org: str, at: dt.datetime | None
) -> list[Tally]:
    unit = units[org]
    unit.label = org
    month = months.get(f"{local_date(at):%Y-%m}")
    return [total, unit, *([month] if month else [])]


def _months(since: dt.date, until: dt.date) -> list[str]:
    found, day = [], since.replace(day=1)
    while day <= until:
        found.append(f"{day:%Y-%m}")
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return found
