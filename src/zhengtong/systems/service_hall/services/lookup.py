"""Finding an application by number and query code, with a limit on guessing."""

import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.attempts import Attempts, digest_of_day
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import LOOKUP_TRIES, LOOKUP_TRIES_OF_ADDRESS, LOOKUP_WINDOW_SECONDS
from zhengtong.systems.service_hall.models import Application, FailedLookup

_FAILED = Attempts(FailedLookup, "service_hall.lookup.address")


def look_up(*, tenant: str, number: str, code: str, visitor: str, address: str) -> Application:
    """The application with that number and code, for anybody who holds both.

    ``visitor`` names the browser's session, ``address`` the network address. Raises NotFound for a pair that does
    not fit, and NotPermitted when session or address has failed too often in ten minutes; the failure is kept in
    any case, so this function must not run inside a transaction that is rolled back.
    """
    window = dt.timedelta(seconds=LOOKUP_WINDOW_SECONDS)
    visitor = digest_of_day("service_hall.lookup.visitor", visitor)
    of_visitor = FailedLookup.objects.filter(tenant=tenant, visitor=visitor, created_at__gt=now() - window).count()
    of_address = _FAILED.lately(tenant=tenant, address=address, within=window)
    if of_visitor >= parameters.value(LOOKUP_TRIES, tenant=tenant) or of_address >= parameters.value(
        LOOKUP_TRIES_OF_ADDRESS, tenant=tenant
    ):
        raise NotPermitted(
            _(
                "查错的次数太多。为了保护申请人，请 10 分钟后再试；"
                "也可以登录后在“我的办件”中查看，或者拨打页面底部的电话。"
            )
        )
    try:
        return selectors.application_by_code(tenant=tenant, number=number, code=code)
    except NotFound:
        _FAILED.count(tenant=tenant, address=address, visitor=visitor)
        raise
