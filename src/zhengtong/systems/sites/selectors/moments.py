"""What comes up or goes down when, what lies in the bin, which links are open."""

import datetime as dt
from collections.abc import Sequence

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import TurnState
from zhengtong.systems.sites.models import DeletedPage, PreviewLink, Schedule, SitePage
from zhengtong.systems.sites.rules.scheduling import GRACE, is_late

_MOST = 100
_FAILED_SHOWN = dt.timedelta(days=7)


def of_page(page: SitePage) -> list[Schedule]:
    """All moments of a page, the newest first."""
    return list(Schedule.objects.filter(page_id=page.pk).order_by("-created_at")[:_MOST])


def waiting(actor: Actor) -> list[tuple[Schedule, bool]]:
    """What is due next in the sites the actor keeps, each with whether it is late; what lately failed stands first."""
    rows = Schedule.objects.filter(site__in=permissions.editable_sites(actor).order_by()).select_related("site")
    at = now()
    failed = rows.filter(state=TurnState.FAILED, done_at__gte=at - _FAILED_SHOWN, page__isnull=False)
    ahead = rows.filter(state=TurnState.WAITING).order_by("due_at")[:_MOST]
    found = [*failed.order_by("-done_at")[:_MOST], *ahead]
    return [(one, one.state == TurnState.FAILED or is_late(one.due_at, at)) for one in found]


def late_moments(tenant: str) -> tuple[int, int]:
    """How many moments of a county have passed without anything happening, and how many failed these seven days."""
    rows = Schedule.objects.filter(tenant=tenant)
    late = rows.filter(state=TurnState.WAITING, due_at__lt=now() - GRACE).count()
    return late, rows.filter(state=TurnState.FAILED, done_at__gte=now() - _FAILED_SHOWN).count()


def deleted(actor: Actor) -> Sequence[DeletedPage]:
    """What lies in the bins of the sites the actor keeps, the newest first."""
    rows = DeletedPage.objects.filter(site__in=permissions.editable_sites(actor).order_by())
    return list(rows.select_related("site", "page", "parent").order_by("-created_at")[:_MOST])


def preview_links(page: SitePage) -> list[PreviewLink]:
    """The links to versions of a page, the newest first."""
    return list(PreviewLink.objects.filter(page_id=page.pk).order_by("-created_at")[:20])
