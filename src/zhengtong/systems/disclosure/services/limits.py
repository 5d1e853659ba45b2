"""How often one address may send without signing in, and look up with a wrong code."""

import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.disclosure.constants import SENT_BY_ADDRESS, TRIES_OF_ADDRESS, TRY_SECONDS
from zhengtong.systems.disclosure.models import DisclosureTry

_DAY = dt.timedelta(days=1)
LOOK_UP, SEND = "look_up", "send"
_TRIES = Attempts(DisclosureTry, "disclosure.address")


def check_look_up(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address gave too many wrong codes in ten minutes."""
    window, most = dt.timedelta(seconds=TRY_SECONDS), int(parameters.value(TRIES_OF_ADDRESS, tenant=tenant))
    if _TRIES.lately(tenant=tenant, address=address, within=window, what=LOOK_UP) >= most:
        raise NotPermitted(_("查错的次数太多。为了保护申请人，请 10 分钟后再试，也可以拨打页面底部的电话。"))


def check_send(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address has sent too much in a day."""
    most = int(parameters.value(SENT_BY_ADDRESS, tenant=tenant))
    if _TRIES.lately(tenant=tenant, address=address, within=_DAY, what=SEND) >= most:
        raise NotPermitted(
            _(
                "从您所在的网络不登录提交的次数，今天已经太多，这一次没有提交。请登录后提交，或者明天再试，也可以拨打页面底部的电话。"
            )
        )


def count(*, tenant: str, what: str, address: str) -> None:
    """Count one; must not run inside a transaction that is rolled back."""
    _TRIES.count(tenant=tenant, address=address, what=what)
