"""The door of messages for other apps."""

from zhengtong.capabilities.notify.selectors import inbox, mail_states, unread
from zhengtong.capabilities.notify.services import mark_read, send_message, send_waiting

__all__ = ["inbox", "mail_states", "mark_read", "send_message", "send_waiting", "unread"]
