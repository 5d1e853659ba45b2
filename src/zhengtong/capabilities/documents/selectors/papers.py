"""Papers as other apps and officials know them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions
from zhengtong.capabilities.documents.constants import (
    DOCUMENT,
    UNSEALED_AT_FIRST,
    VERIFY_PATH,
    DocumentKind,
    DocumentStatus,
    EndGround,
    FileFormat,
)
from zhengtong.capabilities.documents.engine import token
from zhengtong.capabilities.documents.models import Document, DocumentRendition, DocumentVersion, LossReport
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.prepared import prepared


@dataclasses.dataclass(frozen=True, kw_only=True)
class IssuedDocument:
    """A paper as other apps know it; ``file_id`` is the current version in ``kernel.storage``."""

    id: uuid.UUID
    kind: str
    title: str
    number: str
    status: str
    holder_name: str
    object_ref: ObjectRef
    issuing_org_id: uuid.UUID
    issuing_org_name: str
    issued_at: dt.datetime
    valid_from: dt.date | None
    valid_until: dt.date | None
    verification_code: str
    verify_url: str
    sealed: bool
    offline_token: str
    file_id: uuid.UUID
    sha256: str
    sm3: str
    size: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileView:
    """One file of a paper: version or rendition."""

    label: str
    file_format: str
    made_at: dt.datetime
    sm3: str
    size: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A paper with everything its issuing unit sees of it; ``successor`` replaced it, it replaced ``predecessor``."""

    paper: IssuedDocument
    status_label: str
    kind_label: str
    ended_at: dt.datetime | None
    ended_reason: str
    ended_ground: str
    files: tuple[FileView, ...]
    predecessor: uuid.UUID | None
    successor: uuid.UUID | None
    may_withdraw: bool
    may_archive: bool


def verify_url(code: str) -> str:
    """The public address that the QR code of a paper holds."""
    return f"{settings.ZHENGTONG_BASE_URL.rstrip('/')}{VERIFY_PATH}{code}/"


def content_digest(row: Document) -> str:
    """What the offline token carries of the contents, so that an online check can compare them."""
    return token.digest_of({"template": row.template, "fields": row.fields})


def issued_document(row: Document, version: DocumentVersion | None = None) -> IssuedDocument:
    """The view of a row that is no draft; ``version`` spares reading the current one again."""
    version = version or DocumentVersion.objects.get(document=row, no=row.current_version)
    if row.issued_at is None:
        raise ValueError("a draft is not issued")
    return IssuedDocument(
        id=row.pk,
        kind=row.kind,
        title=row.title,
        number=row.number,
        status=row.status,
        holder_name=row.holder_name,
        object_ref=ObjectRef(kind=row.subject_kind, id=row.subject_id),
        issuing_org_id=row.issuing_org_id,
        issuing_org_name=row.issuing_org_name,
        issued_at=row.issued_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        verification_code=row.verification_code,
        verify_url=verify_url(row.verification_code),
        sealed=row.sealed,
        offline_token=row.offline_token,
        file_id=version.file_id,
        sha256=version.sha256,
        sm3=version.sm3,
        size=version.size,
    )


def documents_of(*, tenant: str, object_ref: ObjectRef) -> list[IssuedDocument]:
    """All papers ever issued for an object, oldest first. The caller has checked who may see the object."""
    return documents_about(tenant=tenant, object_refs=[object_ref])


def documents_about(*, tenant: str, object_refs: Collection[ObjectRef]) -> list[IssuedDocument]:
    """The same for several objects, with one query for all papers and one for their versions."""
    wanted = {(ref.kind, ref.id) for ref in object_refs}
    kinds, keys = sorted({kind for kind, _key in wanted}), sorted({key for _kind, key in wanted})
    rows = _rows_about(tenant=tenant, kinds=tuple(kinds), keys=tuple(keys))
    return issued_documents([row for row in rows if (row.subject_kind, row.subject_id) in wanted])


@prepared
def _rows_about(*, tenant: str, kinds: tuple[str, ...], keys: tuple[str, ...]) -> "QuerySet[Document]":
    rows = Document.objects.filter(tenant=tenant, subject_kind__in=kinds, subject_id__in=keys)
    return rows.exclude(status=DocumentStatus.DRAFT).order_by("issued_at", "pk")


def issued_documents(rows: list[Document]) -> list[IssuedDocument]:
    """The views of rows that are no drafts, in their order, with one query for their versions."""
    found = DocumentVersion.objects.filter(document__in=rows)
    versions = {(version.document_id, version.no): version for version in found}
    return [issued_document(row, versions[row.pk, row.current_version]) for row in rows]


