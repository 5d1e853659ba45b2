"""Events of identity: persons, organisations, posts and accounts; pseudonyms only."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class CitizenRegistered(Event):
    """A person has opened an account for himself."""

    NAME: ClassVar[str] = "identity.citizen_registered.v1"
    person_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class AgencyDeclared(Event):
    """A person has declared to act for a legal person, or was authorised to."""

    NAME: ClassVar[str] = "identity.agency_declared.v1"
    person_id: uuid.UUID
    legal_person_id: uuid.UUID
    role: str
    verified: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationsChanged(Event):
    """Organisations were created or changed by an import; lists of organisations should be read again."""

    NAME: ClassVar[str] = "identity.organisations_changed.v1"
    created: int
    changed: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    """One organisation was founded, renamed, moved, merged or abolished; ``other_id`` is its heir, or where it is from.

    Its open work goes to the heir (``identity.registry.organisation_work``): at once, or in batches where it is much.
    """

    NAME: ClassVar[str] = "identity.organisation_changed.v1"
    org_id: uuid.UUID
    kind: str
    effective_on: dt.date
    other_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonAppointed(Event):
    """A person has been given a post."""

    NAME: ClassVar[str] = "identity.person_appointed.v1"
    person_id: uuid.UUID
    post_id: uuid.UUID
    org_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppointmentEnded(Event):
    """A person no longer holds a post."""

    NAME: ClassVar[str] = "identity.appointment_ended.v1"
    person_id: uuid.UUID
    post_id: uuid.UUID
    org_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostRoleChanged(Event):
    """A post has gained or lost a role."""

    NAME: ClassVar[str] = "identity.post_role_changed.v1"
    post_id: uuid.UUID
    org_id: uuid.UUID
    role: str
    granted: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccountLocked(Event):
    """Too many failed attempts have locked an account for a while."""

    NAME: ClassVar[str] = "identity.account_locked.v1"
    account_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostsUsed(Event):
    """How many posts of a unit were held on a day, and of how many somebody signed in: counts, nobody is named.

    Units with fewer posts than the county sets tell nothing: a count of one would be about a person.
    """

    NAME: ClassVar[str] = "identity.posts_used.v1"
    org_id: uuid.UUID
    org_name: str
    day: dt.date
    posts: int
    used: int
