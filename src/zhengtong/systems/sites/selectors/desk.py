"""What those see who keep sites: their sites, what waits for a signature, the pages within their reach."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import ADMIN, OPEN_SUBMISSION, PUBLISHER, Turn, TurnState
from zhengtong.systems.sites.models import (
    ArticlePage,
    ColumnPage,
    DeletedPage,
    GovernmentSite,
    HomePage,
    Schedule,
    SitePage,
    Submission,
)
from zhengtong.systems.sites.rules.publishing import needs_second_person
from zhengtong.systems.sites.selectors.reviewing import ReviewNeeds

_KINDS: tuple[type[SitePage], ...] = (HomePage, ColumnPage, ArticlePage)
_MOST = 200


@dataclasses.dataclass(frozen=True)
class Waiting:
    """A page whose newest version is not before the public yet; ``mine``: the reader wrote it, so another signs."""

    page_id: int
    title: str
    site: str
    kind: str
    writer: str
    at: dt.datetime
    live: bool
    mine: bool


def own_sites(actor: Actor) -> list[GovernmentSite]:
    """The sites the actor keeps."""
    return list(permissions.editable_sites(actor).select_related("home"))


def own_columns(actor: Actor) -> list[ColumnPage]:
    """The columns of the sites the actor keeps, by site and in the order of each."""
    rows = ColumnPage.objects.filter(site__in=permissions.editable_sites(actor)).select_related("site")
    return list(rows.order_by("site__kind", "site__code", "path"))


def page_in_reach(actor: Actor, page_id: int, *, for_update: bool = False) -> SitePage:
    """A page of a site the actor keeps, with its site; raises NotFound for any other."""
    found = Page.objects.filter(pk=page_id).first()
    kind = None if found is None else found.specific_class
    if kind not in _KINDS:
        raise NotFound(_("没有这个网页，或者它不在您管理的网站里。"))
    rows = kind.objects.select_related("site__home").filter(site__in=permissions.editable_sites(actor), pk=page_id)
    if for_update:
        rows = rows.select_for_update(of=("self",))
    page: SitePage | None = rows.first()
    # what is in the bin stands elsewhere in the tree
    if page is None or page.site is None or not page.path.startswith(page.site.home.path):
        raise NotFound(_("没有这个网页，或者它不在您管理的网站里。"))
    return page


def waiting_to_be_signed(actor: Actor) -> list[Waiting]:
    """Versions that wait for a signature in the sites the actor signs for, the oldest first."""
    sites = GovernmentSite.objects.filter(permissions.reach(actor, PUBLISHER, ADMIN))
    signer: set[uuid.UUID] = {one for one in (actor.person_id, actor.delegator_id) if one is not None}
    found = []
    needs = ReviewNeeds(actor.tenant)
    for kind in _KINDS:
        rows = kind.objects.filter(site__in=sites, has_unpublished_changes=True, latest_revision__isnull=False)
        for page in _not_on_their_way(rows).select_related("site", "latest_revision__user__person")[:_MOST]:
            if needs.of(page):
                continue
            account = page.latest_revision.user
            found.append(
                Waiting(
                    page_id=page.pk,
                    title=page.draft_title,
                    site=page.site.name,
                    kind=str(kind._meta.verbose_name),
                    writer=account.get_full_name() if account else "",
                    at=page.latest_revision.created_at,
                    live=page.live,
                    mine=needs_second_person(account.person_id if account else None, signer),
                )
            )
    return sorted(found, key=lambda one: one.at)[:_MOST]


def _not_on_their_way(rows: Any) -> Any:
    """Without pages under review, with a moment to come, or in the bin."""
    return (
        rows.exclude(pk__in=Submission.objects.filter(state__in=OPEN_SUBMISSION, page__isnull=False).values("page_id"))
        .exclude(
            pk__in=Schedule.objects.filter(state=TurnState.WAITING, turn=Turn.UP, page__isnull=False).values("page_id")
        )
        .exclude(pk__in=DeletedPage.objects.values("page_id"))
    )


def newly_published(actor: Actor, number: int = 10) -> list[ArticlePage]:
    """The articles published last in the sites the actor keeps."""
    rows = ArticlePage.objects.live().filter(site__in=permissions.editable_sites(actor))
    return list(rows.defer("body").select_related("site").order_by("-last_published_at", "-pk")[:number])


def pages_in_reach(actor: Actor, pages: Any) -> Any:
    """The pages of a query that belong to the sites the actor keeps, and the nodes above them."""
    homes = [site.home for site in own_sites(actor)]
    above = Q(path__in=[home.path[: -Page.steplen] for home in homes[:1]])
    return pages.filter(permissions.below(homes) | above)
