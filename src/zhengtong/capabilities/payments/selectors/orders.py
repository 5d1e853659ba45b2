"""An order with everything its pages show; orders of a payer and of a matter."""

import dataclasses
import uuid
from collections.abc import Iterable

from django.db.models import Case, Prefetch, QuerySet, Value, When, prefetch_related_objects
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.payments import permissions
from zhengtong.capabilities.payments.constants import (
    ORDER_KIND,
    PENDING_REFUNDS,
    REFUND_KIND,
    OrderState,
    PaymentState,
    RefundKind,
    RefundState,
)
from zhengtong.capabilities.payments.models import FeeLine, FeeOrder, Payment, Refund, RefundLine
from zhengtong.capabilities.payments.registry import Gateway, gateways
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared


@dataclasses.dataclass(frozen=True)
class RefundView:
    """A refund with its lines and its notice."""

    row: Refund
    lines: tuple[RefundLine, ...]
    paper: documents.IssuedDocument | None


@dataclasses.dataclass(frozen=True)
class OrderView:
    """An order with lines, payments, refunds and receipt."""

    row: FeeOrder
    lines: tuple[FeeLine, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[RefundView, ...]
    receipt: documents.IssuedDocument | None

    @property
    def payable(self) -> bool:
        """Whether it can be paid now."""
        return self.row.state == OrderState.OPEN and self.row.expires_at > now()

    @property
    def under_way(self) -> Payment | None:
        """The payment whose result is waited for; one that no gateway has opened yet is begun again."""
        started = (each for each in reversed(self.payments) if each.state == PaymentState.STARTED)
        return next((each for each in started if each.opened), None)

    @property
    def returned(self) -> tuple[Payment, ...]:
        """Payments that came in and do not count."""
        return tuple(each for each in self.payments if each.uncredited)

    @property
    def refundable(self) -> bool:
        """Whether a refund may be asked for now."""
        free = not any(
            each.row.state in PENDING_REFUNDS and each.row.kind != RefundKind.RETURNED for each in self.refunds
        )
        return free and self.row.state in (OrderState.PAID, OrderState.PARTLY_REFUNDED)

    @property
    def shown_refunds(self) -> tuple[RefundView, ...]:
        """Refunds the payer is shown: proposals are the unit's affair until it takes them up."""
        hidden = (RefundState.PROPOSED, RefundState.DROPPED)
        return tuple(each for each in self.refunds if each.row.state not in hidden)


def view_of(order: FeeOrder) -> OrderView:
    """Everything of an order; the caller has checked the right to see it."""
    return views_of([order])[0]


def views_of(orders: Iterable[FeeOrder]) -> list[OrderView]:
    """Everything of several orders, with as many statements as for one."""
    rows = list(orders)
    prefetch_related_objects(
        rows,
        "lines",
        Prefetch("payments", Payment.objects.order_by("created_at")),
        Prefetch("refunds", Refund.objects.select_related("payment").order_by("created_at")),
        Prefetch("refunds__lines", RefundLine.objects.select_related("line").order_by("line__no")),
    )
    papers = _papers(rows)
    return [
        OrderView(
            order,
            tuple(order.lines.all()),
            tuple(order.payments.all()),
            tuple(
                RefundView(refund, tuple(refund.lines.all()), papers.get(_ref(REFUND_KIND, refund.pk)))
                for refund in order.refunds.all()
            ),
            papers.get(_ref(ORDER_KIND, order.pk)),
        )
        for order in rows
    ]


def own_order(*, actor: Actor, order_id: uuid.UUID) -> OrderView:
    """An order the actor has to pay; NotFound for another's."""
    row = FeeOrder.objects.filter(permissions.own(actor), pk=order_id).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("没有找到这张缴费单。如果是以另一个身份办理的，请先切换身份。"))
    return view_of(row)


def own_payment(*, actor: Actor, payment_no: str) -> Payment:
    """A payment of an order of the actor's own; NotFound for another's."""
    mine = FeeOrder.objects.filter(permissions.own(actor))
    row = Payment.objects.filter(order__in=mine, no=payment_no).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("没有找到这笔支付。如果是以另一个身份办理的，请先切换身份。"))
    return row


def my_orders(*, actor: Actor, page: object = 1, size: int = 20) -> Page[FeeOrder]:
    """The actor's orders: what is to be paid first, then the newest."""
    rows = FeeOrder.objects.filter(permissions.own(actor))
    to_pay = Case(When(state=OrderState.OPEN, then=Value(1)), default=Value(0))
    return page_of(rows.order_by(to_pay.desc(), "-created_at"), page, size=size)


def count_to_pay(*, actor: Actor) -> int:
    """How many orders wait for the actor's money."""
    return FeeOrder.objects.filter(permissions.own(actor), state=OrderState.OPEN, expires_at__gt=now()).count()


def orders_of(*, tenant: str, subject: ObjectRef) -> list[OrderView]:
    """All orders of a matter, oldest first; the caller has checked the right to see the matter."""
    return views_of(_of_matter(tenant=tenant, kind=subject.kind, key=subject.id))


@prepared
def _of_matter(*, tenant: str, kind: str, key: str) -> "QuerySet[FeeOrder]":
    return FeeOrder.objects.filter(tenant=tenant, subject_kind=kind, subject_id=key).order_by("created_at")


def available_gateways() -> list[tuple[str, Gateway]]:
    """The gateways a payer may choose from."""
    return [(key, gateway) for key, gateway in gateways.items() if gateway.is_available()]


def _papers(orders: list[FeeOrder]) -> dict[ObjectRef, documents.IssuedDocument]:
    """The newest receipt of each order that was paid and of each refund that was made."""
    refs = [_ref(ORDER_KIND, order.pk) for order in orders if order.paid_at]
    done = (refund for order in orders for refund in order.refunds.all() if refund.state == RefundState.DONE)
    refs += [_ref(REFUND_KIND, refund.pk) for refund in done]
    if not refs:
        return {}
    return {paper.object_ref: paper for paper in documents.documents_about(tenant=orders[0].tenant, object_refs=refs)}


def _ref(kind: str, key: uuid.UUID) -> ObjectRef:
    return ObjectRef(kind=kind, id=str(key))
