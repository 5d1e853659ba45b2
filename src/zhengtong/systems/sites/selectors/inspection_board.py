"""The inspection as people read it: the board of the group, one site, the league table of a month and its rows."""

import calendar
import dataclasses
import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import end_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import (
    INSPECTION_HOUR,
    INSPECTION_LATE_HOURS,
    INSPECTION_POINTS,
    Explained,
    SiteState,
)
from zhengtong.systems.sites.models import Duty, GovernmentSite, InspectionRun, SiteCheck, SiteFinding, SiteReach
from zhengtong.systems.sites.rules import inspection as rules
from zhengtong.systems.sites.selectors.inspected import columns_of, limits_of

_LAMPS = {"red": 0, "yellow": 1, "": 2, "green": 3}
_MOST = 500


@dataclasses.dataclass(frozen=True)
class Inspected:
    """A site on the board; ``check`` is the newest there is."""

    site: GovernmentSite
    check: SiteCheck | None

    @property
    def lamp(self) -> str:
        """Its colour; empty where it was never inspected."""
        return self.check.lamp if self.check else ""

    @property
    def number(self) -> int:
        """How many findings count."""
        return sum(self.check.counts.values()) if self.check else 0


@dataclasses.dataclass(frozen=True)
class Answerable:
    """A column, who answers for it, and how many days are left until it must be renewed."""

    column: rules.Column
    person: str
    backup: str
    cycle: int | None
    left: int | None


@dataclasses.dataclass(frozen=True)
class Placed:
    """A site in the league table of a month."""

    site: GovernmentSite
    place: int
    score: Decimal
    findings: int
    veto_days: int
    off: dict[str, Decimal]


def board(actor: Actor) -> list[Inspected]:
    """The open sites within reach, the worst first."""
    sites = GovernmentSite.objects.filter(permissions.inspected(actor), state=SiteState.OPEN)
    newest = SiteCheck.objects.filter(site__in=sites).order_by("site_id", "-day").distinct("site_id")
    checks = {one.site_id: one for one in newest}
    found = [Inspected(site, checks.get(site.pk)) for site in sites.order_by("kind", "code")]
    return sorted(found, key=lambda one: (_LAMPS[one.lamp], -_vetoes(one), -one.number, one.site.code))


def _vetoes(one: Inspected) -> int:
    return len(one.check.vetoes) if one.check else 0


def last_run(tenant: str) -> InspectionRun | None:
    """The newest run of a county."""
    return InspectionRun.objects.filter(tenant=tenant).order_by("-day").first()


def inspected_site(actor: Actor, site_id: uuid.UUID) -> GovernmentSite:
    """A site within reach; raises NotFound for any other."""
    site = GovernmentSite.objects.filter(permissions.inspected(actor), pk=site_id).first()
    if site is None:
        raise NotFound(_("没有这个网站，或者它不归您管理。"))
    return site


def newest_check(site: GovernmentSite) -> SiteCheck | None:
    """What the last inspection said of a site."""
    return SiteCheck.objects.filter(site=site).order_by("-day").first()


def open_findings(site: GovernmentSite) -> Sequence[SiteFinding]:
    """What is wrong now, the oldest first."""
    return list(SiteFinding.objects.filter(site=site, closed_on=None).order_by("indicator", "since")[:_MOST])


def closed_findings(site: GovernmentSite) -> Sequence[SiteFinding]:
    """What was mended, the newest first."""
    return list(SiteFinding.objects.filter(site=site, closed_on__isnull=False).order_by("-closed_on")[:50])


def to_review(actor: Actor) -> Sequence[SiteFinding]:
    """The explanations that wait for the keeper of the group."""
    rows = SiteFinding.objects.filter(permissions.inspected(actor, site="site__"), explained=Explained.ASKED)
    return list(rows.filter(closed_on=None).select_related("site").order_by("opened_on")[:_MOST])


def week_of(site: GovernmentSite) -> Sequence[SiteReach]:
    """How its home opened these days, the newest first."""
    return list(SiteReach.objects.filter(site=site).order_by("-day")[:7])


