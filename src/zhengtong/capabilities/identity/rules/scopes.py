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

    def covers(self, *, tenant: str, org_path: str = "", person_id: uuid.UUID | None = None) -> bool:
        """True for something that belongs to the unit at ``org_path``, or to the person, and lies within reach."""
        if tenant != self.tenant:
            return False
        if self.kind == COUNTY:
            return True
        if self.kind == SUBTREE:
            return bool(self.path) and org_path.startswith(self.path)
        if self.kind == UNIT:
            return bool(self.path) and org_path == self.path
        return self.kind == OWN and self.person_id is not None and person_id == self.person_id


def scopes_held(actor: Actor, roles: Iterable[str] = ()) -> list[OrgScope]:
    """What the actor reaches by each of the roles (all he holds by default); nothing for roles without a scope."""
    wanted = frozenset(roles) or actor.roles
    return [
        OrgScope(kind, actor.tenant, actor.org_id, actor.org_path, actor.person_id)
        for role, kind in actor.scopes
        if role in wanted & actor.roles
    ]
