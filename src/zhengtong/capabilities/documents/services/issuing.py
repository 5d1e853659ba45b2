"""Issuing papers: typeset, seal, store, record, tell."""

import hashlib
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import rules
from zhengtong.capabilities.documents.constants import DocumentKind, DocumentStatus, EndGround, FileFormat
from zhengtong.capabilities.documents.engine import token
from zhengtong.capabilities.documents.engine.codes import new_code
from zhengtong.capabilities.documents.engine.typesetting import Rendered
from zhengtong.capabilities.documents.events import DocumentIssued
from zhengtong.capabilities.documents.models import Document, DocumentVersion
from zhengtong.capabilities.documents.selectors import IssuedDocument, content_digest, issued_document
from zhengtong.capabilities.documents.services.composing import Paper, composed, ref_of, told_of, typeset
from zhengtong.capabilities.documents.services.drafting import drop_draft
from zhengtong.capabilities.documents.services.ending import end, require_ending
from zhengtong.capabilities.documents.services.files import file_name
from zhengtong.capabilities.documents.services.locking import lock_subject
from zhengtong.capabilities.documents.services.numbers import next_number
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import outbox, storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound


def issue_document(
    *,
    actor: Actor,
    paper: Paper,
    number: str = "",
    number_prefix: str = "",
    supersedes: uuid.UUID | None = None,
    reason: str = "",
    ground: str = EndGround.CHANGED,
) -> IssuedDocument:
    """签发: one paper per object and kind; a second call returns the newest one, also when it was withdrawn since.

    Without ``number`` the next one of ``number_prefix`` is drawn. A new paper after the first needs ``supersedes``:
    the newest paper, in force (it is superseded on ``ground``) or withdrawn, and a ``reason``. The first paper of an
    object may replace one of the same kind of another object: a renewed licence the one before. Raises NotPermitted,
    Invalid (contents, characters without a font, period), Conflict (number taken), NotFound (nothing to replace).
    """
    draft = composed(actor=actor, paper=paper, number=number)
    draft.supersedes_id = supersedes
    with transaction.atomic():
        lock_subject(draft)
        newest, has_draft = _standing(draft)
        if newest is not None and newest.pk != supersedes:
            return issued_document(newest)
        if supersedes is not None:
            _make_way(actor, newest or _elsewhere(draft, supersedes), draft, reason, ground)
        if has_draft:
            drop_draft(draft)
        draft.number = number or next_number(tenant=actor.tenant, kind=draft.kind, prefix=number_prefix)
        _check_number_free(draft)
        return _issue(actor, draft, reason)


def _make_way(actor: Actor, old: Document | None, new: Document, reason: str, ground: str) -> None:
    if old is None or not rules.may_be_replaced(old.status):
        raise NotFound(_("没有找到要替换的文书，或者它已经被替换。"))
    if old.status == DocumentStatus.ISSUED:
        end(actor, old, DocumentStatus.SUPERSEDED, reason=reason, ground=ground, successor=new.pk)
    else:
        require_ending(actor, old, reason)


def _issue(actor: Actor, row: Document, reason: str) -> IssuedDocument:
    row.issued_at = now()
    row.verification_code = new_code()
    if row.kind == DocumentKind.LICENCE:
        row.offline_token = _token(row)
    rendered = typeset(row)
    pdf = rendered.pdf if row.seal_id is None else _sealed(actor, row.seal_id, rendered, reason or row.title, row)
    row.status, row.current_version, row.sealed = DocumentStatus.ISSUED, 1, row.seal_id is not None
    file = storage.store(
        tenant=row.tenant, name=file_name(row, FileFormat.PDF), content=pdf, content_type="application/pdf"
    )
    row.save(force_insert=True)
    version = DocumentVersion.objects.create(
        tenant=row.tenant,
        document=row,
        no=1,
        sha256=file.digest,
        sm3=hashlib.new("sm3", pdf).hexdigest(),
        size=len(pdf),
        file_id=file.pk,
    )
    _record(actor, row, version, reason)
    return issued_document(row, version)


def _record(actor: Actor, row: Document, version: DocumentVersion, reason: str) -> None:
    ledger.append(
        actor=actor,
        act="documents.issue",
        object_ref=ref_of(row),
        payload={
            "kind": row.kind,
            "number": row.number,
            "title": row.title,
            "subject": f"{row.subject_kind}:{row.subject_id}",
            "issuing_org": str(row.issuing_org_id),
            "sealed": row.sealed,
            "sha256": version.sha256,
            "sm3": version.sm3,
            "reason": reason,
        },
        purpose=_("签发%(kind)s") % {"kind": DocumentKind(row.kind).label},
    )
    outbox.publish(
        DocumentIssued(
            tenant=row.tenant,
            object_ref=ref_of(row),
            at=row.issued_at or now(),
            file_id=version.file_id,
            verification_code=row.verification_code,
            sealed=row.sealed,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            **told_of(row),
        )
    )


def _token(row: Document) -> str:
    """The offline token; empty until the platform has a key for it."""
    key = trust.token_key(tenant=row.tenant)
    if key is None:
        return ""
    facts = token.TokenFacts(
        number=row.number,
        title=row.title,
        holder=row.holder_name,
        issuer=row.issuing_org_name,
        code=row.verification_code,
        issued_on=local_date(row.issued_at),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        digest=content_digest(row),
        key=key.key_id[: token.KEY_DIGITS],
    )
    return token.make_token(facts, sign=key.sign)


def _sealed(actor: Actor, seal_id: uuid.UUID, rendered: Rendered, reason: str, row: Document) -> bytes:
    place = rendered.seal_place
    if place is None:
        raise Invalid(_("这种文书的模板没有留盖章的位置，没有签发。请换用带落款的模板。"), field="template")
    x, y = place.centre_points()
    return trust.seal_pdf(
        actor=actor,
        seal_id=seal_id,
        pdf=rendered.pdf,
        reason=reason,
        object_ref=ref_of(row),
        position=trust.SealPosition(x=x, y=y, page=place.page - 1),
        profile=row.kind,
        item_code=row.item_code,
    ).pdf


def _standing(row: Document) -> tuple[Document | None, bool]:
    """The newest paper for the object and kind (each but the first replaces the one before), and whether a draft is."""
    found = (
        Document.objects.select_for_update()
        .filter(tenant=row.tenant, subject_kind=row.subject_kind, subject_id=row.subject_id, kind=row.kind)
        .order_by("-issued_at", "-pk")
    )
    papers = [one for one in found if one.status != DocumentStatus.DRAFT]
    return (papers[0] if papers else None), len(papers) < len(found)


def _elsewhere(row: Document, key: uuid.UUID) -> Document | None:
    """The paper of the same kind with that key, whatever object it belongs to."""
    found = Document.objects.select_for_update().filter(tenant=row.tenant, kind=row.kind, pk=key)
    return found.exclude(status=DocumentStatus.DRAFT).first()


def _check_number_free(row: Document) -> None:
    if Document.objects.filter(tenant=row.tenant, kind=row.kind, number=row.number).exists():
        raise Conflict(
            _("编号“%(number)s”已被另一份文书使用，没有签发。请核对编号后重试。") % {"number": row.number},
            field="number",
        )
