"""Messages as a Django app."""

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig


class NotifyConfig(SystemConfig):
    """Site messages and mail."""

    name = "zhengtong.capabilities.notify"
    label = "notify"
    verbose_name = "消息通知"
    aliases = ("短信平台", "站内消息", "邮件通知", "审批结果通知")
    plan_refs = ("J-49",)
    home_url = "/messages/"

    def ready(self) -> None:
        """Have the worker send mail; offer a way for the codes of forgotten passwords."""
        from zhengtong.capabilities.identity.registry import reset_message_senders
        from zhengtong.capabilities.notify import api
        from zhengtong.capabilities.notify.plugins import write_short_message

        reset_message_senders.register("notify_file", write_short_message)
        register_loop("notify_mail", api.send_waiting, interval=1.0)
