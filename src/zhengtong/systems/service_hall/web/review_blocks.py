"""Promises and special steps on the pages of a matter, for the applicant and for the officials who take part."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import actor_of
from zhengtong.systems.service_hall.constants import OBJECT_KIND, PromiseKind
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.selectors import promises, special
from zhengtong.systems.service_hall.selectors.promised import live_pledge


def promise_act(request: HttpRequest, matter: Matter) -> str | None:
    """The applicant may promise, or owes what he promised."""
    row = _application(matter)
    if row is None or row.case_id is None or not matter.open:
        return None
    pledge = live_pledge(row, PromiseKind.TOLERANCE)
    offer = None if pledge else promises.tolerance_offer(row)
    if pledge is None and (offer is None or not offer.owed or offer.barred):
        return None
    return render_to_string("service_hall/promises/act.html", {"row": row, "pledge": pledge}, request)


def promise_block(request: HttpRequest, matter: Matter) -> str | None:
    """What was promised and until when."""
    row = _application(matter)
    found = promises.pledges_of(row) if row is not None else ()
    if not found:
        return None
    return render_to_string("service_hall/promises/block.html", {"row": row, "pledges": found}, request)


def special_block(request: HttpRequest, matter: Matter) -> str | None:
    """Inspection, expert review and public notice of a matter."""
    row = _application(matter)
    found = special.special_steps_of(row) if row is not None else ()
    if not found:
        return None
    return render_to_string("service_hall/special/block.html", {"row": row, "steps": found}, request)


def desk_special_block(request: HttpRequest, matter: Matter) -> str | None:
    """The same for officials, with the way to arrange one."""
    row = _application(matter)
    if row is None or row.case_id is None:
        return None
    actor = actor_of(request)
    found = special.special_steps_of(row, actor=actor, rows=matter.detail.special_steps)
    may_arrange = matter.open and actor.org_id == row.org_id and actor.has_role("clerk", "reviewer", "leader")
    if not found and not may_arrange:
        return None
    context = {"row": row, "steps": found, "may_arrange": may_arrange, "desk": True}
    return render_to_string("service_hall/special/block.html", context, request)


def desk_promise_block(request: HttpRequest, matter: Matter) -> str | None:
    """What was promised; before acceptance also that something may follow and no promise stands."""
    row = _application(matter)
    if row is None or row.case_id is None:
        return None
    found = promises.pledges_of(row, matter.detail.pledges)
    # the page has read the materials: only where one is lacking the offer is worked out
    lacks = any(one.state == "may_follow" for one in matter.detail.materials)
    offer = promises.tolerance_offer(row) if matter.open and lacks and not found else None
    waits = offer if offer is not None and offer.owed and "已经受理" not in offer.barred else None
    if not found and waits is None:
        return None
    context = {"row": row, "pledges": found, "waits": waits, "desk": True}
    return render_to_string("service_hall/promises/block.html", context, request)


def _application(matter: Matter) -> Application | None:
    return getattr(matter.detail, "row", None) if matter.ref.kind == OBJECT_KIND else None
