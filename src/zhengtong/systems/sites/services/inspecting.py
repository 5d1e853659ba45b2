"""The daily inspection: a run a day, a hundred sites a step; what is found opens, what is mended closes."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.sites import SiteLampChanged
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.many import insert_all
from zhengtong.kernel.outbox import publish_all
from zhengtong.kernel.transactions import hold
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import INSPECTION_HOUR, INSPECTION_KIND, STAFF_ROLES, Explained, SiteState
from zhengtong.systems.sites.models import GovernmentSite, InspectionRun, SiteCheck, SiteFinding
from zhengtong.systems.sites.rules.inspection import Found, Known, Limits, findings, verdict
from zhengtong.systems.sites.selectors.inspected import inspected_sites, known_of, limits_of
from zhengtong.systems.sites.services.outside import look_again, note_named
from zhengtong.systems.sites.services.page_readings import read_pages
from zhengtong.systems.sites.services.probing import probe
from zhengtong.systems.sites.services.reminding import remind
from zhengtong.systems.sites.services.telling import record, site_ref

_BATCH: Final = 100
_LOCK: Final = "sites.inspection:{}"


def nightly() -> int:
    """One step of today's run of each county, from the hour on at which it begins; returns what was done."""
    hour, day = now().astimezone(SHANGHAI).hour, local_date()
    done = 0
    for tenant in GovernmentSite.objects.order_by("tenant").values_list("tenant", flat=True).distinct():
        begun = InspectionRun.objects.filter(tenant=tenant, day=day).first()
        if begun is None and hour < int(parameters.value(INSPECTION_HOUR, tenant=tenant, on=day)):
            continue
        if begun is None or begun.finished_at is None:
            done += step(tenant)
    return done


def inspect_county(*, tenant: str, progress: Callable[[int, int], None] | None = None) -> InspectionRun:
    """Bring today's run to its end, from where it stands; one that has ended stays as it is."""
    while True:
        moved = step(tenant)
        run = InspectionRun.objects.filter(tenant=tenant, day=local_date()).first()
        if run is None:
            raise NotFound(_("还没有开通的网站，没有可以监测的。"))
        if progress is not None:
            progress(run.done, run.sites)
        if not moved:
            return run


def step(tenant: str) -> int:
    """The next piece of today's run: pages read, sites inspected, or the end; 0 when there is nothing left."""
    day, sites = local_date(), inspected_sites(tenant)
    if not sites:
        return 0
    run = _run(tenant, day, len(sites))
    if run.finished_at is not None:
        return 0
    there = set(SiteCheck.objects.filter(tenant=tenant, day=day).values_list("site_id", flat=True))
    batch = [site for site in sites if site.pk not in there][:_BATCH]
    if batch:
        return read_pages(tenant, [site.pk for site in batch]) or _inspected(run, batch)
    return _finished(run)


def inspect_site(*, actor: Actor, site_id: uuid.UUID) -> SiteCheck:
    """Look at one site again, now: what was mended closes at once. Raises NotFound."""
    reach = permissions.reach(actor, *STAFF_ROLES)
    site = GovernmentSite.objects.filter(reach, pk=site_id, state=SiteState.OPEN).first()
    if site is None:
        raise NotFound(_("没有这个网站，或者它不归您管理。"))
    probe(site)
    while read_pages(site.tenant, [site.pk]):
        pass
    look_again(site)
    with transaction.atomic():
        hold(_LOCK.format(site.tenant))
        [check] = inspect_batch(actor, [site], local_date())
        record(actor, "sites.inspect", site_ref(site), lamp=check.lamp, counts=check.counts)
    return check


@transaction.atomic
def inspect_again(*, actor: Actor) -> None:
    """Have the worker look at all sites once more today. Raises NotPermitted."""
    permissions.check_may_open_sites(actor)
    hold(_LOCK.format(actor.tenant))
    day = local_date()
    run = _run(actor.tenant, day, len(inspected_sites(actor.tenant)))
    SiteCheck.objects.filter(tenant=actor.tenant, day=day).delete()
    InspectionRun.objects.filter(pk=run.pk).update(finished_at=None, done=0)
    record(actor, "sites.inspect", _run_ref(run), day=day.isoformat(), again=True)


