"""The door of ratings for other apps."""

from zhengtong.capabilities.ratings.models import FollowUp
from zhengtong.capabilities.ratings.rules.figures import Figures
from zhengtong.capabilities.ratings.rules.signing import sign_request
from zhengtong.capabilities.ratings.selectors.figures import (
    figures,
    figures_by_item,
    figures_by_unit,
    published_figures,
)
from zhengtong.capabilities.ratings.selectors.follow_ups import follow_ups, open_about, waiting
from zhengtong.capabilities.ratings.selectors.ratings import RatingView, open_links, ratings_of
from zhengtong.capabilities.ratings.selectors.reports import RatingFacts, rating_facts, rating_ids_since
from zhengtong.capabilities.ratings.selectors.subjects import rating_path, rating_url
from zhengtong.capabilities.ratings.services.devices import ask_on_device, register_device
from zhengtong.capabilities.ratings.services.follow_ups import (
    ask_exclusion,
    judge,
    record_contact,
    report_rectified,
)
from zhengtong.capabilities.ratings.services.rating import Answer, give_rating
from zhengtong.capabilities.ratings.services.replies import ReplyOutcome, invite_by_message, rate_by_reply
from zhengtong.capabilities.ratings.services.watching import tick

__all__ = [
    "Answer",
    "Figures",
    "FollowUp",
    "RatingFacts",
    "RatingView",
    "ReplyOutcome",
    "ask_exclusion",
    "ask_on_device",
    "figures",
    "figures_by_item",
    "figures_by_unit",
    "follow_ups",
    "give_rating",
    "invite_by_message",
    "judge",
    "open_about",
    "open_links",
    "published_figures",
    "rate_by_reply",
    "rating_facts",
    "rating_ids_since",
    "rating_path",
    "rating_url",
    "ratings_of",
    "record_contact",
    "register_device",
    "report_rectified",
    "sign_request",
    "tick",
    "waiting",
]
