"""Figures of the hall counted from the rows of ``CaseFigure``, and the cases behind each of them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Aggregate, Avg, Count, F, FloatField, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role, Scope, default_scope
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.service_hall.constants import Channel
from zhengtong.systems.service_hall.models import CaseFigure
from zhengtong.systems.service_hall.permissions import FIGURE_READERS
from zhengtong.systems.service_hall.rules.figures import MEASURES, Tally
from zhengtong.systems.service_hall.rules.periods import Period, months_until, whole_period

_MONTHS_SHOWN = 13
_TOWN = (Channel.TOWNSHIP, Channel.VILLAGE)
_DECIDED = Q(outcome__in=["approved", "rejected"])


class Percentile(Aggregate):
    """``percentile_cont`` of an expression: the value below which the share ``at`` of the rows lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(at)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, *, at: float, **extra: Any) -> None:
        super().__init__(expression, at=at, **extra)


@dataclasses.dataclass(frozen=True)
class Place:
    """What figures are about: the county, a unit of it, an item of a unit."""

    org_id: uuid.UUID | None = None
    org_name: str = ""
    item_code: str = ""
    item_name: str = ""

    def rows(self) -> Q:
        """The rows of the place."""
        narrowed = Q() if self.org_id is None else Q(org_id=self.org_id)
        return narrowed & Q(item_code=self.item_code) if self.item_code else narrowed


@dataclasses.dataclass(frozen=True)
class Line:
    """A unit or an item with what was counted of it."""

    key: str
    label: str
    tally: Tally


def reach(actor: Actor) -> Q:
    """Rows the actor may count: all for who watches over the county or runs its hall, a leader's own unit."""
    if actor.kind not in ("official", "system") or (actor.kind == "official" and not actor.has_role(*FIGURE_READERS)):
        return Q(pk__in=[])
    found: Q = identity.org_scope_filter(
        actor, Role.LEADER, Role.SUPERVISOR, Role.PROCESS_ADMIN, org="org_id", item="item_code"
    )
    if actor.has_role(Role.HALL_MANAGER) and not actor.delegated_items:
        # the hall serves for every unit: its manager counts the cases of all, though he sees the inside of none
        return found | Q(tenant=actor.tenant)
    return found


def sees_county(actor: Actor) -> bool:
    """Whether the actor counts the whole county, and with it reads what was not counted by unit."""
    if actor.kind == "system" or actor.has_role(Role.HALL_MANAGER):
        return True
    reaches = {role: default_scope(role) for role in actor.roles} | dict(actor.scopes)
    return any(reaches.get(role) == Scope.COUNTY for role in FIGURE_READERS if actor.has_role(role))


def unit_place(line: Line) -> Place:
    """The place of a unit's line."""
    return Place(org_id=uuid.UUID(line.key), org_name=line.label)


def place_of(actor: Actor, org: uuid.UUID | None, item: str) -> Place:
    """The unit and item an address names, with their names; NotFound outside the actor's reach."""
    if org is None and not item:
        return Place()
    rows = CaseFigure.objects.filter(reach(actor))
    rows = rows.filter(org_id=org) if org is not None else rows
    found = (rows.filter(item_code=item) if item else rows).order_by("-applied_on", "-id").first()
    if found is None:
        raise NotFound(_("没有这个单位或者事项的办件，或者它不在您的统计范围内。"))
    return Place(
        org_id=org,
        org_name=found.org_name if org is not None else "",
        item_code=item,
        item_name=found.item_name if item else "",
    )


def rows_of(measure: str, period: Period) -> Q:
    """The rows a measure counts; for a share those of its upper part."""
    return _ROWS[measure](period)


def _applied(period: Period) -> Q:
    return Q(applied_on__range=(period.first, period.last))


def _closed(period: Period) -> Q:
    return Q(closed_on__range=(period.first, period.last))


def _decided(period: Period) -> Q:
    return _closed(period) & _DECIDED


def _open(period: Period) -> Q:
    return Q(applied_on__lte=period.last) & (Q(closed_on__isnull=True) | Q(closed_on__gt=period.last))


def _still_open(period: Period) -> tuple[Q, Q]:
    """The same in two parts, of which each finds its rows by the day they were closed: far fewer than all."""
    came = Q(applied_on__lte=period.last)
    return came & Q(closed_on__isnull=True), came & Q(closed_on__gt=period.last)