def inspect_batch(actor: Actor, sites: Sequence[GovernmentSite], day: dt.date) -> list[SiteCheck]:
    """Some sites at once, in a fixed number of statements; part of the caller's transaction, under the lock."""
    limits = limits_of(actor.tenant, day)
    known = known_of(actor.tenant, sites, limits, day)
    found = {site.pk: findings(known[site.pk], limits, day) for site in sites}
    ids = [site.pk for site in sites]
    rows = list(SiteFinding.objects.select_for_update().filter(site_id__in=ids, closed_on=None))
    open_now = {(row.site_id, row.indicator, row.key): row for row in rows}
    seen = {(site.pk, one.indicator, one.key) for site in sites for one in found[site.pk]}
    gone = [row.pk for key, row in open_now.items() if key not in seen]
    if gone:
        SiteFinding.objects.filter(pk__in=gone).update(closed_on=day)
    new = [
        _finding(site, one, day)
        for site in sites
        for one in found[site.pk]
        if (site.pk, one.indicator, one.key) not in open_now
    ]
    insert_all(new)
    before = _lamps_before(ids, day)
    checks = [_check(site, known[site.pk], found[site.pk], open_now, limits, day) for site in sites]
    SiteCheck.objects.bulk_create(
        checks,
        update_conflicts=True,
        unique_fields=["site", "day"],
        update_fields=["lamp", "counts", "vetoes", "updated_on"],
    )
    publish_all(
        [
            _changed(site, check, before.get(site.pk, ""))
            for site, check in zip(sites, checks, strict=True)
            if check.lamp != before.get(site.pk, "")
        ]
    )
    return checks


@transaction.atomic
def _inspected(run: InspectionRun, batch: Sequence[GovernmentSite]) -> int:
    actor = system(run.tenant)
    hold(_LOCK.format(run.tenant))
    checks = inspect_batch(actor, batch, run.day)
    done = SiteCheck.objects.filter(tenant=run.tenant, day=run.day).count()
    InspectionRun.objects.filter(pk=run.pk).update(done=done)
    ledger.append_all(
        actor=actor,
        entries=[
            ledger.NewEntry(
                act="sites.inspect", object_ref=site_ref(site), payload={"lamp": check.lamp, "counts": check.counts}
            )
            for site, check in zip(batch, checks, strict=True)
        ],
    )
    return len(batch)


@transaction.atomic
def _finished(run: InspectionRun) -> int:
    if not InspectionRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=now(), done=run.sites):
        return 0
    # who reads it no more cannot mend it either
    SiteFinding.objects.filter(tenant=run.tenant, site__state=SiteState.CLOSED, closed_on=None).update(
        closed_on=run.day
    )
    lamps = Counter(SiteCheck.objects.filter(tenant=run.tenant, day=run.day).values_list("lamp", flat=True))
    record(system(run.tenant), "sites.inspect", _run_ref(run), day=run.day.isoformat(), lamps=dict(lamps))
    note_named(run.tenant)
    remind(run.tenant, run.day)
    return 1


def _run(tenant: str, day: dt.date, sites: int) -> InspectionRun:
    run, _new = InspectionRun.objects.get_or_create(tenant=tenant, day=day, defaults={"sites": sites})
    if run.sites != sites and run.finished_at is None:
        run.sites = sites
        run.save(update_fields=["sites"])
    return run


def _run_ref(run: InspectionRun) -> ObjectRef:
    return ObjectRef(kind=INSPECTION_KIND, id=str(run.pk))


def _finding(site: GovernmentSite, one: Found, day: dt.date) -> SiteFinding:
    return SiteFinding(
        tenant=site.tenant,
        site=site,
        indicator=one.indicator,
        key=one.key,
        place=one.place,
        evidence=one.evidence,
        since=min(one.since, day),
        column_id=one.column,
        page_id=one.page,
        opened_on=day,
    )


def _check(
    site: GovernmentSite,
    known: Known,
    found: Sequence[Found],
    open_now: dict[tuple[uuid.UUID, str, str], SiteFinding],
    limits: Limits,
    day: dt.date,
) -> SiteCheck:
    """The state of a site; findings whose explanation was accepted do not count."""
    accepted = {key for key, row in open_now.items() if row.explained == Explained.ACCEPTED}
    counts = Counter(one.indicator for one in found if (site.pk, one.indicator, one.key) not in accepted)
    judged = verdict(counts, limits)
    return SiteCheck(
        tenant=site.tenant,
        site=site,
        day=day,
        lamp=judged.lamp,
        counts=dict(counts),
        vetoes=list(judged.vetoes),
        updated_on=known.updated_on,
    )


def _lamps_before(ids: Sequence[uuid.UUID], day: dt.date) -> dict[uuid.UUID, str]:
    rows = SiteCheck.objects.filter(site_id__in=ids, day__lte=day).order_by("site_id", "-day").distinct("site_id")
    return dict(rows.values_list("site_id", "lamp"))


def _changed(site: GovernmentSite, check: SiteCheck, before: str) -> SiteLampChanged:
    return SiteLampChanged(
        tenant=site.tenant,
        object_ref=site_ref(site),
        at=now(),
        org_code=site.org_code,
        org_name=site.org_name,
        lamp=check.lamp,
        before=before,
        vetoes=len(check.vetoes),
    )
