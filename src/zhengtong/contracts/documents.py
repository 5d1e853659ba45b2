"""What documents tell: papers issued, superseded, withdrawn. No personal data: numbers, titles and units only."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentEvent(Event):
    """Base: ``object_ref`` is the document itself, ``subject_ref`` what it was issued for (``case``, …)."""

    document_id: uuid.UUID
    subject_ref: ObjectRef
    kind: str
    title: str
    number: str
    org_id: uuid.UUID
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentIssued(DocumentEvent):
    """A paper was issued; ``sealed`` tells whether it carries an electronic seal."""

    NAME: ClassVar[str] = "documents.document_issued.v1"
    file_id: uuid.UUID
    verification_code: str
    sealed: bool
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentSuperseded(DocumentEvent):
    """A paper was replaced by a newer one."""

    NAME: ClassVar[str] = "documents.document_superseded.v1"
    successor_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentWithdrawn(DocumentEvent):
    """A paper was withdrawn with a reason (kept in the ledger, not told here)."""

    NAME: ClassVar[str] = "documents.document_withdrawn.v1"
