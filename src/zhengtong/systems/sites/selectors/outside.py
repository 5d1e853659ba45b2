"""Addresses outside: which are named, which count as dead, how many of a site were looked at."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date
from zhengtong.systems.sites.constants import OUTSIDE_FAILED_DAYS
from zhengtong.systems.sites.engine.outside import Reply
from zhengtong.systems.sites.models import GovernmentSite, OutsideLink

#: pages of open sites that the public reads, and the addresses outside in their text
_NAMED = """
select distinct one ->> 1 from sites_pagereading r
join wagtailcore_page p on p.id = r.page_id join sites_governmentsite s on s.id = r.site_id,
    jsonb_array_elements(r.links) one
where s.tenant = %s and (%s::uuid is null or s.id = %s) and s.state = 'open' and p.live and r.links <> '[]'
    and one ->> 0 = 'out' and one ->> 1 ~* '^https?://'
"""


class Dead(NamedTuple):
    """An address that counts as dead: since when, and what was wrong at first."""

    since: dt.date
    problem: str


class Figures(NamedTuple):
    """Of the addresses outside that a site names: all, those looked at, those that cannot be looked at, dead ones."""

    named: int
    looked_at: int
    unasked: int
    dead: int


def is_examined() -> bool:
    """Whether this installation asks addresses outside at all."""
    return bool(settings.ZHENGTONG_SITES_ASK_OUTSIDE)


def named(tenant: str, site_id: uuid.UUID | None = None) -> set[str]:
    """The addresses outside that published pages of the county, or of one of its sites, name."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [tenant, site_id, site_id])
        return {address for (address,) in cursor.fetchall()}


def dead(tenant: str, addresses: Iterable[str]) -> dict[str, Dead]:
    """Those that failed on so many days that they count; none where nobody asks them."""
    wanted = set(addresses)
    if not wanted or not is_examined():
        return {}
    least = int(parameters.value(OUTSIDE_FAILED_DAYS, tenant=tenant, on=local_date()))
    rows = OutsideLink.objects.filter(tenant=tenant, url__in=wanted, failed_days__gte=least)
    return {
        address: Dead(since, problem)
        for address, since, problem in rows.values_list("url", "failing_since", "problem")
        if since is not None
    }


def figures(site: GovernmentSite) -> Figures:
    """How it stands with the addresses outside of a site."""
    wanted = named(site.tenant, site.pk)
    replies = list(OutsideLink.objects.filter(tenant=site.tenant, url__in=wanted).values_list("reply", flat=True))
    waiting, unasked = replies.count(Reply.WAITING), replies.count(Reply.UNASKED)
    looked_at = len(replies) - waiting - unasked
    return Figures(len(wanted), looked_at, unasked, len(dead(site.tenant, wanted)))
