"""模拟支付渠道: the adapter of the simulated gateway, and the example of how one is written.

Callbacks carry ``X-Gateway-Timestamp`` (seconds), ``X-Gateway-Nonce`` and ``X-Gateway-Signature``, the HMAC-SM3 over
the three parts (``kernel.signed_messages``).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.conf import settings
from django.urls import reverse

from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import ChargeState
from zhengtong.capabilities.payments.models import SimulatedCharge, SimulatedRefund
from zhengtong.capabilities.payments.registry import (
    BadCallback,
    Callback,
    Charge,
    GatewayUnavailable,
    RefundOrder,
    RefundStanding,
    Started,
    StatementEntry,
    Transaction,
)
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.plain_json import read_json
from zhengtong.kernel.signed_messages import opened

_STATES: Mapping[str, Literal["paid", "failed", "waiting"]] = {
    ChargeState.PAID: "paid",
    ChargeState.DECLINED: "failed",
    ChargeState.WAITING: "waiting",
}


class SimulatedGateway:
    """Takes no money; see ``registry.Gateway``."""

    label = "模拟支付（演示，不扣款）"
    simulated = True

    def is_available(self) -> bool:
        """Where the setting allows it."""
        return api.simulation_allowed()

    def create(self, charge: Charge) -> Started:
        """A charge in its book, with a page to pay it."""
        self._require()
        made = api.open_simulated_charge(charge)
        address = settings.ZHENGTONG_BASE_URL + reverse("payments:simulated", args=[made.token])
        return Started(redirect_url=address, qr_text=address)

    def query(self, payment_no: str) -> Sequence[Transaction]:
        """Its charges under the number."""
        self._require()
        found = SimulatedCharge.objects.filter(payment_no=payment_no).order_by("created_at")
        return [
            Transaction(
                payment_no=each.payment_no,
                gateway_no=each.gateway_no,
                state=_STATES[each.state],
                amount_fen=each.received_fen,
                at=each.paid_at or each.created_at,
            )
            for each in found
        ]

    def refund(self, order: RefundOrder) -> RefundStanding:
        """As the charge was told to behave."""
        self._require()
        try:
            made = api.simulated_refund(order)
        except NotFound as error:
            return RefundStanding(state="refused", at=now(), note=error.message)
        if made.refused or made.done_at is None:
            return RefundStanding(state="refused", at=now(), gateway_no=made.gateway_no, note="模拟渠道拒绝退款")
        state: Literal["done", "pending"] = "done" if made.done_at <= now() else "pending"
        return RefundStanding(state=state, at=made.done_at, gateway_no=made.gateway_no)

    def read_callback(self, *, body: bytes, headers: Mapping[str, str]) -> Callback:
        """A signed message; raises BadCallback."""
        try:
            at, nonce = opened(api.simulation_key(), prefix="X-Gateway", headers=headers, body=body)
        except ValueError as error:
            raise BadCallback(str(error)) from None
        try:
            transaction = _transaction(read_json(body))
        except (ValueError, TypeError, KeyError) as error:
            raise BadCallback(f"unreadable: {type(error).__name__}") from None
        return Callback(transaction=transaction, nonce=nonce, timestamp=at)

    def statement(self, *, tenant: str, day: dt.date) -> Sequence[StatementEntry]:
        """Its book of a day."""
        self._require()
        begin = dt.datetime.combine(day, dt.time(), SHANGHAI)
        end = begin + dt.timedelta(days=1)
        paid = SimulatedCharge.objects.filter(
            tenant=tenant, state=ChargeState.PAID, paid_at__gte=begin, paid_at__lt=end
        )
        back = SimulatedRefund.objects.filter(tenant=tenant, refused=False, done_at__gte=begin, done_at__lt=end)
        return [
            *(
                StatementEntry(
                    flow="payment", no=each.payment_no, gateway_no=each.gateway_no, amount_fen=each.received_fen
                )
                for each in paid
            ),
            *(
                StatementEntry(flow="refund", no=each.refund_no, gateway_no=each.gateway_no, amount_fen=each.amount_fen)
                for each in back.filter(done_at__lte=now())
            ),
        ]

    def _require(self) -> None:
        if not self.is_available():
            raise GatewayUnavailable("the simulated gateway is not allowed here")


def _transaction(said: Mapping[str, Any]) -> Transaction:
    state, amount = said["state"], said["amount_fen"]
    at = dt.datetime.fromisoformat(said["at"])
    if state not in ("paid", "failed") or type(amount) is not int or at.tzinfo is None:
        raise ValueError(state)
    if state == "paid" and amount <= 0:
        raise ValueError(amount)
    return Transaction(
        payment_no=str(said["payment_no"]), gateway_no=str(said["gateway_no"]), state=state, amount_fen=amount, at=at
    )
