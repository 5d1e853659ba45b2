"""What the hall tells applicants, as kinds of messages, and who may see how these messages fare."""

import uuid

from zhengtong.capabilities.notify.registry import MessageKind
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import DomainError
from zhengtong.systems.service_hall.selectors import application_for_official
from zhengtong.systems.service_hall.services.telling import LICENCE_NEWS, NEWS, REQUIRED_NEWS

_VARIABLES = {
    "title": ("标题", "申请已收到"),
    "body": ("正文", "您的申请“食品经营许可”已收到，编号 980723-2026-000123。"),
    "short": ("正文的第一段", "您的申请“食品经营许可”已收到，编号 980723-2026-000123。"),
    "item": ("事项名称", "食品经营许可"),
    "number": ("申请编号", "980723-2026-000123"),
}


def _kind(key: str, label: str, *, required: bool = False) -> MessageKind:
    return MessageKind(
        key=key,
        label=label,
        title="{title}",
        body="{body}",
        sms="{short}",
        variables=_VARIABLES,
        required=required,
    )


MESSAGE_KINDS = (
    _kind(NEWS, "办件进展"),
    _kind(REQUIRED_NEWS, "补正告知和办理结果", required=True),
    _kind(LICENCE_NEWS, "证照变动"),
)


def takes_part_in(actor: Actor, ref: ObjectRef) -> bool:
    """Whether an official takes part in the case of an application."""
    try:
        key = uuid.UUID(ref.id)
    except ValueError:
        return False
    try:
        application_for_official(actor=actor, application_id=key)
    except DomainError:
        return False
    return True
