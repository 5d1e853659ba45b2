"""Who answers for a column is told before its time runs out and when it has; then the head of his unit as well.

One message for a person and day, whatever columns are his.
"""

import datetime as dt
import uuid
from collections import defaultdict
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.clock import local_date
from zhengtong.systems.sites.models import Duty, DutyReminder, GovernmentSite
from zhengtong.systems.sites.rules.inspection import Column, days_left
from zhengtong.systems.sites.selectors.inspected import columns_of, inspected_sites, limits_of
from zhengtong.systems.sites.services.telling import site_ref

_MOST_SAID: Final = 10
#: a line for a person: the site, the column, days left
_Line = tuple[GovernmentSite, Column, int]


@transaction.atomic
def remind(tenant: str, day: dt.date | None = None) -> int:
    """Tell everybody who must be told on a day and was not yet; returns how many. The run is the ledger's entry."""
    day = day or local_date()
    lines = lines_for(tenant, day)
    told = set(
        DutyReminder.objects.filter(tenant=tenant, person_id__in=list(lines), day=day).values_list(
            "person_id", flat=True
        )
    )
    rows = [
        DutyReminder(tenant=tenant, person_id=person, day=day, columns=len(own))
        for person, own in lines.items()
        if person not in told
    ]
    DutyReminder.objects.bulk_create(rows)
    for row in rows:
        _tell(tenant, row.person_id, lines[row.person_id])
    return len(rows)


def lines_for(tenant: str, day: dt.date) -> dict[uuid.UUID, list[_Line]]:
    """By person, the columns he is to be told of: those soon or already over, the most overdue first."""
    limits, sites = limits_of(tenant, day), inspected_sites(tenant)
    columns = columns_of([site.pk for site in sites])
    duties = {(row.site_id, row.column_id): row.person_id for row in Duty.objects.filter(site__in=sites)}
    found: dict[uuid.UUID, list[_Line]] = defaultdict(list)
    for site in sites:
        late = []
        for column in columns.get(site.pk, []):
            left = days_left(column, limits, day)
            if left is None or left > limits.remind_days or (column.modules and not column.articles):
                continue
            person = duties.get((site.pk, column.key)) or duties.get((site.pk, None))
            if person is not None:
                found[person].append((site, column, left))
            if left < -limits.leader_days:
                late.append((site, column, left))
        if late:
            for head in identity.people_in(tenant, site.org_id, "leader"):
                found[head.person_id].extend(one for one in late if one not in found[head.person_id])
    return {person: sorted(own, key=lambda line: line[2]) for person, own in found.items()}


def _tell(tenant: str, person_id: uuid.UUID, lines: list[_Line]) -> None:
    site = lines[0][0]
    over = sum(left < 0 for _site, _column, left in lines)
    said = [_sentence(*line) for line in lines[:_MOST_SAID]]
    if len(lines) > _MOST_SAID:
        said.append(_("另有 %(n)d 个栏目，请到网站监测查看。") % {"n": len(lines) - _MOST_SAID})
    title = _("%(n)d 个栏目超过更新周期") % {"n": over} if over else _("%(n)d 个栏目快到更新期限") % {"n": len(lines)}
    notify.send_message(
        tenant=tenant,
        person_id=person_id,
        title=title,
        body="\n".join(said),
        object_ref=site_ref(site),
        link=reverse("sites_desk:inspected", args=[site.pk]),
    )


def _sentence(site: GovernmentSite, column: Column, left: int) -> str:
    words = {"site": site.name, "column": column.title, "day": f"{column.since:%Y-%m-%d}", "n": abs(left)}
    if left < 0:
        return _("%(site)s“%(column)s”最近更新 %(day)s，已经超过 %(n)d 天。") % words
    return _("%(site)s“%(column)s”最近更新 %(day)s，还有 %(n)d 天到期。") % words
