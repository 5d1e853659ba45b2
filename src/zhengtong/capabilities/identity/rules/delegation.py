"""What may be delegated, to whom and for how long."""

import datetime as dt
import enum
import uuid
from collections.abc import Iterable

from zhengtong.capabilities.identity.rules.roles import ADMINISTRATORS, OPERATORS

# Powers of administration and operation stay with the person who was appointed; citizen and agent are nobody's post.
NOT_DELEGABLE = frozenset({*ADMINISTRATORS, *OPERATORS, "citizen", "agent"})


class DelegationProblem(enum.Enum):
    """Why a delegation is refused."""

    ONESELF = "oneself"
    NO_ROLE = "no_role"
    NOT_HELD = "not_held"
    NOT_DELEGABLE = "not_delegable"
    PERIOD = "period"
    PAST = "past"
    TOO_LONG = "too_long"


def delegation_problem(
    *,
    delegator: uuid.UUID,
    delegate: uuid.UUID,
    roles: Iterable[str],
    held: Iterable[str],
    valid_from: dt.date,
    valid_until: dt.date,
    today: dt.date,
    longest: int,
) -> DelegationProblem | None:
    """None when the delegation may be made; ``held`` are the roles of the delegator's post, ``longest`` is in days."""
    wanted = frozenset(roles)
    if delegator == delegate:
        return DelegationProblem.ONESELF
    if not wanted:
        return DelegationProblem.NO_ROLE
    if wanted & NOT_DELEGABLE:
        return DelegationProblem.NOT_DELEGABLE
    if not wanted <= frozenset(held):
        return DelegationProblem.NOT_HELD
    if valid_until <= valid_from:
        return DelegationProblem.PERIOD
    if valid_from < today:
        return DelegationProblem.PAST
    if (valid_until - valid_from).days > longest:
        return DelegationProblem.TOO_LONG
    return None
