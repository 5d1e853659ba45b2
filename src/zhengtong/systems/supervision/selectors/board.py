"""The board: totals, units ranked, latest cards, what is overdue; its version and its lag."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q

from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.models import InboxKey, OutboxEvent
from zhengtong.kernel.simulation import not_before
from zhengtong.systems.supervision.constants import OPEN_STATES, SUBSCRIBER
from zhengtong.systems.supervision.models import Board, Card, WatchedCase
from zhengtong.systems.supervision.permissions import check_supervisor
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.rules import Tally, UnitFigures, ranked
from zhengtong.systems.supervision.selectors.cards import CardRow, card_row
from zhengtong.systems.supervision.selectors.cases import StepRow, late_step_rows, step_rows
from zhengtong.systems.supervision.selectors.units import unit_figures

parameters.declare(
    "supervision.smallest_denominator",
    default=5,
    label="计算比例所需的最少件数",
    unit="件",
    source="评价统计设计",
    confirmed=False,
)
parameters.declare(
    "supervision.period_days",
    default=30,
    label="看板统计的天数",
    unit="天",
    source="看板设计",
    confirmed=False,
)


_NOTICEABLE = 60  # seconds; "each event within a minute" is what the plan asks for


@dataclasses.dataclass(frozen=True)
class Totals:
    """Figures of a tenant: open cases now, closed ones of the period, cards that stand now and were raised today."""

    open_cases: int
    late_cases: int
    opened_today: int
    closed_today: int
    closed: int
    closed_in_time: int
    on_time: Decimal | None
    hint: int
    yellow: int
    red: int
    breach: int
    yellow_today: int
    red_today: int
    breach_today: int


@dataclasses.dataclass(frozen=True)
class BoardView:
    """Everything a board shows at one instant; ``changed_at`` is when the last event was taken in, None before any.

    ``past_in_the_making``: a demonstration's past is being made, so that figures of days gone still change.
    """

    changed_at: dt.datetime | None
    version: str
    lag_seconds: int
    period_days: int
    smallest: int
    totals: Totals
    units: tuple[UnitFigures, ...]
    latest: tuple[CardRow, ...]
    late_steps: tuple[StepRow, ...]
    late_total: int
    past_in_the_making: bool

    @property
    def behind(self) -> bool:
        """True while events wait longer than anybody should notice."""
        return self.lag_seconds > _NOTICEABLE


def board(actor: Actor, *, latest: int = 10, late: int = 10) -> BoardView:
    """The board of the actor's tenant; for supervisors."""
    check_supervisor(actor)
    tenant = actor.tenant
    # read first: what changes while we count shows as a newer version at the next question
    version = board_version(tenant)
    days, smallest = _period(tenant), _smallest(tenant)
    since = start_of_day(local_date() - dt.timedelta(days=days - 1))
    rows = late_step_rows(tenant)
    return BoardView(
        changed_at=Board.objects.filter(tenant=tenant).values_list("changed_at", flat=True).first(),
        version=version,
        lag_seconds=lag(tenant),
        period_days=days,
        smallest=smallest,
        totals=_totals(tenant, since, smallest),
        units=tuple(ranked(unit_figures(tenant, since), smallest=smallest)),
        latest=tuple(
            card_row(row)
            for row in Card.objects.filter(tenant=tenant)
            .select_related("rule")
            .order_by("-raised_at", "-number")[:latest]
        ),
        late_steps=tuple(step_rows(tenant, rows[:late])),
        late_total=rows.count(),
        past_in_the_making=not_before() is not None,
    )


def board_version(tenant: str) -> str:
    """What live pages compare: changes with every event, with the day, and while events wait."""
    number = Board.objects.filter(tenant=tenant).values_list("version", flat=True).first() or 0
    return f"{number}-{local_date():%Y%m%d}-{'late' if lag(tenant) > _NOTICEABLE else 'ok'}"


def lag(tenant: str) -> int:
    """Seconds since the oldest event that supervision has not yet seen; 0 when it has seen all.

    While a demonstration's past is being made, its events are as old as that past: they are no delay.
    """
    earliest = not_before()
    seen = InboxKey.objects.filter(subscriber=SUBSCRIBER, event_id=OuterRef("event_id"))
    waiting = OutboxEvent.objects.filter(
        tenant=tenant, delivered_at__isnull=True, name__in=[name for name, _ in event_sources.items()]
    ).exclude(Exists(seen))
    if earliest is not None:
        waiting = waiting.filter(at__gte=earliest)
    oldest = waiting.order_by("id").values_list("at", flat=True).first()
    return max(0, int((now() - oldest).total_seconds())) if oldest else 0


def public_figures(tenant: str) -> tuple[int, int, Decimal | None]:
    """For everybody: days of the period, cases closed in it, and the share closed in time (None when too few)."""
    days = _period(tenant)
    since = start_of_day(local_date() - dt.timedelta(days=days - 1))
    tally = _closed(tenant, since)
    return days, tally.done, tally.rate(_smallest(tenant))


def _period(tenant: str) -> int:
    return max(1, int(parameters.value("supervision.period_days", tenant=tenant)))


def _smallest(tenant: str) -> int:
    return int(parameters.value("supervision.smallest_denominator", tenant=tenant))


def _closed(tenant: str, since: dt.datetime) -> Tally:
    row = WatchedCase.objects.filter(tenant=tenant, closed_at__gte=since).aggregate(
        done=Count("pk"), in_time=Count("pk", filter=Q(in_time=True))
    )
    return Tally(in_time=row["in_time"], done=row["done"])


def _totals(tenant: str, since: dt.datetime, smallest: int) -> Totals:
    today = start_of_day(local_date())
    cases = WatchedCase.objects.filter(tenant=tenant)
    standing = cases.filter(closed_at__isnull=True).aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(level__in=("red", "breach")))
    )
    tally = _closed(tenant, since)
    levels = dict(
        Card.objects.filter(tenant=tenant, state__in=OPEN_STATES).values_list("level").annotate(number=Count("pk"))
    )
    raised = dict(Card.objects.filter(tenant=tenant, raised_at__gte=today).values_list("level").annotate(n=Count("pk")))
    return Totals(
        open_cases=standing["open"],
        late_cases=standing["late"],
        opened_today=cases.filter(opened_at__gte=today).count(),
        closed_today=cases.filter(closed_at__gte=today).count(),
        closed=tally.done,
        closed_in_time=tally.in_time,
        on_time=tally.rate(smallest),
        hint=levels.get("hint", 0),
        yellow=levels.get("yellow", 0),
        red=levels.get("red", 0),
        breach=levels.get("breach", 0),
        yellow_today=raised.get("yellow", 0),
        red_today=raised.get("red", 0),
        breach_today=raised.get("breach", 0),
    )
