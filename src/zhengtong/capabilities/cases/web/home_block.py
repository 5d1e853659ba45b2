"""A block of the start page: the keeper of the calendar is told when it does not reach far enough."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from zhengtong.capabilities.cases.selectors.calendar import calendar_outlook
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.policy import actor_of


def calendar_block(request: HttpRequest) -> str | None:
    """The alarm for process administrators; nothing for anybody else, and nothing while the calendar suffices."""
    actor = actor_of(request)
    if not actor.has_role(Role.PROCESS_ADMIN):
        return None
    outlook = calendar_outlook(actor.tenant)
    if outlook.lamp == "green":
        return None
    return render_to_string("cases/calendar_block.html", {"outlook": outlook}, request=request)
