"""Counting the times of steps month by month, so that a page over a year of a county need not read every step."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import connection, transaction

from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.models import StepTally, TalliedMonth
from zhengtong.systems.supervision.selectors.path_times import KINDS, next_month

_MONTH = "date_trunc('month', done_at at time zone 'Asia/Shanghai')::date"
_TOUCHED = (
    f"select distinct tenant, process_id, {_MONTH} from supervision_steptime"  # noqa: S608  (own words)
    " where path_id = any(%s) and done_at < %s"
)
_OPEN = (
    f"select distinct s.tenant, s.process_id, {_MONTH} from supervision_steptime s"  # noqa: S608  (own words)
    " where s.tenant = %s and s.done_at < %s"
)
_COUNT = (
    "insert into supervision_steptally (tenant, process_id, month, node, org_id, kind, seconds, number)"  # noqa: S608  (own words)
    " select s.tenant, s.process_id, %s, s.node, s.org_id, k.kind, k.seconds, count(*) from supervision_steptime s"
    f" cross join lateral {KINDS} where s.tenant = %s and s.process_id = %s and s.done_at >= %s and s.done_at < %s"
    " and k.seconds is not null group by s.tenant, s.process_id, s.node, s.org_id, k.kind, k.seconds"
)
_ALONE = "select pg_advisory_xact_lock(hashtext(%s))"


def tally_months(tenant: str) -> int:
    """Count every month that is over and not counted yet; how many were. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [tenant, start_of_day(local_date().replace(day=1))])
        months = set(cursor.fetchall())
    counted = TalliedMonth.objects.filter(tenant=tenant).values_list("tenant", "process_id", "month")
    missing = sorted(months - set(counted), key=str)
    for _tenant, process_id, month in missing:
        _tally(tenant, process_id, month)
    return len(missing)


@transaction.atomic
def _tally(tenant: str, process_id: uuid.UUID, month: dt.date) -> None:
    """Whoever changes a step of a month that is over waits meanwhile, and takes the count back."""
    begin, end = start_of_day(month), start_of_day(next_month(month))
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [f"supervision.tally {tenant}"])
        StepTally.objects.filter(tenant=tenant, process_id=process_id, month=month).delete()
        cursor.execute(_COUNT, [month, tenant, process_id, begin, end])
    fresh = TalliedMonth(tenant=tenant, process_id=process_id, month=month)
    TalliedMonth.objects.bulk_create([fresh], ignore_conflicts=True)


def forget_tallies(path_ids: Iterable[uuid.UUID]) -> None:
    """Steps of months that are over come or go: these months are counted anew; part of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [list(path_ids), start_of_day(local_date().replace(day=1))])
        for tenant, process_id, month in cursor.fetchall():
            cursor.execute(_ALONE, [f"supervision.tally {tenant}"])
            TalliedMonth.objects.filter(tenant=tenant, process_id=process_id, month=month).delete()
