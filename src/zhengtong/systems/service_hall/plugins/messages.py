"""What the hall tells applicants, as kinds of messages, and who may see how these messages fare."""

import uuid

from zhengtong.capabilities.notify.registry import MessageKind
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import DomainError
from zhengtong.systems.service_hall.constants import CONSENT_CODE_MESSAGE
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
    MessageKind(
        key=CONSENT_CODE_MESSAGE,
        label="窗口代录：本人同意的验证码",
        sms=(
            "您正在{org}窗口以“{applicant}”的名义申请“{item}”，验证码 {code}，{minutes} 分钟内有效。看过全部内容、"
            "同意提交的，请告诉工作人员；不是您本人在窗口办理的，不要告诉任何人。"
        ),
        variables={
            "org": ("收件窗口", "青禾县政务服务中心"),
            "applicant": ("申请人", "张一"),
            "item": ("事项名称", "食品经营许可"),
            "code": ("验证码", "123456"),
            "minutes": ("有效时间（分钟）", "5"),
        },
        urgent=True,
        sms_only=True,
    ),
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
