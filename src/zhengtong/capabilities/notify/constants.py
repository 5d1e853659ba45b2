"""States of a mail on its way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_ATTEMPTS = 8


class MailState(models.TextChoices):
    """Where a mail stands; ``given_up`` is shown to who can do something about it."""

    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发送")
    GIVEN_UP = "given_up", _("发送失败")
