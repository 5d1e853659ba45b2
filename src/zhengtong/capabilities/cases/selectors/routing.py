"""Who can do a unit's tasks today and how much each has, the unit's rules, and who is away."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db.models import Count, Q, QuerySet

from zhengtong.capabilities.cases.constants import Phase, RoutingMode, WorkItemStatus
from zhengtong.capabilities.cases.models import Absence, RoutingRule, WorkItem
from zhengtong.capabilities.cases.permissions import HANDLERS
from zhengtong.capabilities.cases.registry import areas_of_county, items_of_unit
from zhengtong.capabilities.cases.rules.routing import Away, Officer, Rule
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now

_FAMILIAR_DAYS = parameters.declare(
    "cases.routing_familiar_days",
    default=180,
    label="按熟悉程度派件时，统计最近多少天办过的同一事项",
    unit="天",
    source="本单位内部分工",
    confirmed=False,
).key

_MOST_ITEMS = 300


@dataclasses.dataclass(frozen=True)
class RoutingRuleView:
    """A rule as its page shows it."""

    id: uuid.UUID
    item: str
    phase: str
    area: str
    mode: str
    officers: str
    set_by: str


@dataclasses.dataclass(frozen=True)
class AbsenceView:
    """Somebody away, from and until inclusive; ``held`` counts the open tasks he has in hand."""

    id: uuid.UUID
    person: str
    from_day: dt.date
    until_day: dt.date
    substitute: str
    noted_by: str
    held: int


@dataclasses.dataclass(frozen=True)
class LoadView:
    """What an officer of the unit has in hand and has done."""

    person_id: uuid.UUID
    name: str
    post: str
    held: int
    late: int
    done: int
    away: str


def rule_of(row: RoutingRule) -> Rule:
    """A stored rule as the pure rules read it."""
    return Rule(
        mode=row.mode,
        officers=tuple((uuid.UUID(one["id"]), one["name"]) for one in row.officers),
        last_id=row.last_id,
        item_code=row.item_code,
        phase=row.phase,
        area=row.area,
    )


def officers_for(
    *, tenant: str, org_id: uuid.UUID, role: str, item_code: str, without: Collection[uuid.UUID] = ()
) -> list[Officer]:
    """Everybody who can do a task of the unit today, with load, practice and absence; ``without`` are left out."""
    people = {
        one.person_id: one.name for one in identity.people_in(tenant, org_id, role) if one.person_id not in without
    }
    away, loads = _away(tenant, org_id), open_loads(tenant, org_id, people)
    done = _practice(tenant, item_code, people)
    stand_ins = {one.delegator_id: one for one in identity.stand_ins(tenant, org_id, role, item_code)}
    found = []
    for key, name in people.items():
        stand_in, absence = stand_ins.get(key), away.get(key)
        if absence is None and stand_in is not None and stand_in.delegate_id in people:
            absence = Away(f"已委托{stand_in.delegate}", stand_in.until, stand_in.delegate_id)
        deputy = stand_in.delegate if stand_in is not None and stand_in.delegate_id not in people else ""
        found.append(
            Officer(
                key,
                name,
                load=loads.get(key, 0),
                done=done.get(key, 0),
                away=None if deputy else absence,
                deputy=deputy,
            )
        )
    return found


def open_loads(tenant: str, org_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many open tasks of the unit each of them has in hand."""
    rows = WorkItem.objects.filter(tenant=tenant, org_id=org_id, status=WorkItemStatus.OPEN, holder_id__in=list(people))
    return dict(rows.values_list("holder_id").annotate(count=Count("id")))


def _practice(tenant: str, item_code: str, people: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    if not item_code:
        return {}
    since = now() - dt.timedelta(days=int(parameters.value(_FAMILIAR_DAYS, tenant=tenant)))
    rows = WorkItem.objects.filter(
        tenant=tenant,
        status=WorkItemStatus.DONE,
        done_by_id__in=list(people),
        done_at__gte=since,
        case__item_code=item_code,
    )
    return dict(rows.values_list("done_by_id").annotate(count=Count("id")))


def current_absences(tenant: str, org_id: uuid.UUID, *, coming: bool = False) -> "QuerySet[Absence]":
    """Who of the unit is away today, with ``coming`` also later."""
    today = local_date()
    rows = Absence.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=today), tenant=tenant, org_id=org_id, until_day__gte=today
    )
    return rows if coming else rows.filter(from_day__lte=today)


