"""A site passes to another unit: who keeps it follows at once, for rights follow the unit."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import ONE_A_UNIT, OPEN_SUBMISSION, SiteState
from zhengtong.systems.sites.models import Duty, GovernmentSite, Submission
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.live import checked_reason
from zhengtong.systems.sites.services.review_plans import site_to_keep
from zhengtong.systems.sites.services.reviewing import end_review
from zhengtong.systems.sites.services.telling import record, site_ref


@transaction.atomic
def hand_over_site(*, actor: Actor, site_id: uuid.UUID, org_code: str, reason: str) -> GovernmentSite:
    """移交: the site, its pages and its drafts belong to another unit; reviews under way end, for others review now.

    Raises Conflict where that unit has a site already, Invalid, NotFound, NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    site = site_to_keep(actor, site_id)
    reason = checked_reason(reason, _("移交"))
    if site.state == SiteState.CLOSED:
        raise Conflict(_("“%(site)s”已经关停，不用移交。") % {"site": site.name})
    unit = identity.organisation(site.tenant, org_code)
    if unit.id == site.org_id:
        raise Conflict(_("“%(site)s”本来就由%(unit)s主办。") % {"site": site.name, "unit": unit.name})
    others = GovernmentSite.objects.filter(tenant=site.tenant, org_id=unit.id, state=SiteState.OPEN)
    if site.kind in ONE_A_UNIT and others.filter(kind__in=ONE_A_UNIT).exists():
        raise Conflict(_("“%(unit)s”已经有网站：一个单位开一个网站。") % {"unit": unit.name})
    for row in Submission.objects.select_for_update().filter(site=site, state__in=OPEN_SUBMISSION):
        end_review(actor, row, _("网站移交给%(unit)s，请由新的单位重新送审") % {"unit": unit.name})
    before = (site.org_id, site.org_name)
    duties = Duty.objects.filter(site=site).delete()[0]
    site.org_id, site.org_code, site.org_name = unit.id, unit.code, unit.name
    site.save(update_fields=["org_id", "org_code", "org_name"])
    payload = {"site": site.name, "from_org": before[1], "to_org": unit.name, "reason": reason, "duties": duties}
    record(actor, "sites.hand_over", site_ref(site), **payload)
    # each side finds it under its own name
    for side in (before[0], unit.id):
        record(actor, "sites.hand_over", ObjectRef(kind="organisation", id=str(side)), **payload)
    editions.renew(site.tenant, [site.pk])
    return site
