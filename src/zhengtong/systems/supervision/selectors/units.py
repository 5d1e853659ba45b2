"""Figures of each unit: cards that stand now, steps that are open now, what was done in the period."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Count, Max, Q

from zhengtong.systems.supervision.constants import OPEN_STATES
from zhengtong.systems.supervision.models import Card, WatchedCase, WatchedStep
from zhengtong.systems.supervision.rules import Tally, UnitFigures

#: unit, its name, and one or more counts
_Counts = Iterable[tuple[uuid.UUID | None, str, *tuple[int, ...]]]


def unit_figures(tenant: str, since: dt.datetime) -> list[UnitFigures]:
    """Every unit that has a card, a step or a case on the board; four statements, however many units there are."""
    found: dict[uuid.UUID, UnitFigures] = {}
    for unit, (yellow, red, breach) in _by_unit(found, _cards(tenant)):
        found[unit.org_id] = dataclasses.replace(unit, yellow=yellow, red=red, breach=breach)
    for unit, (number, late) in _by_unit(found, _open_steps(tenant)):
        found[unit.org_id] = dataclasses.replace(unit, open_steps=number, late_steps=late)
    for unit, (done, in_time) in _by_unit(found, _done_steps(tenant, since)):
        found[unit.org_id] = dataclasses.replace(unit, steps=Tally(in_time, done))
    for unit, (done, in_time) in _by_unit(found, _closed_cases(tenant, since)):
        found[unit.org_id] = dataclasses.replace(unit, cases=Tally(in_time, done))
    return list(found.values())


def _by_unit(found: dict[uuid.UUID, UnitFigures], rows: _Counts) -> Iterable[tuple[UnitFigures, list[int]]]:
    for org_id, name, *counts in rows:
        if org_id is not None:
            yield found.setdefault(org_id, UnitFigures(org_id, name)), counts


def _cards(tenant: str) -> _Counts:
    rows = Card.objects.filter(tenant=tenant, state__in=OPEN_STATES).values("org_id")
    found = rows.annotate(
        name=Max("org_name"),
        yellow=Count("pk", filter=Q(level="yellow")),
        red=Count("pk", filter=Q(level="red")),
        breach=Count("pk", filter=Q(level="breach")),
    )
    return found.values_list("org_id", "name", "yellow", "red", "breach")


def _open_steps(tenant: str) -> _Counts:
    rows = WatchedStep.objects.filter(tenant=tenant, done_at__isnull=True, dropped=False).values("org_id")
    found = rows.annotate(name=Max("org_name"), n=Count("pk"), late=Count("pk", filter=Q(late_at__isnull=False)))
    return found.values_list("org_id", "name", "n", "late")


def _done_steps(tenant: str, since: dt.datetime) -> _Counts:
    rows = WatchedStep.objects.filter(tenant=tenant, done_at__gte=since).values("org_id")
    found = rows.annotate(name=Max("org_name"), n=Count("pk"), in_time=Count("pk", filter=Q(late_at__isnull=True)))
    return found.values_list("org_id", "name", "n", "in_time")


def _closed_cases(tenant: str, since: dt.datetime) -> _Counts:
    rows = WatchedCase.objects.filter(tenant=tenant, closed_at__gte=since).values("org_id")
    found = rows.annotate(name=Max("org_name"), n=Count("pk"), in_time=Count("pk", filter=Q(in_time=True)))
    return found.values_list("org_id", "name", "n", "in_time")
