"""The bin: a page that was never published, or was taken down, leaves the site and may come back for a time."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Page

from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted
from zhengtong.kernel.loops import each
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import BIN_DAYS, SiteState, Turn
from zhengtong.systems.sites.models import CountyPage, DeletedPage, HomePage, SitePage
from zhengtong.systems.sites.rules.scheduling import kept_until
from zhengtong.systems.sites.selectors.reviewing import open_submission
from zhengtong.systems.sites.services.live import checked_reason, end_turns, locked
from zhengtong.systems.sites.services.telling import page_ref, record

_BATCH = 50
#: no code of a site may have an underscore
_SLUG = "_bin"


@transaction.atomic
def delete_page(*, actor: Actor, page_id: int, reason: str) -> DeletedPage:
    """移入回收站. Raises Conflict for a page that is published, reviewed or has pages below it; Invalid, NotFound."""
    page, site = locked(actor, page_id)
    if actor.person_id is None:
        raise NotPermitted(_("删除由编辑人办理。"))
    reason = checked_reason(reason, _("删除"))
    why = _why_not(page)
    if why:
        raise Conflict(why % {"title": page.draft_title})
    above = page.get_parent()
    for turn in Turn.values:
        end_turns(page, turn, _("网页已经删除"))
    row = DeletedPage.objects.create(
        tenant=page.tenant,
        site=site,
        page_id=page.pk,
        parent=above,
        slug=page.slug,
        reason=reason,
        deleted_by_id=actor.person_id,
        deleted_by=actor.name,
        kept_until=kept_until(now(), int(parameters.value(BIN_DAYS, tenant=page.tenant))),
    )
    _move(page, _bin_of(page.tenant), f"{page.pk}")
    record(actor, "sites.delete", page_ref(page), title=page.draft_title, site=site.name, reason=reason)
    return row


@transaction.atomic
def restore_page(*, actor: Actor, deleted_id: uuid.UUID) -> Page:
    """恢复 to the column it stood in, as the draft it was. Raises Conflict without that column, NotFound."""
    row = _row(actor, deleted_id)
    if row.site.state == SiteState.CLOSED:
        raise Conflict(_("“%(site)s”已经关停，内容只保存、不再改动。") % {"site": row.site.name})
    above = row.parent
    if above is None or DeletedPage.objects.filter(page_id=above.pk).exists():
        raise Conflict(_("原来的栏目也已经删除，请先恢复栏目。"))
    page = row.page
    _move(page, above, _free(above, row.slug, page))
    title, site = page.draft_title, row.site.name
    row.delete()
    record(actor, "sites.restore", page_ref(page.pk), title=title, site=site, column=above.title)
    return page


def empty_bins() -> int:
    """Remove for good what was kept long enough; one that fails holds up no other."""
    due = DeletedPage.objects.filter(kept_until__lte=now()).order_by("kept_until", "pk")
    return each(_purge, due.values_list("pk", "tenant")[:_BATCH])


@transaction.atomic
def _purge(deleted_id: uuid.UUID, tenant: str) -> int:
    row = DeletedPage.objects.select_for_update(of=("self",)).select_related("page", "site").filter(pk=deleted_id)
    found = row.first()
    if found is None or found.kept_until > now():
        return 0
    page, ref = found.page, page_ref(found.page_id)
    payload = {"title": page.draft_title, "site": found.site.name, "deleted_at": _text(found.created_at)}
    _locked_tree()
    page.refresh_from_db()
    DeletePageAction(page.specific, user=None).execute(skip_permission_checks=True)
    record(system(tenant), "sites.purge", ref, **payload)
    return 1


def _why_not(page: SitePage) -> str:
    if isinstance(page, HomePage):
        return _("“%(title)s”是网站的主页，不能删除；网站不再办的，请申请关停。")
    if page.live:
        return _("“%(title)s”已经发布，请先撤下再删除。")
    if page.get_children().exists():
        return _("“%(title)s”下面还有网页，请先删除或者移走它们。")
    if open_submission(page.pk) is not None:
        return _("“%(title)s”正在审核，请先撤回送审。")
    return ""


def _row(actor: Actor, deleted_id: uuid.UUID) -> DeletedPage:
    rows = DeletedPage.objects.select_related("page", "parent", "site").select_for_update(of=("self",))
    found = rows.filter(pk=deleted_id, site__in=permissions.editable_sites(actor)).first()
    if found is None:
        raise NotFound(_("回收站里没有这个网页，它可能已经恢复或者期满清除。"))
    return found


def _locked_tree() -> None:
    """Branches move one after another: two at once would spoil the paths of the tree."""
    Page.objects.select_for_update().filter(depth=1).first()


def _move(page: Page, above: Page, slug: str) -> None:
    _locked_tree()
    base = Page.objects.get(pk=page.pk)
    base.move(Page.objects.get(pk=above.pk), pos="last-child")
    moved = Page.objects.get(pk=page.pk)
    moved.slug = slug
    moved.set_url_path(moved.get_parent())
    Page.objects.filter(pk=moved.pk).update(slug=moved.slug, url_path=moved.url_path)


def _free(above: Page, slug: str, page: Page) -> str:
    taken = above.get_children().filter(slug=slug).exists()
    return f"{slug}-{page.pk}"[-255:] if taken else slug


def _bin_of(tenant: str) -> Page:
    """The node below which deleted pages of the county stand: in nobody's reach, and never before the public."""
    _locked_tree()
    county = CountyPage.objects.get(tenant=tenant)
    found = Page.objects.child_of(county).filter(slug=_SLUG).first()
    if found is None:
        found = county.add_child(instance=Page(title="回收站", slug=_SLUG, live=False))
    return found


def _text(at: dt.datetime) -> str:
    return at.isoformat()
