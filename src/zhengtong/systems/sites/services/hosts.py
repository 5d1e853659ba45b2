"""The host name of a site: given, changed, taken away."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import SiteState
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite, OldHost
from zhengtong.systems.sites.rules.hosted import RESERVED
from zhengtong.systems.sites.rules.hosts import UnfitHostError, kept_host, refusal
from zhengtong.systems.sites.selectors import hosts as selectors
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.telling import record, site_ref


@transaction.atomic
def set_host(*, actor: Actor, site_id: uuid.UUID, host: str) -> GovernmentSite:
    """Let a site answer under a host of its own, or by path again where ``host`` is empty.

    A host that was taken away leads on to the site from then on. Raises Invalid with a sentence for a name that cannot
    be, Conflict for a closed site, NotFound, NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    site = GovernmentSite.objects.select_for_update().filter(tenant=actor.tenant, pk=site_id).first()
    if site is None:
        raise NotFound(_("没有这个网站，或者它不归您管理。"))
    if site.state != SiteState.OPEN:
        raise Conflict(_("“%(site)s”已经关停，域名不再改变。") % {"site": site.name})
    before, after = site.host, fitting_host(site.tenant, host, site=site)
    if before == after:
        return site
    if before:
        OldHost.objects.get_or_create(host=before, defaults={"tenant": site.tenant, "site": site})
    site.host = after
    try:
        with transaction.atomic():
            site.save(update_fields=["host"])
    except IntegrityError as error:
        raise Invalid(_("另一个网站刚刚用了这个域名。"), field="host") from error
    record(actor, "sites.host", site_ref(site), site=site.name, before=before, after=after)
    # other sites name it in full, too: as the original of what it shared with them
    editions.renew(site.tenant)
    transaction.on_commit(selectors.forget)
    return site


def fitting_host(tenant: str, typed: str, *, site: GovernmentSite | None = None) -> str:
    """The host as it is kept, empty for none; raises Invalid with a sentence for one the site may not have."""
    if not typed.strip():
        return ""
    host = _kept(typed)
    former = OldHost.objects.select_related("site").filter(host=host).first()
    # the operator lets the platform answer under old hosts: their site may have them
    own_former = former is not None and site is not None and former.site_id == site.pk
    there = GovernmentSite.objects.filter(host=host).first()
    taken = None if there is None or (site is not None and there.pk == site.pk) else there
    said = refusal(
        host,
        main=frozenset({selectors.main_host()}) if own_former else selectors.main_hosts(),
        taken_by=_named(tenant, taken),
        formerly_of="" if former is None or own_former else _named(tenant, former.site),
    )
    if said:
        raise Invalid(said, field="host")
    if site is not None:
        shadowed = ColumnPage.objects.child_of(site.home).filter(slug__in=RESERVED).first()
        if shadowed is not None:
            words = {"column": shadowed.draft_title, "slug": shadowed.slug}
            raise Invalid(_("栏目“%(column)s”的网址“%(slug)s”与平台的重名，请先改它。") % words, field="host")
    return host


@transaction.atomic
def free_host(*, actor: Actor, host: str) -> None:
    """Give up a host that only leads on, so that another site may have it; its links lead nowhere from then on.

    Raises Invalid for what is no host name, NotFound for one that is not of this county or that a site answers under,
    NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    host = _kept(host)
    rows = OldHost.objects.select_for_update(of=("self",)).select_related("site")
    row = rows.filter(tenant=actor.tenant, host=host).first()
    if row is None or row.site.host == host:
        raise NotFound(_("没有这个旧域名。"))
    record(actor, "sites.free_host", site_ref(row.site), site=row.site.name, host=host)
    row.delete()
    transaction.on_commit(selectors.forget)


def _kept(typed: str) -> str:
    try:
        return kept_host(typed)
    except UnfitHostError as unfit:
        raise Invalid(str(unfit), field="host") from unfit


def _named(tenant: str, site: GovernmentSite | None) -> str:
    if site is None:
        return ""
    return site.name if site.tenant == tenant else _("别的县的网站")
