"""How often one address may send without signing in, and look up with a wrong code."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts
from zhengtong.systems.complaints.constants import SENT_BY_ADDRESS, TRIES_OF_ADDRESS, TRY_SECONDS
from zhengtong.systems.complaints.services.submitting import find_by_code

_LOOKED_UP = Attempts("complaints.look_up")
_SENT = Attempts("complaints.send")


def look_up(*, tenant: str, address: str, number: str, code: str) -> uuid.UUID:
    """The complaint with that number and code: see ``Attempts.guard``, ten minutes. Raises NotFound, NotPermitted."""
    return _LOOKED_UP.guard(
        lambda: find_by_code(tenant=tenant, number=number, code=code).id,
        tenant=tenant,
        address=address,
        within=dt.timedelta(seconds=TRY_SECONDS),
        most=int(parameters.value(TRIES_OF_ADDRESS, tenant=tenant)),
        refusal=_("查错的次数太多。为了保护提出人，请 10 分钟后再试，也可以拨打页面底部的电话。"),
    )


def check_send(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address has sent too much in a day."""
    _SENT.check_day(tenant=tenant, address=address, most=int(parameters.value(SENT_BY_ADDRESS, tenant=tenant)))


def count_sent(*, tenant: str, address: str) -> None:
    """Count one; must not run inside a transaction that is rolled back."""
    _SENT.count(tenant=tenant, address=address)
