"""What waits for the leader's decision, one card a matter, for the phone; each is decided by itself."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk_clocks, desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of

_MOST = 50


@requires(Role.LEADER)
@require_GET
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Decisions that wait for the actor, the most urgent first."""
    actor = actor_of(request)
    context = desk_pages.frame(request, actor) | {
        "cards": _cards(actor),
        "delegated_by": actor.delegated_by,
        "unit": actor.org_name,
    }
    return render(request, "service_hall/leader/decisions.html", context)


def _cards(actor: Actor) -> list[dict[str, Any]]:
    rows = cases.desk(actor=actor, queue="todo", size=_MOST, first_phase="decide").rows
    waiting = [item for item in rows if item.subject.kind == OBJECT_KIND and desk_pages.is_decision(item)]
    names = selectors.masked_applicants(
        tenant=actor.tenant, application_ids=[uuid.UUID(item.subject.id) for item in waiting]
    )
    calendar = cases.calendar_of(actor.tenant)
    return [
        {
            "title": item.title,
            "number": item.number,
            "applicant": names.get(uuid.UUID(item.subject.id), ""),
            "note": item.hand_note or (_("%(name)s签收") % {"name": item.holder} if item.holder else ""),
            "lamp": desk_clocks.task_lamp(item, calendar),
            "url": desk_pages.task_url(item),
        }
        for item in waiting
    ]
