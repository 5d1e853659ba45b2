"""The inbox."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zhengtong.capabilities.notify import api
from zhengtong.kernel.policy import actor_of, signed_in


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """The reader's messages, newest first."""
    page = api.inbox(actor=actor_of(request), page=request.GET.get("page"))
    return render(request, "notify/inbox.html", {"page": page})


@signed_in
@require_POST
def read(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Mark a message as read and go to what it is about."""
    message = api.mark_read(actor=actor_of(request), message_id=message_id)
    safe = url_has_allowed_host_and_scheme(message.link, allowed_hosts={request.get_host()})
    return redirect(message.link if message.link and safe else "notify:inbox")