def answerable(site: GovernmentSite, day: dt.date) -> list[Answerable]:
    """The columns of a site with who answers for them, the next to run out first."""
    limits = limits_of(site.tenant, day)
    duties = {row.column_id: row for row in Duty.objects.filter(site=site)}
    whole = duties.get(None)
    found = []
    for column in columns_of([site.pk]).get(site.pk, []):
        duty = duties.get(column.key) or whole
        person, backup = (duty.person, duty.backup) if duty else ("", "")
        left = rules.days_left(column, limits, day)
        found.append(Answerable(column, person, backup, rules.cycle_of(column, limits), left))
    return sorted(found, key=lambda one: one.left if one.left is not None else 10_000)


def counted_in(month: dt.date) -> Q:
    """The findings that count in a month: open on a day of it, no explanation accepted."""
    first, last = span_of(month)
    there = Q(opened_on__lte=last) & (Q(closed_on=None) | Q(closed_on__gte=first))
    return there & ~Q(explained=Explained.ACCEPTED)


def span_of(month: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month in which a day lies."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=1), month.replace(day=last)


def league(actor: Actor, month: dt.date) -> list[Placed]:
    """The sites within reach by their score in a month; places are those among all sites of the county."""
    first, last = span_of(month)
    points = points_of(actor.tenant, last)
    rows_of_sites = GovernmentSite.objects.filter(tenant=actor.tenant, state=SiteState.OPEN)
    sites = list(rows_of_sites.filter(created_at__lt=end_of_day(last)))
    indicators: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = SiteFinding.objects.filter(counted_in(month), tenant=actor.tenant)
    for site_id, indicator in rows.values_list("site_id", "indicator"):
        indicators[site_id].append(indicator)
    red = SiteCheck.objects.filter(tenant=actor.tenant, day__gte=first, day__lte=last, lamp="red")
    red_days = Counter(red.values_list("site_id", flat=True))
    off = {site.pk: rules.points_off(indicators[site.pk], points) for site in sites}
    scores = [rules.score(off[site.pk]) for site in sites]
    places = rules.places((red_days[site.pk], one) for site, one in zip(sites, scores, strict=True))
    found = [
        Placed(site, place, score, len(indicators[site.pk]), red_days[site.pk], off[site.pk])
        for site, place, score in zip(sites, places, scores, strict=True)
    ]
    reach = set(GovernmentSite.objects.filter(permissions.inspected(actor)).values_list("pk", flat=True))
    return sorted((one for one in found if one.site.pk in reach), key=lambda one: (one.place, one.site.code))


def points_of(tenant: str, day: dt.date) -> dict[str, float]:
    """What each finding takes off, as in force on a day; today's for a day to come."""
    found: dict[str, float] = parameters.value(INSPECTION_POINTS, tenant=tenant, on=min(day, local_date()))
    return found


def league_rows(site: GovernmentSite, month: dt.date) -> "QuerySet[SiteFinding]":
    """The findings a site's score of a month was counted from."""
    return SiteFinding.objects.filter(counted_in(month), site=site).order_by("indicator", F("opened_on"))


def late_inspection(tenant: str) -> str:
    """A sentence where last night's inspection did not end in time, empty where all is well."""
    if not GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN).exists():
        return ""
    run = last_run(tenant)
    hour = int(parameters.value(INSPECTION_HOUR, tenant=tenant)) + INSPECTION_LATE_HOURS
    due_day = local_date(now() - dt.timedelta(hours=hour))
    if run is not None and run.day >= due_day and (run.finished_at is not None or run.day > due_day):
        return ""
    if run is not None and run.day == due_day:
        return _("%(day)s的监测没有完成：%(done)d/%(sites)d 个网站") % {
            "day": f"{run.day:%m-%d} ",
            "done": run.done,
            "sites": run.sites,
        }
    return _("%(day)s没有监测") % {"day": f"{due_day:%m-%d} "}
