"""The limit to publish what became of the opinions, as its pages explain it."""

import dataclasses
import datetime as dt
from decimal import Decimal

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.opinions.constants import FEEDBACK_LIMIT, YELLOW_RATIO, State
from zhengtong.systems.opinions.models import Topic


@dataclasses.dataclass(frozen=True)
class FeedbackLimit:
    """Last day, its end, when it turns yellow, and one sentence that shows how the last day came about."""

    label: str
    due_on: dt.date
    due_at: dt.datetime
    yellow_at: dt.datetime | None
    sentence: str


def feedback_limit(topic: Topic) -> FeedbackLimit:
    """The limit by the calendar of today, begun on the last day of the consultation."""
    limit = cases.Limit.parse(str(parameters.value(FEEDBACK_LIMIT, tenant=topic.tenant, on=topic.closes_on)))
    calendar, ratio = (
        cases.calendar_of(topic.tenant),
        Decimal(str(parameters.value(YELLOW_RATIO, tenant=topic.tenant))),
    )
    due = cases.deadline_of(topic.closes_on, limit, [], [], calendar)
    if due.due_date is None or due.due_at is None:
        raise ValueError("the parameter of the feedback names no limit")
    return FeedbackLimit(
        label=limit.label,
        due_on=due.due_date,
        due_at=due.due_at,
        yellow_at=cases.warning_at(topic.closes_on, limit, [], [], calendar, ratio),
        sentence=cases.arithmetic(topic.closes_on, limit, [], [], calendar, due),
    )


def lamp_of(topic: Topic) -> str:
    """green, yellow, red; none where nothing is waited for."""
    if topic.state != State.PUBLISHED or topic.due_at is None:
        return "none"
    return str(cases.lamp_at(now(), yellow_at=topic.yellow_at, red_at=topic.due_at, breach_at=None))


def lamp_note(topic: Topic) -> str:
    """How many days are left, or by how many it is late."""
    if topic.due_on is None or lamp_of(topic) == "none":
        return ""
    left = (topic.due_on - local_date()).days
    return f"还有 {left} 天" if left >= 0 else f"已超过 {-left} 天"
