"""What payments tell: orders and refunds as they move. No personal data: numbers, amounts and units only."""

import dataclasses
import uuid
from typing import ClassVar

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    """Base: which order, for which matter, collected by which unit; amounts in fen."""

    order_id: uuid.UUID
    number: str
    subject: ObjectRef
    payee_org_id: uuid.UUID
    payee_org_name: str
    total_fen: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderRaised(OrderEvent):
    """An order to pay was made out.

    ``listed_fen`` is what the published list allows for the charges it names an amount of, ``beyond_fen`` by how much
    these go beyond it, ``list_basis`` what the list says of them. None: the list names no amount, or the event was
    told before these fields were.
    """

    NAME: ClassVar[str] = "payments.order_raised.v1"
    title: str = ""
    item_code: str = ""
    listed_fen: int | None = None
    beyond_fen: int | None = None
    list_basis: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderPaid(OrderEvent):
    """The whole order was paid."""

    NAME: ClassVar[str] = "payments.order_paid.v1"
    payment_no: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderClosed(OrderEvent):
    """An order ended unpaid; ``state`` is cancelled or expired."""

    NAME: ClassVar[str] = "payments.order_closed.v1"
    state: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PaymentMoved(OrderEvent):
    """A payment took a step: ``step`` is started, failed, lapsed (never heard of) or uncredited (it goes back)."""

    NAME: ClassVar[str] = "payments.payment_moved.v1"
    payment_no: str
    step: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefundMoved(OrderEvent):
    """A refund took a step; ``state`` is its state now, ``amount_fen`` what it gives back."""

    NAME: ClassVar[str] = "payments.refund_moved.v1"
    refund_id: uuid.UUID
    refund_number: str
    state: str
    amount_fen: int
