"""How far a role reaches: one's own matters, the unit's, the unit's with everything below, the whole county's."""

import dataclasses
import uuid
from collections.abc import Iterable

from zhengtong.kernel.actors import Actor

OWN = "own"
UNIT = "unit"
SUBTREE = "subtree"
COUNTY = "county"


@dataclasses.dataclass(frozen=True)
class OrgScope:
    """What one role of an actor reaches; ``path`` is the unit's place in the tree (``/C01/G22/``)."""

    kind: str
    tenant: str
    org_id: uuid.UUID | None
    path: str
    person_id: uuid.UUID | None


def scopes_held(actor: Actor, roles: Iterable[str] = ()) -> list[OrgScope]:
    """What the actor reaches by each of the roles (all he holds by default); nothing for roles without a scope."""
    wanted = frozenset(roles) or actor.roles
    return [
        OrgScope(kind, actor.tenant, actor.org_id, actor.org_path, actor.person_id)
        for role, kind in actor.scopes
        if role in wanted & actor.roles
    ]
