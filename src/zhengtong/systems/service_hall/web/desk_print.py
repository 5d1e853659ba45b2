"""A case on paper: form, materials, opinions, limits, what happened."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengtong.kernel.clock import now
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web import desk_case, desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of


@requires(*desk_pages.READERS)
@require_GET
@never_cache
def printed(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The case as a sheet; the reading is entered as one for printing."""
    actor = actor_of(request)
    view = api.read_case(actor=actor, case_id=case_id, purpose=_("打印办件"))
    context = desk_case.case_context(actor, view)
    context |= {
        "printed_at": now(),
        "printed_by": " ".join(filter(None, [actor.org_name, actor.post_name, actor.name])),
    }
    return render(request, "service_hall/desk/print.html", context)
