"""What is laid down for a site: reviews by column, who answers, whether it is on its way to be closed."""

import dataclasses
import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import ClosingState
from zhengtong.systems.sites.models import Closing, ColumnPage, Duty, GovernmentSite, ReviewPlan
from zhengtong.systems.sites.selectors.reviewing import ReviewNeeds

_OPEN = (ClosingState.ASKED, ClosingState.NOTICE, ClosingState.CLOSED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """The site itself (``column_id`` None) or one of its columns; ``own`` is what is set there, ``reviews`` counts."""

    column_id: int | None
    title: str
    own: int | None
    reviews: int
    duty: Duty | None


def site_in_reach(actor: Actor, site_id: uuid.UUID) -> GovernmentSite:
    """A site the actor keeps; raises NotFound for any other."""
    site = permissions.editable_sites(actor).select_related("home").filter(pk=site_id).first()
    if site is None:
        raise NotFound(_("没有这个网站，或者它不归您管理。"))
    return site


def places(site: GovernmentSite) -> list[Place]:
    """The site and its columns in their order, each with what is laid down for it."""
    plans = {row.column_id: row.reviews for row in ReviewPlan.objects.filter(site=site)}
    duties = {row.column_id: row for row in Duty.objects.filter(site=site)}
    needs = ReviewNeeds(site.tenant)
    columns = ColumnPage.objects.descendant_of(site.home).filter(site=site).defer("modules").order_by("path")
    return [
        Place(
            column_id=None,
            title=_("整个网站"),
            own=plans.get(None),
            reviews=needs.of_site(site),
            duty=duties.get(None),
        ),
        *(
            Place(
                column_id=one.pk,
                title=one.draft_title,
                own=plans.get(one.pk),
                reviews=needs.of(one),
                duty=duties.get(one.pk),
            )
            for one in columns
        ),
    ]


def closing_of(site: GovernmentSite) -> Closing | None:
    """The request to close it that is under way or was carried out."""
    return Closing.objects.filter(site=site, state__in=_OPEN).first()


def closed_notice(tenant: str, code: str) -> Closing | None:
    """What a closed site's address answers with; None for a code that has no closed site."""
    rows = Closing.objects.select_related("site").filter(tenant=tenant, site__code=code, state=ClosingState.CLOSED)
    return rows.first()


def announced(site: GovernmentSite) -> Closing | None:
    """The notice that stands on the pages of a site that will be closed."""
    return Closing.objects.filter(site=site, state=ClosingState.NOTICE).first()
