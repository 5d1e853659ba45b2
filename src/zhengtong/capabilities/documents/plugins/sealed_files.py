"""The files of papers for trust, which renews their archival time stamps."""

import uuid

from zhengtong.capabilities.documents.selectors import sealed_content
from zhengtong.capabilities.documents.services import add_version
from zhengtong.kernel.actors import ObjectRef


class SealedPapers:
    """The SealedFileKeeper of papers."""

    def read(self, *, tenant: str, object_ref: ObjectRef, digest: str) -> bytes | None:
        """The PDF version with that SM3 digest; an OFD is not renewed and has none."""
        return sealed_content(tenant=tenant, document_id=uuid.UUID(object_ref.id), sm3=digest)

    def add_version(self, *, tenant: str, object_ref: ObjectRef, digest: str, pdf: bytes) -> None:
        """Keep the renewed file as the next version."""
        add_version(tenant=tenant, document_id=uuid.UUID(object_ref.id), renews=digest, pdf=pdf)
