"""The papers of payments: the receipt of an order, the notice of a refund; safe to repeat."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.payments import rules
from zhengtong.capabilities.payments.constants import (
    ORDER_KIND,
    RECEIPT_NOTICE,
    REFUND_KIND,
    SETTLED,
    PayerKind,
    PaymentState,
    RefundKind,
    RefundState,
)
from zhengtong.capabilities.payments.models import FeeOrder, Refund
from zhengtong.capabilities.payments.registry import gateways
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.ui.formats import money

_SEAL_KIND = "official"


def issue_receipt(*, tenant: str, order_id: uuid.UUID) -> documents.IssuedDocument | None:
    """缴费凭据 of a paid order, sealed by the unit that collects; None for one that is not paid."""
    order = FeeOrder.objects.filter(tenant=tenant, pk=order_id, state__in=SETTLED).first()
    if order is None:
        return None
    payment = order.payments.get(state=PaymentState.SUCCEEDED, uncredited="")
    fields = {
        "number": order.number,
        "item": order.title,
        "lines": [
            {
                "name": line.name,
                "standard": line.standard,
                "quantity": quantity_words(line.quantity, line.unit),
                "amount": money(rules.yuan(line.amount_fen)),
                "note": _("减免 %(amount)s：%(basis)s")
                % {"amount": money(rules.yuan(line.reduction_fen)), "basis": line.reduction_basis}
                if line.reduction_fen
                else "",
            }
            for line in order.lines.all()
        ],
        "total": money(rules.yuan(order.total_fen)),
        "paid_at": payment.paid_at,
        "channel": gateway_label(payment.gateway),
        "transaction": payment.gateway_no,
        "legal_notice": str(parameters.value(RECEIPT_NOTICE, tenant=tenant)),
    }
    ref = ObjectRef(kind=ORDER_KIND, id=str(order.pk))
    return _issue(order, kind="payment_receipt", title=_("缴费凭据"), fields=fields, ref=ref)


def issue_refund_notice(*, tenant: str, refund_id: uuid.UUID) -> documents.IssuedDocument | None:
    """退费通知书 of a refund of fees that is done; money that never counted needs none."""
    refund = Refund.objects.select_related("order", "payment").filter(tenant=tenant, pk=refund_id).first()
    if refund is None or refund.state != RefundState.DONE or refund.kind == RefundKind.RETURNED:
        return None
    order = refund.order
    fields = {
        "number": refund.number,
        "order_number": order.number,
        "item": order.title,
        "reason": refund.reason,
        "lines": [
            {"name": part.line.name, "amount": money(rules.yuan(part.amount_fen))}
            for part in refund.lines.select_related("line").order_by("line__no")
        ],
        "total": money(rules.yuan(refund.amount_fen)),
        "done_at": refund.done_at,
        "channel": gateway_label(refund.payment.gateway),
        "transaction": refund.gateway_no,
    }
    ref = ObjectRef(kind=REFUND_KIND, id=str(refund.pk))
    return _issue(order, kind="refund_notice", title=_("退费通知书"), fields=fields, ref=ref)


def gateway_label(key: str) -> str:
    """A gateway's name; its key where it is no longer configured."""
    return gateways.get(key).label if key in gateways else key


def quantity_words(quantity: object, unit: str) -> str:
    """``24 餐位·月``, without zeros behind the point."""
    return f"{quantity:f}".rstrip("0").rstrip(".") + (f" {unit}" if unit else "")


def _issue(
    order: FeeOrder, *, kind: str, title: str, fields: Mapping[str, Any], ref: ObjectRef
) -> documents.IssuedDocument:
    actor = system(order.tenant)
    seal = trust.ensure_seal(actor=actor, org_id=order.payee_org_id, org_name=order.payee_org_name, kind=_SEAL_KIND)
    paper = documents.Paper(
        kind=kind,
        template=kind,
        title=title,
        holder=documents.Holder(name=order.payer_name, is_person=order.payer_kind == PayerKind.PERSON),
        object_ref=ref,
        fields=fields,
        issuing_org_id=order.payee_org_id,
        issuing_org_name=order.payee_org_name,
        seal_id=seal.id,
        item_code=order.item_code,
    )
    return documents.issue_document(actor=actor, paper=paper, reason=_("缴费单 %(number)s") % {"number": order.number})
