"""Keeping the working calendar of a tenant."""

import csv
import io
from collections.abc import Iterable

from django.db import transaction

from zhengtong.capabilities.cases.models import CalendarDay
from zhengtong.capabilities.cases.selectors.calendar import forget_calendars
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import DayRow


def import_calendar(*, actor: Actor, text: str) -> int:
    """Store the days of a notice given as CSV (day, kind, name, notice); returns how many days it holds."""
    rows = [DayRow.from_record(record) for record in csv.DictReader(io.StringIO(text))]
    with transaction.atomic():
        _store(actor.tenant, rows)
        ledger.append(
            actor=actor,
            act="cases.import_calendar",
            object_ref=ObjectRef(kind="calendar", id=actor.tenant),
            payload={"days": len(rows), "sources": sorted({row.source for row in rows})},
        )
    forget_calendars()
    return len(rows)


def _store(tenant: str, rows: Iterable[DayRow]) -> None:
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                tenant=tenant, day=row.day, is_workday=row.is_workday, name=row.name, source=row.source, local=row.local
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["tenant", "day", "local"],
        update_fields=["is_workday", "name", "source"],
    )
