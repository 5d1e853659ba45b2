"""One way for every step to be written down, told to others and told to the payer, inside its transaction."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.payments.constants import NEWS, ORDER_KIND
from zhengtong.capabilities.payments.models import FeeOrder, Refund
from zhengtong.capabilities.payments.registry import fee_subjects
from zhengtong.contracts.payments import OrderEvent, RefundMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish


def order_ref(order: FeeOrder) -> ObjectRef:
    """The order as other apps name it."""
    return ObjectRef(kind=ORDER_KIND, id=str(order.pk))


def subject_ref(order: FeeOrder) -> ObjectRef:
    """The matter that is paid for."""
    return ObjectRef(kind=order.subject_kind, id=order.subject_id)


def record(actor: Actor, act: str, order: FeeOrder, payload: Mapping[str, Any]) -> None:
    """An entry about an order; who answers for it is in the order."""
    ledger.append(actor=actor, act=act, object_ref=order_ref(order), payload={"number": order.number, **payload})


def tell(event: type[OrderEvent], order: FeeOrder, **more: Any) -> None:
    """Publish what happened to an order."""
    publish(
        event(
            tenant=order.tenant,
            object_ref=order_ref(order),
            at=now(),
            order_id=order.pk,
            number=order.number,
            subject=subject_ref(order),
            payee_org_id=order.payee_org_id,
            payee_org_name=order.payee_org_name,
            total_fen=order.total_fen,
            **more,
        )
    )


def refund_moved(actor: Actor, act: str, refund: Refund, payload: Mapping[str, Any] | None = None) -> None:
    """Write down and publish a step of a refund."""
    order = refund.order
    record(
        actor,
        act,
        order,
        {"refund": refund.number, "amount_fen": refund.amount_fen, "state": str(refund.state), **(payload or {})},
    )
    tell(
        RefundMoved,
        order,
        refund_id=refund.pk,
        refund_number=refund.number,
        state=str(refund.state),
        amount_fen=refund.amount_fen,
    )


def tell_payer(order: FeeOrder, title: str, body: str) -> None:
    """A message to who pays, a short message, and a mail where the matter has an address."""
    email = ""
    if order.subject_kind in fee_subjects:
        email = fee_subjects.get(order.subject_kind).payer(order.tenant, subject_ref(order)).email
    notify.send(
        tenant=order.tenant,
        person_id=order.payer_person_id,
        kind=NEWS,
        values={"title": title, "body": body, "item": order.title, "number": order.number},
        object_ref=subject_ref(order),
        link=reverse("payments:order", args=[order.pk]),
        email=email,
        code=order.item_code,
    )
