"""Who may issue, withdraw and read papers."""

import uuid

from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.registry import subject_policies
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor, ObjectRef

#: who handles matters in a unit; administrators of accounts and machines have no business with papers
_HANDLERS = (Role.CLERK.value, Role.REVIEWER.value, Role.LEADER.value)
_DECIDERS = (Role.CLERK.value, Role.LEADER.value)


def may_issue(
    actor: Actor, *, subject_ref: ObjectRef, kind: str, issuing_org_id: uuid.UUID, item_code: str = ""
) -> bool:
    """The platform, officials of the issuing unit, whom the object's app admits; nobody writes a paper for himself.

    A delegate for certain items issues papers of these only.
    """
    if actor.kind == "system":
        return True
    if actor.kind == "official" and actor.org_id == issuing_org_id and actor.has_role(*_HANDLERS):
        return identity.may_handle_item(actor, item_code)
    return subject_ref.kind in subject_policies and subject_policies.get(subject_ref.kind).may_issue(
        actor, subject_ref, kind=kind, issuing_org_id=issuing_org_id
    )


def may_withdraw(actor: Actor, document: Document) -> bool:
    """The platform, clerks and leaders of the issuing unit."""
    return (actor.kind == "system" and actor.tenant == document.tenant) or _of_the_unit(actor, document, _DECIDERS)


def may_report_loss(actor: Actor, document: Document) -> bool:
    """The holder, as the object's app knows him, the platform, clerks and leaders of the issuing unit."""
    if actor.tenant != document.tenant:
        return False
    subject_ref = ObjectRef(kind=document.subject_kind, id=document.subject_id)
    return may_withdraw(actor, document) or is_holder(actor, subject_ref)


def is_holder(actor: Actor, subject_ref: ObjectRef) -> bool:
    """Whether the papers of the object were made out to the actor, as the object's app knows."""
    return subject_ref.kind in subject_policies and subject_policies.get(subject_ref.kind).is_holder(actor, subject_ref)


def may_archive(actor: Actor, document: Document) -> bool:
    """The package for the archive goes to the unit that issued the paper, and to the platform."""
    return may_withdraw(actor, document)


def may_read(actor: Actor, document: Document) -> bool:
    """The platform, who handles matters in the issuing unit, whom the object's app admits (applicant, reviewers)."""
    if actor.tenant != document.tenant:
        return False
    if actor.kind == "system" or _of_the_unit(actor, document, _HANDLERS):
        return True
    subject_ref = ObjectRef(kind=document.subject_kind, id=document.subject_id)
    return subject_ref.kind in subject_policies and subject_policies.get(subject_ref.kind).may_read(actor, subject_ref)


def _of_the_unit(actor: Actor, document: Document, roles: tuple[str, ...]) -> bool:
    return (
        actor.kind == "official"
        and actor.tenant == document.tenant
        and actor.org_id == document.issuing_org_id
        and actor.has_role(*roles)
        and identity.may_handle_item(actor, document.item_code)
    )
