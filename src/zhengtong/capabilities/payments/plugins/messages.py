"""What payments tell payers, as a kind of messages the county may word for itself."""

from zhengtong.capabilities.notify.registry import MessageKind
from zhengtong.capabilities.payments.constants import NEWS

MESSAGE_KIND = MessageKind(
    key=NEWS,
    label="缴费和退费",
    title="{title}",
    body="{body}",
    sms="{body}",
    variables={
        "title": ("标题", "请缴费：45.50 元"),
        "body": ("正文", "“开办餐饮店一件事”需要向青禾县城市管理和综合执法局缴费 45.50 元，请在网上缴清。"),
        "item": ("缴费事由", "开办餐饮店一件事"),
        "number": ("缴费单号", "F9807232026112000001"),
    },
)
