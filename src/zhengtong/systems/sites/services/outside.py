"""Addresses outside: noted when pages were read, asked one by one through the day, what came of it kept.

No entry in the ledger: what the inspection finds by it gets one.
"""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.many import insert_all
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.systems.sites.constants import OUTSIDE_DAYS, OUTSIDE_SECONDS
from zhengtong.systems.sites.engine.outside import Answer, Reply, asked, host_of
from zhengtong.systems.sites.models import GovernmentSite, OutsideLink
from zhengtong.systems.sites.rules.outside import Known, answered, failed, unheard, way_is_open
from zhengtong.systems.sites.selectors.outside import is_examined, named

_AT_ONCE, _THREADS, _LOOKED_AT = 20, 4, 400
_HEARD: Final = (Reply.ANSWERS, Reply.MISSING)
_FIELDS: Final = ("reply", "problem", "next_at", "answered_at", "failed_days", "failing_since", "failed_on")


@transaction.atomic
def note_named(tenant: str) -> int:
    """Keep a row for each address outside that published pages name, and none for others; returns how many are new."""
    if not is_examined():
        return 0
    wanted = named(tenant)
    there = dict(OutsideLink.objects.filter(tenant=tenant).values_list("url", "pk"))
    OutsideLink.objects.filter(pk__in=[key for address, key in there.items() if address not in wanted]).delete()
    new = [OutsideLink(tenant=tenant, url=address, next_at=now()) for address in sorted(wanted - there.keys())]
    insert_all(new)
    return len(new)


@transaction.atomic
def look_again(site: GovernmentSite) -> None:
    """Have the failing addresses of a site asked within a minute: somebody says they are mended."""
    failing = OutsideLink.objects.filter(tenant=site.tenant, failed_days__gt=0, url__in=named(site.tenant, site.pk))
    failing.update(next_at=now())


def ask_due() -> int:
    """Ask some of the addresses that are due, one of a host; 0, so that a host is left in peace until the next turn.

    RuntimeError inside a transaction: others must not wait for a machine far away.
    """
    if not is_examined():
        return 0
    refuse_inside("addresses outside are asked")
    tenant, moment, day = str(settings.ZHENGTONG_TENANT), now(), local_date()
    rows = _due(tenant, moment)
    seconds = float(parameters.value(OUTSIDE_SECONDS, tenant=tenant, on=day))
    with ThreadPoolExecutor(_THREADS) as pool:
        answers = list(pool.map(lambda row: asked(row.url, timeout=seconds), rows))
    if rows:
        _keep(tenant, rows, answers, day)
    return 0


def _due(tenant: str, moment: dt.datetime) -> list[OutsideLink]:
    """The longest due, each of another host."""
    rows = OutsideLink.objects.filter(tenant=tenant, next_at__lte=moment).order_by("next_at", "pk")[:_LOOKED_AT]
    found: dict[str, OutsideLink] = {}
    for row in rows:
        found.setdefault(host_of(row.url), row)
    return list(found.values())[:_AT_ONCE]


@transaction.atomic
def _keep(tenant: str, rows: list[OutsideLink], answers: list[Answer], day: dt.date) -> None:
    moment = now()
    days = int(parameters.value(OUTSIDE_DAYS, tenant=tenant, on=day))
    last = OutsideLink.objects.filter(tenant=tenant).aggregate(last=Max("answered_at"))["last"]
    heard = any(one.reply in _HEARD for one in answers)
    way_open = way_is_open(answered=heard, last_answer=last, moment=moment)
    for row, answer in zip(rows, answers, strict=True):
        known = Known(row.next_at, row.failed_days, row.failing_since, row.failed_on, row.problem)
        if answer.reply is Reply.SILENT and not way_open:
            found = unheard(known, moment)
        elif answer.reply in (Reply.MISSING, Reply.SILENT):
            row.reply, found = answer.reply, failed(known, answer.words, moment, day)
        else:
            row.reply, found = answer.reply, answered(moment, days)
        row.problem, row.next_at = found.problem, found.next_at
        row.failed_days, row.failing_since, row.failed_on = found.failed_days, found.failing_since, found.failed_on
        if answer.reply in _HEARD:
            row.answered_at = moment
    OutsideLink.objects.bulk_update(rows, _FIELDS)