def _away(tenant: str, org_id: uuid.UUID) -> dict[uuid.UUID, Away]:
    rows = current_absences(tenant, org_id).order_by("until_day")
    return {row.person_id: Away("请假", row.until_day, row.substitute_id) for row in rows}


def rules_of_unit(actor: Actor) -> tuple[RoutingRuleView, ...]:
    """The rules of the actor's unit, the special ones first."""
    if actor.org_id is None:
        return ()
    rows = RoutingRule.objects.filter(tenant=actor.tenant, org_id=actor.org_id)
    ordered = sorted(rows, key=lambda row: rule_of(row).weight, reverse=True)
    return tuple(
        RoutingRuleView(
            id=row.id,
            item=row.item_name or row.item_code,
            phase=str(Phase(row.phase).label) if row.phase else "",
            area=row.area_name,
            mode=str(RoutingMode(row.mode).label),
            officers="、".join(one["name"] for one in row.officers),
            set_by=row.set_by,
        )
        for row in ordered
    )


def absences_of_unit(actor: Actor) -> tuple[AbsenceView, ...]:
    """Who of the actor's unit is or will be away."""
    if actor.org_id is None:
        return ()
    rows = list(current_absences(actor.tenant, actor.org_id, coming=True).order_by("from_day", "person"))
    loads = open_loads(actor.tenant, actor.org_id, {row.person_id for row in rows})
    return tuple(
        AbsenceView(
            row.id,
            row.person,
            row.from_day,
            row.until_day,
            row.substitute,
            row.noted_by,
            loads.get(row.person_id, 0),
        )
        for row in rows
    )


def loads_of_unit(actor: Actor) -> tuple[LoadView, ...]:
    """What each officer of the actor's unit has in hand, is late with, and has done in thirty days."""
    if actor.org_id is None:
        return ()
    people = people_of_unit(actor)
    rows = WorkItem.objects.filter(tenant=actor.tenant, org_id=actor.org_id)
    open_ = rows.filter(status=WorkItemStatus.OPEN, holder_id__in=list(people))
    held = dict(open_.values_list("holder_id").annotate(count=Count("id")))
    late = dict(open_.filter(due_at__lte=now()).values_list("holder_id").annotate(count=Count("id")))
    since = now() - dt.timedelta(days=30)
    done = dict(
        rows.filter(status=WorkItemStatus.DONE, done_by_id__in=list(people), done_at__gte=since)
        .values_list("done_by_id")
        .annotate(count=Count("id"))
    )
    away = {row.person_id: row.until_day for row in current_absences(actor.tenant, actor.org_id)}
    return tuple(
        LoadView(
            person_id=key,
            name=person.name,
            post=person.post_name,
            held=held.get(key, 0),
            late=late.get(key, 0),
            done=done.get(key, 0),
            away=f"请假至{away[key].month}月{away[key].day}日" if key in away else "",
        )
        for key, person in people.items()
    )


def people_of_unit(actor: Actor) -> dict[uuid.UUID, identity.PersonInPost]:
    """Everybody of the actor's unit who handles cases, by key."""
    if actor.org_id is None:
        return {}
    return {
        person.person_id: person for role in HANDLERS for person in identity.people_in(actor.tenant, actor.org_id, role)
    }


def waiting_without_officer(actor: Actor) -> int:
    """How many open tasks of the unit nobody has in hand."""
    return WorkItem.objects.filter(
        tenant=actor.tenant, org_id=actor.org_id, status=WorkItemStatus.OPEN, holder_id__isnull=True
    ).count()


def item_choices(actor: Actor) -> Sequence[tuple[str, str]]:
    """Items a rule of the actor's unit can name: its own, and those in whose cases it had a task."""
    if actor.org_id is None:
        return ()
    shared = WorkItem.objects.filter(tenant=actor.tenant, org_id=actor.org_id).exclude(case__org_id=actor.org_id)
    seen = shared.exclude(case__item_code="").order_by().values_list("case__item_code", "case__title").distinct()
    found = dict(seen[:_MOST_ITEMS])
    found |= {code: name for _key, items in items_of_unit.items() for code, name in items(actor.tenant, actor.org_id)}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def area_choices(actor: Actor) -> Sequence[tuple[str, str]]:
    """Parts of the county a rule can name."""
    return tuple(pair for _key, areas in areas_of_county.items() for pair in areas(actor.tenant))
