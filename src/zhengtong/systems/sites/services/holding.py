"""Locks: one person keeps a page to himself while he works on it; who needs it takes it over, and he is told."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.systems.sites.services.live import checked_reason, locked
from zhengtong.systems.sites.services.telling import desk_url, page_ref, record


@transaction.atomic
def hold_page(*, actor: Actor, page_id: int) -> None:
    """锁定: nobody else changes the page. Raises Conflict when another holds it, NotFound."""
    page, _site = locked(actor, page_id)
    account = _account(actor)
    if page.locked and page.locked_by_id != account:
        raise Conflict(_("“%(title)s”已由%(name)s锁定。") % {"title": page.draft_title, "name": _name(page)})
    _lock(page, account)
    record(actor, "sites.hold_page", page_ref(page), title=page.draft_title)


@transaction.atomic
def release_page(*, actor: Actor, page_id: int) -> None:
    """解除: others may change it again. Raises Conflict when another holds it, NotFound."""
    page, _site = locked(actor, page_id)
    if page.locked and page.locked_by_id != _account(actor):
        raise Conflict(
            _("“%(title)s”由%(name)s锁定，需要时请接手。") % {"title": page.draft_title, "name": _name(page)}
        )
    Page.objects.filter(pk=page.pk).update(locked=False, locked_by=None, locked_at=None)
    record(actor, "sites.release_page", page_ref(page), title=page.draft_title)


@transaction.atomic
def take_over_page(*, actor: Actor, page_id: int, reason: str) -> None:
    """接手: the lock of another becomes one's own, with a reason he is told. Raises Conflict, Invalid, NotFound."""
    page, _site = locked(actor, page_id)
    reason = checked_reason(reason, _("接手"))
    account = _account(actor)
    if not page.locked or page.locked_by_id == account:
        raise Conflict(_("“%(title)s”没有被别人锁定，可以直接编辑。") % {"title": page.draft_title})
    before, name = page.locked_by, _name(page)
    _lock(page, account)
    record(actor, "sites.take_over_page", page_ref(page), title=page.draft_title, before=name, reason=reason)
    if before is not None and before.person_id is not None:
        notify.send_message(
            tenant=page.tenant,
            person_id=before.person_id,
            title=_("您锁定的网页由%(name)s接手：%(title)s") % {"name": actor.name, "title": page.draft_title[:80]},
            body=_("理由：%(reason)s。您没有保存的修改请与他商量。") % {"reason": reason},
            object_ref=page_ref(page),
            link=desk_url(page.pk),
        )


def _account(actor: Actor) -> object:
    accounts = get_user_model()._default_manager.none()
    if actor.person_id is not None:
        accounts = get_user_model()._default_manager.filter(person_id=actor.person_id)
    found = accounts.values_list("pk", flat=True).first()
    if found is None:
        raise NotPermitted(_("锁定由编辑人办理。"))
    return found


def _name(page: Page) -> str:
    return page.locked_by.get_full_name() if page.locked_by is not None else _("系统")


def _lock(page: Page, account: object) -> None:
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by_id=account, locked_at=now())
