"""Ways on which the code of a forgotten password goes out."""

import os
import secrets
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import now


def write_short_message(*, tenant: str, person_id: uuid.UUID, text: str) -> bool:
    """Write the message into the state folder's ``sms/`` instead of sending it; in a demonstration only.

    A county registers the sender of its short-message gateway beside this one. False without a telephone number.
    """
    if not settings.ZHENGTONG_DEMO:
        return False
    contact = identity.person_contact(person_id, actor=system(tenant), purpose=_("发送找回密码验证码"))
    if not contact.phone:
        return False
    folder = Path(settings.ZHENGTONG_VAR) / "sms"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{contact.phone}\n{text}\n")
    return True
