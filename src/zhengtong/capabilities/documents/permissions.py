"""Who may issue, withdraw and read papers."""

import uuid

from zhengtong.capabilities.documents.constants import DocumentKind
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.registry import subject_policies
from zhengtong.kernel.actors import Actor, ObjectRef


def may_issue(actor: Actor, *, subject_ref: ObjectRef, kind: str, issuing_org_id: uuid.UUID) -> bool:
    """The platform, officials of the issuing unit, whom the object's app admits; a receipt also its applicant."""
    if actor.kind == "system":
        return True
    if actor.kind == "official" and actor.org_id == issuing_org_id:
        return True
    if kind == DocumentKind.RECEIPT and actor.kind in ("citizen", "legal_agent"):
        return True
    return subject_ref.kind in subject_policies and subject_policies.get(subject_ref.kind).may_issue(
        actor, subject_ref, kind=kind, issuing_org_id=issuing_org_id
    )


def may_withdraw(actor: Actor, document: Document) -> bool:
    """The platform and officials of the issuing unit."""
    if actor.tenant != document.tenant:
        return False
    return actor.kind == "system" or (actor.kind == "official" and actor.org_id == document.issuing_org_id)


def may_read(actor: Actor, document: Document) -> bool:
    """The platform, officials of the issuing unit, and whom the object's app admits (its applicant, its reviewers)."""
    if actor.tenant != document.tenant:
        return False
    if actor.kind == "system" or (actor.kind == "official" and actor.org_id == document.issuing_org_id):
        return True
    subject_ref = ObjectRef(kind=document.subject_kind, id=document.subject_id)
    return subject_ref.kind in subject_policies and subject_policies.get(subject_ref.kind).may_read(actor, subject_ref)
