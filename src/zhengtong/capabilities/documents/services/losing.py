"""A licence is lost, and perhaps found again: from the report on, its verification says so."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions, rules
from zhengtong.capabilities.documents.constants import DocumentKind
from zhengtong.capabilities.documents.models import Document, LossReport
from zhengtong.capabilities.documents.services.composing import ref_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

_LONGEST_REASON = 500


@transaction.atomic
def report_loss(*, actor: Actor, document_id: uuid.UUID, reason: str) -> None:
    """挂失: the licence shows as lost until it is found or replaced; a second report changes nothing.

    For its holder and the issuing unit. Raises NotFound, NotPermitted, Conflict when the licence is no longer in
    force, Invalid without a reason.
    """
    row = _locked(actor, document_id)
    if not reason.strip():
        raise Invalid(_("请写明什么时候、怎样遗失的。"), field="reason")
    if len(reason.strip()) > _LONGEST_REASON:
        raise Invalid(_("遗失经过最多 500 个字，请缩短后重试。"), field="reason")
    if not rules.may_leave(row.status):
        raise Conflict(_("这份证照已经失效，不需要挂失。"))
    if LossReport.objects.filter(document=row, lifted_at__isnull=True).exists():
        return
    LossReport.objects.create(tenant=row.tenant, document=row, reason=reason.strip(), reported_at=now())
    _record(actor, row, "documents.report_loss", reason.strip())


@transaction.atomic
def lift_loss(*, actor: Actor, document_id: uuid.UUID) -> None:
    """解除挂失: the licence was found. Raises NotFound, NotPermitted, Conflict when it is not reported as lost."""
    row = _locked(actor, document_id)
    if not rules.may_leave(row.status):
        raise Conflict(_("这份证照已经失效，不能解除挂失。"))
    if not LossReport.objects.filter(document=row, lifted_at__isnull=True).update(lifted_at=now()):
        raise Conflict(_("这份证照没有挂失，不需要解除。"))
    _record(actor, row, "documents.lift_loss", "")


def _locked(actor: Actor, document_id: uuid.UUID) -> Document:
    rows = Document.objects.select_for_update().filter(tenant=actor.tenant, pk=document_id)
    row = rows.filter(kind=DocumentKind.LICENCE).first()
    if row is None:
        raise NotFound(_("没有找到这份证照。"))
    if not permissions.may_report_loss(actor, row):
        raise NotPermitted(_("只有证照的持有人和签发单位可以挂失、解除挂失。"))
    return row


def _record(actor: Actor, row: Document, act: str, reason: str) -> None:
    ledger.append(actor=actor, act=act, object_ref=ref_of(row), payload={"number": row.number, "reason": reason})
