"""Taking note that rows changed, and looking once a day for rows nobody took note of."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from zhengtong.capabilities.exchange.constants import SWEEP_DAYS
from zhengtong.capabilities.exchange.models import ChangedRow, ReportedRow, ReportStream
from zhengtong.capabilities.exchange.registry import DataSet, data_sets
from zhengtong.capabilities.exchange.services.ways import way_in_use
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import clock, parameters

_PAGE = 200


def mark_changed(*, tenant: str, dataset: str, keys: Iterable[str], forced: bool = False) -> None:
    """Rows under these keys are to be reported again; what held them is to be looked at anew.

    The mark bears the present time even where an invented past is lived through: it says since when it waits.
    """
    with clock.present():
        at = clock.now()
    fields = ["marked_at", "problems", "held_at", *(["forced"] if forced else [])]
    ChangedRow.objects.bulk_create(
        [
            ChangedRow(tenant=tenant, dataset=dataset, row_key=key, marked_at=at, forced=forced)
            for key in dict.fromkeys(keys)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "dataset", "row_key"],
        update_fields=fields,
    )


def sweep_due() -> int:
    """Once a day look through every data set for rows that were never reported; how many were found.

    The first time all of them, then those of the last days: what was there before reporting began, and whatever an
    event should have told and did not. Nothing where nobody is reported to.
    """
    if way_in_use() is None:
        return 0
    found = 0
    for tenant in identity.tenants():
        for code, dataset in data_sets.items():
            stream, _made = ReportStream.objects.get_or_create(tenant=tenant, dataset=code)
            if stream.swept_on != clock.local_date():
                found += sweep(tenant, dataset, stream)
    return found


def sweep(tenant: str, dataset: DataSet, stream: ReportStream) -> int:
    """Mark the rows of one data set that no package holds and nobody has marked."""
    found, after = 0, ""
    days: int = parameters.value(SWEEP_DAYS, tenant=tenant)
    since = None if stream.swept_on is None else stream.swept_on - dt.timedelta(days=days)
    while True:
        page = dataset.source.keys(tenant, since=since, after=after, limit=_PAGE)
        missing = _unknown(tenant, dataset.code, page.keys)
        with transaction.atomic():
            mark_changed(tenant=tenant, dataset=dataset.code, keys=missing)
        found, after = found + len(missing), page.after
        if not after:
            break
    ReportStream.objects.filter(pk=stream.pk).update(swept_on=clock.local_date())
    return found


def _unknown(tenant: str, dataset: str, keys: Iterable[str]) -> list[str]:
    wanted = list(keys)
    known = set(
        ReportedRow.objects.filter(tenant=tenant, dataset=dataset, row_key__in=wanted).values_list("row_key", flat=True)
    )
    known.update(
        ChangedRow.objects.filter(tenant=tenant, dataset=dataset, row_key__in=wanted).values_list("row_key", flat=True)
    )
    return [key for key in wanted if key not in known]
