"""How often one network address did something lately, against guessing and bulk use without signing in.

An address is kept as a keyed digest that changes every day, and for a day: nobody finds out later from where something
was sent. Each app keeps its own table (``tenant``, ``address``, ``created_at`` and what it tells apart) and its limits.
"""

import dataclasses
import datetime as dt
from typing import Any, Final

from django.db.models import Model
from django.utils.crypto import salted_hmac

from zhengtong.kernel.clock import local_date, now

_KEPT: Final = dt.timedelta(days=1)


def digest_of_day(scope: str, text: str) -> str:
    """The digest of a text within a scope, another one every day."""
    return salted_hmac(f"{scope}.{local_date()}", text, algorithm="sha256").hexdigest()


@dataclasses.dataclass(frozen=True)
class Attempts:
    """The attempts of one app: the model of its table, and the scope in which addresses are told apart."""

    model: type[Model]
    scope: str

    def lately(self, *, tenant: str, address: str, within: dt.timedelta, **about: str) -> int:
        """How many of an address there were in the last while."""
        since, digest = now() - within, digest_of_day(self.scope, address)
        rows = self.model._default_manager.filter(tenant=tenant, address=digest, created_at__gt=since, **about)
        return rows.count()

    def count(self, *, tenant: str, address: str, **about: Any) -> None:
        """Count one; must not run inside a transaction that is rolled back. Yesterday's are forgotten."""
        self.model._default_manager.filter(created_at__lt=now() - _KEPT).delete()
        self.model._default_manager.create(tenant=tenant, address=digest_of_day(self.scope, address), **about)
