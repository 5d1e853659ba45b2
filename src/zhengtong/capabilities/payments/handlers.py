"""Papers follow from what happened to orders and refunds."""

from zhengtong.capabilities.payments import tasks
from zhengtong.capabilities.payments.constants import RefundState
from zhengtong.contracts.payments import OrderPaid, RefundMoved
from zhengtong.kernel.outbox import subscribe


def on_paid(event: OrderPaid) -> None:
    """Make the receipt."""
    tasks.issue_receipt.defer(tenant=event.tenant, order_id=str(event.order_id))


def on_refund_moved(event: RefundMoved) -> None:
    """Make the notice of a refund that is done."""
    if event.state == RefundState.DONE:
        tasks.issue_refund_notice.defer(tenant=event.tenant, refund_id=str(event.refund_id))


def subscribe_all() -> None:
    """Listen to our own acts; called in ``apps.ready()``."""
    subscribe(OrderPaid.NAME, on_paid, key="payments.receipt")
    subscribe(RefundMoved.NAME, on_refund_moved, key="payments.refund_notice")
