"""Ratings: how supervision reads what is told of bad ratings, and of ratings from the counter's own device."""

from typing import Final

from zhengtong.contracts import ratings
from zhengtong.systems.supervision.registry import EventSource, Sighting, register_source

AREA: Final = "评价"
#: what would say which matter an anonymous rating was about
_HIDDEN: Final = frozenset({"case_id", "number", "subject", "rating_id"})


def _noted(event: ratings.RatingEvent) -> Sighting | None:
    """A rating changes nothing in the picture of its case; matters without a case are in none.

    The unit reads its cards: one for an anonymous rating would name the case, and with it who rated. Supervisors find
    these on the desk of bad ratings.
    """
    if event.anonymous:
        return None
    return Sighting(
        change="noted",
        case_id=event.case_id,
        number=event.number,
        title=event.title,
        item_code=event.item_code,
        org_id=event.org_id,
        org_name=event.org_name,
        due_at=getattr(event, "due_at", None),
    )


SOURCES = (
    EventSource(ratings.RatingGiven, "收到评价", AREA, _noted, _HIDDEN),
    EventSource(ratings.BadRatingDue, "差评待处理", AREA, _noted, _HIDDEN),
    EventSource(ratings.BadRatingAnswered, "差评已处理", AREA, _noted, _HIDDEN),
    EventSource(ratings.BadRatingOverdue, "差评处理超期", AREA, _noted, _HIDDEN),
    EventSource(ratings.BadRatingJudged, "差评认定", AREA, _noted, _HIDDEN),
    EventSource(ratings.BadRatingClosed, "差评办结", AREA, _noted, _HIDDEN),
)


def register() -> None:
    """Watch ratings."""
    for source in SOURCES:
        register_source(source)
