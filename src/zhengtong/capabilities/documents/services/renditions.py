"""The same paper in another format: OFD with a seal of GB/T 38540."""

import hashlib
import io
import uuid

import pikepdf
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents.constants import CONTENT_TYPES, DocumentStatus, FileFormat
from zhengtong.capabilities.documents.engine.ofd.drawing import NotConvertible
from zhengtong.capabilities.documents.engine.ofd.writing import Description, pdf_to_ofd
from zhengtong.capabilities.documents.engine.papers import KEYWORD
from zhengtong.capabilities.documents.models import Document, DocumentRendition, DocumentVersion
from zhengtong.capabilities.documents.services.composing import ref_of
from zhengtong.capabilities.documents.services.files import file_name
from zhengtong.capabilities.documents.services.locking import lock_renditions
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import storage
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, DomainError, NotFound


class NoLongerInForce(Conflict):
    """The paper has ended; what was not made of it before is not made any more."""


_ORIGINAL = 1
_MM = 25.4 / 72


def ensure_ofd(*, tenant: str, document_id: uuid.UUID) -> DocumentRendition:
    """The OFD of a paper, made from its original PDF now when there is none; safe to repeat.

    The platform seals it on the decision that issued the paper. Raises NotFound, NoLongerInForce, and Conflict while
    its seal cannot be used or the disk is full.
    """
    row = Document.objects.filter(tenant=tenant, pk=document_id).exclude(status=DocumentStatus.DRAFT).first()
    if row is None:
        raise NotFound(_("没有找到这份文书。"))
    found = _present(row)
    if found is not None:
        return found
    if row.status != DocumentStatus.ISSUED:
        raise NoLongerInForce(_("这份文书已经不在有效状态，没有生成 OFD 文件。请下载 PDF 原件。"))
    with transaction.atomic():
        lock_renditions(row)
        return _present(row) or _make(row)


def _present(row: Document) -> DocumentRendition | None:
    return DocumentRendition.objects.filter(document=row, version_no=_ORIGINAL, file_format=FileFormat.OFD).first()


def _make(row: Document) -> DocumentRendition:
    version = DocumentVersion.objects.get(document=row, no=_ORIGINAL)
    _file, pdf = storage.read(tenant=row.tenant, file_id=version.file_id)
    try:
        ofd = pdf_to_ofd(pdf, description=_description(row))
    except NotConvertible as error:
        raise DomainError(
            _("这份文书含有不能转换为 OFD 的内容，没有生成 OFD 文件。请下载 PDF 原件，并告知系统管理员。")
        ) from error
    actor = system(row.tenant)
    if row.seal_id is not None:
        page, x, y = _seal_centre(pdf)
        ofd = trust.seal_ofd(
            actor=actor,
            seal_id=row.seal_id,
            ofd=ofd,
            reason=row.title,
            object_ref=ref_of(row),
            page=page,
            x_mm=x,
            y_mm=y,
            item_code=row.item_code,
        )
    name = file_name(row, FileFormat.OFD)
    file = storage.store(tenant=row.tenant, name=name, content=ofd, content_type=CONTENT_TYPES[FileFormat.OFD])
    made = DocumentRendition.objects.create(
        tenant=row.tenant,
        document=row,
        version_no=_ORIGINAL,
        file_format=FileFormat.OFD,
        sha256=file.digest,
        sm3=hashlib.new("sm3", ofd).hexdigest(),
        size=len(ofd),
        file_id=file.pk,
    )
    ledger.append(
        actor=actor,
        act="documents.render_ofd",
        object_ref=ref_of(row),
        payload={"number": row.number, "from_sm3": version.sm3, "sha256": made.sha256, "sm3": made.sm3},
        purpose=_("生成 OFD 版式文件"),
    )
    return made


def _description(row: Document) -> Description:
    return Description(
        document_id=row.pk,
        title=f"{row.title} {row.number}",
        author=row.issuing_org_name,
        created_on=local_date(row.issued_at),
        keywords=(KEYWORD + row.verification_code,),
        custom=((_("编号"), row.number), (_("查验码"), row.verification_code)),
    )


def _seal_centre(pdf: bytes) -> tuple[int, float, float]:
    """Page (from 0) and centre of the visible seal in millimetres from the upper left corner."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for number, page in enumerate(file.pages):
            for note in page.obj.get("/Annots", pikepdf.Array()):
                left, bottom, right, top = (float(edge) for edge in note.get("/Rect", (0, 0, 0, 0)))
                if str(note.get("/FT", "")) == "/Sig" and right > left and top > bottom:
                    upper = float(page.mediabox[3])
                    return number, (left + right) / 2 * _MM, (upper - (bottom + top) / 2) * _MM
    raise DomainError(_("在 PDF 原件上没有找到电子印章的位置，没有生成 OFD 文件。"))
