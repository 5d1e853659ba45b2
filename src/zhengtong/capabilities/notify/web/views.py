"""The inbox, and a person's choice of channels."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.notify import api
from zhengtong.kernel.policy import actor_of, signed_in


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """The reader's messages, newest first, each with when it went out by which channel."""
    actor = actor_of(request)
    page = api.inbox(actor=actor, page=request.GET.get("page"))
    if actor.kind == "official":
        why = _("派给您的工作、要您处理的提醒和期限会出现在这里。")
    else:
        why = _("提交申请以后，受理、补正、办结的消息会出现在这里。")
    return render(request, "notify/inbox.html", {"page": page, "why_empty": why})


@signed_in
@require_POST
def read(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Mark a message as read and go to what it is about."""
    message = api.mark_read(actor=actor_of(request), message_id=message_id)
    safe = url_has_allowed_host_and_scheme(message.link, allowed_hosts={request.get_host()})
    return redirect(message.link if message.link and safe else "notify:inbox")


@signed_in
@require_http_methods(["GET", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """POST mail, sms (``on`` or absent): by which channels the reader wants to hear."""
    actor = actor_of(request)
    if request.method == "POST":
        api.choose_channels(actor=actor, mail="mail" in request.POST, sms="sms" in request.POST)
        messages.success(request, _("通知方式已保存。"))
        return redirect("notify:inbox")
    mail, sms = api.channel_choice(actor=actor)
    summaries = {one.channel: one for one in api.channel_summaries(tenant=actor.tenant)}
    context = {"mail": mail, "sms": sms, "sms_configured": bool(summaries["sms"].configured)}
    return render(request, "notify/channels.html", context)
