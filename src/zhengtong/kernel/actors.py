"""Who acts, and on what: plain values that every floor can carry."""

import dataclasses
import uuid
from typing import Literal

ActorKind = Literal["official", "citizen", "legal_agent", "system", "anonymous"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectRef:
    """Names an object of any app: ``kind`` is its app's word (``case``, ``document``), ``id`` its key as text."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Actor:
    """A person in a post of an organisation of one tenant, or the platform itself.

    ``org_path`` is the organisation's path in the tree (``/C01/G22/``); ``legal_person_id`` and ``on_behalf_of`` name
    the legal person an agent speaks for, ``ward_id`` and ``on_behalf_of`` the person a guardian acts for; ``roles`` the
    words of ``identity.constants.Role``, ``scopes`` pairs of role and reach (``identity.constants.Scope``). A delegate
    acts in the delegator's post: ``delegator_id`` and ``delegated_by`` name the delegator, ``delegated_items`` the item
    codes he may handle (all when empty; an agent's letter of authority may name some, too).
    """

    tenant: str
    kind: ActorKind
    person_id: uuid.UUID | None = None
    name: str = ""
    post_id: uuid.UUID | None = None
    post_name: str = ""
    org_id: uuid.UUID | None = None
    org_code: str = ""
    org_name: str = ""
    org_path: str = ""
    roles: frozenset[str] = frozenset()
    scopes: tuple[tuple[str, str], ...] = ()
    legal_person_id: uuid.UUID | None = None
    on_behalf_of: str = ""
    ward_id: uuid.UUID | None = None
    delegation_id: uuid.UUID | None = None
    delegator_id: uuid.UUID | None = None
    delegated_by: str = ""
    delegated_items: frozenset[str] = frozenset()

    def has_role(self, *roles: str) -> bool:
        """True when the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def hands_id(self) -> uuid.UUID | None:
        """In whose hands the matters of this post are: a deputy's acts stay the delegator's when the time is over."""
        return self.delegator_id or self.person_id

    @property
    def hands_name(self) -> str:
        """The name of that person."""
        return self.delegated_by or self.name

    @property
    def signed_in(self) -> bool:
        """True for a person; false for a stranger and for the platform."""
        return self.person_id is not None


def system(tenant: str) -> Actor:
    """The platform itself, for timers and jobs."""
    return Actor(tenant=tenant, kind="system", name="系统")


def anonymous(tenant: str) -> Actor:
    """A stranger who has not signed in."""
    return Actor(tenant=tenant, kind="anonymous", name="访客")
