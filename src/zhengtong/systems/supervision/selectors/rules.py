"""The rules in force as a page lists them."""

import dataclasses
import datetime as dt
from decimal import Decimal

from zhengtong.kernel.actors import Actor
from zhengtong.systems.supervision.models import RuleVersion
from zhengtong.systems.supervision.permissions import check_supervisor
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.rules import Condition


@dataclasses.dataclass(frozen=True)
class RuleRow:
    """One rule in force."""

    key: str
    version: int
    name: str
    event_label: str
    area: str
    level: str
    level_label: str
    scope_label: str
    clears: bool
    basis: str
    source: str
    confirmed: bool
    explanation: str
    points: Decimal
    valid_from: dt.datetime
    valid_until: dt.datetime | None
    event: str
    condition: Condition


def rule_row(rule: RuleVersion) -> RuleRow:
    """A version as a page shows it."""
    source = event_sources.get(rule.event) if rule.event in event_sources else None
    return RuleRow(
        key=rule.key,
        version=rule.version,
        name=rule.name,
        event_label=source.label if source else rule.event,
        area=source.area if source else "",
        level=rule.level,
        level_label=rule.get_level_display(),
        scope_label=rule.get_scope_display(),
        clears=rule.clears,
        basis=rule.basis,
        source=rule.source,
        confirmed=rule.confirmed,
        explanation=rule.explanation,
        points=rule.points,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        event=rule.event,
        condition=rule.condition,
    )


def rules(actor: Actor) -> tuple[RuleRow, ...]:
    """The rules in force of the tenant, in the order of their keys; for supervisors."""
    check_supervisor(actor)
    rows = RuleVersion.objects.filter(tenant=actor.tenant, active=True).order_by("key")
    return tuple(rule_row(row) for row in rows)
