"""Messages as a Django app."""

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig


class NotifyConfig(SystemConfig):
    """Site messages, mail and short messages."""

    name = "zhengtong.capabilities.notify"
    label = "notify"
    verbose_name = "消息通知"
    aliases = ("短信平台", "站内消息", "邮件通知", "短信通知", "审批结果通知")
    plan_refs = ("J-49",)
    home_url = "/messages/"

    def ready(self) -> None:
        """Have the worker send; offer a way for codes; show officials how the messages of a matter fare."""
        from zhengtong.capabilities.identity.registry import reset_message_senders
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.notify import api, constants
        from zhengtong.capabilities.notify.plugins import send_recovery_code, work_short_messages
        from zhengtong.capabilities.notify.services import erasing
        from zhengtong.capabilities.notify.web.blocks import deliveries_block
        from zhengtong.kernel import erasure
        from zhengtong.kernel.pages import desk_blocks

        reset_message_senders.register("notify_sms", send_recovery_code)
        for act, words in constants.ACT_LABELS.items():
            act_labels.register(act, words)
        for kind, words in constants.OBJECT_LABELS.items():
            object_labels.register(kind, words)
        erasure.erasers.register("notify", erasing.message_eraser())
        erasing.register_sweeps()
        desk_blocks.register("notify_deliveries", deliveries_block)
        register_loop("notify_mail", api.send_mails, interval=1.0)
        register_loop("notify_sms", work_short_messages, interval=0.5)
        register_loop("notify_watch", api.watch, interval=15.0)
