"""How often one network address did something lately, against guessing and bulk use without signing in.

An address is kept as a keyed digest that changes every day, and for a day: nobody finds out later from where something
was sent. All stand in one table; apps have their scopes and their limits.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Final, TypeVar

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.models import Attempt

_DAY: Final = dt.timedelta(days=1)
T = TypeVar("T")


def digest_of_day(scope: str, text: str) -> str:
    """The digest of a text within a scope, another one every day."""
    return salted_hmac(f"{scope}.{local_date()}", text, algorithm="sha256").hexdigest()


@dataclasses.dataclass(frozen=True)
class Attempts:
    """The attempts at one thing: the scope in which addresses (or sessions) are told apart."""

    scope: str

    def lately(self, *, tenant: str, address: str, within: dt.timedelta) -> int:
        """How many of an address there were in the last while."""
        rows = Attempt.objects.filter(tenant=tenant, address=digest_of_day(self.scope, address), scope=self.scope)
        return rows.filter(created_at__gt=now() - within).count()

    def count(self, *, tenant: str, address: str) -> None:
        """Count one; must not run inside a transaction that is rolled back. Yesterday's are forgotten."""
        past(tenant, now() - _DAY).delete()
        Attempt.objects.create(tenant=tenant, address=digest_of_day(self.scope, address), scope=self.scope)

    def check(self, *, tenant: str, address: str, within: dt.timedelta, most: int, refusal: str) -> None:
        """Raises NotPermitted with this sentence where the address did it too often in the last while."""
        if self.lately(tenant=tenant, address=address, within=within) >= most:
            raise NotPermitted(refusal)

    def guard(
        self, look_up: Callable[[], T], *, tenant: str, address: str, within: dt.timedelta, most: int, refusal: str
    ) -> T:
        """What ``look_up`` finds, where the address has not looked in vain too often; NotFound is counted and raised.

        Must not run inside a transaction that is rolled back.
        """
        self.check(tenant=tenant, address=address, within=within, most=most, refusal=refusal)
        try:
            return look_up()
        except NotFound:
            self.count(tenant=tenant, address=address)
            raise

    def check_day(self, *, tenant: str, address: str, most: int) -> None:
        """Raises NotPermitted where the address has sent too much in a day."""
        self.check(
            tenant=tenant,
            address=address,
            within=_DAY,
            most=most,
            refusal=_(
                "从您所在的网络不登录提交的次数，今天已经太多，这一次没有提交。请登录后提交，或者明天再试，也可以拨打页面底部的电话。"
            ),
        )


def past(tenant: str, before: dt.datetime) -> "QuerySet[Attempt]":
    """Attempts older than a moment."""
    return Attempt.objects.filter(tenant=tenant, created_at__lt=before)
