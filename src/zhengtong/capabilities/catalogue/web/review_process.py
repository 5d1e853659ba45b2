"""Offering the review's drawing: a block of the start page for process administrators, and the press that begins it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.policy import actor_of, requires


@requires(Role.PROCESS_ADMIN)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft of the drawing; where one is open already, the list of processes shows it."""
    try:
        draft_id = api.begin_review_process(actor=actor_of(request))
    except Conflict as refusal:
        messages.info(request, refusal.message)
        return redirect("processes:list")
    return redirect("processes:draft", draft_id=draft_id)


def review_process_block(request: HttpRequest) -> str | None:
    """For process administrators of a county that has no review in force yet; nothing for anybody else."""
    actor = actor_of(request)
    if not actor.has_role(Role.PROCESS_ADMIN) or not api.review_process_missing(actor.tenant):
        return None
    return render_to_string("catalogue/review_process_block.html", {}, request=request)