def readable_document(*, actor: Actor, document_id: uuid.UUID) -> Document:
    """The row, for an actor who may read it; raises NotFound or NotPermitted."""
    row = Document.objects.filter(tenant=actor.tenant, pk=document_id).exclude(status=DocumentStatus.DRAFT).first()
    if row is None:
        raise NotFound(_("没有找到这份文书。"))
    if not permissions.may_read(actor, row):
        raise NotPermitted(
            _("这份文书由“%(org)s”签发，您所在的单位没有参与这个办件，看不到它的内容。如需查看，请向签发单位申请。")
            % {"org": row.issuing_org_name}
        )
    return row


def document_view(*, actor: Actor, document_id: uuid.UUID) -> DocumentView:
    """The paper with its files and its neighbours, for who may read it; raises NotFound or NotPermitted."""
    row = readable_document(actor=actor, document_id=document_id)
    successor = Document.objects.filter(tenant=row.tenant, supersedes_id=row.pk).exclude(status=DocumentStatus.DRAFT)
    versions = [
        FileView(
            label=_("第 %(no)s 版") % {"no": version.no},
            file_format=str(FileFormat.PDF.label),
            made_at=version.created_at,
            sm3=version.sm3,
            size=version.size,
        )
        for version in DocumentVersion.objects.filter(document=row).order_by("no")
    ]
    renditions = [
        FileView(
            label=_("第 %(no)s 版") % {"no": made.version_no},
            file_format=str(made.get_file_format_display()),
            made_at=made.created_at,
            sm3=made.sm3,
            size=made.size,
        )
        for made in DocumentRendition.objects.filter(document=row).order_by("version_no")
    ]
    return DocumentView(
        paper=issued_document(row),
        status_label=str(row.get_status_display()),
        kind_label=str(row.get_kind_display()),
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        ended_ground=ground_label(row),
        files=(*versions, *renditions),
        predecessor=row.supersedes_id,
        successor=successor.values_list("pk", flat=True).first(),
        may_withdraw=permissions.may_withdraw(actor, row) and row.status == DocumentStatus.ISSUED,
        may_archive=permissions.may_archive(actor, row),
    )


def sealed_content(*, tenant: str, document_id: uuid.UUID, sm3: str) -> bytes | None:
    """The file of the version with that SM3 digest, None when the paper has none."""
    version = DocumentVersion.objects.filter(tenant=tenant, document_id=document_id, sm3=sm3).first()
    return None if version is None else storage.read(tenant=tenant, file_id=version.file_id)[1]


def ground_label(row: Document) -> str:
    """On what ground the paper ended, in words for strangers; empty while it is in force."""
    return str(EndGround(row.ended_ground).label) if row.ended_ground else ""


def lost_since(row: Document) -> dt.datetime | None:
    """Since when a paper in force is reported as lost; None when it is not."""
    if row.status != DocumentStatus.ISSUED:
        return None
    reports = LossReport.objects.filter(document=row, lifted_at__isnull=True)
    return reports.values_list("reported_at", flat=True).first()


def issue_receipt(code: str) -> str:
    """The ledger's receipt (JSON) for the issue of the paper with this code; raises NotFound."""
    row = Document.objects.filter(verification_code=code).exclude(status=DocumentStatus.DRAFT).first()
    entry = None if row is None else ledger_entry_of(row)
    if entry is None:
        raise NotFound(_("没有查到这个查验码的签发记录。请对照文书上的查验码核对。"))
    return ledger.receipt_text(tenant=entry.tenant, entry_id=entry.id)


def ledger_entry_of(row: Document) -> ledger.EntryRow | None:
    """The entry of the issue."""
    entries = ledger.entries_of(ObjectRef(kind=DOCUMENT, id=str(row.pk)), row.tenant)
    return next((entry for entry in entries if entry.act == "documents.issue"), None)


def unsealed_papers(*, tenant: str) -> dict[str, int]:
    """How many papers in force went out without the seal they should bear, by the name of their kind."""
    rows = Document.objects.filter(
        tenant=tenant, kind__in=UNSEALED_AT_FIRST, status=DocumentStatus.ISSUED, sealed=False
    )
    counted = rows.order_by().values_list("kind").annotate(n=Count("pk"))
    return {str(DocumentKind(kind).label): count for kind, count in counted}