_ROWS: dict[str, Callable[[Period], Q]] = {
    "applied": _applied,
    "online": lambda period: _applied(period) & Q(channel=Channel.ONLINE),
    "counter": lambda period: _applied(period) & Q(channel=Channel.COUNTER),
    "town": lambda period: _applied(period) & Q(channel__in=_TOWN),
    "accepted": lambda period: Q(accepted_on__range=(period.first, period.last)),
    "decided": _decided,
    "granted": lambda period: _closed(period) & Q(outcome="approved"),
    "refused": lambda period: _closed(period) & Q(outcome="rejected"),
    "not_accepted": lambda period: _closed(period) & Q(outcome="not_accepted"),
    "dropped": lambda period: _closed(period) & Q(outcome__in=["withdrawn", "terminated"]),
    "open": _open,
    "overdue": lambda period: _open(period) & Q(late_on__lte=period.last),
    "on_time": lambda period: _decided(period) & Q(late_on__isnull=True),
    "late": lambda period: _decided(period) & Q(late_on__isnull=False),
    "lawful": lambda period: _decided(period) & Q(statutory_late=False),
    "no_trip": lambda period: _decided(period) & Q(trips=0),
    "one_trip": lambda period: _decided(period) & Q(trips__lte=1),
    "saved": _decided,
    "reused": lambda period: _applied(period) & Q(reused__gt=0),
    "corrected": lambda period: _applied(period) & Q(notices__gt=0),
    "notices": lambda period: _applied(period) & Q(notices__gt=0),
    "repeated": lambda period: _applied(period) & Q(notices__gt=1),
    "median": _decided,
    "p90": lambda period: _decided(period) & Q(days__isnull=False),
    "faster": lambda period: _decided(period) & Q(statutory_days__gt=0, days__isnull=False),
}
#: figures whose cases can be listed
COUNTABLE = tuple(_ROWS)
_COUNTED = (
    *("applied", "online", "counter", "town", "accepted", "decided", "granted", "refused", "not_accepted", "dropped"),
    *("on_time", "lawful", "no_trip", "one_trip", "corrected", "repeated"),
)


def _flows(period: Period) -> dict[str, Any]:
    """What happened in the time, as aggregates of the rows it touches."""
    applied, decided, both = _applied(period), _decided(period), _ROWS["faster"](period)
    return {
        **{f"n_{key}": Count("pk", filter=_ROWS[key](period)) for key in _COUNTED},
        "median": Percentile("days", at=0.5, filter=decided),
        "p90": Percentile("days", at=0.9, filter=decided),
        "mean": Avg("days", filter=both, output_field=FloatField()),
        "promised": Avg("promised_days", filter=decided, output_field=FloatField()),
        "statutory": Avg("statutory_days", filter=both, output_field=FloatField()),
        "s_trips": Sum("trips", filter=decided),
        "s_trips_before": Sum("trips_before", filter=decided),
        "s_papers": Sum("papers", filter=applied),
        "s_reused": Sum("reused", filter=applied),
        "s_notices": Sum("notices", filter=applied),
    }


def _touched(period: Period) -> Q:
    return _applied(period) | _ROWS["accepted"](period) | _closed(period)


def _stocks(period: Period) -> dict[str, Any]:
    return {"n_open": Count("pk"), "n_overdue": Count("pk", filter=Q(late_on__lte=period.last))}


def _add(found: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Counts of one part onto those of another."""
    for key, count in more.items():
        found[key] = (found.get(key) or 0) + count


def _tally(found: Mapping[str, Any], rated: Sequence[ratings.Figures]) -> Tally:
    values = {}
    for key, value in found.items():
        name = key[2:] if key.startswith(("n_", "s_")) else key
        values[name] = (value or 0) if key.startswith(("n_", "s_")) else value
    return Tally(**values, **_ratings_of(rated))


def _ratings_of(rated: Sequence[ratings.Figures]) -> dict[str, Any]:
    """Ratings of several units together; the mean weighs each rating the same."""
    count = sum(one.rated for one in rated)
    stars = sum(float(one.mean) * one.rated for one in rated if one.mean is not None)
    return {
        "rated": count,
        "good": sum(one.good for one in rated),
        "bad": sum(one.bad for one in rated),
        "contacted": sum(one.answered for one in rated),
        "stars": stars / count if count else None,
    }


def tally(actor: Actor, place: Place, period: Period) -> Tally:
    """All figures of a place in a time; ratings by the day they were given."""
    rows = CaseFigure.objects.filter(reach(actor) & place.rows())
    found = rows.filter(_touched(period)).aggregate(**_flows(period))
    for still in _still_open(period):
        _add(found, rows.filter(still).aggregate(**_stocks(period)))
    return _tally(found, _rated(actor, place, period))


def _rated(actor: Actor, place: Place, period: Period) -> Sequence[ratings.Figures]:
    """Ratings of the place; for who does not see the county those of the units in his reach."""
    days = {"since": period.first, "until": period.last}
    if place.org_id is not None or place.item_code or sees_county(actor):
        return [ratings.figures(actor.tenant, org_id=place.org_id, item=place.item_code, **days)]
    units = set(CaseFigure.objects.filter(reach(actor)).order_by().values_list("org_id", flat=True).distinct())
    return [one for one in ratings.figures_by_unit(actor.tenant, **days) if one.org_id in units]


def by_unit(actor: Actor, period: Period) -> list[Line]:
    """The figures by unit, most decided first."""
    scores = {
        line.org_id: line for line in ratings.figures_by_unit(actor.tenant, since=period.first, until=period.last)
    }
    lines = _grouped(actor, Place(), period, "org_id", "org_name")
    return _lines(lines, {str(key): one for key, one in scores.items()})


def by_item(actor: Actor, place: Place, period: Period) -> list[Line]:
    """The figures of a unit's items, most decided first."""
    found = ratings.figures_by_item(actor.tenant, org_id=place.org_id, since=period.first, until=period.last)
    return _lines(_grouped(actor, place, period, "item_code", "item_name"), {one.key: one for one in found})


def _grouped(actor: Actor, place: Place, period: Period, key: str, label: str) -> dict[str, dict[str, Any]]:
    rows = CaseFigure.objects.filter(reach(actor) & place.rows())
    found: dict[str, dict[str, Any]] = {}
    touched = rows.filter(_touched(period)).values(key).annotate(label=Max(label), **_flows(period))
    for row in touched.order_by():
        found[str(row.pop(key))] = row
    for still in _still_open(period):
        for row in rows.filter(still).values(key).annotate(label=Max(label), **_stocks(period)).order_by():
            mine = found.setdefault(str(row.pop(key)), {"label": row["label"]})
            _add(mine, {name: count for name, count in row.items() if name != "label"})
    return found


def _lines(found: Mapping[str, dict[str, Any]], scores: Mapping[str, ratings.Figures]) -> list[Line]:
    lines = [
        Line(
            key,
            row["label"],
            _tally(
                {name: value for name, value in row.items() if name != "label"}, [scores[key]] if key in scores else []
            ),
        )
        for key, row in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.tally.decided, -line.tally.applied, line.label))


