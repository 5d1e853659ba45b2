"""Further versions of a paper: the same content with fresh proof, never another content."""

import hashlib
import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents.constants import CONTENT_TYPES, FileFormat
from zhengtong.capabilities.documents.models import Document, DocumentVersion
from zhengtong.capabilities.documents.services.files import file_name
from zhengtong.kernel import storage
from zhengtong.kernel.errors import Conflict


def add_version(*, tenant: str, document_id: uuid.UUID, renews: str, pdf: bytes) -> DocumentVersion:
    """Keep ``pdf`` as the next version; it must begin with the version whose SM3 digest is ``renews``.

    In the caller's transaction, who enters the renewal in the ledger. Raises Conflict for anything else than the
    newest version with something appended: what was issued is never rewritten.
    """
    row = Document.objects.select_for_update().get(tenant=tenant, pk=document_id)
    newest = DocumentVersion.objects.get(document=row, no=row.current_version)
    begins = hashlib.new("sm3", pdf[: newest.size]).hexdigest() == newest.sm3
    if newest.sm3 != renews or not begins or len(pdf) <= newest.size:
        raise Conflict(_("新的文件不是在最新版本后面追加而成，没有保存：已签发的文书不能改动。"))
    content_type = CONTENT_TYPES[FileFormat.PDF]
    file = storage.store(tenant=tenant, name=file_name(row, FileFormat.PDF), content=pdf, content_type=content_type)
    version = DocumentVersion.objects.create(
        tenant=tenant,
        document=row,
        no=newest.no + 1,
        sha256=file.digest,
        sm3=hashlib.new("sm3", pdf).hexdigest(),
        size=len(pdf),
        file_id=file.pk,
    )
    Document.objects.filter(pk=row.pk).update(current_version=version.no)
    return version
