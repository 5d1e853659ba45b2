"""Codes that are sent to somebody: made, tried, used up. One way for every code of the platform.

A code is kept as a hash. A try is counted before the code is looked at, so a hundred tries at the same moment are no
more than five.
"""

import datetime as dt
import functools
import secrets
from typing import TypeVar

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, QuerySet

from zhengtong.capabilities.identity.models.protection import OneTimeCode
from zhengtong.kernel.clock import now

TRIES = 5
_KEPT_FOR = dt.timedelta(days=30)
_Code = TypeVar("_Code", bound=OneTimeCode)


def new_code(digits: int) -> tuple[str, str]:
    """A code of so many digits, and what is kept of it."""
    code = f"{secrets.randbelow(10**digits):0{digits}d}"
    return code, make_password(code)


def count_try(rows: "QuerySet[_Code]") -> _Code | None:
    """The one row meant, while it is open and has tries left; this try counts already."""
    open_rows = rows.filter(closed_at__isnull=True, expires_at__gt=now())
    if not open_rows.filter(wrong_codes__lt=TRIES).update(wrong_codes=F("wrong_codes") + 1):
        return None
    return open_rows.first()


def is_right(row: OneTimeCode | None, typed: str) -> bool:
    """Whether the code typed is the one that was sent; it takes as long where none was."""
    return check_password("".join(typed.split()), row.code if row else _nobodys_code()) and row is not None


def give_back_try(row: OneTimeCode) -> None:
    """The code was right: the try that was counted was none."""
    type(row)._default_manager.filter(pk=row.pk).update(wrong_codes=F("wrong_codes") - 1)


def use_up(row: OneTimeCode) -> bool:
    """Close the code with the act it serves, in its transaction; False when another was faster."""
    return bool(type(row)._default_manager.filter(pk=row.pk, closed_at__isnull=True).update(closed_at=now()))


def forget_old(kind: type[OneTimeCode]) -> None:
    """Delete the codes of a kind that nobody needs any more."""
    kind._default_manager.filter(created_at__lt=now() - _KEPT_FOR).delete()


@functools.cache
def _nobodys_code() -> str:
    """What a code is compared with where nothing was sent; made once, or the answer would take twice as long."""
    return make_password(secrets.token_hex(8))
