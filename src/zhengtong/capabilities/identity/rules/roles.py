"""Which roles exclude each other."""

from collections.abc import Iterable

# 三员分立: GB/T 22239—2019 §8.1.4 访问控制 d.
THREE_ADMINISTRATORS = ("sys_admin", "sec_admin", "audit_admin")
# The process administrator moves cases and is none of the three either.
ADMINISTRATORS = (*THREE_ADMINISTRATORS, "process_admin")
# 五类管理员 (主机 网络 数据库 应用 安全): they operate what the three administrators answer for.
OPERATORS = (
    "host_operator",
    "network_operator",
    "database_operator",
    "application_operator",
    "security_operator",
)

Pairs = frozenset[frozenset[str]]

_FIXED: Pairs = frozenset(
    frozenset({one, other})
    for one in ADMINISTRATORS
    for other in (*ADMINISTRATORS, *(OPERATORS if one in THREE_ADMINISTRATORS else ()))
    if one != other
)


def excluding_roles(role: str, held: Iterable[str], *, further: Pairs = frozenset()) -> frozenset[str]:
    """Those of the roles held that one person may not hold together with ``role``."""
    return frozenset(other for other in held if frozenset({role, other}) in _FIXED | further)


def colliding_roles(roles: Iterable[str], *, further: Pairs = frozenset()) -> frozenset[str]:
    """The roles among ``roles`` that one person may not hold together, nothing when all go together."""
    held = frozenset(roles)
    return frozenset(role for role in held if excluding_roles(role, held, further=further))


def mixed_post(roles: Iterable[str]) -> frozenset[str]:
    """The roles that may not stand beside one of the three administrators on a post, nothing when all go together.

    Such a post holds no other role at all: whoever acts in it sees no business data.
    """
    held = frozenset(roles)
    return held - frozenset(THREE_ADMINISTRATORS) if held & frozenset(THREE_ADMINISTRATORS) else frozenset()


def parse_pairs(texts: Iterable[str]) -> Pairs:
    """``security_operator+database_operator`` as a pair of roles that exclude each other; others are ignored."""
    found = [frozenset(part.strip() for part in text.split("+")) for text in texts]
    return frozenset(pair for pair in found if len(pair) == 2)
