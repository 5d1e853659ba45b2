"""How often one address may give opinions and answers without signing in, and look up wrong receipts."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.opinions.constants import BALLOTS_OF_ADDRESS, SENT_BY_ADDRESS, TRIES_OF_ADDRESS
from zhengtong.systems.opinions.models import OpinionTry

_DAY, _WHILE = dt.timedelta(days=1), dt.timedelta(minutes=10)
SEND, LOOK_UP = "send", "look_up"
_TRIES = Attempts(OpinionTry, "opinions.address")


def check_send(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address has sent too much in a day."""
    most = int(parameters.value(SENT_BY_ADDRESS, tenant=tenant))
    if _TRIES.lately(tenant=tenant, address=address, within=_DAY, what=SEND) >= most:
        raise NotPermitted(
            _(
                "从您所在的网络不登录提交的意见，今天已经太多，这一次没有提交。请登录后提交，或者明天再试，也可以打页面上的电话。"
            )
        )


def check_look_up(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address gave too many wrong receipts in ten minutes."""
    most = int(parameters.value(TRIES_OF_ADDRESS, tenant=tenant))
    if _TRIES.lately(tenant=tenant, address=address, within=_WHILE, what=LOOK_UP) >= most:
        raise NotPermitted(_("查错的次数太多，请 10 分钟后再试，也可以拨打页面底部的电话。"))


def check_ballot(*, tenant: str, address: str, poll_id: uuid.UUID) -> None:
    """Raises NotPermitted where the address has answered this survey too often today."""
    most = int(parameters.value(BALLOTS_OF_ADDRESS, tenant=tenant))
    if _TRIES.lately(tenant=tenant, address=address, within=_DAY, what=ballot(poll_id)) >= most:
        raise NotPermitted(
            _("从您所在的网络答这份调查的次数，今天已经太多，这一次没有提交。请换一个网络，或者明天再试。")
        )


def ballot(poll_id: uuid.UUID) -> str:
    """The word under which answers to a survey are counted."""
    return f"ballot:{poll_id.hex}"


def count(*, tenant: str, what: str, address: str) -> None:
    """Count one; must not run inside a transaction that is rolled back."""
    _TRIES.count(tenant=tenant, address=address, what=what)
