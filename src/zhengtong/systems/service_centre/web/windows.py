"""The page of a window's operator, made for keys: next, recall, missed, transfer, finish."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.service_centre.constants import WINDOW_ROLES
from zhengtong.systems.service_centre.models import Window
from zhengtong.systems.service_centre.permissions import check_operator
from zhengtong.systems.service_centre.selectors import places, tickets
from zhengtong.systems.service_centre.services import (
    call_next,
    finish,
    open_window,
    recall,
    return_ticket,
    shut_window,
    skip,
    transfer,
)
from zhengtong.systems.service_centre.web.answers import live


def _window(request: HttpRequest, window_id: uuid.UUID) -> Window:
    actor = actor_of(request)
    window = places.find_window(actor.tenant, window_id)
    check_operator(actor, window)
    return window


def _context(request: HttpRequest, window: Window) -> dict[str, Any]:
    desk = tickets.window_desk(window)
    here = desk.open and window.operator_id == actor_of(request).person_id
    return {
        "desk": desk,
        "window": window,
        "here": here,
        "items": tickets.services_of(places.zones_of(window.place)),
        "live_url": reverse("service_centre:window_live", args=[window.id]),
    }


@requires(*WINDOW_ROLES)
@never_cache
@require_safe
def window_page(request: HttpRequest, window_id: uuid.UUID) -> HttpResponse:
    """叫号台 of one window."""
    window = _window(request, window_id)
    label = _("%(n)d 号窗口") % {"n": window.number}
    context = _context(request, window) | {
        "desk_title": _("叫号台"),
        "breadcrumbs": [{"label": _("我的值班"), "url": reverse("service_centre:duty")}, {"label": label, "url": ""}],
    }
    return render(request, "service_centre/window.html", context)


@requires(*WINDOW_ROLES)
@require_safe
def window_live(request: HttpRequest, window_id: uuid.UUID) -> HttpResponse:
    """Who waits for the window; 304 while nothing changed."""
    window = _window(request, window_id)
    version = tickets.place_version(window.tenant, window.place.slug)
    return live(request, "service_centre/parts/line.html", version, lambda: _context(request, window))


@requires(*WINDOW_ROLES)
@require_POST
def act(request: HttpRequest, window_id: uuid.UUID, act: str) -> HttpResponse:
    """One act at the window; what came of it stands on top of the page."""
    done = _ACTS.get(act)
    if done is None:
        raise NotFound(_("没有这项操作。"))
    try:
        words = done(request, window_id)
        if words:
            messages.success(request, words)
    except (Conflict, Invalid) as error:
        messages.error(request, error.message)
    return redirect("service_centre:window", window_id=window_id)


def _open(request: HttpRequest, window_id: uuid.UUID) -> str:
    window = open_window(actor=actor_of(request), window_id=window_id)
    return _("%(n)d 号窗口已经开放，可以叫号。") % {"n": window.number}


def _shut(request: HttpRequest, window_id: uuid.UUID) -> str:
    shut_window(actor=actor_of(request), window_id=window_id)
    return _("窗口已经暂停，不再叫号。")


def _next(request: HttpRequest, window_id: uuid.UUID) -> str:
    """Finish what is at the window, if the operator says so, and call the next."""
    if request.POST.get("finish"):
        _finish(request, window_id)
    ticket = call_next(actor=actor_of(request), window_id=window_id)
    return _("已叫 %(number)s。") % {"number": ticket.number} if ticket else _("现在没有人在等这个窗口。")


def _finish(request: HttpRequest, window_id: uuid.UUID) -> str:
    actor, code = actor_of(request), request.POST.get("item", "")[:64]
    window = places.find_window(actor.tenant, window_id)
    names = dict(tickets.services_of(places.zones_of(window.place)))
    known = code if code in names else ""
    ticket = finish(actor=actor, window_id=window_id, item_code=known, item_name=names.get(known, ""))
    return _("%(number)s 已办结。") % {"number": ticket.number}


def _recall(request: HttpRequest, window_id: uuid.UUID) -> str:
    ticket = recall(actor=actor_of(request), window_id=window_id)
    return _("%(number)s 已呼叫 %(n)d 次。") % {"number": ticket.number, "n": ticket.calls}


def _skip(request: HttpRequest, window_id: uuid.UUID) -> str:
    return _("%(number)s 记为过号。") % {"number": skip(actor=actor_of(request), window_id=window_id).number}


def _transfer(request: HttpRequest, window_id: uuid.UUID) -> str:
    to = _key(request.POST.get("to", ""))
    ticket = transfer(actor=actor_of(request), window_id=window_id, to_id=to)
    words = {"number": ticket.number, "n": ticket.wanted_window.number if ticket.wanted_window else 0}
    return _("%(number)s 已转到 %(n)d 号窗口，那里优先叫号。") % words


def _return(request: HttpRequest, window_id: uuid.UUID) -> str:
    key = _key(request.POST.get("ticket", ""))
    ticket = return_ticket(actor=actor_of(request), window_id=window_id, ticket_id=key)
    return _("%(number)s 重新排队。") % {"number": ticket.number}


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid(_("请先选择。")) from None


_ACTS: dict[str, Callable[[HttpRequest, uuid.UUID], str]] = {
    "open": _open,
    "shut": _shut,
    "next": _next,
    "finish": _finish,
    "recall": _recall,
    "skip": _skip,
    "transfer": _transfer,
    "return": _return,
}
