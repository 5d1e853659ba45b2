"""How often one address may give opinions and answers without signing in, and look up wrong receipts."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts
from zhengtong.systems.opinions.constants import BALLOTS_OF_ADDRESS, SENT_BY_ADDRESS, TRIES_OF_ADDRESS

_DAY, _WHILE = dt.timedelta(days=1), dt.timedelta(minutes=10)
_LOOKED_UP = Attempts("opinions.look_up")
_SENT = Attempts("opinions.send")
T = TypeVar("T")


def check_send(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address has sent too much in a day."""
    _SENT.check_day(tenant=tenant, address=address, most=int(parameters.value(SENT_BY_ADDRESS, tenant=tenant)))


def count_sent(*, tenant: str, address: str) -> None:
    """Count one; must not run inside a transaction that is rolled back."""
    _SENT.count(tenant=tenant, address=address)


def guard_look_up(look_up: Callable[[], T], *, tenant: str, address: str) -> T:
    """What is found by a receipt: see ``Attempts.guard``, ten minutes. Raises NotFound, NotPermitted."""
    return _LOOKED_UP.guard(
        look_up,
        tenant=tenant,
        address=address,
        within=_WHILE,
        most=int(parameters.value(TRIES_OF_ADDRESS, tenant=tenant)),
        refusal=_("查错的次数太多，请 10 分钟后再试，也可以拨打页面底部的电话。"),
    )


def check_ballot(*, tenant: str, address: str, poll_id: uuid.UUID) -> None:
    """Raises NotPermitted where the address has answered this survey too often today."""
    _ballots(poll_id).check(
        tenant=tenant,
        address=address,
        within=_DAY,
        most=int(parameters.value(BALLOTS_OF_ADDRESS, tenant=tenant)),
        refusal=_("从您所在的网络答这份调查的次数，今天已经太多，这一次没有提交。请换一个网络，或者明天再试。"),
    )


def count_ballot(*, tenant: str, address: str, poll_id: uuid.UUID) -> None:
    """Count one answer; must not run inside a transaction that is rolled back."""
    _ballots(poll_id).count(tenant=tenant, address=address)


def _ballots(poll_id: uuid.UUID) -> Attempts:
    return Attempts(f"opinions.ballot.{poll_id.hex}")
