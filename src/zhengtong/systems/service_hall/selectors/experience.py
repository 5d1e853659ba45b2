"""How the items of the county went lately: how many applied, how long the decisions took."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db import connection

from zhengtong.capabilities.catalogue.registry import Experience
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.service_hall.constants import ApplicationStatus, Purpose

_RECENT = dt.timedelta(days=90)
_YEAR = dt.timedelta(days=365)
_KEPT_SECONDS = 600
_DECIDED = ("准予", "不予许可")  # what was withdrawn or turned away says nothing of how long a review takes

_SQL = """
select item_code,
    count(*) filter (where submitted_at >= %(recent)s),
    count(*) filter (where (submitted_at at time zone 'Asia/Shanghai')::date >= %(new_year)s),
    count(*) filter (where decided),
    percentile_cont(0.5) within group (order by days) filter (where decided)
from (
    select item_code, submitted_at,
        (closed_at at time zone 'Asia/Shanghai')::date - (submitted_at at time zone 'Asia/Shanghai')::date as days,
        status = %(closed)s and closed_at >= %(year)s and outcome_label = any(%(outcomes)s) and purpose = %(new)s
            as decided
    from service_hall_application
    where tenant = %(tenant)s and (submitted_at >= %(year)s or closed_at >= %(year)s)
) rows group by item_code
"""


def experience_of_items(tenant: str) -> Mapping[str, Experience]:
    """By code of the item; reckoned anew every ten minutes."""
    key = f"service_hall.experience.{tenant}"
    found: Mapping[str, Experience] | None = cache.get(key)
    if found is None:
        found = _reckoned(tenant)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _reckoned(tenant: str) -> dict[str, Experience]:
    at = now()
    values: dict[str, Any] = {
        "tenant": tenant,
        "recent": at - _RECENT,
        "year": at - _YEAR,
        "new_year": local_date(at).replace(month=1, day=1),
        "closed": ApplicationStatus.CLOSED.value,
        "outcomes": list(_DECIDED),
        "new": Purpose.NEW.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return {code: Experience(*counts) for code, *counts in cursor.fetchall()}
