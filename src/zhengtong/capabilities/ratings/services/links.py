"""How often one address may rate by link."""

import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.capabilities.ratings.constants import TRIES_OF_ADDRESS, TRY_WINDOW_SECONDS
from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts

_USES = Attempts("ratings.link")


def check_use(*, tenant: str, address: str) -> None:
    """Refuse when the address used links too often in ten minutes; raises NotPermitted."""
    _USES.check(
        tenant=tenant,
        address=address,
        within=dt.timedelta(seconds=TRY_WINDOW_SECONDS),
        most=int(parameters.value(TRIES_OF_ADDRESS, tenant=tenant)),
        refusal=_("从您所在的网络凭链接评价的次数太多，这一次没有提交。请 10 分钟后再试，或者登录后评价。"),
    )


def count_use(*, tenant: str, address: str) -> None:
    """Count a rating by link, or a link that was none; must not run inside a transaction that is rolled back."""
    _USES.count(tenant=tenant, address=address)
