"""The package for the archive: everything that proves a paper, with a list of digests."""

import hashlib
import json
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions
from zhengtong.capabilities.documents.constants import FileFormat
from zhengtong.capabilities.documents.engine.archive import Described, metadata_xml, packed
from zhengtong.capabilities.documents.models import Document, DocumentRendition, DocumentVersion
from zhengtong.capabilities.documents.selectors import readable_document, signature_report
from zhengtong.capabilities.documents.services.composing import ref_of
from zhengtong.capabilities.documents.services.files import file_name
from zhengtong.capabilities.documents.services.renditions import ensure_ofd
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError, NotPermitted


def archive_package(*, actor: Actor, document_id: uuid.UUID) -> tuple[str, bytes]:
    """归档包: a zip of every version as PDF, the OFD, metadata, ledger receipts, a report on the signatures.

    ``manifest.sm3`` lists the SM3 digest of each file; ``README.txt`` says how to check it with openssl alone.
    For the unit that issued the paper; raises NotFound and NotPermitted.
    """
    row = readable_document(actor=actor, document_id=document_id)
    if not permissions.may_archive(actor, row):
        raise NotPermitted(_("归档包只提供给签发单位“%(org)s”。") % {"org": row.issuing_org_name})
    files = _files(row)
    files["metadata.xml"] = metadata_xml(_described(row, files))
    report = {name: signature_report(content) for name, content in files.items() if name.endswith((".pdf", ".ofd"))}
    files["signature-report.json"] = json.dumps(report, ensure_ascii=False, indent=2).encode()
    for entry in ledger.entries_of(ref_of(row), row.tenant):
        if entry.act != "documents.read":
            receipt = ledger.receipt_text(tenant=row.tenant, entry_id=entry.id)
            files[f"ledger/{entry.act}-{entry.id}.json"] = receipt.encode()
    content = packed(files)
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="documents.archive",
            object_ref=ref_of(row),
            payload={"number": row.number, "sm3": hashlib.new("sm3", content).hexdigest(), "files": sorted(files)},
            purpose=_("导出归档包"),
        )
    return file_name(row, "zip"), content


def _files(row: Document) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for version in DocumentVersion.objects.filter(document=row).order_by("no"):
        files[f"version-{version.no}.pdf"] = storage.read(tenant=row.tenant, file_id=version.file_id)[1]
    try:
        ensure_ofd(tenant=row.tenant, document_id=row.pk)
    except DomainError:
        # an old paper without an OFD is archived as PDF alone
        return files
    for made in DocumentRendition.objects.filter(document=row, file_format=FileFormat.OFD):
        files[f"version-{made.version_no}.ofd"] = storage.read(tenant=row.tenant, file_id=made.file_id)[1]
    return files


def _described(row: Document, files: dict[str, bytes]) -> Described:
    return Described(
        document_id=row.pk,
        kind=row.get_kind_display(),
        title=row.title,
        number=row.number,
        issuer=row.issuing_org_name,
        holder=row.holder_name,
        subject=f"{row.subject_kind}:{row.subject_id}",
        status=row.get_status_display(),
        ended=row.ended_reason,
        issued_at=row.issued_at or now(),
        ended_at=row.ended_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        verification_code=row.verification_code,
        sealed=row.sealed,
        exported_at=now(),
        digests={name: hashlib.new("sm3", content).hexdigest() for name, content in files.items()},
        contents=row.fields,
    )
