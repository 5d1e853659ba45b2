"""Network addresses that failed to sign in: how often, and what was tried from there."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Count, F, Max, QuerySet

from zhengtong.capabilities.identity.constants import GuardKind, PersonKind, SignInOutcome
from zhengtong.capabilities.identity.models import SignIn, SignInGuard
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ui.formats import mask_name

# the failure that begins a count is written down a moment before the count is
_BEFORE = dt.timedelta(seconds=5)
_FAILED = (SignInOutcome.WRONG_PASSWORD, SignInOutcome.WRONG_CODE, SignInOutcome.WRONG_CERTIFICATE)


@dataclasses.dataclass(frozen=True)
class Tried:
    """Failures for one account in one way; ``username`` is empty for citizens, whose names are masked."""

    username: str
    name: str
    outcome: str
    times: int
    last: dt.datetime


@dataclasses.dataclass(frozen=True)
class TriedFrom:
    """What was tried from an address since it was counted; ``others``: names nobody has, and locked accounts.

    ``count``: how many accounts; citizens' rows do not tell them apart.
    """

    accounts: list[Tried]
    count: int
    others: int


def failing_sources(tenant: str) -> "QuerySet[SignInGuard]":
    """Addresses with counted failures, the locked ones first, then by the number of failures."""
    rows = SignInGuard.objects.filter(tenant=tenant, kind=GuardKind.SOURCE)
    return rows.order_by(F("locked_until").desc(nulls_last=True), "-failures", "key")


def find_source(tenant: str, guard_id: uuid.UUID) -> SignInGuard:
    """One address with its count; raises NotFound, also when it was unlocked or has been idle for a day."""
    row = failing_sources(tenant).filter(pk=guard_id).first()
    if row is None:
        raise NotFound("没有这个来源地址的失败记录，或者它已经解除锁定。")
    return row


def tried_from(row: SignInGuard) -> TriedFrom:
    """What was tried from the address since its failures are counted, the most tried account first."""
    failures = SignIn.objects.filter(
        tenant=row.tenant, address=row.key, created_at__gte=row.counted_from - _BEFORE, outcome__in=_FAILED
    )
    person = "account__person"
    found = (
        failures.values("account__username", f"{person}__name", f"{person}__kind", "outcome")
        .annotate(times=Count("id"), last=Max("created_at"))
        .order_by("-times", "-last")
    )
    accounts = [
        Tried(
            username=each["account__username"] if each[f"{person}__kind"] == PersonKind.STAFF else "",
            name=each[f"{person}__name"] if each[f"{person}__kind"] == PersonKind.STAFF
            else mask_name(each[f"{person}__name"]),
            outcome=str(SignInOutcome(each["outcome"]).label),
            times=each["times"],
            last=each["last"],
        )
        for each in found
    ]  # fmt: skip
    others = max(0, row.failures - sum(each.times for each in accounts))
    return TriedFrom(accounts, len({each["account__username"] for each in found}), others)
