"""Counting visits, without anybody's name: what is kept of a reader for a day is a mark nobody can turn back.

A count is no record: nothing here is entered in the ledger, and marks go after a day, pages' counts after their period.
"""

import datetime as dt
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet

from zhengtong.kernel import retention
from zhengtong.kernel.attempts import digest_of_day
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ids import new_id
from zhengtong.systems.sites.constants import VISIT_MARKS_PERIOD, VISITS_PERIOD, SiteState
from zhengtong.systems.sites.models import GovernmentSite, VisitCount, VisitMark
from zhengtong.systems.sites.rules.visits import is_machine, slot

_SCOPE: Final = "sites.visits"
_MARK: Final = """
insert into sites_visitmark (id, tenant, created_at, mark) values (%s, %s, %s, %s) on conflict do nothing
"""
# only for a page that is published below the home of that site
_COUNT: Final = """
insert into sites_visitcount (id, tenant, created_at, site_id, page_id, day, views, visitors)
values (%s, %s, %s, %s, %s, %s, 1, %s)
on conflict (site_id, day, page_id) do update set
    views = sites_visitcount.views + 1, visitors = sites_visitcount.visitors + excluded.visitors
"""


def count_visit(*, tenant: str, code: str, page_id: int, who: str, agent: str) -> bool:
    """Count that a published page was read; False for programs, for the same reader again, for what is not there.

    ``who`` tells one reader from another for the length of a day (a network address); only marks are kept of it.
    """
    if is_machine(agent):
        return False
    site = GovernmentSite.objects.filter(tenant=tenant, code=code, state=SiteState.OPEN).select_related("home").first()
    if site is None or not _is_read(site, page_id):
        return False
    reader, moment, day = f"{who}|{agent[:300]}", now(), local_date()
    # a count that is lost with the machine is no loss worth waiting for the disk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit to off")
        if not _first(cursor, tenant, f"{site.pk}|{page_id}|{slot(moment.astimezone(SHANGHAI))}|{reader}"):
            return False
        new = _first(cursor, tenant, f"{site.pk}|{reader}")
        # the site before its pages, as every reader does: two of them never wait for each other
        cursor.execute(_COUNT, [new_id(), tenant, moment, site.pk, 0, day, int(new)])
        cursor.execute(_COUNT, [new_id(), tenant, moment, site.pk, page_id, day, 0])
    return True


def _is_read(site: GovernmentSite, page_id: int) -> bool:
    home = site.home
    rows = type(home).objects.filter(pk=page_id, live=True, path__startswith=home.path)
    return bool(home.live) and rows.exists()


def _first(cursor: Any, tenant: str, text: str) -> bool:
    cursor.execute(_MARK, [new_id(), tenant, now(), digest_of_day(_SCOPE, text)])
    return int(cursor.rowcount) == 1


def register_sweeps() -> None:
    """Let marks and the counts of single pages go after their periods; what a site had in a day stays."""
    retention.sweeps.register(
        "sites.visit_marks",
        retention.Sweep(
            label="网站访问标记", period=VISIT_MARKS_PERIOD, does="删除", rows=_marks_before, take=retention.delete
        ),
    )
    retention.sweeps.register(
        "sites.visits",
        retention.Sweep(
            label="网页访问量", period=VISITS_PERIOD, does="删除", rows=_counts_before, take=retention.delete
        ),
    )


def _marks_before(tenant: str, moment: dt.datetime) -> "QuerySet[VisitMark]":
    return VisitMark.objects.filter(tenant=tenant, created_at__lt=moment)


def _counts_before(tenant: str, moment: dt.datetime) -> "QuerySet[VisitCount]":
    return VisitCount.objects.filter(tenant=tenant, created_at__lt=moment, page_id__gt=0)
