"""Money on its way in: a payment is begun, the gateway tells of it or is asked, and it counts or goes back."""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments import permissions, rules
from zhengtong.capabilities.payments.constants import (
    CALLBACK_WINDOW,
    LAPSE_HOURS,
    SETTLED,
    OrderState,
    PaymentState,
    UncreditedCause,
)
from zhengtong.capabilities.payments.models import FeeOrder, GatewayCallback, Payment
from zhengtong.capabilities.payments.registry import (
    BadCallback,
    Charge,
    Gateway,
    GatewayUnavailable,
    Transaction,
    gateways,
)
from zhengtong.capabilities.payments.services.numbers import next_number
from zhengtong.capabilities.payments.services.orders import locked_order
from zhengtong.capabilities.payments.services.returning import return_payment
from zhengtong.capabilities.payments.services.telling import record, tell, tell_payer
from zhengtong.contracts.payments import OrderPaid, PaymentMoved
from zhengtong.kernel import loops, parameters
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.ui.formats import money

log = logging.getLogger(__name__)

_BATCH = 20
_FIRST_QUERY = dt.timedelta(seconds=10)
_LAST_QUERY = dt.timedelta(minutes=30)


def usable_gateway(key: str) -> Gateway:
    """The gateway with a key that may be used here; raises Invalid."""
    if key not in gateways or not gateways.get(key).is_available():
        raise Invalid(_("这个支付渠道现在不能使用，请选择别的渠道。"), field="gateway")
    return gateways.get(key)


def start_payment(*, actor: Actor, order_id: uuid.UUID, gateway: str) -> Payment:
    """Begin to pay an order; one that is under way at the same gateway is gone on with.

    The number is kept before the gateway hears of it: what it knows by a number never becomes another payment, and
    nobody's order is locked while it answers. Raises NotFound for another's order, Conflict when it is not to be paid,
    Invalid for a gateway that is not offered, GatewayUnavailable; asked again, it is told the same number again.
    """
    payment = _numbered_payment(actor, order_id, gateway)
    if payment.opened:
        return payment
    order, base = payment.order, settings.ZHENGTONG_BASE_URL
    started = usable_gateway(gateway).create(
        Charge(
            tenant=payment.tenant,
            payment_no=payment.no,
            amount_fen=payment.amount_fen,
            title=order.title,
            payee=order.payee_org_name,
            return_url=base + reverse("payments:return", args=[payment.no]),
            notify_url=base + reverse("payments:callback", args=[gateway]),
            expires_at=order.expires_at,
        )
    )
    payment.redirect_url, payment.qr_text = started.redirect_url, started.qr_text
    payment.save(update_fields=["redirect_url", "qr_text"])
    return payment


@transaction.atomic
def _numbered_payment(actor: Actor, order_id: uuid.UUID, gateway: str) -> Payment:
    """The payment under way at the gateway, or a new one that the gateway does not know yet."""
    order = FeeOrder.objects.select_for_update().filter(permissions.own(actor), pk=order_id).first()
    if order is None:
        raise NotFound(_("没有找到这张缴费单。如果是以另一个身份办理的，请先切换身份。"))
    if order.state != OrderState.OPEN or order.expires_at <= now():
        raise Conflict(_("这张缴费单现在是“%(state)s”，不需要缴费。") % {"state": _state_word(order)})
    usable_gateway(gateway)
    running = order.payments.select_related("order").filter(gateway=gateway, state=PaymentState.STARTED).first()
    if running is not None:
        return running
    payment = Payment.objects.create(
        tenant=order.tenant,
        order=order,
        no=next_number(order.tenant, "P"),
        gateway=gateway,
        amount_fen=order.total_fen,
        started_by_id=actor.person_id,
        next_query_at=now() + _FIRST_QUERY,
    )
    record(actor, "payments.start", order, {"payment": payment.no, "gateway": gateway})
    tell(PaymentMoved, order, payment_no=payment.no, step="started")
    return payment


