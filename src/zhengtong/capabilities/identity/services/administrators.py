"""The last of a kind: each of the three administrators stays in somebody's hands, whatever is taken away."""

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.selectors.administration import administrator_roles_held
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict


def lock_administrators(tenant: str) -> None:
    """Until the transaction ends, whoever else takes an administrator away in this county waits and then counts anew.

    Taken before any row is locked, or two such acts would wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"identity:administrators:{tenant}"])


@contextlib.contextmanager
def keeping_administrators(tenant: str, *, day: dt.date | None = None) -> Iterator[None]:
    """A transaction after which every kind of the three is still held on ``day`` (today) if it was before.

    Raises Conflict, and nothing has happened, where the last enabled holder would go.
    """
    when = max(day or local_date(), local_date())
    with transaction.atomic():
        lock_administrators(tenant)
        before = administrator_roles_held(tenant, when)
        yield
        lost = before - administrator_roles_held(tenant, when)
        if lost:
            raise last_of_kind(lost)


def last_of_kind(roles: frozenset[str]) -> Conflict:
    """The refusal where the last enabled holder of these roles would go."""
    names = "、".join(str(Role(role).label) for role in sorted(roles))
    return Conflict(
        _("没有办理：这是最后一个可用的%(names)s，办理后将无人管理。请先任命另一位并开通账户。") % {"names": names}
    )
