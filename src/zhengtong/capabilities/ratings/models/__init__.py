"""Tables of ratings: ratings, the follow-up of bad ones, evaluators, invitations by short message."""

from zhengtong.capabilities.ratings.models.devices import Device, DeviceCall, DeviceNonce
from zhengtong.capabilities.ratings.models.follow_ups import FollowUp, FollowUpAct
from zhengtong.capabilities.ratings.models.ratings import Rating, ReplyInvitation

__all__ = ["Device", "DeviceCall", "DeviceNonce", "FollowUp", "FollowUpAct", "Rating", "ReplyInvitation"]
