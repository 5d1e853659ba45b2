"""What identity and the worker plug in: the code of a forgotten password, the round of short messages."""

import uuid

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import services
from zhengtong.kernel.actors import system


def send_recovery_code(*, tenant: str, person_id: uuid.UUID, text: str) -> bool:
    """Send the code of a forgotten password as a short message; False without a gateway or a telephone number."""
    if not settings.ZHENGTONG_SMS_GATEWAY:
        return False
    contact = identity.person_contact(person_id, actor=system(tenant), purpose=_("发送找回密码验证码"))
    if not contact.phone:
        return False
    return services.send_code(tenant=tenant, person_id=person_id, phone=contact.phone, text=text)


def work_short_messages() -> int:
    """One round of the worker with the gateway that is set up; in a demonstration with the built-in one."""
    way = settings.ZHENGTONG_SMS_GATEWAY
    if way == "cmpp":
        return services.send_short_messages(services.account_of_settings())
    return services.send_short_messages(services.built_in_account() if way == "simulated" else None)
