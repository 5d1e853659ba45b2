"""Extension points of identity: real-name checks, grants and landing pages are brought by higher apps."""

import dataclasses
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


grant_providers: Registry[GrantProvider] = Registry("grant_providers")
person_verifiers: Registry[PersonVerifier] = Registry("person_verifiers")
legal_person_verifiers: Registry[LegalPersonVerifier] = Registry("legal_person_verifiers")

# Where a person arrives after signing in: the first that gives an address wins.
landing_pages: Registry[Callable[[Actor], str]] = Registry("landing_pages")
