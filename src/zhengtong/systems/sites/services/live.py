"""A page comes before the public, a page goes: what signing, reviewing, the clock and closing all end in."""

import uuid

from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Page, Revision

from zhengtong.capabilities.search import api as search
from zhengtong.contracts.sites import PagePublished, PageWithdrawn
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.sites.constants import PAGE_KIND, REASON_MAX, REASON_MIN, SiteState, Turn, TurnState
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, Schedule, SitePage
from zhengtong.systems.sites.selectors.desk import page_in_reach
from zhengtong.systems.sites.selectors.found import entry_of
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.telling import page_event, page_ref, record


def locked(actor: Actor, page_id: int) -> tuple[SitePage, GovernmentSite]:
    """A page of a site the actor keeps, locked until the transaction ends. Raises NotFound, Conflict when closed."""
    page = page_in_reach(actor, page_id, for_update=True)
    if page.site is None:
        raise Conflict(_("这个网页还没有所属的网站。"))
    if page.site.state == SiteState.CLOSED:
        raise Conflict(_("“%(site)s”已经关停，内容只保存、不再改动。") % {"site": page.site.name})
    return page, page.site


def checked_reason(reason: str, what: str) -> str:
    """A reason without its blanks; raises Invalid for one too short or too long."""
    reason = reason.replace("\x00", "").strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid(
            _("请写明%(what)s的理由，%(a)d 到 %(b)d 个字。") % {"what": what, "a": REASON_MIN, "b": REASON_MAX},
            field="reason",
        )
    return reason


def put_online(actor: Actor, page: SitePage, site: GovernmentSite, revision: Revision) -> SitePage:
    """Show one version; the caller holds the page locked and has found that the actor may."""
    again = page.first_published_at is not None
    end_turns(page, Turn.UP, _("已经提前发布"))
    PublishRevisionAction(revision, log_action=False).execute(skip_permission_checks=True)
    # Wagtail's action looks at the clock of the machine; the house has one clock
    moment = now()
    first = {} if again else {"first_published_at": moment}
    Page.objects.filter(pk=page.pk).update(last_published_at=moment, **first)
    page = page.specific_class.objects.select_related("site").get(pk=page.pk)
    record(actor, "sites.publish", page_ref(page), title=page.title, site=site.name, revision=revision.pk)
    publish(PagePublished(**page_event(page, site, column_title(page)), again=again))
    if isinstance(page, ArticlePage):
        search.index_many(tenant=page.tenant, entries=[entry_of(page)])
    editions.renew(page.tenant, [site.pk])
    return page


def take_down(actor: Actor, page: SitePage, site: GovernmentSite, reason: str) -> None:
    """Show it no more; the caller holds the page locked and has found that the actor may. Raises Conflict."""
    if not page.live:
        raise Conflict(_("“%(title)s”没有发布，不用撤下。") % {"title": page.title})
    below = Page.objects.descendant_of(page).live().count()
    if below:
        raise Conflict(
            _("“%(title)s”下面还有 %(n)d 个已发布的网页，请先撤下它们。") % {"title": page.title, "n": below}
        )
    end_turns(page, Turn.DOWN, _("已经提前撤下"))
    page.unpublish(log_action=False)
    record(actor, "sites.withdraw", page_ref(page), title=page.title, site=site.name, reason=reason)
    publish(PageWithdrawn(**page_event(page, site, column_title(page))))
    if isinstance(page, ArticlePage):
        search.remove(tenant=page.tenant, kind=PAGE_KIND, object_id=str(page.pk))
    editions.renew(page.tenant, [site.pk])


def end_turns(page: Page, turn: str, note: str) -> None:
    """What was to happen at a later moment has happened, or cannot happen any more."""
    rows = Schedule.objects.filter(page_id=page.pk, turn=turn, state=TurnState.WAITING)
    rows.update(state=TurnState.CANCELLED, done_at=now(), note=note)


def column_title(page: SitePage) -> str:
    """The title of the column it stands in, its own where it is one."""
    above = page.get_parent() if isinstance(page, ArticlePage) else page
    return str(above.title)


def writers_since_published(page: SitePage, revision: Revision) -> set[uuid.UUID]:
    """Who wrote the versions from the published one, without it, up to ``revision``."""
    rows = page.revisions.filter(pk__gt=page.live_revision_id or 0, pk__lte=revision.pk)
    found = rows.exclude(user__person_id=None).values_list("user__person_id", flat=True)
    return set(found)
