"""The limit of a rectification or a referral as its pages explain it."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import now
from zhengtong.systems.inspections.constants import YELLOW_RATIO
from zhengtong.systems.inspections.models import Limited, Rectification

LABELS = {"rectify": "整改", "review": "复查"}


@dataclasses.dataclass(frozen=True)
class LimitView:
    """The limit that runs, with one sentence that shows how the last day came about."""

    label: str
    limit: str
    due_on: dt.date
    lamp: str
    sentence: str


def instants_of(row: Limited) -> tuple[dt.date, dt.datetime, dt.datetime | None]:
    """Last day, its end, and when the limit turns yellow, by the calendar of today."""
    limit, calendar = cases.Limit(row.amount, cases.Unit(row.unit)), cases.calendar_of(row.tenant)
    due = cases.deadline_of(row.started_on, limit, [], [], calendar)
    if due.due_date is None or due.due_at is None:
        raise ValueError("a row without a limit")
    ratio = Decimal(str(parameters.value(YELLOW_RATIO, tenant=row.tenant)))
    return due.due_date, due.due_at, cases.warning_at(row.started_on, limit, [], [], calendar, ratio)


def lamp_of(row: Limited | None) -> str:
    """green, yellow, red, or none where nothing runs."""
    if row is None or not row.running:
        return "none"
    return str(cases.lamp_at(now(), yellow_at=row.yellow_at, red_at=row.due_at, breach_at=None))


def limit_view(row: Limited) -> LimitView | None:
    """The limit that runs, None where none does."""
    if not row.running:
        return None
    limit, calendar = cases.Limit(row.amount, cases.Unit(row.unit)), cases.calendar_of(row.tenant)
    due = cases.deadline_of(row.started_on, limit, [], [], calendar)
    return LimitView(
        label=_(LABELS[row.stage]) if isinstance(row, Rectification) else _("处理"),
        limit=limit.label,
        due_on=row.due_on,
        lamp=lamp_of(row),
        sentence=cases.arithmetic(row.started_on, limit, [], [], calendar, due),
    )
