"""Withdrawing papers and replacing them: the two ways in which one ends."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions, rules
from zhengtong.capabilities.documents.constants import DocumentStatus, EndGround
from zhengtong.capabilities.documents.events import DocumentSuperseded, DocumentWithdrawn
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.selectors import IssuedDocument, issued_document
from zhengtong.capabilities.documents.services.composing import ref_of, told_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

_LONGEST_REASON = 500


def withdraw_document(
    *, actor: Actor, document_id: uuid.UUID, reason: str, ground: str = EndGround.OTHER
) -> IssuedDocument:
    """撤回: the paper stays on file, its verification says withdrawn and on what ``ground`` (``EndGround``).

    ``reason`` goes into the ledger and to who may read the paper. Raises NotFound, NotPermitted, Conflict when it
    is no longer in force, Invalid without a reason or for an unknown ground.
    """
    with transaction.atomic():
        row = (
            Document.objects.select_for_update()
            .filter(tenant=actor.tenant, pk=document_id)
            .exclude(status=DocumentStatus.DRAFT)
            .first()
        )
        if row is None:
            raise NotFound(_("没有找到这份文书，或者它已经不在有效状态。"))
        end(actor, row, DocumentStatus.WITHDRAWN, reason=reason, ground=ground)
        row = Document.objects.get(pk=document_id)
        outbox.publish(DocumentWithdrawn(tenant=row.tenant, object_ref=ref_of(row), at=now(), **told_of(row)))
        return issued_document(row)


def end(
    actor: Actor,
    row: Document,
    status: DocumentStatus,
    *,
    reason: str,
    ground: str,
    successor: uuid.UUID | None = None,
) -> None:
    """Take a paper out of force, in the caller's transaction with its row locked."""
    require_ending(actor, row, reason)
    if not rules.may_leave(row.status):
        raise Conflict(_("这份文书已经被替换或者撤回，不能重复操作。"))
    if ground not in EndGround.values:
        raise Invalid(_("请从清单中选择替换或者撤回的原因。"), field="ground")
    Document.objects.filter(pk=row.pk).update(
        status=status, ended_at=now(), ended_reason=reason.strip(), ended_ground=ground
    )
    ledger.append(
        actor=actor,
        act="documents.supersede" if successor else "documents.withdraw",
        object_ref=ref_of(row),
        payload={
            "kind": row.kind,
            "number": row.number,
            "successor": str(successor) if successor else "",
            "ground": ground,
            "reason": reason.strip(),
        },
        purpose=_("替换文书") if successor else _("撤回文书"),
    )
    if successor:
        outbox.publish(
            DocumentSuperseded(
                tenant=row.tenant, object_ref=ref_of(row), at=now(), successor_id=successor, **told_of(row)
            )
        )


def require_ending(actor: Actor, row: Document, reason: str) -> None:
    """Who may end or replace a paper, and never without a reason; raises NotPermitted and Invalid."""
    if not permissions.may_withdraw(actor, row):
        raise NotPermitted(_("这份文书由“%(org)s”签发，只有该单位可以替换或者撤回。") % {"org": row.issuing_org_name})
    if not reason.strip():
        raise Invalid(_("请填写替换或者撤回的理由，理由会记入责任认定记录。"), field="reason")
    if len(reason) > _LONGEST_REASON:
        raise Invalid(_("理由最多 500 个字，请缩短后重试。"), field="reason")
