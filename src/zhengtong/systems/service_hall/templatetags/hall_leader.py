"""What a leader sees first on the page of a decision."""

from typing import Any

from django import template

from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall.selectors.deciding import decision_points

register = template.Library()


@register.inclusion_tag("service_hall/leader/summary.html")
def decision_summary(view: Any, actor: Actor) -> dict[str, Any]:
    """The points for and against a decision, and in whose place the reader acts."""
    case = view.case
    reviews = [item for item in case.work_items if item.phase == "review"] if case else []
    return {
        "points": decision_points(view),
        "delegated_by": actor.delegated_by,
        "case_id": case.id if case else None,
        "joint": bool(reviews),
        "org_name": view.row.org_name,
    }
