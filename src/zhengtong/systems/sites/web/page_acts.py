"""What is done to one web page besides publishing: moments, the bin, locks, links for readers without an account."""

import functools
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.systems.sites.constants import ADMIN, PUBLISHER, STAFF_ROLES
from zhengtong.systems.sites.services import binning, holding, previewing, scheduling
from zhengtong.systems.sites.web import one_page
from zhengtong.systems.sites.web.reading import moment
from zhengtong.systems.sites.web.showing import shown_version


def _acted(request: HttpRequest, page_id: int, act: Callable[[], object], said: str, *, place: str) -> HttpResponse:
    """Do it and say so, or show the page again with what was typed and the reason it was not done."""
    try:
        act()
    except (Invalid, Conflict) as refusal:
        return one_page.refused(request, page_id, refusal, place=place)
    messages.success(request, said)
    return redirect("sites_desk:one", page_id=page_id)


@requires(PUBLISHER, ADMIN)
@require_POST
def down_at(request: HttpRequest, page_id: int) -> HttpResponse:
    """Have a published page go down at a moment."""

    def act() -> None:
        at = moment(request, "down_at")
        if at is None:
            raise Invalid(_("请填写撤下的时刻。"), field="down_at")
        scheduling.schedule_down(actor=actor_of(request), page_id=page_id, at=at)

    return _acted(request, page_id, act, _("已经定好撤下的时刻。"), place="down_at")


@requires(PUBLISHER, ADMIN)
@require_POST
def cancel_moment(request: HttpRequest, page_id: int, schedule_id: uuid.UUID) -> HttpResponse:
    """Take a moment back."""
    reason = request.POST.get("cancel_reason", "")
    return _acted(
        request,
        page_id,
        lambda: scheduling.cancel_schedule(actor=actor_of(request), schedule_id=schedule_id, reason=reason),
        _("已经取消定时。"),
        place="cancel_reason",
    )


@requires(*STAFF_ROLES)
@require_POST
def delete(request: HttpRequest, page_id: int) -> HttpResponse:
    """Into the bin."""
    reason = request.POST.get("delete_reason", "")
    try:
        row = binning.delete_page(actor=actor_of(request), page_id=page_id, reason=reason)
    except (Invalid, Conflict) as refusal:
        return one_page.refused(request, page_id, refusal, place="delete_reason")
    messages.success(request, _("“%(title)s”已经移入回收站，期满以前可以恢复。") % {"title": row.page.draft_title})
    return redirect("sites_desk:desk")


@requires(*STAFF_ROLES)
@require_POST
def restore(request: HttpRequest, deleted_id: uuid.UUID) -> HttpResponse:
    """Back to its column."""
    try:
        page = binning.restore_page(actor=actor_of(request), deleted_id=deleted_id)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
        return redirect("sites_desk:desk")
    messages.success(request, _("“%(title)s”已经恢复到原来的栏目。") % {"title": page.draft_title})
    return redirect("sites_desk:one", page_id=page.pk)


@requires(*STAFF_ROLES)
@require_POST
def hold(request: HttpRequest, page_id: int) -> HttpResponse:
    """Keep others from changing the page."""
    act = functools.partial(holding.hold_page, actor=actor_of(request), page_id=page_id)
    return _acted(request, page_id, act, _("已经锁定，别人暂时不能编辑。"), place="")


@requires(*STAFF_ROLES)
@require_POST
def release(request: HttpRequest, page_id: int) -> HttpResponse:
    """Let others change it again."""
    act = functools.partial(holding.release_page, actor=actor_of(request), page_id=page_id)
    return _acted(request, page_id, act, _("已经解除锁定。"), place="")


@requires(*STAFF_ROLES)
@require_POST
def take_over(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take another's lock over."""
    reason = request.POST.get("take_over_reason", "")
    act = functools.partial(holding.take_over_page, actor=actor_of(request), page_id=page_id, reason=reason)
    return _acted(request, page_id, act, _("已经接手，原来锁定的人会收到通知。"), place="take_over_reason")


@requires(*STAFF_ROLES)
@require_POST
def make_link(request: HttpRequest, page_id: int) -> HttpResponse:
    """A link for a reader without an account."""
    purpose = request.POST.get("purpose", "")
    act = functools.partial(previewing.make_preview_link, actor=actor_of(request), page_id=page_id, purpose=purpose)
    return _acted(request, page_id, act, _("链接已经开出，在“预览链接”里复制。"), place="purpose")


@requires(*STAFF_ROLES)
@require_POST
def end_link(request: HttpRequest, page_id: int, link_id: uuid.UUID) -> HttpResponse:
    """A link leads nowhere any more."""
    act = functools.partial(previewing.end_preview_link, actor=actor_of(request), link_id=link_id)
    return _acted(request, page_id, act, _("链接已经停用。"), place="")


@public
@require_GET
@never_cache
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The version a link leads to, for whoever has the link."""
    page, _link = previewing.read_by_link(actor=actor_of(request), token=token)
    return shown_version(request, page)
