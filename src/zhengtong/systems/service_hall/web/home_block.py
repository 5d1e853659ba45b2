"""The block of the portal's start page: what waits for the person who signed in."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web import pages


def my_cases_block(request: HttpRequest) -> str | None:
    """What waits and the latest applications; nothing for strangers and for officials in office."""
    actor = pages.actor_of(request)
    if actor.kind not in ("citizen", "legal_agent"):
        return None
    recent = api.my_applications(actor=actor, size=3)
    if not recent.total:
        return None
    waiting = sum(todo.notice is not None for todo in api.my_todos(actor=actor))
    context = {"rows": recent.rows, "total": recent.total, "waiting": waiting}
    return render_to_string("service_hall/parts/home_block.html", context, request=request)
