"""Money that should not have come in goes back by itself: nobody has to approve what was never a fee."""

from zhengtong.capabilities.payments.constants import RefundKind, RefundState
from zhengtong.capabilities.payments.models import FeeOrder, Payment, Refund
from zhengtong.capabilities.payments.services.numbers import next_number
from zhengtong.capabilities.payments.services.telling import refund_moved
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import now


def return_payment(order: FeeOrder, payment: Payment, *, reason: str) -> Refund:
    """Send back the whole of a payment that does not count; inside the transaction that found it out."""
    refund = Refund.objects.create(
        tenant=order.tenant,
        order=order,
        payment=payment,
        number=next_number(order.tenant, "R"),
        kind=RefundKind.RETURNED,
        state=RefundState.APPROVED,
        amount_fen=payment.received_fen or payment.amount_fen,
        reason=reason,
        next_try_at=now(),
    )
    refund_moved(system(order.tenant), "payments.return", refund, {"reason": reason, "payment": payment.no})
    return refund
