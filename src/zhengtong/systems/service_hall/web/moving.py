"""A draft whose item was published anew: what has changed, the move, what went along."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.errors import NotPermitted
from zhengtong.kernel.policy import signed_in
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web import pages


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newer(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Tell that the guide has changed; the press moves the draft and shows what went along."""
    actor = pages.actor_of(request)
    row = api.application_to_fill(actor=actor, application_id=application_id)
    context: dict[str, Any] = {"breadcrumbs": pages.crumbs((row.item_name, ""), (_("办事指南已更新"), ""))}
    if request.method == "POST":
        moved = api.move_draft(actor=actor, application_id=row.id)
        view = api.view_to_fill(actor=actor, application_id=row.id)
        context |= {"view": view, "moved": moved, "leftovers": moved.left_over, "next": pages.next_step(view)}
        return render(request, "service_hall/moved.html", context)
    item = api.newer_item(row)
    if item is None:
        return redirect(pages.next_step(api.view_to_fill(actor=actor, application_id=row.id)))
    hindrance = ""
    try:
        api.check_may_go_on(actor, row, item)
    except NotPermitted as refusal:
        hindrance = refusal.message
    more, fewer = api.material_changes(row, item)
    view = api.view_to_fill(actor=actor, application_id=row.id)
    context |= {"view": view, "item": item, "more": more, "fewer": fewer, "hindrance": hindrance}
    return render(request, "service_hall/newer.html", context)
