"""Drafts: what a paper would look like, for the official who is about to decide."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents.constants import DocumentKind, DocumentStatus
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.services.composing import Paper, composed, typeset
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor


def preview_document(*, actor: Actor, paper: Paper) -> tuple[str, bytes]:
    """拟稿: check the contents of a paper and set it as a draft; file name and PDF. Nothing of it is kept.

    No number is drawn, nothing is sealed; the ledger says on the object that somebody looked. Raises NotPermitted and
    Invalid as ``issue_document`` does, for missing glyphs too.
    """
    row = composed(actor=actor, paper=paper)
    pdf = typeset(row, draft=True).pdf
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="documents.draft",
            object_ref=paper.object_ref,
            payload={"kind": row.kind, "title": row.title},
            purpose=_("预览%(kind)s草稿") % {"kind": DocumentKind(row.kind).label},
        )
    return f"{row.title[:60]}（{_('预览稿')}）.pdf", pdf


def drop_draft(row: Document) -> None:
    """Remove the draft that versions before kept for the same object and kind; in the caller's transaction."""
    Document.objects.filter(
        tenant=row.tenant,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        kind=row.kind,
        status=DocumentStatus.DRAFT,
    ).delete()