def course(actor: Actor, place: Place, period: Period) -> list[dict[str, Any]]:
    """What came in and was decided: by day in a time of at most a month, else by month."""
    rows = CaseFigure.objects.filter(reach(actor) & place.rows())
    days = (period.last - period.first).days
    part = "day" if days <= 31 else "month"
    found: dict[dt.date, dict[str, Any]] = {step: {} for step in _steps(period, part)}
    for name, condition, day in (
        ("applied", _applied(period), "applied_on"),
        ("decided", _decided(period), "closed_on"),
    ):
        for value, count in rows.filter(condition).values_list(day).annotate(n=Count("pk")).order_by():
            slot = found[value if part == "day" else value.replace(day=1)]
            slot[name] = slot.get(name, 0) + count
    return [
        {
            "label": f"{step.day}日" if part == "day" else _month_name(step),
            "applied": slot.get("applied", 0),
            "decided": slot.get("decided", 0),
        }
        for step, slot in found.items()
    ]


def _steps(period: Period, part: str) -> Iterable[dt.date]:
    if part == "day":
        return [period.first + dt.timedelta(days=number) for number in range((period.last - period.first).days + 1)]
    count = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    return [month.first for month in months_until(period.last, count)]


def months(actor: Actor, place: Place, last: dt.date) -> list[dict[str, Any]]:
    """The last thirteen months: how long decisions took and how many were on time; a month without any is a gap."""
    shown = months_until(last, _MONTHS_SHOWN)
    rows = CaseFigure.objects.filter(reach(actor) & place.rows() & _DECIDED)
    counted = (
        rows.filter(closed_on__range=(shown[0].first, shown[-1].last))
        .values(year=F("closed_on__year"), month=F("closed_on__month"))
        .annotate(
            n=Count("pk"),
            in_time=Count("pk", filter=Q(late_on__isnull=True)),
            median=Percentile("days", at=0.5),
            p90=Percentile("days", at=0.9),
        )
        .order_by()
    )
    found = {f"{row['year']}-{row['month']:02}": row for row in counted}
    return [_month(month, found.get(month.key)) for month in shown]


def _month(month: Period, row: Mapping[str, Any] | None) -> dict[str, Any]:
    tally_of = (
        Tally()
        if row is None
        else Tally(decided=row["n"], on_time=row["in_time"], median=row["median"], p90=row["p90"])
    )
    value = {key: MEASURES[key].of(tally_of) for key in ("median", "p90", "on_time")}
    return {
        "label": _month_name(month.first),
        **{key: None if one is None else float(one) for key, one in value.items()},
    }


def _month_name(day: dt.date) -> str:
    """3月; in January with the year that begins."""
    return f"{day.month}月" if day.month > 1 else f"{day.year}年1月"


def cases_behind(
    actor: Actor, place: Place, period: Period, measure: str, *, page: object = 1, size: int = 50
) -> Page[CaseFigure]:
    """The cases a figure counts, within the actor's reach, the newest first."""
    if measure not in _ROWS:
        raise NotFound(_("没有这个指标，或者它不按办件计算。"))
    return page_of(_behind(actor, place, period, measure), page, size=size)


def all_behind(actor: Actor, place: Place, period: Period, measure: str, most: int) -> Sequence[CaseFigure]:
    """The same, as many as may be taken out at once."""
    return list(_behind(actor, place, period, measure)[:most])


def _behind(actor: Actor, place: Place, period: Period, measure: str) -> "QuerySet[CaseFigure]":
    rows = CaseFigure.objects.filter(reach(actor) & place.rows() & rows_of(measure, period))
    return rows.prefetch_related("application").order_by("-applied_on", "-number")


def month_before(day: dt.date) -> Period:
    """The whole month before the month of a day."""
    return whole_period(f"{day.replace(day=1) - dt.timedelta(days=1):%Y-%m}")
