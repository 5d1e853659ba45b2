"""What higher apps tell documents: who else may issue and read a paper of their objects."""

import uuid
from typing import Protocol

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.registry import Registry


class SubjectPolicy(Protocol):
    """Answers for one kind of object (``case``); without one, only the issuing unit and the platform may."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """True when the actor may issue this kind of paper for the object in the unit's name."""

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """True when the actor may read the papers of the object."""

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """True when the papers of the object were made out to the actor, or to whom he speaks for."""


subject_policies: Registry[SubjectPolicy] = Registry("documents.subject_policies")
