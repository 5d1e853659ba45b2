"""Finding an application by number and query code, with a limit on guessing."""

import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import LOOKUP_TRIES, LOOKUP_TRIES_OF_ADDRESS, LOOKUP_WINDOW_SECONDS
from zhengtong.systems.service_hall.models import Application

_OF_VISITOR = Attempts("service_hall.lookup.visitor")
_OF_ADDRESS = Attempts("service_hall.lookup.address")


def look_up(*, tenant: str, number: str, code: str, visitor: str, address: str) -> Application:
    """The application with that number and code, for anybody who holds both.

    ``visitor`` names the browser's session, ``address`` the network address. Raises NotFound for a pair that does
    not fit, and NotPermitted when session or address has failed too often in ten minutes; the failure is kept in
    any case, so this function must not run inside a transaction that is rolled back.
    """
    for tries, who, most in ((_OF_VISITOR, visitor, LOOKUP_TRIES), (_OF_ADDRESS, address, LOOKUP_TRIES_OF_ADDRESS)):
        tries.check(
            tenant=tenant,
            address=who,
            within=dt.timedelta(seconds=LOOKUP_WINDOW_SECONDS),
            most=int(parameters.value(most, tenant=tenant)),
            refusal=_(
                "查错的次数太多。为了保护申请人，请 10 分钟后再试；"
                "也可以登录后在“我的办件”中查看，或者拨打页面底部的电话。"
            ),
        )
    try:
        return selectors.application_by_code(tenant=tenant, number=number, code=code)
    except NotFound:
        _OF_VISITOR.count(tenant=tenant, address=visitor)
        _OF_ADDRESS.count(tenant=tenant, address=address)
        raise
