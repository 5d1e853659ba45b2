"""Drafts: what a paper would look like, for the official who is about to decide."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions
from zhengtong.capabilities.documents.constants import DocumentKind, DocumentStatus
from zhengtong.capabilities.documents.engine.codes import new_code
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.services.composing import Paper, composed, ref_of, typeset
from zhengtong.capabilities.documents.services.locking import lock_subject
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound


def save_draft(*, actor: Actor, paper: Paper) -> uuid.UUID:
    """拟稿: check and keep the contents of a paper without issuing it; returns the key for ``draft_file``.

    A second draft for the same object and kind replaces the first; issuing removes it. No number is drawn, nothing
    is sealed. Raises NotPermitted and Invalid as ``issue_document`` does, for missing glyphs too.
    """
    row = composed(actor=actor, paper=paper)
    typeset(row, draft=True)
    row.verification_code = new_code()
    with transaction.atomic():
        lock_subject(row)
        drop_draft(row)
        row.save(force_insert=True)
        ledger.append(
            actor=actor,
            act="documents.draft",
            object_ref=ref_of(row),
            payload={"kind": row.kind, "title": row.title, "subject": f"{row.subject_kind}:{row.subject_id}"},
            purpose=_("拟制%(kind)s草稿") % {"kind": DocumentKind(row.kind).label},
        )
    return row.pk


def draft_file(*, actor: Actor, document_id: uuid.UUID) -> tuple[str, bytes]:
    """File name and PDF of a draft, set anew from its contents; raises NotFound for who may not issue it."""
    row = Document.objects.filter(tenant=actor.tenant, pk=document_id, status=DocumentStatus.DRAFT).first()
    if row is None or not permissions.may_issue(
        actor,
        subject_ref=ObjectRef(kind=row.subject_kind, id=row.subject_id),
        kind=row.kind,
        issuing_org_id=row.issuing_org_id,
        item_code=row.item_code,
    ):
        raise NotFound(_("没有找到这份草稿，可能已经签发。请返回办件页面查看。"))
    return f"{row.title[:60]}（{_('预览稿')}）.pdf", typeset(row, draft=True).pdf


def drop_draft(row: Document) -> None:
    """Remove the draft for the same object and kind, if there is one; in the caller's transaction."""
    Document.objects.filter(
        tenant=row.tenant,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        kind=row.kind,
        status=DocumentStatus.DRAFT,
    ).delete()
