"""Extension points of identity: real-name checks, grants, open work and landing pages are brought by higher apps."""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Protocol

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class GrantQuestion:
    """May ``actor`` see ``fields`` of an object that belongs to the organisation at ``subject_org`` (a path)?"""

    actor: Actor
    subject_org: str
    purpose: str
    object_ref: ObjectRef | None = None
    fields: tuple[str, ...] = ()


class GrantProvider(Protocol):
    """Knows grants; answers True only for one that exists and is in force."""

    def __call__(self, question: GrantQuestion) -> bool:
        """True when a grant covers the question."""


class PersonVerifier(Protocol):
    """Asks a register whether a name belongs to a citizen number; None when the register cannot be reached."""

    def __call__(self, *, tenant: str, name: str, citizen_number: str) -> bool | None:
        """True, False, or None for no answer."""


class LegalPersonVerifier(Protocol):
    """Asks a register whether a credit code belongs to that name and legal representative; None for no answer."""

    def __call__(self, *, tenant: str, uscc: str, name: str, representative: str) -> bool | None:
        """True, False, or None for no answer."""


class CountOrganisationWork(Protocol):
    """How much an organisation still has to do."""

    def __call__(self, *, tenant: str, org_id: uuid.UUID) -> int:
        """Open matters the organisation is answerable for or has a task in."""


class HandOverOrganisationWork(Protocol):
    """Gives an organisation's open work to another one."""

    def __call__(self, *, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
        """How many matters went over; runs in the caller's transaction and raises to stop everything."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationWork:
    """Open work of organisations; ``label`` is what a page calls it (在办办件)."""

    label: str
    count: CountOrganisationWork
    hand_over: HandOverOrganisationWork


class CountPersonWork(Protocol):
    """How much a person still has in hand in one post."""

    def __call__(self, *, tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> int:
        """Matters the person has claimed, was given or was asked to help with, in that organisation."""


class HandOverPersonWork(Protocol):
    """Gives what a person has in hand to a colleague."""

    def __call__(
        self, *, actor: Actor, person_id: uuid.UUID, org_id: uuid.UUID, to_person_id: uuid.UUID, reason: str
    ) -> int:
        """How many matters went over; runs in the caller's transaction and raises to stop everything."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonWork:
    """Open personal work; ``label`` is what a page calls it (已签收的待办)."""

    label: str
    count: CountPersonWork
    hand_over: HandOverPersonWork


# What an organisation that is merged or abolished, and a person who leaves a post, still has in hand.
organisation_work: Registry[OrganisationWork] = Registry("organisation_work")
person_work: Registry[PersonWork] = Registry("person_work")


class CheckedCertificate(Protocol):
    """What a checker says of a certificate; ``person_id`` when the checker knows whose it is."""

    @property
    def valid(self) -> bool:
        """True when chain, period and revocation are in order now."""

    @property
    def reason(self) -> str:
        """A Chinese sentence when it is not valid."""

    @property
    def subject(self) -> str:
        """Whom it names."""

    @property
    def serial(self) -> str:
        """Its serial number, hex."""

    @property
    def person_id(self) -> uuid.UUID | None:
        """The person it was issued to or registered for, as far as the checker knows."""


class CertificateChecker(Protocol):
    """Judges a certificate (DER or PEM) that somebody wants to sign in with; never raises for what it is given."""

    def __call__(self, certificate: bytes, /) -> CheckedCertificate:
        """The verdict of now."""


class ResetMessageSender(Protocol):
    """Sends a code (forgotten password, confirmation) on a way only the person reads (short message, mail)."""

    def __call__(self, *, tenant: str, person_id: uuid.UUID, text: str) -> bool:
        """True when it goes out; False when this way is not open to the person. Runs in the caller's transaction."""


certificate_checkers: Registry[CertificateChecker] = Registry("certificate_checkers")
reset_message_senders: Registry[ResetMessageSender] = Registry("reset_message_senders")

grant_providers: Registry[GrantProvider] = Registry("grant_providers")
person_verifiers: Registry[PersonVerifier] = Registry("person_verifiers")
legal_person_verifiers: Registry[LegalPersonVerifier] = Registry("legal_person_verifiers")

# Where a person arrives after signing in: the first that gives an address wins.
landing_pages: Registry[Callable[[Actor], str]] = Registry("landing_pages")
