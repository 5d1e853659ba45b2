"""The door of messages for other apps."""

from zhengtong.capabilities.notify.selectors import (
    ChannelSummary,
    channel_choice,
    channel_summaries,
    deliveries_about,
    inbox,
    unread,
)
from zhengtong.capabilities.notify.services import (
    Arrived,
    apply_report,
    check_gateway,
    choose_channels,
    mark_read,
    retry_delivery,
    send,
    send_code,
    send_mails,
    send_message,
    simulated_gateway,
    tell_otherwise,
    watch,
    write_arrived,
)

__all__ = [
    "Arrived",
    "ChannelSummary",
    "apply_report",
    "channel_choice",
    "channel_summaries",
    "check_gateway",
    "choose_channels",
    "deliveries_about",
    "inbox",
    "mark_read",
    "retry_delivery",
    "send",
    "send_code",
    "send_mails",
    "send_message",
    "simulated_gateway",
    "tell_otherwise",
    "unread",
    "watch",
    "write_arrived",
]
