"""Queueing, sending, following up, wording."""

from zhengtong.capabilities.notify.engine.simulator import Arrived
from zhengtong.capabilities.notify.services.choosing import choose_channels
from zhengtong.capabilities.notify.services.following import apply_report, retry_delivery, tell_otherwise, watch
from zhengtong.capabilities.notify.services.mailing import send_mails
from zhengtong.capabilities.notify.services.queueing import (
    mark_read,
    send,
    send_code,
    send_message,
    sms_is_set_up,
    words_of_code,
)
from zhengtong.capabilities.notify.services.texting import (
    TextSender,
    account_of_settings,
    send_short_messages,
    use_gateway,
)
from zhengtong.capabilities.notify.services.trying import (
    built_in_account,
    check_gateway,
    simulated_gateway,
    write_arrived,
)
from zhengtong.capabilities.notify.services.wording import change_template, restore_template, template_faults

__all__ = [
    "Arrived",
    "TextSender",
    "account_of_settings",
    "apply_report",
    "built_in_account",
    "change_template",
    "check_gateway",
    "choose_channels",
    "mark_read",
    "restore_template",
    "retry_delivery",
    "send",
    "send_code",
    "send_mails",
    "send_message",
    "send_short_messages",
    "simulated_gateway",
    "sms_is_set_up",
    "tell_otherwise",
    "template_faults",
    "use_gateway",
    "watch",
    "words_of_code",
    "write_arrived",
]
