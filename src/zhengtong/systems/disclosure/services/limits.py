"""How often one address may send without signing in, and look up with a wrong code."""

import datetime as dt

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.disclosure.constants import SENT_BY_ADDRESS, TRIES_OF_ADDRESS, TRY_SECONDS
from zhengtong.systems.disclosure.models import DisclosureTry

_DAY = dt.timedelta(days=1)
LOOK_UP, SEND = "look_up", "send"


def check_look_up(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address gave too many wrong codes in ten minutes."""
    if _count(tenant, LOOK_UP, address, dt.timedelta(seconds=TRY_SECONDS)) >= int(
        parameters.value(TRIES_OF_ADDRESS, tenant=tenant)
    ):
        raise NotPermitted(_("查错的次数太多。为了保护申请人，请 10 分钟后再试，也可以拨打页面底部的电话。"))


def check_send(*, tenant: str, address: str) -> None:
    """Raises NotPermitted where the address has sent too much in a day."""
    if _count(tenant, SEND, address, _DAY) >= int(parameters.value(SENT_BY_ADDRESS, tenant=tenant)):
        raise NotPermitted(
            _(
                "从您所在的网络不登录提交的次数，今天已经太多，这一次没有提交。请登录后提交，或者明天再试，也可以拨打页面底部的电话。"
            )
        )


def count(*, tenant: str, what: str, address: str) -> None:
    """Count one; must not run inside a transaction that is rolled back. Yesterday's are forgotten."""
    DisclosureTry.objects.filter(created_at__lt=now() - _DAY).delete()
    DisclosureTry.objects.create(tenant=tenant, what=what, address=_digest(address))


def _count(tenant: str, what: str, address: str, within: dt.timedelta) -> int:
    since = now() - within
    return DisclosureTry.objects.filter(
        tenant=tenant, what=what, address=_digest(address), created_at__gt=since
    ).count()


def _digest(address: str) -> str:
    """Another one every day: nobody finds out later from where something was sent."""
    return salted_hmac(f"disclosure.address.{local_date()}", address, algorithm="sha256").hexdigest()
