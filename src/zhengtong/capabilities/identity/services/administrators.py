"""The last of a kind: each of the three administrators stays in somebody's hands, whatever is taken away."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.rules import THREE_ADMINISTRATORS
from zhengtong.capabilities.identity.selectors.administration import administrator_roles_end, administrator_roles_held
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.transactions import hold
from zhengtong.kernel.ui.formats import cn_date


def lock_administrators(tenant: str) -> None:
    """Until the transaction ends, whoever else takes an administrator away in this county waits and then counts anew.

    Taken before any row is locked, or two such acts would wait for each other.
    """
    hold(f"identity:administrators:{tenant}")


@contextlib.contextmanager
def keeping_administrators(tenant: str, *, day: dt.date | None = None) -> Iterator[None]:
    """A transaction after which every kind of the three is still held on ``day`` (today) if it was before.

    Nor does it leave a kind only to people whose appointments end: the day would come on which nobody holds it, by
    itself. Raises Conflict, and nothing has happened, where the last enabled holder would go, now or in time.
    """
    when = max(day or local_date(), local_date())
    with transaction.atomic():
        lock_administrators(tenant)
        before, ends = administrator_roles_held(tenant, when), administrator_roles_end(tenant)
        yield
        lost = before - administrator_roles_held(tenant, when)
        if lost:
            raise last_of_kind(lost)
        for role, until in sorted(administrator_roles_end(tenant).items()):
            if until is not None and ends.get(role) is None:
                raise _ends_by_itself(role, until)


@contextlib.contextmanager
def keeping_administrators_of(tenant: str, roles: Iterable[str]) -> Iterator[None]:
    """The same for an act that concerns only these roles; a plain transaction where none of the three is among them."""
    three = not set(THREE_ADMINISTRATORS).isdisjoint(roles)
    with keeping_administrators(tenant) if three else transaction.atomic():
        yield


def last_of_kind(roles: frozenset[str]) -> Conflict:
    """The refusal where the last enabled holder of these roles would go."""
    names = "、".join(str(Role(role).label) for role in sorted(roles))
    return Conflict(
        _("没有办理：这是最后一个可用的%(names)s，办理后将无人管理。请先任命另一位并开通账户。") % {"names": names}
    )


def _ends_by_itself(role: str, until: dt.date) -> Conflict:
    return Conflict(
        _("没有办理：办理后%(role)s只有任期到%(until)s为止的人员，到期将无人管理。请先任命一位不填截止日期的%(role)s。")
        % {"role": str(Role(role).label), "until": cn_date(until)},
        field="valid_until",
    )
