"""How often one address may rate by link."""

import datetime as dt

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhengtong.capabilities.ratings.constants import TRIES_OF_ADDRESS, TRY_WINDOW_SECONDS
from zhengtong.capabilities.ratings.models import LinkUse
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotPermitted

_KEPT = dt.timedelta(days=1)


def check_use(*, tenant: str, address: str) -> None:
    """Refuse when the address used links too often in ten minutes; raises NotPermitted."""
    since = now() - dt.timedelta(seconds=TRY_WINDOW_SECONDS)
    uses = LinkUse.objects.filter(tenant=tenant, address=_digest(address), created_at__gt=since).count()
    if uses >= int(parameters.value(TRIES_OF_ADDRESS, tenant=tenant)):
        raise NotPermitted(_("从您所在的网络凭链接评价的次数太多，这一次没有提交。请 10 分钟后再试，或者登录后评价。"))


def count_use(*, tenant: str, address: str) -> None:
    """Count a rating by link, or a link that was none; must not run inside a transaction that is rolled back."""
    LinkUse.objects.filter(created_at__lt=now() - _KEPT).delete()
    LinkUse.objects.create(tenant=tenant, address=_digest(address))


def _digest(address: str) -> str:
    return salted_hmac("ratings.link.address", address, algorithm="sha256").hexdigest()
