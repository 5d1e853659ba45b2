"""How many reviews a site or a column asks for."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import MOST_REVIEWS
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite, ReviewPlan
from zhengtong.systems.sites.services.telling import record, site_ref


@transaction.atomic
def set_reviews(*, actor: Actor, site_id: uuid.UUID, column_id: int | None, reviews: int | None) -> None:
    """Say how many reviews a site (or one of its columns) asks for; None: what stands above it says.

    Pages already sent in keep the number they were sent in with. Raises Invalid, NotFound, NotPermitted.
    """
    site = site_to_keep(actor, site_id)
    permissions.check_may_publish(actor, site)
    column = column_of(site, column_id)
    if reviews is not None and not 0 <= reviews <= MOST_REVIEWS:
        raise Invalid(_("审核级数从 0（直接签发）到 %(n)d。") % {"n": MOST_REVIEWS}, field="reviews")
    rows = ReviewPlan.objects.filter(site=site, column=column)
    before = rows.values_list("reviews", flat=True).first()
    if before == reviews:
        return
    if reviews is None:
        rows.delete()
    else:
        ReviewPlan.objects.update_or_create(
            site=site,
            column=column,
            defaults={"reviews": reviews},
            create_defaults={"tenant": site.tenant, "reviews": reviews},
        )
    where = site.name if column is None else column.title
    record(actor, "sites.plan_reviews", site_ref(site), where=where, before=before, reviews=reviews)


def site_to_keep(actor: Actor, site_id: uuid.UUID) -> GovernmentSite:
    """A site the actor keeps, locked until the transaction ends; raises NotFound for any other."""
    reached = permissions.editable_sites(actor).order_by()
    site = reached.select_related("home").select_for_update(of=("self",)).filter(pk=site_id).first()
    if site is None:
        raise NotFound(_("没有这个网站，或者它不归您管理。"))
    return site


def column_of(site: GovernmentSite, column_id: int | None) -> ColumnPage | None:
    """A column of the site; raises NotFound for one of another."""
    if column_id is None:
        return None
    found = ColumnPage.objects.filter(site=site, pk=column_id).first()
    if found is None:
        raise NotFound(_("这个网站没有这个栏目。"))
    return found
