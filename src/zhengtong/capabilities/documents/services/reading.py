"""Handing papers out: every reading is entered in the ledger."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents.constants import FileFormat
from zhengtong.capabilities.documents.models import DocumentVersion
from zhengtong.capabilities.documents.selectors import readable_document
from zhengtong.capabilities.documents.services.composing import ref_of
from zhengtong.capabilities.documents.services.files import file_name
from zhengtong.capabilities.documents.services.renditions import ensure_ofd
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound


def read_file(
    *, actor: Actor, document_id: uuid.UUID, purpose: str = "", file_format: str = FileFormat.PDF
) -> tuple[str, bytes]:
    """File name and content of the current version, as PDF or OFD; the reading is entered in the ledger.

    ``purpose`` names the work it is read for, without personal data. An OFD that is not there yet is made now.
    Raises NotFound or NotPermitted; Conflict when there is no OFD and none can be made any more.
    """
    row = readable_document(actor=actor, document_id=document_id)
    if file_format not in FileFormat.values:
        raise NotFound(_("文书只有 PDF 和 OFD 两种格式。"))
    if file_format == FileFormat.OFD:
        file_id = ensure_ofd(tenant=row.tenant, document_id=row.pk).file_id
    else:
        file_id = DocumentVersion.objects.get(document=row, no=row.current_version).file_id
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="documents.read",
            object_ref=ref_of(row),
            payload={"kind": row.kind, "number": row.number, "version": row.current_version, "format": file_format},
            purpose=purpose or _("查看文书"),
        )
    _file, content = storage.read(tenant=row.tenant, file_id=file_id)
    return file_name(row, file_format), content