def take_callback(*, gateway: str, body: bytes, headers: Mapping[str, str]) -> str:
    """What a gateway tells of, checked and settled once; returns the outcome in a word.

    ``replayed`` for a nonce that was taken before, ``unknown`` for a payment that is none of ours, else as
    ``settle``. Raises NotFound for a gateway that is not used here, BadCallback for what it did not sign.
    """
    if gateway not in gateways or not gateways.get(gateway).is_available():
        raise NotFound(_("没有这个支付渠道。"))
    told = gateways.get(gateway).read_callback(body=body, headers=headers)
    window = dt.timedelta(seconds=int(parameters.value(CALLBACK_WINDOW, tenant=settings.ZHENGTONG_TENANT)))
    if abs(now() - told.timestamp) > window:
        raise BadCallback("the timestamp is too far from now")
    given = told.transaction
    try:
        with transaction.atomic():
            row = GatewayCallback.objects.create(
                tenant=settings.ZHENGTONG_TENANT,
                gateway=gateway,
                nonce=told.nonce,
                payment_no=given.payment_no[:60],
                gateway_no=given.gateway_no[:80],
                amount_fen=given.amount_fen,
                outcome="taken",
            )
            outcome = take_transaction(gateway=gateway, given=given)
            row.outcome = outcome
            row.save(update_fields=["outcome"])
    except IntegrityError:
        if not GatewayCallback.objects.filter(gateway=gateway, nonce=told.nonce).exists():
            raise
        return "replayed"
    return outcome


def take_transaction(*, gateway: str, given: Transaction) -> str:
    """What a gateway says of a transaction: settled, marked as failed, or still waited for."""
    if given.state == "paid":
        return settle(gateway=gateway, given=given)
    return fail_payment(gateway=gateway, payment_no=given.payment_no) if given.state == "failed" else "waiting"


@transaction.atomic
def settle(*, gateway: str, given: Transaction) -> str:
    """Money came in: it counts for its order, or goes back. Repeating it for one transaction changes nothing.

    Returns credited, again, returned or unknown. The order's lock makes two at the same time follow each other.
    """
    known = Payment.objects.filter(gateway=gateway, no=given.payment_no).first()
    if known is None:
        log.warning("gateway %s tells of payment %s, which is none of ours", gateway, given.payment_no)
        return "unknown"
    order = locked_order(known.tenant, known.order_id)
    if Payment.objects.filter(gateway=gateway, gateway_no=given.gateway_no).exists():
        return "again"
    payment = Payment.objects.select_for_update().get(pk=known.pk)
    if payment.state == PaymentState.SUCCEEDED:
        payment = _another(payment, order)
    cause = rules.uncredited(
        state=order.state,
        total_fen=order.total_fen,
        amount_fen=given.amount_fen,
        paid_at=given.at,
        expires_at=order.expires_at,
        paid_before=order.state in SETTLED,
    )
    payment.state, payment.uncredited, payment.note = PaymentState.SUCCEEDED, cause, ""
    payment.gateway_no, payment.received_fen, payment.paid_at = given.gateway_no, given.amount_fen, given.at
    payment.next_query_at = None
    payment.save()
    if cause:
        _give_back(order, payment)
        return "returned"
    _credit(order, payment)
    return "credited"


@transaction.atomic
def fail_payment(*, gateway: str, payment_no: str) -> str:
    """The gateway declined: the payer may try again. Returns failed, again or unknown."""
    known = Payment.objects.filter(gateway=gateway, no=payment_no).first()
    if known is None:
        return "unknown"
    order = locked_order(known.tenant, known.order_id)
    payment = Payment.objects.select_for_update().get(pk=known.pk)
    if payment.state != PaymentState.STARTED:
        return "again"
    payment.state, payment.next_query_at, payment.note = PaymentState.FAILED, None, _("支付渠道报告支付失败")
    payment.save(update_fields=["state", "next_query_at", "note"])
    record(system(order.tenant), "payments.fail", order, {"payment": payment.no})
    tell(PaymentMoved, order, payment_no=payment.no, step="failed")
    return "failed"


@transaction.atomic
def lapse_payment(*, payment_id: uuid.UUID) -> int:
    """Nothing was heard of a payment for too long: nobody asks any more. Money that comes all the same is settled.

    Returns 1, and 0 for one that has come to an end meanwhile.
    """
    known = Payment.objects.get(pk=payment_id)
    order = locked_order(known.tenant, known.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state != PaymentState.STARTED:
        return 0
    payment.state, payment.next_query_at = PaymentState.LAPSED, None
    payment.note = _("支付渠道没有这笔支付的结果")
    payment.save(update_fields=["state", "next_query_at", "note"])
    record(system(order.tenant), "payments.lapse", order, {"payment": payment.no})
    tell(PaymentMoved, order, payment_no=payment.no, step="lapsed")
    return 1


def query_waiting() -> int:
    """Ask the gateways about payments no callback has told of; returns how many were settled or ended.

    One that fails is asked about later, like one without an answer, and holds up no other.
    """
    due = Payment.objects.filter(state=PaymentState.STARTED, next_query_at__lte=now()).order_by("next_query_at")
    return loops.each(_query, [(payment,) for payment in due[:_BATCH]])


def _query(payment: Payment) -> int:
    if payment.gateway not in gateways or not gateways.get(payment.gateway).is_available():
        return _wait(payment)
    try:
        found = gateways.get(payment.gateway).query(payment.no)
        told = [one for one in found if one.state != "waiting"]
        for one in told:
            take_transaction(gateway=payment.gateway, given=one)
    except GatewayUnavailable as error:
        log.warning("gateway %s could not be asked about %s: %s", payment.gateway, payment.no, error)
        return _wait(payment)
    except Exception:
        _wait(payment)
        raise
    return 1 if told else _wait(payment)


def _wait(payment: Payment) -> int:
    """Ask again later, or no more."""
    hours = int(parameters.value(LAPSE_HOURS, tenant=payment.tenant))
    if now() - payment.created_at > dt.timedelta(hours=hours):
        return lapse_payment(payment_id=payment.pk)
    pause = min(_FIRST_QUERY * 2 ** min(payment.queries, 12), _LAST_QUERY)
    waiting = Payment.objects.filter(pk=payment.pk, state=PaymentState.STARTED)
    waiting.update(queries=payment.queries + 1, next_query_at=now() + pause)
    return 0


def _credit(order: FeeOrder, payment: Payment) -> None:
    order.state, order.paid_fen, order.paid_at = OrderState.PAID, order.total_fen, payment.paid_at
    order.closed_at, order.close_reason = None, ""
    order.save(update_fields=["state", "paid_fen", "paid_at", "closed_at", "close_reason"])
    record(
        system(order.tenant),
        "payments.pay",
        order,
        {"payment": payment.no, "gateway": payment.gateway, "transaction": payment.gateway_no, "fen": order.total_fen},
    )
    tell(OrderPaid, order, payment_no=payment.no)
    tell_payer(
        order,
        _("缴费成功：%(amount)s") % {"amount": money(rules.yuan(order.total_fen))},
        _("“%(title)s”已向%(payee)s缴费 %(amount)s，缴费凭据稍后可以下载。")
        % {"title": order.title, "payee": order.payee_org_name, "amount": money(rules.yuan(order.total_fen))},
    )


def _give_back(order: FeeOrder, payment: Payment) -> None:
    cause = UncreditedCause(payment.uncredited)
    refund = return_payment(order, payment, reason=str(cause.label))
    tell(PaymentMoved, order, payment_no=payment.no, step="uncredited")
    tell_payer(
        order,
        _("有一笔款项将原路退回：%(amount)s") % {"amount": money(rules.yuan(refund.amount_fen))},
        _("“%(title)s”收到的一笔 %(amount)s 没有计入缴费单（%(cause)s），系统已经自动发起原路退回，不需要您办理。")
        % {"title": order.title, "amount": money(rules.yuan(refund.amount_fen)), "cause": cause.label},
    )


def _another(payment: Payment, order: FeeOrder) -> Payment:
    """The gateway charged twice under one number: the second transaction gets a row of its own."""
    count = order.payments.filter(no__startswith=f"{payment.no}-").count() + 2
    return Payment(
        tenant=payment.tenant,
        order=order,
        no=f"{payment.no}-{count}",
        gateway=payment.gateway,
        amount_fen=payment.amount_fen,
        started_by_id=payment.started_by_id,
    )


def _state_word(order: FeeOrder) -> str:
    return str(OrderState.EXPIRED.label) if order.state == OrderState.OPEN else order.get_state_display()
